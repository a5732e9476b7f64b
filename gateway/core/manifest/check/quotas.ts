import type { ManifestQuota, RoutesManifest } from '../../../../schemas/index.ts'
import { type DocumentPath, type Report } from '../diagnostics.ts'
import { findConnection, splitTarget, unknownProvider } from '../references.ts'
import { checkReference, checkUnique } from './names.ts'

export function checkQuotas(manifest: RoutesManifest, report: Report): void {
  const quotas = manifest.quotas ?? []
  const names = quotas.map(({ name }, index) => ({ text: name, path: ['quotas', index, 'name'] }))
  checkUnique(names, 'quota', report)
  const known = knownScopes(manifest)
  quotas.forEach((quota, index) => {
    const path = ['quotas', index]
    checkScope(quota, known, { path, report })
    checkLimits(quota, path, report)
    checkCheaperModel(quota, manifest, { path, report })
  })
}

interface Place {
  readonly path: DocumentPath
  readonly report: Report
}

type KnownScopes = Readonly<Record<'credential' | 'organization' | 'project' | 'route', ReadonlySet<string>>>

function knownScopes({ credentials = [], ai_routes: routes }: RoutesManifest): KnownScopes {
  const defined = (names: readonly (string | undefined)[]): ReadonlySet<string> =>
    new Set(names.filter((name) => name !== undefined))
  return {
    credential: defined(credentials.map(({ name }) => name)),
    organization: defined(credentials.map(({ organization }) => organization)),
    project: defined(credentials.map(({ project }) => project)),
    route: defined(routes.map(({ name }) => name)),
  }
}

function checkScope({ scope }: ManifestQuota, known: KnownScopes, { path, report }: Place): void {
  if (scope === 'everyone') return
  for (const kind of ['credential', 'organization', 'project', 'route'] as const) {
    const text = scope[kind]
    if (text === undefined) continue
    const problem = checkReference({ text, path: [...path, 'scope', kind] }, known[kind], kind)
    if (problem !== null) report(problem)
  }
}

function checkLimits({ limits }: ManifestQuota, path: DocumentPath, report: Report): void {
  const seen = new Set<string>()
  limits.forEach(({ per, ...amount }, index) => {
    const limit = `${Object.keys(amount).join()} per ${per}`
    const message = `this quota limits ${limit} already`
    const help = 'keep one of the two'
    if (seen.has(limit)) report({ code: 'duplicate-limit', path: [...path, 'limits', index], message, help })
    seen.add(limit)
  })
}

function checkCheaperModel(quota: ManifestQuota, manifest: RoutesManifest, { path, report }: Place): void {
  const model = quota.cheaper_model
  if (model === undefined) {
    if (quota.on_exceeded !== 'cheaper_model') return
    const message = '`on_exceeded: cheaper_model` needs to know which: `cheaper_model: provider/model`'
    report({ code: 'missing-key', path: [...path, 'cheaper_model'], message })
    return
  }
  const place = [...path, 'cheaper_model']
  if (quota.on_exceeded !== 'cheaper_model') {
    const message = '`cheaper_model` would be ignored without `on_exceeded: cheaper_model`'
    const help = 'leave it out, or add `on_exceeded: cheaper_model`'
    report({ code: 'ignored-setting', path: place, message, help, spot: { part: 'key' } })
    return
  }
  const name = splitTarget(model)
  if (name === null) {
    report({
      code: 'invalid-value',
      path: place,
      message: '`cheaper_model` must be `provider/model`',
      help: 'such as `ollama/llama-3.1`',
    })
  } else if (findConnection(manifest, name.provider) === null) {
    report(unknownProvider(manifest, name.provider, place))
  }
}
