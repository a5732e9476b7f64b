/** Signed reasoning that comes back from the caller. */
import type { RequestMessage } from '../../../../schemas/index.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { isRecord, textOf } from '../../chat/loose.ts'
import type { PlacedThought } from '../../chat/signed-reasoning.ts'
import { claudeFormat } from '../../chat/signed-reasoning.ts'
import type { Block } from './parts.ts'

/** Encrypted reasoning is bytes here and text where its maker serves it itself, so it comes back to this service only. */
export const bedrockFormat = 'bedrock-converse-v1'

/** The signed blocks of an earlier answer; details of other makers are passed over. */
export function readThoughts(details: RequestMessage['reasoning_details']): PlacedThought<Block>[] {
  const thoughts: PlacedThought<Block>[] = []
  for (const detail of details ?? []) {
    const block = isRecord(detail) ? thoughtBlock(detail) : null
    const index: unknown = detail.index
    if (block !== null) thoughts.push({ block, index: typeof index === 'number' ? index : 0 })
  }
  return thoughts
}

function thoughtBlock({ type, format, text, signature, data }: LooseRecord): Block | null {
  if (type === 'reasoning.encrypted' && format === bedrockFormat) {
    return textOf(data) === null ? null : { reasoningContent: { redactedContent: data } }
  }
  if (type !== 'reasoning.text' || format !== claudeFormat || textOf(signature) === null) return null
  return { reasoningContent: { reasoningText: { text: typeof text === 'string' ? text : '', signature } } }
}

export function isThought(block: Block | undefined): boolean {
  return block !== undefined && 'reasoningContent' in block
}
