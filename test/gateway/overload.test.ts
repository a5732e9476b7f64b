/** More than the gateway can do: who finds no room is told so at once, and everybody else is served as before. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifySpool } from '../../gateway/spool/verify.ts'
import { validateErrorResponse } from '../../schemas/validate-error-response.ts'
import type { TestGateway, TestGatewayOptions } from '../support/gateway.ts'
import { spoolLines, startTestGateway, until } from '../support/gateway.ts'
import { type Answer, openLoop } from '../../bench/harness/open-loop.ts'
import { quantile } from '../../bench/harness/statistics.ts'
import type { ServingProcess } from '../support/process.ts'
import { metricOf, serveProcess, usageOf } from '../support/process.ts'
import type { RawCaller, RawProvider, RawRequest } from '../support/raw.ts'
import { callRaw, chatText, chunkEvent, completionText, plainReply, startRawProvider } from '../support/raw.ts'

let folder = ''
const closing: (() => Promise<unknown>)[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aigw-overload-'))
})
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
  rmSync(folder, { recursive: true, force: true })
})

const bodyFor = (model: string, stream = false, words = 1) =>
  JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'Hello '.repeat(words) }] })

async function provide(answer: (request: RawRequest) => void): Promise<RawProvider> {
  const provider = await startRawProvider(answer)
  closing.push(() => provider.close())
  return provider
}

const soon =
  (reply: string, ms: number) =>
  ({ socket }: RawRequest): void =>
    void setTimeout(() => socket.write(reply), ms)

/** Routes `a`, `b` … to the provider of that name. */
function manifestOf(providers: Readonly<Record<string, RawProvider>>, more = ''): string {
  const lines = Object.entries(providers).map(
    ([name, { baseUrl }]) =>
      `  ${name}: {type: openai-compatible, base_url: "${baseUrl}", api_key: {env: TEST_KEY}, connect_timeout_ms: 60000}`,
  )
  const routes = Object.keys(providers).map(
    (name) => `  - {name: ${name}, match: {model: ${name}}, targets: [{provider: ${name}, model: x}]}`,
  )
  return ['providers:', ...lines, 'ai_routes:', ...routes, more, ''].join('\n')
}

async function serveApart(manifest: string, limits?: string): Promise<ServingProcess> {
  writeFileSync(join(folder, 'routes.yaml'), manifest)
  const gateway = await serveProcess({
    folder,
    args: ['--manifest', 'routes.yaml', '--spool', 'spool'],
    env: { TEST_KEY: 'sk-provider-key-0123456789' },
    ...(limits !== undefined && { limits }),
  })
  closing.push(() => gateway.stop('SIGKILL'))
  return gateway
}

async function serveHere(options: TestGatewayOptions): Promise<TestGateway> {
  const gateway = await startTestGateway(options)
  closing.push(() => gateway.close())
  return gateway
}

const isRefused = ({ status, text }: Answer) => status === 503 && text.includes('"overloaded"')

function expectRefusal(text: string, code: string): void {
  const body: unknown = JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4))
  expect(body).toMatchObject({ error: { code } })
  expect(validateErrorResponse(body)).toMatchObject({ valid: true })
}

