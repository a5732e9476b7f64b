import { searchTypes } from '../embeddings/input-type.ts'
import type { Provider } from './provider.ts'

export const cohere: Provider = {
  id: 'cohere',
  title: 'Cohere',
  dialect: 'cohere-chat',
  baseUrl: 'https://api.cohere.com',
  chatPath: '/v2/chat',
  auth: { scheme: 'bearer' },
  keyVariable: 'CO_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  check: {
    call: 'GET',
    path: '/v1/models?page_size=1000',
    models: { key: 'models', name: 'name' },
    costs: 'nothing',
    source: { url: 'https://docs.cohere.com/reference/list-models', checked: '2026-11-24' },
  },
  quirks: {},
  embeddings: [
    {
      language: 'cohere-embed',
      path: '/v2/embed',
      maxInputs: 96,
      quirks: {
        inputTypes: searchTypes,
        inputType: 'document',
        inputTypesClosed: true,
      },
      source: { url: 'https://docs.cohere.com/reference/embed', checked: '2026-11-24' },
    },
  ],
  source: { url: 'https://docs.cohere.com/reference/chat', checked: '2026-11-23' },
}
