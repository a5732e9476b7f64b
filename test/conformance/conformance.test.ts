/**
 * What every provider must do behind the gateway, whatever it speaks: the same cases for all of them, read byte by byte
 * and checked against OpenAI's schema. A case differs between providers only where their loss tables differ.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { foldChunks } from '../../gateway/core/chat/testing/fold-chunks.ts'
import { lossTableOf } from '../../gateway/core/dialects/index.ts'
import { lossOf } from '../../gateway/core/dialects/losses.ts'
import { providers } from '../../gateway/core/providers/index.ts'
import type { Behaviour, Fault, RequestPatch } from '../../gateway/simulators/behaviour.ts'
import type { ChatCompletion, ChatCompletionChunk, ProviderId } from '../../schemas/index.ts'
import { validateChatCompletionChunk } from '../../schemas/validate-chat-completion-chunk.ts'
import { validateChatCompletion } from '../../schemas/validate-chat-completion.ts'
import { validateErrorResponse } from '../../schemas/validate-error-response.ts'
import type { Stage } from './stage.ts'
import { openStage, served } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage(served)
})
afterAll(async () => {
  await stage.close()
})

interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

async function post(body: object): Promise<Reply> {
  const response = await fetch(`${stage.running.gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

/** A plain answer; throws when it is not one that OpenAI could have given. */
async function complete(body: object): Promise<ChatCompletion> {
  const { status, text } = await post(body)
  expect(status, text).toBe(200)
  const checked = validateChatCompletion(JSON.parse(text))
  if (!checked.valid) throw new Error(`${JSON.stringify(checked.problems)} in ${text}`)
  return checked.value
}

interface Streamed {
  readonly chunks: readonly ChatCompletionChunk[]
  readonly error: { readonly code: string | null; readonly message: string } | null
  readonly done: boolean
}

/** The events of a stream; throws where one is not what OpenAI could have sent, or nothing says that it has ended. */
async function stream(body: object): Promise<Streamed> {
  const { status, headers, text } = await post({ ...body, stream: true })
  expect(status, text).toBe(200)
  expect(headers.get('content-type')).toMatch(/^text\/event-stream/)
  expect(text.endsWith('\n\n')).toBe(true)
  const payloads = text
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => {
      expect(event.startsWith('data: ')).toBe(true)
      return event.slice('data: '.length)
    })
  const done = payloads.at(-1) === '[DONE]'
  const values = (done ? payloads.slice(0, -1) : payloads).map((payload): unknown => JSON.parse(payload))
  const last = done ? null : validateErrorResponse(values.pop())
  if (last !== null && !last.valid) throw new Error(`the stream ends with neither [DONE] nor an error: ${text}`)
  const chunks = values.map((value) => {
    const checked = validateChatCompletionChunk(value)
    if (!checked.valid) throw new Error(`${JSON.stringify(checked.problems)} in ${JSON.stringify(value)}`)
    return checked.value
  })
  return { chunks, error: last?.value.error ?? null, done }
}

/** A stream that ended well, folded as a client folds it. */
async function streamed(body: object): Promise<ChatCompletion> {
  const { chunks, error } = await stream(body)
  expect(error).toBeNull()
  return foldChunks(chunks)
}

const say = (content: unknown) => [{ role: 'user', content }]
const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Weather of a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
}
const clock = { type: 'function', function: { name: 'get_time', description: 'The time.' } }
const tools = [weather, clock]
const person = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' } },
  required: ['name', 'age'],
  additionalProperties: false,
}
const redPixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='

const messageOf = (completion: ChatCompletion) => {
  const choice = completion.choices[0]
  if (choice === undefined) throw new Error('no choice')
  return { ...choice.message, finish: choice.finish_reason }
}

describe('the suite', () => {
  test('is run by every provider whose language this version speaks', () => {
    expect(served).toEqual(expect.arrayContaining(['openai', 'anthropic', 'ollama', 'mistral', 'groq', 'deepseek']))
  })
})