describe('three times as much as it can do', () => {
  // As long as a model thinks, or the share of a request that is the gateway's would be all there is.
  const thinkingMs = 300
  const words = Array.from({ length: 400 }, (_, number) => chunkEvent({ content: `word ${number} ` })).join('')
  const stream = `${words}${chunkEvent({}, 'stop')}data: [DONE]\n\n`
  const reply = `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: ${Buffer.byteLength(stream)}\r\n\r\n${stream}`

  /** Requests a second that it finishes when it is never out of work. */
  async function measureCapacity(url: string): Promise<number> {
    const endAt = performance.now() + 2000
    let finished = 0
    const caller = async (): Promise<void> => {
      while (performance.now() < endAt) {
        const answer = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body: bodyFor('quick', true) })
        await answer.text()
        finished += 1
      }
    }
    await Promise.all(Array.from({ length: 24 }, caller))
    return finished / 2
  }

  it(
    'is turned away before it gets slow, all of it counted, and over when it is over',
    { timeout: 90_000 },
    async () => {
      const model = await provide(soon(reply, thinkingMs))
      const quick = await provide(({ socket }) => void socket.write(reply))
      const gateway = await serveApart(manifestOf({ model, quick }))
      const { url, adminUrl } = gateway
      const load = (perSecond: number, forMs: number) =>
        openLoop({ url, perSecond, forMs, body: bodyFor('model', true) })
      const perSecond = await measureCapacity(url)
      const unloadedAnswers = await load(20, 1500)
      const unloaded = quantile(
        unloadedAnswers.map(({ ms }) => ms),
        0.5,
      )
      const answers = await load(3 * perSecond, 4000)
      const served = answers.filter(({ status }) => status === 200)
      const refused = answers.filter(isRefused)
      expect(served.length + refused.length).toBe(answers.length)
      expect(served.every(({ text }) => text.endsWith('data: [DONE]\n\n'))).toBe(true)
      // Without shedding the last ones would have waited for twice the time of the load, which is what 27 times this is.
      const took = served.map(({ ms }) => ms / unloaded)
      expect(quantile(took, 0.5)).toBeLessThan(5)
      expect(quantile(took, 0.9)).toBeLessThan(10)
      expect(refused.length).toBeGreaterThan(answers.length / 4)
      expect(
        quantile(
          refused.map(({ ms }) => ms / unloaded),
          0.5,
        ),
      ).toBeLessThan(2)
      for (const { text, headers } of [refused[0], refused.at(-1)].filter((one) => one !== undefined)) {
        expectRefusal(`\r\n\r\n${text}`, 'overloaded')
        expect(headers).toMatchObject({ 'retry-after': '1', 'x-should-retry': 'true' })
      }

      await until('nobody is under way', async () => (await metricOf(adminUrl, 'aigw_open_requests')) === 0)
      const after = await load(20, 1500)
      expect(after.every(({ status }) => status === 200)).toBe(true)
      expect(
        quantile(
          after.map(({ ms }) => ms / unloaded),
          0.5,
        ),
      ).toBeLessThan(2)
      await until('it has said that it is over', () => gateway.events('shedding_end').length > 0)
      await until('the limit is lifted', async () => (await metricOf(adminUrl, 'aigw_open_requests_limit')) > 1000)
      expect(gateway.events('shedding_begin')).toHaveLength(1)
      expect(gateway.events('shedding_end')).toMatchObject([{ refused: refused.length }])
      expect(await gateway.stop()).toEqual({ code: 0, signal: null })

      const lines = await spoolLines(join(folder, 'spool'))
      const ends = lines.flatMap((line) =>
        line.kind === 'record' && line.record.route === 'model' ? [line.record] : [],
      )
      expect(ends).toHaveLength(unloadedAnswers.length + served.length + after.length)
      const shed = lines.flatMap((line) => (line.kind === 'event' ? [line.record] : []))
      expect(shed.filter(({ event }) => event === 'shedding_begin')).toMatchObject([{ code: 'overloaded' }])
      expect(shed.filter(({ event }) => event === 'shedding_end')).toMatchObject([{ refused: refused.length }])
      expect((await verifySpool(join(folder, 'spool'))).faults).toEqual([])
    },
  )
})

describe('a provider that hangs', () => {
  const fine = plainReply(completionText)
  const quickMs = 20

  /** Callers of a provider that never answers. */
  async function hang(url: string, count: number): Promise<RawCaller[]> {
    const callers: RawCaller[] = []
    while (callers.length < count) {
      const more = Array.from({ length: Math.min(50, count - callers.length) }, () =>
        callRaw(url, chatText(bodyFor('slow'))),
      )
      callers.push(...(await Promise.all(more)))
    }
    closing.push(async () => callers.forEach(({ socket }) => socket.destroy()))
    return callers
  }

  it('with a thousand requests does not slow down anybody else', async () => {
    const slow = await provide(() => {})
    const other = await provide(soon(fine, quickMs))
    const gateway = await serveApart(manifestOf({ slow, other }))
    const { url, pid } = gateway
    const ask = async () => {
      const answers = await openLoop({ url, perSecond: 50, forMs: 2000, body: bodyFor('other') })
      expect(answers.every(({ status }) => status === 200)).toBe(true)
      return quantile(
        answers.map(({ ms }) => ms),
        0.5,
      )
    }
    await ask()
    const before = await ask()
    const files = usageOf(pid).descriptors
    await hang(url, 1000)
    await until('all of them hang', () => slow.requests.length === 1000)
    expect((await ask()) / before).toBeLessThan(2)
    // One file for the caller and one for the provider, and no more.
    expect(usageOf(pid).descriptors - files).toBeLessThan(2000 + 60)
  })

  it('may have so many requests and no more: the next go to the next target, or are told to come again', async () => {
    const slow = await provide(() => {})
    const other = await provide(soon(fine, 0))
    const more =
      '  - {name: both, match: {model: both}, strategy: priority, targets: [{provider: slow, model: x}], fallback: other/x}'
    const gateway = await serveHere({
      manifest: manifestOf({ slow, other }, more),
      overload: { maxOpenPerProvider: 5 },
    })
    const { url } = gateway.gateway
    const callers = await hang(url, 5)
    await until('all of them hang', () => slow.requests.length === 5)
    const [both] = await openLoop({ url, perSecond: 1, forMs: 1000, body: bodyFor('both') })
    expect([both?.status, both?.headers['x-aigw-target']]).toEqual([200, 'other/x'])
    const [alone] = await openLoop({ url, perSecond: 1, forMs: 1000, body: bodyFor('slow') })
    expect(alone?.status).toBe(429)
    expect(alone?.text).toContain('5 requests to this provider are under way here')
    expect(Number(alone?.headers['retry-after'])).toBeGreaterThan(0)
    expect(slow.requests).toHaveLength(5)
    for (const { socket } of callers) socket.destroy()
    await until('they are gone', () => gateway.gateway.report().inFlight === 0)
    expect(gateway.logs.some(({ event }) => event === 'breaker_opened')).toBe(false)
    const again = callRaw(url, chatText(bodyFor('slow')))
    await until('it is asked again', () => slow.requests.length === 6)
    ;(await again).socket.destroy()
  })

  it.runIf(process.platform === 'linux')('never takes more files than there are', async () => {
    const slow = await provide(() => {})
    const other = await provide(soon(fine, quickMs))
    const gateway = await serveApart(manifestOf({ slow, other }), 'ulimit -n 300')
    const { url, pid } = gateway
    expect(gateway.events('few_descriptors')).toMatchObject([{ descriptors: 300, connections: 160 }])
    const callers = await hang(url, 100)
    await until('each hangs or was told', () => slow.requests.length + callers.filter(told).length === 100)
    expect(slow.requests).toHaveLength(30)
    expect(callers.filter(told).every((caller) => caller.received().startsWith('HTTP/1.1 429 '))).toBe(true)
    const answers = await openLoop({ url, perSecond: 40, forMs: 1000, body: bodyFor('other') })
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    // Connections that ask for nothing take files as well.
    const crowd = await Promise.all(Array.from({ length: 65 }, () => callRaw(url)))
    const refused = await callRaw(url, chatText(bodyFor('other')))
    expectRefusal(await refused.ends(), 'too_many_connections')
    expect(usageOf(pid).descriptors).toBeLessThan(300)
    for (const { socket } of crowd) socket.destroy()
    expect(gateway.said()).not.toMatch(/EMFILE/)
  })
})

