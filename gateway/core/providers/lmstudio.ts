/** A token is only asked for where the server was told to. */
import { dropped, refused } from '../dialects/losses.ts'
import type { Provider } from './provider.ts'

export const lmstudio: Provider = {
  id: 'lmstudio',
  title: 'LM Studio',
  dialect: 'openai-chat',
  baseUrl: 'http://localhost:1234/v1',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'LM_API_TOKEN',
  keyRequired: false,
  deployment: 'self_hosted',
  check: {
    call: 'GET',
    path: '/models',
    models: { key: 'data', name: 'id' },
    costs: 'nothing',
    source: { url: 'https://lmstudio.ai/docs/developer/openai-compat/models', checked: '2026-11-24' },
  },
  quirks: { developerAsSystem: true },
  embeddings: [
    {
      language: 'openai-embeddings',
      path: '/embeddings',
      quirks: {
        losses: {
          'input[tokens]': refused('texts only'),
          dimensions: refused('the model gives its own length'),
          user: dropped('no field of its request'),
        },
        floatsOnly: true,
      },
      source: { url: 'https://lmstudio.ai/docs/api/openai-api', checked: '2026-11-24' },
    },
  ],
  source: { url: 'https://lmstudio.ai/docs/developer/core/authentication', checked: '2026-11-23' },
}
