/**
 * What a scenario says that cannot be meant: above all names that no target answers to. A fault that hits nothing lets a
 * drill pass, and proves nothing: so it is refused, not stepped over.
 */
import type { Scenario } from '../../schemas/index.ts'
import { didYouMean } from '../../gateway/core/manifest/diagnostics.ts'
import type { CompiledTarget, RoutingTable } from '../../gateway/core/routing/table.ts'
import { ScenarioError, namesTarget } from './faults.ts'

export interface Naming {
  readonly scenario: Scenario | null
  /** Those of the command line among them. */
  readonly assume: Scenario['assume']
}

/** Throws `ScenarioError` for the first name that stands for no target of any of the manifests. */
export function refuseUnknownNames({ scenario, assume = {} }: Naming, tables: readonly RoutingTable[]): void {
  const targets = tables.flatMap(({ routes }) => routes.flatMap(({ candidates }) => candidates))
  const wanted: readonly (readonly [string, string])[] = [
    ...(scenario?.faults ?? []).map(({ target }, index) => [`faults[${index}].target`, target] as const),
    ...Object.keys(assume).map((name) => ['assume', name] as const),
    ...Object.keys(scenario?.expect?.share ?? {}).map((name) => ['expect.share', name] as const),
  ]
  for (const [where, name] of wanted) {
    if (isGroup(name) || targets.some((target) => namesTarget(name, target))) continue
    // What is assumed of a connection that no route uses any more does no harm: one scenario serves several manifests.
    if (where === 'assume' && tables.some(({ connections }) => connections.has(connectionOf(name)))) continue
    throw new ScenarioError(unknownName(where, name, targets))
  }
}

/** Throws `ScenarioError` for an answer that would have ended before it began. */
export function refuseImpossible(assume: NonNullable<Scenario['assume']>): void {
  for (const [name, { first_content_ms: first, total_ms: total }] of Object.entries(assume)) {
    if (first === undefined || first <= total) continue
    throw new ScenarioError(`assume.${name}: \`first_content_ms\` (${first}) is longer than \`total_ms\` (${total})`)
  }
}

function connectionOf(name: string): string {
  return name.split('/', 1)[0] ?? name
}

/** These may be empty: a drill for all clouds holds for a manifest without one. */
function isGroup(name: string): boolean {
  return name === '*' || name === 'cloud' || name === 'self_hosted'
}

function unknownName(where: string, name: string, targets: readonly CompiledTarget[]): string {
  const known = [...new Set(targets.flatMap(({ connection, id }) => [connection.name, id]))]
  const help = didYouMean(name, known)?.help ?? `known are ${[...known, 'cloud', 'self_hosted', '*'].join(', ')}`
  return `${where}: no target of the manifest is called "${name}"; ${help}`
}
