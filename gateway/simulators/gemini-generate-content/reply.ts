/**
 * Writes an answer as `GenerateContentResponse`s: one, or one for each piece. Keys and their order as in the exchanges
 * recorded with gemini-2.5-flash and gemini-3-flash-preview on 2026-08-19, from both services.
 */
import type { Answer, AnswerChoice, AnswerToolCall, AnswerUsage } from '../answers/answer.ts'
import { isJson } from '../answers/ask.ts'
import type { StreamFrames } from '../wire.ts'
import type { ModelRules } from './models.ts'
import { callMark, sign } from './signature.ts'

/** What stands on every piece of one answer. */
export interface ReplyStamp {
  readonly id: string
  readonly model: string
  readonly seed: number
  readonly atMs: number
  readonly rules: ModelRules
  readonly isVertex: boolean
  /** Thoughts were asked for, so calls are signed by models that sign no others. */
  readonly thinks: boolean
  readonly tellsLogprobs: boolean
}

type Part = Readonly<Record<string, unknown>>

export function renderReply(answer: Answer, stamp: ReplyStamp): string {
  const candidates = answer.choices.map((choice) =>
    candidateOf(partsOf(choice, stamp), stamp, {
      index: choice.index,
      finishReason: finishOf(choice),
      ...(stamp.tellsLogprobs && { logprobsResult: logprobsOf(choice) }),
    }),
  )
  return `${JSON.stringify({ candidates, ...tailOf(usageOf(answer.usage, stamp), stamp) }, null, 2)}\n`
}

export function renderFrames(answer: Answer, stamp: ReplyStamp): StreamFrames {
  const before = { promptTokenCount: answer.usage.promptTokens, totalTokenCount: answer.usage.promptTokens }
  const usage = { ...before, ...tierOf(stamp) }
  const content = answer.choices.flatMap((choice) =>
    piecesOf(choice, stamp).map((part) =>
      event({ candidates: [candidateOf([part], stamp, { index: choice.index })], ...tailOf(usage, stamp) }),
    ),
  )
  const ends = answer.choices.map((choice) => {
    const signature = textSignature(choice, stamp)
    const part = { text: '', ...(signature !== null && { thoughtSignature: signature }) }
    return candidateOf([part], stamp, {
      finishReason: finishOf(choice),
      index: choice.index,
      ...(stamp.tellsLogprobs && { logprobsResult: logprobsOf(choice) }),
    })
  })
  const done = event({ candidates: ends, ...tailOf(usageOf(answer.usage, stamp), stamp) })
  return { head: '', content, tail: '', done, comment: ': keep-alive\r\n\r\n', comments: false }
}

/** A 200 without a candidate. */
export function renderNothing(stamp: ReplyStamp): { readonly plain: string; readonly stream: string } {
  const nothing = tailOf({ promptTokenCount: 1, totalTokenCount: 1, ...tierOf(stamp) }, stamp)
  return { plain: JSON.stringify(nothing), stream: event(nothing) }
}

/** An event whose data breaks off inside its JSON. */
export const garbageEvent = 'data: {"candidates": [{"content": {"parts": [{"te\r\n\r\n'

function event(value: object): string {
  return `data: ${JSON.stringify(value)}\r\n\r\n`
}

// ---- parts ----

function candidateOf(parts: readonly Part[], { isVertex }: ReplyStamp, rest: { readonly index: number } & Part): Part {
  const { index, ...more } = rest
  // Vertex AI counts from 0 without saying so.
  const place = isVertex && index === 0 ? {} : { index }
  const content = isVertex ? { role: 'model', parts } : { parts, role: 'model' }
  return { content, ...more, ...place }
}

function partsOf(choice: AnswerChoice, stamp: ReplyStamp): readonly Part[] {
  const thought = choice.reasoning.join('')
  const text = [...choice.text, ...(choice.refusal === null ? [] : [choice.refusal])].join('')
  const signature = textSignature(choice, stamp)
  return [
    ...(thought === '' ? [] : [{ text: thought, thought: true }]),
    ...(text === '' && signature === null
      ? []
      : [{ text, ...(signature !== null && { thoughtSignature: signature }) }]),
    ...callParts(choice, stamp),
  ]
}

function piecesOf(choice: AnswerChoice, stamp: ReplyStamp): readonly Part[] {
  return [
    ...choice.reasoning.map((text) => ({ text, thought: true })),
    ...choice.text.map((text) => ({ text })),
    ...(choice.refusal === null ? [] : [{ text: choice.refusal }]),
    ...callParts(choice, stamp),
  ]
}

/** Newer models sign the end of a text as well; a call takes its place. */
function textSignature({ toolCalls }: AnswerChoice, { rules, seed }: ReplyStamp): string | null {
  return rules.signs && toolCalls.length === 0 ? sign(seed, 'text') : null
}

function callParts({ toolCalls }: AnswerChoice, { rules, seed, thinks }: ReplyStamp): readonly Part[] {
  return toolCalls.flatMap((call, index) => {
    const args = argsOf(call)
    if (args === null) return []
    const isSigned = index === 0 && (rules.signs || thinks)
    const functionCall = { name: call.name, args, ...(rules.signs && { id: call.key.slice(-8) }) }
    return [{ functionCall, ...(isSigned && { thoughtSignature: sign(seed, callMark(call.name, args)) }) }]
  })
}

function argsOf({ arguments: given }: AnswerToolCall): Part | null {
  if (given === '') return {}
  try {
    const args: unknown = JSON.parse(given)
    return isJson(args) ? args : null
  } catch {
    return null
  }
}

// ---- finish, usage ----

const finishReasons: Readonly<Record<string, string>> = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  tool_calls: 'STOP',
  content_filter: 'SAFETY',
}

/** A call that cannot be read is no call, and ends the turn. */
function finishOf({ finishReason, toolCalls }: AnswerChoice): string {
  if (toolCalls.some((call) => argsOf(call) === null)) return 'MALFORMED_FUNCTION_CALL'
  return finishReasons[finishReason] ?? finishReason
}

/** The thoughts are not among the candidates' tokens; what is zero is not sent. */
function usageOf(usage: AnswerUsage, stamp: ReplyStamp): Part {
  const { promptTokens, completionTokens, cachedTokens, reasoningTokens } = usage
  const candidates = completionTokens - reasoningTokens
  return {
    promptTokenCount: promptTokens,
    ...(candidates > 0 && { candidatesTokenCount: candidates }),
    totalTokenCount: promptTokens + completionTokens,
    ...(cachedTokens > 0 && { cachedContentTokenCount: cachedTokens }),
    ...(stamp.isVertex && tierOf(stamp)),
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: promptTokens }],
    ...(reasoningTokens > 0 && { thoughtsTokenCount: reasoningTokens }),
    ...(!stamp.isVertex && tierOf(stamp)),
  }
}

function tierOf({ isVertex }: ReplyStamp): Part {
  return isVertex ? { trafficType: 'ON_DEMAND' } : { serviceTier: 'standard' }
}

function tailOf(usageMetadata: Part, { id, model, atMs, isVertex }: ReplyStamp): Part {
  const created = isVertex ? { createTime: new Date(atMs).toISOString().replace('Z', '000Z') } : {}
  return { usageMetadata, modelVersion: model, ...created, responseId: id }
}

function logprobsOf({ text }: AnswerChoice): Part {
  const chosen = text.map((token, index) => ({ token, tokenId: index + 1, logProbability: -0.25 }))
  return { topCandidates: chosen.map((one) => ({ candidates: [one] })), chosenCandidates: chosen }
}
