/**
 * Writes an answer as one JSON object, or as one a line. Keys as in `api/types.go` of ollama/ollama (read 2026-11-23)
 * and in the exchanges recorded between 2024-05 and 2025-08; ids of calls are newer than those.
 */
import type { Answer, AnswerChoice, AnswerToolCall } from '../answers/answer.ts'
import { isJson } from '../answers/ask.ts'
import { cutText } from '../answers/text.ts'
import type { StreamFrames, Timing } from '../wire.ts'

/** What stands on every part of one answer. */
export interface ChatStamp {
  readonly model: string
  /** Unix milliseconds. */
  readonly atMs: number
  readonly timing: Timing
}

interface Message {
  readonly content?: string
  readonly thinking?: string
  readonly tool_calls?: readonly unknown[]
}

export function renderChat(answer: Answer, stamp: ChatStamp): string {
  const { text, thinking, calls, doneReason } = partsOf(answer.choices[0])
  const message = {
    content: text.join(''),
    ...(thinking.length > 0 ? { thinking: thinking.join('') } : {}),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  }
  const end = { done_reason: doneReason, done: true, ...metricsOf(answer, stamp.timing) }
  return JSON.stringify({ ...startOf(stamp, answer.usage.completionTokens), message: saidBy(message), ...end })
}

export function renderFrames(answer: Answer, stamp: ChatStamp): StreamFrames {
  const { text, thinking, calls, doneReason } = partsOf(answer.choices[0])
  const messages: readonly Message[] = [
    ...thinking.map((piece) => ({ thinking: piece })),
    ...text.map((piece) => ({ content: piece })),
    ...calls.map((call) => ({ tool_calls: [call] })),
  ]
  const content = messages.map((message, index) =>
    line({ ...startOf(stamp, index), message: saidBy(message), done: false }),
  )
  const end = { done_reason: doneReason, done: true, ...metricsOf(answer, stamp.timing) }
  const done = line({ ...startOf(stamp, messages.length), message: saidBy({}), ...end })
  return { head: '', content, tail: '', done, comment: '', comments: false }
}

/** Nothing was generated: the model was loaded or unloaded, or, without a reason, the answer is missing. */
export function renderNothing(stamp: ChatStamp, doneReason: 'load' | 'unload' | null): string {
  const end = doneReason === null ? { done: false } : { done_reason: doneReason, done: true }
  return JSON.stringify({ ...startOf(stamp, 0), message: saidBy({}), ...end })
}

/** A line that breaks off inside its JSON. */
export function renderGarbage({ model }: ChatStamp): string {
  return `{"model":${JSON.stringify(model)},"mess\n`
}

function line(value: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(value)}\n`
}

function saidBy({ content = '', ...more }: Message) {
  return { role: 'assistant', content, ...more }
}

/** `created_at` has microseconds; each piece is as much later as the pace says. */
function startOf({ model, atMs, timing }: ChatStamp, pieces: number) {
  const moment = atMs + timing.loadMs + timing.promptMs + pieces * timing.tokenMs
  const micros = String(Math.floor((moment % 1) * 1000)).padStart(3, '0')
  return { model, created_at: new Date(moment).toISOString().replace('Z', `${micros}Z`) }
}

interface Parts {
  readonly text: readonly string[]
  readonly thinking: readonly string[]
  readonly calls: readonly unknown[]
  readonly doneReason: string
}

/** This language has one reason for every good end, and no word for a refusal: the model just says so. */
const doneReasons: Readonly<Record<string, string>> = { tool_calls: 'stop', content_filter: 'stop' }

function partsOf(choice: AnswerChoice | undefined): Parts {
  if (choice === undefined) return { text: [], thinking: [], calls: [], doneReason: 'stop' }
  const calls = choice.toolCalls.map(renderCall)
  // A call whose arguments cannot be read stays what the model wrote.
  const unreadable = choice.toolCalls.filter((_, index) => calls[index] === null)
  const written = unreadable.map(
    ({ name, arguments: given }) => `{"name":${JSON.stringify(name)},"parameters":${given}}`,
  )
  return {
    text: [...choice.text, ...cutText(choice.refusal ?? ''), ...written.flatMap(cutText)],
    thinking: choice.reasoning,
    calls: calls.filter((call) => call !== null),
    doneReason: doneReasons[choice.finishReason] ?? choice.finishReason,
  }
}

function renderCall(call: AnswerToolCall, index: number) {
  const given = call.arguments === '' ? {} : objectIn(call.arguments)
  return given === null
    ? null
    : { id: `call_${call.key.slice(-8)}`, function: { index, name: call.name, arguments: given } }
}

function objectIn(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isJson(value) ? value : null
  } catch {
    return null
  }
}

/** Nanoseconds. A real server never measures nothing, and leaves out what is zero. */
function metricsOf({ usage }: Answer, { loadMs, promptMs, tokenMs }: Timing) {
  const load = nanoseconds(loadMs)
  const prompt = nanoseconds(promptMs)
  const evaluation = nanoseconds(tokenMs * usage.completionTokens)
  return {
    total_duration: load + prompt + evaluation,
    load_duration: load,
    ...(usage.promptTokens > 0 ? { prompt_eval_count: usage.promptTokens } : {}),
    prompt_eval_duration: prompt,
    ...(usage.completionTokens > 0 ? { eval_count: usage.completionTokens } : {}),
    eval_duration: evaluation,
  }
}

function nanoseconds(ms: number): number {
  return Math.max(1_000, Math.round(ms * 1e6))
}
