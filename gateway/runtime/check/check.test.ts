/** Checks against real servers: simulated providers where they can play it, bytes written by hand where they cannot. */
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { ManifestConnection, ProviderId, RoutesManifest } from '../../../schemas/index.ts'
import { type Certificate, makeAuthority, makeCertificate } from '../../../test/support/certificates.ts'
import { startTestProxy, type TestProxyOptions } from '../../../test/support/proxy.ts'
import { plainReply, type RawRequest, startRawProvider } from '../../../test/support/raw.ts'
import { keyFile } from '../../../test/support/token-endpoint.ts'
import { type SimulatorOptions, startSimulator } from '../../simulators/simulator.ts'
import { providers } from '../../core/providers/index.ts'
import { type CheckOptions, checkConnections } from './check.ts'

const key = 'sk-a-key-that-nobody-may-see-0123456789'
const environment = { KEY: key }

interface Wish extends ManifestConnection {
  readonly models?: readonly string[]
}

/** One connection, and a route to each of its models. */
function manifestOf({ models = [], ...entry }: Wish): RoutesManifest {
  const targets = models.map((model) => ({ provider: 'it', model }))
  const routes = targets.length === 0 ? [] : [{ name: 'r', match: { model: 'r' }, targets }]
  return { providers: { it: { api_key: { env: 'KEY' }, ...entry } }, ai_routes: routes }
}

async function check(wish: Wish, more: Partial<CheckOptions> = {}) {
  const options = { manifest: manifestOf(wish), environment, names: null, timeoutMs: 5000, version: '0', ...more }
  const [first, ...others] = await checkConnections(options)
  if (first === undefined) throw new Error('nothing was checked')
  expect(others).toEqual([])
  expect(JSON.stringify(first)).not.toContain(key.slice(3))
  return first
}

async function simulate(options: Omit<SimulatorOptions, 'name'>) {
  const simulator = await startSimulator({ name: 'it', ...options })
  onTestFinished(() => simulator.close())
  return simulator
}

async function raw(answer: (request: RawRequest) => void, certificate?: Certificate) {
  const provider = await startRawProvider(answer, certificate === undefined ? {} : { certificate })
  onTestFinished(() => provider.close())
  return provider
}

/** A provider that gives one answer to everything. */
const answering = async (status: string, body: string, headers: readonly string[] = []) =>
  await raw(({ socket }) => socket.write(plainReply(body, { status, headers })))

const listOf = (...ids: readonly string[]) => JSON.stringify({ object: 'list', data: ids.map((id) => ({ id })) })

describe('a provider that is well', () => {
  it.each<[ProviderId, Omit<SimulatorOptions, 'name'>, readonly string[], readonly string[]]>([
    ['openai', { style: 'openai' }, ['gpt-5', 'o9'], ['gpt-5', 'o9']],
    ['mistral', { style: 'mistral' }, ['mistral-large'], ['mistral-large']],
    ['anthropic', { wire: 'anthropic-messages' }, ['claude-opus-5'], ['claude-opus-5']],
    // A name without a tag is that of the latest.
    ['ollama', { wire: 'ollama-chat' }, ['llama3:latest', 'qwen3:8b'], ['llama3', 'qwen3:8b']],
  ])('%s: its list has the models of the targets', async (type, options, there, asked) => {
    const simulator = await simulate({ ...options, behaviour: { models: there } })
    const { outcome, call, status, models, ms } = await check({ type, base_url: simulator.baseUrl, models: asked })
    expect({ outcome, status }).toEqual({ outcome: 'ok', status: 200 })
    expect(models).toEqual(asked.map((model) => ({ model, found: true })))
    const [request] = simulator.requests()
    expect(call).toBe(`GET ${simulator.url}${request?.path.replace(/\?.*/, '') ?? ''}`)
    expect(ms).toBeGreaterThanOrEqual(0)
    // One call, with the key where the vendor wants it.
    expect(simulator.requests()).toHaveLength(1)
    expect(JSON.stringify(request?.headers)).toContain(key)
  })

  it('a language without a list is asked one word of each model, and answers in one token', async () => {
    const simulator = await simulate({ style: 'openai', behaviour: { models: ['here'] } })
    const wish = { type: 'fireworks', base_url: simulator.baseUrl } as const
    expect(await check({ ...wish, models: ['here'] })).toMatchObject({
      outcome: 'ok',
      costs: expect.stringContaining('token'),
    })
    expect(simulator.requests().at(-1)?.body).toMatchObject({ model: 'here', messages: [{ content: 'Hello' }] })
    const { outcome, models, message } = await check({ ...wish, models: ['here', 'gone'] })
    expect({ outcome, models }).toEqual({
      outcome: 'model_unknown',
      models: [
        { model: 'here', found: true },
        { model: 'gone', found: false },
      ],
    })
    expect(message).toContain('gone: The model `gone` does not exist')
    // Without a model there is nothing that could be asked.
    expect(await check(wish)).toMatchObject({ outcome: 'unchecked', call: null })
  })

  it('a model for embeddings is asked for one, where it would refuse to chat', async () => {
    const { baseUrl, requests } = await answering('200 OK', '{}')
    const wish = {
      type: 'bedrock',
      region: 'eu-central-1',
      auth: 'bearer',
      base_url: baseUrl.replace('/v1', ''),
    } as const
    expect(await check({ ...wish, models: ['amazon.titan-embed-text-v2:0'] })).toMatchObject({ outcome: 'ok' })
    expect(requests.at(-1)?.head).toContain('POST /model/amazon.titan-embed-text-v2%3A0/invoke ')
    expect(JSON.parse(requests.at(-1)?.body ?? '')).toMatchObject({ inputText: 'Hello' })
    const google = { type: 'vertex', auth: 'access_token', base_url: `${baseUrl}/projects/p/locations/l` } as const
    expect(await check({ ...google, models: ['gemini-embedding-001'] })).toMatchObject({ outcome: 'ok' })
    expect(requests.at(-1)?.head).toContain('/publishers/google/models/gemini-embedding-001:predict ')
  })

  it('a model with another name is asked for by that name', async () => {
    const { baseUrl, requests } = await raw(({ socket, head }) => {
      const known = head.startsWith('GET /v1/models/claude-latest ') || head.startsWith('GET /v1/models?')
      socket.write(plainReply(known ? listOf('claude-1') : '{}', { status: known ? '200 OK' : '404 Not Found' }))
    })
    const wish = { type: 'anthropic', base_url: baseUrl.replace('/v1', '') } as const
    const { models } = await check({ ...wish, models: ['claude-1', 'claude-latest', 'claude-x'] })
    expect(models.map(({ found }) => found)).toEqual([true, true, false])
    expect(requests.every(({ head }) => /anthropic-version: 2023-06-01/i.test(head))).toBe(true)
  })
})

