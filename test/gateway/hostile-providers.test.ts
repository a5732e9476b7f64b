/** Providers that answer anything but what was asked: the caller is served by the next one, and the record says why. */
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { FailureClass } from '../../gateway/core/chat/failure.ts'
import type { RequestRecord } from '../../schemas/index.ts'
import type { TestGateway } from '../support/gateway.ts'
import { startTestGateway, until } from '../support/gateway.ts'
import type { RawProvider, RawRequest } from '../support/raw.ts'
import { chunkEvent, completionText, plainReply, startRawProvider, streamHead } from '../support/raw.ts'

const done = `${chunkEvent({}, 'stop')}data: [DONE]\n\n`
const stream = streamHead + chunkEvent({ role: 'assistant', content: 'fine' }) + done
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
const calling = (parsedArguments: string) =>
  `{"choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":${parsedArguments}}}]},"finish_reason":"tool_calls"}]}`
const packed = (text: string, status = '200 OK') => {
  const bytes = gzipSync(text)
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: ${bytes.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), bytes])
}
const manyCalls = Array.from(
  { length: 50_000 },
  (_, index) => `{"index":${index},"id":"c${index}","function":{"name":"f"}}`,
)

type Outcome = 'ok' | FailureClass
interface Case {
  readonly name: string
  readonly reply: string | Uint8Array
  readonly plain: Outcome
  readonly streamed: Outcome
  /** The connection is closed after the reply. */
  readonly ends?: true
}

const cases: readonly Case[] = [
  { name: '204', reply: 'HTTP/1.1 204 No Content\r\n\r\n', plain: 'server_error', streamed: 'server_error' },
  {
    name: 'a redirect',
    reply: 'HTTP/1.1 301 Moved\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n',
    plain: 'misconfigured',
    streamed: 'misconfigured',
  },
  {
    name: 'early hints before the answer',
    reply: `HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n${plainReply(completionText)}`,
    plain: 'ok',
    streamed: 'ok',
  },
  {
    name: 'a word to go on that nobody waited for',
    reply: `HTTP/1.1 100 Continue\r\n\r\n${plainReply(completionText)}`,
    plain: 'ok',
    streamed: 'ok',
  },
  { name: 'a packed answer', reply: packed(completionText), plain: 'server_error', streamed: 'server_error' },
  {
    name: 'a packed error',
    reply: packed('{"error":{}}', '503 Busy'),
    plain: 'server_error',
    streamed: 'server_error',
  },
  {
    name: 'less than it announced',
    reply: plainReply(completionText).replace(/content-length: \d+/, 'content-length: 5000'),
    ends: true,
    plain: 'connection',
    streamed: 'connection',
  },
  {
    name: 'more than it announced',
    reply: plainReply(completionText).replace(/content-length: \d+/, 'content-length: 5'),
    plain: 'server_error',
    streamed: 'server_error',
  },
  {
    name: 'a flood of headers',
    reply: plainReply(completionText, {
      headers: Array.from({ length: 3000 }, (_, index) => `x-${index}: ${'y'.repeat(20)}`),
    }),
    plain: 'connection',
    streamed: 'connection',
  },
  {
    name: 'trailers',
    reply: `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${completionText.length.toString(16)}\r\n${completionText}\r\n0\r\nx-late: 1\r\n\r\n`,
    plain: 'ok',
    streamed: 'ok',
  },
  {
    name: 'a page',
    reply: plainReply('<html><title>Sorry</title></html>').replace('application/json', 'text/html'),
    plain: 'server_error',
    streamed: 'server_error',
  },
  {
    name: 'an error inside a 200',
    reply: plainReply('{"error":{"message":"slow down","code":429}}'),
    plain: 'rate_limited',
    streamed: 'rate_limited',
  },
  { name: 'a plain answer', reply: plainReply(completionText), plain: 'ok', streamed: 'ok' },
  { name: 'a stream', reply: stream, ends: true, plain: 'server_error', streamed: 'ok' },
  {
    name: 'a stream of carriage returns',
    reply: stream.slice(0, streamHead.length) + stream.slice(streamHead.length).replaceAll('\n', '\r'),
    ends: true,
    plain: 'server_error',
    streamed: 'ok',
  },
  {
    name: 'half a header',
    reply: 'HTTP/1.1 200 OK\r\ncontent-ty',
    ends: true,
    plain: 'connection',
    streamed: 'connection',
  },
  { name: 'no HTTP at all', reply: 'lorem ipsum\r\n\r\n', ends: true, plain: 'connection', streamed: 'connection' },
  {
    name: 'another protocol',
    reply: 'HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
    plain: 'connection',
    streamed: 'connection',
  },
  {
    name: 'arguments without a floor',
    reply: plainReply(calling(nested(20_000))),
    plain: 'server_error',
    streamed: 'server_error',
  },
  {
    name: 'fifty thousand tool calls in an event that never ends',
    reply: `${streamHead}data: {"choices":[{"index":0,"delta":{"content":"","tool_calls":[${manyCalls.join(',')}]}}]}`,
    ends: true,
    plain: 'server_error',
    streamed: 'server_error',
  },
]

