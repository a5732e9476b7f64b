/** Streams in small: events by hand, and what decoding them gives. */
import { expect } from 'vitest'
import type { ChatCompletionChunk, Delta } from '../../../../../schemas/index.ts'
import { validateChatCompletionChunk } from '../../../../../schemas/validate-chat-completion-chunk.ts'
import type { DecodeContext, StreamStep } from '../../dialect.ts'
import { noQuirks } from '../../quirks.ts'
import { openStream } from '../stream.ts'

export const context: DecodeContext = {
  fallbackId: 'chatcmpl-fallback0001',
  createdSeconds: 1_700_000_000,
  model: 'asked-model',
  includeUsage: false,
  quirks: noQuirks,
}

export interface Outcome {
  readonly chunks: readonly ChatCompletionChunk[]
  readonly steps: readonly StreamStep[]
  readonly last: StreamStep
  readonly native: string | null
  readonly usage: ReturnType<ReturnType<typeof openStream>['usage']>
}

export const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_710_000_000, model: 'm-1' }

/** An event with one choice. */
export function delta(fields: Record<string, unknown>, rest: Record<string, unknown> = {}): string {
  return JSON.stringify({
    ...head,
    choices: [{ index: 0, delta: fields, logprobs: null, finish_reason: null, ...rest }],
  })
}

export function finish(reason: string, fields: Record<string, unknown> = {}): string {
  return delta(fields, { finish_reason: reason })
}

export function decode(events: readonly string[], overrides: Partial<DecodeContext> = {}): Outcome {
  const decoder = openStream({ ...context, ...overrides })
  const steps: StreamStep[] = []
  for (const event of events) {
    const step = decoder.push(event, null)
    steps.push(step)
    if (step.done || step.failure !== null) break
  }
  if (steps.at(-1)?.done !== true && steps.at(-1)?.failure === null) steps.push(decoder.end())
  const last = steps.at(-1)
  if (last === undefined) throw new Error('no events')
  const chunks = steps.flatMap((step) => step.chunks)
  for (const chunk of chunks) expect(validateChatCompletionChunk(chunk)).toMatchObject({ valid: true })
  return { chunks, steps, last, native: decoder.nativeFinishReason(), usage: decoder.usage() }
}

export function deltas(chunks: readonly ChatCompletionChunk[]): Delta[] {
  return chunks.flatMap((chunk) => chunk.choices.map((choice) => choice.delta))
}

export const call = (fields: Record<string, unknown>) => delta({ tool_calls: [fields] })
export const named = (index: number | undefined, id: string | undefined, name: string, text: unknown = '') =>
  call({
    ...(index !== undefined && { index }),
    ...(id !== undefined && { id }),
    type: 'function',
    function: { name, arguments: text },
  })
export const more = (index: number | undefined, text: unknown, id?: string) =>
  call({ ...(index !== undefined && { index }), ...(id !== undefined && { id }), function: { arguments: text } })
