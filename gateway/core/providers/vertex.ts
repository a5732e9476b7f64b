/**
 * The base URL ends with project and location: `https://REGION-aiplatform.googleapis.com/v1/projects/P/locations/L`.
 * The variable names a file with credentials; on Google's own machines none is needed.
 */
import type { Provider } from './provider.ts'

export const vertex: Provider = {
  id: 'vertex',
  title: 'Google Vertex AI',
  dialect: 'gemini-generate-content',
  baseUrl: null,
  chatPath: '/publishers/google/models/{model}:generateContent',
  streamPath: '/publishers/google/models/{model}:streamGenerateContent?alt=sse',
  auth: { scheme: 'gcp-oauth' },
  keyVariable: 'GOOGLE_APPLICATION_CREDENTIALS',
  keyRequired: false,
  deployment: 'cloud',
  quirks: {},
  source: { url: 'https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest', checked: '2026-11-23' },
}
