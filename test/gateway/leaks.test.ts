/**
 * What one side says is never heard on the other: keys, headers and errors of providers by callers, keys and headers of
 * callers by providers, and neither by whoever reads logs, spool, status or metrics. Each side is full of words that
 * occur nowhere else, and everything that comes out anywhere is searched for them.
 */
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestGateway } from '../support/gateway.ts'
import { startTestGateway } from '../support/gateway.ts'
import type { RawCaller, RawProvider, RawRequest } from '../support/raw.ts'
import { callRaw, chunkEvent, completionText, plainReply, startRawProvider, streamHead } from '../support/raw.ts'

const callerKey = 'aigw_callerkeycanary0123456789abcdefghijklmnopqr'
const callersWords = [callerKey, 'caller-header-canary', 'caller-cookie-canary', 'caller-agent-canary']
const callerHeaders = [
  `authorization: Bearer ${callerKey}`,
  'x-canary: caller-header-canary',
  'api-key: caller-header-canary',
  'openai-organization: caller-header-canary',
  'cookie: session=caller-cookie-canary',
  'user-agent: caller-agent-canary',
  'x-forwarded-for: caller-header-canary',
]

/** One like vendors make them, one that looks like nothing, one in a header of the operator's own. */
const providerKeys = ['sk-providerkeycanary-0123456789', 'odd!provider/key=canary', 'tenant~canary~key']
const [usualKey = '', oddKey = '', headerKey = ''] = providerKeys
const providersWords = [
  ...providerKeys,
  'provider-cookie-canary',
  'provider-server-canary',
  'provider-id-canary',
  'provider-header-canary',
]
const providerHeaders = [
  'set-cookie: id=provider-cookie-canary; Path=/',
  'server: provider-server-canary',
  'x-request-id: provider-id-canary',
  'openai-organization: provider-header-canary',
  'x-ratelimit-remaining-requests: 7',
  'www-authenticate: Bearer realm="provider-header-canary"',
  'access-control-allow-origin: provider-header-canary',
  'x-aigw-route: provider-header-canary',
  'via: 1.1 provider-header-canary',
]

interface Case {
  readonly name: string
  readonly reply: (request: RawRequest, key: string) => void
  readonly stream?: true
  /** What the caller must be told, so that the case is the one that was meant. */
  readonly says: RegExp
  /** The provider's own words are the operator's to know, and not the caller's. */
  readonly keepsWords?: true
  /** The provider shows what it was sent, its own address included. */
  readonly repeatsUs?: true
}

const failing =
  (status: string, body: (key: string) => string): Case['reply'] =>
  ({ socket }, key) =>
    socket.write(plainReply(body(key), { status, headers: providerHeaders }))

const envelope = (error: object) => JSON.stringify({ error })
const head = `${streamHead.trimEnd()}\r\n${providerHeaders.join('\r\n')}\r\n\r\n`
const begun = head + chunkEvent({ role: 'assistant', content: 'so far so good' })

