/** One table row a quirk: what some vendor answers, what a client gets. */
import { describe, expect, it } from 'vitest'
import type { ChatCompletion } from '../../../../schemas/index.ts'
import { validateChatCompletion } from '../../../../schemas/validate-chat-completion.ts'
import type { DecodeContext } from '../dialect.ts'
import { noQuirks } from '../quirks.ts'
import { decode } from './decode.ts'

const context: DecodeContext = {
  fallbackId: 'chatcmpl-fallback0001',
  createdSeconds: 1_700_000_000,
  model: 'asked-model',
  includeUsage: false,
  quirks: noQuirks,
}

const head = { id: 'chatcmpl-1', object: 'chat.completion', created: 1_710_000_000, model: 'm-1' }

function reply(message: unknown, choice: Record<string, unknown> = {}, top: Record<string, unknown> = {}): string {
  return JSON.stringify({ ...head, choices: [{ index: 0, message, finish_reason: 'stop', ...choice }], ...top })
}

function answer(body: string) {
  const decoded = decode(body, context)
  if ('failure' in decoded) throw new Error(decoded.failure.message)
  expect(validateChatCompletion(decoded.completion)).toMatchObject({ valid: true })
  return decoded
}

function choiceOf(body: string): ChatCompletion['choices'][number] {
  const [choice] = answer(body).completion.choices
  if (choice === undefined) throw new Error('no choice')
  return choice
}

describe('choices', () => {
  const said = (content: string, index?: unknown) => ({ index, message: { content }, finish_reason: 'stop' })
  const numbersOf = (...choices: object[]) =>
    answer(JSON.stringify({ ...head, choices })).completion.choices.map(({ index, message }) => [
      index,
      message.content,
    ])

  it('of one number are numbered on', () => {
    expect(numbersOf(said('a', 0), said('b', 0), said('c', 0))).toEqual([
      [0, 'a'],
      [1, 'b'],
      [2, 'c'],
    ])
    expect(numbersOf(said('a', 1), said('b', 1), said('c', 3), said('d', 3))).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
      [4, 'd'],
    ])
    expect(numbersOf(said('a', 1), said('b'), said('c', null))).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ])
  })
})

