/** From two manifests to the plan that `apply` executes. Pure: the clock and the store are the caller's. */
import type { Diagnostic } from '../../gateway/core/manifest/diagnostics.ts'
import type { Plan, PlanChange, Release, ReleaseDraft } from '../../schemas/index.ts'
import type { Change } from '../diff/change.ts'

export const planSchema = 'aigw.plan/1'

export interface PlanParts {
  readonly environment: string
  /** Its URL, without a password. */
  readonly store: string
  readonly base: Release | null
  readonly candidate: ReleaseDraft
  /** From `base` to `candidate`, by meaning. */
  readonly changes: readonly Change[]
  /** What came into `base` past Git: the difference between it and the newest release made from a clean commit. */
  readonly outsideGit: readonly Change[]
  /** What could go wrong, by the path of the change that brings it. */
  readonly risks: ReadonlyMap<string, readonly string[]>
  readonly findings: readonly Diagnostic[]
  readonly createdAt: string
  readonly tool: string
}

export function buildPlan(parts: PlanParts): Plan {
  const { base, candidate, changes, outsideGit, risks } = parts
  return {
    schema: planSchema,
    environment: parts.environment,
    store: parts.store,
    base: base === null ? null : { revision: base.revision, hash: base.hash },
    candidate,
    changes: changes.map((change) => asPlanChange(change, outsideGit, risks.get(change.path) ?? [])),
    findings: [...parts.findings],
    capture: null,
    created_at: parts.createdAt,
    tool: parts.tool,
  }
}

function asPlanChange(change: Change, outsideGit: readonly Change[], risks: readonly string[]): PlanChange {
  const { kind, subject, path, message, before, after } = change
  return { kind, subject, path, message, origin: originOf(change, outsideGit), risks: [...risks], before, after }
}

/**
 * Whose change it is. If what stands in the store at this place (or above or below it) did not come from Git, then the
 * plan undoes somebody's change rather than making the author's.
 */
function originOf(change: Change, outsideGit: readonly Change[]): PlanChange['origin'] {
  if (outsideGit.some(({ path }) => isSamePlace(path, change.path))) return 'changed_outside_git'
  if (change.kind === 'added') return 'author_added'
  return change.kind === 'removed' ? 'author_removed' : 'author_changed'
}

function isSamePlace(left: string, right: string): boolean {
  return left === right || isBelow(left, right) || isBelow(right, left)
}

function isBelow(path: string, above: string): boolean {
  return path.startsWith(`${above}.`) || path.startsWith(`${above}[`)
}
