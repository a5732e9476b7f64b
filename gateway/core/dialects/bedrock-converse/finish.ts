/** Why the model stopped, in OpenAI's words. */
import type { FinishReason } from '../../../../schemas/index.ts'
import type { ProviderFailure } from '../../chat/failure.ts'
import { answerFailure } from '../../chat/wire-failure.ts'

/** `StopReason` of the client's types (3.1164.0, read 2026-11-24), and Claude's own where it is passed on. */
const words: ReadonlyMap<string, FinishReason> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool_calls'],
  ['content_filtered', 'content_filter'],
  ['guardrail_intervened', 'content_filter'],
  ['refusal', 'content_filter'],
])

/** A word nobody knows still means that the model ended its turn. */
export function readFinishReason(native: string | null): FinishReason {
  return words.get(native ?? '') ?? 'stop'
}

/** The model wrote what cannot be read: neither an answer nor the caller's mistake. Null for all other words. */
export function malformedFailure(native: string | null): ProviderFailure | null {
  if (native !== 'malformed_model_output' && native !== 'malformed_tool_use') return null
  const what = native === 'malformed_tool_use' ? 'a tool call' : 'an answer'
  return answerFailure(`the model wrote ${what} that cannot be read`, native)
}
