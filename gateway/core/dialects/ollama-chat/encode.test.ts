import { describe, expect, it } from 'vitest'
import type { ChatCompletionRequest, RequestContentPart, RequestMessage } from '../../../../schemas/index.ts'
import { encodeRequest, fieldsToEncode } from '../encode-request.ts'
import type { TargetSpec } from '../testing/encode.ts'
import { encoded, targetOf } from '../testing/encode.ts'
import { ollamaChat } from './index.ts'

const user: RequestMessage = { role: 'user', content: 'Hello.' }

function bodyOf(fields: Partial<ChatCompletionRequest>, spec: TargetSpec = {}): Record<string, unknown> {
  const request = { model: 'asked-model', messages: [user], ...fields }
  const before = JSON.stringify(request)
  const { body, sourceFrom, headers } = encoded(ollamaChat, request, spec)
  expect(JSON.stringify(request)).toBe(before)
  expect([sourceFrom, headers]).toEqual([null, null])
  return JSON.parse(body) as Record<string, unknown>
}

function failureOf(fields: Partial<ChatCompletionRequest>): { class: string; param: string | null; message: string } {
  const request = { model: 'asked-model', messages: [user], ...fields }
  const result = encodeRequest(ollamaChat, fieldsToEncode(request), targetOf(ollamaChat, {}))
  if (!('failure' in result)) throw new Error('it was expressed')
  return result.failure
}

const messagesOf = (...messages: RequestMessage[]) => bodyOf({ messages })['messages']
const messageOf = (message: RequestMessage) => (messagesOf(message) as unknown[])[0]
const optionsOf = (fields: Partial<ChatCompletionRequest>, spec: TargetSpec = {}) => bodyOf(fields, spec)['options']

describe('what is always said', () => {
  it('is whether to stream, and that nothing is to be cut off silently', () => {
    expect(bodyOf({})).toEqual({
      model: 'target-model',
      messages: [user],
      truncate: false,
      shift: false,
      stream: false,
    })
    expect(bodyOf({ stream: true, stream_options: { include_usage: true } })['stream']).toBe(true)
  })

  it.each(['truncate', 'shift'])('unless the caller or the operator says so: %s', (name) => {
    expect(bodyOf({ [name]: true })[name]).toBe(true)
    expect(bodyOf({}, { parameters: { [name]: true } })[name]).toBe(true)
    expect(bodyOf({ [name]: false }, { parameters: { [name]: true } })[name]).toBe(false)
  })
})

