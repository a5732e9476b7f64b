/** Callers that take their time, take nothing, or come in crowds: each is held to its limit, and nobody else notices. */
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { validateErrorResponse } from '../../schemas/validate-error-response.ts'
import type { TestGateway, TestGatewayOptions } from '../support/gateway.ts'
import { startTestGateway, until } from '../support/gateway.ts'
import type { RawCaller, RawProvider, RawRequest } from '../support/raw.ts'
import {
  callRaw,
  chatText,
  chunkEvent,
  completionText,
  plainReply,
  startRawProvider,
  streamHead,
} from '../support/raw.ts'

let answer: (request: RawRequest) => void = () => {}
let provider: RawProvider | null = null
let running: TestGateway | null = null
afterEach(async () => {
  await running?.close()
  await provider?.close()
  running = null
  provider = null
})

async function start(limits: TestGatewayOptions['limits'] = {}): Promise<TestGateway> {
  provider = await startRawProvider((request) => answer(request))
  const manifest = `providers:
  a: {type: openai-compatible, base_url: "${provider.baseUrl}", api_key: {env: TEST_KEY}}
ai_routes:
  - {name: chat, match: {model: m}, targets: [{provider: a, model: x}]}
`
  running = await startTestGateway({ manifest, drainTimeoutMs: 1000, limits: { checkEveryMs: 50, ...limits } })
  return running
}

const hello = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] }
const big = 12_000_000
const bigReply = plainReply(completionText.replace('fine', 'x'.repeat(big)))
const fine = ({ socket }: RawRequest): void => void socket.write(plainReply(completionText))

/** Sends a little of a text at a time, for as long as the connection lives. */
function drip({ socket }: RawCaller, next: () => string): void {
  const timer = setInterval(() => socket.write(next()), 20)
  socket.on('close', () => clearInterval(timer))
}

function expectRefusal(text: string, status: number, code: string): void {
  const body = text.slice(text.indexOf('\r\n\r\n') + 4)
  expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  expect(JSON.parse(body)).toMatchObject({ error: { code } })
  expect(validateErrorResponse(JSON.parse(body))).toMatchObject({ valid: true })
}

describe('a caller that sends slowly', () => {
  const times = { headersMs: 300, requestMs: 600 }

  it('is told so and left: in its headers', async () => {
    const gateway = await start(times)
    const caller = await callRaw(gateway.gateway.url, 'POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\n')
    let line = 0
    drip(caller, () => `x-${(line += 1)}: y\r\n`)
    expectRefusal(await caller.ends(), 408, 'request_timeout')
    expect(gateway.logs).toMatchObject([{ event: 'generation' }, { fields: { code: 'request_timeout', status: 408 } }])
  })

  it('is told so and left: in its body', async () => {
    const gateway = await start(times)
    const caller = await callRaw(
      gateway.gateway.url,
      chatText(hello).replace(/content-length: \d+/, 'content-length: 900'),
    )
    drip(caller, () => ' ')
    expectRefusal(await caller.ends(), 408, 'request_timeout')
  })

  it('is told so and left: in the pieces of its body', async () => {
    const gateway = await start(times)
    const head = 'POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n'
    const caller = await callRaw(gateway.gateway.url, head)
    drip(caller, () => '1\r\n \r\n')
    expectRefusal(await caller.ends(), 408, 'request_timeout')
  })

  it('is left when it says nothing at all', async () => {
    const gateway = await start(times)
    const caller = await callRaw(gateway.gateway.url)
    expectRefusal(await caller.ends(), 408, 'request_timeout')
  })

  it('costs nobody else anything', async () => {
    answer = fine
    const gateway = await start(times)
    const slow = await Promise.all(
      Array.from({ length: 50 }, () => callRaw(gateway.gateway.url, 'POST / HTTP/1.1\r\n')),
    )
    for (const caller of slow) drip(caller, () => 'x')
    const quick = await callRaw(gateway.gateway.url, chatText(hello))
    expect(await quick.receives(/"fine"/)).toMatch(/^HTTP\/1\.1 200 OK/)
    await Promise.all(slow.map((caller) => caller.ends()))
    quick.socket.destroy()
  })

  it('keeps an idle connection for its time and no longer', async () => {
    answer = fine
    const gateway = await start({ keepAliveMs: 100 })
    const caller = await callRaw(gateway.gateway.url, chatText(hello))
    await caller.receives(/"fine"/)
    expect((await caller.ends()).match(/HTTP\/1\.1/g)).toHaveLength(1)
  })
})

