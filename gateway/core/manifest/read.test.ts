import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ManifestConnection, ManifestRoute, RoutesManifest, TargetParameters } from '../../../schemas/index.ts'
import { arbitraryOf, readSchema } from '../../../schemas/testing/arbitrary.ts'
import { compileManifest } from './compile.ts'
import type { Diagnostic } from './diagnostics.ts'
import { valueAt } from './grammar.ts'
import { readManifest, readManifestValue } from './read.ts'
import { findUnavailable } from './unavailable.ts'

const folder = join(import.meta.dirname, '../../../test/fixtures/manifests')
const variables = {
  AZURE_URL: 'https://eu.openai.azure.example',
  AZURE_HOST: 'eu.openai.azure.example',
  WEIGHT: '60',
  STRATEGY: 'fastest',
  LEAKED: 'sk-do-not-show-0123456789abcdef',
}

/** `UPDATE_CASES=1` rewrites the expectations; read the diff before believing it. */
const isUpdating = process.env['UPDATE_CASES'] === '1'

describe('manifests that must be refused', () => {
  const names = readdirSync(join(folder, 'invalid')).filter((name) => name.endsWith('.case'))
  it.each(names)('%s', (name) => {
    const path = join(folder, 'invalid', name)
    const [text = '', expected = ''] = readFileSync(path, 'utf8').split('\n=====\n')
    const { manifest, diagnostics } = readManifest(`${text}\n`, { file: 'routes.yaml', variables })
    const actual = diagnostics.map(render).join('')
    if (isUpdating) writeFileSync(path, `${text}\n=====\n${actual}`)
    else expect(actual).toBe(expected)
    expect(manifest).toBeNull()
    expect(diagnostics.some(({ severity }) => severity === 'error')).toBe(true)
    expect(actual).not.toMatch(/do-not-show/)
    expect(diagnostics.every(({ file }) => file === 'routes.yaml')).toBe(true)
  })
})

function render({ line, column, severity, code, path, message, help }: Diagnostic): string {
  const first = `${line}:${column} ${severity} ${code} at ${path === '' ? 'the document' : path}\n  ${message}\n`
  return help === null ? first : `${first}  help: ${help}\n`
}

describe('manifests that must be taken', () => {
  it.each(readdirSync(join(folder, 'valid')))('%s', (name) => {
    const text = readFileSync(join(folder, 'valid', name), 'utf8')
    const { manifest, diagnostics } = readManifest(text, { file: name, variables })
    expect(diagnostics.map(render).join('')).toBe('')
    expect(manifest).not.toBeNull()
    expect(readManifestValue(manifest).diagnostics).toEqual([])
  })
})

describe('reading', () => {
  const minimal = 'ai_routes: [{name: a, match: {model: a}, targets: [{provider: openai, model: "${MODEL}"}]}]'

  it('keeps what was written beside what it means here', () => {
    const { source, manifest } = readManifest(minimal, { file: null, variables: { MODEL: 'gpt-4o' } })
    expect(source).toEqual({
      ai_routes: [{ name: 'a', match: { model: 'a' }, targets: [{ provider: 'openai', model: '${MODEL}' }] }],
    })
    expect(manifest?.ai_routes[0]?.targets[0]?.model).toBe('gpt-4o')
  })

  it('adds no default, so that the hash of a release does not depend on the tool', () => {
    const { manifest } = readManifest(minimal, { file: null, variables: { MODEL: 'm' } })
    expect(Object.keys(manifest?.ai_routes[0] ?? {})).toEqual(['name', 'match', 'targets'])
  })

  it('leaves `${…}` alone in a value that was resolved before', () => {
    const value = {
      ai_routes: [{ name: 'a', match: { model: 'a' }, targets: [{ provider: 'openai', model: '${X}' }] }],
    }
    expect(readManifestValue(value).diagnostics).toEqual([])
  })

  it('tells the problems of a value without places, from line 1', () => {
    const { manifest, diagnostics } = readManifestValue({ ai_routes: [{}] }, 'release 7')
    expect(manifest).toBeNull()
    expect(diagnostics.map(({ line, column, path, file }) => [line, column, path, file])).toEqual([
      [1, 1, 'ai_routes[0].match', 'release 7'],
      [1, 1, 'ai_routes[0].name', 'release 7'],
      [1, 1, 'ai_routes[0].targets', 'release 7'],
    ])
  })

  it('finds any path in the text for others', () => {
    const { locate } = readManifest('ai_routes:\n  - name: chat\n', { file: null, variables: {} })
    expect(locate(['ai_routes', 0, 'name'])).toEqual({ line: 2, column: 11, endLine: 2, endColumn: 15 })
    expect(locate(['ai_routes', 0, 'name'], { part: 'key' })).toMatchObject({ line: 2, column: 5, endColumn: 9 })
    expect(locate(['ai_routes', 0, 'targets', 4, 'model'])).toMatchObject({ line: 2, column: 5 })
  })
})

