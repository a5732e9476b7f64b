/**
 * How long lint's rules take over a manifest of so many routes, without reading it: `node lint-rules.ts SHAPE ROUTES`
 * prints milliseconds. A process of its own, so that every measurement begins cold.
 */
import type { ManifestCredential, ManifestRoute, RoutesManifest } from '../../schemas/index.ts'
import { compileManifest } from '../../gateway/core/manifest/compile.ts'
import { rules } from '../../cli/lint/registry.ts'
import { ruleIds } from '../../cli/lint/rule-ids.ts'
import { makeSubject } from '../../cli/lint/rule.ts'

/** Ways in which manifests grow: by models, by patterns that share beginnings or ends, by callers, by headers. */
const matches: Readonly<Record<string, (index: number) => ManifestRoute['match']>> = {
  models: (index) => ({ model: `model-${index}` }),
  globs: (index) => ({ model: [`team-${index}-*`, `*-of-${index}`] }),
  callers: (index) => ({ model: '*', credential: `caller-${index}` }),
  headers: (index) => ({ model: ['gpt-*', 'claude-*'], headers: { 'x-region': 'eu', 'x-tenant': `tenant-${index}` } }),
}

export const shapes = Object.keys(matches)

function makeManifest(shape: string, routes: number): RoutesManifest {
  const matchOf = matches[shape]
  if (matchOf === undefined) throw new Error(`no shape ${shape}: there are ${shapes.join(', ')}`)
  const indices = Array.from({ length: routes }, (_, index) => index)
  const credentials = indices.map((index): ManifestCredential => ({
    name: `caller-${index}`,
    key_hash: `sha256:${index.toString(16).padStart(64, '0')}`,
  }))
  return {
    credentials: shape === 'callers' ? credentials : [],
    ai_routes: indices.map((index) => ({
      name: `route-${index}`,
      match: matchOf(index),
      targets: [{ provider: 'openai', model: 'gpt-5.5' }],
      fallback: ['anthropic/claude-haiku-5-5', 'ollama/llama3.1'],
    })),
  }
}

if (import.meta.main) {
  const [shape = '', routes = ''] = process.argv.slice(2)
  const manifest = makeManifest(shape, Number(routes))
  const table = compileManifest(manifest)
  const startedAt = performance.now()
  const subject = makeSubject({ manifest, table, nowMs: Date.parse('2026-11-23'), capture: null })
  for (const id of ruleIds) {
    const rule = rules[id]
    if ('find' in rule) rule.find(subject, () => {})
  }
  process.stdout.write(`${performance.now() - startedAt}\n`)
}
