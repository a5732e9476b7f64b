import type { Provider } from './provider.ts'

export const huggingface: Provider = {
  id: 'huggingface',
  title: 'Hugging Face Inference Providers',
  dialect: 'openai-chat',
  baseUrl: 'https://router.huggingface.co/v1',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'HF_TOKEN',
  keyRequired: true,
  deployment: 'cloud',
  check: {
    call: 'chat',
    costs: 'a question of one word and one token of answer',
    source: { url: 'https://huggingface.co/docs/inference-providers/index', checked: '2026-11-24' },
  },
  quirks: { developerAsSystem: true },
  source: { url: 'https://huggingface.co/docs/inference-providers/index', checked: '2026-11-23' },
}