describe('what is wrong', () => {
  const openai = { type: 'openai' } as const

  it('no key: nothing is called, and the place it would come from is named', async () => {
    const provider = await answering('200 OK', listOf())
    const base_url = provider.baseUrl
    const missing = await check({ ...openai, base_url, api_key: { env: 'NOT_SET' } })
    expect(missing).toMatchObject({ outcome: 'key_missing', call: null, message: 'NOT_SET is not set' })
    const file = await check({ ...openai, base_url, api_key: { file: '/nowhere/key' } })
    expect(file).toMatchObject({ outcome: 'key_missing', message: '/nowhere/key is not set' })
    expect(provider.requests).toEqual([])
  })

  it.each([
    ['401 Unauthorized', { error: { message: `bad key ${key}`, code: 'invalid_api_key' } }, 'key_refused', 'KEY'],
    ['403 Forbidden', { error: { message: 'not for you' } }, 'key_refused', 'KEY'],
    ['400 Bad', { error: { message: 'API key not valid. Please pass a valid API key.' } }, 'key_refused', 'KEY'],
    ['404 Not Found', { error: { message: 'no such path' } }, 'not_found', 'https://api.openai.com/v1'],
    ['302 Found', {}, 'not_found', 'base_url'],
    ['429 Too Many', { error: { message: 'slow down' } }, 'rate_limited', 'nothing else was wrong'],
    ['429 Too Many', { error: { message: 'no money', code: 'insufficient_quota' } }, 'quota', 'billing'],
    ['402 Payment', { error: { message: 'pay first' } }, 'quota', 'billing'],
    ['503 Away', { error: { message: 'back soon' } }, 'failing', 'at the provider'],
    ['418 Teapot', { error: { message: 'short and stout' } }, 'refused', null],
  ] as const)('%s %j is %s', async (status, body, outcome, help) => {
    const { baseUrl } = await answering(status, JSON.stringify(body))
    const found = await check({ ...openai, base_url: baseUrl, models: ['m'] })
    expect(found).toMatchObject({ outcome, status: Number(status.slice(0, 3)) })
    if (help === null) expect(found.help).toBeNull()
    else expect(found.help).toContain(help)
    expect(found.message).not.toBe('')
    expect(found.models).toEqual([{ model: 'm', found: null }])
  })

  it('a 200 that is no list, from a proxy or a login page', async () => {
    const { baseUrl } = await answering('200 OK', '<html>Sign in</html>')
    expect(await check({ ...openai, base_url: baseUrl })).toMatchObject({ outcome: 'unreadable', status: 200 })
  })

  it('a model that is not on the list: an error, or a warning where lists are not whole', async () => {
    const { baseUrl } = await answering('200 OK', listOf('a', 'b'))
    const models = ['a', 'c']
    const known = await check({ ...openai, base_url: baseUrl, models })
    expect(known).toMatchObject({ outcome: 'model_unknown', message: 'c is not among its 2 models' })
    expect(known.models).toEqual([
      { model: 'a', found: true },
      { model: 'c', found: false },
    ])
    const loose = await check({ type: 'openai-compatible', base_url: baseUrl, models })
    expect(loose.outcome).toBe('model_unlisted')
  })

  it('nobody there, no such name, and a provider that is silent', async () => {
    const simulator = await simulate({ behaviour: { refuseConnections: true } })
    expect(await check({ ...openai, base_url: simulator.baseUrl })).toMatchObject({ outcome: 'tcp', status: null })
    const nowhere = await check({ ...openai, base_url: 'http://nowhere.invalid/v1' })
    expect(nowhere.outcome).toBe('dns')
    expect(nowhere.message).toContain('nowhere.invalid')
    const silent = await raw(() => {})
    const slow = await check({ ...openai, base_url: silent.baseUrl }, { timeoutMs: 50 })
    expect(slow).toMatchObject({ outcome: 'timeout', message: expect.stringContaining('within 50 ms') })
    const reset = await raw(({ socket }) => socket.resetAndDestroy())
    expect(await check({ ...openai, base_url: reset.baseUrl })).toMatchObject({ outcome: 'tcp' })
  })

  it('an answer without end', async () => {
    const { baseUrl } = await answering('200 OK', ' '.repeat(9 * 1024 * 1024))
    const found = await check({ ...openai, base_url: baseUrl })
    expect(found).toMatchObject({ outcome: 'unreadable', message: expect.stringContaining('goes on and on') })
  })

  it('a header that cannot be sent', async () => {
    const { baseUrl } = await answering('200 OK', listOf())
    const found = await check({ ...openai, base_url: baseUrl }, { environment: { KEY: 'two\nlines' } })
    expect(found.outcome).not.toBe('ok')
    expect(JSON.stringify(found)).not.toContain('two')
  })
})

