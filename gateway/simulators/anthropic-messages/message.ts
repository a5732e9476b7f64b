/**
 * Writes an answer as a message of content blocks. Keys and their order as in the exchanges recorded with
 * claude-haiku-4-5 on 2026-08-19.
 */
import { createHash } from 'node:crypto'
import type { Answer, AnswerChoice, AnswerToolCall, AnswerUsage } from '../answers/answer.ts'
import { hashText } from '../draw.ts'
import type { CacheUse } from './cache.ts'
import { redact, signThinking } from './signature.ts'

/** What stands on every part of one answer. */
export interface MessageStamp {
  readonly id: string
  readonly model: string
  readonly seed: number
  readonly hidesThinking: boolean
  readonly cache: CacheUse
}

export type Block =
  | { readonly type: 'thinking'; readonly pieces: readonly string[]; readonly signature: string }
  | { readonly type: 'redacted_thinking'; readonly data: string }
  | { readonly type: 'text'; readonly pieces: readonly string[] }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly arguments: string }

/** `msg_01…`, `toolu_01…`, `req_011…`: a prefix and as many letters as theirs. */
export function longId(prefix: string, key: string): string {
  const letters = createHash('sha256').update(key).digest('base64url').replaceAll(/[-_]/g, '')
  return `${prefix}${letters.slice(0, 22)}`
}

export function blocksFor(choice: AnswerChoice, stamp: MessageStamp): readonly Block[] {
  const blocks: Block[] = []
  if (choice.hiddenReasoning !== null) {
    const nonce = hashText(choice.hiddenReasoning).toString(16)
    blocks.push({ type: 'redacted_thinking', data: redact(stamp.seed, nonce) })
  }
  if (choice.reasoning.length > 0) {
    const pieces = stamp.hidesThinking ? [] : choice.reasoning
    // What was thought marks the signature even where it is kept back, so that the same answer is signed the same.
    const nonce = hashText(choice.reasoning.join('')).toString(16)
    blocks.push({ type: 'thinking', pieces, signature: signThinking(stamp.seed, nonce, pieces.join('')) })
  }
  if (choice.text.length > 0) blocks.push({ type: 'text', pieces: choice.text })
  for (const call of choice.toolCalls) blocks.push(toolBlock(call))
  return blocks
}

function toolBlock(call: AnswerToolCall): Block {
  return { type: 'tool_use', id: longId('toolu_01', call.key), name: call.name, arguments: call.arguments }
}

export function renderMessage(answer: Answer, stamp: MessageStamp): string {
  const [choice] = answer.choices
  const blocks = choice === undefined ? [] : blocksFor(choice, stamp)
  return JSON.stringify({
    ...messageStart(stamp),
    content: blocks.map(renderBlock),
    ...(choice === undefined ? noStop : stopFor(choice)),
    usage: renderUsage(answer.usage, stamp),
  })
}

/** A 200 that holds no answer. */
export function renderEmptyMessage(stamp: MessageStamp): string {
  const usage = { promptTokens: 0, completionTokens: 0, cachedTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 }
  return JSON.stringify({ ...messageStart(stamp), content: [], ...noStop, usage: renderUsage(usage, stamp) })
}

export function messageStart({ id, model }: MessageStamp) {
  return { model, id, type: 'message', role: 'assistant' }
}

export const noStop = { stop_reason: null, stop_sequence: null, stop_details: null }

const stopReasons: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'refusal',
}

export function stopFor({ finishReason, stoppedBy, refusal }: AnswerChoice) {
  if (refusal !== null && finishReason === 'stop') {
    const details = { type: 'refusal', category: 'general_harms', explanation: refusal }
    return { stop_reason: 'refusal', stop_sequence: null, stop_details: details }
  }
  const usual = stopReasons[finishReason] ?? finishReason
  return {
    stop_reason: stoppedBy !== null && finishReason === 'stop' ? 'stop_sequence' : usual,
    stop_sequence: finishReason === 'stop' ? stoppedBy : null,
    stop_details: usual === 'refusal' ? { type: 'refusal', category: null, explanation: null } : null,
  }
}

export function renderInputUsage(usage: AnswerUsage, { cache }: MessageStamp) {
  const isScripted = usage.cachedTokens > 0 || usage.cacheWriteTokens > 0
  const read = isScripted ? usage.cachedTokens : cache.readTokens
  const written = isScripted ? usage.cacheWriteTokens : cache.writtenTokens
  return {
    input_tokens: Math.max(0, usage.promptTokens - read - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
  }
}

/** What was thought is told apart only where something was. */
export function renderOutputUsage({ completionTokens, reasoningTokens }: AnswerUsage) {
  return {
    output_tokens: completionTokens,
    ...(reasoningTokens > 0 ? { output_tokens_details: { thinking_tokens: reasoningTokens } } : {}),
  }
}

export function renderUsage(usage: AnswerUsage, stamp: MessageStamp) {
  const input = renderInputUsage(usage, stamp)
  return {
    ...input,
    cache_creation: {
      ephemeral_5m_input_tokens: input.cache_creation_input_tokens,
      ephemeral_1h_input_tokens: 0,
    },
    ...renderOutputUsage(usage),
    service_tier: 'standard',
    inference_geo: 'not_available',
  }
}

function renderBlock(block: Block): Readonly<Record<string, unknown>> {
  switch (block.type) {
    case 'thinking':
      return { type: 'thinking', thinking: block.pieces.join(''), signature: block.signature }
    case 'redacted_thinking':
      return { type: 'redacted_thinking', data: block.data }
    case 'text':
      return { type: 'text', text: block.pieces.join('') }
    case 'tool_use': {
      const input: unknown = block.arguments === '' ? {} : parsed(block.arguments)
      return { type: 'tool_use', id: block.id, name: block.name, input, caller: { type: 'direct' } }
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
