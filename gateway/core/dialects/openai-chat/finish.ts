/** Why the model stopped: vendors' words in OpenAI's five, or a failure where the model did not stop on its own. */
import type { FinishReason } from '../../../../schemas/index.ts'
import type { ProviderFailure } from '../../chat/failure.ts'
import { answerFailure } from '../../chat/wire-failure.ts'

/**
 * In lower case. Read in recordings (2026-11-23): `eos` at an OpenAI-shaped host. From the vendors' documentation by
 * way of the reference page, section 8 (2026-11-23): `model_length`, `sensitive`, `eos_token`, `stop_sequence`.
 */
const words: ReadonlyMap<string, FinishReason> = new Map([
  ['stop', 'stop'],
  ['eos', 'stop'],
  ['eos_token', 'stop'],
  ['end', 'stop'],
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['complete', 'stop'],
  ['completed', 'stop'],
  ['length', 'length'],
  ['max_length', 'length'],
  ['max_tokens', 'length'],
  ['model_length', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_calls', 'tool_calls'],
  ['tool_call', 'tool_calls'],
  ['tool_use', 'tool_calls'],
  ['function_call', 'function_call'],
  ['content_filter', 'content_filter'],
  ['content_filtered', 'content_filter'],
  ['safety', 'content_filter'],
  ['sensitive', 'content_filter'],
])

/** The model was cut off by its own house; what came so far is not an answer. */
const breakdowns: ReadonlySet<string> = new Set([
  'error',
  'abort',
  'aborted',
  'cancelled',
  'timeout',
  'network_error',
  'insufficient_system_resource',
])

/**
 * The provider's own word; null before the end. Some servers say "" or "null" in text until then
 * (https://github.com/PowerShell/AIShell/issues/350, https://github.com/sgl-project/sglang/issues/3912, 2026-11-23).
 */
export function readNativeReason(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value !== 'null' ? value : null
}

/** A word nobody knows still means that the model ended its turn. */
export function readFinishReason(native: string): FinishReason | ProviderFailure {
  const known = words.get(native)
  if (known !== undefined) return known
  const word = native.toLowerCase()
  if (breakdowns.has(word)) return answerFailure(`the provider ended the answer with "${native}"`, native)
  return words.get(word) ?? 'stop'
}