describe('the message', () => {
  it.each<[string, unknown, Record<string, unknown>]>([
    ['text', { role: 'assistant', content: 'a' }, { content: 'a' }],
    ['no refusal and no role', { content: 'a' }, { content: 'a' }],
    ['null content', { content: null }, { content: null }],
    ['no content', { role: 'assistant' }, { content: null }],
    [
      'content as parts',
      {
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      { content: 'ab' },
    ],
    [
      'thinking parts',
      {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'h' }], closed: true },
          { type: 'text', text: 'a' },
        ],
      },
      { content: 'a', reasoning_content: 'h' },
    ],
    ['thinking as text', { content: [{ type: 'thinking', thinking: 'h' }] }, { content: '', reasoning_content: 'h' }],
    ['reasoning_content', { content: 'a', reasoning_content: 'h' }, { content: 'a', reasoning_content: 'h' }],
    ['reasoning', { content: 'a', reasoning: 'h', reasoning_details: [{}] }, { content: 'a', reasoning_content: 'h' }],
    ['reasoning_text', { content: 'a', reasoning_text: 'h' }, { content: 'a', reasoning_content: 'h' }],
    ['empty reasoning', { content: 'a', reasoning_content: '', reasoning: null }, { content: 'a' }],
    ['a refusal', { content: null, refusal: 'no' }, { content: null, refusal: 'no' }],
    ['null calls', { content: 'a', tool_calls: null, function_call: null }, { content: 'a' }],
    ['no calls', { content: 'a', tool_calls: [] }, { content: 'a' }],
    ['empty annotations', { content: 'a', annotations: [] }, { content: 'a', annotations: [] }],
    ['sources', { content: 'a', citations: ['https://a.example'] }, { content: 'a', citations: ['https://a.example'] }],
    [
      'audio',
      { content: null, audio: { id: 'x', data: 'AA', transcript: 't', expires_at: 5 } },
      { content: null, audio: { id: 'x', data: 'AA', transcript: 't', expires_at: 5 } },
    ],
    ['half of an audio', { content: 'a', audio: { id: 'x' } }, { content: 'a' }],
    [
      'signed reasoning',
      { content: 'a', reasoning_details: [{ type: 'reasoning.text', text: 't', signature: 's', index: 0, x: 1 }, {}] },
      { content: 'a', reasoning_details: [{ type: 'reasoning.text', text: 't', signature: 's', index: 0 }] },
    ],
    ['no signed reasoning', { content: 'a', reasoning_details: [] }, { content: 'a' }],
    ["a vendor's own fields", { content: 'a', parsed: {}, prefix: false }, { content: 'a' }],
  ])('%s', (_name, message, expected) => {
    expect(choiceOf(reply(message)).message).toEqual({ role: 'assistant', refusal: null, ...expected })
  })

  it("keeps annotations of OpenAI's kind, titles filled", () => {
    const url = 'https://a.example/x?y=1'
    const annotations = [
      { type: 'url_citation', url_citation: { start_index: 0, end_index: 1, url, title: 'A', content: 'long' } },
      { type: 'url_citation', url_citation: { start_index: 0, end_index: 1, url } },
      { type: 'url_citation', url_citation: { start_index: 0, end_index: 1, url: 'not a url', title: 'B' } },
      { type: 'file', file: {} },
    ]
    expect(choiceOf(reply({ content: 'a', annotations })).message.annotations).toEqual([
      { type: 'url_citation', url_citation: { start_index: 0, end_index: 1, url, title: 'A' } },
      { type: 'url_citation', url_citation: { start_index: 0, end_index: 1, url, title: '' } },
    ])
  })

  it('takes sources that stand beside the choices, the richer list first', () => {
    const citations = ['https://a.example']
    const results = [{ url: 'https://a.example', title: 'A' }]
    expect(choiceOf(reply({ content: 'a' }, {}, { citations })).message.citations).toEqual(citations)
    expect(choiceOf(reply({ content: 'a' }, {}, { citations, search_results: results })).message.citations).toEqual(
      results,
    )
  })
})

