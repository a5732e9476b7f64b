/** Marks of the prompt cache. */
import { isRecord } from '../../chat/loose.ts'
import type { EncodeNotes } from '../../chat/encode-notes.ts'
import type { Block } from './parts.ts'

/** "A maximum of 4 blocks with cache_control may be provided" (the API's error, checked 2026-11-23). */
const mostMarks = 4

/**
 * Keeps the last marks of a prompt: each of them covers everything before it. `blocks` are the parts in the order the
 * cache sees them: tools, system, turns. Changes the blocks.
 */
export function limitMarks(blocks: readonly Block[], most: number, notes: EncodeNotes): void {
  const marked = blocks.filter((block) => isRecord(block['cache_control']))
  if (marked.length <= most) return
  notes.approximate('cache_control')
  for (const block of marked.slice(0, marked.length - most)) Reflect.deleteProperty(block, 'cache_control')
}

/** A mark on the request as a whole takes the place of one. */
export function mostMarksBeside(whole: unknown): number {
  return isRecord(whole) ? mostMarks - 1 : mostMarks
}
