/** The international address; key, region and billing plan belong together (reference page, section 8.2). */
import type { Provider } from './provider.ts'

export const qwenDashscope: Provider = {
  id: 'qwen-dashscope',
  title: 'Qwen (Alibaba Cloud Model Studio)',
  dialect: 'openai-chat',
  baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'DASHSCOPE_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  quirks: { renames: { max_completion_tokens: 'max_tokens' }, developerAsSystem: true },
  source: {
    url: 'https://www.alibabacloud.com/help/en/model-studio/compatibility-of-openai-with-dashscope',
    checked: '2026-11-23',
  },
}
