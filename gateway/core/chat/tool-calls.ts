/** What every dialect needs to make a strict tool call out of a loose one. */

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