describe('one mistake hides no other', () => {
  const text = readFileSync(join(folder, 'valid', 'everything.yaml'), 'utf8')
  const { source } = readManifest(text, { file: null, variables })
  const last = (source as RoutesManifest).ai_routes.length - 1
  /** What is planted: a fallback that names nothing. */
  const planted = `ai_routes[${last}].fallback`
  const codesWith = (change: (manifest: Record<string, unknown>) => void): string[] => {
    const manifest = structuredClone(source) as Record<string, unknown> & RoutesManifest
    Object.assign(manifest.ai_routes[last]!, { fallback: 'nowhere/x' })
    change(manifest)
    return readManifest(JSON.stringify(manifest), { file: null, variables }).diagnostics.map(
      ({ code, path }) => `${code} ${path}`,
    )
  }

  it('is planted', () => {
    expect(codesWith(() => {})).toEqual([`unknown-provider ${planted}`])
  })

  const paths = [...eachKey(source)].filter((path) => !path.includes('fallback') || path[1] !== last)

  it.each([
    ['misspelt', (key: string) => `${key}${key.at(-1) ?? ''}`],
    ['something else', (key: string) => `zzz_${key}`],
  ])('a key that is %s', (_what, rename) => {
    const silent = paths.filter((path) => {
      const told = codesWith((manifest) => {
        const parent = valueAt(manifest, path.slice(0, -1)) as Record<string, unknown>
        const key = String(path.at(-1))
        parent[rename(key)] = parent[key]
        Reflect.deleteProperty(parent, key)
      })
      return !told.some((problem) => problem.startsWith('unknown-provider') && problem.endsWith('.fallback'))
    })
    expect(paths.length).toBeGreaterThan(100)
    expect(silent).toEqual([])
  })

  it('a value of another kind', () => {
    const silent = paths.filter((path) => {
      const told = codesWith((manifest) => {
        const parent = valueAt(manifest, path.slice(0, -1)) as Record<string, unknown>
        parent[String(path.at(-1))] = [[7]]
      })
      return !told.includes(`unknown-provider ${planted}`)
    })
    // Of all routes, nothing is left to be told.
    expect(silent.filter((path) => path.join() !== 'ai_routes')).toEqual([])
  })

  function* eachKey(value: unknown, path: readonly (string | number)[] = []): Generator<readonly (string | number)[]> {
    if (typeof value !== 'object' || value === null) return
    for (const [key, child] of Object.entries(value)) {
      const here = [...path, Array.isArray(value) ? Number(key) : key]
      if (!Array.isArray(value)) yield here
      yield* eachKey(child, here)
    }
  }
})

describe('whatever the manifest', () => {
  const routes = readSchema('routes')

  it('is told, or it compiles: what is taken never fails afterwards', () => {
    let taken = 0
    fc.assert(
      fc.property(arbitraryOf(routes, 'ManifestRoute'), arbitraryOf(routes, 'ManifestConnection'), (route, entry) => {
        const text = JSON.stringify(likely(route as ManifestRoute, entry as ManifestConnection))
        const { manifest, diagnostics } = readManifest(text, { file: 'random', variables })
        for (const { message } of diagnostics) expect(message).not.toMatch(/undefined|\[object|NaN/)
        expect(manifest === null).toBe(diagnostics.length > 0)
        if (manifest === null) return
        taken += 1
        expect(findUnavailable(manifest)).toBeInstanceOf(Array)
        expect(compileManifest(manifest).routes).toHaveLength(1)
      }),
      { numRuns: 500 },
    )
    expect(taken).toBeGreaterThan(20)
  })

  /** Names that mean something, so that random routes get past the references now and then. */
  function likely(route: ManifestRoute, entry: ManifestConnection): RoutesManifest {
    const { credential: _credential, organization: _organization, ...match } = route.match
    const { policies: _policies, sticky_by: _stickyBy, ...rest } = route
    const {
      deployment_name: _names,
      project: _project,
      auth: _auth,
      api_version: _version,
      health: _health,
      proxy: _proxy,
      tls: _tls,
      http2: _http2,
      ...connection
    } = entry
    return {
      version: '2026.09',
      providers: { mine: { ...connection, type: 'openai-compatible', base_url: 'http://h/v1' } },
      ai_routes: [
        {
          ...rest,
          match: { ...match, model: 'a' },
          ...(route.strategy === 'sticky' ? { sticky_by: 'user' } : {}),
          ...(route.fallback === undefined ? {} : { fallback: ['openai/a', 'ollama/b'] }),
          failover: { on: ['latency', 'timeout'] },
          targets: route.targets.map(({ weight: _weight, parameters, ...target }) => ({
            ...target,
            ...(parameters !== undefined && { parameters: { ...ofOpenAi(parameters), seed: 7 } }),
            provider: 'mine',
            model: 'm',
          })),
        },
      ],
    }
  }

  function ofOpenAi(parameters: TargetParameters): TargetParameters {
    const { options: _options, think: _think, keep_alive: _keepAlive, truncate: _truncate, ...rest } = parameters
    return rest
  }

  it('never throws on what is no manifest at all', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.json(),
          fc.json().map((json) => `ai_routes: ${json}`),
        ),
        (text) => {
          const { manifest, diagnostics } = readManifest(text, { file: null, variables })
          expect(manifest === null || diagnostics.length === 0).toBe(true)
        },
      ),
      { numRuns: 400 },
    )
  })
})
