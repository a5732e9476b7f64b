import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ManifestConnection, ManifestRoute, RoutesManifest } from '../../../schemas/index.ts'
import { defaultFailoverClasses } from '../chat/failure.ts'
import { providers } from '../providers/index.ts'
import { hashText } from '../routing/draw.ts'
import type { CompiledRoute, RoutingTable } from '../routing/table.ts'
import { compileManifest } from './compile.ts'
import { readManifest, readManifestValue } from './read.ts'

const folder = join(import.meta.dirname, '../../../test/fixtures/manifests/valid')

function compileFile(name: string): RoutingTable {
  const variables = { AZURE_URL: 'https://eu.openai.azure.example/' }
  const { manifest } = readManifest(readFileSync(join(folder, name), 'utf8'), { file: name, variables })
  return compileManifest(manifest!)
}

/** Compiles a manifest of one route after checking it, as the gateway does. */
function compileRoute(route: Partial<ManifestRoute>, rest: Partial<RoutesManifest> = {}): CompiledRoute {
  const targets = [{ provider: 'openai', model: 'gpt-4o' }]
  const value = { ...rest, ai_routes: [{ name: 'chat', match: { model: 'gpt-4o' }, targets, ...route }] }
  const { manifest, diagnostics } = readManifestValue(value)
  expect(diagnostics).toEqual([])
  return compileManifest(manifest!).routes[0]!
}

function compileConnection(entry: ManifestConnection, model = 'm') {
  const targets = [{ provider: 'mine', model }]
  return compileRoute({ targets }, { providers: { mine: entry } }).candidates[0]!
}

describe('the manifest of the product note', () => {
  const table = compileFile('product-note.yaml')
  const route = table.routes[0]!

  it('is one route that takes one model', () => {
    expect(table.findRoutes('gpt-4o-mini')).toEqual([route])
    expect(table.findRoutes('gpt-4o')).toEqual([])
    expect(route).toMatchObject({
      name: 'chat-mid-tier',
      strategy: 'weighted',
      stickyBy: null,
      targetCount: 2,
      deadlineUs: 600_000_000,
      refuseLoss: false,
      auditContent: 'text',
      semantic: false,
    })
    expect([...route.failoverOn]).toEqual(defaultFailoverClasses)
  })

  it('tries two targets and then its own machine', () => {
    expect(
      route.candidates.map(({ id, weight, isFallback, index, maxLatencyUs }) => [
        id,
        weight,
        isFallback,
        index,
        maxLatencyUs,
      ]),
    ).toEqual([
      ['anthropic/claude-haiku-4-5', 60, false, 0, 800_000],
      ['openai/gpt-4o-mini', 40, false, 1, 800_000],
      ['ollama/llama-3.1', 0, true, 2, null],
    ])
  })

  it('finds keys where the vendors’ own tools do, and needs none for itself', () => {
    expect(
      [...table.connections.values()].map(({ name, secret, secretRequired }) => [name, secret, secretRequired]),
    ).toEqual([
      ['anthropic', { env: providers.anthropic.keyVariable }, true],
      ['openai', { env: 'OPENAI_API_KEY' }, true],
      ['ollama', { env: providers.ollama.keyVariable }, false],
    ])
    expect(table.credentials.size).toBe(0)
    expect(table.reserves).toBe(false)
    expect(table.matchedHeaders).toEqual([])
  })
})

