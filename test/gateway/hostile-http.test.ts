/** HTTP that nobody should speak: each message gets one answer in OpenAI's envelope, and no provider hears of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { validateErrorResponse } from '../../schemas/validate-error-response.ts'
import type { TestGateway } from '../support/gateway.ts'
import { startTestGateway, until } from '../support/gateway.ts'
import type { RawProvider } from '../support/raw.ts'
import { callRaw, chatText, completionText, plainReply, startRawProvider } from '../support/raw.ts'

let provider: RawProvider
let gateway: TestGateway
beforeAll(async () => {
  provider = await startRawProvider(({ socket }) => socket.write(plainReply(completionText)))
  const manifest = `providers:
  a: {type: openai-compatible, base_url: "${provider.baseUrl}", api_key: {env: TEST_KEY}}
ai_routes:
  - {name: chat, match: {model: "m*"}, targets: [{provider: a, model: x}]}
`
  gateway = await startTestGateway({ manifest })
})
afterAll(async () => {
  await gateway.close()
  await provider.close()
})

const hello = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello' }] })

interface Answer {
  readonly status: number
  readonly head: string
  readonly body: string
}

/** The last answer that comes, and all of it; interim ones are passed over. */
async function answerTo(bytes: string | Uint8Array): Promise<Answer> {
  const caller = await callRaw(gateway.gateway.url, bytes)
  try {
    await until('an answer is whole', () => parse(caller.received()) !== null || caller.closed())
    const answer = parse(caller.received())
    if (answer === null) throw new Error(`the connection was closed after ${JSON.stringify(caller.received())}`)
    return answer
  } finally {
    caller.socket.destroy()
  }
}

function parse(text: string): Answer | null {
  const rest = text.replace(/^(?:HTTP\/1\.1 100 Continue\r\n\r\n)+/, '')
  const end = rest.indexOf('\r\n\r\n')
  if (end < 0) return null
  const head = rest.slice(0, end + 2)
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
  const body = rest.slice(end + 4, end + 4 + length)
  if (Buffer.byteLength(body) < length) return null
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), head, body }
}

/** A request by hand: lines of its head, and its body as it is. */
function request(lines: readonly string[], body = hello, first = 'POST /v1/chat/completions HTTP/1.1'): string {
  return `${[first, ...lines].join('\r\n')}\r\n\r\n${body}`
}

const host = 'host: localhost'
const length = `content-length: ${hello.length}`
const chunked = `${hello.length.toString(16)}\r\n${hello}\r\n0\r\n\r\n`
const manyHeaders = (count: number) => Array.from({ length: count }, (_, index) => `x${index}: y`)

