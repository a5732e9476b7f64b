import type { ManifestRoute, ManifestTarget } from '../../../../schemas/index.ts'
import { isRequestField } from '../../chat/request-fields.ts'
import { dialects, lossTableOf } from '../../dialects/index.ts'
import type { LossTable } from '../../dialects/losses.ts'
import { lossOf } from '../../dialects/losses.ts'
import { isEmbeddingsParameter } from '../../embeddings/fields.ts'
import { embeddingsLossTableOf } from '../../embeddings/index.ts'
import { embeddingsWireOf } from '../../embeddings/wire.ts'
import { type Provider, chatWireOf } from '../../providers/provider.ts'
import { type DocumentPath, type Problem, type Report, enumerate, quote } from '../diagnostics.ts'
import { type TargetName, findConnection, isOutside, splitTarget, toList, unknownProvider } from '../references.ts'
import type { RoutePlace } from './match.ts'

export function checkTargets(route: ManifestRoute, place: RoutePlace): void {
  const { path, report } = place
  route.targets.forEach((target, index) => {
    const problem = judgeTarget(target, route, { ...place, path: [...path, 'targets', index, 'provider'] })
    if (problem !== null) report(problem)
    checkModelName(target.model, [...path, 'targets', index, 'model'], report)
    checkParameters(target, { ...place, path: [...path, 'targets', index, 'parameters'] })
    const { max_tokens: older, max_completion_tokens: newer } = target.parameters ?? {}
    if (older === undefined || newer === undefined) return
    const message = '`max_tokens` and `max_completion_tokens` are two names of one limit: keep one'
    report({ code: 'contradiction', path: [...path, 'targets', index, 'parameters', 'max_tokens'], message })
  })
  checkFallbacks(route, place)
}

/** A parameter that the target cannot be sent would be ignored without a word. */
function checkParameters(target: ManifestTarget, { manifest, path, report }: RoutePlace): void {
  const provider = findConnection(manifest, target.provider)?.provider
  if (provider === undefined) return
  for (const name of Object.keys(target.parameters ?? {})) {
    const judge = isEmbeddingsParameter(name) ? reasonNotEmbedded : reasonNotAnswered
    const reason = judge(name, provider, target.model)
    if (reason === null) continue
    const message = `${quote(name)} is not carried by ${quote(provider.id)}: ${reason}`
    const help = `leave it out; what is carried is listed by ${quote(showCommand(provider, target.model))}`
    report({ code: 'ignored-setting', path: [...path, name], message, help, spot: { part: 'key' } })
  }
}

function showCommand(provider: Provider, model: string): string {
  const { id, modelWires } = provider
  const { dialect } = chatWireOf(provider, model)
  const differ = modelWires !== undefined || (dialect !== null && dialects[dialect]?.modelLosses !== undefined)
  return `aigw providers show ${id}${differ ? ` --model ${model}` : ''}`
}

function reasonNotEmbedded(name: string, provider: Provider, model: string): string | null {
  const wire = embeddingsWireOf(provider, model)
  if (wire === null) return 'it has no embeddings'
  const { fidelity, how } = lossOf(embeddingsLossTableOf(wire), name)
  return fidelity === 'exact' || fidelity === 'approximated' ? null : how
}

function reasonNotAnswered(name: string, provider: Provider, model: string): string | null {
  const { dialect } = chatWireOf(provider, model)
  if (dialect === null) return 'it has embeddings only, and this is of chat requests'
  return dialects[dialect] === undefined ? null : reasonNotCarried(name, lossTableOf(provider, model))
}

function reasonNotCarried(name: string, table: LossTable): string | null {
  // Of callers' fields that nobody here knows such a language takes any; a parameter we know to be another language's.
  if (!isRequestField(name) && table.foreign === 'all') return 'it belongs to another language'
  const { fidelity, how } = lossOf(table, name)
  if (fidelity === 'exact' || fidelity === 'approximated') return null
  return how === '' ? 'there is nothing like it' : how
}

function checkFallbacks(route: ManifestRoute, place: RoutePlace): void {
  const { path, report } = place
  const taken = new Set(route.targets.map(({ provider, model }) => `${provider}/${model}`))
  toList(route.fallback).forEach((text, index) => {
    const own = typeof route.fallback === 'string' ? [...path, 'fallback'] : [...path, 'fallback', index]
    const name = splitTarget(text)
    if (name === null) {
      const message = `${quote(text)} is no fallback`
      report({ code: 'invalid-value', path: own, message, help: 'write `provider/model`' })
      return
    }
    const problem = judgeTarget(name, route, { ...place, path: own })
    if (problem !== null) report(problem)
    checkModelName(name.model, own, report)
    const message = `${quote(text)} is among the candidates of this route already`
    if (taken.has(text))
      report({ code: 'repeated-fallback', path: own, message, help: 'it would never be reached: leave it out' })
    taken.add(text)
  })
}

/** Can requests of this route go there at all? */
function judgeTarget(name: TargetName, route: ManifestRoute, { manifest, path }: RoutePlace): Problem | null {
  const connection = findConnection(manifest, name.provider)
  if (connection === null) {
    // A declared connection without a type is told where it is declared.
    if (Object.hasOwn(manifest.providers ?? {}, name.provider)) return null
    return unknownProvider(manifest, name.provider, path)
  }
  const { provider } = connection
  if (provider.baseUrl === null && !connection.declared) {
    const message = `${quote(provider.id)} has no base URL of its own`
    const help = `declare it: \`providers: {${provider.id}: {base_url: …}}\``
    return { code: 'missing-base-url', path, message, help }
  }
  if (!isOutside(route.boundary, connection)) return null
  return { code: 'outside-boundary', path, ...boundaryWords(route.boundary, connection.entry.region, name.provider) }
}

function boundaryWords(
  boundary: ManifestRoute['boundary'],
  region: string | undefined,
  name: string,
): { readonly message: string; readonly help?: string } {
  if (!Array.isArray(boundary)) {
    const help = 'if the operator runs it, say `deployment: self_hosted` on the connection'
    return { message: `${quote(name)} is not self-hosted, so it can never serve under \`boundary: self_hosted\``, help }
  }
  const regions = enumerate(boundary.map(quote), 'and')
  if (region !== undefined) {
    const help = 'name a target inside, or widen `boundary`'
    return { message: `${quote(name)} is in ${quote(region)}, outside the boundary ${regions}`, help }
  }
  const message = `the region of ${quote(name)} is not known, so it lies outside the boundary ${regions}`
  return { message, help: 'if it does lie inside, say `region:` on the connection' }
}

/** The model's name goes into paths, headers and records. */
function checkModelName(model: string, path: DocumentPath, report: Report): void {
  if (/^[!-~]+$/.test(model)) return
  const message = 'the name of a model is visible ASCII without spaces'
  report({ code: 'invalid-name', path, message, help: 'write it as the provider spells it' })
}
