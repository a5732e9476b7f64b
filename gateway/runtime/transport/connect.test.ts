import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { ManifestConnection } from '../../../schemas/index.ts'
import { type Certificate, makeAuthority, makeCertificate } from '../../../test/support/certificates.ts'
import { until } from '../../../test/support/gateway.ts'
import { startTestProxy, type TestProxyOptions } from '../../../test/support/proxy.ts'
import { completionText } from '../../../test/support/raw.ts'
import { startTlsProvider, type TlsProvider, type TlsProviderOptions } from '../../../test/support/tls-provider.ts'
import type { LogLine } from '../log.ts'
import { ConnectionPools, type OriginPool } from './pools.ts'
import { ask, begin, describeConnection } from './testing/ask.ts'

let authority: Certificate
let stranger: Certificate
let good: Certificate
let ours: Certificate
beforeAll(async () => {
  authority = await makeAuthority()
  stranger = await makeAuthority('Somebody else')
  good = await makeCertificate({ by: authority })
  ours = await makeCertificate({ names: ['gateway-of-the-bank'], by: authority })
})

const logs: LogLine[] = []
const opened: ConnectionPools[] = []
afterEach(async () => {
  logs.length = 0
  for (const pools of opened.splice(0)) await pools.close()
})

function poolTo(baseUrl: string, entry: ManifestConnection = {}): OriginPool {
  const pools = new ConnectionPools((line) => logs.push(line))
  opened.push(pools)
  const { connection, secrets } = describeConnection(baseUrl, entry, {
    CA: authority.cert,
    BOTH: `${stranger.cert}\n${authority.cert}`,
    STRANGER: stranger.cert,
    CERT: ours.cert,
    KEY: ours.key,
  })
  return pools.acquire(connection, secrets)
}

async function provider(options: Partial<TlsProviderOptions> = {}): Promise<TlsProvider> {
  const started = await startTlsProvider({ certificate: good, ...options })
  onTestFinished(() => started.close())
  return started
}

async function proxy(options: TestProxyOptions = {}) {
  const started = await startTestProxy(options)
  onTestFinished(() => started.close())
  return started
}

const trusting: ManifestConnection = { tls: { ca: { env: 'CA' } } }
const withOurs: ManifestConnection = { tls: { ca: { env: 'CA' }, cert: { env: 'CERT' }, key: { env: 'KEY' } } }

describe('an authority of the operator', () => {
  it('vouches for the provider', async () => {
    const { baseUrl, requests } = await provider()
    expect(await ask(poolTo(baseUrl, trusting))).toMatchObject({ status: 200, body: completionText })
    expect(requests).toMatchObject([{ protocol: 'http/1.1', path: '/v1/chat/completions', body: '{"a":1}' }])
  })

  it('may be one of several in the file', async () => {
    const { baseUrl } = await provider()
    expect(await ask(poolTo(baseUrl, { tls: { ca: { env: 'BOTH' } } }))).toMatchObject({ status: 200 })
  })

  it('is trusted instead of all others, and only where it is named', async () => {
    const { baseUrl } = await provider()
    const unknown = /comes from an authority that is not trusted here: name its certificate in `tls.ca`/
    for (const pool of [poolTo(baseUrl), poolTo(baseUrl, { tls: { ca: { env: 'STRANGER' } } })]) {
      const { failure } = await ask(pool)
      expect(failure?.class).toBe('connection')
      expect(failure?.message).toMatch(unknown)
    }
  })

  it('that is missing is no reason to trust everybody', async () => {
    const { baseUrl, handshakes } = await provider()
    const { failure } = await ask(poolTo(baseUrl, { tls: { ca: { env: 'NOT_THERE' } } }))
    expect(failure).toMatchObject({ class: 'connection', message: expect.stringContaining('is missing') })
    expect(handshakes()).toBe(0)
  })
})

