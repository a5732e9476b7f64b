/** The maker's own client reads Mistral's manner of the simulator without complaint: it validates whatever it gets. */
import { Mistral } from '@mistralai/mistralai'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Simulator } from './simulator.ts'
import { startSimulator } from './simulator.ts'

let simulator: Simulator
let client: Mistral
beforeAll(async () => {
  simulator = await startSimulator({ name: 'mistral', style: 'mistral' })
  // Its base URL is without the version.
  client = new Mistral({ apiKey: 'k', serverURL: simulator.baseUrl.replace(/\/v1$/, '') })
})
afterAll(() => simulator.close())
afterEach(() => simulator.behave({ next: [], reply: null }))

const model = 'mistral-small-latest'
const messages = [{ role: 'user' as const, content: 'Use get_weather and get_time.' }]
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const tools = ['get_weather', 'get_time'].map((name) => ({ type: 'function' as const, function: { name, parameters } }))

/** The client takes parsed arguments too. */
function textOf(given: unknown): string {
  return typeof given === 'string' ? given : JSON.stringify(given)
}

async function streamed(request: Parameters<Mistral['chat']['stream']>[0]) {
  let text = ''
  let finish: string | null = null
  let tokens = 0
  const calls: { id: string; name: string; given: string }[] = []
  for await (const { data } of await client.chat.stream(request)) {
    const [choice] = data.choices
    if (typeof choice?.delta.content === 'string') text += choice.delta.content
    for (const { id, function: called } of choice?.delta.toolCalls ?? []) {
      calls.push({ id: id ?? '', name: called.name, given: textOf(called.arguments) })
    }
    finish = choice?.finishReason ?? finish
    tokens = data.usage?.completionTokens ?? tokens
  }
  return { text, finish, tokens, calls }
}

test('a text, plain and streamed', async () => {
  const plain = await client.chat.complete({ model, messages })
  const [choice] = plain.choices
  expect(choice?.finishReason).toBe('stop')
  const { text, finish, tokens } = await streamed({ model, messages })
  expect([text, finish, tokens]).toEqual([choice?.message?.content, 'stop', plain.usage.completionTokens])
})

test('calls, whose results go back', async () => {
  const plain = await client.chat.complete({ model, messages, tools })
  const message = plain.choices[0]?.message
  const calls = message?.toolCalls ?? []
  expect(calls.map((call) => call.function.name)).toEqual(['get_weather', 'get_time'])
  for (const { id } of calls) expect(id).toMatch(/^[A-Za-z0-9]{9}$/)
  const live = await streamed({ model, messages, tools })
  expect(live.finish).toBe('tool_calls')
  expect(live.calls.map(({ name }) => name)).toEqual(['get_weather', 'get_time'])
  for (const { given } of live.calls) expect(JSON.parse(given)).toHaveProperty('city')
  if (message === undefined) throw new Error('no message')
  const results = calls.map(({ id, function: called }) => ({
    role: 'tool' as const,
    toolCallId: id ?? '',
    name: called.name,
    content: 'noon',
  }))
  const last = await client.chat.complete({
    model,
    tools,
    messages: [...messages, { ...message, role: 'assistant' as const }, ...results],
  })
  expect(last.choices[0]?.message?.content).toContain('The tool says: noon')
})

test('thoughts, as parts of the content', async () => {
  await simulator.behave({ next: [{ reply: { reasoning: 'First, think.', text: '144' } }] })
  const { choices } = await client.chat.complete({ model, messages })
  const content = choices[0]?.message?.content
  expect(JSON.stringify(content)).toContain('First, think.')
  expect(JSON.stringify(content)).toContain('144')
})

test('an error', async () => {
  await simulator.behave({ next: [{ faults: [{ kind: 'status', status: 401 }] }] })
  await expect(client.chat.complete({ model, messages })).rejects.toMatchObject({ statusCode: 401 })
})
