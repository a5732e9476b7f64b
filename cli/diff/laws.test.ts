/** What holds for any two manifests the grammar allows, however they are written. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { parseText } from '../../gateway/core/manifest/parse.ts'
import { authChoices } from '../../gateway/core/manifest/authentication.ts'
import { isProviderId } from '../../gateway/core/manifest/references.ts'
import { providers } from '../../gateway/core/providers/index.ts'
import type { ManifestConnection, RoutesManifest } from '../../schemas/index.ts'
import { type Schema, arbitraryOf, readSchema } from '../../schemas/testing/arbitrary.ts'
import { validateRoutes } from '../../schemas/validate-routes.ts'
import { compareManifests, diffManifests } from './diff.ts'
import { normalise } from './normalise.ts'
import { applyChanges } from './testing/apply.ts'

const schema = readSchema('routes')

/** Names from a small pool, so that two manifests have things in common, and unique where they must be. */
const manifest: fc.Arbitrary<RoutesManifest> = fc
  .tuple(arbitraryOf(schema), fc.infiniteStream(fc.nat(3)))
  .map(([value, numbers]) => withLikelyNames(JSON.parse(JSON.stringify(value)) as RoutesManifest, numbers))

function withLikelyNames(value: RoutesManifest, numbers: Iterator<number>): RoutesManifest {
  const pick = <Item>(pool: readonly Item[]): Item => pool[Number(numbers.next().value) % pool.length]!
  const unique = <Item extends { readonly name: string }>(items: readonly Item[]): Item[] => [
    ...new Map(items.map((item) => [item.name, item])).values(),
  ]
  const name = (): string => pick(['a', 'b.c', 'chat/eu', 'say "x"]'])
  const target = (): string => `${pick(['openai', 'local'])}/${pick(['m', 'a/b:c', 'x.y'])}`
  const { providers: connections = {}, credentials = [], quotas = [], models = {}, ai_routes: routes } = value
  const entries = Object.values(connections).map((entry) => [pick(['openai', 'local', 'ollama']), entry] as const)
  return {
    ...value,
    providers: Object.fromEntries(entries),
    credentials: unique(credentials.map((each) => ({ ...each, name: name() }))),
    quotas: unique(quotas.map((each) => ({ ...each, name: name() }))),
    models: Object.fromEntries(Object.values(models).map((facts) => [target(), facts])),
    ai_routes: unique(
      routes.map((route) => ({
        ...route,
        name: name(),
        targets: route.targets.map((each) => ({
          ...each,
          provider: pick(['openai', 'local']),
          model: pick(['m', 'n']),
        })),
        ...(route.fallback === undefined ? {} : { fallback: [...new Set([target(), target(), target()])] }),
      })),
    ),
  }
}

const runs = { numRuns: 150 }

function check(law: (first: RoutesManifest, second: RoutesManifest) => void): void {
  const property = fc.property(manifest, manifest, (first, second) => {
    law(first, second)
  })
  fc.assert(property, runs)
}

