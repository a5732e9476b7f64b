/**
 * Cohere's own chat API, version 2: `POST /v2/chat`. Sources: the types of its client (`cohere-ai` 8.1.0), its pages on
 * chat, tools, structured outputs, reasoning and errors (https://docs.cohere.com, as stored at
 * https://github.com/cohere-ai/cohere-developer-experience), and 69 recorded exchanges; all read 2026-11-24.
 */
import type { Dialect } from '../dialect.ts'
import { decode } from './decode.ts'
import { encode } from './encode.ts'
import { decodeError } from './errors.ts'
import { foreign, losses, modelLosses } from './losses.ts'
import { modelKinds } from './models.ts'
import { openStream } from './stream.ts'

export const cohereChat: Dialect = {
  id: 'cohere-chat',
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
