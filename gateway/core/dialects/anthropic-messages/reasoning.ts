/** Thinking blocks that come back from the caller. */
import type { RequestMessage } from '../../../../schemas/index.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { isRecord, textOf } from '../../chat/loose.ts'
import type { PlacedThought } from '../../chat/signed-reasoning.ts'
import { claudeFormat } from '../../chat/signed-reasoning.ts'
import type { Block } from './parts.ts'

/** The signed blocks of an earlier answer; details of other makers are passed over. */
export function readThoughts(details: RequestMessage['reasoning_details']): PlacedThought<Block>[] {
  const thoughts: PlacedThought<Block>[] = []
  for (const detail of details ?? []) {
    if (!isRecord(detail) || detail['format'] !== claudeFormat) continue
    const block = thoughtBlock(detail)
    const { index } = detail
    if (block !== null) thoughts.push({ block, index: typeof index === 'number' ? index : 0 })
  }
  return thoughts
}

function thoughtBlock(detail: LooseRecord): Block | null {
  const { type, text, signature, data } = detail
  if (type === 'reasoning.encrypted') return textOf(data) === null ? null : { type: 'redacted_thinking', data }
  if (type !== 'reasoning.text' || textOf(signature) === null) return null
  return { type: 'thinking', thinking: typeof text === 'string' ? text : '', signature }
}

export function isThought(block: Block | undefined): boolean {
  return block?.['type'] === 'thinking' || block?.['type'] === 'redacted_thinking'
}
