/** Role and limit as its users' tools send them (https://github.com/earendil-works/pi). */
import { dropped, refused } from '../dialects/losses.ts'
import type { Provider } from './provider.ts'

export const together: Provider = {
  id: 'together',
  title: 'Together AI',
  dialect: 'openai-chat',
  baseUrl: 'https://api.together.xyz/v1',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'TOGETHER_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  check: {
    call: 'GET',
    path: '/models',
    models: { key: null, name: 'id', incomplete: true },
    costs: 'nothing',
    source: { url: 'https://docs.together.ai/reference/models-1', checked: '2026-11-24' },
  },
  quirks: { renames: { max_completion_tokens: 'max_tokens' }, developerAsSystem: true },
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
      source: { url: 'https://docs.together.ai/reference/embeddings', checked: '2026-11-24' },
    },
  ],
  source: { url: 'https://docs.together.ai/reference/chat-completions-1', checked: '2026-11-23' },
}
