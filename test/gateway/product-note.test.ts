/**
 * The product note's manifest as it stands, with its three providers played: each speaks another language, and a tool
 * loop that one of them began is taken on by the next when it fails.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ChatCompletion, ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { redirectConnections, redirectedKeyVariable } from '../../gateway/core/manifest/redirect.ts'
import type { RequestPatch } from '../../gateway/simulators/behaviour.ts'
import type { Simulator } from '../../gateway/simulators/simulator.ts'
import { startSimulator } from '../../gateway/simulators/simulator.ts'
import type { TestGateway } from '../support/gateway.ts'
import { startTestGateway } from '../support/gateway.ts'

const manifest = readFileSync(join(import.meta.dirname, '../fixtures/manifests/valid/product-note.yaml'), 'utf8')

let anthropic: Simulator
let openai: Simulator
let ollama: Simulator
let running: TestGateway

beforeAll(async () => {
  anthropic = await startSimulator({ name: 'anthropic', wire: 'anthropic-messages' })
  openai = await startSimulator({ name: 'openai' })
  ollama = await startSimulator({ name: 'ollama', wire: 'ollama-chat' })
  const played: Readonly<Record<string, string>> = {
    anthropic: anthropic.baseUrl,
    openai: openai.baseUrl,
    ollama: ollama.baseUrl,
  }
  running = await startTestGateway({
    manifest,
    rewrite: (read) => redirectConnections(read, (name) => played[name] ?? null),
    env: { [redirectedKeyVariable]: 'sk-simulated' },
  })
})
afterAll(async () => {
  await running.close()
  await Promise.all([anthropic, openai, ollama].map((simulator) => simulator.close()))
})
beforeEach(async () => {
  for (const simulator of [anthropic, openai, ollama]) {
    await simulator.behave({ faults: [], next: [] })
    simulator.clearRequests()
  }
})

const tools: ChatCompletionTool[] = [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      description: 'Weather of a city.',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  },
  { type: 'function', function: { name: 'get_time', description: 'The time.' } },
]

interface Turn {
  readonly message: ChatCompletion['choices'][number]['message']
  readonly target: string
}

/** One turn, through the official client, plain or streamed. */
async function ask(messages: ChatCompletionMessageParam[], streamed: boolean): Promise<Turn> {
  const body = { model: 'gpt-4o-mini', messages, tools, reasoning_effort: 'low' as const }
  let target = ''
  const client = running.client.withOptions({
    fetch: async (url, init) => {
      const response = await fetch(url, init)
      target = response.headers.get('x-aigw-target') ?? ''
      return response
    },
  })
  const completion = streamed
    ? await client.chat.completions.stream(body).finalChatCompletion()
    : await client.chat.completions.create(body)
  const message = completion.choices[0]?.message
  if (message === undefined) throw new Error('no choice')
  return { message, target }
}

function resultsOf({ message }: Turn): ChatCompletionMessageParam[] {
  return (message.tool_calls ?? []).map((call, index) => ({
    role: 'tool' as const,
    tool_call_id: call.id,
    content: `result ${index}`,
  }))
}

const down: RequestPatch = { faults: [{ kind: 'status', status: 503 }] }
const calls = (name: string): RequestPatch => ({
  reply: {
    reasoning: `I need ${name}`,
    toolCalls: [{ name, arguments: name === 'get_time' ? '{}' : '{"city":"Izmir"}' }],
  },
})

describe.each([
  ['plain', false],
  ['streamed', true],
])('a tool loop across three providers, %s', (_mode, streamed) => {
  test('goes on where the one before failed, and comes back', async () => {
    // Who is asked first is drawn; this loop is to begin with Anthropic.
    await openai.behave(down)
    await anthropic.behave({ next: [calls('get_weather')] })
    const question: ChatCompletionMessageParam[] = [{ role: 'user', content: 'What is the weather, and when?' }]
    const first = await ask(question, streamed)
    expect(first.target).toBe('anthropic/claude-haiku-4-5')
    // The client's own accumulator keeps the last piece of a field it does not know, so the whole is sent as one piece.
    expect(first.message).toMatchObject({ reasoning_details: [{ text: 'I need get_weather' }] })
    expect(first.message.tool_calls).toHaveLength(1)

    await anthropic.behave(down)
    await openai.behave({ faults: [], next: [calls('get_time')] })
    const history = [...question, first.message, ...resultsOf(first)]
    const second = await ask(history, streamed)
    expect(second.target).toBe('openai/gpt-4o-mini')
    expect(second.message.tool_calls).toMatchObject([{ function: { name: 'get_time', arguments: '{}' } }])

    await openai.behave(down)
    const longer = [...history, second.message, ...resultsOf(second)]
    const third = await ask(longer, streamed)
    expect(third.target).toBe('ollama/llama-3.1')
    expect(third.message.content).toContain('The tool says: result 0')

    // Anthropic is back, and sees the loop that three have written, its own signed reasoning in it.
    await anthropic.behave({ faults: [] })
    const last = await ask([...longer, third.message, { role: 'user', content: 'Thank you.' }], streamed)
    expect(last.target).toBe('anthropic/claude-haiku-4-5')
    const body = JSON.stringify(anthropic.requests().at(-1)?.body)
    expect(body).toContain('I need get_weather')
    expect(body).not.toContain('I need get_time')
  })
})

test('every call of every turn stands in a record', async () => {
  const records = await running.records()
  const served = records.filter((record) => record.finish.outcome === 'served')
  expect(served).toHaveLength(8)
  const targets = served.map((record) => record.attempts.at(-1)?.target)
  expect(new Set(targets)).toEqual(new Set(['anthropic/claude-haiku-4-5', 'openai/gpt-4o-mini', 'ollama/llama-3.1']))
})