describe('a message that is not right', () => {
  it.each<[string, string, number, string]>([
    ['no HTTP', 'hello\r\n\r\n', 400, 'invalid_request'],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01', 400, 'invalid_request'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'invalid_request'],
    ['a version that is none', request([host, length], hello, 'POST / HTTP/9.9'), 400, 'invalid_request'],
    ['two lengths', request([host, length, length]), 400, 'invalid_request'],
    ['two different lengths', request([host, length, 'content-length: 5']), 400, 'invalid_request'],
    ['a length that is none', request([host, 'content-length: 5x']), 400, 'invalid_request'],
    ['a length below nothing', request([host, 'content-length: -5']), 400, 'invalid_request'],
    ['a length with a sign', request([host, `content-length: +${hello.length}`]), 400, 'invalid_request'],
    ['a length beyond all bounds', request([host, 'content-length: 99999999999999999999']), 400, 'invalid_request'],
    ['a length and pieces', request([host, length, 'transfer-encoding: chunked'], chunked), 400, 'invalid_request'],
    ['pieces in disguise', request([host, 'transfer-encoding: xchunked'], chunked), 400, 'invalid_request'],
    ['pieces not at last', request([host, 'transfer-encoding: chunked, gzip'], chunked), 400, 'invalid_request'],
    ['pieces of nonsense', request([host, 'transfer-encoding: chunked'], 'zz\r\nx\r\n'), 400, 'invalid_request'],
    ['pieces with a sign', request([host, 'transfer-encoding: chunked'], `-5\r\n${hello}`), 400, 'invalid_request'],
    ['a folded header', request([host, length, 'x-a: b', ' content-length: 9']), 400, 'invalid_request'],
    ['a space before the colon', request([host, `content-length : ${hello.length}`]), 400, 'invalid_request'],
    ['a header without a name', request([host, length, ': x']), 400, 'invalid_request'],
    ['a bare line feed', request([host, length, 'x-a: b\nx-b: c']), 400, 'invalid_request'],
    ['a bare carriage return', request([host, length, 'x-a: b\rx-b: c']), 400, 'invalid_request'],
    ['a null in a header', request([host, length, 'x-a: b\0c']), 400, 'invalid_request'],
    ['no host', request([length]), 400, 'invalid_request'],
    ['two hosts', request([host, 'host: other', length]), 400, 'invalid_request'],
    [
      'an address of somebody else',
      request([host, length], hello, 'POST http://evil.example/v1/chat/completions HTTP/1.1'),
      400,
      'invalid_request',
    ],
    ['an address that is none', request([host, length], hello, 'POST http:// HTTP/1.1'), 400, 'invalid_request'],
    [
      'a path without a slash',
      request([host, length], hello, 'POST v1/chat/completions HTTP/1.1'),
      400,
      'invalid_request',
    ],
    ['a tunnel', request([host], '', 'CONNECT evil.example:443 HTTP/1.1'), 405, 'method_not_allowed'],
    [
      'a method of its own',
      request([host, length], hello, 'LAUNCH /v1/chat/completions HTTP/1.1'),
      400,
      'invalid_request',
    ],
    ['an expectation', request([host, length, 'expect: the worst']), 417, 'expectation_failed'],
    ['too long a header', request([host, length, `x-a: ${'y'.repeat(17_000)}`]), 431, 'headers_too_large'],
    [
      'too long a path',
      request([host, length], hello, `POST /${'y'.repeat(17_000)} HTTP/1.1`),
      431,
      'headers_too_large',
    ],
    ['too many headers', request([host, length, ...manyHeaders(200)]), 431, 'headers_too_large'],
    ['headers beyond Node’s own count', request([...manyHeaders(2000), host, length]), 431, 'headers_too_large'],
    ['a packed body', request([host, length, 'content-encoding: gzip']), 415, 'unsupported_encoding'],
    ['a body packed twice', request([host, length, 'content-encoding: br, gzip']), 415, 'unsupported_encoding'],
    [
      'too large a body',
      request([host, 'content-length: 33554433', 'expect: 100-continue'], ''),
      413,
      'request_too_large',
    ],
  ])('%s is refused', async (_what, bytes, status, code) => {
    const before = provider.requests.length
    const answer = await answerTo(Buffer.from(bytes, 'latin1'))
    expect(answer.status, answer.body).toBe(status)
    expect(validateErrorResponse(JSON.parse(answer.body))).toMatchObject({ valid: true })
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code } })
    expect(provider.requests.length).toBe(before)
  })

  it.each<[string, string | Uint8Array, RegExp]>([
    ['bytes that are no characters', Buffer.from(hello.replace('Hello', 'H\xffllo'), 'latin1'), /not text in UTF-8/],
    ['half a character', Buffer.from(hello.replace('Hello', '\xf0\x9f'), 'latin1'), /not text in UTF-8/],
    ['another kind of Unicode', Buffer.from(hello, 'utf16le'), /not valid JSON/],
    ['a byte order mark', `\ufeff${hello}`, /not valid JSON/],
    ['two values', `${hello}${hello}`, /not valid JSON/],
    ['a comment', hello.replace('{', '{/* */'), /not valid JSON/],
    ['no number', hello.replace('{', '{"temperature":NaN,'), /not valid JSON/],
    ['a control character in a text', hello.replace('Hello', 'He\u0001o'), /not valid JSON/],
    ['129 levels', hello.replace('{', `{"metadata":${'['.repeat(128)}${']'.repeat(128)},`), /deeper than 128 levels/],
    ['a number without bounds', hello.replace('{', '{"seed":1e999,'), /a number that is too large/],
    [
      'such a number far inside',
      hello.replace('{', '{"tools":[{"type":"function","function":{"name":"f","parameters":{"maximum":-1e999}}}],'),
      /a number that is too large/,
    ],
    ['a model that is a number', hello.replace('"m"', '7'), /model/],
    ['a model that is nothing', hello.replace('"m"', 'null'), /model/],
    ['no messages', hello.replace('messages', 'massages'), /messages/],
    ['messages that are a text', '{"model":"m","messages":"Hello"}', /messages/],
    ['messages that are an object', '{"model":"m","messages":{"0":{},"length":1}}', /messages/],
    ['no message at all', '{"model":"m","messages":[]}', /messages/],
    ['a message that is nothing', '{"model":"m","messages":[null]}', /messages/],
    ['a message of nobody', '{"model":"m","messages":[{"content":"x"}]}', /messages/],
    ['stream as a text', hello.replace('{', '{"stream":"true",'), /stream/],
    ['choices below nothing', hello.replace('{', '{"n":-1,'), /n/],
    ['half a choice', hello.replace('{', '{"n":1.5,'), /n/],
  ])('a body with %s is refused', async (_what, body, words) => {
    const before = provider.requests.length
    const bytes = Buffer.from(body)
    const head = request([host, `content-length: ${bytes.length}`], '')
    const answer = await answerTo(Buffer.concat([Buffer.from(head), bytes]))
    expect([answer.status, answer.body]).toEqual([400, expect.stringMatching(words)])
    expect(validateErrorResponse(JSON.parse(answer.body))).toMatchObject({ valid: true })
    expect(provider.requests.length).toBe(before)
  })
})

