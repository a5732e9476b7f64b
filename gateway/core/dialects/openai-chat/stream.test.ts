/** One table row a quirk: what some vendor sends, what a client sees. */
import { describe, expect, it } from 'vitest'
import type { Delta } from '../../../../schemas/index.ts'
import { foldChunks } from '../../chat/testing/fold-chunks.ts'
import { openStream } from './stream.ts'
import { context, decode, delta, deltas, finish, head, named } from './testing/streams.ts'

const opening: Delta = { role: 'assistant', content: '', refusal: null }

describe('text', () => {
  it('goes through, with one role and one finish reason', () => {
    const { chunks, last } = decode([
      delta({ role: 'assistant', content: '' }),
      delta({ content: 'Hi' }),
      finish('stop'),
      '[DONE]',
    ])
    expect(deltas(chunks)).toEqual([opening, { content: 'Hi' }, {}])
    expect(chunks.map((chunk) => chunk.choices[0]?.finish_reason)).toEqual([null, null, 'stop'])
    expect(last.done).toBe(true)
  })

  it.each<[string, readonly string[], readonly Delta[]]>([
    [
      'a role on every event',
      [delta({ role: 'assistant', content: 'a' }), delta({ role: 'assistant', content: 'b' })],
      [{ content: 'a' }, { content: 'b' }],
    ],
    ['no role at all', [delta({ content: 'a' })], [{ content: 'a' }]],
    ['null content', [delta({ content: null }), delta({ content: 'a' })], [{ content: 'a' }]],
    [
      'content as parts',
      [
        delta({
          content: [
            { type: 'text', text: 'a' },
            { type: 'reference', reference_ids: [1] },
            { type: 'text', text: 'b' },
          ],
        }),
      ],
      [{ content: 'a' }, { content: 'b' }],
    ],
    [
      'thinking parts',
      [
        delta({
          content: [
            {
              type: 'thinking',
              thinking: [
                { type: 'text', text: 'h' },
                { type: 'text', text: 'm' },
              ],
            },
            { type: 'text', text: 'a' },
          ],
        }),
      ],
      [{ reasoning_content: 'hm' }, { content: 'a' }],
    ],
    ['reasoning_content', [delta({ content: null, reasoning_content: 'hm' })], [{ reasoning_content: 'hm' }]],
    ['reasoning', [delta({ content: '', reasoning: 'hm' })], [{ reasoning_content: 'hm' }]],
    ['reasoning_text', [delta({ reasoning_text: 'hm' })], [{ reasoning_content: 'hm' }]],
    ['reasoning under two names', [delta({ reasoning: 'hm', reasoning_content: 'hm' })], [{ reasoning_content: 'hm' }]],
    [
      'reasoning beside text',
      [delta({ content: 'a', reasoning_content: 'hm' })],
      [{ reasoning_content: 'hm' }, { content: 'a' }],
    ],
    ['a refusal', [delta({ refusal: 'no' })], [{ refusal: 'no' }]],
    [
      'a whole message instead of a delta',
      [JSON.stringify({ ...head, choices: [{ index: 0, message: { role: 'assistant', content: 'a' } }] })],
      [{ content: 'a' }],
    ],
    [
      'a whole message beside a delta',
      [
        JSON.stringify({
          ...head,
          choices: [{ index: 0, message: { role: 'assistant', content: 'ab' }, delta: { content: 'b' } }],
        }),
      ],
      [{ content: 'b' }],
    ],
    [
      'no index on the choice',
      [JSON.stringify({ ...head, choices: [{ delta: { content: 'a' } }] })],
      [{ content: 'a' }],
    ],
    [
      'choices that are nothing',
      [JSON.stringify({ ...head, choices: [null, 7, {}] }), delta({ content: 'a' })],
      [{ content: 'a' }],
    ],
  ])('%s', (_name, events, expected) => {
    const { chunks, last } = decode([...events, finish('stop'), '[DONE]'])
    expect(deltas(chunks)).toEqual([opening, ...expected, {}])
    expect(last.failure).toBeNull()
  })

  it('is split from a finish reason that came with it', () => {
    const { chunks } = decode([finish('stop', { content: 'a' }), '[DONE]'])
    expect(deltas(chunks)).toEqual([opening, { content: 'a' }, {}])
  })

  it('keeps log probabilities, filled to the full shape', () => {
    const given = { content: [{ token: 'a', logprob: -0.5, top_logprobs: [{ token: 'b', logprob: -1, bytes: [98] }] }] }
    const { chunks } = decode([delta({ content: 'a' }, { logprobs: given }), finish('stop'), '[DONE]'])
    expect(chunks[1]?.choices[0]?.logprobs).toEqual({
      content: [{ token: 'a', logprob: -0.5, bytes: null, top_logprobs: [{ token: 'b', logprob: -1, bytes: [98] }] }],
      refusal: null,
    })
  })

  it('leaves out log probabilities of another shape', () => {
    const given = { tokens: ['a'], token_logprobs: [-0.5] }
    const { chunks } = decode([delta({ content: 'a' }, { logprobs: given }), finish('stop'), '[DONE]'])
    expect(chunks[1]?.choices[0]?.logprobs).toBeNull()
  })

  it('gives sources once, before the end', () => {
    const sources = { citations: ['https://a.example'], search_results: [{ url: 'https://a.example', title: 'A' }] }
    const event = (fields: object, reason: string | null) =>
      JSON.stringify({ ...head, ...sources, choices: [{ index: 0, delta: fields, finish_reason: reason }] })
    const { chunks } = decode([event({ content: 'a' }, null), event({ content: '' }, 'stop')])
    expect(deltas(chunks)).toEqual([opening, { content: 'a' }, { citations: sources.search_results }, {}])
  })

  it("keeps annotations of OpenAI's kind", () => {
    const cited = {
      type: 'url_citation',
      url_citation: { start_index: 0, end_index: 1, url: 'https://a.example', title: 'A' },
    }
    const { chunks } = decode([delta({ annotations: [cited, { type: 'file', file: {} }] }), finish('stop'), '[DONE]'])
    expect(deltas(chunks)).toEqual([opening, { annotations: [cited] }, {}])
  })

  it('keeps several choices apart', () => {
    const event = (index: number, content: string, reason: string | null = null) =>
      JSON.stringify({ ...head, choices: [{ index, delta: { content }, finish_reason: reason }] })
    const both = JSON.stringify({
      ...head,
      choices: [
        { index: 1, delta: { content: 'y' } },
        { index: 0, delta: { content: 'b' } },
      ],
    })
    const { chunks } = decode([
      event(0, 'a'),
      event(1, 'x'),
      both,
      event(1, '', 'length'),
      event(0, '', 'stop'),
      '[DONE]',
    ])
    const { choices } = foldChunks(chunks)
    expect(choices.map((choice) => [choice.message.content, choice.finish_reason])).toEqual([
      ['ab', 'stop'],
      ['xy', 'length'],
    ])
  })
})