describe('the choice', () => {
  it('is made whole', () => {
    expect(choiceOf(JSON.stringify({ ...head, choices: [{ message: { content: 'a' } }] }))).toEqual({
      index: 0,
      message: { role: 'assistant', content: 'a', refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    })
  })

  it("leaves the vendor's own fields behind", () => {
    const body = reply(
      { content: 'a' },
      { content_filter_results: {}, native_finish_reason: 'end', delta: { content: '' } },
    )
    expect(Object.keys(choiceOf(body)).sort()).toEqual(['finish_reason', 'index', 'logprobs', 'message'])
  })

  it('keeps log probabilities', () => {
    const logprobs = { content: [{ token: 'a', logprob: -1, bytes: [97], top_logprobs: [] }], refusal: null }
    expect(choiceOf(reply({ content: 'a' }, { logprobs })).logprobs).toEqual(logprobs)
    expect(choiceOf(reply({ content: 'a' }, { logprobs: { content: null } })).logprobs).toBeNull()
  })

  it.each([
    ['stop', 'stop'],
    ['eos', 'stop'],
    ['length', 'length'],
    ['model_length', 'length'],
    ['content_filter', 'content_filter'],
    ['sensitive', 'content_filter'],
    ['tool_calls', 'stop'],
    [null, 'stop'],
    ['', 'stop'],
    ['null', 'stop'],
  ])('stops by %s as %s', (native, expected) => {
    const body = reply({ content: 'a' }, { finish_reason: native })
    expect(choiceOf(body).finish_reason).toBe(expected)
    expect(answer(body).nativeFinishReason).toBe(native === '' || native === 'null' ? null : native)
  })

  it("tells the model's own reason where the provider passes it on", () => {
    expect(answer(reply({ content: 'a' }, { native_finish_reason: 'end_turn' })).nativeFinishReason).toBe('end_turn')
  })

  it('may be one of several', () => {
    const choices = [1, 0].map((index) => ({ index, message: { content: String(index) }, finish_reason: 'stop' }))
    const { completion } = answer(JSON.stringify({ ...head, choices }))
    expect(completion.choices.map((choice) => [choice.index, choice.message.content])).toEqual([
      [1, '1'],
      [0, '0'],
    ])
  })
})

describe('tools', () => {
  it.each<[string, readonly unknown[], readonly unknown[]]>([
    [
      'as OpenAI sends them',
      [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }],
      [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }],
    ],
    [
      'without type, with index',
      [{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }],
      [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
    ],
    [
      'with arguments as an object',
      [{ id: 'a', function: { name: 'f', arguments: { x: 1 } } }],
      [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }],
    ],
    [
      'with empty arguments',
      [{ id: 'a', function: { name: 'f', arguments: '' } }],
      [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
    ],
    [
      'with null arguments',
      [{ id: 'a', function: { name: 'f', arguments: null } }],
      [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
    ],
    [
      'without arguments',
      [{ id: 'a', function: { name: 'f' } }],
      [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
    ],
    [
      'with arguments that do not parse',
      [{ id: 'a', function: { name: 'f', arguments: '{"x":' } }],
      [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":' } }],
    ],
    [
      'without id',
      [{ function: { name: 'f', arguments: '{}' } }],
      [{ id: 'call_chatcmpl1_0_0', type: 'function', function: { name: 'f', arguments: '{}' } }],
    ],
    [
      'with one id twice',
      [
        { id: 'a', function: { name: 'f' } },
        { id: 'a', function: { name: 'g' } },
      ],
      [
        { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } },
        { id: 'call_chatcmpl1_0_1', type: 'function', function: { name: 'g', arguments: '{}' } },
      ],
    ],
    [
      'of the custom kind',
      [{ id: 'a', type: 'custom', custom: { name: 'f', input: 'x y' } }],
      [{ id: 'a', type: 'custom', custom: { name: 'f', input: 'x y' } }],
    ],
  ])('%s', (_name, calls, expected) => {
    const choice = choiceOf(reply({ content: null, tool_calls: calls }))
    expect(choice.message.tool_calls).toEqual(expected)
    expect(choice.finish_reason).toBe('tool_calls')
  })

  it('of the older form', () => {
    const choice = choiceOf(reply({ content: null, function_call: { name: 'f', arguments: '' } }))
    expect(choice).toMatchObject({
      message: { function_call: { name: 'f', arguments: '{}' } },
      finish_reason: 'function_call',
    })
  })

  it('cut by length stay cut', () => {
    const calls = [{ id: 'a', function: { name: 'f', arguments: '{"x":' } }]
    expect(choiceOf(reply({ tool_calls: calls }, { finish_reason: 'length' })).finish_reason).toBe('length')
  })
})

describe('the head', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    [
      'nothing said',
      { id: undefined, created: undefined, model: undefined, object: undefined },
      { id: 'chatcmpl-fallback0001', created: 1_700_000_000, model: 'asked-model' },
    ],
    [
      'nulls',
      { id: null, created: null, model: null, object: null },
      { id: 'chatcmpl-fallback0001', created: 1_700_000_000, model: 'asked-model' },
    ],
    ['a fraction of a second', { created: 1_710_000_000.7 }, { created: 1_710_000_000 }],
    ['a fingerprint', { system_fingerprint: 'fp' }, { system_fingerprint: 'fp' }],
    ['a null fingerprint', { system_fingerprint: null }, {}],
    ['a service tier', { service_tier: 'priority' }, { service_tier: 'priority' }],
    ['another service tier', { service_tier: 'on_demand' }, {}],
    ["a vendor's own fields", { provider: 'x', x_own: {}, request_id: 'y', prompt: [] }, {}],
  ])('%s', (_name, given, expected) => {
    const { choices: _choices, ...rest } = answer(reply({ content: 'a' }, {}, given)).completion
    expect(rest).toEqual({ ...head, ...expected })
  })
})

