/** Anthropic's own client must read everything the simulator says, or nothing tested against it counts. */
import Anthropic, { APIConnectionError, APIError, AuthenticationError } from '@anthropic-ai/sdk'
import type { Message, MessageCreateParamsNonStreaming, MessageParam, Tool } from '@anthropic-ai/sdk/resources/messages'
import { InternalServerError, NotFoundError, OverloadedError, RateLimitError } from '@anthropic-ai/sdk'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { RequestPatch } from './behaviour.ts'
import type { Simulator } from './simulator.ts'
import { startSimulator } from './simulator.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator({ name: 'anthropic', wire: 'anthropic-messages' })
})
afterEach(() => simulator.behave({ faults: [], next: [], models: null }))
afterAll(() => simulator.close())

const client = () =>
  new Anthropic({ apiKey: 'any', baseURL: simulator.baseUrl, maxRetries: 0, timeout: 5_000, logLevel: 'off' })
const next = (patch: RequestPatch) => simulator.behave({ next: [patch] })

const weather: Tool = {
  name: 'get_weather',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}
const clock: Tool = { name: 'get_time', input_schema: { type: 'object', properties: {} } }
const model = 'claude-haiku-4-5'
const says = (content: MessageParam['content']): MessageParam => ({ role: 'user', content })

type Asked = Partial<MessageCreateParamsNonStreaming>

/** The same request asked both ways; what the client makes of the stream must be the plain message but for its ids. */
async function ask(more: Asked = {}, patch: RequestPatch = {}): Promise<readonly [Message, Message]> {
  const request = { model, max_tokens: 4_000, messages: [says('Hello.')], ...more }
  await simulator.behave({ next: [patch, patch] })
  const plain = await client().messages.create(request)
  const streamed = await client().messages.stream(request).finalMessage()
  return [plain, streamed]
}

const textOf = ({ content }: Message) => content.map((block) => (block.type === 'text' ? block.text : '')).join('')

