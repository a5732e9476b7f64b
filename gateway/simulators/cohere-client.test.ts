/** The maker's own client reads the simulator without complaint, and its refusals come out as the client's own errors. */
import { CohereClientV2, CohereError } from 'cohere-ai'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Simulator } from './simulator.ts'
import { startSimulator } from './simulator.ts'

let simulator: Simulator
let client: CohereClientV2
beforeAll(async () => {
  simulator = await startSimulator({ name: 'cohere', wire: 'cohere-chat' })
  client = new CohereClientV2({ token: 'k', environment: simulator.baseUrl })
})
afterAll(() => simulator.close())
afterEach(() => simulator.behave({ next: [], faults: [], reply: null }))

const model = 'command-a-plus-05-2026'
const messages = [{ role: 'user' as const, content: 'Use get_weather and get_time.' }]
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const tools = [
  { type: 'function' as const, function: { name: 'get_weather', parameters } },
  { type: 'function' as const, function: { name: 'get_time', parameters: { type: 'object', properties: {} } } },
]

describe('an answer', () => {
  test('with thoughts, plain and streamed', async () => {
    const asked = { model, messages, thinking: { type: 'enabled' as const } }
    const { id, message, finishReason, usage } = await client.chat(asked)
    expect(message.content?.map(({ type }) => type)).toEqual(['thinking', 'text'])
    expect(finishReason).toBe('COMPLETE')
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    expect(usage?.tokens?.outputTokens).toBeGreaterThan(usage?.billedUnits?.searchUnits ?? 0)
    const types = new Set<string>()
    let text = ''
    let thinking = ''
    for await (const event of await client.chatStream(asked)) {
      types.add(event.type)
      if (event.type !== 'content-delta') continue
      text += event.delta?.message?.content?.text ?? ''
      thinking += event.delta?.message?.content?.thinking ?? ''
    }
    expect([
      { type: 'thinking', thinking },
      { type: 'text', text },
    ]).toEqual(message.content)
    expect([...types]).toEqual(['message-start', 'content-start', 'content-delta', 'content-end', 'message-end'])
  })

  test('with a plan and calls, whose results go back', async () => {
    await simulator.behave({
      next: [{ reply: { text: 'Twice.', toolCalls: [{ name: 'get_weather', arguments: '{}' }] } }],
    })
    const planned = await client.chat({ model, messages, tools })
    expect(planned.message).toMatchObject({ toolPlan: 'Twice.', toolCalls: [{ function: { name: 'get_weather' } }] })
    expect(planned.message.content).toBeUndefined()
    const { message, finishReason } = await client.chat({ model, messages, tools })
    expect(finishReason).toBe('TOOL_CALL')
    const calls = message.toolCalls ?? []
    expect(calls.map((call) => call.function?.name)).toEqual(['get_weather', 'get_time'])
    const results = calls.map(({ id }) => ({ role: 'tool' as const, toolCallId: id, content: 'noon' }))
    const answer = await client.chat({ model, tools, messages: [...messages, message, ...results] })
    expect(JSON.stringify(answer.message.content)).toContain('The tool says: noon')
  })

  test('with streamed calls, one of them without arguments', async () => {
    const given: string[] = []
    for await (const event of await client.chatStream({ model, messages, tools })) {
      if (event.type === 'tool-call-start') given.push(event.delta?.message?.toolCalls?.function?.arguments ?? '?')
      if (event.type !== 'tool-call-delta') continue
      given.push(`${given.pop() ?? ''}${event.delta?.message?.toolCalls?.function?.arguments ?? ''}`)
    }
    expect(given).toHaveLength(2)
    expect(JSON.parse(given[0] ?? '')).toHaveProperty('city')
    expect(given[1]).toBe('')
  })

  test('in JSON of a schema, and from documents', async () => {
    const responseFormat = { type: 'json_object' as const, jsonSchema: parameters }
    const { message } = await client.chat({ model, messages, responseFormat })
    const [part] = message.content ?? []
    expect(JSON.parse(part?.type === 'text' ? part.text : '')).toHaveProperty('city')
    const cited = await client.chat({ model, messages, documents: [{ id: 'a', data: { text: 'Clocks tick.' } }] })
    expect(cited.message.citations).toMatchObject([{ sources: [{ type: 'document', id: 'a' }] }])
  })
})

describe('what the API refuses', () => {
  const refused: readonly [string, Parameters<CohereClientV2['chat']>[0], string][] = [
    ['no message', { model, messages: [] }, 'messages must not be empty'],
    ['a turn of nothing', { model, messages: [{ role: 'user', content: '' }] }, 'must not be empty'],
    [
      'a dash in a name',
      { model, messages, tools: [{ type: 'function', function: { name: 'a-b', parameters } }] },
      'tool names',
    ],
    ['a choice without tools', { model, messages, toolChoice: 'REQUIRED' }, 'tool_choice'],
    ['JSON beside tools', { model, messages, tools, responseFormat: { type: 'json_object' } }, 'response_format'],
    ['a temperature of 2', { model, messages, temperature: 2 }, 'between 0 and 1'],
    ['all of p', { model, messages, p: 1 }, 'between 0.01 and 0.99'],
    [
      'a result of no call',
      { model, messages: [{ role: 'tool', toolCallId: 'x', content: 'y' }] },
      'not found in previous',
    ],
    [
      'thoughts of a model without',
      { model: 'command-a-03-2025', messages, thinking: { type: 'enabled' } },
      'thinking',
    ],
  ]
  test.each(refused)('%s', async (_what, request, words) => {
    const asking = client.chat(request, { maxRetries: 0 })
    await expect(asking).rejects.toBeInstanceOf(CohereError)
    await expect(asking).rejects.toMatchObject({
      statusCode: 400,
      body: { message: expect.stringContaining(words) as string },
    })
  })

  test('a field that nobody knows', async () => {
    const headers = { authorization: 'Bearer k', 'content-type': 'application/json' }
    const body = JSON.stringify({ model, messages, top_p: 0.5 })
    const reply = await fetch(`${simulator.baseUrl}/v2/chat`, { method: 'POST', headers, body })
    expect([reply.status, await reply.json()]).toMatchObject([
      400,
      { message: expect.stringContaining('top_p') as string },
    ])
  })

  test('and an error inside a stream comes with its words', async () => {
    await simulator.behave({ next: [{ faults: [{ kind: 'error_event', after: 1, message: 'overloaded' }] }] })
    const ends: unknown[] = []
    for await (const event of await client.chatStream({ model, messages })) {
      if (event.type === 'message-end') ends.push(event.delta)
    }
    expect(ends).toMatchObject([{ finishReason: 'ERROR', error: 'overloaded' }])
  })
})