describe('the head of chunks', () => {
  it('is fixed by the first event with a choice; empty and zero are not said yet', () => {
    const empty = JSON.stringify({ id: '', object: '', created: 0, model: '', choices: [], prompt_filter_results: [] })
    const second = JSON.stringify({
      ...head,
      id: 'other',
      created: 5,
      model: 'm-2',
      choices: [{ index: 0, delta: { content: 'b' } }],
    })
    const { chunks, steps } = decode([empty, delta({ content: 'a' }), second, finish('stop'), '[DONE]'])
    expect(steps[0]?.chunks).toEqual([])
    expect(new Set(chunks.map((chunk) => `${chunk.id} ${chunk.created} ${chunk.model} ${chunk.object}`))).toEqual(
      new Set(['chatcmpl-1 1710000000 m-1 chat.completion.chunk']),
    )
  })

  it('is what was said first, even before any choice', () => {
    const first = JSON.stringify({ id: 'chatcmpl-0', choices: [] })
    const { chunks } = decode([first, finish('stop', { content: 'a' })])
    expect(chunks[0]).toMatchObject({ id: 'chatcmpl-0', created: head.created, model: head.model })
  })

  it('is filled when nothing was said', () => {
    const { chunks } = decode([
      JSON.stringify({ choices: [{ index: 0, delta: { content: 'a' }, finish_reason: 'stop' }] }),
    ])
    expect(chunks[0]).toMatchObject({ id: 'chatcmpl-fallback0001', created: 1_700_000_000, model: 'asked-model' })
  })

  it.each([
    ['a fingerprint', { system_fingerprint: 'fp' }, { system_fingerprint: 'fp' }],
    ['no null fingerprint', { system_fingerprint: null }, {}],
    ["a service tier of OpenAI's", { service_tier: 'default' }, { service_tier: 'default' }],
    ['no other service tier', { service_tier: 'on_demand' }, {}],
    ['padding', { obfuscation: 'abc' }, { obfuscation: 'abc' }],
    ["no vendor's own fields", { provider: 'x', native_finish_reason: 'y', p: 'abc' }, {}],
  ])('keeps %s', (_name, given, kept) => {
    const event = JSON.stringify({
      ...head,
      ...given,
      choices: [{ index: 0, delta: { content: 'a' }, finish_reason: 'stop' }],
    })
    const [first] = decode([event]).chunks
    const { id: _id, object: _object, created: _created, model: _model, choices: _choices, ...rest } = first ?? {}
    expect(rest).toEqual(kept)
  })
})

