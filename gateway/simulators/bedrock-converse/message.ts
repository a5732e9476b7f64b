/** Writes an answer as a message of content blocks; keys and their order as recorded in 2026-08. */
import type { Answer, AnswerChoice, AnswerToolCall, AnswerUsage } from '../answers/answer.ts'
import { redact, signThinking } from '../anthropic-messages/signature.ts'
import { hashText } from '../draw.ts'
import type { Timing } from '../wire.ts'

/** What stands on every part of one answer. */
export interface MessageStamp {
  readonly seed: number
  /** Claude signs what it thinks; others do not. */
  readonly signs: boolean
  /** Something in the prompt was marked for the cache. */
  readonly hasCache: boolean
  readonly timing: Timing
}

export type Block =
  | { readonly kind: 'reasoning'; readonly pieces: readonly string[]; readonly signature: string | null }
  | { readonly kind: 'redacted'; readonly data: string }
  | { readonly kind: 'text'; readonly pieces: readonly string[] }
  | { readonly kind: 'tool'; readonly id: string; readonly name: string; readonly arguments: string }

export function blocksFor(choice: AnswerChoice, { seed, signs }: MessageStamp): readonly Block[] {
  const blocks: Block[] = []
  if (choice.hiddenReasoning !== null) {
    const nonce = hashText(choice.hiddenReasoning).toString(16)
    blocks.push({ kind: 'redacted', data: Buffer.from(redact(seed, nonce)).toString('base64') })
  }
  if (choice.reasoning.length > 0) {
    const thought = choice.reasoning.join('')
    const signature = signs ? signThinking(seed, hashText(thought).toString(16), thought) : null
    blocks.push({ kind: 'reasoning', pieces: choice.reasoning, signature })
  }
  const words = choice.refusal === null ? choice.text : [...choice.text, choice.refusal]
  if (words.length > 0) blocks.push({ kind: 'text', pieces: words })
  for (const call of choice.toolCalls) blocks.push(toolBlock(call))
  return blocks
}

/** `tooluse_` and 22 letters. */
function toolBlock({ key, name, arguments: given }: AnswerToolCall): Block {
  const id = `tooluse_${Buffer.from(key.repeat(2)).toString('base64url').slice(0, 22)}`
  return { kind: 'tool', id, name, arguments: given }
}

const stopReasons: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'content_filtered',
}

export function stopFor({ finishReason, stoppedBy, refusal }: AnswerChoice): string {
  if (refusal !== null && finishReason === 'stop') return 'content_filtered'
  if (stoppedBy !== null && finishReason === 'stop') return 'stop_sequence'
  return stopReasons[finishReason] ?? finishReason
}

export function renderUsage(usage: AnswerUsage, { hasCache }: MessageStamp) {
  const { promptTokens, completionTokens, cachedTokens, cacheWriteTokens } = usage
  const cache = {
    cacheReadInputTokenCount: cachedTokens,
    cacheReadInputTokens: cachedTokens,
    cacheWriteInputTokenCount: cacheWriteTokens,
    cacheWriteInputTokens: cacheWriteTokens,
  }
  return {
    ...(hasCache || cachedTokens + cacheWriteTokens > 0 ? cache : {}),
    inputTokens: Math.max(0, promptTokens - cachedTokens - cacheWriteTokens),
    outputTokens: completionTokens,
    serverToolUsage: {},
    totalTokens: promptTokens + completionTokens,
  }
}

export function renderMetrics({ promptMs, tokenMs }: Timing, tokens: number) {
  return { latencyMs: Math.round(promptMs + tokenMs * tokens) }
}

export function renderMessage(answer: Answer, stamp: MessageStamp): string {
  const [choice] = answer.choices
  const content = choice === undefined ? [] : blocksFor(choice, stamp).map(renderBlock)
  return JSON.stringify({
    metrics: renderMetrics(stamp.timing, answer.usage.completionTokens),
    output: { message: { content, role: 'assistant' } },
    stopReason: choice === undefined ? 'end_turn' : stopFor(choice),
    usage: renderUsage(answer.usage, stamp),
  })
}

/** A 200 without an answer, as others met it: the numbers are there and nothing else. */
export function renderNothing(): string {
  return JSON.stringify({ metrics: { latencyMs: 0 }, usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 } })
}

function renderBlock(block: Block): Readonly<Record<string, unknown>> {
  switch (block.kind) {
    case 'reasoning': {
      const { pieces, signature } = block
      return {
        reasoningContent: { reasoningText: { ...(signature === null ? {} : { signature }), text: pieces.join('') } },
      }
    }
    case 'redacted':
      return { reasoningContent: { redactedContent: block.data } }
    case 'text':
      return { text: block.pieces.join('') }
    case 'tool': {
      const input: unknown = block.arguments === '' ? {} : parsed(block.arguments)
      return { toolUse: { input, name: block.name, toolUseId: block.id } }
    }
    default:
      return block satisfies never
  }
}

/** A script may give arguments that are no JSON; a plain message can only hold a value, so it is a string then. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