const cases: readonly Case[] = [
  {
    name: '401 that repeats the key',
    reply: failing('401 Unauthorized', (key) =>
      envelope({ message: `provider-words-canary: Incorrect API key: ${key}` }),
    ),
    says: /"all_targets_failed".*not set up correctly|not set up correctly.*"all_targets_failed"/,
    keepsWords: true,
  },
  {
    name: '401 that repeats the key in code, type and param',
    reply: failing('401 Unauthorized', (key) => envelope({ message: 'no', code: key, type: key, param: key })),
    says: /all_targets_failed/,
  },
  {
    name: '403 in a page',
    reply: failing('403 Forbidden', (key) => `<html><title>provider-words-canary ${key}</title></html>`),
    says: /not set up correctly/,
    keepsWords: true,
  },
  {
    name: '404 in plain text',
    reply: failing('404 Not Found', (key) => `provider-words-canary: no such model for ${key}`),
    says: /not set up correctly/,
    keepsWords: true,
  },
  {
    name: '400 about a bad key',
    reply: failing('400 Bad Request', (key) =>
      envelope({ message: `provider-words-canary: API key not valid: ${key}` }),
    ),
    says: /not set up correctly/,
    keepsWords: true,
  },
  {
    name: '400 of the caller, in which everything is the key',
    reply: failing('400 Bad Request', (key) =>
      envelope({ message: `bad value ${key}`, code: key, type: key, param: key }),
    ),
    says: /bad value \[removed\]/,
  },
  {
    name: '400 of a proxy that passes on another one',
    reply: failing('400 Bad Request', (key) =>
      envelope({ message: 'failed', metadata: { raw: `upstream said ${key}` } }),
    ),
    says: /upstream said \[removed\]/,
  },
  {
    name: '422 as some frameworks put it',
    reply: failing('422 Unprocessable', (key) =>
      JSON.stringify({ detail: [{ loc: ['header', key], msg: `not ${key}` }] }),
    ),
    says: /not \[removed\]/,
  },
  {
    name: '429 with a retry-after',
    reply: ({ socket }, key) =>
      socket.write(
        plainReply(envelope({ message: `limit of ${key} reached` }), {
          status: '429 Too Many',
          headers: [...providerHeaders, 'retry-after: 7'],
        }),
      ),
    says: /^HTTP\/1\.1 429[^]*retry-after: 7[^]*limit of \[removed\] reached/,
  },
  {
    name: '500 that repeats the whole request',
    reply: ({ socket, head: asked, body }) =>
      socket.write(
        plainReply(envelope({ message: `at handler: ${asked} ${body}` }), {
          status: '500 Oops',
          headers: providerHeaders,
        }),
      ),
    says: /^HTTP\/1\.1 502/,
    repeatsUs: true,
  },
  {
    name: '500 with the key in an address and in base64',
    reply: failing('500 Oops', (key) =>
      envelope({ message: `?key=${encodeURIComponent(key)} and ${Buffer.from(key).toString('base64')}` }),
    ),
    says: /\?key=\[removed\] and \[removed\]/,
  },
  {
    name: '500 so long that it is cut within the key',
    reply: failing('500 Oops', (key) => envelope({ message: `${'. '.repeat(990)}${key}${key}` })),
    says: /\[removed\]…/,
  },
  {
    name: 'a redirect with the key in its address',
    reply: ({ socket }, key) =>
      socket.write(
        plainReply('', { status: '302 Found', headers: [...providerHeaders, `location: https://x.test/?key=${key}`] }),
      ),
    says: /not set up correctly/,
  },
  { name: 'malformed JSON', reply: failing('200 OK', (key) => `{"choices": [${key}`), says: /^HTTP\/1\.1 502/ },
  { name: 'an empty body', reply: failing('200 OK', () => ''), says: /^HTTP\/1\.1 502/ },
  {
    name: 'an error inside a 200',
    reply: failing('200 OK', (key) => envelope({ message: `inside, with ${key}`, code: 500 })),
    says: /inside, with \[removed\]/,
  },
  {
    name: 'half a head',
    reply: ({ socket }, key) => socket.end(`HTTP/1.1 200 OK\r\nx-key: ${key}\r\nset-coo`),
    says: /the connection failed/,
  },
  {
    name: 'what is no HTTP',
    reply: ({ socket }, key) => socket.end(`provider-words-canary ${key}\r\n\r\n`),
    says: /the connection/,
    keepsWords: true,
  },
  { name: 'a reset', reply: ({ socket }) => socket.resetAndDestroy(), says: /the connection failed/ },
  { name: 'silence', reply: () => {}, says: /^HTTP\/1\.1 50[24]/ },
  {
    name: 'a stream that ends in an error event',
    stream: true,
    reply: ({ socket }, key) =>
      socket.end(`${begun}data: ${envelope({ message: `broke with ${key}`, code: key })}\n\n`),
    says: /so far so good[^]*"stream_interrupted"/,
  },
  {
    name: 'a stream whose error names a bad key',
    stream: true,
    reply: ({ socket }, key) =>
      socket.end(
        `${begun}data: ${envelope({ message: `provider-words-canary: invalid API key ${key}`, code: 'invalid_api_key' })}\n\n`,
      ),
    says: /so far so good[^]*not set up correctly/,
    keepsWords: true,
  },
  {
    name: 'a stream that breaks off inside a frame',
    stream: true,
    reply: ({ socket }, key) => socket.end(`${begun}data: {"choices": [{"${key}`),
    says: /so far so good[^]*"stream_interrupted"/,
  },
  {
    name: 'a stream of malformed frames',
    stream: true,
    reply: ({ socket }, key) => socket.end(`${begun}data: {${key}\n\ndata: [DONE]\n\n`),
    says: /so far so good[^]*"stream_interrupted"/,
  },
  {
    name: 'a stream that is reset',
    stream: true,
    reply: ({ socket }) => socket.write(begun, () => socket.resetAndDestroy()),
    says: /so far so good[^]*"stream_interrupted"/,
  },
  {
    name: 'a 401 to a stream',
    stream: true,
    reply: failing('401 Unauthorized', (key) => envelope({ message: `provider-words-canary ${key}` })),
    says: /not set up correctly/,
    keepsWords: true,
  },
  { name: 'an answer', reply: failing('200 OK', () => completionText), says: /"fine"/ },
  {
    name: 'a streamed answer',
    stream: true,
    reply: ({ socket }) => socket.end(`${begun}${chunkEvent({}, 'stop')}data: [DONE]\n\n`),
    says: /so far so good[^]*\[DONE\]/,
  },
]

