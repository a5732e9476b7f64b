/** Who may call, while traffic runs: what is disabled or over stops at the next request, and cuts nothing that runs. */
import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Simulator } from '../../gateway/simulators/simulator.ts'
import { startSimulator } from '../../gateway/simulators/simulator.ts'
import type { TestGateway } from '../support/gateway.ts'
import { spoolLines, startTestGateway, until } from '../support/gateway.ts'
import { callRaw } from '../support/raw.ts'

let provider: Simulator
let gateway: TestGateway | null = null
beforeAll(async () => {
  provider = await startSimulator({ name: 'a', seed: 1 })
})
afterAll(async () => await provider.close())
afterEach(async () => {
  vi.useRealTimers()
  await gateway?.close()
  gateway = null
  await provider.behave({ tokensPerSecond: null, chunks: null })
})

const hashOf = (key: string): string => `sha256:${createHash('sha256').update(key).digest('hex')}`

function manifestOf(app: object): string {
  return JSON.stringify({
    credentials: [
      { name: 'app', key_hash: hashOf('key-of-app'), organization: 'retail', ...app },
      { name: 'other', key_hash: hashOf('key-of-other') },
    ],
    providers: { a: { type: 'openai-compatible', base_url: provider.baseUrl, api_key: { env: 'TEST_KEY' } } },
    ai_routes: [{ name: 'chat', match: { model: 'm' }, targets: [{ provider: 'a', model: 'x' }] }],
  })
}

async function start(app: object = {}): Promise<TestGateway> {
  gateway = await startTestGateway({ manifest: manifestOf(app) })
  return gateway
}

async function ask(running: TestGateway, key: string, stream = false): Promise<Response> {
  return await fetch(`${running.gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello' }], stream }),
  })
}

async function statusOf(running: TestGateway, key: string): Promise<number> {
  const reply = await ask(running, key)
  await reply.text()
  return reply.status
}

describe('a credential', () => {
  it('that is disabled while a stream runs is refused from the next request on; the stream finishes', async () => {
    const running = await start()
    await provider.behave({ tokensPerSecond: 50, chunks: 100 })
    const streamed = await ask(running, 'key-of-app', true)
    expect(streamed.status).toBe(200)
    const before = running.gateway.revision()
    running.writeManifest(manifestOf({ disabled: true }))
    await until('it is taken', () => running.gateway.revision() !== before)
    expect(await statusOf(running, 'key-of-app')).toBe(401)
    await provider.behave({ tokensPerSecond: null, chunks: null })
    expect(await statusOf(running, 'key-of-other')).toBe(200)
    expect(await streamed.text()).toMatch(/data: \[DONE\]\n\n$/)
    running.writeManifest(manifestOf({}))
    await until('it is let in again', async () => (await statusOf(running, 'key-of-app')) === 200)
    await running.gateway.close()
    const lines = await spoolLines(running.spool)
    const refused = lines.flatMap((line) =>
      line.kind === 'event' && line.record.event === 'request_refused' ? [line.record] : [],
    )
    expect(refused[0]).toMatchObject({ status: 401, code: 'invalid_api_key', reason: 'disabled key of app' })
  })

  it('that is disabled is refused on a connection that was open before', async () => {
    const running = await start()
    const caller = await callRaw(running.gateway.url)
    const request = 'GET /v1/models HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer key-of-app\r\n\r\n'
    caller.socket.write(request)
    await caller.receives(/^HTTP\/1\.1 200 /)
    const before = running.gateway.revision()
    running.writeManifest(manifestOf({ disabled: true }))
    await until('it is taken', () => running.gateway.revision() !== before)
    caller.socket.write(request)
    expect(await caller.receives(/HTTP\/1\.1 401 [^]*\}$/)).toContain('invalid_api_key')
    caller.socket.destroy()
  })

  it('ends at its hour, without a reload', async () => {
    const running = await start({ expires: '2099-01-31T12:00:00Z' })
    expect(await statusOf(running, 'key-of-app')).toBe(200)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2099, 0, 31, 11, 59, 59, 999) })
    expect(await statusOf(running, 'key-of-app')).toBe(200)
    vi.setSystemTime(Date.UTC(2099, 0, 31, 12))
    expect(await statusOf(running, 'key-of-app')).toBe(401)
    expect(await statusOf(running, 'key-of-other')).toBe(200)
  })

  it('is the last one: a manifest without it is refused, and one with it disabled is not an open door', async () => {
    const running = await start()
    const serving = running.gateway.revision()
    const open: Record<string, unknown> = JSON.parse(manifestOf({}))
    delete open['credentials']
    running.writeManifest(JSON.stringify(open))
    await until('it is refused', () => running.gateway.report().problem !== null)
    expect(running.gateway.report()).toMatchObject({
      ready: true,
      problem: expect.stringContaining('removes the last credential'),
    })
    expect(running.gateway.revision()).toBe(serving)
    expect(await statusOf(running, 'anything')).toBe(401)
    const closed = JSON.parse(manifestOf({ disabled: true })) as { credentials: object[] }
    closed.credentials.splice(1)
    running.writeManifest(JSON.stringify(closed))
    await until('it is taken', () => running.gateway.report().problem === null)
    for (const key of ['key-of-app', 'key-of-other', '']) expect(await statusOf(running, key)).toBe(401)
  })
})

describe('strangers', () => {
  it('cannot fill the log and the trail: a hundred a minute are told one by one, the rest is counted', async () => {
    const running = await start()
    for (let attempt = 0; attempt < 130; attempt += 1) expect(await statusOf(running, `guess-${attempt}`)).toBe(401)
    expect(await statusOf(running, 'key-of-app')).toBe(200)
    const metrics = await (await fetch(`${running.gateway.adminUrl}/metrics`)).text()
    expect(metrics).toMatch(/^aigw_requests_total\{[^}]*invalid_api_key[^}]*\} 130$/m)
    // That is no load that is turned away.
    expect(metrics).toMatch(/^aigw_shedding 0$/m)
    await running.gateway.close()
    const told = running.logs.filter(({ event }) => event === 'request_refused')
    expect(told).toHaveLength(100)
    expect(running.logs.filter(({ event }) => event.startsWith('shedding'))).toMatchObject([
      { event: 'shedding_begin', fields: { code: 'invalid_api_key' } },
      { event: 'shedding_end', fields: { code: 'invalid_api_key', refused: 30 } },
    ])
    const events = (await spoolLines(running.spool)).flatMap((line) => (line.kind === 'event' ? [line.record] : []))
    expect(events.filter(({ event }) => event === 'request_refused')).toHaveLength(100)
    expect(events.find(({ event }) => event === 'shedding_end')).toMatchObject({ code: 'invalid_api_key', refused: 30 })
  })

  it('do not get the second half of the places, however slowly they send', async () => {
    gateway = await startTestGateway({ manifest: manifestOf({}), overload: { maxOpen: 10 } })
    const running = gateway
    const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello' }] })
    const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer guess\r\ncontent-length: ${body.length}\r\n\r\n`
    const slow = await Promise.all(
      Array.from({ length: 30 }, async () => await callRaw(running.gateway.url, `${head}${body.slice(0, 5)}`)),
    )
    await until(
      'those beyond are told',
      () => slow.filter((caller) => caller.received().startsWith('HTTP/1.1 401 ')).length === 25,
    )
    for (let round = 0; round < 5; round += 1) expect(await statusOf(running, 'key-of-app')).toBe(200)
    for (const caller of slow) caller.socket.destroy()
  })
})
