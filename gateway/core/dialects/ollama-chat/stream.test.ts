import { describe, expect, it } from 'vitest'
import type { Delta } from '../../../../schemas/index.ts'
import { foldChunks } from '../../chat/testing/fold-chunks.ts'
import { openStream } from './stream.ts'
import { context, decodeLines, deltas, last, line } from './testing/lines.ts'

const opening: Delta = { role: 'assistant', content: '', refusal: null }
const tool = (name: string, input: unknown, rest: Record<string, unknown> = {}) => ({
  ...rest,
  function: { name, arguments: input },
})

describe('an answer', () => {
  it('goes through, with one role and one finish reason, and is over with its last line', () => {
    const { chunks, steps, last: final, native } = decodeLines([line({ content: 'Hi' }), last()])
    expect(deltas(chunks)).toEqual([opening, { content: 'Hi' }, {}])
    expect(chunks.map((chunk) => chunk.choices[0]?.finish_reason)).toEqual([null, null, 'stop'])
    expect(steps.map(({ content }) => content)).toEqual([true, true, false])
    expect(steps.map(({ done }) => done)).toEqual([false, true, true])
    expect([final.failure, native]).toEqual([null, 'stop'])
  })

  it.each<[string, readonly string[], readonly Delta[]]>([
    [
      'thinking',
      [line({ thinking: 'h' }), line({ thinking: 'm' })],
      [{ reasoning_content: 'h' }, { reasoning_content: 'm' }],
    ],
    ['thinking beside text', [line({ thinking: 'hm', content: 'a' })], [{ reasoning_content: 'hm' }, { content: 'a' }]],
    ['a message without a text', [line({ content: undefined }), line({ content: 'a' })], [{ content: 'a' }]],
    ['nulls', [line({ content: null, thinking: null, tool_calls: null }), line({ content: 'a' })], [{ content: 'a' }]],
    [
      'a line without a message',
      [JSON.stringify({ model: 'm-1', done: false }), line({ content: 'a' })],
      [{ content: 'a' }],
    ],
    ['empty pieces', [line({}), line({ thinking: '' }), line({ content: 'a' })], [{ content: 'a' }]],
  ])('%s', (_title, lines, expected) => {
    expect(deltas(decodeLines([...lines, last()]).chunks).slice(1, -1)).toEqual(expected)
  })

  it('may end with text in its last line', () => {
    const { chunks } = decodeLines([line({ content: 'a' }), last({}, { content: 'b' })])
    expect(deltas(chunks)).toEqual([opening, { content: 'a' }, { content: 'b' }, {}])
  })

  it('may be empty', () => {
    const { chunks, last: final } = decodeLines([last()])
    expect(deltas(chunks)).toEqual([opening, {}])
    expect(final).toMatchObject({ done: true, failure: null })
  })

  it('says when it began and who answered, in every chunk alike', () => {
    const later = line({ content: 'b' }, { created_at: '2026-03-02T10:00:09Z', model: 'other' })
    const { chunks } = decodeLines([line({ content: 'a' }), later, last()])
    for (const chunk of chunks) {
      expect(chunk).toMatchObject({ id: context.fallbackId, created: 1_772_445_600, model: 'm-1' })
    }
  })

  it.each([undefined, '', 'yesterday', 17])('takes our time for %j', (time) => {
    const { chunks } = decodeLines([line({ content: 'a' }, { created_at: time, model: '' }), last()])
    expect(chunks[0]).toMatchObject({ created: context.createdSeconds, model: 'asked-model' })
  })

  it('carries log probabilities with their text, or alone', () => {
    const told = { token: 'a', logprob: -0.1, bytes: [97] }
    const logprobs = [{ ...told, top_logprobs: [told, { token: 'b', logprob: -2 }] }]
    const { chunks } = decodeLines([
      line({ content: 'a' }, { logprobs }),
      line({}, { logprobs: [{ token: ' ', logprob: -1 }] }),
      line({ content: 'c' }, { logprobs: [{ token: 7 }] }),
      last(),
    ])
    expect(foldChunks(chunks).choices[0]?.logprobs).toEqual({
      content: [
        { ...told, top_logprobs: [told, { token: 'b', logprob: -2, bytes: null }] },
        { token: ' ', logprob: -1, bytes: null, top_logprobs: [] },
      ],
      refusal: null,
    })
  })
})