const told = (caller: RawCaller) => caller.received() !== ''

describe('a request without a place', () => {
  it('is refused before its body is read, and the caller may come again on the same connection', async () => {
    const model = await provide(() => {})
    const gateway = await serveHere({ manifest: manifestOf({ model }), overload: { maxOpen: 2 } })
    const { url } = gateway.gateway
    const first = await callRaw(url, chatText(bodyFor('model')))
    await callRaw(url, chatText(bodyFor('model')))
    await until('both are under way', () => model.requests.length === 2)
    const head = chatText(bodyFor('model')).slice(0, -5)
    const third = await callRaw(url, head)
    const text = await third.receives(/\}$/)
    expect(text).toMatch(/^HTTP\/1\.1 503 /)
    expect(text).toMatch(/^x-should-retry: true\r$/im)
    expectRefusal(text, 'overloaded')
    first.socket.destroy()
    await until('there is a place', () => gateway.gateway.report().inFlight === 1)
    third.socket.write(`${chatText(bodyFor('model')).slice(-5)}${chatText(bodyFor('model'))}`)
    await until('it has it', () => model.requests.length === 3)
    const probe = await fetch(`${url}/healthz`)
    expect(probe.status).toBe(200)
  })

  it('that waits for leave to send its body is refused and the connection ended', async () => {
    const model = await provide(() => {})
    const gateway = await serveHere({ manifest: manifestOf({ model }), overload: { maxOpen: 1 } })
    const { url } = gateway.gateway
    await callRaw(url, chatText(bodyFor('model')))
    await until('one is under way', () => model.requests.length === 1)
    const second = await callRaw(
      url,
      chatText(bodyFor('model'), { headers: ['expect: 100-continue'] }).split('\r\n\r\n')[0] + '\r\n\r\n',
    )
    expectRefusal(await second.ends(), 'overloaded')
  })

  it.each([
    ['of a stated length', (text: string) => chatText(text)],
    [
      'in pieces',
      (text: string) =>
        `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n0\r\n\r\n`,
    ],
  ])('because large bodies %s take the memory there is finds room once they are gone', async (_, render) => {
    const model = await provide(() => {})
    const gateway = await serveHere({ manifest: manifestOf({ model }), overload: { maxHeldBytes: 100_000 } })
    const { url } = gateway.gateway
    // More than there is room for: taken all the same, as the only one.
    const first = await callRaw(url, render(bodyFor('model', false, 30_000)))
    await until('it is under way', () => model.requests.length === 1)
    const second = await callRaw(url, chatText(bodyFor('model', false, 100)))
    expectRefusal(await second.receives(/\}$/), 'overloaded')
    second.socket.destroy()
    first.socket.destroy()
    await until('it is gone', () => gateway.gateway.report().inFlight === 0)
    const third = await callRaw(url, chatText(bodyFor('model', false, 100)))
    await until('there is room', () => model.requests.length === 2)
    third.socket.destroy()
    expect(gateway.logs.filter(({ event }) => event === 'shedding_begin')).toHaveLength(1)
  })
})
