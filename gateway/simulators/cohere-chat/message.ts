/**
 * Writes an answer as one JSON object. Keys as in the exchanges recorded in 2026: a turn with calls has its words as
 * `tool_plan` and no content but thinking; `tokens` hold the vendor's own prompt, which is not billed.
 */
import { createHash } from 'node:crypto'
import type { Answer, AnswerChoice, AnswerToolCall } from '../answers/answer.ts'
import { cutText } from '../answers/text.ts'

export interface MessageStamp {
  readonly id: string
  /** Ids of the documents that the answer rests on. */
  readonly documents: readonly string[]
}

/** The parts of one message, in pieces. */
export interface MessageParts {
  readonly thinking: readonly string[]
  readonly text: readonly string[]
  readonly plan: readonly string[]
  readonly calls: readonly AnswerToolCall[]
  readonly citations: readonly object[]
  readonly finishReason: string
}

export function partsOf(answer: Answer, { documents }: MessageStamp): MessageParts {
  const [choice] = answer.choices
  if (choice === undefined) return noParts
  const { reasoning, toolCalls, text, refusal } = choice
  const words = [...text, ...cutText(refusal ?? '')]
  const calls = toolCalls.length > 0
  return {
    thinking: reasoning,
    text: calls ? [] : words,
    plan: calls ? words : [],
    calls: toolCalls,
    citations: calls ? [] : citationsOf(words.join(''), documents),
    finishReason: finishOf(choice),
  }
}

const noParts: MessageParts = { thinking: [], text: [], plan: [], calls: [], citations: [], finishReason: 'COMPLETE' }

const finishReasons: Readonly<Record<string, string>> = {
  stop: 'COMPLETE',
  length: 'MAX_TOKENS',
  tool_calls: 'TOOL_CALL',
}

function finishOf({ finishReason, stoppedBy }: AnswerChoice): string {
  return stoppedBy === null ? (finishReasons[finishReason] ?? finishReason) : 'STOP_SEQUENCE'
}

/** The first words, of the first document. */
function citationsOf(said: string, documents: readonly string[]): readonly object[] {
  const [id] = documents
  const text = said.slice(0, 12)
  if (id === undefined || text === '') return []
  const sources = [{ type: 'document', id, document: { id } }]
  return [{ start: 0, end: text.length, text, sources, type: 'TEXT_CONTENT' }]
}

export function callOf({ key, name }: AnswerToolCall, given: string) {
  return { id: `${name}_${key.slice(0, 12)}`, type: 'function', function: { name, arguments: given } }
}

export function renderMessage(answer: Answer, stamp: MessageStamp): string {
  const { thinking, text, plan, calls, citations, finishReason } = partsOf(answer, stamp)
  const content = [
    ...(thinking.length > 0 ? [{ type: 'thinking', thinking: thinking.join('') }] : []),
    ...(calls.length === 0 ? [{ type: 'text', text: text.join('') }] : []),
  ]
  const message = {
    role: 'assistant',
    ...(content.length > 0 ? { content } : {}),
    ...(plan.length > 0 ? { tool_plan: plan.join('') } : {}),
    ...(calls.length > 0 ? { tool_calls: calls.map((call) => callOf(call, call.arguments || '{}')) } : {}),
    ...(citations.length > 0 ? { citations } : {}),
  }
  return JSON.stringify({ id: stamp.id, message, finish_reason: finishReason, usage: usageOf(answer) })
}

export function usageOf({ usage }: Answer) {
  const { promptTokens, completionTokens, cachedTokens, reasoningTokens } = usage
  return {
    billed_units: { input_tokens: Math.ceil(promptTokens / 2), output_tokens: completionTokens },
    tokens: {
      input_tokens: promptTokens,
      output_tokens: completionTokens,
      ...(reasoningTokens > 0 ? { reasoning_tokens: reasoningTokens } : {}),
    },
    cached_tokens: cachedTokens,
  }
}

/** A UUID; the same for the same key. */
export function uuidOf(key: string): string {
  const hex = createHash('sha256').update(key).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}