describe('usage', () => {
  const details = (cached: number, reasoning: number) => ({ cachedTokens: cached, reasoningTokens: reasoning })

  it.each<[string, unknown, Record<string, unknown>]>([
    [
      'as OpenAI counts',
      {
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 15,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 2 },
      },
      { inputTokens: 10, outputTokens: 5, ...details(4, 2) },
    ],
    [
      'with little said',
      { prompt_tokens: 10, completion_tokens: 5 },
      { inputTokens: 10, outputTokens: 5, ...details(0, 0) },
    ],
    [
      'with null details',
      { prompt_tokens: 10, completion_tokens: 5, prompt_tokens_details: null },
      { inputTokens: 10, outputTokens: 5, ...details(0, 0) },
    ],
    [
      'with cache hits apart',
      { prompt_tokens: 10, completion_tokens: 5, prompt_cache_hit_tokens: 7, prompt_cache_miss_tokens: 3 },
      { inputTokens: 10, outputTokens: 5, ...details(7, 0) },
    ],
    [
      'with cached tokens at the top',
      { prompt_tokens: 10, completion_tokens: 5, cached_tokens: 7 },
      { inputTokens: 10, outputTokens: 5, ...details(7, 0) },
    ],
    [
      'with more cached than there is',
      { prompt_tokens: 10, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 12 } },
      { inputTokens: 10, outputTokens: 5, ...details(10, 0) },
    ],
    [
      'with reasoning beside the completion',
      {
        prompt_tokens: 12,
        completion_tokens: 1,
        total_tokens: 303,
        completion_tokens_details: { reasoning_tokens: 290 },
      },
      { inputTokens: 12, outputTokens: 291, ...details(0, 290) },
    ],
    [
      'with reasoning at the top',
      { prompt_tokens: 10, completion_tokens: 5, reasoning_tokens: 3 },
      { inputTokens: 10, outputTokens: 5, ...details(0, 3) },
    ],
    [
      'with a wrong total',
      { prompt_tokens: 10, completion_tokens: 5, total_tokens: 99 },
      { inputTokens: 10, outputTokens: 5, ...details(0, 0) },
    ],
    [
      'with a total and one part',
      { completion_tokens: 5, total_tokens: 15 },
      { inputTokens: 10, outputTokens: 5, ...details(0, 0) },
    ],
    [
      'with the prompt alone',
      { prompt_tokens: 10, total_tokens: 15 },
      { inputTokens: 10, outputTokens: 5, ...details(0, 0) },
    ],
    [
      'in the newer words',
      {
        input_tokens: 10,
        output_tokens: 5,
        input_tokens_details: { cached_tokens: 4 },
        output_tokens_details: { reasoning_tokens: 2 },
      },
      { inputTokens: 10, outputTokens: 5, ...details(4, 2) },
    ],
  ])('%s', (_name, usage, tokens) => {
    const { completion, usage: counted } = answer(reply({ content: 'a' }, {}, { usage }))
    expect(counted).toEqual(tokens)
    expect(completion.usage).toMatchObject({
      prompt_tokens: tokens['inputTokens'],
      completion_tokens: tokens['outputTokens'],
      total_tokens: Number(tokens['inputTokens']) + Number(tokens['outputTokens']),
      prompt_tokens_details: { cached_tokens: tokens['cachedTokens'] },
      completion_tokens_details: { reasoning_tokens: tokens['reasoningTokens'] },
    })
  })

  it("keeps OpenAI's other counts and nobody else's", () => {
    const usage = {
      prompt_tokens: 10,
      completion_tokens: 5,
      cost: 0.1,
      queue_time: 3,
      prompt_tokens_details: { audio_tokens: 1, video_tokens: 2, cached_tokens: 0 },
      completion_tokens_details: { accepted_prediction_tokens: 1, rejected_prediction_tokens: 2, image_tokens: 3 },
    }
    expect(answer(reply({ content: 'a' }, {}, { usage })).completion.usage).toEqual({
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 15,
      prompt_tokens_details: { audio_tokens: 1, cached_tokens: 0 },
      completion_tokens_details: { accepted_prediction_tokens: 1, rejected_prediction_tokens: 2, reasoning_tokens: 0 },
    })
  })

  it.each([undefined, null, {}, 'many', { prompt_tokens: null, completion_tokens: null }, { prompt_tokens: '10' }])(
    'is left out when nothing is counted: %j',
    (usage) => {
      const { completion, usage: counted } = answer(reply({ content: 'a' }, {}, { usage }))
      expect(counted).toBeNull()
      expect('usage' in completion).toBe(false)
    },
  )
})