let answer: (request: RawRequest) => void = () => {}
let provider: RawProvider
const opened: TestGateway[] = []
beforeAll(async () => {
  provider = await startRawProvider((request) => answer(request))
})
afterAll(async () => {
  for (const gateway of opened) await gateway.close()
  await provider.close()
})

const keyHash = `sha256:${createHash('sha256').update(callerKey).digest('hex')}`

async function start(baseUrl = provider.baseUrl): Promise<TestGateway> {
  const connection = (key: string, extra: object = {}) => ({
    type: 'openai-compatible',
    base_url: baseUrl,
    api_key: { env: key },
    headers: { 'x-tenant': { env: 'TENANT_KEY' } },
    ...extra,
  })
  const route = (name: string) => ({
    name,
    match: { model: name },
    targets: [{ provider: name, model: 'm', attempt_timeout_ms: 400 }],
  })
  const gateway = await startTestGateway({
    manifest: JSON.stringify({
      credentials: [
        { name: 'canary', key_hash: keyHash },
        {
          name: 'off',
          key_hash: `sha256:${createHash('sha256').update(`${callerKey}-off`).digest('hex')}`,
          disabled: true,
        },
      ],
      providers: { usual: connection('USUAL_KEY'), odd: connection('ODD_KEY') },
      ai_routes: [route('usual'), route('odd')],
    }),
    env: { USUAL_KEY: usualKey, ODD_KEY: oddKey, TENANT_KEY: headerKey },
  })
  opened.push(gateway)
  return gateway
}

function requestText(
  body: string,
  headers: readonly string[] = callerHeaders,
  line = 'POST /v1/chat/completions',
): string {
  const all = ['host: localhost', 'connection: close', `content-length: ${Buffer.byteLength(body)}`, ...headers]
  return `${line} HTTP/1.1\r\n${all.join('\r\n')}\r\n\r\n${body}`
}

const chat = (model: string, more: object = {}): string =>
  JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }], ...more })

async function send({ gateway: running }: TestGateway, text: string): Promise<string> {
  const caller: RawCaller = await callRaw(running.url, text)
  return await caller.ends(10_000)
}

/** Everything that operators and their tools can read of this gateway, once it is closed. */
async function heardByOperators(running: TestGateway): Promise<string> {
  const pages = await Promise.all(
    ['/status', '/metrics', '/readyz'].map(
      async (path) => await (await fetch(`${running.gateway.adminUrl}${path}`)).text(),
    ),
  )
  await running.gateway.close()
  const files = readdirSync(running.folder, { recursive: true, encoding: 'utf8' }).map((name) =>
    join(running.folder, name),
  )
  const texts = files.filter((file) => statSync(file).isFile()).map((file) => readFileSync(file, 'latin1'))
  expect(texts.length).toBeGreaterThan(1)
  return [JSON.stringify(running.logs), ...pages, ...texts].join('\n')
}

function foundIn(text: string, words: readonly string[]): readonly string[] {
  // Also as they look inside JSON, in a URL, in base64, and in part.
  const forms = (word: string): readonly string[] => [
    word,
    JSON.stringify(word).slice(1, -1),
    encodeURIComponent(word),
    Buffer.from(word).toString('base64').replace(/=+$/, ''),
    word.slice(0, 16),
  ]
  return words.filter((word) => forms(word).some((form) => text.toLowerCase().includes(form.toLowerCase())))
}

