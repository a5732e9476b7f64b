/** Embeddings only: it cannot be a target of a chat route. */
import { dropped, exact, exactly, refused } from '../dialects/losses.ts'
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
  // It has no list of models.
  check: {
    call: 'POST',
    path: '/embeddings',
    body: '{"model":"{model}","input":["Hello"]}',
    model: 'voyage-3.5-lite',
    costs: 'an embedding of one word',
    source: { url: 'https://docs.voyageai.com/reference/embeddings-api', checked: '2026-11-24' },
  },
  quirks: {},
  embeddings: [
    {
      language: 'openai-embeddings',
      path: '/embeddings',
      maxInputs: 1000,
      quirks: {
        losses: {
          'input[tokens]': refused('texts only'),
          dimensions: exactly('as `output_dimension`'),
          user: dropped('no field of its request'),
          input_type: exact,
        },
        renames: { dimensions: 'output_dimension' },
        inputTypes: { document: 'document', query: 'query' },
        inputTypesClosed: true,
        foreign: ['truncation'],
      },
      source: { url: 'https://docs.voyageai.com/reference/embeddings-api', checked: '2026-11-24' },
    },
  ],
  source: { url: 'https://docs.voyageai.com/reference/embeddings-api', checked: '2026-11-23' },
}
