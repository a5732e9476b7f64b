/**
 * A tool loop that another provider began goes on at one that has rules of its own for it: what each of them gets behind
 * the gateway, from the same conversation.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChatCompletionRequest, ProviderId, RequestMessage } from '../../schemas/index.ts'
import { validateChatCompletionRequest } from '../../schemas/validate-chat-completion-request.ts'
import { validateChatCompletion } from '../../schemas/validate-chat-completion.ts'
import type { Stage } from './stage.ts'
import { openStage } from './stage.ts'

const models = {
  openai: 'gpt-5-mini',
  'azure-openai': 'a-deployment',
  mistral: 'mistral-small-latest',
  deepseek: 'deepseek-reasoner',
  moonshot: 'kimi-k2.6',
  groq: 'llama-3.3-70b-versatile',
  cerebras: 'gpt-oss-120b',
  openrouter: 'some/model',
} as const satisfies Partial<Record<ProviderId, string>>

type Name = keyof typeof models
const names = ['openai', 'azure-openai', 'mistral', 'deepseek', 'moonshot', 'groq', 'cerebras', 'openrouter'] as const

let stage: Stage
beforeAll(async () => {
  stage = await openStage(names, models)
})
afterAll(async () => {
  await stage.close()
})

/** As one vendor names its calls, with what it signs, and as another does. */
const longId = `call_${'a1B2'.repeat(12)}`
const oddId = 'functions.get_time:0'
const conversation = [
  { role: 'developer', content: 'You are a clerk.' },
  { role: 'user', content: 'What time is it, and where?' },
  {
    role: 'assistant',
    content: null,
    refusal: null,
    annotations: [],
    tool_calls: [longId, oddId].map((id) => ({
      id,
      type: 'function',
      function: { name: 'get_time', arguments: '{}' },
    })),
  },
  { role: 'tool', tool_call_id: oddId, content: 'noon' },
  { role: 'tool', tool_call_id: longId, content: 'at home' },
]
const tools = [{ type: 'function', function: { name: 'get_time', parameters: { type: 'object', properties: {} } } }]

async function sentTo(name: Name): Promise<ChatCompletionRequest> {
  const simulator = stage.simulator(name)
  const before = simulator.requests().length
  const response = await fetch(`${stage.running.gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: name, messages: conversation, tools }),
  })
  const text = await response.text()
  expect(response.status, text).toBe(200)
  expect(validateChatCompletion(JSON.parse(text))).toMatchObject({ valid: true })
  const [request, ...more] = simulator.requests().slice(before)
  expect(more).toEqual([])
  const body: unknown = request?.body
  // The deployment in the path is the model there.
  const whole = typeof body === 'object' && body !== null && !('model' in body) ? { ...body, model: 'm' } : body
  const checked = validateChatCompletionRequest(whole)
  if (!checked.valid) throw new Error(JSON.stringify(checked.problems))
  return checked.value
}

interface Loop {
  readonly ids: readonly string[]
  readonly answer: RequestMessage
}

async function loopAt(name: Name): Promise<Loop> {
  const { messages } = await sentTo(name)
  const answer = messages.find(({ role }) => role === 'assistant')
  if (answer === undefined) throw new Error('the calls are gone')
  const ids = (answer.tool_calls ?? []).map(({ id }) => id)
  const results = messages.filter(({ role }) => role === 'tool')
  // Each result still belongs to its own call, in the caller's order.
  expect(results.map(({ tool_call_id: id, content }) => [id, content])).toEqual([
    [ids[1], 'noon'],
    [ids[0], 'at home'],
  ])
  expect(new Set(ids).size).toBe(2)
  return { ids, answer }
}

describe('ids of calls', () => {
  it('are nine letters and digits at Mistral', async () => {
    const { ids } = await loopAt('mistral')
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]{9}$/)
  })

  it.each(['openai', 'azure-openai'] as const)('have at most 40 characters at %s', async (name) => {
    const { ids } = await loopAt(name)
    expect(ids[0]).toMatch(/^\w{40}$/)
    expect(ids[1]).toBe(oddId)
  })

  it.each(['deepseek', 'moonshot', 'groq', 'cerebras', 'openrouter'] as const)('stay at %s', async (name) => {
    expect((await loopAt(name)).ids).toEqual([longId, oddId])
  })
})

describe('what was thought before a call', () => {
  it.each([
    ['deepseek', ''],
    ['moonshot', ' '],
  ] as const)('is said to %s, even when nobody knows it', async (name, filler) => {
    expect((await loopAt(name)).answer.reasoning_content).toBe(filler)
  })

  it.each(['openai', 'azure-openai', 'mistral', 'groq', 'cerebras', 'openrouter'] as const)(
    'is not made up for %s',
    async (name) => {
      expect((await loopAt(name)).answer).not.toHaveProperty('reasoning_content')
    },
  )
})

describe('fields of our own answers', () => {
  it.each(['mistral', 'groq', 'cerebras'] as const)(
    'stay behind at %s, which refuses what it does not know',
    async (name) => {
      expect(Object.keys((await loopAt(name)).answer).toSorted()).toEqual(['content', 'role', 'tool_calls'])
    },
  )
})
