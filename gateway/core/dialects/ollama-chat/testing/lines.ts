/** Streams in small: lines by hand, and what decoding them gives. */
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

type Fields = Readonly<Record<string, unknown>>

export function line(message: Fields, rest: Fields = {}): string {
  const head = { model: 'm-1', created_at: '2026-03-02T10:00:00.5Z' }
  return JSON.stringify({ ...head, message: { role: 'assistant', content: '', ...message }, done: false, ...rest })
}

export const counts = { prompt_eval_count: 12, eval_count: 7 }

export function last(rest: Fields = {}, message: Fields = {}): string {
  return line(message, { done: true, done_reason: 'stop', ...counts, ...rest })
}

export interface Outcome {
  readonly chunks: readonly ChatCompletionChunk[]
  readonly steps: readonly StreamStep[]
  readonly last: StreamStep
  readonly native: string | null
  readonly usage: ReturnType<ReturnType<typeof openStream>['usage']>
}

export function decodeLines(lines: readonly string[], overrides: Partial<DecodeContext> = {}): Outcome {
  const decoder = openStream({ ...context, ...overrides })
  const steps = [...lines.map((data) => decoder.push(data, null)), decoder.end()]
  const chunks = steps.flatMap((step) => step.chunks)
  for (const chunk of chunks) expect(validateChatCompletionChunk(chunk)).toMatchObject({ valid: true })
  const final = steps[steps.length - 1]
  if (final === undefined) throw new Error('no steps')
  return { chunks, steps, last: final, native: decoder.nativeFinishReason(), usage: decoder.usage() }
}

export function deltas(chunks: readonly ChatCompletionChunk[]): Delta[] {
  return chunks.flatMap((chunk) => chunk.choices.map((choice) => choice.delta))
}