describe('a caller that reads nothing', () => {
  const endless = ({ socket }: RawRequest): void => {
    socket.write(streamHead)
    const more = (): void => {
      while (!socket.destroyed && socket.write(chunkEvent({ content: 'x'.repeat(10_000) })));
      socket.once('drain', more)
    }
    more()
  }

  it('of a stream is left, and its request recorded as given up', async () => {
    answer = endless
    const gateway = await start({ stalledMs: 300 })
    const caller = await callRaw(gateway.gateway.url)
    caller.socket.pause()
    caller.socket.write(chatText({ ...hello, stream: true }))
    await until('it is served', () => gateway.gateway.report().inFlight === 1)
    await until('its lease is given back', () => gateway.gateway.report().inFlight === 0)
    await until('the provider is left', () => provider?.requests[0]?.socket.destroyed === true)
    expect(gateway.logs.filter(({ event }) => event === 'caller_stalled')).toHaveLength(1)
    expect(await gateway.records()).toMatchObject([
      { finish: { outcome: 'abandoned' }, attempts: [{ aborted_by: 'caller' }] },
    ])
    caller.socket.destroy()
  })

  it('of an answer that is whole is left as well', async () => {
    answer = ({ socket }) => void socket.write(bigReply)
    const gateway = await start({ stalledMs: 300 })
    const caller = await callRaw(gateway.gateway.url)
    caller.socket.pause()
    caller.socket.write(chatText(hello))
    await until('it is left', () => gateway.logs.some(({ event }) => event === 'caller_stalled'))
    expect(await gateway.records()).toMatchObject([{ finish: { outcome: 'served' } }])
    caller.socket.destroy()
  })

  it('now and then is waited for', async () => {
    const size = 2 * big
    answer = ({ socket }) => void socket.write(plainReply(completionText.replace('fine', 'x'.repeat(size))))
    const stalledMs = 600
    const gateway = await start({ stalledMs })
    const caller = await callRaw(gateway.gateway.url)
    caller.socket.pause()
    caller.socket.write(chatText(hello))
    const pauseMs = 150
    let rounds = 0
    while (!caller.received().slice(-10).endsWith(']}')) {
      caller.socket.resume()
      await new Promise((resolve) => setTimeout(resolve, 3))
      caller.socket.pause()
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
      rounds += 1
      if (caller.closed()) break
    }
    // Longer than it may take nothing, or this shows nothing.
    expect(rounds * pauseMs).toBeGreaterThan(stalledMs)
    expect(caller.received().length).toBeGreaterThan(size)
    expect(gateway.logs.some(({ event }) => event === 'caller_stalled')).toBe(false)
    caller.socket.destroy()
  })

  it('but by drips is left in the end', async () => {
    answer = endless
    const gateway = await start({ stalledMs: 1000, leastTakenBytes: 1000 * big })
    const caller = await callRaw(gateway.gateway.url)
    caller.socket.pause()
    caller.socket.write(chatText({ ...hello, stream: true }))
    // Each time it takes something is a sign of life, sooner than it may be silent.
    let sips = 0
    const timer = setInterval(() => {
      sips += 1
      caller.socket.resume()
      setImmediate(() => caller.socket.pause())
    }, 400)
    await until('it is left', () => gateway.logs.some(({ event }) => event === 'caller_stalled'))
    clearInterval(timer)
    expect(sips * 400).toBeGreaterThanOrEqual(800)
    await until('the provider is left', () => provider?.requests[0]?.socket.destroyed === true)
    expect(gateway.logs.filter(({ event }) => event === 'caller_stalled')).toHaveLength(1)
    expect(await gateway.records()).toMatchObject([{ finish: { outcome: 'abandoned' } }])
    caller.socket.destroy()
  })

  it('because there is nothing to read yet is not left', async () => {
    answer = ({ socket }) => void setTimeout(() => socket.write(plainReply(completionText)), 900)
    const gateway = await start({ stalledMs: 200 })
    const caller = await callRaw(gateway.gateway.url, chatText(hello))
    expect(await caller.receives(/"fine"/)).toMatch(/^HTTP\/1\.1 200 OK/)
    caller.socket.destroy()
  })
})

describe('a crowd', () => {
  it('is told that there is no room, and served once there is', async () => {
    answer = fine
    const gateway = await start({ maxConnections: 10 })
    const { url } = gateway.gateway
    const first = await Promise.all(Array.from({ length: 10 }, () => callRaw(url)))
    const late = await callRaw(url, chatText(hello))
    const text = await late.ends()
    expectRefusal(text, 503, 'too_many_connections')
    expect(text).toMatch(/^retry-after: 1\r$/im)
    expect(provider?.requests).toEqual([])
    first[0]?.socket.write(chatText(hello))
    expect(await first[0]?.receives(/"fine"/)).toMatch(/^HTTP\/1\.1 200 OK/)
    first[1]?.socket.destroy()
    const served = async () => {
      const again = await callRaw(url, chatText(hello))
      await until('an answer', () => again.received().endsWith('}'))
      again.socket.destroy()
      return again.received().startsWith('HTTP/1.1 200')
    }
    await until('there is room', served)
    for (const caller of first) caller.socket.destroy()
  })

  it('does not keep anybody from asking whether we live', async () => {
    const gateway = await start({ maxConnections: 10 })
    const { url } = gateway.gateway
    const first = await Promise.all(Array.from({ length: 10 }, () => callRaw(url)))
    const probe = await callRaw(url, 'GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n')
    expect(await probe.receives(/\}$/)).toMatch(/^HTTP\/1\.1 200 OK/)
    for (const caller of [...first, probe]) caller.socket.destroy()
  })

  it('beyond all measure is not even listened to', async () => {
    const gateway = await start({ maxConnections: 10 })
    const { url } = gateway.gateway
    const first = await Promise.all(Array.from({ length: 11 }, () => callRaw(url)))
    const { port } = new URL(url)
    const dropped = connect({ host: '127.0.0.1', port: Number(port) })
    await new Promise<void>((resolve) => dropped.on('error', () => {}).on('close', () => resolve()))
    expect(gateway.logs.some(({ fields }) => fields?.['code'] === 'too_many_connections')).toBe(true)
    for (const caller of first) caller.socket.destroy()
  })
})