describe.each([
  ['usual', usualKey],
  ['odd', oddKey],
])('a provider with %s keys', (route, key) => {
  let running: TestGateway
  beforeAll(async () => {
    running = await start()
  })
  afterAll(async () => await running.close())

  it.each(cases)('$name', async ({ reply, stream, says, keepsWords, repeatsUs }) => {
    const asked: string[] = []
    answer = (request) => {
      asked.push(request.head + request.body)
      reply(request, key)
    }
    const told = await send(running, requestText(chat(route, stream === undefined ? {} : { stream: true })))
    expect(told).toMatch(says)
    expect(foundIn(told, [...providersWords, ...callersWords])).toEqual([])
    if (keepsWords === true) expect(told).not.toContain('provider-words-canary')
    if (repeatsUs !== true) expect(told).not.toContain(new URL(provider.baseUrl).host)
    // The provider was asked, with its own key, and heard nothing of the caller but the request.
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.join('\n')).toContain(`authorization: Bearer ${key}`)
    expect(foundIn(asked.join('\n'), callersWords)).toEqual([])
  })

  it('and nobody hears of it who reads log, spool, status or metrics', async () => {
    const heard = await heardByOperators(running)
    // All of the above is in there.
    expect(heard.split('"event":"request"').length).toBeGreaterThan(cases.length)
    expect(foundIn(heard, [...providerKeys, ...callersWords])).toEqual([])
    expect(heard).not.toContain('provider-cookie-canary')
    expect(heard).not.toContain('provider-header-canary')
  })
})

describe('a provider that cannot be reached', () => {
  it.each([
    ['refuses', async () => await closedPort()],
    ['has no such name', async () => await Promise.resolve('http://nowhere.invalid/v1')],
    ['speaks no TLS', async () => await Promise.resolve(provider.baseUrl.replace('http:', 'https:'))],
  ])('because it %s', async (_why, address) => {
    const baseUrl = await address()
    const running = await start(baseUrl)
    const told = await send(running, requestText(chat('usual')))
    expect(told).toMatch(/^HTTP\/1\.1 50[234][^]*all_targets_failed/)
    expect(foundIn(told, [...providersWords, ...callersWords])).toEqual([])
    expect(told).not.toContain(new URL(baseUrl).host)
    expect(foundIn(await heardByOperators(running), [...providerKeys, ...callersWords])).toEqual([])
  })
})

describe('a caller that is refused', () => {
  const withKey = (key: string): readonly string[] => [`authorization: Bearer ${key}`, ...callerHeaders.slice(1)]
  const bodyCanary = 'caller-body-canary'
  let running: TestGateway
  beforeAll(async () => {
    running = await start()
  })

  it.each([
    ['an unknown key', requestText(chat('usual'), withKey(`${callerKey}-unknown`)), 401],
    ['a disabled key', requestText(chat('usual'), withKey(`${callerKey}-off`)), 401],
    ['a key of another kind', requestText(chat('usual'), [`authorization: Basic ${callerKey}`]), 401],
    ['no key, and one in another header', requestText(chat('usual'), [`x-api-key: ${callerKey}`]), 401],
    ['a key in the address', requestText('', callerHeaders, `GET /v1/files?api_key=${callerKey}`), 404],
    ['another method', requestText('', callerHeaders, `DELETE /v1/chat/completions?key=${callerKey}`), 405],
    ['malformed JSON', requestText(`{"model": "usual", "${bodyCanary}" ${callerKey}`), 400],
    ['another shape', requestText(JSON.stringify({ model: 'usual', messages: { [bodyCanary]: callerKey } })), 400],
    ['no route', requestText(chat('none', { user: bodyCanary })), 404],
    ['a coding', requestText(chat('usual'), [...callerHeaders, 'content-encoding: br']), 415],
    ['no HTTP', `${callerKey} ${bodyCanary}\r\n\r\n`, 400],
    ['a body without end', requestText('').replace('content-length: 0', `content-length: ${64 * 1024 * 1024}`), 413],
  ])('for %s hears nothing of its own key, and the provider nothing at all', async (_what, text, status) => {
    const before = provider.requests.length
    const told = await send(running, text)
    expect(told).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(foundIn(told, [...providersWords, ...callersWords])).toEqual([])
    expect(provider.requests.length).toBe(before)
  })

  it('is told of without its key, its headers and its text', async () => {
    const heard = await heardByOperators(running)
    expect(heard).toContain('"key":"unknown"')
    expect(heard).toContain('"key":"disabled","credential":"off"')
    expect(foundIn(heard, [...callersWords, ...providerKeys])).toEqual([])
    expect(heard).not.toContain(bodyCanary)
  })
})

/** An address at which nobody listens. */
async function closedPort(): Promise<string> {
  const server = await startRawProvider(() => {})
  await server.close()
  const { port } = new URL(server.baseUrl)
  await new Promise((resolve) => connect(Number(port), '127.0.0.1').once('error', resolve))
  return server.baseUrl
}
