/** The gateway as callers meet it: real HTTP, the official client, simulated providers. */
import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Simulator } from '../../gateway/simulators/simulator.ts'
import { startSimulator } from '../../gateway/simulators/simulator.ts'
import { verifySpool } from '../../gateway/spool/verify.ts'
import { validateChatCompletionChunk } from '../../schemas/validate-chat-completion-chunk.ts'
import { validateChatCompletion } from '../../schemas/validate-chat-completion.ts'
import { validateErrorResponse } from '../../schemas/validate-error-response.ts'
import { validateSpoolLine } from '../../schemas/validate-spool.ts'
import type { TestGateway, TestGatewayOptions } from '../support/gateway.ts'
import { spoolLines, startTestGateway, until } from '../support/gateway.ts'

let a: Simulator
let b: Simulator
beforeAll(async () => {
  a = await startSimulator({ name: 'a', seed: 1 })
  b = await startSimulator({ name: 'b', seed: 2 })
})
afterAll(async () => {
  await a.close()
  await b.close()
})

let running: TestGateway | null = null
afterEach(async () => {
  await a.behave({
    faults: [],
    firstContentMs: 0,
    tokensPerSecond: null,
    reply: null,
    refuseConnections: false,
    next: [],
  })
  await b.behave({
    faults: [],
    firstContentMs: 0,
    tokensPerSecond: null,
    reply: null,
    refuseConnections: false,
    next: [],
  })
  await running?.close()
  running = null
})

const providers = () => `providers:
  a: {type: openai-compatible, base_url: "${a.baseUrl}", api_key: {env: TEST_KEY}}
  b: {type: openai-compatible, base_url: "${b.baseUrl}", api_key: {env: TEST_KEY}}
`
const route = (more = '') => `ai_routes:
  - name: chat
    match: {model: gpt-4o-mini}
    strategy: priority
    targets:
      - {provider: a, model: model-a}
      - {provider: b, model: model-b}
${more}`

async function start(options: Partial<TestGatewayOptions> = {}): Promise<TestGateway> {
  running = await startTestGateway({ manifest: providers() + route(), ...options })
  return running
}

const hello = { model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content: 'Hello' }] }

function post(gateway: TestGateway, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${gateway.gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

describe('a plain request', () => {
  it("is answered in OpenAI's shape by the first target, with headers that say so, and recorded once", async () => {
    const gateway = await start()
    const reply = await post(gateway, hello, { 'x-request-id': 'theirs' })
    expect(reply.status).toBe(200)
    expect(validateChatCompletion(await reply.json())).toMatchObject({ valid: true })
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'x-aigw-route': 'chat',
      'x-aigw-target': 'a/model-a',
      'x-aigw-attempts': '1',
      'x-aigw-revision': gateway.gateway.revision(),
      'x-request-id': expect.stringMatching(/^req_[0-9a-f]{16}$/),
    })
    const [record, ...more] = await gateway.records()
    expect(more).toEqual([])
    expect(record).toMatchObject({
      id: reply.headers.get('x-request-id'),
      correlation_id: 'theirs',
      route: 'chat',
      model: 'gpt-4o-mini',
      finish: { outcome: 'served', status: 200 },
      attempts: [{ target: 'a/model-a', class: 'ok' }],
    })
    for (const line of await spoolLines(gateway.spool)) expect(validateSpoolLine(line)).toMatchObject({ valid: true })
    expect((await verifySpool(gateway.spool)).faults).toEqual([])
  })

  it("carries our key and the target's model to the provider, and nothing of the caller", async () => {
    const gateway = await start()
    await post(
      gateway,
      { ...hello, user: 'u1' },
      { authorization: 'Bearer sk-caller-secret', 'x-evil': '1', cookie: 'c=1' },
    )
    const sent = a.requests().at(-1)
    expect(sent?.headers['authorization']).toBe('Bearer sk-provider-key-0123456789')
    expect(sent?.headers).not.toHaveProperty('x-evil')
    expect(sent?.headers).not.toHaveProperty('cookie')
    expect(sent?.body).toMatchObject({ model: 'model-a', user: 'u1', messages: hello.messages })
  })
})

