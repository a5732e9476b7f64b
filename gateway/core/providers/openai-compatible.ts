/**
 * Any other server of this language. Where it stands is not known, so it counts as cloud until the manifest says
 * otherwise; `system` is understood by all of them, `developer` is not.
 */
import { exactly } from '../dialects/losses.ts'
import type { Provider } from './provider.ts'

export const openaiCompatible: Provider = {
  id: 'openai-compatible',
  title: 'OpenAI-compatible server',
  dialect: 'openai-chat',
  baseUrl: null,
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: null,
  keyRequired: false,
  deployment: 'cloud',
  check: {
    call: 'GET',
    path: '/models',
    models: { key: 'data', name: 'id', incomplete: true },
    costs: 'nothing',
    source: { url: 'https://platform.openai.com/docs/api-reference/models/list', checked: '2026-11-24' },
  },
  quirks: { developerAsSystem: true },
  embeddings: [
    {
      language: 'openai-embeddings',
      path: '/embeddings',
      quirks: {
        losses: { input_type: exactly('as the caller wrote it') },
        floatsOnly: true,
      },
      source: { url: 'https://platform.openai.com/docs/api-reference/embeddings/create', checked: '2026-11-24' },
    },
  ],
  source: { url: 'https://platform.openai.com/docs/api-reference/chat/create', checked: '2026-11-23' },
}
