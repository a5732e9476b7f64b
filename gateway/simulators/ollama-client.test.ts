/** Ollama's own client must read everything the simulator says, or nothing tested against it counts. */
import type { ChatRequest, ChatResponse, Message, Tool } from 'ollama'
import { Ollama } from 'ollama'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { RequestPatch } from './behaviour.ts'
import type { Simulator } from './simulator.ts'
import { startSimulator } from './simulator.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator({ name: 'ollama', wire: 'ollama-chat' })
})
afterEach(() => simulator.behave({ faults: [], next: [], models: null, loadMs: 0 }))
afterAll(() => simulator.close())

const client = () => new Ollama({ host: simulator.baseUrl })
const next = (patch: RequestPatch) => simulator.behave({ next: [patch] })
const says = (content: string, more: Partial<Message> = {}): Message => ({ role: 'user', content, ...more })

const weather: Tool = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
}
const clock: Tool = { type: 'function', function: { name: 'get_time', parameters: { type: 'object', properties: {} } } }

/** What a stream's lines add up to, the way callers add them up. */
async function readStream(request: ChatRequest): Promise<ChatResponse> {
  const calls: NonNullable<Message['tool_calls']> = []
  let content = ''
  let thinking = ''
  let last: ChatResponse | null = null
  for await (const part of await client().chat({ ...request, stream: true })) {
    content += part.message.content
    thinking += part.message.thinking ?? ''
    calls.push(...(part.message.tool_calls ?? []))
    last = part
  }
  if (last === null) throw new Error('no line came')
  const message = { ...last.message, content, ...(thinking === '' ? {} : { thinking }) }
  return { ...last, message: calls.length === 0 ? message : { ...message, tool_calls: calls } }
}

async function ask(
  more: Partial<ChatRequest> = {},
  patch: RequestPatch = {},
): Promise<readonly [ChatResponse, ChatResponse]> {
  const request = { model: 'llama-3.1', messages: [says('Hello.')], ...more }
  await simulator.behave({ next: [patch, patch] })
  return [await client().chat({ ...request, stream: false }), await readStream(request)]
}

