/** Requests that nobody should send: each gets one clean answer, and nothing it holds turns up where it should not. */
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { validateErrorResponse } from '../../schemas/validate-error-response.ts'
import type { TestGateway } from '../support/gateway.ts'
import { spoolLines, startTestGateway, until } from '../support/gateway.ts'
import type { RawProvider } from '../support/raw.ts'
import { callRaw, chatText, completionText, plainReply, startRawProvider } from '../support/raw.ts'

let provider: RawProvider
let gateway: TestGateway
const start = async () => (gateway = await startTestGateway({ manifest: manifest() }))
beforeAll(async () => {
  provider = await startRawProvider(({ socket }) => socket.write(plainReply(completionText)))
  await start()
})
afterAll(async () => {
  await gateway.close()
  await provider.close()
})

/** A gateway of its own, for tests that read what it kept. */
async function restart(): Promise<void> {
  await gateway.close()
  await start()
}

const manifest = (credentials = '') => `providers:
  a: {type: openai-compatible, base_url: "${provider.baseUrl}", api_key: {env: TEST_KEY}, forward_headers: [x-sent-on]}
${credentials}ai_routes:
  - {name: accents, match: {model: "ü*"}, targets: [{provider: a, model: x}]}
  - {name: chat, match: {model: m}, targets: [{provider: a, model: x}]}
`
const hello = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] }

async function answerTo(
  bytes: string | Uint8Array,
  url = gateway.gateway.url,
): Promise<{ head: string; body: string }> {
  const caller = await callRaw(url, bytes)
  try {
    const text = await caller.receives(/\r\n\r\n/)
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
    const at = text.indexOf('\r\n\r\n') + 4
    await until('the body is whole', () => Buffer.byteLength(caller.received()) >= at + length)
    return { head: text.slice(0, at), body: caller.received().slice(at) }
  } finally {
    caller.socket.destroy()
  }
}

const statusOf = ({ head }: { head: string }) => Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1])

