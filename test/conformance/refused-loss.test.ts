/**
 * Routes of several languages, and requests that one of them cannot carry whole: who is asked instead, with and without
 * `on_loss: refuse`, and that a caller's mistake is told to the caller by whoever is asked first.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Simulator } from '../../gateway/simulators/simulator.ts'
import { startSimulator } from '../../gateway/simulators/simulator.ts'
import type { TestGateway } from '../support/gateway.ts'
import { startTestGateway } from '../support/gateway.ts'

let simulators: readonly Simulator[]
let running: TestGateway

beforeAll(async () => {
  const anthropic = await startSimulator({ name: 'anthropic', wire: 'anthropic-messages' })
  const ollama = await startSimulator({ name: 'ollama', wire: 'ollama-chat' })
  const vllm = await startSimulator({ name: 'vllm', style: 'vllm' })
  simulators = [anthropic, ollama, vllm]
  const targets = [
    '{provider: anthropic, model: claude-haiku-4-5}',
    '{provider: ollama, model: llama-3.1}',
    '{provider: vllm, model: some-model}',
  ].join(', ')
  const manifest = `providers:
  anthropic: {type: anthropic, base_url: "${anthropic.baseUrl}", api_key: {env: TEST_KEY}}
  ollama: {type: ollama, base_url: "${ollama.baseUrl}"}
  vllm: {type: vllm, base_url: "${vllm.baseUrl}"}
ai_routes:
  - {name: whole, match: {model: whole}, strategy: priority, on_loss: refuse, targets: [${targets}]}
  - {name: near, match: {model: near}, strategy: priority, targets: [${targets}]}
`
  running = await startTestGateway({ manifest })
})
afterAll(async () => {
  await running.close()
  await Promise.all(simulators.map((simulator) => simulator.close()))
})

const question = { role: 'user', content: 'Hello.' }

async function ask(model: string, fields: object) {
  const reply = await fetch(`${running.gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [question], ...fields }),
  })
  const { headers, status } = reply
  const body = (await reply.json()) as { error?: { param: string | null } }
  const provider = headers.get('x-aigw-target')?.split('/')[0] ?? null
  return { status, provider, lost: headers.get('x-aigw-lost'), param: body.error?.param ?? null }
}

const unsigned = [question, { role: 'assistant', content: 'Hi.', reasoning_content: 'Greet.' }, question]
const declared = (name: string, properties: object = {}) => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties } },
})
const picture = (url: string) => ({
  messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
})

test.each<[string, object, { near: string; whole: string }]>([
  ['nothing special', {}, { near: 'anthropic', whole: 'anthropic' }],
  ['a seed', { seed: 7 }, { near: 'anthropic', whole: 'ollama' }],
  ['a bias', { logit_bias: { 5: 1 } }, { near: 'anthropic', whole: 'vllm' }],
  // What only the values tell.
  ['reasoning that nobody signed', { messages: unsigned }, { near: 'anthropic', whole: 'ollama' }],
  ['an argument called $top', { tools: [declared('f', { $top: {} })] }, { near: 'ollama', whole: 'ollama' }],
  ['a picture at an address', picture('https://example.test/a.png'), { near: 'anthropic', whole: 'anthropic' }],
  ['a picture at an open address', picture('http://example.test/a.png'), { near: 'vllm', whole: 'vllm' }],
  ['two choices', { n: 2 }, { near: 'vllm', whole: 'vllm' }],
  ['a tool by a name with a dot', { tools: [declared('a.b')] }, { near: 'ollama', whole: 'ollama' }],
  // It is near enough, and told.
  ['a temperature of 2', { temperature: 2 }, { near: 'anthropic', whole: 'anthropic' }],
])('%s', async (_what, fields, expected) => {
  const near = await ask('near', fields)
  const whole = await ask('whole', fields)
  expect([near.status, whole.status]).toEqual([200, 200])
  expect({ near: near.provider, whole: whole.provider }).toEqual(expected)
  // Whoever answers a route that loses nothing tells of nothing but near values.
  for (const lost of whole.lost?.split(', ') ?? []) expect(lost).toMatch(/;approximated$/)
  if (near.provider !== whole.provider) expect(near.lost).not.toBeNull()
})

test.each(['near', 'whole'])('a choice of a tool that is not there is the caller’s mistake (%s)', async (model) => {
  const tool_choice = { type: 'function', function: { name: 'g' } }
  expect(await ask(model, { tools: [declared('f')], tool_choice })).toMatchObject({ status: 400, param: 'tool_choice' })
})