describe('failures inside a 200', () => {
  it.each<[string, string, string, string]>([
    ['an error object', JSON.stringify({ error: { message: 'boom', type: 'server_error' } }), 'server_error', 'boom'],
    [
      'an error with a status for code',
      JSON.stringify({ error: { message: 'timed out', code: 504 } }),
      'server_error',
      'timed out',
    ],
    ['a rate limit', JSON.stringify({ error: { message: 'slow', code: 429 } }), 'rate_limited', 'slow'],
    [
      "the caller's mistake",
      JSON.stringify({ error: { message: 'temperature must be at most 2', code: 400 } }),
      'invalid_request',
      'temperature',
    ],
    ['an error as text', JSON.stringify({ error: 'boom' }), 'server_error', 'boom'],
    ['a text', JSON.stringify('boom'), 'server_error', 'boom'],
    [
      'an error without envelope',
      JSON.stringify({ object: 'error', message: 'boom', code: 500 }),
      'server_error',
      'boom',
    ],
    ['a detail', JSON.stringify({ detail: 'boom' }), 'server_error', 'boom'],
    ['an error in a list', JSON.stringify([{ error: { message: 'boom' } }]), 'server_error', 'boom'],
    [
      'an error beside choices',
      JSON.stringify({ ...head, choices: [{ message: { content: '' } }], error: { message: 'boom' } }),
      'server_error',
      'boom',
    ],
    [
      'an error in a choice',
      JSON.stringify({ ...head, choices: [{ message: { content: '' }, error: { message: 'boom', code: 502 } }] }),
      'server_error',
      'boom',
    ],
    [
      'a breakdown for finish reason',
      reply({ content: 'a' }, { finish_reason: 'insufficient_system_resource' }),
      'server_error',
      'insufficient_system_resource',
    ],
    ['finish reason error', reply({ content: 'a' }, { finish_reason: 'error' }), 'server_error', 'error'],
    ['no choices', JSON.stringify({ ...head, choices: [] }), 'server_error', 'empty answer'],
    ['null choices', JSON.stringify({ ...head, choices: null }), 'server_error', 'empty answer'],
    [
      'neither message nor reason',
      JSON.stringify({ ...head, choices: [{ index: 0 }] }),
      'server_error',
      'empty answer',
    ],
    ['nothing', '', 'server_error', 'not JSON'],
    ['a page', '<html><title>Welcome</title></html>', 'server_error', 'not JSON'],
    ['half an answer', reply({ content: 'a' }).slice(0, -5), 'server_error', 'not JSON'],
    ['another document', '{"object": "list", "data": []}', 'server_error', 'empty answer'],
    ['a number', '7', 'server_error', 'not a chat completion'],
    [
      'a call to nothing',
      reply({ tool_calls: [{ id: 'a', function: { arguments: '{}' } }] }),
      'server_error',
      'without a name',
    ],
  ])('%s', (_name, body, failureClass, words) => {
    const decoded = decode(body, context)
    if (!('failure' in decoded)) throw new Error('taken for an answer')
    expect(decoded.failure).toMatchObject({ class: failureClass, status: 200 })
    expect(decoded.failure.message).toContain(words)
  })

  it('a clean stop with empty text is an answer', () => {
    expect(choiceOf(reply({ content: '' })).message.content).toBe('')
  })

  it('a bare finish reason is an answer', () => {
    const body = JSON.stringify({ ...head, choices: [{ index: 0, finish_reason: 'content_filter' }] })
    expect(choiceOf(body)).toMatchObject({ finish_reason: 'content_filter', message: { content: null } })
  })

  it('an error that is null is none', () => {
    expect(choiceOf(reply({ content: 'a' }, {}, { error: null })).message.content).toBe('a')
  })
})
