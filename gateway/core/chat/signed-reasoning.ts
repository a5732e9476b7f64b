/**
 * Signed reasoning on its way through the hub. A piece is worth something to its maker only with its signature, so both
 * travel in `reasoning_details`, in the shape OpenRouter made common, and come back unchanged.
 */
import type { ReasoningDetail } from '../../../schemas/index.ts'

/**
 * Whose reasoning it is: details of another format cannot be read. Claude's signatures hold wherever Claude is served
 * (https://platform.claude.com/docs/en/build-with-claude/extended-thinking, checked 2026-11-24).
 */
export const claudeFormat = 'anthropic-claude-v1'

/** Between two thoughts, where the hub has one text for all of them. */
export const betweenThoughts = '\n\n'

// ---- towards the caller ----

/**
 * `index` is the block's place in the message as it will be built again (see `weave`): the thoughts before it, the text
 * if there was any yet, and the calls.
 */
export function thoughtDetail(thinking: string, signature: string, index: number): ReasoningDetail {
  return { type: 'reasoning.text', text: thinking, signature, format: claudeFormat, index }
}

export function redactedDetail(data: string, index: number, format = claudeFormat): ReasoningDetail {
  return { type: 'reasoning.encrypted', data, format, index }
}

// ---- from the caller ----

/** A block of reasoning on its way back, and where it stood. */
export interface PlacedThought<Block> {
  readonly block: Block
  readonly index: number
}

/**
 * Puts the thoughts back between the other blocks: where each stood, and never behind its place. Models that think
 * between tools have thoughts after their text, and a thought that moved counts as modified.
 */
export function weave<Block>(thoughts: readonly PlacedThought<Block>[], others: readonly Block[]): Block[] {
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