describe('chat, plain and streamed', () => {
  test('text, with what it cost and how long it took', async () => {
    const [plain, streamed] = await ask()
    for (const answer of [plain, streamed]) {
      expect(answer).toMatchObject({ model: 'llama-3.1', done: true, done_reason: 'stop' })
      expect(answer.message.content).toMatch(/^[A-Z].*\.$/)
      expect(answer.prompt_eval_count).toBeGreaterThan(0)
      expect(answer.eval_count).toBeGreaterThan(0)
      expect(answer.total_duration).toBe(answer.load_duration + answer.prompt_eval_duration + answer.eval_duration)
    }
    expect(streamed.message).toEqual(plain.message)
  })

  test('a body that does not say so is streamed', async () => {
    const body = JSON.stringify({ model: 'm', messages: [says('Hello.')] })
    const response = await fetch(`${simulator.url}/api/chat`, { method: 'POST', body })
    expect(response.headers.get('content-type')).toBe('application/x-ndjson')
    const lines = (await response.text()).trimEnd().split('\n')
    expect(lines.length).toBeGreaterThan(2)
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ model: 'm', message: { role: 'assistant' } })
  })

  test('parallel calls with objects for arguments, then an answer that uses the results', async () => {
    const messages = [says('Use get_weather and get_time.')]
    for (const answer of await ask({ messages, tools: [weather, clock] })) {
      expect(answer.done_reason).toBe('stop')
      expect(answer.message.tool_calls).toMatchObject([
        { function: { name: 'get_weather', arguments: { city: expect.any(String) } } },
        { function: { name: 'get_time', arguments: {} } },
      ])
      const results: Message[] = [
        { role: 'tool', content: 'sunny', tool_name: 'get_weather' },
        { role: 'tool', content: 'noon', tool_name: 'get_time' },
      ]
      const after = await client().chat({ model: 'm', messages: [...messages, answer.message, ...results] })
      expect(after.message.content).toContain('The tool says: noon')
    }
  })

  test('thinking stands apart, when it is wanted', async () => {
    for (const think of [true, 'high'] as const) {
      for (const { message } of await ask({ think })) expect(message.thinking).toMatch(/\w/)
    }
    const reply = { reasoning: 'let me think', text: 'four' }
    for (const { message } of await ask({}, { reply })) expect(message.thinking).toBe('let me think')
    for (const { message } of await ask({ think: false }, { reply })) {
      expect(message).toEqual({ role: 'assistant', content: 'four' })
    }
  })

  test('format: a schema is kept, and `json` is an object', async () => {
    const schema = { type: 'object', properties: { age: { type: 'integer', maximum: 3 } }, required: ['age'] }
    for (const { message } of await ask({ format: schema })) {
      expect(JSON.parse(message.content)).toEqual({ age: expect.any(Number) })
    }
    for (const { message } of await ask({ format: 'json' })) expect(JSON.parse(message.content)).toBeTypeOf('object')
  })

  test('num_predict stops for length, stop for itself', async () => {
    for (const answer of await ask({ options: { num_predict: 5 } })) {
      expect(answer).toMatchObject({ done_reason: 'length', eval_count: 5 })
    }
    for (const answer of await ask({ options: { stop: ['END'] } }, { reply: { text: 'one END two' } })) {
      expect(answer).toMatchObject({ done_reason: 'stop', message: { content: 'one ' } })
    }
  })

  test('a refusal is said in words, a call it cannot write stays text', async () => {
    for (const { message } of await ask({}, { reply: { refusal: 'I will not.' } })) {
      expect(message.content).toBe('I will not.')
    }
    for (const { message } of await ask({}, { reply: { toolCalls: [{ name: 'f', arguments: '{"a":' }] } })) {
      expect(message).toEqual({ role: 'assistant', content: '{"name":"f","parameters":{"a":}' })
    }
  })

  test('pictures are seen', async () => {
    for (const { message } of await ask({ messages: [says('Look.', { images: ['iVBORw0KGgo='] })] })) {
      expect(message.content).toMatch(/^I see 1 image\.\n/)
    }
  })

  test('a model is loaded once, and again when it was put away', async () => {
    await simulator.behave({ loadMs: 40 })
    const load = async () => (await client().chat({ model: 'slow', messages: [says('x')] })).load_duration
    expect(await load()).toBe(40_000_000)
    expect(await load()).toBeLessThan(40_000_000)
    expect(await client().chat({ model: 'slow', messages: [], keep_alive: 0 })).toMatchObject({ done_reason: 'unload' })
    expect(await client().chat({ model: 'slow', messages: [] })).toMatchObject({ done: true, done_reason: 'load' })
    await client().chat({ model: 'slow', messages: [], keep_alive: '0s' })
    expect(await load()).toBe(40_000_000)
  })

  test('list and show', async () => {
    await simulator.behave({ models: ['llama-3.1', 'qwen3'] })
    expect((await client().list()).models.map(({ name }) => name)).toEqual(['llama-3.1', 'qwen3'])
    expect((await client().show({ model: 'qwen3' })).capabilities).toContain('tools')
    await expect(client().show({ model: 'none' })).rejects.toThrow("model 'none' not found")
  })
})

