/** Listeners with TLS: what callers see, and what happens when the files of the certificate change. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpsRequest } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Certificate, makeAuthority, makeCertificate } from '../support/certificates.ts'
import type { TestGateway, TestGatewayOptions } from '../support/gateway.ts'
import { startTestGateway, until } from '../support/gateway.ts'
import type { RawProvider, RawRequest } from '../support/raw.ts'
import {
  callRaw,
  chatText,
  chunkEvent,
  completionText,
  plainReply,
  startRawProvider,
  streamHead,
} from '../support/raw.ts'

let authority: Certificate
let first: Certificate
let second: Certificate
beforeAll(async () => {
  authority = await makeAuthority()
  first = await makeCertificate({ names: ['first'], loopback: true, by: authority })
  second = await makeCertificate({ names: ['second'], loopback: true, by: authority })
})

let answer: (request: RawRequest) => void = () => {}
let provider: RawProvider
let folder = ''
const open: TestGateway[] = []
beforeEach(async () => {
  answer = ({ socket }) => socket.write(plainReply(completionText))
  provider = await startRawProvider((request) => answer(request))
  folder = mkdtempSync(join(tmpdir(), 'aigw-tls-'))
  write(first)
})
afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close()
  await provider.close()
  rmSync(folder, { recursive: true, force: true })
})

const files = () => ({ cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') })

/** As certificate managers do: each file whole, one after the other. */
function write({ cert, key }: Partial<Certificate>): void {
  for (const [text, file] of [[cert, files().cert] as const, [key, files().key] as const]) {
    if (text === undefined) continue
    writeFileSync(`${file}.new`, text)
    renameSync(`${file}.new`, file)
  }
}

async function start(options: Partial<TestGatewayOptions> = {}): Promise<TestGateway> {
  const manifest = `providers:
  a: {type: openai-compatible, base_url: "${provider.baseUrl}", api_key: {env: TEST_KEY}}
ai_routes:
  - {name: chat, match: {model: m}, targets: [{provider: a, model: x}]}
`
  const gateway = await startTestGateway({ manifest, tls: files(), ...options })
  open.push(gateway)
  return gateway
}

const hello = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] }

function post(url: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asking = httpsRequest(`${url}/v1/chat/completions`, { method: 'POST', ca: authority.cert, agent: false })
    asking.on('error', reject)
    asking.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    asking.end(JSON.stringify(hello))
  })
}

function handshake(url: string, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), ca: authority.cert, ...options }, () =>
      resolve(socket),
    )
    socket.on('error', reject)
  })
}

/** The name on the certificate that a new caller is shown. */
async function shownBy(url: string): Promise<string> {
  const socket = await handshake(url)
  const name = socket.getPeerCertificate().subject.CN
  socket.destroy()
  return String(name)
}

describe('a listener with a certificate', () => {
  it('is asked over TLS and nothing else', async () => {
    const { gateway } = await start()
    expect(gateway.url).toMatch(/^https:/)
    expect(await post(gateway.url)).toMatchObject({ status: 200, text: expect.stringContaining('fine') })
    const { port } = new URL(gateway.url)
    const plain = connectPlain({ host: '127.0.0.1', port: Number(port) })
    plain.on('error', () => {}).write(chatText(hello))
    const heard: Buffer[] = []
    plain.on('data', (part: Buffer) => heard.push(part))
    await new Promise((resolve) => plain.once('close', resolve))
    expect(Buffer.concat(heard).toString()).not.toContain('HTTP')
    expect(provider.requests).toHaveLength(1)
  })

  it('speaks no TLS older than 1.2', async () => {
    const { gateway } = await start()
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    await expect(handshake(gateway.url, old)).rejects.toThrow(/alert protocol version/)
    const socket = await handshake(gateway.url, { maxVersion: 'TLSv1.2' })
    expect(socket.getProtocol()).toBe('TLSv1.2')
    socket.destroy()
  })

  it('answers what is no HTTP as it does without', async () => {
    const { gateway } = await start()
    const caller = await callRaw(gateway.url, 'hello\r\n\r\n')
    expect(await caller.ends()).toMatch(/^HTTP\/1\.1 400 [^]*"invalid_request"/)
  })

  it('does not wait for a caller that never finishes the handshake', async () => {
    const { gateway } = await start({ limits: { handshakeMs: 150 } })
    const { port } = new URL(gateway.url)
    const silent = connectPlain({ host: '127.0.0.1', port: Number(port) })
    await new Promise((resolve) => silent.on('error', () => {}).once('close', resolve))
    expect(await post(gateway.url)).toMatchObject({ status: 200 })
  })

  it('does not wait for one when it closes', async () => {
    const { gateway } = await start({ drainTimeoutMs: 200, limits: { handshakeMs: 60_000 } })
    const { port } = new URL(gateway.url)
    const silent = connectPlain({ host: '127.0.0.1', port: Number(port) }).on('error', () => {})
    await post(gateway.url)
    const closed = new Promise((resolve) => silent.once('close', resolve))
    await gateway.close()
    await expect(closed).resolves.toBe(false)
  })

  it('may be the admin listener as well', async () => {
    const { gateway } = await start({ adminTls: files() })
    expect(gateway.adminUrl).toMatch(/^https:/)
    const socket = await handshake(gateway.adminUrl)
    socket.write('GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')
    let text = ''
    socket.setEncoding('utf8').on('data', (part: string) => (text += part))
    await new Promise((resolve) => socket.once('close', resolve))
    expect(text).toMatch(/^HTTP\/1\.1 200 OK/)
  })
})