describe('the finish reason', () => {
  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'content_filter'],
    ['eos', 'stop'],
    ['eos_token', 'stop'],
    ['stop_sequence', 'stop'],
    ['end_turn', 'stop'],
    ['COMPLETE', 'stop'],
    ['model_length', 'length'],
    ['MAX_TOKENS', 'length'],
    ['sensitive', 'content_filter'],
    ['tool_calls', 'stop'],
    ['something_new', 'stop'],
  ])('%s of a text is %s', (native, expected) => {
    const outcome = decode([delta({ content: 'a' }), finish(native), '[DONE]'])
    expect(outcome.chunks.at(-1)?.choices[0]?.finish_reason).toBe(expected)
    expect(outcome.native).toBe(native)
  })

  it.each(['', 'null', null, 7])('%j is none', (none) => {
    const { chunks, last } = decode([
      delta({ content: 'a' }, { finish_reason: none }),
      delta({ content: 'b' }, { finish_reason: none }),
      finish('length'),
    ])
    expect(last.done).toBe(true)
    expect(foldChunks(chunks).choices[0]).toMatchObject({ message: { content: 'ab' }, finish_reason: 'length' })
  })

  it.each([
    ['stop', 'tool_calls'],
    ['tool_use', 'tool_calls'],
    ['eos', 'tool_calls'],
    ['length', 'length'],
    ['content_filter', 'content_filter'],
  ])('%s of a tool call is %s', (native, expected) => {
    const { chunks } = decode([named(0, 'a', 'f', '{}'), finish(native), '[DONE]'])
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe(expected)
  })

  it.each(['error', 'ERROR', 'network_error', 'insufficient_system_resource', 'abort'])('%s is a failure', (native) => {
    const { last, native: told } = decode([delta({ content: 'a' }), finish(native), '[DONE]'])
    expect(last.failure).toMatchObject({ class: 'server_error', code: native, status: 200 })
    expect(told).toBe(native)
  })

  it('is given once, and nothing after it', () => {
    const events = [
      delta({ content: 'a' }),
      finish('stop'),
      finish('stop', { content: 'late' }),
      delta({ role: 'assistant', content: 'late' }),
      '[DONE]',
    ]
    const { chunks } = decode(events)
    expect(deltas(chunks)).toEqual([opening, { content: 'a' }, {}])
  })

  it("is the model's own word where the provider passes it on", () => {
    const { native } = decode([
      delta({ content: 'a' }),
      delta({}, { finish_reason: 'stop', native_finish_reason: 'end_turn' }),
      '[DONE]',
    ])
    expect(native).toBe('end_turn')
  })

  it('may be missing when the provider says that it is done', () => {
    const { chunks, last } = decode([delta({ content: 'a' }), '[DONE]'])
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop')
    expect(last.done).toBe(true)
    const { chunks: tools } = decode([named(0, 'a', 'f'), '[DONE]'])
    expect(tools.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls')
  })
})

const counted = { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 }
const usageAlone = JSON.stringify({ ...head, choices: [], usage: counted })

