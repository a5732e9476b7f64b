/** Limits, sampling and reasoning. What the caller says by the API's own names stands. */
import type { ChatCompletionRequest } from '../../../../schemas/index.ts'
import type { EncodeNotes } from '../../chat/encode-notes.ts'
import type { RequestField } from '../../chat/request-fields.ts'
import type { EncodeTarget } from '../dialect.ts'
import { ownFields } from './losses.ts'

type Options = Record<string, unknown>

/** "A list of up to 5 strings" (types of the client). */
const mostStops = 5

export function encodeOptions(request: ChatCompletionRequest, target: EncodeTarget, notes: EncodeNotes): Options {
  const options: Options = {}
  const set = (name: string, value: unknown): void => {
    if (value !== undefined && value !== null) options[name] = value
  }
  const { temperature, top_p: topP, top_k: topK, seed } = request
  set('max_tokens', maxTokensOf(request, target, notes))
  set('temperature', within(temperature, 0, 1))
  if (typeof topP === 'number' && topP < 0.01) notes.approximate('top_p')
  set('p', within(topP, 0.01, 0.99))
  set('k', within(topK, 0, 500))
  set('frequency_penalty', penalty(request, 'frequency_penalty', notes))
  set('presence_penalty', penalty(request, 'presence_penalty', notes))
  set('seed', typeof seed === 'number' ? Math.abs(seed) : null)
  if (request.logprobs === true) options['logprobs'] = true
  set('stop_sequences', encodeStop(request.stop, notes))
  set('thinking', encodeThinking(request, options['max_tokens'], notes))
  for (const field of ownFields) set(field, request[field])
  return options
}

/** An answer longer than the model can give is cut there by the API itself. */
function maxTokensOf(request: ChatCompletionRequest, target: EncodeTarget, notes: EncodeNotes): number | null {
  const asked = request.max_completion_tokens ?? request.max_tokens ?? null
  if (asked !== null && asked < 1) notes.refuse('max_tokens', 'an answer of no tokens')
  return asked === null ? null : Math.min(asked, target.maxOutputTokens ?? asked)
}

function within(value: unknown, least: number, greatest: number): number | null {
  return typeof value === 'number' ? Math.min(Math.max(value, least), greatest) : null
}

/** "min value of `0.0`, max value of `1.0`" (types of the client). Above it, the loss table tells. */
function penalty(
  request: ChatCompletionRequest,
  field: RequestField & ('frequency_penalty' | 'presence_penalty'),
  notes: EncodeNotes,
): number | null {
  const asked = request[field]
  if (typeof asked === 'number' && asked < 0) notes.approximate(field)
  return within(asked, 0, 1)
}

function encodeStop(stop: ChatCompletionRequest['stop'], notes: EncodeNotes): string[] | null {
  const asked = (typeof stop === 'string' ? [stop] : (stop ?? [])).filter((sequence) => sequence !== '')
  if (asked.length > mostStops) notes.approximate('stop')
  return asked.length === 0 ? null : asked.slice(0, mostStops)
}

// ---- reasoning ----

/**
 * Greatest numbers of tokens for reasoning; null: as many as the model likes. Ours: the API knows on, off and a budget
 * (https://docs.cohere.com/docs/reasoning, read 2026-11-24), and models that can reason do so unless they are told not to.
 */
const budgets: ReadonlyMap<string, number | null> = new Map([
  ['minimal', 512],
  ['low', 2048],
  ['medium', 8192],
  ['high', null],
  ['xhigh', null],
  ['max', null],
])

/** Of a caller's limit so much may go into reasoning; the rest is for the answer. */
const greatestShare = 0.8

function encodeThinking(request: ChatCompletionRequest, maxTokens: unknown, notes: EncodeNotes): object | null {
  const { reasoning_effort: effort } = request
  if (effort === undefined || effort === null || effort === '') return null
  if (effort === 'none') return { type: 'disabled' }
  const budget = budgets.get(effort)
  if (budget === undefined) {
    notes.refuse('reasoning_effort', 'no level of reasoning is called that')
    return null
  }
  if (budget === null) return { type: 'enabled' }
  const room = typeof maxTokens === 'number' ? Math.max(1, Math.floor(maxTokens * greatestShare)) : budget
  return { type: 'enabled', token_budget: Math.min(budget, room) }
}
