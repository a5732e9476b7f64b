/** What an environment asks for before a release is published there (`gates` in `aigw.yaml`). */
import type { Diagnostic, Severity } from '../../gateway/core/manifest/diagnostics.ts'
import type { Gates, Plan } from '../../schemas/index.ts'

const ranks: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 }

export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return ranks[severity] >= ranks[threshold]
}

/** The findings that stop an apply, in the order they came. */
export function blockingFindings(findings: readonly Diagnostic[], gates: Gates): Diagnostic[] {
  return findings.filter(({ severity }) => isAtLeast(severity, gates.fail_severity ?? 'error'))
}

/** One sentence a gate that does not hold. */
export function closedGates(plan: Plan, gates: Gates): string[] {
  const closed: string[] = []
  const { git } = plan.candidate.source
  if (gates.clean_git === true && git === null) closed.push('clean_git: the manifest is not in a Git repository')
  if (gates.clean_git === true && git?.dirty === true) closed.push('clean_git: the manifest differs from its commit')
  return closed
}

/** Gates whose judge is not in this version. They are refused by name: a gate that is ignored is worse than none. */
export function unknownGates(gates: Gates): string[] {
  const names: string[] = []
  if (gates.promoted_only === true) names.push('promoted_only')
  if (gates.scenarios !== undefined) names.push('scenarios')
  return names
}
