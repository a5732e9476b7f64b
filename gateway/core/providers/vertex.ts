/**
 * The base URL ends with project and location: `https://REGION-aiplatform.googleapis.com/v1/projects/P/locations/L`. The
 * hosts are those the vendor's own client calls (`@google/genai`, read 2026-11-24). Capacity is chosen with headers
 * (https://docs.cloud.google.com/vertex-ai/generative-ai/docs/priority-paygo, checked 2026-11-24).
 */
import { approximated, dropped } from '../dialects/losses.ts'
import type { Quirks } from '../dialects/quirks.ts'
import { taskTypes } from '../embeddings/input-type.ts'
import type { Provider } from './provider.ts'

/**
 * Claude's models, in their maker's language: the model in the path, the version in the body
 * (https://platform.claude.com/docs/en/build-with-claude/claude-on-vertex-ai, checked 2026-11-24). Structured outputs are
 * off there until an organisation allows them, and come for the newest models only
 * (https://docs.cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/structured_outputs, checked
 * 2026-11-24): asked for, they are answered 400.
 */
const claudeQuirks: Quirks = {
  modelInPath: true,
  bodyVersion: 'vertex-2023-10-16',
  withoutStructuredOutputs: true,
  losses: {
    service_tier: dropped('capacity is chosen with headers of its own'),
    'response_format[json_schema]': approximated('by a tool that takes the answer, or by an instruction'),
    'tools[].strict': dropped('structured outputs are off there by default'),
  },
}

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
  modelWires: [
    {
      modelPrefix: 'claude-',
      dialect: 'anthropic-messages',
      chatPath: '/publishers/anthropic/models/{model}:rawPredict',
      streamPath: '/publishers/anthropic/models/{model}:streamRawPredict',
      quirks: claudeQuirks,
      check: {
        call: 'chat',
        costs: 'a question of one word and one token of answer',
        source: {
          url: 'https://platform.claude.com/docs/en/build-with-claude/claude-on-vertex-ai',
          checked: '2026-11-24',
        },
      },
    },
  ],
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
  quirks: { losses: { service_tier: dropped('capacity is chosen with headers of its own') } },
  embeddings: [
    {
      language: 'vertex-predict',
      path: '/publishers/google/models/{model}:predict',
      models: { names: /^gemini-embedding/, words: 'models called `gemini-embedding…`' },
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
      models: { names: /^(?!claude-)/, words: 'all others of Google’s' },
      maxInputs: 250,
      quirks: { inputTypes: taskTypes },
      source: {
        url: 'https://cloud.google.com/vertex-ai/generative-ai/docs/embeddings/get-text-embeddings',
        checked: '2026-11-24',
      },
    },
  ],
  source: { url: 'https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest', checked: '2026-11-24' },
}
