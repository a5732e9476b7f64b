/**
 * The native API: through `/v1` the context window cannot be set. A key is only asked for by the hosted service. A model
 * that is not in memory is loaded first, silently; the times of a target must leave room for that.
 */
import type { Provider } from './provider.ts'

export const ollama: Provider = {
  id: 'ollama',
  title: 'Ollama',
  dialect: 'ollama-chat',
  baseUrl: 'http://localhost:11434',
  chatPath: '/api/chat',
  auth: { scheme: 'bearer' },
  keyVariable: 'OLLAMA_API_KEY',
  keyRequired: false,
  deployment: 'self_hosted',
  check: {
    call: 'GET',
    path: '/api/tags',
    models: { key: 'models', name: 'name', suffix: ':latest' },
    costs: 'nothing',
    source: { url: 'https://docs.ollama.com/api/tags', checked: '2026-11-24' },
  },
  quirks: {},
  embeddings: [
    {
      language: 'ollama-embed',
      path: '/api/embed',
      quirks: {},
      source: { url: 'https://docs.ollama.com/api/embed', checked: '2026-11-24' },
    },
  ],
  source: { url: 'https://docs.ollama.com/api/chat', checked: '2026-11-23' },
}
