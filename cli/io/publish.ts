/** Carrying a plan out: gates, preflight, the compare-and-swap, and waiting for the fleet. */
import type { Plan, Release } from '../../schemas/index.ts'
import type { InstanceReport } from '../../gateway/release/instance.ts'
import type { ReleaseStore } from '../../gateway/release/store.ts'
import { CommandError, type Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { blockingFindings, closedGates, unknownGates } from '../plan/gates.ts'
import { count } from '../wording.ts'
import type { TargetEnvironment } from './config.ts'
import {
  type Fleet,
  type Listening,
  type Patience,
  awaitDrained,
  awaitRevision,
  preflight,
  whileListening,
} from './fleet.ts'
import { readAuthor } from './git.ts'
import { Refusal } from './refusal.ts'
import { describeSince, findSince, staleRefusal } from './stale.ts'
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
  /** Gateways that were waited for and report no more: they ended meanwhile. */
  readonly left: readonly InstanceReport[]
  /** Gateways that were to be waited for, and still have requests on an older revision. */
  readonly undrained: readonly InstanceReport[]
}

/**
 * Publishes the plan's candidate if the store's head is still the plan's base. Throws `CommandError` with nothing
 * changed; what happens after publishing is in the result. When several reasons speak against it the order of the exit
 * codes decides which is told.
 */
export async function publishPlan(context: Context, publishing: Publishing, patience: Patience): Promise<Published> {
  const { plan, store } = publishing
  refuseUnknownGates(publishing)
  refuseReadOnly(store)
  await refuseStale(store, plan)
  refuseClosedGates(publishing)
  // Whoever made the plan may be another person than the one who carries it out.
  const author = await readAuthor(context)
  return await whileListening(context, async (isStopped) => {
    const listening = { ...patience, isStopped }
    const release = await withStore(async () => await tryAndPublish({ plan, store, author }, listening))
    return await followRelease({ release, store, waitDrained: publishing.waitDrained }, listening)
  })
}

async function followRelease(awaiting: Awaiting, listening: Listening): Promise<Published> {
  const { release } = awaiting
  try {
    return await awaitFleet(awaiting, listening)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new CommandError(`revision ${release.revision} is published, but who serves it cannot be told`, {
      details: [error.message, 'Ask again with `aigw status`.'],
      cause: error,
    })
  }
}

async function tryAndPublish(
  { plan, store, author }: Pick<Publishing, 'plan' | 'store'> & { readonly author: string | null },
  listening: Listening,
): Promise<Release> {
  const { candidate } = plan
  const { end } = await preflight({ store, draft: candidate, author }, listening)
  try {
    const publication = await store.publish(candidate, plan.base?.revision ?? null)
    if (!publication.ok) throw staleRefusal(await describeSince(store, plan, publication.head))
    return publication.release
  } finally {
    await end()
  }
}

interface Awaiting {
  readonly release: Release
  readonly store: ReleaseStore
  readonly waitDrained: boolean
}

async function awaitFleet({ release, store, waitDrained }: Awaiting, listening: Listening): Promise<Published> {
  const served = await awaitRevision({ store, release }, listening)
  const drained: Fleet | null =
    waitDrained && served.lagging.length === 0 ? await awaitDrained({ store, served }, listening) : null
  return {
    release,
    instances: drained?.instances ?? (await freshReports(store, served.instances)),
    lagging: served.lagging,
    left: drained?.left ?? served.left,
    undrained: drained?.lagging ?? [],
  }
}

/** The newest report of each; a gateway that left meanwhile keeps its last one. */
async function freshReports(store: ReleaseStore, known: readonly InstanceReport[]): Promise<readonly InstanceReport[]> {
  const fresh = new Map((await store.instances()).map((report) => [report.process, report]))
  return known.map((report) => fresh.get(report.process) ?? report)
}

function refuseUnknownGates({ environment }: Publishing): void {
  const unknown = unknownGates(environment.gates)
  if (unknown.length === 0) return
  throw new Refusal({
    reason: 'gate',
    message: `the gates of ${environment.name} cannot be judged by this version: ${unknown.join(', ')}`,
    exitCode: exitCodes.failed,
    details: ['Nothing was changed.'],
    facts: { gates: unknown },
  })
}

function refuseClosedGates({ plan, environment }: Publishing): void {
  const closed = closedGates(plan, environment.gates)
  if (closed.length > 0) {
    throw new Refusal({
      reason: 'gate',
      message: `a gate of ${environment.name} does not hold; nothing was changed`,
      exitCode: exitCodes.findings,
      details: closed,
      facts: { gates: closed },
    })
  }
  const blocking = blockingFindings(plan.findings, environment.gates)
  if (blocking.length > 0) {
    throw new Refusal({
      reason: 'findings',
      message: `${count(blocking.length, 'finding')} ${blocking.length === 1 ? 'stops' : 'stop'} this apply; nothing was changed`,
      exitCode: exitCodes.findings,
      details: blocking.map(({ file, line, column, path, message }) => {
        return file === null ? `${path}: ${message}` : `${file}:${line}:${column} ${message}`
      }),
      facts: { findings: blocking },
    })
  }
}

function refuseReadOnly(store: ReleaseStore): void {
  if (!store.readOnly) return
  throw new Refusal({
    reason: 'read_only',
    message: `the store ${store.url} is read-only here, so nothing can be published to it`,
    exitCode: exitCodes.failed,
    details: [
      'Either this user may not write there, or it is a ConfigMap mount, which is filled by whoever deploys it:',
      'then publish to a writable store and deploy its folder. (`aigw export`, which will write it, comes later.)',
    ],
  })
}

/** Throws `Refusal` (5), telling what has changed since, when the plan's base is not the head any more. */
export async function refuseStale(store: ReleaseStore, plan: Plan): Promise<void> {
  const since = await findSince(store, plan)
  if (since !== null) throw staleRefusal(since)
}
