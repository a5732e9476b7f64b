/**
 * Failover in the middle of a tool loop, from every wire language to every other, and back: nothing that was said, shown,
 * called or answered may be missing where the loop goes on, and each result must belong to its own call.
 */
import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Fault, RequestPatch } from '../../gateway/simulators/behaviour.ts'
import type { Simulator } from '../../gateway/simulators/simulator.ts'
import { startSimulator } from '../../gateway/simulators/simulator.ts'
import { wireOf } from './stage.ts'
import type { TestGateway } from '../support/gateway.ts'
import { startTestGateway } from '../support/gateway.ts'

const names = ['deepseek', 'anthropic', 'ollama', 'gemini', 'bedrock', 'cohere'] as const
type Name = (typeof names)[number]
const pairs = names.flatMap((from) => names.filter((to) => to !== from).map((to): [Name, Name] => [from, to]))

const models: Readonly<Record<Name, string>> = {
  deepseek: 'deepseek-chat',
  anthropic: 'claude-haiku-4-5',
  ollama: 'llama-3.1',
  gemini: 'gemini-3.1-pro',
  bedrock: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
  cohere: 'command-a-plus-05-2026',
}

let simulators: Readonly<Record<Name, Simulator>>
let running: TestGateway

beforeAll(async () => {
  const started = names.map(async (name) => [name, await startSimulator({ name, ...wireOf(name) })] as const)
  simulators = Object.fromEntries(await Promise.all(started)) as Record<Name, Simulator>
  const connections = names.map(
    (name) =>
      `  ${name}: {type: ${name}, base_url: "${simulators[name].baseUrl}", api_key: {env: TEST_KEY}${name === 'bedrock' ? ', auth: bearer' : ''}}`,
  )
  const target = (name: Name) => `{provider: ${name}, model: ${models[name]}}`
  const routes = pairs.map(
    ([from, to]) =>
      `  - {name: ${from}-${to}, match: {model: ${from}-${to}}, strategy: priority, targets: [${target(from)}, ${target(to)}]}`,
  )
  // A breaker that opens would have the test ask another than it means to.
  const health = 'health: {consecutive_failures: 1000, minimum_requests: 1000000}'
  const manifest = [health, 'providers:', ...connections, 'ai_routes:', ...routes, ''].join('\n')
  running = await startTestGateway({ manifest })
})
afterAll(async () => {
  await running.close()
  await Promise.all(names.map((name) => simulators[name].close()))
})
beforeEach(async () => {
  for (const name of names) await simulators[name].behave({ faults: [], next: [] })
})

