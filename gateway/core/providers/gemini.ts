/**
 * The key goes into `x-goog-api-key`, as the maker's own client sends it (2.32.0). What single models take and refuse
 * stands with the language; here is what this service does not enable for any model it still has: penalties and log
 * probabilities ("Penalty is not enabled for models/gemini-2.5-flash",
 * https://github.com/PublicAffairs/openai-gemini/issues/63 and https://github.com/mscraftsman/generative-ai/issues/135,
 * checked 2026-11-24).
 */
import { dropped, each } from '../dialects/losses.ts'
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
  quirks: {
    losses: each(
      ['frequency_penalty', 'presence_penalty', 'logprobs', 'top_logprobs'],
      dropped('this service enables it for no model'),
    ),
  },
  embeddings: [
    {
      language: 'gemini-embed',
      path: '/v1beta/models/{model}:batchEmbedContents',
      maxInputs: 100,
      quirks: { inputTypes: taskTypes },
      source: { url: 'https://ai.google.dev/api/embeddings', checked: '2026-11-24' },
    },
  ],
  source: { url: 'https://ai.google.dev/api/generate-content', checked: '2026-11-24' },
}
