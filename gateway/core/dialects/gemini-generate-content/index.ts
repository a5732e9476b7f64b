/**
 * Google's `generateContent`, as the Gemini API and Vertex AI speak it; the model stands in the path. Sources: the types
 * of the maker's own client (`@google/genai` 2.32.0), its documentation (https://ai.google.dev/gemini-api/docs and
 * https://docs.cloud.google.com/gemini-enterprise-agent-platform/models) and 154 recorded exchanges; read 2026-11-24.
 */
import type { Dialect } from '../dialect.ts'
import { decode } from './decode.ts'
import { encode } from './encode.ts'
import { decodeError } from './errors.ts'
import { foreign, losses, modelLosses } from './losses.ts'
import { modelKinds } from './model-kinds.ts'
import { openStream } from './stream.ts'

export const geminiGenerateContent: Dialect = {
  id: 'gemini-generate-content',
  framing: 'sse',
  losses,
  modelLosses,
  modelKinds,
  foreign,
  encode,
  decode,
  openStream,
  decodeError,
}
