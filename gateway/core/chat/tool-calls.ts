/** What every dialect needs to make a strict tool call out of a loose one. */
import type { ToolCallDelta } from '../../../schemas/index.ts'

/**
 * The text of a call's arguments. OpenAI's clients parse it, so it is never empty: a tool that takes none gets `{}`.
 * Some vendors send the arguments parsed.
 */
export function argumentsText(value: unknown): string {
  if (value === undefined || value === null || value === '') return '{}'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** OpenAI takes ids of at most 40 characters when a call comes back in the history. */
const idTailLength = 24

/**
 * An id for a call that came without one. Made of the answer's own id, since core has no randomness; letters, digits
 * and `_` only, which every provider accepts in a history.
 */
export function fallbackToolCallId(answerId: string, choice: number, index: number): string {
  const tail = answerId.replace(/[^A-Za-z0-9]/g, '').slice(-idTailLength)
  return `call_${tail}_${choice}_${index}`
}

/** A call as a stream says it: announced with its name, then continued; a custom one has an input, not arguments. */
interface StreamedCall {
  readonly index: number
  readonly isCustom: boolean
}

export function announcedCall(
  { index, isCustom }: StreamedCall,
  { id, name }: { readonly id: string; readonly name: string },
  text: string,
): ToolCallDelta {
  if (isCustom) return { index, id, type: 'custom', custom: { name, input: text } }
  return { index, id, type: 'function', function: { name, arguments: text } }
}

export function continuedCall({ index, isCustom }: StreamedCall, text: string): ToolCallDelta {
  return isCustom ? { index, custom: { input: text } } : { index, function: { arguments: text } }
}
