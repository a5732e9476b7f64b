/** From the working folder to a plan: reads the manifest, the environment and the store; decides nothing itself. */
import type { Plan, Release, ReleaseDraft, RoutesManifest } from '../../schemas/index.ts'
import type { Diagnostic } from '../../gateway/core/manifest/diagnostics.ts'
import type { ReleaseStore } from '../../gateway/release/store.ts'
import type { Context } from '../context.ts'
import type { Change } from '../diff/change.ts'
import type { TargetEnvironment } from './config.ts'
import { resolveEnvironment } from './config.ts'
import { manifestOfRelease, requireManifest } from './documents.ts'
import { defaultManifest } from './files.ts'
import { readAuthor, readGitState } from './git.ts'
import { readPackage } from './package.ts'
import { findCleanAncestor, openEnvironmentStore, publicUrl, readHeadRelease } from './stores.ts'

export interface PreparedPlan {
  readonly plan: Plan
  readonly environment: TargetEnvironment
  readonly store: ReleaseStore
  readonly base: Release | null
}

export interface PlanRequest {
  readonly environment: string | undefined
  readonly manifest: string | undefined
}

/** Throws `CommandError`, and `InvalidDocumentsError` when the manifest or aigw.yaml has errors. */
export async function preparePlan(context: Context, request: PlanRequest): Promise<PreparedPlan> {
  const environment = await resolveEnvironment(context, request.environment)
  const file = request.manifest ?? defaultManifest
  const reading = await requireManifest(context, file, environment.variables)
  const store = await openEnvironmentStore(context, environment)
  const [base, git, author] = await Promise.all([
    readHeadRelease(store),
    file === '-' ? null : readGitState(context, file),
    readAuthor(context),
  ])
  const [{ buildDraft }, { usedVariables }] = await Promise.all([
    import('../../gateway/release/release.ts'),
    import('../plan/variables.ts'),
  ])
  const { source, manifest, diagnostics } = reading
  const variables = usedVariables(source, environment.variables)
  const candidate = buildDraft({
    source: { manifest: { ...source }, variables: { ...variables }, git, author },
    resolved: { ...manifest },
    created_at: new Date(context.now()).toISOString(),
  })
  const plan = await planRelease(context, { environment, store, base, candidate, findings: diagnostics })
  return { plan, environment, store, base }
}

export interface PlanReleaseRequest {
  readonly environment: TargetEnvironment
  readonly store: ReleaseStore
  readonly base: Release | null
  readonly candidate: ReleaseDraft
  readonly findings: readonly Diagnostic[]
}

/** The plan that puts this candidate over this base. */
export async function planRelease(context: Context, request: PlanReleaseRequest): Promise<Plan> {
  const { environment, store, base, candidate, findings } = request
  const [{ diffManifests }, { buildPlan }] = await Promise.all([import('../diff/diff.ts'), import('../plan/build.ts')])
  const after = await manifestOfRelease(candidate.resolved, 'the candidate')
  const before = base === null ? null : await manifestOfRelease(base.resolved, `revision ${base.revision}`)
  const changes = diffManifests(before, after)
  return buildPlan({
    environment: environment.name,
    store: publicUrl(store.url),
    base,
    candidate,
    changes,
    outsideGit: base === null || before === null ? [] : await changesOutsideGit(store, base, before),
    risks: before === null ? new Map() : await risksOf(changes, before, after),
    findings,
    createdAt: new Date(context.now()).toISOString(),
    tool: readPackage().version,
  })
}

async function changesOutsideGit(store: ReleaseStore, base: Release, before: RoutesManifest): Promise<Change[]> {
  const clean = await findCleanAncestor(store, base)
  if (clean === null || clean.revision === base.revision) return []
  const { diffManifests } = await import('../diff/diff.ts')
  return diffManifests(await manifestOfRelease(clean.resolved, `revision ${clean.revision}`), before)
}

async function risksOf(changes: readonly Change[], before: RoutesManifest, after: RoutesManifest) {
  const [{ compileManifest }, { findRisks }] = await Promise.all([
    import('../../gateway/core/manifest/compile.ts'),
    import('../plan/risks.ts'),
  ])
  return findRisks(changes, { before: compileManifest(before), after: compileManifest(after) })
}