describe('options', () => {
  it('are left out when there are none', () => {
    expect(bodyOf({})).not.toHaveProperty('options')
    expect(bodyOf({ temperature: null, stop: [], options: null })).not.toHaveProperty('options')
  })

  it.each<[Partial<ChatCompletionRequest>, Record<string, unknown>]>([
    [{ temperature: 0 }, { temperature: 0 }],
    [{ temperature: 1 }, { temperature: 1 }],
    [{ stop: 'END' }, { stop: ['END'] }],
    [{ stop: ['a', 'b'] }, { stop: ['a', 'b'] }],
    [{ max_tokens: 5 }, { num_predict: 5 }],
    [{ max_tokens: 5, max_completion_tokens: 7 }, { num_predict: 7 }],
    [
      { num_ctx: 100, min_p: 0.1 },
      { num_ctx: 100, min_p: 0.1 },
    ],
    [{ temperature: 0.7, options: { temperature: 0.1 } }, { temperature: 0.1 }],
    [
      { max_tokens: 5, options: { num_predict: 9, custom: [1] } },
      { num_predict: 9, custom: [1] },
    ],
  ])('%j', (fields, options) => {
    expect(optionsOf(fields)).toEqual(options)
  })

  it("take the operator's where the caller says nothing", () => {
    const parameters = { options: { num_ctx: 8192, min_p: 0.1 }, temperature: 0.3 }
    expect(optionsOf({}, { parameters })).toEqual({ num_ctx: 8192, min_p: 0.1, temperature: 0.3 })
    expect(optionsOf({ min_p: 0.2 }, { parameters })).toMatchObject({ min_p: 0.2, num_ctx: 8192 })
    expect(optionsOf({ options: { min_p: 0.2 }, temperature: 0.9 }, { parameters })).toEqual({
      num_ctx: 8192,
      min_p: 0.2,
      temperature: 0.9,
    })
  })

  it.each<[string, TargetSpec, number]>([
    ["the catalogue's", { contextWindow: 4096 }, 4096],
    ["the operator's before it", { contextWindow: 4096, parameters: { options: { num_ctx: 8192 } } }, 8192],
  ])('the window is %s, and a ceiling', (_title, spec, window) => {
    expect(optionsOf({}, spec)).toEqual({ num_ctx: window })
    expect(optionsOf({ options: { num_ctx: 131_072 } }, spec)).toEqual({ num_ctx: window })
    expect(optionsOf({ num_ctx: 131_072 }, spec)).toEqual({ num_ctx: window })
    expect(optionsOf({ options: { num_ctx: 2048 } }, spec)).toEqual({ num_ctx: 2048 })
    expect(optionsOf({ options: { num_ctx: 'all' } }, spec)).toEqual({ num_ctx: window })
  })

  it('a ceiling on the answer holds under every name', () => {
    const parameters = { max_tokens: 100 }
    expect(optionsOf({}, { parameters })).toEqual({ num_predict: 100 })
    expect(optionsOf({ max_completion_tokens: 500 }, { parameters })).toEqual({ num_predict: 100 })
    for (const asked of [500, -1, -2, 'all']) {
      expect(optionsOf({ options: { num_predict: asked } }, { parameters })).toEqual({ num_predict: 100 })
      expect(optionsOf({ num_predict: asked }, { parameters })).toEqual({ num_predict: 100 })
    }
    expect(optionsOf({ options: { num_predict: 50 } }, { parameters })).toEqual({ num_predict: 50 })
    expect(optionsOf({ options: { num_predict: -1 } })).toEqual({ num_predict: -1 })
  })

  it('how the model is loaded is for the operator to say', () => {
    const parameters = { options: { num_gpu: 32, repeat_penalty: 1.1 } }
    const asked = { options: { num_gpu: 0, num_thread: 2, repeat_penalty: 1.3 } }
    expect(optionsOf(asked, { parameters })).toEqual({ num_gpu: 32, num_thread: 2, repeat_penalty: 1.3 })
  })

  it('must be an object', () => {
    expect(failureOf({ options: 7 })).toMatchObject({ class: 'invalid_request', param: 'options' })
  })
})

describe('thinking', () => {
  it.each([
    ['none', false],
    ['minimal', 'low'],
    ['low', 'low'],
    ['medium', 'medium'],
    ['high', 'high'],
    ['xhigh', 'high'],
  ])('an effort of %s is %j', (effort, think) => {
    expect(bodyOf({ reasoning_effort: effort })['think']).toBe(think)
  })

  it("the API's own word comes first, so that an operator can keep a model in use that cannot think", () => {
    expect(bodyOf({ think: true, reasoning_effort: 'low' })['think']).toBe(true)
    expect(bodyOf({ think: 'max' })['think']).toBe('max')
    expect(bodyOf({ reasoning_effort: 'high' }, { parameters: { think: false } })['think']).toBe(false)
    expect(bodyOf({ think: null })).not.toHaveProperty('think')
  })

  it('a level nobody knows is not guessed', () => {
    const failure = failureOf({ reasoning_effort: 'utmost' })
    expect(failure).toMatchObject({ class: 'unsupported_by_target', param: 'reasoning_effort' })
    expect(failureOf({ think: 3 })).toMatchObject({ class: 'invalid_request', param: 'think' })
  })
})

