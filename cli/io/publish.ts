/** Carrying a plan out: gates, preflight, the compare-and-swap, and waiting for the fleet. */
import type { Plan, Release } from '../../schemas/index.ts'
import type { InstanceReport } from '../../gateway/release/instance.ts'
import type { Head, ReleaseStore } from '../../gateway/release/store.ts'
import { CommandError, type Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { blockingFindings, closedGates, unknownGates } from '../plan/gates.ts'
import { isStale } from '../plan/saved-plan.ts'
import { count } from '../wording.ts'
import type { TargetEnvironment } from './config.ts'
import { type Patience, awaitDrained, awaitRevision, preflight } from './fleet.ts'
import { withStore } from './stores.ts'

export interface Publishing {
  readonly plan: Plan
  readonly environment: TargetEnvironment
  readonly store: ReleaseStore
  /** Wait, too, until no request is left on the old revision. */
  readonly waitDrained: boolean
}

export interface Published {
  readonly release: Release
  readonly instances: readonly InstanceReport[]
  /** Gateways that did not take the new revision in time. */
  readonly lagging: readonly InstanceReport[]
}

/**
 * Publishes the plan's candidate if the store's head is still the plan's base. Throws `CommandError` with nothing
 * changed; what happens after publishing is in the result.
 */
export async function publishPlan(context: Context, publishing: Publishing, patience: Patience): Promise<Published> {
  const { plan, store } = publishing
  refuseClosedGates(publishing)
  refuseReadOnly(store)
  return await withStore(async () => {
    await refuseStale(store, plan)
    const { candidate } = plan
    const asking = { store, draft: candidate, author: candidate.source.author }
    const { end } = await preflight(context, asking, patience)
    let release: Release
    try {
      const publication = await store.publish(candidate, plan.base?.revision ?? null)
      if (!publication.ok) throw await staleError(store, plan, publication.head)
      release = publication.release
    } finally {
      await end()
    }
    const fleet = await awaitRevision(store, release.revision, patience)
    if (publishing.waitDrained && fleet.lagging.length === 0) await awaitDrained(store, patience)
    return { release, instances: await freshReports(store, fleet.instances), lagging: fleet.lagging }
  })
}

/** The newest report of each; a gateway that left meanwhile keeps its last one. */
async function freshReports(store: ReleaseStore, known: readonly InstanceReport[]): Promise<readonly InstanceReport[]> {
  const fresh = new Map((await store.instances()).map((report) => [report.process, report]))
  return known.map((report) => fresh.get(report.process) ?? report)
}

function refuseClosedGates({ plan, environment }: Publishing): void {
  const unknown = unknownGates(environment.gates)
  if (unknown.length > 0) {
    throw new CommandError(`the gates of ${environment.name} cannot be judged by this version: ${unknown.join(', ')}`, {
      details: ['Nothing was changed.'],
    })
  }
  const closed = closedGates(plan, environment.gates)
  if (closed.length > 0) {
    throw new CommandError(`a gate of ${environment.name} does not hold; nothing was changed`, {
      exitCode: exitCodes.findings,
      details: closed,
    })
  }
  const blocking = blockingFindings(plan.findings, environment.gates)
  if (blocking.length > 0) {
    throw new CommandError(`${count(blocking.length, 'finding')} stops this apply; nothing was changed`, {
      exitCode: exitCodes.findings,
      details: blocking.map(({ file, line, column, message }) => `${file ?? 'manifest'}:${line}:${column} ${message}`),
    })
  }
}

function refuseReadOnly(store: ReleaseStore): void {
  if (!store.readOnly) return
  throw new CommandError(`the store ${store.url} is read-only here, so nothing can be published to it`, {
    details: [
      'Either this user may not write there, or it is a ConfigMap mount, which is filled by whoever deploys it:',
      'then publish to a writable store and deploy its folder. (`aigw export`, which will write it, comes later.)',
    ],
  })
}

/** Throws `CommandError` (5), telling what has changed since, when the plan's base is not the head any more. */
export async function refuseStale(store: ReleaseStore, plan: Plan): Promise<void> {
  const head = await store.head()
  if (isStale(plan, head)) throw await staleError(store, plan, head)
}

async function staleError(store: ReleaseStore, plan: Plan, head: Head | null): Promise<CommandError> {
  const made = plan.base === null ? 'an empty store' : `revision ${plan.base.revision}`
  const now = head === null ? 'the store is empty' : `the head is revision ${head.revision}`
  return new CommandError(`the plan is stale: it was made against ${made}, but ${now}`, {
    exitCode: exitCodes.refused,
    details: [
      ...(head === null ? [] : await tellSince(store, plan, head)),
      'Nothing was changed. Make a new plan with `aigw plan`.',
    ],
  })
}

const mostChangesTold = 20

async function tellSince(store: ReleaseStore, plan: Plan, head: Head): Promise<string[]> {
  if (head.hash === plan.candidate.hash)
    return [`Revision ${head.revision} is what this plan wanted: it seems to have been applied already.`]
  const release = await store.read(head.revision)
  const { author } = release.source
  const published = `Revision ${head.revision} was published at ${release.created_at} by ${author ?? 'somebody unnamed'}`
  if (plan.base === null) return [`${published}.`]
  const [{ manifestOfRelease }, { diffManifests }] = await Promise.all([
    import('./documents.ts'),
    import('../diff/diff.ts'),
  ])
  try {
    const base = await store.read(plan.base.revision)
    const changes = diffManifests(
      await manifestOfRelease(base.resolved, 'the base'),
      await manifestOfRelease(release.resolved, 'the head'),
    )
    const told = changes.slice(0, mostChangesTold).map(({ kind, path, message }) => `  ${kind} ${path}: ${message}`)
    const more = changes.length > told.length ? [`  … and ${changes.length - told.length} more`] : []
    return [`${published}. Since the plan was made:`, ...told, ...more]
  } catch {
    // The base is gone or unreadable; who and when is what is left to tell.
    return [`${published}.`]
  }
}
