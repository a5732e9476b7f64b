/** What could go wrong because of a change, told beside it. Only what the two routing tables alone can show. */
import type { CompiledRoute, CompiledTarget, RoutingTable } from '../../gateway/core/routing/table.ts'
import type { Change } from '../diff/change.ts'
import { splitPath } from '../diff/change.ts'

export interface Tables {
  readonly before: RoutingTable
  readonly after: RoutingTable
}

/** Sentences by the path of the change they belong to. */
export function findRisks(changes: readonly Change[], tables: Tables): Map<string, string[]> {
  const risks = new Map<string, string[]>()
  const add = (path: string, ...sentences: readonly string[]): void => {
    if (sentences.length > 0) risks.set(path, [...(risks.get(path) ?? []), ...sentences])
  }
  const before = new Map(tables.before.routes.map((route) => [route.name, route]))
  const after = new Map(tables.after.routes.map((route) => [route.name, route]))
  const removedCandidates = new Map<string, Change[]>()
  for (const change of changes) {
    const [section, name = '', field] = splitPath(change.path)
    if (section === 'credentials') add(change.path, ...credentialRisks(change, tables))
    if (section !== 'ai_routes') continue
    const [old, route] = [before.get(name), after.get(name)]
    if (old !== undefined && route === undefined) add(change.path, tellLostRoute(old))
    if (field === 'boundary') add(change.path, ...boundaryRisks(change))
    if (change.kind === 'removed' && (change.subject === 'target' || change.subject === 'fallback')) {
      removedCandidates.set(name, [...(removedCandidates.get(name) ?? []), change])
    }
  }
  for (const [name, removed] of removedCandidates) {
    const [old, route] = [before.get(name), after.get(name)]
    if (old === undefined || route === undefined) continue
    const selfHosted = new Set(old.candidates.filter(isSelfHosted).map(({ id }) => id))
    const last = removed.findLast(({ path }) => selfHosted.has(splitPath(path)[3] ?? '')) ?? removed.at(-1)
    if (last !== undefined) add(last.path, ...candidateRisks(old, route))
  }
  return risks
}

function tellLostRoute(route: CompiledRoute): string {
  const models = route.match.models.length === 0 ? 'any model' : route.match.models.join(', ')
  return `requests for ${models} now go to a later route, or are answered 404`
}

function candidateRisks(before: CompiledRoute, after: CompiledRoute): string[] {
  const risks: string[] = []
  if (before.candidates.some(isSelfHosted) && !after.candidates.some(isSelfHosted)) {
    risks.push('no self-hosted target is left: when every cloud provider is down, requests fail')
  }
  if (before.candidates.length > 1 && after.candidates.length === 1) {
    risks.push('one target is left, and nothing to fail over to')
  }
  return risks
}

function isSelfHosted({ connection }: CompiledTarget): boolean {
  return connection.deployment === 'self_hosted'
}

function credentialRisks(change: Change, { before, after }: Tables): string[] {
  const [, , field] = splitPath(change.path)
  if (change.kind === 'removed' && field === undefined) {
    const isLast = before.credentials.size > 0 && after.credentials.size === 0
    return isLast
      ? ['no credential is left: anybody who can reach the gateway may use it, and it is refused without --allow-open']
      : ['requests with its key are answered 401']
  }
  if (field === 'key_hash') return ['requests with the key it had are answered 401']
  return field === 'disabled' && change.after === true ? ['requests with its key are answered 401'] : []
}

/** A boundary is looser when it lets through what it did not before. */
function boundaryRisks({ before, after }: Change): string[] {
  if (before === 'any') return []
  if (after === 'any') return ['the boundary is gone: prompts may reach any provider']
  if (before === 'self_hosted') return ['prompts may leave your own machines']
  if (!Array.isArray(before) || !Array.isArray(after)) return []
  const more = after.filter((region) => !before.includes(region))
  return more.length === 0 ? [] : [`prompts may now reach ${more.join(', ')} too`]
}
