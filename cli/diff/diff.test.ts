import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ManifestRoute, RoutesManifest } from '../../schemas/index.ts'
import { joinPath, splitPath } from './change.ts'
import { diffManifests } from './diff.ts'
import { normalise } from './normalise.ts'
import { findMoved } from './order.ts'

const chat: ManifestRoute = {
  name: 'chat-mid-tier',
  match: { model: 'gpt-4o-mini' },
  targets: [
    { provider: 'anthropic', model: 'claude-haiku-4-5', weight: 60, max_latency_ms: 800 },
    { provider: 'openai', model: 'gpt-4o-mini', weight: 40, max_latency_ms: 800 },
  ],
  fallback: 'ollama/llama-3.1',
}
const [anthropic, openai] = chat.targets
if (anthropic === undefined || openai === undefined) throw new Error('the example has two targets')

/** Short enough to read in a table: `kind path: message`. */
function tell(before: RoutesManifest | null, after: RoutesManifest): string[] {
  return diffManifests(before, after).map(({ kind, path, message }) => `${kind} ${path}: ${message}`)
}
const routes = (...ai_routes: ManifestRoute[]): RoutesManifest => ({ ai_routes })
const named = (name: string): ManifestRoute => ({ ...chat, name })

describe('changes are told by meaning', () => {
  const cases: [string, RoutesManifest, RoutesManifest, string[]][] = [
    ['nothing', routes(chat), routes(chat), []],
    [
      'a weight',
      routes(chat),
      routes({ ...chat, targets: [{ ...anthropic, weight: 50 }, openai] }),
      [
        'changed ai_routes.chat-mid-tier.targets.anthropic/claude-haiku-4-5.weight: target anthropic/claude-haiku-4-5: weight 60 → 50',
      ],
    ],
    [
      'a fallback removed',
      routes(chat),
      routes({ name: chat.name, match: chat.match, targets: chat.targets }),
      ['removed ai_routes.chat-mid-tier.fallback["ollama/llama-3.1"]: fallback ollama/llama-3.1'],
    ],
    [
      'fallbacks in another order',
      routes({ ...chat, fallback: ['ollama/a', 'vllm/b'] }),
      routes({ ...chat, fallback: ['vllm/b', 'ollama/a'] }),
      ['moved ai_routes.chat-mid-tier.fallback.vllm/b: fallback vllm/b: 2nd → 1st place'],
    ],
    [
      'a target added and a target removed',
      routes(chat),
      routes({ ...chat, targets: [anthropic, { provider: 'groq', model: 'llama-4', weight: 40 }] }),
      [
        'added ai_routes.chat-mid-tier.targets.groq/llama-4: target groq/llama-4, weight 40',
        'removed ai_routes.chat-mid-tier.targets.openai/gpt-4o-mini: target openai/gpt-4o-mini, weight 40, max_latency_ms 800',
      ],
    ],
    [
      'targets in another order, which is the order of failover',
      routes(chat),
      routes({ ...chat, targets: [openai, anthropic] }),
      ['moved ai_routes.chat-mid-tier.targets.openai/gpt-4o-mini: target openai/gpt-4o-mini: 2nd → 1st place'],
    ],
    [
      'a latency target taken away',
      routes(chat),
      routes({ ...chat, targets: [anthropic, { provider: 'openai', model: 'gpt-4o-mini', weight: 40 }] }),
      [
        'removed ai_routes.chat-mid-tier.targets.openai/gpt-4o-mini.max_latency_ms: target openai/gpt-4o-mini: max_latency_ms 800 → none',
      ],
    ],
    [
      'a match',
      routes(chat),
      routes({ ...chat, match: { model: ['gpt-4o-mini', 'gpt-4.1-*'], stream: true } }),
      [
        'changed ai_routes.chat-mid-tier.match.model: match.model gpt-4o-mini → gpt-4.1-*, gpt-4o-mini',
        'added ai_routes.chat-mid-tier.match.stream: match.stream none → true',
      ],
    ],
    [
      'a boundary',
      routes(chat),
      routes({ ...chat, boundary: ['eu', 'tr'] }),
      ['changed ai_routes.chat-mid-tier.boundary: boundary any → eu, tr'],
    ],
    [
      'the last of three routes now first: one move',
      routes(named('a'), named('b'), named('c')),
      routes(named('c'), named('a'), named('b')),
      ['moved ai_routes.c: now tried before a: 3rd → 1st place'],
    ],
    [
      'routes added and removed',
      routes(named('a'), named('b')),
      routes(named('b'), { ...chat, name: 'new' }),
      [
        'added ai_routes.new: gpt-4o-mini → 60 % anthropic/claude-haiku-4-5, 40 % openai/gpt-4o-mini, then ollama/llama-3.1',
        'removed ai_routes.a: gpt-4o-mini → 60 % anthropic/claude-haiku-4-5, 40 % openai/gpt-4o-mini, then ollama/llama-3.1',
      ],
    ],
    [
      'a connection',
      { ...routes(chat), providers: { local: { type: 'vllm', base_url: 'http://a:8000/v1' } } },
      { ...routes(chat), providers: { local: { type: 'vllm', base_url: 'http://b:8000/v1', region: 'eu' } } },
      [
        'changed providers.local.base_url: base_url http://a:8000/v1 → http://b:8000/v1',
        'added providers.local.region: region none → eu',
      ],
    ],
    [
      'where a secret is found',
      { ...routes(chat), providers: { openai: { api_key: { env: 'A' } } } },
      { ...routes(chat), providers: { openai: { api_key: { file: '/run/key' } } } },
      ['changed providers.openai.api_key: api_key env A → file /run/key'],
    ],
    [
      'credentials',
      { ...routes(chat), credentials: [{ name: 'a', key_hash: `sha256:${'0'.repeat(64)}` }] },
      { ...routes(chat), credentials: [{ name: 'b', key_hash: `sha256:${'1'.repeat(64)}`, organization: 'retail' }] },
      ['added credentials.b: retail', 'removed credentials.a: '],
    ],
    [
      'a limit',
      {
        ...routes(chat),
        quotas: [{ name: 'q', scope: { credential: 'a' }, limits: [{ requests: 60, per: 'minute' }] }],
      },
      {
        ...routes(chat),
        quotas: [{ name: 'q', scope: { credential: 'a' }, limits: [{ requests: 90, per: 'minute' }] }],
      },
      ['changed quotas.q.limits: limits 60 requests per minute → 90 requests per minute'],
    ],
    [
      'what is known of a model',
      routes(chat),
      {
        ...routes(chat),
        models: { 'openai/x': { context_window: 8000, usd_per_million: { input: 0.15, output: 0.6 } } },
      },
      ['added models.openai/x: input $0.15, output $0.6 per million tokens, context 8000'],
    ],
    [
      'settings',
      routes(chat),
      { ...routes(chat), version: '2026.09', health: { open_ms: 5000 } },
      ['changed version: version 2026.04 → 2026.09', 'changed health.open_ms: health.open_ms 15000 → 5000'],
    ],
  ]
  test.each(cases)('%s', (_what, before, after, expected) => {
    expect(tell(before, after)).toEqual(expected)
  })

  test('the first manifest is added as a whole', () => {
    expect(tell(null, routes(chat))).toEqual([
      'added ai_routes.chat-mid-tier: gpt-4o-mini → 60 % anthropic/claude-haiku-4-5, 40 % openai/gpt-4o-mini, then ollama/llama-3.1',
    ])
  })
})