describe.each(served)('%s', (id: ProviderId) => {
  const table = lossTableOf(providers[id], 'a-model')
  const fidelity = (field: string) => lossOf(table, field).fidelity
  const simulator = () => stage.simulator(id)
  const next = (...patches: readonly RequestPatch[]) => simulator().behave({ next: patches })
  const faulty = (fault: Fault, more: Partial<Behaviour> = {}) => next({ ...more, faults: [fault] })
  /** Both ways of asking must give the same answer. */
  const both = async (body: object, patch?: RequestPatch): Promise<ReturnType<typeof messageOf>> => {
    if (patch !== undefined) await next(patch, patch)
    const plain = messageOf(await complete({ model: id, ...body }))
    const { tool_calls: calls, ...rest } = messageOf(await streamed({ model: id, ...body }))
    expect({ ...rest, content: rest.content ?? '' }).toEqual({ ...withoutCalls(plain), content: plain.content ?? '' })
    expect(namesOf(calls)).toEqual(namesOf(plain.tool_calls))
    return plain
  }

  test('a text, plain and streamed', async () => {
    const { content, finish } = await both({ messages: say('Hello.') })
    expect(content).toMatch(/^[A-Z].*\.$/)
    expect(finish).toBe('stop')
  })

  test('usage: always in a plain answer, in a stream exactly when it was asked for', async () => {
    const { usage } = await complete({ model: id, messages: say('Hello.') })
    expect(usage?.prompt_tokens).toBeGreaterThan(0)
    expect(usage?.completion_tokens).toBeGreaterThan(0)
    const asked = await stream({ model: id, messages: say('Hello.'), stream_options: { include_usage: true } })
    expect(asked.chunks.at(-1)).toMatchObject({ choices: [], usage })
    const unasked = await stream({ model: id, messages: say('Hello.') })
    expect(unasked.chunks.filter((chunk) => 'usage' in chunk)).toEqual([])
  })

  test('system and developer messages, and turns', async () => {
    const messages = [
      { role: 'system', content: 'You are a clerk.' },
      { role: 'developer', content: 'Be brief.' },
      ...say('Hello.'),
      { role: 'assistant', content: 'Good morning.' },
      ...say('And now?'),
    ]
    expect((await both({ messages })).content).toMatch(/\.$/)
  })

  test('parallel tool calls, one without arguments, and their results in any order', async () => {
    const question = say('Use get_weather and get_time.')
    if (fidelity('tools') === 'refused') {
      expect(await post({ model: id, messages: question, tools })).toMatchObject({ status: 400 })
      return
    }
    const first = await both({ messages: question, tools })
    expect(first.finish).toBe('tool_calls')
    const calls = (first.tool_calls ?? []).flatMap((call) => (call.type === 'function' ? [call] : []))
    expect(calls.map((call) => call.function.name)).toEqual(['get_weather', 'get_time'])
    expect(JSON.parse(calls[0]?.function.arguments ?? '')).toEqual({ city: expect.any(String) })
    expect(calls[1]?.function.arguments).toBe('{}')
    expect(new Set(calls.map((call) => call.id)).size).toBe(2)
    const { finish: _finish, ...message } = first
    const results = calls.map((call, index) => ({ role: 'tool', tool_call_id: call.id, content: `result ${index}` }))
    for (const order of [results, results.toReversed()]) {
      const { content, finish } = await both({ messages: [...question, message, ...order], tools })
      expect(finish).toBe('stop')
      expect(content).toMatch(/The tool says: result [01]/)
    }
  })

  test.each([
    ['none', 'none', 0],
    ['required', 'required', 1],
    ['function', { type: 'function', function: { name: 'get_time' } }, 1],
  ])('tool_choice %s', async (word, tool_choice, calls) => {
    const { status, text } = await post({ model: id, messages: say('Hello.'), tools, tool_choice })
    const row = fidelity(`tool_choice[${word}]`)
    if (row === 'refused') {
      const part = fidelity('tools') === 'refused' ? 'tools' : 'tool_choice'
      expect({ status, text }).toMatchObject({ status: 400, text: expect.stringContaining(part) })
      return
    }
    expect(status, text).toBe(200)
    const { tool_calls: made = [] } = messageOf(JSON.parse(text) as ChatCompletion)
    if (row === 'exact') expect(made).toHaveLength(calls)
    if (row === 'exact' && word === 'function') expect(namesOf(made)).toEqual(['get_time'])
  })

  test.each(['json_schema', 'json_object'])('response_format %s', async (type) => {
    const json_schema = { name: 'person', strict: true, schema: person }
    const response_format = type === 'json_schema' ? { type, json_schema } : { type }
    const row = fidelity(`response_format[${type}]`)
    const messages = say('Give me a person as JSON.')
    if (row === 'refused') {
      expect((await post({ model: id, messages, response_format })).status).toBe(400)
      return
    }
    const { content, tool_calls: calls } = await both({ messages, response_format })
    expect(calls).toBeUndefined()
    if (row === 'exact' && type === 'json_schema') {
      expect(JSON.parse(content ?? '')).toEqual({ name: expect.any(String), age: expect.any(Number) })
    } else if (row === 'exact') expect(JSON.parse(content ?? '')).toBeTypeOf('object')
  })

  test('an image as data reaches the model', async () => {
    const image = { type: 'image_url', image_url: { url: redPixel } }
    if (fidelity('messages[].content[image_url].data') === 'refused') return
    await both({ messages: say([{ type: 'text', text: 'What is this?' }, image]) })
    expect(JSON.stringify(simulator().requests().at(-1)?.body)).toContain(redPixel.slice(redPixel.indexOf(',') + 1))
  })

  test('reasoning', async () => {
    const patch = { reply: { reasoning: 'let me think', text: 'four' } }
    const { content, reasoning_content: reasoning } = await both(
      { messages: say('2+2'), reasoning_effort: 'low' },
      patch,
    )
    expect(content).toBe('four')
    expect(['let me think', undefined]).toContain(reasoning)
    if (['anthropic', 'ollama', 'deepseek', 'mistral', 'groq', 'vllm'].includes(id))
      expect(reasoning).toBe('let me think')
  })

  test('an answer that was cut off for its length', async () => {
    const { finish, content } = await both({ messages: say('Hello.'), max_completion_tokens: 5 })
    expect(finish).toBe('length')
    expect(content).not.toMatch(/\.$/)
  })

  test('a stop sequence', async () => {
    const { content } = await both({ messages: say('Hello.') })
    const word = content?.split(' ')[3] ?? ''
    const stopped = await both({ messages: say('Hello.'), stop: [word] })
    expect(stopped).toMatchObject({ finish: 'stop', content: content?.slice(0, content.indexOf(word)) })
  })

  test.each([
    [400, 'invalid_request', 400],
    [401, 'misconfigured', 502],
    [403, 'misconfigured', 502],
    [404, 'misconfigured', 502],
    [429, 'rate_limited', 429],
    [500, 'server_error', 502],
    [529, 'server_error', 502],
  ])('a reply of %i is %s', async (status, failure, told) => {
    const message = 'the sky is falling'
    await faulty({ kind: 'status', status, message })
    const reply = await post({ model: id, messages: say('Hello.') })
    expect(reply.status).toBe(told)
    const checked = validateErrorResponse(JSON.parse(reply.text))
    if (!checked.valid) throw new Error(reply.text)
    // What a provider says of the operator's key or model is the operator's business.
    if (failure === 'misconfigured') expect(checked.value.error.message).not.toContain(message)
    else expect(checked.value.error.message).toContain(message)
  })

  test('an error inside a 200 fails before the commit point, and ends the stream after it', async () => {
    await faulty({ kind: 'error_event', message: 'overloaded' })
    expect((await post({ model: id, messages: say('Hello.') })).status).toBe(502)
    await faulty({ kind: 'error_event', after: 0, message: 'overloaded' })
    expect((await post({ model: id, messages: say('Hello.'), stream: true })).status).toBe(502)
    await faulty({ kind: 'error_event', after: 3, message: 'overloaded' }, { chunks: 20 })
    const { chunks, error } = await stream({ model: id, messages: say('Hello.') })
    expect(chunks.length).toBeGreaterThan(2)
    expect(error?.message).toContain('overloaded')
  })

  test.each<Fault>([
    { kind: 'cut', after: 3 },
    { kind: 'garbage', after: 3 },
  ])('a stream broken off ends in an error: %j', async (fault) => {
    await faulty(fault, { chunks: 20 })
    const { error, done } = await stream({ model: id, messages: say('Hello.') })
    expect({ code: error?.code, done }).toEqual({ code: 'stream_interrupted', done: false })
  })

  test('a 200 with nothing in it is a failure', async () => {
    await faulty({ kind: 'empty' })
    expect((await post({ model: id, messages: say('Hello.') })).status).toBe(502)
    await faulty({ kind: 'unreadable' })
    expect((await post({ model: id, messages: say('Hello.'), stream: true })).status).toBe(502)
  })

  test('what the loss table calls dropped is told, and nothing else', async () => {
    const fields = {
      logit_bias: { 50256: -100 },
      logprobs: true,
      top_logprobs: 2,
      seed: 7,
      user: 'u-17',
      presence_penalty: 0.5,
      frequency_penalty: 0.5,
      ...(fidelity('tools') !== 'refused' && { tools, parallel_tool_calls: false }),
      service_tier: 'default',
      metadata: { a: 'b' },
      store: true,
      verbosity: 'low',
      prompt_cache_key: 'k',
    }
    const { status, headers, text } = await post({ model: id, messages: say('Hello.'), ...fields })
    expect(status, text).toBe(200)
    const told = (headers.get('x-aigw-lost') ?? '').split(', ').filter((name) => name !== '')
    const expected = Object.entries(fields).flatMap(([field, value]) => {
      const { fidelity: row, above } = lossOf(table, field)
      // Values up to a limit are carried as they are.
      const isNear = row === 'approximated' && (above === undefined || Number(value) > above)
      if (isNear) return [`${field};approximated`]
      return row === 'dropped' ? [field] : []
    })
    expect(told.toSorted()).toEqual(expected.toSorted())
  })
})

function namesOf(calls: ChatCompletion['choices'][number]['message']['tool_calls']): string[] {
  return (calls ?? []).map((call) => (call.type === 'function' ? call.function.name : call.custom.name))
}

/** Ids differ from answer to answer, and an empty list of annotations is only ever sent in plain answers. */
function withoutCalls<Message extends { tool_calls?: unknown; annotations?: unknown }>(message: Message) {
  const { tool_calls: _calls, annotations: _annotations, ...rest } = message
  return rest
}