describe('what goes wrong', () => {
  const plain = () => client().chat({ model: 'm', messages: [says('Hello.')] })
  const stream = () => readStream({ model: 'm', messages: [says('Hello.')] })

  test.each([400, 401, 429, 500, 503])('status %d is the client’s ResponseError', async (status) => {
    await simulator.behave({ faults: [{ kind: 'status', status, message: 'our words' }] })
    for (const asking of [plain(), stream()]) {
      await expect(asking).rejects.toMatchObject({ name: 'ResponseError', status_code: status, error: 'our words' })
    }
  })

  test('a model that is not there', async () => {
    await simulator.behave({ models: ['other'] })
    const error = 'model "m" not found, try pulling it first'
    for (const asking of [plain(), stream(), client().chat({ model: 'm', messages: [] })]) {
      await expect(asking).rejects.toMatchObject({ status_code: 404, error })
    }
  })

  test('an error inside a 200: in a stream, and in place of an answer', async () => {
    await next({ faults: [{ kind: 'error_event', after: 2, message: 'worn out' }] })
    await expect(stream()).rejects.toThrow('worn out')
    await next({ faults: [{ kind: 'error_event', message: 'worn out' }] })
    expect(await plain()).toEqual({ error: 'worn out' })
  })

  test.each([{ kind: 'cut', after: 2 }, { kind: 'no_done' }, { kind: 'empty' }, { kind: 'reset' }] as const)(
    '$kind: the stream is known to be broken',
    async (fault) => {
      await next({ faults: [fault] })
      await expect(stream()).rejects.toThrow()
    },
  )

  test('a line that is no JSON does not end the stream', async () => {
    await next({ faults: [{ kind: 'garbage', after: 2 }] })
    const body = JSON.stringify({ model: 'm', messages: [says('Hello.')] })
    const text = await (await fetch(`${simulator.url}/api/chat`, { method: 'POST', body })).text()
    const lines = text.trimEnd().split('\n')
    expect(lines[2]).toBe('{"model":"m","mess')
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ done: true })
  })

  test('a fault this language has no words for is refused, not forgotten', async () => {
    await expect(simulator.behave({ faults: [{ kind: 'comments' }] })).rejects.toThrow('has no fault comments')
    await expect(simulator.behave({ next: [{ faults: [{ kind: 'comments' }] }] })).rejects.toThrow('comments')
    const headers = { 'x-simulator': '{"faults":[{"kind":"comments"}]}' }
    expect((await fetch(`${simulator.url}/api/chat`, { method: 'POST', body: '{}', headers })).status).toBe(400)
    const refused = await fetch(`${simulator.url}/_simulator/behaviour`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"faults":[{"kind":"comments"}]}',
    })
    expect(refused.status).toBe(400)
  })
})

describe('what the server would refuse is refused', () => {
  const user = { role: 'user', content: 'Hello.' }
  const call = (given: unknown) => ({
    role: 'assistant',
    content: '',
    tool_calls: [{ function: { name: 'f', arguments: given } }],
  })
  test.each<[string, Readonly<Record<string, unknown>>, number, string]>([
    ['no model', { model: '' }, 400, 'model is required'],
    [
      'content in parts',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }] },
      400,
      'messages.content of type string',
    ],
    ['arguments as text', { messages: [user, call('{}')] }, 400, 'cannot unmarshal string'],
    [
      'a picture with its data URL',
      { messages: [{ ...user, images: ['data:image/png;base64,AAAA'] }] },
      400,
      'input byte 4',
    ],
    ['a picture by its address', { messages: [{ ...user, images: ['https://x.y/z'] }] }, 400, 'illegal base64'],
    ['a role of another vendor', { messages: [{ role: 'developer', content: 'x' }] }, 400, 'invalid role: developer'],
    ['stream as text', { stream: 'yes' }, 400, 'ChatRequest.stream of type bool'],
    ['think of an unknown level', { think: 'xhigh' }, 400, 'invalid think value'],
    ['options as a list', { options: [] }, 400, 'ChatRequest.options'],
    ['a temperature as text', { options: { temperature: '0.5' } }, 500, 'option "temperature" must be of type float32'],
    ['a seed as text', { options: { seed: 'x' } }, 500, 'option "seed" must be of type integer'],
    ['stop as text', { options: { stop: 'END' } }, 500, 'option "stop" must be of type array'],
    ['an unknown format', { format: 'xml' }, 500, 'invalid format: "xml"'],
    ['tools as an object', { tools: {} }, 400, 'ChatRequest.tools of type api.Tools'],
    ['too many log probabilities', { top_logprobs: 30 }, 400, 'between 0 and 20'],
  ])('%s', async (_, more, status, words) => {
    const body = JSON.stringify({ model: 'm', messages: [user], stream: false, ...more })
    const response = await fetch(`${simulator.url}/api/chat`, { method: 'POST', body })
    expect({ status: response.status, text: await response.text() }).toEqual({
      status,
      text: expect.stringContaining(words.replaceAll('"', '\\"')),
    })
  })

  test('no body, no JSON, another method, another path', async () => {
    const url = `${simulator.url}/api/chat`
    expect(await (await fetch(url, { method: 'POST' })).json()).toEqual({ error: 'missing request body' })
    expect((await fetch(url, { method: 'POST', body: '{' })).status).toBe(400)
    expect((await fetch(url)).status).toBe(405)
    expect((await fetch(`${simulator.url}/api/none`)).status).toBe(404)
    expect(await (await fetch(`${simulator.url}/`)).text()).toBe('Ollama is running')
  })
})