describe('a streamed request', () => {
  it('is a strict stream, with usage exactly when asked for', async () => {
    const gateway = await start()
    for (const include_usage of [false, true]) {
      const reply = await post(gateway, {
        ...hello,
        stream: true,
        ...(include_usage && { stream_options: { include_usage } }),
      })
      expect(reply.headers.get('content-type')).toContain('text/event-stream')
      const events = (await reply.text())
        .trimEnd()
        .split('\n\n')
        .map((event) => event.replace(/^data: /, ''))
      expect(events.at(-1)).toBe('[DONE]')
      const chunks = events.slice(0, -1).map((event) => JSON.parse(event) as { choices: unknown[]; usage?: object })
      for (const chunk of chunks) expect(validateChatCompletionChunk(chunk)).toMatchObject({ valid: true })
      expect(chunks.some((chunk) => chunk.choices.length === 0 && (chunk.usage ?? null) !== null)).toBe(include_usage)
    }
  })

  it('reaches the official client piece by piece, tools included', async () => {
    const gateway = await start()
    const runner = gateway.client.chat.completions.stream({
      ...hello,
      tools: [
        {
          type: 'function',
          function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
        },
      ],
      tool_choice: 'required',
    })
    const completion = await runner.finalChatCompletion()
    expect(completion.choices[0]?.finish_reason).toBe('tool_calls')
    const [call] = completion.choices[0]?.message.tool_calls ?? []
    expect(call).toMatchObject({ type: 'function', function: { name: 'weather' } })
    expect(() => JSON.parse(call?.type === 'function' ? call.function.arguments : '')).not.toThrow()
  })
})

describe('failover', () => {
  it.each([
    ['503', { kind: 'status', status: 503 }],
    ['429', { kind: 'status', status: 429 }],
    ['401', { kind: 'status', status: 401 }],
    ['a reset', { kind: 'reset' }],
    ['an empty 200', { kind: 'empty' }],
    ['an unreadable 200', { kind: 'unreadable' }],
    ['an error inside a 200', { kind: 'error_event', after: 0 }],
  ] as const)('goes to the next target after %s, plain and streamed', async (_name, fault) => {
    const gateway = await start()
    await a.behave({ faults: [fault] })
    const plain = await gateway.client.chat.completions.create(hello).withResponse()
    expect(plain.response.headers.get('x-aigw-target')).toBe('b/model-b')
    const streamed = await gateway.client.chat.completions.create({ ...hello, stream: true }).withResponse()
    let text = ''
    for await (const chunk of streamed.data) text += chunk.choices[0]?.delta.content ?? ''
    expect(text).not.toBe('')
    expect(streamed.response.headers.get('x-aigw-target')).toBe('b/model-b')
  })

  it('leaves a target that misses its latency target, and one that hangs', async () => {
    const manifest = providers() + route().replace('model: model-a}', 'model: model-a, max_latency_ms: 60}')
    const gateway = await start({ manifest })
    await a.behave({ faults: [{ kind: 'hang' }] })
    const { response } = await gateway.client.chat.completions.create(hello).withResponse()
    expect(response.headers.get('x-aigw-target')).toBe('b/model-b')
    await until('the simulator has seen the abort', () => a.requests().at(-1)?.aborted !== null)
    const [record] = await gateway.records()
    expect(record?.attempts.map((one) => one.class)).toEqual(['latency', 'ok'])
  })

  it("never fails over on the caller's own mistake", async () => {
    const gateway = await start()
    await a.behave({ faults: [{ kind: 'status', status: 400, message: 'temperature must be below 2' }] })
    const before = b.stats().received
    await expect(gateway.client.chat.completions.create(hello)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('temperature must be below 2'),
    })
    expect(b.stats().received).toBe(before)
  })

  it("answers an exhausted route in OpenAI's envelope and asks clients not to call again", async () => {
    const gateway = await start()
    for (const one of [a, b])
      await one.behave({
        faults: [{ kind: 'status', status: 500, message: 'it broke, sk-abcdefghijklmnopqrstuvwxyz' }],
      })
    const reply = await post(gateway, hello)
    expect(reply.status).toBe(502)
    expect(reply.headers.get('x-should-retry')).toBe('false')
    const body: unknown = await reply.json()
    expect(validateErrorResponse(body)).toMatchObject({ valid: true })
    expect(body).toMatchObject({
      error: { code: 'all_targets_failed', message: expect.stringContaining('a/model-a: server_error') },
    })
    expect(JSON.stringify(body)).not.toContain('abcdefghijkl')
    expect(JSON.stringify(await gateway.records())).not.toContain('abcdefghijkl')
  })

  it('ends a stream that breaks after the commit point with an error event, never silently', async () => {
    const gateway = await start()
    await a.behave({ faults: [{ kind: 'cut', after: 3 }], tokensPerSecond: 200 })
    const stream = await gateway.client.chat.completions.create({ ...hello, stream: true })
    let pieces = 0
    await expect(async () => {
      for await (const chunk of stream) pieces += chunk.choices.length
    }).rejects.toThrow(OpenAI.APIError)
    expect(pieces).toBeGreaterThan(0)
    const [record] = await gateway.records()
    expect(record?.finish).toMatchObject({ outcome: 'broken', code: 'stream_interrupted' })
  })
})

