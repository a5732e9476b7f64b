/**
 * OpenAI's chat completions and everything that calls itself compatible with them. Source: OpenAI's OpenAPI document
 * (`fixtures/contracts/openai.schema.json`) and 321 recorded exchanges with fourteen vendors, read 2026-11-23.
 */
import type { Dialect } from '../dialect.ts'
import { decode } from './decode.ts'
import { encode } from './encode.ts'
import { decodeError } from './errors.ts'
import { losses } from './losses.ts'
import { openStream } from './stream.ts'

export const openaiChat: Dialect = {
  id: 'openai-chat',
  framing: 'sse',
  losses,
  foreign: 'all',
  encode,
  decode,
  openStream,
  decodeError,
}