describe('messages.create and messages.stream', () => {
  test('text, with usage', async () => {
    const [plain, streamed] = await ask()
    for (const message of [plain, streamed]) {
      expect(message).toMatchObject({ model, role: 'assistant', stop_reason: 'end_turn', stop_sequence: null })
      expect(textOf(message)).toMatch(/^[A-Z].*\.$/)
      expect(message.usage.input_tokens).toBeGreaterThan(0)
      expect(message.usage.output_tokens).toBeGreaterThan(0)
    }
    expect(streamed.content).toEqual(plain.content)
    expect(streamed.usage).toEqual(plain.usage)
  })

  test('parallel calls, one of a tool without arguments', async () => {
    for (const message of await ask({ messages: [says('Use get_weather and get_time.')], tools: [weather, clock] })) {
      expect(message.stop_reason).toBe('tool_use')
      expect(message.content).toMatchObject([
        { type: 'tool_use', name: 'get_weather', input: { city: expect.any(String) } },
        { type: 'tool_use', name: 'get_time', input: {} },
      ])
    }
  })

  test('the tool loop comes to its end, thinking and all', async () => {
    const messages = [says('Use get_weather.')]
    const thinking = { type: 'enabled', budget_tokens: 1_024 } as const
    const request = { model, max_tokens: 4_000, tools: [weather], thinking }
    const first = await client()
      .messages.stream({ ...request, messages })
      .finalMessage()
    expect(first.content.map(({ type }) => type)).toEqual(['thinking', 'tool_use'])
    const call = first.content.find((block) => block.type === 'tool_use')
    const results = says([{ type: 'tool_result', tool_use_id: call?.id ?? '', content: 'sunny' }])
    const second = await client().messages.create({
      ...request,
      messages: [...messages, { role: 'assistant', content: first.content }, results],
    })
    expect(second.content.map(({ type }) => type)).toEqual(['thinking', 'text'])
    expect(textOf(second)).toContain('The tool says: sunny')
  })

  test('thinking is signed; its text can be kept back, or encrypted', async () => {
    const thinking = { type: 'enabled', budget_tokens: 1_024 } as const
    for (const message of await ask({ thinking })) {
      expect(message.content[0]).toMatchObject({ type: 'thinking', thinking: expect.stringMatching(/\w/) })
      expect(message.content[0]).toHaveProperty('signature', expect.stringMatching(/\w{20}/))
    }
    for (const message of await ask({ thinking: { ...thinking, display: 'omitted' } })) {
      expect(message.content[0]).toMatchObject({
        type: 'thinking',
        thinking: '',
        signature: expect.stringMatching(/\w/),
      })
    }
    const hidden = { reply: { redactedReasoning: 'nobody knows', text: 'four' } }
    for (const message of await ask({ thinking }, hidden)) {
      expect(message.content).toMatchObject([{ type: 'redacted_thinking' }, { type: 'text', text: 'four' }])
      expect(JSON.stringify(message)).not.toContain('nobody knows')
    }
  })

  test('without being asked to, it does not think', async () => {
    const reply = { reasoning: 'let me think', text: 'four' }
    for (const message of await ask({}, { reply })) expect(message.content).toEqual([{ type: 'text', text: 'four' }])
  })

  test('a JSON schema is kept', async () => {
    const schema = {
      type: 'object',
      properties: { name: { type: 'string' }, kind: { enum: ['a', 'b'] } },
      required: ['name', 'kind'],
      additionalProperties: false,
    }
    for (const message of await ask({ output_config: { format: { type: 'json_schema', schema } } })) {
      expect(JSON.parse(textOf(message))).toEqual({ name: expect.any(String), kind: expect.stringMatching(/^[ab]$/) })
    }
  })

  test.each([
    [{ type: 'none' } as const, []],
    [{ type: 'any' } as const, ['get_weather']],
    [{ type: 'tool', name: 'get_time' } as const, ['get_time']],
  ])('tool_choice %j', async (tool_choice, names) => {
    for (const message of await ask({ tools: [weather, clock], tool_choice })) {
      expect(message.content.flatMap((block) => (block.type === 'tool_use' ? [block.name] : []))).toEqual(names)
    }
  })

  test('disable_parallel_tool_use calls one', async () => {
    const tool_choice = { type: 'auto', disable_parallel_tool_use: true } as const
    const asked = { messages: [says('Use get_weather and get_time.')], tools: [weather, clock], tool_choice }
    for (const message of await ask(asked)) expect(message.content).toHaveLength(1)
  })

  test('every stop reason', async () => {
    for (const message of await ask({ max_tokens: 5 })) {
      expect(message).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 5 } })
    }
    const reply = { text: 'one two END three' }
    for (const message of await ask({ stop_sequences: ['STOP', 'END'] }, { reply })) {
      expect(message).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'END' })
      expect(textOf(message)).toBe('one two ')
    }
    for (const message of await ask({}, { reply: { refusal: 'I will not.' } })) {
      expect(message).toMatchObject({
        stop_reason: 'refusal',
        content: [],
        stop_details: { explanation: 'I will not.' },
      })
    }
    for (const finishReason of ['pause_turn', 'model_context_window_exceeded']) {
      for (const message of await ask({}, { reply: { text: 'x', finishReason } })) {
        expect(message.stop_reason).toBe(finishReason)
      }
    }
  })

  test('pictures by base64 and by address, and documents, are seen', async () => {
    const data = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ'
    const content: MessageParam['content'] = [
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data } },
      { type: 'image', source: { type: 'url', url: 'https://example.com/a.jpg' } },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'A report.' } },
      { type: 'text', text: 'What is this?' },
    ]
    for (const message of await ask({ messages: [says(content)] })) {
      expect(textOf(message)).toMatch(/^I see 2 images\.\nI read 1 document\.\n/)
    }
  })

  test('usage can be scripted, and cached tokens are no part of input_tokens', async () => {
    const usage = { promptTokens: 100, completionTokens: 9, cachedTokens: 60, cacheWriteTokens: 30 }
    for (const message of await ask({}, { reply: { text: 'x', usage } })) {
      expect(message.usage).toMatchObject({
        input_tokens: 10,
        cache_read_input_tokens: 60,
        cache_creation_input_tokens: 30,
        output_tokens: 9,
      })
    }
  })

  test('a marked prompt is written to the cache, then read from it', async () => {
    const system = [{ type: 'text', text: 'Know this. '.repeat(600), cache_control: { type: 'ephemeral' } }] as const
    const [first, second] = await ask({ system: [...system] })
    expect(first.usage.cache_creation_input_tokens).toBeGreaterThan(1_024)
    expect(first.usage.cache_read_input_tokens).toBe(0)
    expect(second.usage.cache_read_input_tokens).toBe(first.usage.cache_creation_input_tokens)
    expect(second.usage.cache_creation_input_tokens).toBe(0)
  })

  test('models.list', async () => {
    const page = await client().models.list()
    expect(page.data.map(({ id }) => id)).toEqual(['anthropic-model'])
  })
})