describe('credentials that are no key', () => {
  const aws = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLE' }
  const model = 'amazon.titan-embed-text-v2:0'

  it('there are none: that is said, and nothing is called', async () => {
    const { baseUrl, requests } = await answering('200 OK', '{}')
    const wish = { type: 'vertex', auth: 'service_account', base_url: baseUrl, models: ['gemini-3-pro'] } as const
    const found = await check(wish, { environment: { KEY: '{"type": "service_account"}' } })
    expect(found).toMatchObject({ outcome: 'no_credentials', status: null })
    expect(found.message).not.toBe('')
    expect(requests).toEqual([])
  })

  it('do not come: that is said, the provider is not blamed, and nobody goes on waiting', async () => {
    const { baseUrl, requests } = await answering('200 OK', '{}')
    const gone = Promise.withResolvers<unknown>()
    const endpoint = await raw(({ socket }) => socket.once('close', gone.resolve))
    const wish = { type: 'vertex', auth: 'service_account', base_url: baseUrl, models: ['gemini-3-pro'] } as const
    const own = { KEY: keyFile(`${new URL(endpoint.baseUrl).origin}/token`) }
    const found = await check(wish, { environment: own, timeoutMs: 300 })
    expect(found).toMatchObject({ outcome: 'no_credentials', message: expect.stringContaining('came in time') })
    expect(requests).toEqual([])
    // Left alone it would be open for ten seconds more, and the command with it.
    await gone.promise
  }, 8000)

  it('are sent as they are with requests', async () => {
    const { baseUrl, requests } = await answering('200 OK', '{}')
    const wish = { type: 'vertex', auth: 'access_token', base_url: `${baseUrl}/projects/p/locations/l` } as const
    expect(await check({ ...wish, models: ['gemini-3-pro'] })).toMatchObject({ outcome: 'ok' })
    expect(requests[0]?.head).toContain(
      'POST /v1/projects/p/locations/l/publishers/google/models/gemini-3-pro:countTokens ',
    )
    expect(requests[0]?.head).toMatch(new RegExp(`authorization: Bearer ${key}`, 'i'))
  })

  it('sign the call as they sign requests', async () => {
    const { baseUrl, requests } = await answering('200 OK', '{}')
    const found = await checkConnections({
      manifest: {
        providers: {
          it: { type: 'bedrock', auth: 'sigv4', region: 'eu-central-1', base_url: baseUrl.replace('/v1', '') },
        },
        ai_routes: [{ name: 'r', match: { model: 'r' }, targets: [{ provider: 'it', model }] }],
      },
      environment: aws,
      names: null,
      timeoutMs: 5000,
      version: '0',
    })
    expect(found[0]).toMatchObject({ outcome: 'ok' })
    expect(requests[0]?.head).toMatch(/authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/i)
  })
})