describe('a certificate that is renewed', () => {
  it('is shown to the next caller, while a stream that runs goes on', async () => {
    const { gateway, logs } = await start()
    let go: () => void = () => {}
    answer = ({ socket, body }) => {
      if (!body.includes('"stream":true')) return void socket.write(plainReply(completionText))
      socket.write(streamHead + chunkEvent({ role: 'assistant', content: 'before' }))
      go = () => socket.end(`${chunkEvent({ content: 'after' })}${chunkEvent({}, 'stop')}data: [DONE]\n\n`)
    }
    const caller = await callRaw(gateway.url, chatText({ ...hello, stream: true }))
    await caller.receives(/before/)
    expect(await shownBy(gateway.url)).toBe('first')
    write(second)
    await until('the new one is shown', async () => (await shownBy(gateway.url)) === 'second')
    expect(logs.filter(({ event }) => event === 'certificate_renewed')).toHaveLength(1)
    go()
    expect(await caller.receives(/\[DONE\]/)).toContain('after')
    // The same connection still serves.
    caller.socket.write(chatText(hello))
    await caller.receives(/"fine"/)
    caller.socket.destroy()
  })

  it('to something broken changes nothing, is said once, and mends itself', async () => {
    const { gateway, logs } = await start()
    const refused = () => logs.filter(({ event }) => event === 'certificate_refused')
    write({ key: second.key })
    await until('it is said', () => refused().length > 0)
    expect(await shownBy(gateway.url)).toBe('first')
    expect(refused()[0]?.message).toMatch(/the certificate \S+tls.crt and the key \S+tls.key do not belong together; /)
    expect(JSON.stringify(logs)).not.toContain('BEGIN')
    write({ cert: second.cert })
    await until('it is whole', async () => (await shownBy(gateway.url)) === 'second')
    expect(refused()).toHaveLength(1)
  })

  it('is said to have expired', async () => {
    const { gateway, logs } = await start()
    const day = 86_400_000
    const until2020 = { from: new Date(Date.now() - 2 * day), until: new Date(Date.now() - day) }
    write(await makeCertificate({ names: ['old'], by: authority, ...until2020 }))
    await until('it is said', () => logs.some(({ event }) => event === 'certificate_expired'))
    expect(gateway.report().ready).toBe(true)
  })
})

describe('a gateway does not start', () => {
  it.each<[string, () => { cert: string; key: string }, RegExp]>([
    [
      'without the certificate',
      () => ({ ...files(), cert: '/nowhere.crt' }),
      /the certificate \/nowhere\.crt cannot be read/,
    ],
    ['without the key', () => ({ ...files(), key: '/nowhere.key' }), /the key \/nowhere\.key cannot be read/],
    ['with the key of another', () => (write({ key: second.key }), files()), /do not belong together/],
    ['with two certificates', () => ({ ...files(), key: files().cert }), /cannot be read \(/],
  ])('%s', async (_what, tls, words) => {
    await expect(start({ tls: tls() })).rejects.toThrow(words)
    await expect(start({ tls: null, adminTls: tls() })).rejects.toThrow(words)
  })
})