describe('the form of the answer', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } } }
  it.each<[Partial<ChatCompletionRequest>, unknown]>([
    [{ response_format: { type: 'text' } }, undefined],
    [{ response_format: { type: 'json_object' } }, 'json'],
    [{ response_format: { type: 'json_schema', json_schema: { name: 'x', schema } } }, schema],
    [{ response_format: { type: 'json_schema', json_schema: { name: 'x' } } }, 'json'],
    [{ response_format: { type: 'json_object' }, format: schema }, schema],
    [{ format: '' }, undefined],
  ])('%j', (fields, format) => {
    expect(bodyOf(fields)['format']).toEqual(format)
  })
})

describe('messages', () => {
  it('have one text each', () => {
    const parts = (...texts: string[]): RequestContentPart[] => texts.map((text) => ({ type: 'text', text }))
    expect(messageOf({ role: 'user', content: parts('a', '', 'b') })).toEqual({ role: 'user', content: 'a\n\nb' })
    expect(messageOf({ role: 'system', content: parts('a') })).toEqual({ role: 'system', content: 'a' })
    expect(messageOf({ role: 'assistant', content: null })).toEqual({ role: 'assistant', content: '' })
    expect(messageOf({ role: 'assistant', content: 'a', refusal: 'b' })).toMatchObject({ content: 'a\n\nb' })
  })

  it('say what was thought', () => {
    expect(messageOf({ role: 'assistant', content: 'a', reasoning_content: 'hm' })).toEqual({
      role: 'assistant',
      content: 'a',
      thinking: 'hm',
    })
  })

  it('of a role nobody knows are not sent', () => {
    expect(failureOf({ messages: [{ role: 'critic', content: 'x' }] })).toMatchObject({
      class: 'unsupported_by_target',
      param: 'messages[0]',
    })
  })

  const image = (url: string): RequestMessage => ({
    role: 'user',
    content: [
      { type: 'text', text: 'See' },
      { type: 'image_url', image_url: { url } },
    ],
  })

  it.each([
    'data:image/png;base64,iVBO',
    'DATA:image/JPEG;base64,iVBO',
    'data:image/webp;x=1;BASE64,iVBO',
    'data:;base64,iVBO',
  ])('carry an image without what stands before it: %s', (url) => {
    expect(messageOf(image(url))).toEqual({ role: 'user', content: 'See', images: ['iVBO'] })
  })

  it.each([
    ['data:image/svg+xml;base64,AA==', 'PNG, JPEG or WebP, not image/svg+xml'],
    ['data:image/png,%89PNG', 'in base64'],
    ['data:image/png;base64', 'in base64'],
    ['data:text/plain;base64,AA==', 'not text/plain'],
  ])('and not what is none: %s', (url, words) => {
    const failure = failureOf({ messages: [user, image(url)] })
    expect(failure).toMatchObject({ class: 'unsupported_by_target', param: 'messages[1].content[1]' })
    expect(failure.message).toContain(words)
  })
})