describe('on the way there', () => {
  let authority: Certificate
  let good: Certificate
  let other: Certificate
  beforeAll(async () => {
    authority = await makeAuthority()
    good = await makeCertificate({ by: authority })
    other = await makeCertificate({ names: ['else.where'], by: authority })
  })
  const trusting = { tls: { ca: { env: 'CA' } } } as const
  const withCa = () => ({ environment: { KEY: key, CA: authority.cert } })
  const answer = ({ socket }: RawRequest) => void socket.write(plainReply(listOf('m')))
  const proxy = async (options: TestProxyOptions = {}) => {
    const started = await startTestProxy(options)
    onTestFinished(() => started.close())
    return started
  }

  it('certificates: trusted where they are named, told where not', async () => {
    const { baseUrl } = await raw(answer, good)
    const wish = { type: 'openai', base_url: baseUrl, models: ['m'] } as const
    expect(await check({ ...wish, ...trusting }, withCa())).toMatchObject({ outcome: 'ok' })
    const untrusted = await check(wish)
    expect(untrusted).toMatchObject({ outcome: 'tls', message: expect.stringContaining('not trusted') })
    const wrongName = await raw(answer, other)
    const named = await check({ ...wish, ...trusting, base_url: wrongName.baseUrl }, withCa())
    expect(named).toMatchObject({ outcome: 'tls', message: expect.stringContaining('another name') })
    const plain = await check({ ...wish, base_url: baseUrl.replace('https', 'http') })
    expect(plain.outcome).not.toBe('ok')
  })

  it('a certificate of ours that is of no use, before anything is called', async () => {
    const found = await check(
      { type: 'openai', base_url: 'https://127.0.0.1:1/v1', ...trusting },
      { environment: { KEY: key, CA: 'nonsense' } },
    )
    expect(found).toMatchObject({ outcome: 'tls', call: null, message: expect.stringContaining('tls.ca') })
  })

  it('a proxy: gone through, down, and unwilling', async () => {
    const { baseUrl } = await raw(answer)
    const wish = { type: 'openai', base_url: baseUrl } as const
    const through = await proxy()
    expect(await check({ ...wish, proxy: through.url })).toMatchObject({ outcome: 'ok' })
    expect(through.asked).toEqual([new URL(baseUrl).host])
    expect(await check({ ...wish, proxy: 'http://127.0.0.1:1' })).toMatchObject({ outcome: 'proxy' })
    const unwilling = await proxy({ refuse: 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n' })
    const refused = await check({ ...wish, proxy: unwilling.url })
    expect(refused).toMatchObject({ outcome: 'proxy', message: expect.stringContaining('407') })
  })
})

it('checks many, each once, in their order, and only those that were chosen', async () => {
  const open = { now: 0, most: 0 }
  const { baseUrl, requests } = await raw(({ socket }) => {
    open.now += 1
    open.most = Math.max(open.most, open.now)
    setTimeout(() => {
      open.now -= 1
      socket.write(plainReply(listOf()))
    }, 20)
  })
  const names = Array.from({ length: 20 }, (_, place) => `c${place}`)
  const entries = names.map((name) => [name, { type: 'openai', base_url: baseUrl, api_key: { env: 'KEY' } }] as const)
  const manifest: RoutesManifest = { providers: Object.fromEntries(entries), ai_routes: [] }
  const options = { manifest, environment, names: null, timeoutMs: 5000, version: '0' }
  const checks = await checkConnections(options)
  expect(checks.map(({ connection, outcome }) => [connection, outcome])).toEqual(names.map((name) => [name, 'ok']))
  expect(open.most).toBeGreaterThan(1)
  expect(open.most).toBeLessThanOrEqual(8)
  const chosen = await checkConnections({ ...options, names: ['c3'] })
  expect(chosen.map(({ connection }) => connection)).toEqual(['c3'])
  expect(requests).toHaveLength(21)
})

describe('every provider', () => {
  it.each(Object.values(providers).map((provider) => [provider.id, provider.check] as const))(
    '%s says how it is checked, what that costs, and who says so',
    (_id, provided) => {
      expect(provided.costs).not.toBe('')
      expect(provided.source.url).toMatch(/^https:\/\//)
      expect(provided.source.checked).toMatch(/^2026-\d\d-\d\d$/)
      if (provided.call === 'chat') return
      expect(provided.path).toMatch(/^\//)
      for (const [, name] of provided.path.matchAll(/\{(\w+)\}/g)) expect(['model', 'api_version']).toContain(name)
      if (provided.call === 'POST') expect(JSON.parse(provided.body)).toBeTypeOf('object')
    },
  )
})
