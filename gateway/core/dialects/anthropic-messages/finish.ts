/** Why the model stopped, in OpenAI's words. */
import type { FinishReason } from '../../../../schemas/index.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { recordOf, textOf } from '../../chat/loose.ts'

/** `StopReason` and `BetaStopReason` of the client's types (1.12.0, read 2026-11-23). */
const words: ReadonlyMap<string, FinishReason> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['pause_turn', 'stop'],
  ['compaction', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool_calls'],
  ['refusal', 'content_filter'],
])

/** A word nobody knows still means that the model ended its turn. */
export function readFinishReason(native: string | null): FinishReason {
  return words.get(native ?? '') ?? 'stop'
}

/** Why classifiers stepped in, where the provider says so; for a caller that is the model's refusal. */
export function readRefusal(source: LooseRecord): string | null {
  if (source['stop_reason'] !== 'refusal') return null
  return textOf(recordOf(source['stop_details'])?.['explanation'])
}