let answer: (request: RawRequest) => void = () => {}
let bad: RawProvider
let good: RawProvider
let running: TestGateway | null = null
beforeAll(async () => {
  bad = await startRawProvider((request) => answer(request))
  good = await startRawProvider(({ socket, body }) => {
    if (body.includes('"stream":true')) socket.end(stream)
    else socket.write(plainReply(completionText))
  })
})
afterAll(async () => {
  await bad.close()
  await good.close()
})
afterEach(async () => {
  await running?.close()
  running = null
})

async function start(routes: string, more = ''): Promise<TestGateway> {
  const manifest = `providers:
  bad: {type: openai-compatible, base_url: "${bad.baseUrl}", api_key: {env: TEST_KEY}${more}}
  good: {type: openai-compatible, base_url: "${good.baseUrl}", api_key: {env: TEST_KEY}}
ai_routes:
${routes}`
  running = await startTestGateway({ manifest, env: { TEST_KEY: 'tell-no-one' } })
  return running
}

const route = (name: string, target = '', more = '') => `  - name: r-${name}
    match: {model: m-${name}}
    strategy: priority
    targets: [{provider: bad, model: bad-${name}${target}}, {provider: good, model: good}]
${more}`

function ask(gateway: TestGateway, name: string, streamed = false): Promise<Response> {
  const body = { model: `m-${name}`, messages: [{ role: 'user', content: 'Hello' }], stream: streamed }
  return fetch(`${gateway.gateway.url}/v1/chat/completions`, { method: 'POST', body: JSON.stringify(body) })
}

const classesOf = (record: RequestRecord | undefined) => record?.attempts.map((one) => one.class)

it('serves the caller whatever the first provider answers', async () => {
  const routes = cases.flatMap((_one, index) => [route(`p${index}`), route(`s${index}`)])
  const gateway = await start(routes.join(''))
  for (const [index, { name, reply, ends }] of cases.entries()) {
    answer = ({ socket }) => (ends === true ? socket.end(reply) : socket.write(reply))
    for (const streamed of [false, true]) {
      const startedAt = performance.now()
      const response = await ask(gateway, `${streamed ? 's' : 'p'}${index}`, streamed)
      // A stream that has begun can only break; that of too many tool calls has.
      expect([name, streamed, response.status]).toEqual([name, streamed, 200])
      expect(await response.text()).toMatch(streamed ? /data: / : /fine/)
      // Neither waits for a deadline nor for itself.
      expect([name, performance.now() - startedAt < 5000]).toEqual([name, true])
    }
  }
  expect(gateway.gateway.report().inFlight).toBe(0)
  const records = await gateway.records()
  const seen = cases.map(({ name }, index) => {
    const [plain, streamed] = ['p', 's'].map((way) => records.filter((record) => record.model === `m-${way}${index}`))
    expect([plain?.length, streamed?.length]).toEqual([1, 1])
    return { name, plain: classesOf(plain?.[0])?.[0], streamed: classesOf(streamed?.[0])?.[0] }
  })
  expect(seen).toEqual(cases.map(({ name, plain, streamed }) => ({ name, plain, streamed })))
})