describe('a body', () => {
  it.each([
    ['without a content type', chatText(hello), 200],
    ['that is empty', chatText(''), 400],
    ['that is not there at all', 'POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\n\r\n', 400],
    ['that is a list', chatText('[]'), 400],
    ['of a type that is none', chatText(hello, { headers: ['content-type: ;;;'] }), 400],
    ['announced as larger than 32 MiB', chatText('{').replace('content-length: 1', 'content-length: 34603008'), 413],
    ['with a model of a megabyte', chatText({ ...hello, model: `ü${'x'.repeat(1_000_000)}` }), 400],
    ['with a line end in its model', chatText({ ...hello, model: 'ü\r\nx-evil: 1\u0000' }), 200],
    [
      'with half a character in its model',
      chatText('{"model":"\\ud83d","messages":[{"role":"user","content":"x"}]}'),
      404,
    ],
  ])('%s is answered', async (_what, bytes, status) => {
    const answer = await answerTo(bytes)
    expect(statusOf(answer)).toBe(status)
    expect(answer.head).not.toMatch(/^x-evil/m)
    if (status >= 400) expect(validateErrorResponse(JSON.parse(answer.body))).toMatchObject({ valid: true })
  })

  it('nested a hundred thousand deep is refused, and holds nothing up', async () => {
    const before = provider.requests.length
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
    const tools = `[{"type":"function","function":{"name":"f","parameters":${deep}}}]`
    const answer = await answerTo(chatText(`{"messages":[{"role":"user","content":"x"}],"tools":${tools},"model":"m"}`))
    expect(statusOf(answer)).toBe(400)
    expect(answer.body).toContain('nested deeper than 128 levels')
    expect(gateway.gateway.report().inFlight).toBe(0)
    expect(provider.requests.length).toBe(before)
  })

  it('with the keys of a prototype means nothing but what it says', async () => {
    const body = '{"constructor":{"prototype":7},"toString":1,"messages":[{"role":"user","content":"x"}],"model":"m"}'
    expect(statusOf(await answerTo(chatText(body)))).toBe(200)
    const sent = JSON.parse(provider.requests.at(-1)?.body ?? '') as object
    expect(Object.keys(sent)).toEqual(expect.arrayContaining(['constructor', 'toString']))
    expect(sent).not.toHaveProperty('stream_options')
  })

  it.each([
    ['at the top', '{"__proto__":{"stream":true},"messages":[{"role":"user","content":"x"}],"model":"m"}'],
    ['deep inside', '{"messages":[{"role":"user","content":"x"}],"model":"m","metadata":{"a":[{"__proto__":1}]}}'],
    ['with a text', '{"messages":[{"role":"user","content":"x","__proto__":"y"}],"model":"m"}'],
    ['spelled otherwise', '{"messages":[{"role":"user","content":"x"}],"model":"m","\\u005f_proto__":1}'],
  ])('with a key that would be a prototype is refused: %s', async (_where, body) => {
    const before = provider.requests.length
    const answer = await answerTo(chatText(body))
    expect(statusOf(answer)).toBe(400)
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'invalid_json' } })
    expect(provider.requests.length).toBe(before)
  })

  it('that is packed is refused in words, not in bytes', async () => {
    const packed = gzipSync(JSON.stringify(hello))
    const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-encoding: gzip\r\ncontent-length: ${packed.length}\r\n\r\n`
    const answer = await answerTo(Buffer.concat([Buffer.from(head), packed]))
    expect(statusOf(answer)).toBe(415)
    expect(answer.body).toContain('gzip')
  })

  it('that is not JSON is not quoted, neither to the caller nor in the log', async () => {
    const answer = await answerTo(chatText('secretive words in front'))
    expect(statusOf(answer)).toBe(400)
    expect(answer.body).toContain('is not valid JSON')
    expect(answer.body + JSON.stringify(gateway.logs)).not.toContain('secretiv')
  })

  it('without end is refused at its bound', async () => {
    const caller = await callRaw(
      gateway.gateway.url,
      'POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n',
    )
    const piece = `100000\r\n${'x'.repeat(0x100000)}\r\n`
    for (let sent = 0; sent < 33 && !caller.socket.destroyed; sent += 1) {
      if (!caller.socket.write(piece)) await new Promise((resolve) => caller.socket.once('drain', resolve))
    }
    expect(await caller.receives(/\}$/)).toMatch(/^HTTP\/1\.1 413 [^]*request_too_large/)
    caller.socket.destroy()
  })
})

describe('headers', () => {
  it('of the caller stay what they are: text in the record, nothing in the answer', async () => {
    await restart()
    const bytes = chatText(hello, { headers: ['x-request-id: a"\\{}\xff', 'x-sent-on: \xe9', 'x-sent-on: 2'] })
    const answer = await answerTo(Buffer.from(bytes, 'latin1'))
    expect(statusOf(answer)).toBe(200)
    expect(answer.head).toMatch(/^x-request-id: req_[0-9a-f]{16}\r$/m)
    const [record] = await gateway.records()
    expect(record?.correlation_id).toBe('a"\\{}\xff')
    await restart()
  })

  it.each(['x-request-id: a\nx-evil: b', 'x-request-id: a\x01b', `x-long: ${'y'.repeat(20_000)}`])(
    'that are none are refused in the envelope of every other error (%#)',
    async (header) => {
      const answer = await answerTo(chatText(hello, { headers: [header] }))
      expect([400, 431]).toContain(statusOf(answer))
      expect(validateErrorResponse(JSON.parse(answer.body))).toMatchObject({ valid: true })
    },
  )
})

describe('paths and methods', () => {
  it.each([
    ['GET', '/%zz', 400],
    ['GET', '/v1/chat/completions', 405],
    ['OPTIONS', '/v1/chat/completions', 405],
    ['POST', '/v1/chat/completions/', 404],
    ['POST', '//v1/chat/completions', 404],
    ['TRACE', '/v1/models', 405],
  ])('%s %s is answered in the envelope', async (method, path, status) => {
    const answer = await answerTo(`${method} ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n`)
    expect(statusOf(answer)).toBe(status)
    expect(validateErrorResponse(JSON.parse(answer.body))).toMatchObject({ valid: true })
  })

  it('HEAD asks for the health as GET does, for load balancers that ask so', async () => {
    const { url, adminUrl } = gateway.gateway
    for (const address of [`${url}/healthz`, `${url}/readyz`, `${adminUrl}/healthz`, `${adminUrl}/readyz`]) {
      const reply = await fetch(address, { method: 'HEAD' })
      expect([address, reply.status, await reply.text()]).toEqual([address, 200, ''])
    }
  })

  it('HEAD gets a head and no body, and the connection is fit for more', async () => {
    const caller = await callRaw(gateway.gateway.url, 'HEAD /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await caller.receives(/\r\n\r\n$/)
    caller.socket.write(chatText(hello))
    expect(await caller.receives(/"fine"/)).toMatch(/^HTTP\/1\.1 405 [^{]*HTTP\/1\.1 200 OK\r\n/)
    caller.socket.destroy()
  })
})

describe('in open mode', () => {
  it.each([
    ['host: localhost:8080', 200],
    ['host: LOCALHOST', 200],
    ['host: [::1]:8080', 200],
    ['host: 127.0.0.1', 200],
    ['host: localhost.evil.example', 403],
    ['host: evil.example', 403],
    ['host: [::1', 403],
    ['host: ', 403],
    ['host: localhost\r\norigin: http://localhost:3000', 200],
    ['host: localhost\r\norigin: http://[::1]:3000', 200],
    ['host: localhost\r\norigin: https://evil.example', 403],
    ['host: localhost\r\norigin: http://localhost.evil.example', 403],
    ['host: localhost\r\norigin: null', 403],
  ])('%j is answered with %i', async (headers, status) => {
    const before = provider.requests.length
    const text = JSON.stringify(hello)
    const head = `POST /v1/chat/completions HTTP/1.1\r\n${headers}\r\ncontent-type: text/plain\r\ncontent-length: ${text.length}\r\n\r\n`
    expect(statusOf(await answerTo(head + text))).toBe(status)
    expect(provider.requests.length - before).toBe(status === 200 ? 1 : 0)
  })

  it('a request that names no host is not answered', async () => {
    const caller = await callRaw(gateway.gateway.url, 'GET /v1/models HTTP/1.0\r\n\r\n')
    expect(await caller.ends()).toMatch(/^HTTP\/1\.1 403 /)
  })
})

describe('credentials', () => {
  beforeEach(restart)
  const credential = (name: string, key: string, more = '') =>
    `  - {name: ${name}, key_hash: "sha256:${createHash('sha256').update(key).digest('hex')}"${more}}\n`
  const declared = (more = '') =>
    `credentials:\n${credential('app', 'sk-good', more)}${credential('old', 'sk-old', ', expires: "2020-01-01T00:00:00Z"')}`

  it('are a known, living key in the right scheme, and no key ever stands in an answer, a log or the spool', async () => {
    gateway.writeManifest(manifest(declared()))
    await until('keys are asked for', async () => statusOf(await answerTo(chatText(hello))) === 401)
    for (const [authorization, status] of [
      ['Bearer sk-good', 200],
      ['bearer   sk-good ', 200],
      ['Basic sk-good', 401],
      ['sk-good', 401],
      ['Bearer', 401],
      ['Bearer ', 401],
      ['Bearer sk-old', 401],
      ['Bearer sk-goodsecretkey-0123456789', 401],
      [`Bearer ${createHash('sha256').update('sk-good').digest('hex')}`, 401],
    ] as const) {
      const answer = await answerTo(chatText(hello, { headers: [`authorization: ${authorization}`] }))
      expect([authorization, statusOf(answer)]).toEqual([authorization, status])
      expect(answer.body).not.toMatch(/sk-(?:good|old)/)
    }
    await gateway.gateway.close()
    const kept = JSON.stringify([
      gateway.logs,
      await spoolLines(gateway.spool),
      provider.requests.map((one) => one.head),
    ])
    expect(kept).not.toMatch(/sk-(?:good|old)/)
  })

  it('that are disabled are refused from the reload on', async () => {
    const ask = async () => statusOf(await answerTo(chatText(hello, { headers: ['authorization: Bearer sk-good'] })))
    gateway.writeManifest(manifest(declared()))
    await until('the first is in charge', () => gateway.gateway.report().generation === 2)
    expect(await ask()).toBe(200)
    gateway.writeManifest(manifest(declared(', disabled: true')))
    await until('the second is in charge', () => gateway.gateway.report().generation === 3)
    expect(await ask()).toBe(401)
  })

  it('are asked for before a large body is read', async () => {
    gateway.writeManifest(manifest(declared()))
    await until('keys are asked for', () => gateway.gateway.report().generation === 2)
    const head = 'POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: 30000000\r\n\r\n{'
    expect(statusOf(await answerTo(head))).toBe(401)
  })
})