// ---- the conversation ----

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='
const question: ChatCompletionMessageParam[] = [
  { role: 'system', content: 'You are a clerk.' },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'What is the weather here, and when?' },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}` } },
    ],
  },
]
const tools: ChatCompletionTool[] = ['get_weather', 'get_time'].map((name) => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: { city: { type: 'string' } } } },
}))

const twoCalls: RequestPatch = {
  reply: {
    reasoning: 'I need both',
    text: 'Let me look.',
    toolCalls: [
      { name: 'get_weather', arguments: '{"city":"Izmir"}' },
      { name: 'get_time', arguments: '{"city":"Ankara"}' },
    ],
  },
}
const oneCall: RequestPatch = {
  reply: { reasoning: 'And once more', toolCalls: [{ name: 'get_time', arguments: '{"city":"Bursa"}' }] },
}

interface Turn {
  readonly message: ChatCompletionMessageParam
  readonly calls: readonly { readonly id: string; readonly name: string }[]
  readonly text: string
}

async function ask(model: string, messages: ChatCompletionMessageParam[], streamed: boolean): Promise<Turn> {
  const body = { model, messages, tools, reasoning_effort: 'low' as const }
  const completion = streamed
    ? await running.client.chat.completions.stream(body).finalChatCompletion()
    : await running.client.chat.completions.create(body)
  const message = completion.choices[0]?.message
  if (message === undefined) throw new Error('no choice')
  const calls = (message.tool_calls ?? []).map((call) => ({
    id: call.id,
    name: call.type === 'function' ? call.function.name : '',
  }))
  return { message, calls, text: message.content ?? '' }
}

/** In the other order, since each result says whose it is. */
function resultsOf({ calls }: Turn, round: number): ChatCompletionMessageParam[] {
  return calls
    .map(({ id, name }) => ({ role: 'tool' as const, tool_call_id: id, content: `${name} says ${round}` }))
    .toReversed()
}

// ---- what arrived ----

type Json = Readonly<Record<string, unknown>>
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJson) : [])

interface Loop {
  readonly calls: readonly { readonly id: unknown; readonly name: unknown; readonly input: unknown }[]
  readonly results: readonly { readonly id: unknown; readonly content: unknown }[]
}

/** Calls and results of one message, in the words of whichever wire it is of. */
function loopOf(message: Json): Loop {
  const { role, content, parts, tool_calls: given, tool_call_id: resultOf } = message
  const blocks = [...listOf(content), ...listOf(parts)]
  const within = (key: string): Json[] => listOf(blocks.map((block) => block[key]))
  return {
    calls: [
      ...listOf(
        listOf(given).map((call) => ({ ...(isJson(call['function']) && call['function']), id: call['id'] })),
      ).map(({ id, name, arguments: input }) => ({ id, name, input })),
      ...blocks.flatMap(({ type, id, name, input }) => (type === 'tool_use' ? [{ id, name, input }] : [])),
      ...within('toolUse').map(({ toolUseId: id, name, input }) => ({ id, name, input })),
      ...within('functionCall').map(({ id, name, args: input }) => ({ id, name, input })),
    ],
    results: [
      ...(role === 'tool' ? [{ id: resultOf, content }] : []),
      ...blocks.flatMap(({ type, tool_use_id: id, content: said }) =>
        type === 'tool_result' ? [{ id, content: said }] : [],
      ),
      ...within('toolResult').map(({ toolUseId: id, content: said }) => ({ id, content: listOf(said)[0]?.['text'] })),
      ...within('functionResponse').map(({ id, response }) => ({
        id,
        content: isJson(response) ? Object.values(response)[0] : response,
      })),
    ],
  }
}

/** Each call that a body holds, with its arguments and the text of its result: `name {args} -> text`. */
function loopIn(body: unknown): string[] {
  const messages = isJson(body) ? [...listOf(body['messages']), ...listOf(body['contents'])] : []
  const loops = messages.map(loopOf)
  const results = new Map(loops.flatMap((loop) => loop.results.map(({ id, content }) => [id, content])))
  return loops.flatMap(({ calls }) =>
    calls.map(({ id, name, input }) => `${String(name)} ${textOf(input)} -> ${textOf(results.get(id))}`),
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The last body that this provider was sent. */
function sentTo(name: Name): unknown {
  return simulators[name].requests().at(-1)?.body
}

const ways: readonly Fault[] = [
  { kind: 'status', status: 500 },
  { kind: 'error_event', after: 0, message: 'overloaded' },
  { kind: 'reset' },
]

describe.each(pairs)('from %s to %s', (from, to) => {
  const model = `${from}-${to}`
  const firstRound = [
    'get_weather {"city":"Izmir"} -> get_weather says 1',
    'get_time {"city":"Ankara"} -> get_time says 1',
  ]

  test.each([
    ['plain', false],
    ['streamed', true],
  ])('a tool loop goes on, and comes back, %s', async (_mode, streamed) => {
    for (const fault of ways) {
      await simulators[from].behave({ faults: [], next: [twoCalls] })
      const first = await ask(model, question, streamed)
      expect(first.calls.map(({ name }) => name)).toEqual(['get_weather', 'get_time'])

      await simulators[from].behave({ faults: [fault], next: [] })
      await simulators[to].behave({ faults: [], next: [oneCall] })
      const history = [...question, first.message, ...resultsOf(first, 1)]
      const second = await ask(model, history, streamed)
      expect(second.calls).toHaveLength(1)
      expect(loopIn(sentTo(to))).toEqual(firstRound)
      // One wire tells its plan before calls as reasoning; where it is text, it must go on as text.
      expect(['Let me look.', ...(from === 'cohere' ? [''] : [])]).toContain(first.text)
      for (const said of ['You are a clerk.', 'What is the weather here', pixel, first.text]) {
        expect(JSON.stringify(sentTo(to))).toContain(said)
      }

      await simulators[from].behave({ faults: [] })
      const longer = [...history, second.message, ...resultsOf(second, 2)]
      const third = await ask(model, longer, streamed)
      expect(third.text).toContain('The tool says: get_time says 2')
      expect(loopIn(sentTo(from))).toEqual([...firstRound, 'get_time {"city":"Bursa"} -> get_time says 2'])
    }
  })
})