describe('what goes wrong is an error of the right class', () => {
  const once = () => client().messages.create({ model, max_tokens: 100, messages: [says('Hello.')] })
  const stream = () =>
    client()
      .messages.stream({ model, max_tokens: 100, messages: [says('Hello.')] })
      .finalMessage()

  test.each([
    [401, AuthenticationError, 'authentication_error'],
    [404, NotFoundError, 'not_found_error'],
    [429, RateLimitError, 'rate_limit_error'],
    [500, InternalServerError, 'api_error'],
    [529, OverloadedError, 'overloaded_error'],
  ] as const)('status %d', async (status, kind, type) => {
    await next({ faults: [{ kind: 'status', status, message: 'our words', retryAfterSeconds: 7 }] })
    const error: unknown = await once().catch((thrown: unknown) => thrown)
    if (!(error instanceof APIError)) throw new Error(`no APIError: ${String(error)}`)
    expect(error).toBeInstanceOf(kind)
    expect(error).toMatchObject({ status, type, apiMessage: 'our words' })
    expect(error.requestID).toMatch(/^req_/)
    expect(error.error).toMatchObject({ request_id: error.requestID })
    expect(error.headers?.get('retry-after')).toBe('7')
  })

  test('a key in either header will do, none or an empty one will not; nor will another version', async () => {
    const post = async (headers: Readonly<Record<string, string>>) => {
      const body = JSON.stringify({ model, max_tokens: 1, messages: [says('x')] })
      const all = { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', ...headers }
      const response = await fetch(`${simulator.url}/v1/messages`, { method: 'POST', headers: all, body })
      return { status: response.status, text: await response.text() }
    }
    expect(await post({ 'x-api-key': 'any' })).toMatchObject({ status: 200 })
    expect(await post({ authorization: 'Bearer any' })).toMatchObject({ status: 200 })
    const missing = expect.stringContaining('"authentication_error","message":"x-api-key header is required"')
    expect(await post({})).toEqual({ status: 401, text: missing })
    expect(await post({ 'x-api-key': '' })).toMatchObject({ status: 401 })
    expect(await post({ 'x-api-key': 'any', 'anthropic-version': '2020-01-01' })).toMatchObject({ status: 400 })
    expect(await post({ 'x-api-key': 'any', 'content-type': 'text/plain' })).toMatchObject({ status: 400 })
    const headers = { 'anthropic-version': null }
    const versionless = client().messages.create({ model, max_tokens: 1, messages: [says('x')] }, { headers })
    await expect(versionless).rejects.toThrow('anthropic-version: header is required')
  })

  test('a model that is not there', async () => {
    await simulator.behave({ models: ['claude-opus-5'] })
    await expect(once()).rejects.toThrow('model: claude-haiku-4-5')
  })

  test('an error event in a stream', async () => {
    await next({ faults: [{ kind: 'error_event', after: 2, code: 'overloaded_error', message: 'Overloaded' }] })
    const error: unknown = await stream().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(APIError)
    expect(error).toMatchObject({ type: 'overloaded_error' })
  })

  test('an error inside a plain 200 has no message in it', async () => {
    await next({ faults: [{ kind: 'error_event', code: 'overloaded_error' }] })
    expect(await once()).toMatchObject({ type: 'error', error: { type: 'overloaded_error' } })
  })

  test.each([{ kind: 'cut', after: 2 }, { kind: 'garbage', after: 2 }, { kind: 'unreadable' }] as const)(
    '$kind in a stream',
    async (fault) => {
      await next({ faults: [fault] })
      await expect(stream()).rejects.toThrow()
    },
  )

  test('a stream without its last event gives no final message', async () => {
    await next({ faults: [{ kind: 'no_done' }] })
    await expect(stream()).rejects.toThrow('without producing a Message')
  })

  test('an empty stream has neither content nor stop reason', async () => {
    await next({ faults: [{ kind: 'empty' }] })
    expect(await stream()).toMatchObject({ content: [], stop_reason: null })
  })

  test('a reset connection', async () => {
    await next({ faults: [{ kind: 'reset' }] })
    await expect(once()).rejects.toBeInstanceOf(APIConnectionError)
  })
})