it('streams to a caller that asked for it what came in one piece', async () => {
  answer = ({ socket }) => socket.write(plainReply(completionText))
  const gateway = await start(route('x'))
  const messages = [{ role: 'user' as const, content: 'Hello' }]
  const params = { model: 'm-x', messages, stream: true as const }
  const contents: (string | null | undefined)[] = []
  let reason: string | null = null
  for await (const { choices } of await gateway.client.chat.completions.create(params)) {
    contents.push(choices[0]?.delta.content)
    reason = choices[0]?.finish_reason ?? reason
  }
  expect([contents, reason]).toEqual([['', 'fine', undefined], 'stop'])
  expect(gateway.gateway.report().inFlight).toBe(0)
  expect(await gateway.records()).toMatchObject([
    { stream: true, finish: { outcome: 'served' }, attempts: [{ class: 'ok' }] },
  ])
})

describe('a connection that was kept and is reset', () => {
  const keep = (request: RawRequest) => request.socket.write(plainReply(completionText))

  it('costs one more call over a fresh one, and no failover', async () => {
    answer = (request) => (request.onConnection === 0 ? keep(request) : request.socket.resetAndDestroy())
    const gateway = await start(route('x'))
    const before = bad.requests.length
    for (let round = 0; round < 3; round += 1) expect(await (await ask(gateway, 'x')).text()).toContain('fine')
    const records = await gateway.records()
    expect(records.map(classesOf)).toEqual([['ok'], ['ok'], ['ok']])
    expect(bad.requests.length - before).toBeGreaterThan(3)
  })

  it('is not tried a third time, and a first connection not a second', async () => {
    let resets = false
    answer = (request) => (resets ? request.socket.resetAndDestroy() : keep(request))
    const gateway = await start(route('x') + route('y'))
    await (await ask(gateway, 'x')).text()
    resets = true
    const before = bad.requests.length
    expect(await (await ask(gateway, 'x')).text()).toContain('fine')
    expect(bad.requests.length - before).toBe(2)
    expect(classesOf((await gateway.records())[1])).toEqual(['connection', 'ok'])
    await gateway.close()
    const fresh = await start(route('x'))
    const between = bad.requests.length
    await (await ask(fresh, 'x')).text()
    expect(bad.requests.length - between).toBe(1)
  })
})

describe('time', () => {
  it('runs out for a stream that falls silent: the caller is told, the provider is left', async () => {
    let closed = false
    answer = ({ socket }) => {
      socket.write(streamHead + chunkEvent({ role: 'assistant', content: 'fi' }))
      socket.on('close', () => (closed = true))
    }
    const gateway = await start(route('x'), ', idle_timeout_ms: 1000')
    const text = await (await ask(gateway, 'x', true)).text()
    expect(text).toContain('stream_interrupted')
    expect(text).not.toContain('[DONE]')
    await until('the connection is closed', () => closed)
    expect(await gateway.records()).toMatchObject([{ finish: { outcome: 'broken' }, attempts: [{ class: 'timeout' }] }])
  })

  it('is over at the deadline, whoever is still asked', async () => {
    answer = () => {}
    const gateway = await start(route('x', ', attempt_timeout_ms: 5000', '    failover: {deadline_ms: 300}\n'))
    const startedAt = performance.now()
    const response = await ask(gateway, 'x')
    expect(response.status).toBe(504)
    expect(performance.now() - startedAt).toBeLessThan(1500)
    await until('the provider is left', () => bad.requests.at(-1)?.socket.destroyed === true)
  })

  it('is no limit where it is only wished for: the slow one is asked again once all others failed', async () => {
    answer = ({ socket }) => setTimeout(() => socket.write(plainReply(completionText)), 250)
    const second = await startRawProvider(({ socket }) => socket.write(plainReply('{}', { status: '500 No' })))
    const gateway = await start(
      route('x', ', max_latency_ms: 60').replace('provider: good, model: good', 'provider: second, model: s'),
      `}\n  second: {type: openai-compatible, base_url: "${second.baseUrl}", api_key: {env: TEST_KEY}`,
    )
    const response = await ask(gateway, 'x')
    expect(response.status).toBe(200)
    expect(response.headers.get('x-aigw-target')).toBe('bad/bad-x')
    const [record] = await gateway.records()
    expect(classesOf(record)).toEqual(['latency', 'server_error', 'ok'])
    expect(record?.attempts.map((one) => one.pass)).toEqual(['first', 'first', 'late'])
    await second.close()
  })

  it('may be set to longer than a timer can wait', async () => {
    answer = ({ socket }) => {
      socket.write(streamHead + chunkEvent({ role: 'assistant', content: 'fi' }))
      setTimeout(() => socket.end(chunkEvent({ content: 'ne' }) + done), 1500)
    }
    const patience = ', idle_timeout_ms: 9999999999, connect_timeout_ms: 9999999999'
    const gateway = await start(route('x', '', '    failover: {deadline_ms: 9999999999}\n'), patience)
    expect(await (await ask(gateway, 'x', true)).text()).toContain('[DONE]')
    expect(classesOf((await gateway.records())[0])).toEqual(['ok'])
  })
})

