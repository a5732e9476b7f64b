/** Marks of the prompt cache over the whole request. */
import type { EncodeNotes } from '../../chat/encode-notes.ts'
import type { Block } from './parts.ts'
import { isMark } from './parts.ts'

/**
 * Claude and Nova take four at most (https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html, "Max 4
 * cache checkpoints", read 2026-11-24).
 */
const mostMarks = 4

/**
 * Keeps the last marks of a prompt: each of them covers everything before it. `lists` are the blocks in the order the
 * cache sees them: tools, system, turns. Changes the lists.
 */
export function limitMarks(lists: readonly Block[][], notes: EncodeNotes): void {
  const count = lists.reduce((sum, blocks) => sum + blocks.filter(isMark).length, 0)
  let surplus = count - mostMarks
  if (surplus <= 0) return
  notes.approximate('cache_control')
  for (const blocks of lists) {
    for (let at = 0; at < blocks.length && surplus > 0;) {
      const block = blocks[at]
      if (block !== undefined && isMark(block)) {
        blocks.splice(at, 1)
        surplus -= 1
      } else at += 1
    }
  }
}