describe('for any two manifests', () => {
  test('they are manifests', () => {
    const wrong = (value: RoutesManifest): unknown => {
      const result = validateRoutes(value)
      // A name with a quote in it is no name; here it tries the paths.
      return result.valid ? [] : result.problems.filter(({ keyword }) => keyword !== 'pattern')
    }
    check((value) => expect(wrong(value)).toEqual([]))
  })

  test('a manifest does not differ from itself', () => {
    check((a) => expect(compareManifests(a, structuredClone(a))).toEqual([]))
  })

  test('the changes lead from the first to the second', () => {
    let changed = 0
    fc.assert(
      fc.property(manifest, manifest, (a, b) => {
        const changes = compareManifests(a, b)
        changed += changes.length
        expect(meaning(applyChanges(changes, a))).toEqual(meaning(b))
      }),
      runs,
    )
    expect(changed).toBeGreaterThan(runs.numRuns)
  })

  test('the changes lead from nothing to a manifest, and from it to a part of itself', () => {
    fc.assert(
      fc.property(manifest, (a) => {
        const nothing: RoutesManifest = { ai_routes: [] }
        expect(meaning(applyChanges(compareManifests(nothing, a), nothing))).toEqual(meaning(a))
        expect(meaning(applyChanges(compareManifests(a, nothing), a))).toEqual(meaning(nothing))
      }),
      runs,
    )
  })

  test('what changes one way changes the other way: as many things, at the same places', () => {
    const places = (a: RoutesManifest, b: RoutesManifest): string[] =>
      compareManifests(a, b)
        .filter(({ kind }) => kind !== 'moved')
        .map(({ path }) => path)
        .toSorted()
    check((a, b) => expect(places(a, b)).toEqual(places(b, a)))
  })

  test('every change names its place in a way that can be read back, and says something', () => {
    fc.assert(
      fc.property(manifest, manifest, (a, b) => {
        for (const { kind, message, path } of diffManifests(a, b)) {
          expect(path).not.toBe('')
          expect(message).not.toMatch(/undefined|\[object|NaN/)
          if (kind === 'changed' || kind === 'moved') expect(message).not.toBe('')
        }
      }),
      runs,
    )
  })
})

describe('nothing differs when only', () => {
  const expectSame = (write: (value: RoutesManifest) => fc.Arbitrary<unknown>): void => {
    const pair = manifest.chain((value) => write(value).map((other) => [value, other] as const))
    fc.assert(
      fc.property(pair, ([value, other]) => {
        expect(compareManifests(value, other as RoutesManifest)).toEqual([])
        expect(compareManifests(other as RoutesManifest, value)).toEqual([])
      }),
      runs,
    )
  }

  test('the order of keys does', () => {
    expectSame((value) => fc.infiniteStream(fc.nat()).map((numbers) => shuffled(value, numbers)))
  })

  test('the order of lists without one does', () => {
    expectSame((value) => {
      const turned = (list: readonly unknown[] | undefined): unknown => list?.toReversed()
      return fc.constant({
        ...value,
        credentials: turned(value.credentials),
        quotas: value.quotas?.map((quota) => ({ ...quota, limits: quota.limits.toReversed() })).toReversed(),
        ...(value.cors === undefined ? {} : { cors: { origins: value.cors.origins.toReversed() } }),
        ai_routes: value.ai_routes.map((route) => ({
          ...route,
          match: { ...route.match, ...(route.match.has === undefined ? {} : { has: route.match.has.toReversed() }) },
        })),
      })
    })
  })

  test('comments, anchors and style do', () => {
    const styles = fc.record({
      collectionStyle: fc.constantFrom('any', 'block', 'flow'),
      indent: fc.constantFrom(2, 4),
    })
    expectSame((value) =>
      fc.tuple(styles, fc.boolean()).map(([style, withComments]) => {
        const text = stringify(withShared(value), { ...style, aliasDuplicateObjects: true, lineWidth: 0 })
        const commented = withComments ? text.replaceAll(/^(?=\S)/gm, '# a comment\n') : text
        const parsed = parseText(style.collectionStyle === 'flow' ? text : commented)
        expect(parsed.problems).toEqual([])
        return parsed.value
      }),
    )
  })

  test('defaults of the schema are filled in', () => {
    let filled = 0
    const fill = (value: RoutesManifest): unknown => {
      const full = fillDefaults(value, schema)
      if (JSON.stringify(full) !== JSON.stringify(value)) filled += 1
      return full
    }
    expectSame((value) => fc.constant(fill(value)))
    expect(filled).toBeGreaterThan(runs.numRuns / 2)
  })

  test('defaults of the providers are filled in, or a built-in provider is declared as it is', () => {
    expectSame((value) => fc.constant({ ...value, providers: withProviderDefaults(value) }))
  })
})

/** What a manifest means, in a form that can be compared. */
function meaning(value: RoutesManifest): unknown {
  const { routes, connections, credentials, quotas, policies, models, settings } = normalise(value)
  return {
    routes: routes.map(({ name, fields, targets, fallbacks }) => ({
      name,
      fields,
      targets: targets.map((target) => [target.key, target.fields]),
      fallbacks,
    })),
    sections: [connections, credentials, quotas, policies, models].map((entries) => Object.fromEntries(entries)),
    settings,
  }
}

function shuffled(value: unknown, numbers: Iterator<number>): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, numbers))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, child]) => [Number(numbers.next().value), key, child] as const)
  return Object.fromEntries(
    entries.toSorted(([left], [right]) => left - right).map(([, key, child]) => [key, shuffled(child, numbers)]),
  )
}

/** Equal parts become one and the same, which YAML writes as an anchor and its aliases. */
function withShared(value: unknown, seen = new Map<string, unknown>()): unknown {
  if (typeof value !== 'object' || value === null) return value
  const copy = Array.isArray(value)
    ? value.map((item) => withShared(item, seen))
    : Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withShared(child, seen)]))
  const text = JSON.stringify(copy)
  if (!seen.has(text)) seen.set(text, copy)
  return seen.get(text)
}

interface WithDefaults extends Schema {
  readonly default?: unknown
}

/** A connection's `health` and a route's `audit` fall back on those at the top, and have no default of their own. */
const inherited = new Set(['ManifestConnection.health', 'ManifestRoute.audit'])

function fillDefaults(value: unknown, at: WithDefaults, owner = 'top'): unknown {
  if (at.$ref !== undefined) {
    const name = at.$ref.replace('#/$defs/', '')
    return fillDefaults(value, schema.$defs?.[name] ?? {}, name)
  }
  const branch = at.anyOf?.find((each) => each.$ref !== undefined)
  if (Array.isArray(value)) return value.map((item) => fillDefaults(item, at.items ?? {}, owner))
  if (typeof value !== 'object' || value === null) return value
  if (branch !== undefined) return fillDefaults(value, branch, owner)
  const filled: Record<string, unknown> = { ...value }
  for (const [key, property] of Object.entries<WithDefaults>(at.properties ?? {})) {
    if (inherited.has(`${owner}.${key}`)) continue
    if (filled[key] !== undefined) filled[key] = fillDefaults(filled[key], property, owner)
    else if (property.default !== undefined) filled[key] = property.default
  }
  if (typeof at.additionalProperties === 'object') {
    for (const [key, child] of Object.entries(filled)) filled[key] = fillDefaults(child, at.additionalProperties, owner)
  }
  return filled
}

function withProviderDefaults(value: RoutesManifest): Record<string, ManifestConnection> {
  const declared = Object.entries(value.providers ?? {}).map(([name, entry]): [string, ManifestConnection] => {
    const type = entry.type ?? name
    if (!isProviderId(type)) return [name, entry]
    const { baseUrl, deployment, keyVariable, keyRequired } = providers[type]
    const [auth] = authChoices(providers[type])
    const defaults = {
      type,
      deployment,
      ...(baseUrl === null ? {} : { base_url: baseUrl }),
      ...(keyVariable === null || !keyRequired ? {} : { api_key: { env: keyVariable } }),
      ...(auth === undefined ? {} : { auth }),
    }
    return [name, { ...defaults, ...entry }]
  })
  return { groq: {}, mistral: { type: 'mistral', deployment: 'cloud' }, ...Object.fromEntries(declared) }
}