describe('no phantom changes', () => {
  const explicit: RoutesManifest = {
    version: '2026.04',
    ai_routes: [
      {
        ...chat,
        match: { model: ['gpt-4o-mini'] },
        strategy: 'weighted',
        boundary: 'any',
        on_loss: 'declare',
        fallback: ['ollama/llama-3.1'],
        failover: { deadline_ms: 600_000 },
        policies: [],
      },
    ],
  }
  test('defaults written out are no change', () => {
    expect(diffManifests(routes(chat), explicit)).toEqual([])
    expect(diffManifests(explicit, routes(chat))).toEqual([])
  })

  test('no weights and weights of 1 are the same', () => {
    const plain = (weight?: number): RoutesManifest =>
      routes({
        name: 'a',
        match: {},
        targets: ['x', 'y'].map((model) => ({
          provider: 'openai',
          model,
          ...(weight === undefined ? {} : { weight }),
        })),
      })
    expect(diffManifests(plain(), plain(1))).toEqual([])
  })
})

describe('nothing secret is repeated', () => {
  const withHeader = (value: string): RoutesManifest => ({
    ...routes(chat),
    providers: { local: { type: 'vllm', base_url: 'https://user:hunter2@vllm/v1', headers: { 'x-key': value } } },
  })
  test.each([
    ['first', null, withHeader('hunter3')],
    ['removed', withHeader('hunter3'), routes(chat)],
    ['changed', withHeader('hunter3'), withHeader('hunter4')],
  ])('a literal header and a password in an address: %s', (_what, before, after) => {
    const changes = diffManifests(before, after)
    expect(JSON.stringify(changes)).toContain('(hidden)')
    expect(JSON.stringify(changes)).not.toMatch(/hunter/)
  })
})

