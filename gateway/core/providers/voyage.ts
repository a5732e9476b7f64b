/** Embeddings only: it cannot be a target of a chat route. */
import type { Provider } from './provider.ts'

export const voyage: Provider = {
  id: 'voyage',
  title: 'Voyage AI',
  dialect: null,
  baseUrl: 'https://api.voyageai.com/v1',
  chatPath: '',
  auth: { scheme: 'bearer' },
  keyVariable: 'VOYAGE_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  quirks: {},
  source: { url: 'https://docs.voyageai.com/reference/embeddings-api', checked: '2026-11-23' },
}