describe('a manifest with everything', () => {
  const table = compileFile('everything.yaml')
  const azure = table.connections.get('azure-eu')!

  it('has connections with the operator’s numbers', () => {
    expect(azure).toMatchObject({
      baseUrl: 'https://eu.openai.azure.example',
      secret: { env: 'AZURE_KEY' },
      secretRequired: true,
      deployment: 'cloud',
      region: 'eu',
      apiVersion: '2024-10-21',
      headers: { 'x-team': 'retail', 'x-signature': { file: '/run/secrets/signature' } },
      forwardHeaders: ['x-trace-id'],
      ceilings: { requestsPerMinute: 600, tokensPerMinute: 200_000, maxConcurrent: 32 },
      connectTimeoutMs: 5_000,
      idleTimeoutMs: 60_000,
      proxy: 'http://proxy.internal:3128',
      tls: { ca: { file: '/etc/ssl/internal.pem' }, cert: null, key: null, serverName: 'llm.internal' },
      http2: true,
    })
    expect(azure.health).toEqual({
      consecutiveFailures: 4,
      failureRatio: 0.4,
      minimumRequests: 10,
      windowUs: 20_000_000,
      openUs: 10_000_000,
      maxOpenUs: 60_000_000,
      rateLimitedUs: 4_000_000,
      maxRateLimitedUs: 30_000_000,
      quotaUs: 50_000_000,
      misconfiguredUs: 20_000_000,
    })
  })

  it('counts in micro-USD and microseconds', () => {
    const target = table.routes[0]!.candidates[1]!
    expect(target).toMatchObject({
      price: { input: 150_000, output: 600_000, cached: 75_000 },
      contextWindow: 128_000,
      attemptTimeoutUs: 20_000_000,
      maxMicroUsdPerRequest: 50_000,
      encode: { model: 'gpt-4o-mini', parameters: { max_tokens: 1024, temperature: 0.2, stop: ['END'] } },
    })
    expect(table.routes[0]!.deadlineUs).toBe(60_000_000)
  })

  it('matches on what the engine compares with', () => {
    const [first, sticky, semantic] = table.routes
    expect(first!.match).toEqual({
      models: ['gpt-4o-mini', 'gpt-4o*'],
      credentials: new Set(['mobile-app']),
      organizations: new Set(['retail']),
      headers: [{ name: 'x-tier', values: new Set(['gold', 'silver']) }],
      stream: true,
      has: ['tools', 'images', 'json_schema'],
    })
    expect(table.matchedHeaders).toEqual(['x-tier'])
    expect([...first!.failoverOn]).toEqual(['server_error', 'timeout', 'latency', 'rate_limited'])
    expect(sticky).toMatchObject({ strategy: 'sticky', stickyBy: 'header:x-session-id', refuseLoss: true })
    expect(semantic).toMatchObject({ semantic: true, match: { models: [], credentials: null, stream: null, has: [] } })
    expect(first!.auditContent).toBe('text')
    expect(sticky!.auditContent).toBe('features')
  })

  it('knows its callers by hash', () => {
    const keyHash = `sha256:${'0123456789abcdef'.repeat(4)}`
    expect(table.credentials.get(keyHash)).toEqual({
      name: 'mobile-app',
      keyHash,
      organization: 'retail',
      project: 'shop',
      expiresAtMs: Date.UTC(2027, 1, 1),
      disabled: false,
    })
    expect(table.reserves).toBe(true)
  })
})

describe('weights', () => {
  it.each([
    ['none anywhere: 1 each', [undefined, undefined], [1, 1]],
    ['zero: only as failover', [0, 5], [0, 5]],
  ])('%s', (_title, written, compiled) => {
    const targets = written.map((weight, index) => ({
      provider: 'openai',
      model: `m${index}`,
      ...(weight === undefined ? {} : { weight }),
    }))
    expect(compileRoute({ targets }).candidates.map(({ weight }) => weight)).toEqual(compiled)
  })

  it('of a fallback are 0 whatever the targets say', () => {
    const { candidates } = compileRoute({ fallback: ['ollama/a', 'ollama/b/c'] })
    expect(candidates.map(({ id, weight, isFallback, model }) => [id, weight, isFallback, model])).toEqual([
      ['openai/gpt-4o', 1, false, 'gpt-4o'],
      ['ollama/a', 0, true, 'a'],
      ['ollama/b/c', 0, true, 'b/c'],
    ])
  })
})

describe('the identity a draw is mixed with', () => {
  it('is route, purpose, target and occurrence, in two halves', () => {
    const targets = ['a', 'b', 'a'].map((model) => ({ provider: 'openai', model }))
    const halves = compileRoute({ targets }).candidates.map(({ drawHigh, drawLow }) => [drawHigh, drawLow])
    const expected = ['a\n0', 'b\n0', 'a\n1'].map((rest) => {
      const identity = `chat\ntarget\nopenai/${rest}`
      return [hashText(identity, 0x243f6a88), hashText(identity, 0x85a308d3)]
    })
    expect(halves).toEqual(expected)
    expect(new Set(halves.flat()).size).toBe(6)
  })

  it('stays the same when another target comes before it, or weights change', () => {
    const target = { provider: 'openai', model: 'a' }
    const [before] = compileRoute({ targets: [target] }).candidates
    const after = compileRoute({
      targets: [
        { provider: 'groq', model: 'b', weight: 10 },
        { ...target, weight: 90 },
      ],
    }).candidates[1]!
    expect([after.drawHigh, after.drawLow]).toEqual([before!.drawHigh, before!.drawLow])
  })
})

