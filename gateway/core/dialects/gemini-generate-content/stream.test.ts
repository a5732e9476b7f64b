import { describe, expect, it } from 'vitest'
import type { ChatCompletionChunk } from '../../../../schemas/index.ts'
import { foldChunks } from '../../chat/testing/fold-chunks.ts'
import type { DecodeContext, StreamStep } from '../dialect.ts'
import { noQuirks } from '../quirks.ts'
import { openStream } from './stream.ts'

const context: DecodeContext = {
  fallbackId: 'chatcmpl-1',
  createdSeconds: 5,
  model: 'm',
  includeUsage: true,
  quirks: noQuirks,
}

interface Heard {
  readonly steps: readonly StreamStep[]
  readonly chunks: readonly ChatCompletionChunk[]
  readonly last: StreamStep | undefined
}

function hear(events: readonly unknown[], more: Partial<DecodeContext> = {}): Heard {
  const decoder = openStream({ ...context, ...more })
  const steps = [...events.map((event) => decoder.push(JSON.stringify(event), null)), decoder.end()]
  return { steps, chunks: steps.flatMap(({ chunks }) => chunks), last: steps.at(-1) }
}

const piece = (parts: object[], more: object = {}) => ({ candidates: [{ content: { parts, role: 'model' }, ...more }] })
const text = (said: string, more: object = {}) => piece([{ text: said }], more)
const stop = { finishReason: 'STOP' }

describe('a stream', () => {
  it('commits with the first thing a caller would see, and not before', () => {
    const { steps } = hear([
      text(''),
      piece([]),
      { usageMetadata: { promptTokenCount: 3 } },
      text('a'),
      text('b', stop),
    ])
    expect(steps.map(({ content }) => content)).toEqual([false, false, false, true, true, true])
  })

  it('ends when its bytes do, whatever stood between', () => {
    const { steps, chunks } = hear([text('a', stop), text('b', stop)])
    expect(steps.map(({ done }) => done)).toEqual([false, false, true])
    expect(foldChunks(chunks).choices[0]).toMatchObject({ message: { content: 'ab' }, finish_reason: 'stop' })
  })

  it('counts what it was told last, and forgets nothing that was not told again', () => {
    const counted = (usageMetadata: object) => ({ ...text('a'), usageMetadata })
    const { chunks } = hear([
      counted({ promptTokenCount: 10, thoughtsTokenCount: 4, totalTokenCount: 14 }),
      counted({ promptTokenCount: 10, candidatesTokenCount: 2 }),
      { ...text('', stop), usageMetadata: { candidatesTokenCount: 6, trafficType: 'ON_DEMAND' } },
    ])
    expect(chunks.at(-1)?.usage).toMatchObject({
      prompt_tokens: 10,
      completion_tokens: 10,
      completion_tokens_details: { reasoning_tokens: 4 },
    })
  })

  it('tells several answers apart', () => {
    const of = (index: number, said: string, more = {}) => text(said, { index, ...more })
    const events = [of(0, 'a'), of(1, 'x'), of(0, 'b', stop), of(1, 'y', { finishReason: 'MAX_TOKENS' })]
    const { choices } = foldChunks(hear(events, { choices: 2 }).chunks)
    expect(choices).toMatchObject([
      { message: { content: 'ab' }, finish_reason: 'stop' },
      { message: { content: 'xy' }, finish_reason: 'length' },
    ])
    expect(hear([of(0, 'a', stop)], { choices: 2 }).last?.failure).toMatchObject({ class: 'server_error' })
    expect(hear([of(0, 'a', stop), of(1e9, 'z', stop)]).last).toMatchObject({ failure: null, done: true })
  })

  it('has calls in the older form where they were asked for in it', () => {
    const called = (name: string) => ({ functionCall: { name, args: { a: 1 } } })
    const events = [piece([called('f'), called('g')]), text('', stop)]
    const [choice] = foldChunks(hear(events, { legacyCalls: true }).chunks).choices
    expect(choice).toMatchObject({
      message: { function_call: { name: 'f', arguments: '{"a":1}' } },
      finish_reason: 'function_call',
    })
  })

  it('ends a call in pieces with the next one, or with the answer', () => {
    const part = (functionCall: object) => piece([{ functionCall }])
    const events = [
      part({ name: 'f', willContinue: true }),
      part({ partialArgs: [{ jsonPath: '$.a', stringValue: 'x', willContinue: true }], willContinue: true }),
      part({
        name: 'g',
        partialArgs: [
          { jsonPath: '$.b[1]', boolValue: false },
          { jsonPath: '$.b[0]', nullValue: 'NULL_VALUE' },
        ],
        willContinue: true,
      }),
      text('', stop),
    ]
    const calls = foldChunks(hear(events).chunks).choices[0]?.message.tool_calls
    expect(calls).toMatchObject([
      { function: { name: 'f', arguments: '{"a":"x"}' } },
      { function: { name: 'g', arguments: '{"b":[null,false]}' } },
    ])
  })

  it.each<[string, unknown, object]>([
    ['an error', { error: { code: 503, message: 'Busy.' } }, { class: 'server_error', message: 'Busy.' }],
    ['an error in a list', [{ error: { code: 429, message: 'Slow.' } }], { class: 'rate_limited' }],
    ['a call that cannot be read', piece([], { finishReason: 'MALFORMED_FUNCTION_CALL' }), { class: 'server_error' }],
    [
      'a prompt that was blocked after all',
      { promptFeedback: { blockReason: 'SAFETY' } },
      { class: 'content_filtered' },
    ],
    ['a text', 'x', { class: 'server_error' }],
    ['a call of nothing', piece([{ functionCall: { args: {} } }]), { class: 'server_error' }],
  ])('is broken off by %s, at once', (_name, event, failure) => {
    const { steps } = hear([text('a'), event, text('b', stop)])
    expect(steps[1]).toMatchObject({ failure, done: false })
    expect(steps.slice(2).flatMap(({ chunks }) => chunks)).toEqual([])
  })

  it('without an answer is a failure', () => {
    for (const events of [[], [{}], [{ candidates: [] }], [{ usageMetadata: { promptTokenCount: 1 } }], [text('a')]]) {
      expect(hear(events).last).toMatchObject({ failure: { class: 'server_error', status: 200 }, done: false })
    }
  })

  it('of a text held back is one', () => {
    const [choice] = foldChunks(hear([{ candidates: [{ finishReason: 'SAFETY' }] }]).chunks).choices
    expect(choice?.finish_reason).toBe('content_filter')
  })
})