describe('the caller', () => {
  it("hangs up, and the provider's call is gone at once", async () => {
    const gateway = await start()
    await a.behave({ tokensPerSecond: 20, chunks: 200 })
    const stream = await gateway.client.chat.completions.create({ ...hello, stream: true })
    for await (const _ of stream) break
    await until('the provider has seen it', () => a.requests().at(-1)?.aborted !== null, 1000)
    const [record] = await gateway.records()
    expect(record).toMatchObject({ finish: { outcome: 'abandoned' }, attempts: [{ aborted_by: 'caller' }] })
  })

  it('is told what is wrong with a request, and nothing reaches a provider', async () => {
    const gateway = await start()
    const before = a.stats().received + b.stats().received
    const cases: [unknown, number, string][] = [
      ['{"model": ', 400, 'invalid_json'],
      [{ model: 'gpt-4o-mini' }, 400, 'invalid_request'],
      [{ model: 7, messages: [] }, 400, 'invalid_request'],
      [{ ...hello, model: 'unknown' }, 404, 'route_not_found'],
    ]
    for (const [body, status, code] of cases) {
      const reply = await post(gateway, body)
      const answer = (await reply.json()) as { error: { code: string } }
      expect([reply.status, answer.error.code]).toEqual([status, code])
      expect(validateErrorResponse(answer)).toMatchObject({ valid: true })
    }
    const wrong = await fetch(`${gateway.gateway.url}/v1/responses`, { method: 'POST', body: '{}' })
    expect([wrong.status, ((await wrong.json()) as { error: { code: string } }).error.code]).toEqual([
      404,
      'unknown_path',
    ])
    expect(a.stats().received + b.stats().received).toBe(before)
  })

  it('needs a known key where credentials are declared', async () => {
    const { createHash } = await import('node:crypto')
    const hash = createHash('sha256').update('sk-good').digest('hex')
    const credentials = `credentials:\n  - {name: app, key_hash: "sha256:${hash}", organization: retail}\n`
    const gateway = await start({ manifest: providers() + credentials + route() })
    expect((await post(gateway, hello)).status).toBe(401)
    expect((await post(gateway, hello, { authorization: 'Bearer sk-bad' })).status).toBe(401)
    expect((await post(gateway, hello, { authorization: 'Bearer sk-good' })).status).toBe(200)
    const [record] = await gateway.records()
    expect(record).toMatchObject({ credential: 'app', organization: 'retail' })
  })

  it('is only answered under a local name while anyone may call', async () => {
    const gateway = await start()
    const { request } = await import('undici')
    const reply = await request(`${gateway.gateway.url}/v1/models`, { headers: { host: 'evil.example' } })
    expect(reply.statusCode).toBe(403)
    await reply.body.dump()
  })
})

