import { dropped, refused } from '../dialects/losses.ts'
import type { Provider } from './provider.ts'

export const fireworks: Provider = {
  id: 'fireworks',
  title: 'Fireworks AI',
  dialect: 'openai-chat',
  baseUrl: 'https://api.fireworks.ai/inference/v1',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'FIREWORKS_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  check: {
    call: 'chat',
    costs: 'a question of one word and one token of answer',
    source: { url: 'https://docs.fireworks.ai/api-reference/post-chatcompletions', checked: '2026-11-24' },
  },
  quirks: { developerAsSystem: true },
  embeddings: [
    {
      language: 'openai-embeddings',
      path: '/embeddings',
      quirks: {
        losses: { 'input[tokens]': refused('texts only'), user: dropped('no field of its request') },
        floatsOnly: true,
      },
      source: {
        url: 'https://docs.fireworks.ai/api-reference/creates-an-embedding-vector-representing-the-input-text',
        checked: '2026-11-24',
      },
    },
  ],
  source: { url: 'https://docs.fireworks.ai/api-reference/post-chatcompletions', checked: '2026-11-23' },
}
