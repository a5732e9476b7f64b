/** Why the model stopped, in OpenAI's words; or a failure where it never answered. */
import type { FinishReason } from '../../../../schemas/index.ts'
import { readErrorValue } from '../../chat/error-body.ts'
import { refusalFailure } from '../../chat/classify-failure.ts'
import type { ProviderFailure } from '../../chat/failure.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { textOf } from '../../chat/loose.ts'

/**
 * `ChatFinishReason` of the client's types (8.1.0, read 2026-11-24), and two words of the API's first version, which
 * servers of one's own may still say.
 */
const words: ReadonlyMap<string, FinishReason> = new Map([
  ['COMPLETE', 'stop'],
  ['STOP_SEQUENCE', 'stop'],
  ['MAX_TOKENS', 'length'],
  ['TOOL_CALL', 'tool_calls'],
  ['ERROR_LIMIT', 'length'],
  ['ERROR_TOXIC', 'content_filter'],
])

/** The model was cut off by its own house; what came so far is not an answer. */
const breakdowns: ReadonlySet<string> = new Set(['ERROR', 'USER_CANCEL', 'TIMEOUT'])

/**
 * Takes what says how an answer ended: the last event's `delta`, or a whole reply. With `ERROR` come `error`, in words,
 * and `error_type` (recorded: `INVALID_TOOL_GENERATION`), under status 200. A word nobody knows still means that the
 * model ended its turn.
 */
export function readEnd(source: LooseRecord): FinishReason | ProviderFailure {
  const native = textOf(source['finish_reason']) ?? ''
  // No longer than an error may be.
  const said = typeof source['error'] === 'string' ? (readErrorValue(source['error'])?.message ?? null) : null
  if (said === null && !breakdowns.has(native)) return words.get(native) ?? 'stop'
  const message = said ?? `the provider ended the answer with "${native}"`
  const code = textOf(source['error_type']) ?? (native === '' ? null : native)
  const judgedStatus = native === 'TIMEOUT' ? 504 : 0
  const failed = refusalFailure({
    judgedStatus,
    status: 200,
    words: { message, code, type: null, param: null, innerCode: null },
    headers: {},
  })
  return native === 'TIMEOUT' ? { ...failed, class: 'timeout' } : failed
}