describe('tools', () => {
  const tool = (name: string, rest: Record<string, unknown> = {}) => ({ type: 'function', function: { name, ...rest } })
  const call = (id: string, name: string, text = '{}') => ({
    id,
    type: 'function',
    function: { name, arguments: text },
  })
  const calling = (...calls: ReturnType<typeof call>[]): RequestMessage => ({
    role: 'assistant',
    content: null,
    tool_calls: calls,
  })
  const result = (id: string, content: string): RequestMessage => ({ role: 'tool', tool_call_id: id, content })

  it('are whole, whatever was left out', () => {
    const parameters = { type: 'object', properties: { a: {} }, additionalProperties: false }
    expect(
      bodyOf({ tools: [tool('f'), tool('g', { description: 'G.', parameters }), tool('h', { parameters: {} })] }),
    ).toMatchObject({
      tools: [
        { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } },
        { type: 'function', function: { name: 'g', description: 'G.', parameters } },
        { type: 'function', function: { name: 'h', parameters: { type: 'object', properties: {} } } },
      ],
    })
    expect(bodyOf({ tools: [] })).not.toHaveProperty('tools')
  })

  it.each<[ChatCompletionRequest['tool_choice'], string[]]>([
    ['auto', ['f', 'g']],
    ['required', ['f', 'g']],
    ['none', []],
    [{ type: 'none' }, []],
    [{ type: 'function', function: { name: 'g' } }, ['g']],
    [{ type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [tool('g'), tool('x')] } }, ['g']],
  ])('are offered by choice: %j', (choice, names) => {
    const { tools = [] } = bodyOf({ tools: [tool('f'), tool('g')], tool_choice: choice ?? null })
    expect((tools as { function: { name: string } }[]).map((one) => one.function.name)).toEqual(names)
  })

  it('cannot be chosen without being offered', () => {
    const choice = { type: 'function', function: { name: 'x' } }
    expect(failureOf({ tools: [tool('f')], tool_choice: choice })).toMatchObject({
      class: 'invalid_request',
      param: 'tool_choice',
    })
  })

  it.each<[ChatCompletionRequest['function_call'], string[]]>([
    [undefined, ['f', 'g']],
    ['auto', ['f', 'g']],
    ['none', []],
    [{ name: 'g' }, ['g']],
  ])('in the older form are tools as well, chosen by %j, and ask for calls in that form', (choice, names) => {
    const functions = [{ name: 'f' }, { name: 'g' }]
    const request = { model: 'm', messages: [user], functions, function_call: choice ?? null }
    const { body, legacyCalls } = encoded(ollamaChat, request)
    const { tools = [] } = JSON.parse(body) as { tools?: { function: { name: string } }[] }
    expect(tools.map((one) => one.function.name)).toEqual(names)
    expect(legacyCalls).toBe(true)
    expect(encoded(ollamaChat, { ...request, tools: [tool('h')] }).legacyCalls).toBeUndefined()
    expect(failureOf({ functions, function_call: { name: 'x' } })).toMatchObject({ param: 'function_call' })
  })

  it('were called with objects', () => {
    expect(messageOf(calling(call('1', 'f', '{"a":[1,"é"]}'), call('2', 'g', ' ')))).toEqual({
      role: 'assistant',
      content: '',
      tool_calls: [
        { id: '1', function: { name: 'f', arguments: { a: [1, 'é'] } } },
        { id: '2', function: { name: 'g', arguments: {} } },
      ],
    })
  })

  it.each(['{"a":', '[1]', '"x"', 'null'])('and words that are none go back as words: %s', (text) => {
    const messages = [user, calling(call('1', 'f'), call('2', 'g', text))]
    const { body, lost } = encoded(ollamaChat, { model: 'm', messages })
    expect(JSON.parse(body)).toMatchObject({
      messages: [{}, { tool_calls: [{}, { function: { name: 'g', arguments: { arguments: text } } }] }],
    })
    expect(lost).toEqual(['messages[].tool_calls;approximated'])
  })

  it('give results that know their tool, in the order of the calls', () => {
    const first = calling(call('1', 'f'), call('2', 'g'))
    const second = calling(call('1', 'h'))
    const sent = messagesOf(first, result('2', 'b'), result('9', 'lost'), result('1', 'a'), second, result('1', 'c'))
    const results = (sent as { role: string }[]).filter(({ role }) => role === 'tool')
    expect(results).toEqual([
      { role: 'tool', content: 'a', tool_name: 'f', tool_call_id: '1' },
      { role: 'tool', content: 'b', tool_name: 'g', tool_call_id: '2' },
      { role: 'tool', content: 'lost', tool_call_id: '9' },
      { role: 'tool', content: 'c', tool_name: 'h', tool_call_id: '1' },
    ])
  })

  it('leave results alone that stand nowhere near a call', () => {
    expect(messagesOf(result('1', 'a'), user, result('2', 'b'))).toEqual([
      { role: 'tool', content: 'a', tool_call_id: '1' },
      user,
      { role: 'tool', content: 'b', tool_call_id: '2' },
    ])
  })
})
