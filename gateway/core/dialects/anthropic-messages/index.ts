/**
 * Anthropic's Messages API, and everything that calls itself compatible with it. Source: the types of the maker's own
 * client (`@anthropic-ai/sdk` 1.12.0), its documentation (https://platform.claude.com/docs) and 84 recorded exchanges,
 * read 2026-11-23.
 */
import type { Dialect } from '../dialect.ts'
import { decode } from './decode.ts'
import { encode } from './encode.ts'
import { decodeError } from './errors.ts'
import { foreign, losses, modelLosses } from './losses.ts'
import { modelKinds } from './model-kinds.ts'
import { openStream } from './stream.ts'

export const anthropicMessages: Dialect = {
  id: 'anthropic-messages',
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
