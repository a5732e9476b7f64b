/**
 * What is Bedrock's alone, through a running gateway: requests signed with keys that the simulated service checks by
 * making the signature again, models that cannot call tools in a stream, exceptions and cuts inside binary streams, and
 * signed reasoning on its way around a tool loop.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { simulatedKeys } from '../../gateway/simulators/bedrock-converse/signing.ts'
import type { Simulator } from '../../gateway/simulators/simulator.ts'
import { startSimulator } from '../../gateway/simulators/simulator.ts'
import type { TestGateway } from '../support/gateway.ts'
import { startTestGateway } from '../support/gateway.ts'

const claude = 'us.anthropic.claude-haiku-4-5-20251001-v1:0'
const llama = 'us.meta.llama3-3-70b-instruct-v1:0'
const profile = 'arn:aws:bedrock:us-east-1:000000000000:application-inference-profile/a1b2c3'

let simulator: Simulator
let running: TestGateway
beforeAll(async () => {
  simulator = await startSimulator({ name: 'bedrock', wire: 'bedrock-converse' })
  const address = `type: bedrock, base_url: "${simulator.baseUrl}", region: us-east-1`
  const route = (name: string, model: string, provider = 'signed') =>
    `  - {name: ${name}, match: {model: ${name}}, targets: [{provider: ${provider}, model: "${model}"}]}`
  running = await startTestGateway({
    manifest: `providers:
  signed: {${address}, auth: sigv4, api_key: {env: AWS_KEYS}}
  stranger: {${address}, auth: sigv4, api_key: {env: OTHER_KEYS}}
ai_routes:
${route('claude', claude)}
${route('llama', llama)}
${route('hidden', profile)}
${route('stranger', claude, 'stranger')}
`,
    env: {
      AWS_KEYS: `${simulatedKeys.accessKeyId}:${simulatedKeys.secretAccessKey}`,
      OTHER_KEYS: `${simulatedKeys.accessKeyId}:another/secret`,
    },
  })
})
afterEach(() => simulator.behave({ faults: [], next: [] }))
afterAll(async () => {
  await running.close()
  await simulator.close()
})

const say = (content: string) => [{ role: 'user' as const, content }]
const weather = {
  type: 'function' as const,
  function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
}
const lastPath = () => simulator.requests().at(-1)?.path

interface Streamed {
  readonly text: string
  readonly calls: readonly string[]
  readonly error: string | null
}

async function stream(body: object): Promise<Streamed & { readonly lost: string | null; readonly status: number }> {
  const reply = await fetch(`${running.gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, stream: true }),
  })
  const events = (await reply.text())
    .split('\n\n')
    .flatMap((event) => (event.startsWith('data: {') ? [event.slice(6)] : []))
  const read: { text: string; calls: string[]; error: string | null } = { text: '', calls: [], error: null }
  for (const event of events) {
    const { choices = [], error } = JSON.parse(event) as {
      choices?: { delta: { content?: string | null; tool_calls?: { function: { name?: string } }[] } }[]
      error?: { message: string }
    }
    read.error ??= error?.message ?? null
    read.text += choices[0]?.delta.content ?? ''
    read.calls.push(...(choices[0]?.delta.tool_calls ?? []).flatMap((call) => call.function.name ?? []))
  }
  return { ...read, lost: reply.headers.get('x-aigw-lost'), status: reply.status }
}

describe('a signed request', () => {
  test('is taken, plain and streamed, whatever the name of the model', async () => {
    for (const [model, path] of [
      ['claude', claude],
      ['hidden', profile],
    ] as const) {
      const { choices } = await running.client.chat.completions.create({ model, messages: say('Grüß Gott, 東京.') })
      expect(choices[0]?.message.content).toMatch(/\.$/)
      expect(lastPath()).toBe(`/model/${encodeURIComponent(path)}/converse`)
      expect((await stream({ model, messages: say('Hello.') })).text).toMatch(/\.$/)
      expect(lastPath()).toBe(`/model/${encodeURIComponent(path)}/converse-stream`)
    }
    expect(simulator.requests().at(-1)?.headers['authorization']).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDSIMULATED/)
  })

  test('with a wrong secret is the operator’s mistake', async () => {
    const asked = running.client.chat.completions.create({ model: 'stranger', messages: say('Hello.') })
    await expect(asked).rejects.toMatchObject({ status: 502 })
    expect(simulator.requests().at(-1)?.status).toBe(403)
  })
})

describe('a model that cannot call tools in a stream', () => {
  test('is asked for the whole answer, which comes as a stream', async () => {
    const read = await stream({ model: 'llama', messages: say('Use get_weather.'), tools: [weather] })
    expect(read).toMatchObject({ status: 200, calls: ['get_weather'], error: null, lost: 'stream;approximated' })
    expect(lastPath()).toBe(`/model/${encodeURIComponent(llama)}/converse`)
  })

  test('streams where there are no tools', async () => {
    expect((await stream({ model: 'llama', messages: say('Hello.') })).text).toMatch(/\.$/)
    expect(lastPath()).toBe(`/model/${encodeURIComponent(llama)}/converse-stream`)
  })
})

describe('a stream that goes wrong', () => {
  const asked = { model: 'claude', messages: say('Hello.') }

  test('an exception before any content is told by its class', async () => {
    const fault = { kind: 'error_event', after: 0, code: 'ThrottlingException', message: 'Slow down.' } as const
    await simulator.behave({ next: [{ faults: [fault] }] })
    expect((await stream(asked)).status).toBe(429)
  })

  test('an exception after content ends it with an error, never silently', async () => {
    const fault = { kind: 'error_event', after: 3, code: 'ModelStreamErrorException', message: 'It broke.' } as const
    await simulator.behave({ next: [{ chunks: 20, faults: [fault] }] })
    const { text, error } = await stream(asked)
    expect(text).not.toBe('')
    expect(error).toContain('It broke.')
  })

  test('a cut inside a frame is told', async () => {
    await simulator.behave({ next: [{ chunks: 20, faults: [{ kind: 'cut', after: 3 }] }] })
    const { text, error } = await stream(asked)
    expect(text).not.toBe('')
    expect(error).not.toBeNull()
  })
})

test('signed reasoning comes back in the next turn of a tool loop, and is taken', async () => {
  const messages = say('Use get_weather.')
  const asked = { model: 'claude', tools: [weather], reasoning_effort: 'low' as const, max_completion_tokens: 8000 }
  const { choices } = await running.client.chat.completions.create({ ...asked, messages })
  const message = choices[0]?.message
  if (message === undefined) throw new Error('no answer')
  expect(message).toMatchObject({ reasoning_details: [{ format: 'anthropic-claude-v1' }], tool_calls: [{}] })
  const result = { role: 'tool' as const, tool_call_id: message.tool_calls?.[0]?.id ?? '', content: 'sunny' }
  const second = await running.client.chat.completions.create({ ...asked, messages: [...messages, message, result] })
  expect(second.choices[0]?.message.content).toContain('The tool says: sunny')
  expect(second.choices[0]?.message).toHaveProperty('reasoning_content', expect.stringMatching(/\w/))
})
