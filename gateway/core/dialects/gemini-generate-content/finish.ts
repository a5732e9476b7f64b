/** Why the model stopped, in OpenAI's words; or a failure where it never answered. */
import type { FinishReason } from '../../../../schemas/index.ts'
import type { ProviderFailure } from '../../chat/failure.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { scrubKeys } from '../../chat/errors.ts'
import { readErrorValue } from '../../chat/error-body.ts'
import { isRecord, textOf } from '../../chat/loose.ts'
import { answerFailure } from '../../chat/wire-failure.ts'

/** `FinishReason` of the client's types (2.32.0) and of the API's reference; read 2026-11-24. */
const words: ReadonlyMap<string, FinishReason> = new Map([
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  // The most that one request gives; going on takes another request, with a token that OpenAI has no place for.
  ['CONTINUATION', 'length'],
  ['SAFETY', 'content_filter'],
  ['RECITATION', 'content_filter'],
  ['LANGUAGE', 'content_filter'],
  ['BLOCKLIST', 'content_filter'],
  ['PROHIBITED_CONTENT', 'content_filter'],
  ['SPII', 'content_filter'],
  ['MODEL_ARMOR', 'content_filter'],
  ['IMAGE_SAFETY', 'content_filter'],
  ['IMAGE_PROHIBITED_CONTENT', 'content_filter'],
  ['IMAGE_RECITATION', 'content_filter'],
])

/** The model gave up: another attempt, or another model, may well answer. */
const failures: ReadonlySet<string> = new Set([
  'MALFORMED_FUNCTION_CALL',
  'MALFORMED_RESPONSE',
  'MISSING_THOUGHT_SIGNATURE',
  'UNEXPECTED_TOOL_CALL',
  'TOO_MANY_TOOL_CALLS',
  'NO_IMAGE',
  'IMAGE_OTHER',
])

/** A word nobody knows still means that the model ended its turn. */
export function readFinishReason(native: string | null): FinishReason {
  return words.get(native ?? '') ?? 'stop'
}

/** What a candidate says of its end that makes it no answer; null for all others. */
export function candidateFailure(candidate: LooseRecord): ProviderFailure | null {
  const native = textOf(candidate['finishReason'])
  if (native === null || !failures.has(native)) return null
  const said = wordsOf(candidate['finishMessage'])
  return answerFailure(`the model gave up: ${said === null ? native : `${native}: ${said}`}`, native)
}

/** A prompt that was refused: there is a reason, and no candidate. Null for every other reply. The code is OpenAI's. */
export function blockedPrompt(reply: LooseRecord): ProviderFailure | null {
  const { promptFeedback: feedback } = reply
  const reason = isRecord(feedback) ? textOf(feedback['blockReason']) : null
  if (!isRecord(feedback) || reason === null) return null
  const said = wordsOf(feedback['blockReasonMessage'])
  const message = `the provider blocked the prompt: ${said === null ? reason : `${reason}: ${said}`}`
  return { ...answerFailure(message, 'content_filter'), class: 'content_filtered' }
}

/** What the provider says, no longer than an error may be and without keys; null when it says nothing. */
function wordsOf(value: unknown): string | null {
  const said = typeof value === 'string' ? readErrorValue(value) : null
  return said === null ? null : scrubKeys(said.message)
}