describe('for any two manifests', () => {
  const target = fc.record(
    {
      provider: fc.constantFrom('openai', 'local'),
      model: fc.constantFrom('a', 'b', 'c'),
      max_latency_ms: fc.constantFrom(800, 900),
      weight: fc.constantFrom(0, 1, 60),
    },
    { requiredKeys: ['provider', 'model'] },
  )
  const route = (name: string) =>
    fc.record(
      {
        name: fc.constant(name),
        match: fc.record(
          { model: fc.constantFrom('x', ['x'], ['y', 'x']), stream: fc.boolean() },
          { requiredKeys: [] },
        ),
        targets: fc.array(target, { minLength: 1, maxLength: 3 }),
        fallback: fc.constantFrom('local/a', ['local/a'], ['local/a', 'local/b'], ['local/b', 'local/a']),
        boundary: fc.constantFrom<'any' | 'self_hosted' | string[]>('any', 'self_hosted', ['eu'], ['tr', 'eu']),
        on_loss: fc.constantFrom('declare', 'refuse'),
        hedge_after_ms: fc.constantFrom(1, 2),
      },
      { requiredKeys: ['name', 'match', 'targets'] },
    )
  const manifest: fc.Arbitrary<RoutesManifest> = fc
    .shuffledSubarray(['a', 'b', 'c', 'd'], { minLength: 1 })
    .chain((names) => fc.record({ ai_routes: fc.tuple(...names.map(route)) }))

  test('there is no change exactly when both mean the same', () => {
    fc.assert(
      fc.property(manifest, manifest, (before, after) => {
        expect(diffManifests(before, before)).toEqual([])
        const same = JSON.stringify(meaning(before)) === JSON.stringify(meaning(after))
        expect(diffManifests(before, after).length === 0).toBe(same)
      }),
      { numRuns: 500 },
    )
  })
})

/** The normal form without what was written. */
function meaning(manifest: RoutesManifest): unknown {
  return normalise(manifest).routes.map(({ name, fields, targets, fallbacks }) => [
    name,
    sorted(fields),
    targets.map((target) => [target.key, sorted(target.fields)]),
    fallbacks,
  ])
}

function sorted(fields: Readonly<Record<string, unknown>>): unknown {
  return Object.entries(fields).toSorted(([left], [right]) => (left < right ? -1 : 1))
}

describe('paths', () => {
  test.each([
    [
      ['ai_routes', 'chat', 'targets', 'openai/gpt-4o-mini', 'weight'],
      'ai_routes.chat.targets.openai/gpt-4o-mini.weight',
    ],
    [['ai_routes', 'a.b', 'match'], 'ai_routes["a.b"].match'],
    [['ai_routes', 'say "x"]', 'y'], 'ai_routes["say \\"x\\"]"].y'],
  ])('%j', (names, path) => {
    expect(joinPath(...names)).toBe(path)
    expect(splitPath(path)).toEqual(names)
  })
})

describe('findMoved', () => {
  test.each([
    ['abc', 'abc', ''],
    ['abcdefghij', 'jabcdefghi', 'j'],
    ['abc', 'cba', 'cb'],
    ['abc', 'xbya', 'b'],
    ['', 'abc', ''],
  ])('%s → %s moves %s', (before, after, moved) => {
    expect([...findMoved(before.split(''), after.split('')).keys()].join('')).toBe(moved)
  })
})
