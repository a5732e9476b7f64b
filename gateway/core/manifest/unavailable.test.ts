import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ManifestRoute, ProviderId, RoutesManifest } from '../../../schemas/index.ts'
import { dialects } from '../dialects/index.ts'
import { providers } from '../providers/index.ts'
import { readManifest, readManifestValue } from './read.ts'
import { findUnavailable } from './unavailable.ts'

const route = { name: 'chat', match: { model: 'a' }, targets: [{ provider: 'openai', model: 'a' }] }

/** Paths of what cannot be served, of a manifest that is valid. */
function unavailable(manifest: RoutesManifest): string[] {
  expect(readManifestValue(manifest).diagnostics).toEqual([])
  return findUnavailable(manifest).map(({ path }) => path)
}

function withRoute(rest: Partial<ManifestRoute>, top: Partial<RoutesManifest> = {}): RoutesManifest {
  return { ...top, ai_routes: [{ ...route, ...rest }] }
}

describe('findUnavailable', () => {
  it('has nothing against what this version serves', () => {
    const keyHash = `sha256:${'0'.repeat(64)}`
    const manifest = withRoute(
      { on_loss: 'refuse', audit: { content: 'none' }, boundary: ['eu'], targets: [{ provider: 'mine', model: 'a' }] },
      {
        version: '2026.09',
        credentials: [{ name: 'a', key_hash: keyHash }],
        providers: {
          mine: {
            type: 'openai',
            region: 'eu',
            http2: true,
            proxy: 'http://p:1',
            tls: { server_name: 'x' },
            requests_per_minute: 5,
            headers: { x: 'y' },
          },
        },
        // Defined, but used by no route.
        policies: { unused: [{ safety: { harassment: 'off' } }] },
      },
    )
    expect(unavailable(manifest)).toEqual([])
  })

  const policies = { p: [{ safety: { harassment: 'off' as const } }] }
  const limits = [{ requests: 1, per: 'day' as const }]
  it.each<[string, RoutesManifest, string]>([
    ['quotas', withRoute({}, { quotas: [{ name: 'q', scope: 'everyone', limits }] }), 'quotas'],
    ['cors', withRoute({}, { cors: { origins: ['*'] } }), 'cors'],
    ['policies in use', withRoute({ policies: ['p'] }, { policies }), 'ai_routes[0].policies'],
    ['hedging', withRoute({ hedge_after_ms: 5 }), 'ai_routes[0].hedge_after_ms'],
    [
      'semantic matching',
      withRoute({ match: { semantic: { examples: ['x'] } } }, { version: '2026.09' }),
      'ai_routes[0].match.semantic',
    ],
  ])('names %s', (_title, manifest, path) => {
    expect(unavailable(manifest)).toContain(path)
  })

  it('names every target whose language is missing, and no other', () => {
    for (const [name, provider] of Object.entries(providers) as [ProviderId, (typeof providers)[ProviderId]][]) {
      if (provider.dialect === null || provider.baseUrl === null) continue
      const expected =
        dialects[provider.dialect] === undefined ? ['ai_routes[0].fallback', 'ai_routes[0].targets[0].provider'] : []
      const manifest = withRoute({ targets: [{ provider: name, model: 'a' }], fallback: `${name}/b` })
      expect(unavailable(manifest), name).toEqual(expected)
    }
  })

  it('warns with the place in the text', () => {
    const path = join(import.meta.dirname, '../../../test/fixtures/manifests/valid/everything.yaml')
    const variables = { AZURE_URL: 'https://eu.openai.azure.example' }
    const { manifest, locate } = readManifest(readFileSync(path, 'utf8'), { file: path, variables })
    const warnings = findUnavailable(manifest!, { file: 'routes.yaml', locate })
    expect(
      warnings.every(({ severity, file, code }) => severity === 'warning' && file !== null && code === 'unavailable'),
    ).toBe(true)
    expect(warnings.map(({ line, path: where }) => `${line} ${where}`)).toEqual(
      expect.arrayContaining(['15 cors', '55 quotas', '95 ai_routes[0].hedge_after_ms']),
    )
    expect(warnings.find(({ path: where }) => where === 'cors')?.message).toMatch(/cannot be served by this version/)
  })
})
