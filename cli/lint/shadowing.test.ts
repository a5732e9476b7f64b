import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ManifestRoute, RouteMatch, RoutesManifest } from '../../schemas/index.ts'
import type { RequestFacts } from '../../gateway/core/engine/events.ts'
import { compileManifest } from '../../gateway/core/manifest/compile.ts'
import { readManifestValue } from '../../gateway/core/manifest/read.ts'
import { matchRoute } from '../../gateway/core/routing/match.ts'
import { matchesGlob } from '../../gateway/core/routing/route-index.ts'
import { findShadows } from './shadowing.ts'
import { request } from './testing/lint.ts'

const credentials = [
  { name: 'mobile', key_hash: `sha256:${'1'.repeat(64)}`, organization: 'retail' },
  { name: 'web', key_hash: `sha256:${'2'.repeat(64)}`, organization: 'retail' },
  { name: 'batch', key_hash: `sha256:${'3'.repeat(64)}`, organization: 'bank' },
]
const targets = [{ provider: 'openai', model: 'm' }]

function manifestOf(matches: readonly RouteMatch[]): RoutesManifest {
  const routes = matches.map((match, index): ManifestRoute => ({ name: `r${index}`, match, targets }))
  const { manifest, diagnostics } = readManifestValue({ credentials, ai_routes: routes })
  if (manifest === null) throw new Error(JSON.stringify(diagnostics))
  return manifest
}

/** Every name of up to five signs, one of them in no pattern. Longer ones show no difference between such patterns. */
const names: string[] = ['a', 'b', 'c']
for (const name of names) if (name.length < 5) names.push(...['a', 'b', 'c'].map((sign) => name + sign))

function* everyRequest(): Generator<RequestFacts> {
  for (const { name: credential, organization } of credentials) {
    for (const stream of [true, false]) {
      for (const has of [[], ['tools']] as const) {
        for (const tier of [undefined, 'x', 'y', 'z']) {
          const { facts } = request({ model: '', stream, has, credential })
          yield { ...facts, organization, headers: tier === undefined ? {} : { tier } }
        }
      }
    }
  }
}
const requests = [...everyRequest()]

const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), minLength: 1, maxLength: 3 })
const match = fc
  .record(
    {
      model: fc.oneof(pattern, fc.array(pattern, { minLength: 1, maxLength: 2 })),
      credential: fc.constantFrom('mobile', ['mobile', 'web']),
      organization: fc.constantFrom('retail', 'bank', ['retail', 'bank']),
      stream: fc.boolean(),
      has: fc.constant<RouteMatch['has']>(['tools']),
      headers: fc.constantFrom<{ [name: string]: string | string[] }>({ tier: 'x' }, { tier: ['x', 'y'] }),
    },
    { requiredKeys: ['model'] },
  )
  .map((value) => value as RouteMatch)

describe('findShadows', () => {
  it('calls a route dead exactly when no request comes to it', () => {
    fc.assert(
      fc.property(fc.array(match, { minLength: 2, maxLength: 4 }), (matches) => {
        const manifest = manifestOf(matches)
        const table = compileManifest(manifest)
        const reached = new Set<number>()
        const meant = new Set<number>()
        for (const model of names) {
          for (const facts of requests) {
            const route = matchRoute(table, { ...facts, model }, null)
            if (route !== null) reached.add(route.index)
          }
        }
        // A route whose own conditions exclude each other is another rule's.
        for (const facts of requests) {
          table.routes.forEach((route, index) => {
            const alone = { ...table, findRoutes: () => [route] }
            if (matchRoute(alone, facts, null) !== null) meant.add(index)
          })
        }
        const dead = findShadows(manifest, table).flatMap(({ route, dead: isDead }) => (isDead ? [route] : []))
        expect(dead).toEqual([...meant].filter((route) => !reached.has(route)).sort((one, other) => one - other))
      }),
      { numRuns: 400 },
    )
  })

  it('gives examples that its pattern means and that go to the route it names', () => {
    fc.assert(
      fc.property(fc.array(match, { minLength: 2, maxLength: 4 }), (matches) => {
        const manifest = manifestOf(matches)
        const table = compileManifest(manifest)
        for (const { route, shadows } of findShadows(manifest, table)) {
          for (const { pattern: own, example, by, kind } of shadows) {
            expect(matchesGlob(example, own)).toBe(true)
            // A request that the route would take, with that name, is taken before; by the named one where it is alone.
            const alone = { ...table, findRoutes: () => [table.routes[route]!] }
            const takers = requests
              .map((facts) => ({ ...facts, model: example }))
              .filter((facts) => matchRoute(alone, facts, null) !== null)
              .map((facts) => matchRoute(table, facts, null)!.index)
            expect(takers.length).toBeGreaterThan(0)
            for (const taker of takers) expect(taker).toBeLessThan(route)
            if (kind === 'crossed') expect(takers).toContain(by[0])
          }
        }
      }),
      { numRuns: 400 },
    )
  })

  it('leaves alone what is no shadow: exceptions before the rule, routes side by side', () => {
    const manifest = manifestOf([
      { model: 'gpt-5.5' },
      { model: 'gpt-*', stream: true },
      { model: 'gpt-*' },
      { model: 'claude-*' },
      { model: '*' },
    ])
    expect(findShadows(manifest, compileManifest(manifest))).toEqual([])
  })

  it('prefers an example that the author wrote down', () => {
    const manifest = manifestOf([{ model: 'a*' }, { model: '*m' }])
    manifest.ai_routes[1]!.targets[0]!.model = 'a-real-name-m'
    const [shadow] = findShadows(manifest, compileManifest(manifest))
    expect(shadow?.shadows[0]).toMatchObject({ kind: 'crossed', taker: 'a*', example: 'a-real-name-m' })
  })
})
