/**
 * Thinking blocks on their way through the hub. A block is worth something to its maker only with its signature, so
 * both travel in `reasoning_details`, in the shape OpenRouter made common, and come back unchanged.
 */
import type { ReasoningDetail, RequestMessage } from '../../../../schemas/index.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { isRecord, textOf } from '../../chat/loose.ts'
import type { Block } from './parts.ts'

/** Whose reasoning it is: details of another format cannot be read here. */
const format = 'anthropic-claude-v1'

/** Between two thoughts, where the hub has one text for all of them. */
export const betweenThoughts = '\n\n'

// ---- towards the caller ----

/**
 * `index` is the block's place in the message as it will be built again (see `weave`): the thoughts before it, the text
 * if there was any yet, and the calls.
 */
export function thoughtDetail(thinking: string, signature: string, index: number): ReasoningDetail {
  return { type: 'reasoning.text', text: thinking, signature, format, index }
}

export function redactedDetail(data: string, index: number): ReasoningDetail {
  return { type: 'reasoning.encrypted', data, format, index }
}

// ---- from the caller ----

export interface PlacedThought {
  readonly block: Block
  readonly index: number
}

/** The signed blocks of an earlier answer; details of other makers are passed over. */
export function readThoughts(details: RequestMessage['reasoning_details']): PlacedThought[] {
  const thoughts: PlacedThought[] = []
  for (const detail of details ?? []) {
    if (!isRecord(detail) || detail['format'] !== format) continue
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

/**
 * Puts the thoughts back between the other blocks: where each stood, and never behind its place. Models that think
 * between tools have thoughts after their text, and a thought that moved counts as modified.
 */
export function weave(thoughts: readonly PlacedThought[], others: readonly Block[]): Block[] {
  if (thoughts.length === 0) return [...others]
  const woven: Block[] = []
  let next = 0
  for (const { block, index } of thoughts) {
    while (woven.length < index && next < others.length) {
      const other = others[next]
      if (other !== undefined) woven.push(other)
      next += 1
    }
    woven.push(block)
  }
  return [...woven, ...others.slice(next)]
}

export function isThought(block: Block | undefined): boolean {
  return block?.['type'] === 'thinking' || block?.['type'] === 'redacted_thinking'
}
