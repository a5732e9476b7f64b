import { taskTypes } from '../embeddings/input-type.ts'
import type { Provider } from './provider.ts'

export const gemini: Provider = {
  id: 'gemini',
  title: 'Google Gemini API',
  dialect: 'gemini-generate-content',
  baseUrl: 'https://generativelanguage.googleapis.com',
  chatPath: '/v1beta/models/{model}:generateContent',
  streamPath: '/v1beta/models/{model}:streamGenerateContent?alt=sse',
  auth: { scheme: 'header', name: 'x-goog-api-key' },
  keyVariable: 'GEMINI_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  check: {
    call: 'GET',
    path: '/v1beta/models?pageSize=1000',
    models: { key: 'models', name: 'name', prefix: 'models/', byName: '/v1beta/models/{model}' },
    costs: 'nothing',
    source: { url: 'https://ai.google.dev/api/models#method:-models.list', checked: '2026-11-24' },
  },
  quirks: {},
  embeddings: [
    {
      language: 'gemini-embed',
      path: '/v1beta/models/{model}:batchEmbedContents',
      maxInputs: 100,
      quirks: { inputTypes: taskTypes },
      source: { url: 'https://ai.google.dev/api/embeddings', checked: '2026-11-24' },
    },
  ],
  source: { url: 'https://ai.google.dev/api/generate-content', checked: '2026-11-23' },
}