describe('usage', () => {
  it.each<[string, readonly string[]]>([
    ['in a chunk of its own', [delta({ content: 'a' }), finish('stop'), usageAlone, '[DONE]']],
    [
      'inside the choice',
      [
        delta({ content: 'a' }),
        JSON.stringify({ ...head, choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage: counted }] }),
        '[DONE]',
      ],
    ],
    [
      'beside the finish reason',
      [
        delta({ content: 'a' }),
        JSON.stringify({ ...head, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: counted }),
        '[DONE]',
      ],
    ],
    [
      'after the finish reason, with a choice',
      [
        delta({ content: 'a' }),
        finish('stop'),
        JSON.stringify({ ...head, choices: [{ index: 0, delta: { role: 'assistant', content: '' } }], usage: counted }),
        '[DONE]',
      ],
    ],
    [
      'null before, then given',
      [
        JSON.stringify({ ...head, usage: null, choices: [{ index: 0, delta: { content: 'a' } }] }),
        finish('stop'),
        usageAlone,
        '[DONE]',
      ],
    ],
    [
      'on every event, growing',
      [
        JSON.stringify({
          ...head,
          usage: { ...counted, completion_tokens: 1, total_tokens: 6 },
          choices: [{ index: 0, delta: { content: 'a' } }],
        }),
        JSON.stringify({ ...head, usage: counted, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
      ],
    ],
    ['without an end mark', [delta({ content: 'a' }), finish('stop'), usageAlone]],
    [
      'before the end mark, then empty',
      [
        delta({ content: 'a' }),
        finish('stop'),
        usageAlone,
        JSON.stringify({ ...head, choices: [], usage: {} }),
        '[DONE]',
      ],
    ],
  ])('%s: once, last, exactly when asked', (_name, events) => {
    const asked = decode(events, { includeUsage: true })
    const withUsage = asked.chunks.filter((chunk) => chunk.usage !== null && chunk.usage !== undefined)
    expect(withUsage).toEqual([asked.chunks.at(-1)])
    expect(withUsage[0]).toMatchObject({ choices: [], usage: counted })
    expect(asked.chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true)
    const unasked = decode(events)
    expect(unasked.chunks.every((chunk) => chunk.usage === undefined)).toBe(true)
    for (const { usage } of [asked, unasked]) expect(usage).toMatchObject({ inputTokens: 5, outputTokens: 3 })
  })

  it('is not made up when the provider gives none', () => {
    const { chunks, usage } = decode([delta({ content: 'a' }), finish('stop'), '[DONE]'], { includeUsage: true })
    expect(usage).toBeNull()
    expect(chunks.every((chunk) => chunk.usage === null)).toBe(true)
  })

  it('is known while the stream runs, for a caller that hangs up', () => {
    const decoder = openStream(context)
    decoder.push(JSON.stringify({ ...head, usage: counted, choices: [{ index: 0, delta: { content: 'a' } }] }), null)
    expect(decoder.usage()).toEqual({ inputTokens: 5, outputTokens: 3, cachedTokens: 0, reasoningTokens: 0 })
  })

  it("is found under a provider's own field, by its quirk", () => {
    const own = JSON.stringify({
      ...head,
      choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
      x_own: { id: 'r', usage: counted },
    })
    const events = [delta({ content: 'a' }), own, '[DONE]']
    expect(decode(events).usage).toBeNull()
    expect(decode(events, { quirks: { streamExtension: 'x_own' } }).usage).toMatchObject({ inputTokens: 5 })
  })
})

