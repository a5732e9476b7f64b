/**
 * The same conversation through every wire language, plain and streamed: the simulators answer by what they understood,
 * so a gateway that loses or moves anything on one of the ways gets another answer there.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { foldChunks } from '../../gateway/core/chat/testing/fold-chunks.ts'
import type { ChatCompletion, ChatCompletionChunk } from '../../schemas/index.ts'
import type { Stage } from './stage.ts'
import { openStage } from './stage.ts'

/** A server that shows what it thought, as OpenAI's own never does. */
const speakers = ['vllm', 'anthropic', 'bedrock', 'ollama', 'gemini', 'cohere'] as const

let stage: Stage
beforeAll(async () => {
  // One that is given schemas as such; others get them as a tool, whose simulated input is another.
  stage = await openStage(speakers, {
    anthropic: 'claude-haiku-4-5',
    bedrock: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
    gemini: 'gemini-2.5-flash',
    cohere: 'command-a-plus-05-2026',
  })
})
afterAll(async () => {
  await stage.close()
})

// ---- conversations ----

const said = fc.constantFrom('Hello.', 'And now?', 'Merhaba, ünïcode 🌍', '{"a": 1}', 'Use get_weather and get_time.')
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='
const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } }
const content = fc.oneof(
  { weight: 3, arbitrary: said },
  { weight: 1, arbitrary: said.map((text) => [{ type: 'text', text }, image]) },
)
const tools = ['get_weather', 'get_time'].map((name) => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
}))

const exchange = fc.oneof(
  { weight: 2, arbitrary: fc.constant([{ role: 'assistant', content: 'Good morning.' }]) },
  {
    weight: 1,
    arbitrary: fc.subarray([0, 1, 2], { minLength: 1 }).map((numbers) => {
      // In the order of the calls, since one of the wires goes by it.
      const results = numbers.map((id) => ({ role: 'tool', tool_call_id: `call_${id}`, content: `result ${id}` }))
      const calls = numbers.map((id) => ({
        id: `call_${id}`,
        type: 'function',
        function: { name: id === 0 ? 'get_weather' : 'get_time', arguments: `{"city":"${id}"}` },
      }))
      return [{ role: 'assistant', content: null, tool_calls: calls }, ...results]
    }),
  },
)

const turns = fc
  .tuple(fc.array(fc.tuple(content, exchange), { maxLength: 3 }), fc.option(content, { freq: 4 }))
  .map(([rounds, last]) => [
    ...rounds.flatMap(([question, answer]) => [{ role: 'user', content: question }, ...answer]),
    // A conversation that ends with results goes on by itself; one that ends with an answer would be a prefill.
    ...(last === null && rounds.at(-1)?.[1].at(-1)?.role === 'tool'
      ? []
      : [{ role: 'user', content: last ?? 'Well?' }]),
  ])

const person = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' } },
  required: ['name', 'age'],
  additionalProperties: false,
}
const shape = { type: 'json_schema', json_schema: { name: 'person', schema: person } }
/** Alternatives, since a wire that has to give one of two up (its loss table says so) gives another answer. */
const wishes = fc.constantFrom<object[]>(
  {},
  { tools },
  { tools, parallel_tool_calls: true, tool_choice: 'auto' },
  { response_format: shape },
  { max_completion_tokens: 3 },
  { reasoning_effort: 'low', max_completion_tokens: 4000 },
)
const settings = fc.record(
  { stop: fc.constantFrom('END', ['a', 'e']), temperature: fc.constantFrom(0, 0.7) },
  { requiredKeys: [] },
)

const requests = fc
  .tuple(fc.constantFrom([], [{ role: 'system', content: 'Be brief.' }]), turns, wishes, settings)
  // Nobody signed the reasoning before these calls, and one wire does not think on without.
  .filter(([, conversation, wish]) => !('reasoning_effort' in wish && conversation.some(({ role }) => role === 'tool')))
  .map(([system, conversation, wish, fields]) => ({ messages: [...system, ...conversation], ...wish, ...fields }))

/** Bedrock wants tools wherever there were calls; where the caller has none any more, it is told so in words. */
function speakersFor(request: object): readonly string[] {
  const lacksTools = !('tools' in request) && JSON.stringify(request).includes('tool_call_id')
  return lacksTools ? speakers.filter((speaker) => speaker !== 'bedrock') : speakers
}

// ---- answers ----

async function post(body: object): Promise<string> {
  const response = await fetch(`${stage.running.gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  expect(response.status, `${text} for ${JSON.stringify(body)}`).toBe(200)
  return text
}

async function complete(body: object): Promise<ChatCompletion> {
  return JSON.parse(await post(body)) as ChatCompletion
}

async function streamed(body: object): Promise<ChatCompletion> {
  const text = await post({ ...body, stream: true, stream_options: { include_usage: true } })
  const events = text.split('\n\n').flatMap((event) => (event.startsWith('data: {') ? [event.slice(6)] : []))
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
  return foldChunks(events.map((event) => JSON.parse(event) as ChatCompletionChunk))
}

/** What does not differ from provider to provider: ids do, and how many tokens a prompt is. */
function meaningOf({ choices, usage }: ChatCompletion) {
  const [choice] = choices
  if (choice === undefined) throw new Error('no choice')
  const { message, finish_reason: finish } = choice
  return {
    text: message.content ?? '',
    reasoning: message.reasoning_content ?? '',
    calls: (message.tool_calls ?? []).map((call) => (call.type === 'function' ? call.function : call.custom)),
    finish,
    outputTokens: usage?.completion_tokens,
  }
}

test('any conversation gets the same answer from every one of them, plain and streamed', async () => {
  const kinds = new Set<string>()
  await fc.assert(
    fc.asyncProperty(requests, async (request) => {
      const answers = await Promise.all(
        speakersFor(request).flatMap((model) => [complete({ model, ...request }), streamed({ model, ...request })]),
      )
      const [first, ...others] = answers.map(meaningOf)
      for (const other of others) expect(other).toEqual(first)
      kinds.add(`${first?.finish} ${first?.reasoning === '' ? '' : 'reasoning'}`)
    }),
    { numRuns: 60 },
  )
  // The draw reaches what it is for.
  expect(kinds.size).toBeGreaterThan(3)
}, 30_000)
