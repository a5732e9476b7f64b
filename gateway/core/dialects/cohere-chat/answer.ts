/** What whole replies and events have in common. */
import type { Citation, Logprobs, TokenLogprob } from '../../../../schemas/index.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { isRecord } from '../../chat/loose.ts'

/** What stands between what the model thought and what it planned, and between two thoughts. */
export const betweenThoughts = '\n\n'

/** A tool without parameters is called with nothing, or with `null` (seen in a saved reply of command-a, 2026-11-24). */
export function isNoInput(json: string): boolean {
  const text = json.trim()
  return text === '' || text === 'null'
}

/** Where the answer rests on documents or results; offsets are into its text. They are passed on as they are. */
export function readCitations(value: unknown): Citation[] {
  if (isRecord(value)) return [value]
  return Array.isArray(value) ? value.filter(isRecord) : []
}

/**
 * `{text, token_ids, logprobs}`: a piece of text and the log probability of each token in it; the piece's own is their
 * sum. Null for none.
 */
export function readLogprobs(value: unknown): Logprobs | null {
  const items: unknown[] = Array.isArray(value) ? value : [value]
  const content: TokenLogprob[] = []
  for (const item of items) {
    if (!isRecord(item)) continue
    const { text, logprobs } = item
    if (typeof text !== 'string' || !isNumbers(logprobs) || logprobs.length === 0) continue
    const logprob = logprobs.reduce((sum, one) => sum + one, 0)
    // Of numbers near the greatest, the sum is none.
    if (Number.isFinite(logprob)) content.push({ token: text, logprob, bytes: null, top_logprobs: [] })
  }
  return content.length === 0 ? null : { content, refusal: null }
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'number' && Number.isFinite(one))
}

/** The parts of a message's content; servers of one's own send a text for the only one. */
export function contentParts(value: unknown): LooseRecord[] {
  return typeof value === 'string' ? [{ text: value }] : partsOf(value)
}

/** One or several of something, as far as they are records. */
export function partsOf(value: unknown): LooseRecord[] {
  if (isRecord(value)) return [value]
  return Array.isArray(value) ? value.filter(isRecord) : []
}