describe('failures', () => {
  it.each<[string, readonly string[], string, string]>([
    [
      'an error object',
      [JSON.stringify({ error: { message: 'Overloaded', type: 'overloaded_error', code: null } })],
      'server_error',
      'Overloaded',
    ],
    [
      'an error beside choices',
      [
        JSON.stringify({
          ...head,
          error: { code: 502, message: 'Bad gateway' },
          choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
        }),
      ],
      'server_error',
      'Bad gateway',
    ],
    [
      'an error as text',
      [JSON.stringify({ error: 'out of memory', error_type: 'generation' })],
      'server_error',
      'out of memory',
    ],
    [
      'an error without envelope',
      [JSON.stringify({ object: 'error', message: 'gone', type: 'InternalServerError', code: 500 })],
      'server_error',
      'gone',
    ],
    ['an error in a list', [JSON.stringify([{ error: { code: 429, message: 'slow' } }])], 'rate_limited', 'slow'],
    [
      'an error in a choice',
      [JSON.stringify({ ...head, choices: [{ index: 0, delta: {}, error: { code: 502, message: 'lost' } }] })],
      'server_error',
      'lost',
    ],
    ['a rate limit by its number', [JSON.stringify({ error: { message: 'x', code: 429 } })], 'rate_limited', 'x'],
    [
      'a rate limit by its name',
      [JSON.stringify({ error: { message: 'x', code: 'rate_limit_exceeded' } })],
      'rate_limited',
      'x',
    ],
    [
      'a used-up balance',
      [JSON.stringify({ error: { message: 'Insufficient credits', code: 402 } })],
      'quota',
      'Insufficient',
    ],
    ['an error as bare text', ['"upstream is gone"'], 'server_error', 'upstream is gone'],
    [
      'an error where the choices are null',
      [JSON.stringify({ choices: null, message: 'Too many requests', code: 429 })],
      'rate_limited',
      'Too many',
    ],
    ['rubbish', ['{"choices": [{"delta": {"con'], 'server_error', 'not JSON'],
    ['a number', ['7'], 'server_error', 'not JSON'],
    ['an end without a beginning', ['[DONE]'], 'server_error', 'empty answer'],
    ['a role and no more', [delta({ role: 'assistant', content: '' }), '[DONE]'], 'server_error', 'empty answer'],
    ['usage and no more', [usageAlone, '[DONE]'], 'server_error', 'empty answer'],
    ['no bytes', [' '], 'server_error', 'empty answer'],
    ['an end in the middle', [delta({ content: 'a' })], 'server_error', 'before the answer was complete'],
    [
      'one choice of two unfinished',
      [finish('stop', { content: 'a' }), JSON.stringify({ ...head, choices: [{ index: 1, delta: { content: 'x' } }] })],
      'server_error',
      'before the answer was complete',
    ],
  ])('%s', (_name, events, failureClass, words) => {
    const { last } = decode(events)
    expect(last.done).toBe(false)
    expect(last.failure).toMatchObject({ class: failureClass, status: 200 })
    expect(last.failure?.message).toContain(words)
  })

  it('after content keep what came before, and end the stream', () => {
    const decoder = openStream(context)
    decoder.push(delta({ content: 'a' }), null)
    const step = decoder.push(JSON.stringify({ error: { message: 'boom' } }), null)
    expect(step).toMatchObject({ chunks: [], done: false, failure: { message: 'boom' } })
    expect(decoder.push(delta({ content: 'b' }), null)).toMatchObject({ chunks: [], failure: { message: 'boom' } })
    expect(decoder.end()).toMatchObject({ chunks: [], done: false, failure: { message: 'boom' } })
  })

  it('come as a named event in plain words', () => {
    const step = openStream(context).push('the worker was lost', 'error')
    expect(step.failure).toMatchObject({ class: 'server_error', status: 200, message: 'the worker was lost' })
  })

  it('come as a named event too', () => {
    const decoder = openStream(context)
    expect(decoder.push(JSON.stringify({ message: 'boom', choices: [] }), 'error').failure?.message).toBe('boom')
  })

  it("come under a provider's own field", () => {
    const event = JSON.stringify({ ...head, choices: [{ index: 0, delta: {} }], x_own: { error: 'over capacity' } })
    expect(decode([event], { quirks: { streamExtension: 'x_own' } }).last.failure?.message).toBe('over capacity')
  })

  it('never show a key', () => {
    const { last } = decode([
      JSON.stringify({ error: { message: 'bad: sk-abcdefghijklmnop1234', code: 'invalid_api_key' } }),
    ])
    expect(last.failure).toMatchObject({ class: 'misconfigured', message: 'bad: [removed]' })
  })
})

describe('steps', () => {
  it('say when there is something to see', () => {
    const { steps } = decode([
      JSON.stringify({ ...head, choices: [] }),
      delta({ role: 'assistant', content: '' }),
      delta({ reasoning_content: 'hm' }),
      delta({ content: 'a' }),
      delta({}),
      finish('stop'),
      usageAlone,
      '[DONE]',
    ])
    expect(steps.map((step) => step.content)).toEqual([false, false, true, true, false, true, false, false])
    expect(steps.map((step) => step.done)).toEqual([false, false, false, false, false, false, false, true])
  })

  it.each([
    ['a tool call', named(0, 'a', 'f')],
    ['a refusal', delta({ refusal: 'no' })],
    ['a function call', delta({ function_call: { name: 'f', arguments: '' } })],
    ['a bare finish reason', finish('stop')],
  ])('count %s as something to see', (_name, event) => {
    expect(openStream(context).push(event, null).content).toBe(true)
  })

  it('take nothing after the end', () => {
    const decoder = openStream(context)
    decoder.push(finish('stop', { content: 'a' }), null)
    expect(decoder.push('[DONE] ', null).done).toBe(true)
    expect(decoder.push(delta({ content: 'b' }), null)).toMatchObject({ chunks: [], done: true })
    expect(decoder.end()).toMatchObject({ chunks: [], done: true, failure: null })
  })
})

describe('several choices', () => {
  const first = finish('stop', { content: 'a' })

  it('a stream that ends without [DONE] before the last of them began was cut', () => {
    const decoder = openStream({ ...context, choices: 2 })
    decoder.push(first, null)
    expect(decoder.end()).toMatchObject({ failure: { class: 'server_error' }, done: false })
  })

  it('and one that says [DONE] is whole, whatever was asked for', () => {
    const decoder = openStream({ ...context, choices: 2 })
    decoder.push(first, null)
    expect(decoder.push('[DONE]', null)).toMatchObject({ failure: null, done: true })
  })
})