describe('a connection', () => {
  it.each([
    ['trailing slashes go', { type: 'vllm', base_url: 'http://h/v1//' }, 'http://h/v1'],
    ['a path stays', { type: 'vllm', base_url: 'http://h:1/a/b' }, 'http://h:1/a/b'],
  ] as const)('%s', (_title, entry, baseUrl) => {
    expect(compileConnection(entry).connection.baseUrl).toBe(baseUrl)
  })

  it('puts model, deployment and version into the path, encoded', () => {
    const azure = {
      type: 'azure-openai',
      base_url: 'http://h',
      api_version: '2024 & later',
      deployment_name: { 'a/b': 'my deployment' },
    } as const
    expect(compileConnection(azure, 'a/b').path).toBe(
      '/openai/deployments/my%20deployment/chat/completions?api-version=2024%20%26%20later',
    )
    expect(compileConnection(azure, 'toString').path).toContain('/deployments/toString/')
    expect(compileConnection({ type: 'openai' }, 'a/b').path).toBe('/chat/completions')
  })

  it('needs the key it names, even where the provider could do without', () => {
    const entry = { type: 'vllm', base_url: 'http://h/v1' } as const
    expect(compileConnection(entry).connection).toMatchObject({
      secret: { env: providers.vllm.keyVariable },
      secretRequired: false,
      deployment: 'self_hosted',
    })
    expect(compileConnection({ ...entry, api_key: { file: '/k' } }).connection).toMatchObject({
      secret: { file: '/k' },
      secretRequired: true,
    })
  })

  it('is one object, however many targets use it', () => {
    const { candidates } = compileRoute({ targets: [{ provider: 'openai', model: 'a' }], fallback: 'openai/b' })
    expect(candidates[0]!.connection).toBe(candidates[1]!.connection)
  })

  it('takes health from itself, then from the top, then from the defaults', () => {
    const targets = [{ provider: 'openai', model: 'a' }]
    const { health } = compileRoute(
      { targets },
      { health: { open_ms: 1_000, quota_ms: 2_000 }, providers: { openai: { health: { open_ms: 3_000 } } } },
    ).candidates[0]!.connection
    expect(health).toMatchObject({ openUs: 3_000_000, quotaUs: 2_000_000, maxOpenUs: 120_000_000, failureRatio: 0.5 })
  })
})

describe('what is known of a model', () => {
  const entry = { type: 'openai' } as const
  const facts = (models: RoutesManifest['models']) =>
    compileRoute(
      { targets: [{ provider: 'mine', model: 'm' }] },
      { providers: { mine: entry }, ...(models && { models }) },
    ).candidates[0]!

  it('is looked up by connection, then by type', () => {
    expect(facts({ 'openai/m': { context_window: 1 } }).contextWindow).toBe(1)
    expect(facts({ 'openai/m': { context_window: 1 }, 'mine/m': { context_window: 2 } }).contextWindow).toBe(2)
    expect(facts({ 'openai/other': { context_window: 1 } }).contextWindow).toBeNull()
    expect(facts(undefined)).toMatchObject({ contextWindow: null, price: null, maxMicroUsdPerRequest: null })
  })

  it('charges cached input like fresh input where nothing else is said', () => {
    expect(facts({ 'mine/m': { usd_per_million: { input: 0.15, output: 0.6 } } }).price).toEqual({
      input: 150_000,
      output: 600_000,
      cached: 150_000,
    })
  })
})

it('a manifest that was not checked is a bug, and said to be one', () => {
  const manifest: RoutesManifest = {
    ai_routes: [{ name: 'a', match: {}, targets: [{ provider: 'nobody', model: 'm' }] }],
  }
  expect(() => compileManifest(manifest)).toThrow(/not checked: nobody/)
})

it('ten thousand routes compile in a second', () => {
  const route = (index: number): ManifestRoute => ({
    name: `r${index}`,
    match: { model: `m${index}` },
    targets: [{ provider: 'openai', model: 'gpt-4o' }],
    fallback: 'ollama/llama',
  })
  const started = performance.now()
  const table = compileManifest({ ai_routes: Array.from({ length: 10_000 }, (_, index) => route(index)) })
  expect(performance.now() - started).toBeLessThan(1_000)
  expect(table.findRoutes('m9999')[0]?.name).toBe('r9999')
  expect(table.connections.size).toBe(2)
})