describe('what else can be asked', () => {
  it('lists the models that callers can name', async () => {
    const gateway = await start()
    const list = await gateway.client.models.list()
    expect(list.data.map((model) => model.id)).toEqual(['gpt-4o-mini'])
  })

  it('tells health and readiness on both listeners, and status on the admin one only', async () => {
    const gateway = await start()
    for (const url of [gateway.gateway.url, gateway.gateway.adminUrl]) {
      expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' })
      expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ready' })
    }
    expect(await (await fetch(`${gateway.gateway.adminUrl}/status`)).json()).toMatchObject({
      ready: true,
      generation: 1,
      inFlight: 0,
    })
    expect((await fetch(`${gateway.gateway.url}/status`)).status).toBe(404)
  })
})

describe('a reload', () => {
  it('takes the new manifest and lets a running stream end on the old one', async () => {
    const gateway = await start()
    await a.behave({ tokensPerSecond: 100, chunks: 300 })
    const stream = await gateway.client.chat.completions.create({ ...hello, stream: true })
    const first = gateway.gateway.revision()
    gateway.writeManifest(providers() + route().replace('provider: a, model: model-a', 'provider: b, model: model-b2'))
    await until('the new revision serves', () => gateway.gateway.revision() !== first)
    expect(gateway.gateway.report().draining).toHaveLength(1)
    const { response } = await gateway.client.chat.completions.create(hello).withResponse()
    expect(response.headers.get('x-aigw-target')).toBe('b/model-b2')
    let text = ''
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
    expect(text.split(' ').length).toBeGreaterThan(200)
    await until('the old generation is gone', () => gateway.gateway.report().draining.length === 0)
  })

  it('keeps the good manifest when the new one is bad, and says so once', async () => {
    const gateway = await start()
    const good = gateway.gateway.revision()
    gateway.writeManifest(`${providers()}ai_routes:\n  - name: chat\n    match: {modle: x}\n    targets: []\n`)
    await until('the problem shows', () => gateway.gateway.report().problem !== null)
    expect(gateway.gateway.report().problem).toMatch(/routes\.yaml:\d+:\d+: /)
    expect(gateway.gateway.revision()).toBe(good)
    expect((await gateway.client.chat.completions.create(hello)).choices).toHaveLength(1)
    expect(gateway.logs.filter((line) => line.event === 'load_refused')).toHaveLength(1)
    gateway.writeManifest(providers() + route())
    await until('the problem is gone', () => gateway.gateway.report().problem === null)
  })

  it('refuses to start on a bad file', async () => {
    await expect(startTestGateway({ manifest: 'ai_routes: 7\n' })).rejects.toThrow(/routes\.yaml:1:\d+/)
  })
})

it('serves a target whose key is missing never, the others always, and tells the operator', async () => {
  const manifest = (providers() + route()).replace('{env: TEST_KEY}', '{env: MISSING_KEY}')
  const gateway = await start({ manifest })
  const { response } = await gateway.client.chat.completions.create(hello).withResponse()
  expect(response.headers.get('x-aigw-target')).toBe('b/model-b')
  expect(gateway.logs.some((line) => line.event === 'secret_missing')).toBe(true)
  const [record] = await gateway.records()
  expect(record?.candidates[0]).toMatchObject({ verdict: 'secret_missing', tried: false })
})