describe('a message that is only unusual', () => {
  it.each<[string, string]>([
    ['with pieces', request([host, 'transfer-encoding: chunked'], chunked)],
    ['in an older version', request([host, length], hello, 'POST /v1/chat/completions HTTP/1.0')],
    ['with its whole address', request([host, length], hello, 'POST http://localhost/v1/chat/completions HTTP/1.1')],
    ['with a query', request([host, length], hello, 'POST /v1/chat/completions?api-version=1 HTTP/1.1')],
    ['with an offer to upgrade', request([host, length, 'connection: upgrade', 'upgrade: h2c'])],
    ['in no coding', request([host, length, 'content-encoding: Identity'])],
    ['with as many headers as there may be', request([host, length, ...manyHeaders(198)])],
    ['with 128 levels', chatText(hello.replace('{', `{"x":${'['.repeat(126)}${']'.repeat(126)},`))],
  ])('%s is served', async (_what, bytes) => {
    const before = provider.requests.length
    expect(await answerTo(bytes)).toMatchObject({ status: 200 })
    expect(provider.requests.length).toBe(before + 1)
  })

  it('that waits to be told to go on is told so, and served', async () => {
    const caller = await callRaw(gateway.gateway.url, request([host, length, 'expect: 100-continue'], ''))
    await caller.receives(/^HTTP\/1\.1 100 Continue\r\n\r\n$/)
    caller.socket.write(hello)
    expect(await caller.receives(/"fine"/)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/)
    caller.socket.destroy()
  })

  it('that is refused anyway is not told to go on', async () => {
    const lines = [host, length, 'expect: 100-continue', 'content-encoding: gzip']
    const caller = await callRaw(gateway.gateway.url, request(lines, ''))
    expect(await caller.receives(/\}$/)).toMatch(/^HTTP\/1\.1 415 /)
    caller.socket.destroy()
  })
})

describe('requests on one connection', () => {
  it('may wait for one another, but not without end', async () => {
    const before = provider.requests.length
    const caller = await callRaw(gateway.gateway.url, chatText(hello).repeat(30))
    const text = await caller.ends()
    expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(11)
    expect(text).toMatch(/HTTP\/1\.1 400 [^]*No more than 10 requests may wait on one connection/)
    expect(provider.requests.length - before).toBe(11)
  })

  it('are served one after the other as often as a caller likes', async () => {
    const caller = await callRaw(gateway.gateway.url)
    for (let round = 1; round <= 25; round += 1) {
      caller.socket.write(chatText(hello))
      await until('it is served', () => (caller.received().match(/"fine"/g) ?? []).length === round)
    }
    expect(caller.received()).not.toMatch(/HTTP\/1\.1 [^2]/)
    caller.socket.destroy()
  })

  it('end where one of them cannot be read: what comes behind it is nobody’s', async () => {
    const before = provider.requests.length
    const smuggled = request([host, length, 'transfer-encoding: chunked'], `0\r\n\r\n${chatText(hello)}`)
    const caller = await callRaw(gateway.gateway.url, smuggled)
    expect((await caller.ends()).match(/HTTP\/1\.1/g)).toHaveLength(1)
    expect(provider.requests.length).toBe(before)
  })
})

describe('what a caller writes', () => {
  const nasty = 'm\r\nx-evil: 1\u0000\u001b[2J\u202e'
  it('stays text in headers, logs and answers', async () => {
    const body = JSON.stringify({ ...JSON.parse(hello), model: nasty, user: nasty })
    const answer = await answerTo(chatText(body, { headers: ['x-request-id: a\tb\x7f'] }))
    expect(answer.head).not.toMatch(/^x-evil/m)
    const lines = gateway.logs.map((line) => JSON.stringify(line))
    expect(lines.every((line) => !/[\p{Cc}]/u.test(line))).toBe(true)
  })
})

describe('what an operator writes', () => {
  const evil = 'é\r\nx-evil: 1\ud83d'

  // Both travel in headers of every answer, and the model of a target in paths and bodies as well.
  it.each([
    ['a route', evil, 'x', /`name` must be letters/],
    ['a model', 'chat', evil, /the name of a model is visible ASCII/],
  ])('is no name of %s where it could be anything else', async (_what, route, model, words) => {
    const manifest = JSON.stringify({
      providers: { a: { type: 'openai-compatible', base_url: provider.baseUrl, api_key: { env: 'TEST_KEY' } } },
      ai_routes: [{ name: route, match: { model: 'm' }, targets: [{ provider: 'a', model }] }],
    })
    await expect(startTestGateway({ manifest })).rejects.toThrow(words)
  })
})