describe('a certificate that is not right', () => {
  const day = 86_400_000
  it.each([
    ['signed by itself', {}, /signed by nobody but itself: if it is the right one, name it in `tls.ca`/],
    ['expired', { by: 'authority', from: -2 * day, until: -day }, /has expired: it must be renewed/],
    ['of tomorrow', { by: 'authority', from: day, until: 2 * day }, /not valid yet: is the clock/],
    [
      'of another name',
      { by: 'authority', names: ['llm.internal'] },
      /another name than its address: set `tls.server_name`/,
    ],
  ] as const)('%s is said to be so', async (_what, wish, words) => {
    const made = await makeCertificate({
      ...('by' in wish && { by: authority }),
      ...('names' in wish && { names: wish.names }),
      ...('from' in wish && { from: new Date(Date.now() + wish.from), until: new Date(Date.now() + wish.until) }),
    })
    const { baseUrl, requests } = await provider({ certificate: made })
    const { failure } = await ask(poolTo(baseUrl, trusting))
    expect(failure).toMatchObject({ class: 'connection', message: expect.stringMatching(words) })
    expect(requests).toEqual([])
    expect(logs).toMatchObject([{ level: 'warn', event: 'connection_failed', fields: { provider: 'a' } }])
    expect(logs[0]?.message).toMatch(words)
  })

  it('is logged once, however many call', async () => {
    const { baseUrl } = await provider()
    const pool = poolTo(baseUrl)
    for (let round = 0; round < 5; round += 1) await ask(pool)
    expect(logs).toHaveLength(1)
  })

  it('of another name is taken under `tls.server_name`, which is also what is asked for', async () => {
    const certificate = await makeCertificate({ names: ['llm.internal'], by: authority })
    const { baseUrl, requests } = await provider({ certificate })
    const entry = { tls: { ca: { env: 'CA' }, server_name: 'llm.internal' } }
    expect(await ask(poolTo(baseUrl, entry))).toMatchObject({ status: 200 })
    const byName = baseUrl.replace('127.0.0.1', 'localhost')
    expect(await ask(poolTo(byName, entry))).toMatchObject({ status: 200 })
    expect(requests.map(({ serverName }) => serverName)).toEqual(['llm.internal', 'llm.internal'])
  })

  it('does not matter to an http provider that was meant to be https', async () => {
    const plain = createHttpServer((_request, response) => response.end()).listen(0, '127.0.0.1')
    onTestFinished(() => void plain.close())
    await new Promise((resolve) => plain.once('listening', resolve))
    const { port } = plain.address() as AddressInfo
    const { failure } = await ask(poolTo(`https://127.0.0.1:${port}/v1`))
    expect(failure).toMatchObject({ class: 'connection', message: expect.stringContaining('does not answer in TLS') })
  })
})

describe('a certificate of ours', () => {
  it('is shown to who asks for it', async () => {
    const { baseUrl, requests } = await provider({ clientsFrom: authority })
    expect(await ask(poolTo(baseUrl, withOurs))).toMatchObject({ status: 200 })
    expect(requests[0]?.caller).toBe('gateway-of-the-bank')
  })

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is missed by a provider that wants one (%s)', async (maxVersion) => {
    const { baseUrl, requests } = await provider({ clientsFrom: authority, maxVersion })
    const { failure } = await ask(poolTo(baseUrl, trusting))
    expect(failure).toMatchObject({
      class: 'connection',
      message: expect.stringContaining('set `tls.cert` and `tls.key`'),
    })
    expect(requests).toEqual([])
  })
})

describe('HTTP/2', () => {
  it('is spoken where the connection allows it and the provider agrees', async () => {
    const both = await provider({ http2: true })
    const pool = poolTo(both.baseUrl, { ...trusting, http2: true })
    expect(await ask(pool)).toMatchObject({ status: 200, body: completionText })
    expect(both.requests).toMatchObject([{ protocol: 'h2', path: '/v1/chat/completions', body: '{"a":1}' }])
    const old = await provider()
    expect(await ask(poolTo(old.baseUrl, { ...trusting, http2: true }))).toMatchObject({ status: 200 })
    expect(old.requests).toMatchObject([{ protocol: 'http/1.1' }])
  })

  it('is not spoken unless the connection says so', async () => {
    const both = await provider({ http2: true })
    await ask(poolTo(both.baseUrl, trusting))
    expect(both.requests).toMatchObject([{ protocol: 'http/1.1' }])
  })

  it('carries many calls over one connection, and ends one without the others', async () => {
    const both = await provider({ http2: true })
    const pool = poolTo(both.baseUrl, { ...trusting, http2: true })
    both.hold(true)
    const calls = Array.from({ length: 40 }, () => begin(pool))
    await until('all have come', () => both.requests.length === 40)
    calls[7]?.call.abort()
    await until('the provider knows', () => both.abandoned() === 1)
    both.hold(false)
    const answers = await Promise.all(calls.filter((_one, index) => index !== 7).map(({ answer }) => answer))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(both.handshakes()).toBe(1)
  })

  it('goes through a proxy and with a certificate of ours as well', async () => {
    const both = await provider({ http2: true, clientsFrom: authority })
    const { url, asked } = await proxy()
    expect(await ask(poolTo(both.baseUrl, { ...withOurs, http2: true, proxy: url }))).toMatchObject({ status: 200 })
    expect(both.requests).toMatchObject([{ protocol: 'h2', caller: 'gateway-of-the-bank' }])
    expect(asked).toEqual([`127.0.0.1:${both.port}`])
  })
})

