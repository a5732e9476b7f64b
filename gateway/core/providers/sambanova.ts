import { dropped, refused } from '../dialects/losses.ts'
import type { Provider } from './provider.ts'

export const sambanova: Provider = {
  id: 'sambanova',
  title: 'SambaNova',
  dialect: 'openai-chat',
  baseUrl: 'https://api.sambanova.ai/v1',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'SAMBANOVA_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  check: {
    call: 'chat',
    costs: 'a question of one word and one token of answer',
    source: { url: 'https://docs.sambanova.ai/cloud/api-reference/endpoints/chat', checked: '2026-11-24' },
  },
  quirks: { developerAsSystem: true },
  embeddings: [
    {
      language: 'openai-embeddings',
      path: '/embeddings',
      quirks: {
        losses: {
          'input[tokens]': refused('texts only'),
          dimensions: refused('no field of its request'),
          user: dropped('no field of its request'),
        },
        floatsOnly: true,
      },
      source: {
        url: 'https://docs.sambanova.ai/docs/api-reference/embeddings/create-embeddings',
        checked: '2026-11-24',
      },
    },
  ],
  source: { url: 'https://docs.sambanova.ai/cloud/api-reference/endpoints/chat', checked: '2026-11-23' },
}
