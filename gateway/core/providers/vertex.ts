/**
 * The base URL ends with project and location: `https://REGION-aiplatform.googleapis.com/v1/projects/P/locations/L`. The
 * hosts are those the vendor's own client calls (`@google/genai`, read 2026-11-24).
 */
import { taskTypes } from '../embeddings/input-type.ts'
import type { Provider } from './provider.ts'

export const vertex: Provider = {
  id: 'vertex',
  title: 'Google Vertex AI',
  dialect: 'gemini-generate-content',
  baseUrl: null,
  regional: {
    origin: 'https://{region}-aiplatform.googleapis.com',
    origins: {
      global: 'https://aiplatform.googleapis.com',
      us: 'https://aiplatform.us.rep.googleapis.com',
      eu: 'https://aiplatform.eu.rep.googleapis.com',
    },
    path: '/v1/projects/{project}/locations/{region}',
  },
  chatPath: '/publishers/google/models/{model}:generateContent',
  streamPath: '/publishers/google/models/{model}:streamGenerateContent?alt=sse',
  auth: { scheme: 'gcp-oauth' },
  keyVariable: 'GOOGLE_APPLICATION_CREDENTIALS',
  keyRequired: false,
  deployment: 'cloud',
  // Models are listed for a project in another version of the API only; counting tokens needs the rights of a request.
  check: {
    call: 'POST',
    path: '/publishers/google/models/{model}:countTokens',
    body: '{"contents":[{"role":"user","parts":[{"text":"Hello"}]}]}',
    costs: 'nothing',
    source: {
      url: 'https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/count-tokens',
      checked: '2026-11-24',
    },
  },
  quirks: {},
  embeddings: [
    {
      language: 'vertex-predict',
      path: '/publishers/google/models/{model}:predict',
      models: /^gemini-embedding/,
      maxInputs: 1,
      quirks: { inputTypes: taskTypes },
      source: {
        url: 'https://cloud.google.com/vertex-ai/generative-ai/docs/embeddings/get-text-embeddings',
        checked: '2026-11-24',
      },
    },
    {
      language: 'vertex-predict',
      path: '/publishers/google/models/{model}:predict',
      maxInputs: 250,
      quirks: { inputTypes: taskTypes },
      source: {
        url: 'https://cloud.google.com/vertex-ai/generative-ai/docs/embeddings/get-text-embeddings',
        checked: '2026-11-24',
      },
    },
  ],
  source: { url: 'https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest', checked: '2026-11-23' },
}