describe('tool calls', () => {
  it('are numbered as they come, whatever their own numbers, and end the turn', () => {
    const { chunks, native } = decodeLines([
      line({ tool_calls: [tool('f', { a: 1 })] }),
      line({ tool_calls: [tool('g', {}, { id: 'call_x' }), { function: { index: 1, name: 'h' } }] }),
      last(),
    ])
    expect(deltas(chunks)[0]).toEqual({ role: 'assistant', content: null, refusal: null })
    const { message, finish_reason: finish } = foldChunks(chunks).choices[0]!
    expect(message.tool_calls).toEqual([
      { id: 'call_chatcmplfallback0001_0_0', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
      { id: 'call_x', type: 'function', function: { name: 'g', arguments: '{}' } },
      { id: 'call_chatcmplfallback0001_0_2', type: 'function', function: { name: 'h', arguments: '{}' } },
    ])
    expect([finish, native]).toEqual(['tool_calls', 'stop'])
  })

  it('may have arguments as text', () => {
    const { chunks } = decodeLines([line({ tool_calls: [tool('f', '{"a":1}'), tool('g', '')] }), last()])
    const calls = foldChunks(chunks).choices[0]?.message.tool_calls ?? []
    expect(calls.map((call) => call.type === 'function' && call.function.arguments)).toEqual(['{"a":1}', '{}'])
  })

  it('come in the older form to those who know no other, the first one only', () => {
    const lines = [line({ tool_calls: [tool('f', { a: 1 })] }), line({ tool_calls: [tool('g', {})] }), last()]
    const { chunks } = decodeLines(lines, { legacyCalls: true })
    expect(foldChunks(chunks).choices[0]).toMatchObject({
      message: { function_call: { name: 'f', arguments: '{"a":1}' } },
      finish_reason: 'function_call',
    })
    expect(JSON.stringify(chunks)).not.toContain('tool_calls')
  })

  it.each([[{}], [{ function: {} }], [{ function: { name: '' } }], ['f'], [null]])(
    'without a name are no use: %j',
    (one) => {
      expect(decodeLines([line({ tool_calls: [one] }), last()]).last.failure).toMatchObject({
        class: 'server_error',
        message: 'the provider sent a tool call without a name',
      })
    },
  )
})

describe('the end', () => {
  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    [undefined, 'stop'],
    ['', 'stop'],
    ['content_filter', 'content_filter'],
    ['unknown', 'stop'],
  ])('%j is %s', (native, reason) => {
    const { chunks } = decodeLines([line({ content: 'a' }), last({ done_reason: native })])
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe(reason)
  })

  it.each([
    ['load', 'only loaded the model'],
    ['unload', 'only unloaded the model'],
    ['connection_closed', 'broke the answer off'],
  ])('%s is no answer', (native, words) => {
    const { last: final, chunks } = decodeLines([last({ done_reason: native })])
    expect(final.failure).toMatchObject({ class: 'server_error', status: 200, code: native })
    expect(final.failure?.message).toContain(words)
    expect(chunks).toEqual([])
  })

  it.each<[string, readonly string[]]>([
    ['before anything', []],
    ['after some text', [line({ content: 'a' })]],
    ['after a call', [line({ tool_calls: [tool('f', {})] })]],
    ['after nothing but empty lines', [line({}), line({})]],
  ])('that never comes is a failure: %s', (_title, lines) => {
    expect(decodeLines(lines).last).toMatchObject({ done: false, failure: { class: 'server_error', status: 200 } })
  })

  it('is the end: what comes after it is not looked at', () => {
    const decoder = openStream(context)
    decoder.push(last(), null)
    expect(decoder.push(line({ content: 'late' }), null)).toMatchObject({ chunks: [], done: true, failure: null })
    expect(decoder.push('{"error":"late"}', null)).toMatchObject({ chunks: [], done: true, failure: null })
  })
})

describe('usage', () => {
  it.each<[Record<string, unknown>, ReturnType<typeof decodeLines>['usage']]>([
    [{}, { inputTokens: 12, outputTokens: 7, cachedTokens: 0, reasoningTokens: 0 }],
    [{ prompt_eval_cached_count: 8 }, { inputTokens: 12, outputTokens: 7, cachedTokens: 8, reasoningTokens: 0 }],
    [{ prompt_eval_cached_count: 80 }, { inputTokens: 12, outputTokens: 7, cachedTokens: 12, reasoningTokens: 0 }],
    [{ eval_count: undefined }, { inputTokens: 12, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 }],
    [{ prompt_eval_count: undefined }, null],
    [{ prompt_eval_count: 0 }, null],
    [{ prompt_eval_count: 'many' }, null],
  ])('%j', (fields, expected) => {
    expect(decodeLines([last(fields)]).usage).toEqual(expected)
  })

  it('is shown when it is asked for', () => {
    const shown = decodeLines([line({ content: 'a' }), last()], { includeUsage: true }).chunks
    expect(shown.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 },
    })
    expect(decodeLines([line({ content: 'a' }), last()]).chunks.every((chunk) => chunk.usage === undefined)).toBe(true)
  })

  it('is not known before the last line', () => {
    expect(decodeLines([line({ content: 'a' }, { prompt_eval_count: 1 })]).usage).toBeNull()
  })
})

describe('an error inside the stream', () => {
  it.each<[string, string]>([
    ['{"error":"an error was encountered while running the model: unexpected EOF"}', 'server_error'],
    ['{"error":{"message":"boom"}}', 'server_error'],
    ['{"error":"model \\"llama3.1:8b\\" not found, try pulling it first"}', 'misconfigured'],
    ['{"error":"\\"m\\" does not support thinking","status":400}', 'unsupported_by_target'],
    ['{"error":"odd value","status":400}', 'invalid_request'],
    ['not json', 'server_error'],
    ['[]', 'server_error'],
    ['"text"', 'server_error'],
  ])('%s', (data, failureClass) => {
    for (const before of [[], [line({ content: 'a' })]]) {
      const { last: final } = decodeLines([...before, data, last()])
      expect(final).toMatchObject({ done: false, failure: { class: failureClass, status: 200 } })
    }
  })

  it.each([null, ''])('is none when it says nothing: %j', (error) => {
    expect(decodeLines([line({ content: 'a' }, { error }), last({ error })]).last).toMatchObject({ done: true })
  })
})
