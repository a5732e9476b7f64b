/** The international address; key, region and billing plan belong together (reference page, section 8.2). */
import { dropped, refused } from '../dialects/losses.ts'
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
  check: {
    call: 'chat',
    costs: 'a question of one word and one token of answer',
    source: {
      url: 'https://www.alibabacloud.com/help/en/model-studio/compatibility-of-openai-with-dashscope',
      checked: '2026-11-24',
    },
  },
  quirks: { renames: { max_completion_tokens: 'max_tokens' }, developerAsSystem: true },
  embeddings: [
    {
      language: 'openai-embeddings',
      path: '/embeddings',
      maxInputs: 10,
      quirks: {
        losses: {
          'input[tokens]': refused('texts only'),
          user: dropped('no field of its request'),
        },
        floatsOnly: true,
      },
      source: {
        url: 'https://docs.qwencloud.com/api-reference/text-embedding/openai-embedding',
        checked: '2026-11-24',
      },
    },
  ],
  source: {
    url: 'https://www.alibabacloud.com/help/en/model-studio/compatibility-of-openai-with-dashscope',
    checked: '2026-11-23',
  },
}
