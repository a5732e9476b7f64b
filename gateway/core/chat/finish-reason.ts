import type { FinishReason } from '../../../schemas/index.ts'

/**
 * Makes a finish reason agree with what the answer holds. Clients run tools by the finish reason, so an answer with
 * calls that says `stop` (OpenAI itself says so when a tool was forced) would be shown as an empty text, and one that
 * says `tool_calls` without any would make an agent wait for nothing. `length` and `content_filter` stay: the answer
 * was cut, and its calls may be cut too.
 */
export function settleFinishReason(
  reason: FinishReason,
  holds: { readonly toolCalls: boolean; readonly functionCall: boolean },
): FinishReason {
  if (reason === 'length' || reason === 'content_filter') return reason
  if (holds.toolCalls) return 'tool_calls'
  return holds.functionCall ? 'function_call' : 'stop'
}