describe('a proxy', () => {
  it('is asked for the provider, and sees nothing of what is said', async () => {
    const { baseUrl, port, requests } = await provider()
    const { url, asked, heads, passed } = await proxy()
    const pool = poolTo(baseUrl, { ...trusting, proxy: url })
    for (let round = 0; round < 3; round += 1) {
      expect(await ask(pool, '{"secret":1}')).toMatchObject({ status: 200 })
      // The pool takes a connection back a moment after its answer.
      await new Promise(setImmediate)
    }
    // One tunnel is kept, as a connection without a proxy would be.
    expect(asked).toEqual([`127.0.0.1:${port}`])
    expect(heads[0]).toBe(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\nhost: 127.0.0.1:${port}`)
    expect(requests).toHaveLength(3)
    expect(passed().includes('secret')).toBe(false)
  })

  it('takes http addresses through a tunnel too', async () => {
    const plain = createHttpServer((request, response) => response.end(`for ${request.url}`)).listen(0, '127.0.0.1')
    onTestFinished(() => void plain.close())
    await new Promise((resolve) => plain.once('listening', resolve))
    const { port } = plain.address() as AddressInfo
    const { url, asked } = await proxy()
    const pool = poolTo(`http://127.0.0.1:${port}/v1`, { proxy: url })
    expect(await ask(pool)).toMatchObject({ status: 200, body: 'for /v1/chat/completions' })
    expect(asked).toEqual([`127.0.0.1:${port}`])
  })

  it('may itself be reached over TLS, under the same authority', async () => {
    const { baseUrl } = await provider()
    const { url, asked } = await proxy({ certificate: good })
    expect(await ask(poolTo(baseUrl, { ...trusting, proxy: url }))).toMatchObject({ status: 200 })
    expect(asked).toHaveLength(1)
    const { failure } = await ask(poolTo(baseUrl, { tls: { ca: { env: 'STRANGER' } }, proxy: url }))
    expect(failure?.message).toMatch(/the certificate of the proxy comes from an authority that is not trusted/)
  })

  it('is not taken from the environment', async () => {
    const { url, asked } = await proxy()
    const { baseUrl } = await provider()
    for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'ALL_PROXY']) process.env[name] = url
    onTestFinished(() => {
      for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'ALL_PROXY']) delete process.env[name]
    })
    expect(await ask(poolTo(baseUrl, trusting))).toMatchObject({ status: 200 })
    expect(asked).toEqual([])
  })

  it.each([
    ['a login', 'HTTP/1.1 407 Login\r\nproxy-authenticate: Basic\r\n\r\n', /asks for a login \(407\)/],
    ['no', 'HTTP/1.1 403 Forbidden\r\ncontent-length: 4\r\n\r\nnope', /refuses to connect to the provider \(403\)/],
    ['half a word', 'HTTP/1.1 200 ', /closed the connection without an answer/],
    ['that it is something else', '220 mail.example ESMTP\r\n\r\n', /does not answer as a proxy/],
    ['nothing to the point', 'x'.repeat(20_000), /does not answer as a proxy/],
  ])('that says %s is told as it is', async (_what, refuse, words) => {
    const { baseUrl, handshakes } = await provider()
    const { url } = await proxy({ refuse, hangUp: true })
    const { failure } = await ask(poolTo(baseUrl, { ...trusting, proxy: url }))
    expect(failure).toMatchObject({ class: 'connection', message: expect.stringMatching(words) })
    expect(handshakes()).toBe(0)
  })

  it('that is not there is told apart from a provider that is not', async () => {
    const { baseUrl } = await provider()
    const { failure } = await ask(poolTo(baseUrl, { ...trusting, proxy: 'http://127.0.0.1:1' }))
    expect(failure).toMatchObject({ class: 'connection', message: 'the proxy cannot be reached (ECONNREFUSED)' })
    expect((await ask(poolTo('http://127.0.0.1:1/v1'))).failure?.message).toBe('the connection failed (ECONNREFUSED)')
  })
})
