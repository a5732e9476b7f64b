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
  quirks: {},
  source: { url: 'https://ai.google.dev/api/generate-content', checked: '2026-11-23' },
}
