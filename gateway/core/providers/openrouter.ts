/** Takes OpenAI's whole request, `developer` included (recorded), and adapts it to the model's own provider itself. */
import { exact, exactly } from '../dialects/losses.ts'
import { searchTypes } from '../embeddings/input-type.ts'
import type { Provider } from './provider.ts'

export const openrouter: Provider = {
  id: 'openrouter',
  title: 'OpenRouter',
  dialect: 'openai-chat',
  baseUrl: 'https://openrouter.ai/api/v1',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'OPENROUTER_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  // The list of models is given to anybody, and knows nothing of the key.
  check: {
    call: 'GET',
    path: '/key',
    models: { path: '/models', key: 'data', name: 'id', incomplete: true },
    costs: 'nothing',
    source: { url: 'https://openrouter.ai/docs/api-reference/api-keys/get-current-key', checked: '2026-11-24' },
  },
  quirks: { losses: { 'messages[].reasoning_details': exact } },
  embeddings: [
    {
      language: 'openai-embeddings',
      path: '/embeddings',
      quirks: {
        losses: { input_type: exactly('as `search_document`, `search_query`') },
        floatsOnly: true,
        inputTypes: searchTypes,
      },
      source: {
        url: 'https://openrouter.ai/docs/sdks/typescript/api-reference/operations/createembeddingsrequestbody',
        checked: '2026-11-24',
      },
    },
  ],
  source: { url: 'https://openrouter.ai/docs/api-reference/overview', checked: '2026-11-23' },
}