describe('what a provider says', () => {
  it('never carries our key to anyone, whatever the key looks like', async () => {
    const words = 'the key tell-no-one is wrong'
    const error = JSON.stringify({
      error: { message: words, type: 'tell-no-one', code: 'tell-no-one', param: 'tell-no-one' },
    })
    answer = ({ socket, body }) => {
      if (body.includes('"stream":true')) {
        socket.end(`${streamHead}${chunkEvent({ role: 'assistant', content: 'x' })}data: ${error}\n\n`)
      } else socket.write(plainReply(error, { status: '400 Bad' }))
    }
    const gateway = await start(route('x'))
    const plain = await ask(gateway, 'x')
    const texts = [await plain.text(), await (await ask(gateway, 'x', true)).text()]
    expect(plain.status).toBe(400)
    expect(texts[0]).toContain('the key [removed] is wrong')
    const kept = JSON.stringify([texts, [...plain.headers], gateway.logs, await gateway.records()])
    expect(kept).not.toContain('tell-no-one')
  })

  it('in its headers stays there', async () => {
    const headers = ['set-cookie: a=b', 'x-request-id: theirs', 'x-aigw-target: evil', 'openai-organization: ours']
    answer = ({ socket }) => socket.write(plainReply(completionText, { headers }))
    const response = await ask(await start(route('x')), 'x')
    expect(response.headers.get('x-aigw-target')).toBe('bad/bad-x')
    expect(response.headers.get('x-request-id')).toMatch(/^req_/)
    expect(response.headers.has('set-cookie')).toBe(false)
    expect(response.headers.has('openai-organization')).toBe(false)
  })

  it('before the request was read is heard, too', async () => {
    answer = () => {}
    const gateway = await start(route('x'))
    answer = ({ socket }) =>
      socket.end(
        plainReply('{"error":{"message":"too large"}}', { status: '413 Large', headers: ['connection: close'] }),
      )
    const response = await ask(gateway, 'x')
    expect([response.status, await response.text()]).toEqual([413, expect.stringContaining('too large')])
  })

  it('cannot be asked with a key that no header carries: the operator is told, the caller is served', async () => {
    const manifest = `providers:
  bad: {type: openai-compatible, base_url: "${bad.baseUrl}", api_key: {env: TORN}}
  good: {type: openai-compatible, base_url: "${good.baseUrl}", api_key: {env: FED}}
ai_routes:
${route('x')}`
    running = await startTestGateway({ manifest, env: { TORN: 'two\nlines', FED: 'one-line\n' } })
    expect((await ask(running, 'x')).status).toBe(200)
    expect(good.requests.at(-1)?.head).toMatch(/^authorization: Bearer one-line$/im)
    expect(running.logs.some((line) => line.event === 'target_misconfigured')).toBe(true)
    expect(JSON.stringify([running.logs, await running.records()])).not.toMatch(/two|lines/)
  })
})
