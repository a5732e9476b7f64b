/** The gateways behind a store: showing them a candidate, and waiting until they serve a revision. */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Release, ReleaseDraft } from '../../schemas/index.ts'
import { type InstanceReport, drainingRequests, instanceLeaseMs } from '../../gateway/release/instance.ts'
import type { ReleaseStore } from '../../gateway/release/store.ts'
import { candidateLeaseMs } from '../../gateway/release/store.ts'
import { CommandError, type Context, type Talk } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { count, list } from '../wording.ts'
import { Refusal } from './refusal.ts'

export interface Patience {
  readonly timeoutMs: number
  readonly talk: Talk
}

/** Patience that a signal ends early, and in good order. */
export interface Listening extends Patience {
  readonly isStopped: () => boolean
}

const pollMs = 50
/** A candidate's lease must outlast the wait for its answers. */
const longestPreflightMs = candidateLeaseMs - 10_000

/** How a gateway is named to people. */
export function nameOf({ process, url }: InstanceReport): string {
  return url === '' ? process : `${process} (${url})`
}

export interface Preflight {
  /** Frees the slot that the candidate holds. */
  readonly end: () => Promise<void>
}

/**
 * Lets every gateway that reports try the candidate. Returns once all have accepted it, holding the slot until `end`.
 * Throws `CommandError` when one refuses (1), does not answer (1) or another apply is under way (5); nothing was
 * changed then.
 */
export async function preflight(
  {
    store,
    draft,
    author,
  }: { readonly store: ReleaseStore; readonly draft: ReleaseDraft; readonly author: string | null },
  listening: Listening,
): Promise<Preflight> {
  const id = randomUUID()
  const by = `${author ?? 'somebody'} on ${hostname()}`
  const proposal = await store.proposeCandidate({ id, draft, by })
  if (!proposal.ok) {
    throw new Refusal({
      reason: 'conflict',
      message: `another apply is under way, by ${proposal.holder.by}`,
      exitCode: exitCodes.refused,
      details: ['Nothing was changed. Try again when it is done.'],
      facts: { holder: proposal.holder.by },
    })
  }
  // A candidate that cannot be taken back runs out by itself; what was published stays published.
  const end = async (): Promise<void> => await store.clearCandidate(id).catch(() => {})
  try {
    await awaitAnswers({ store, id }, listening)
    return { end }
  } catch (error) {
    await end()
    throw error
  }
}

/**
 * Listens for a signal from before the first thing is laid down until the last one is told: in a gap a signal would end
 * the process and leave a candidate behind.
 */
export async function whileListening<Result>(
  context: Context,
  run: (isStopped: () => boolean) => Promise<Result>,
): Promise<Result> {
  let stopped = false
  const forget = context.onStop(() => (stopped = true))
  try {
    return await run(() => stopped)
  } finally {
    forget()
  }
}

interface Asking {
  readonly store: ReleaseStore
  readonly id: string
}

async function awaitAnswers({ store, id }: Asking, { timeoutMs, talk, isStopped }: Listening): Promise<void> {
  const patienceMs = Math.min(timeoutMs, longestPreflightMs)
  const endAt = performance.now() + patienceMs
  let told = false
  for (;;) {
    const instances = await store.instances()
    const refusing = instances.filter(({ candidate }) => candidate?.id === id && !candidate.accepted)
    if (refusing.length > 0) throw refusal(refusing)
    const silent = instances.filter(({ candidate }) => candidate?.id !== id)
    if (isStopped()) throw new CommandError('stopped; nothing was changed')
    if (silent.length === 0) return
    if (!told) talk(`Waiting for ${count(instances.length, 'gateway')} to try the candidate …`)
    told = true
    if (performance.now() > endAt) throw silence(silent, patienceMs)
    await pause()
  }
}

function refusal(refusing: readonly InstanceReport[]): Refusal {
  const details = refusing.flatMap((instance) => {
    return (instance.candidate?.problems ?? []).map((problem) => `${nameOf(instance)}: ${problem}`)
  })
  return new Refusal({
    reason: 'preflight',
    message: `${count(refusing.length, 'gateway')} cannot serve this manifest; nothing was changed`,
    exitCode: exitCodes.failed,
    details,
    facts: {
      gateways: refusing.map(({ process, url, candidate }) => ({ process, url, problems: candidate?.problems ?? [] })),
    },
  })
}

function silence(silent: readonly InstanceReport[], patienceMs: number): Refusal {
  return new Refusal({
    reason: 'silent',
    message: `${list(silent.map(nameOf))} did not answer within ${patienceMs / 1_000} s; nothing was changed`,
    exitCode: exitCodes.failed,
    details: [
      '`aigw status` shows what each gateway reports, and when.',
      `One that was killed is forgotten ${instanceLeaseMs / 1_000} s after its last report: apply again then.`,
    ],
    facts: { gateways: silent.map(({ process, url }) => ({ process, url, problems: [] })) },
  })
}

export interface Fleet {
  /** Every gateway that reports, by name. */
  readonly instances: readonly InstanceReport[]
  /** Those that are not where they should be. */
  readonly lagging: readonly InstanceReport[]
  /** Those that reported while they were waited for, and do not any more. */
  readonly left: readonly InstanceReport[]
}

/** Waits until every gateway that reports serves the release, patience ends, or the process is told to stop. */
export async function awaitRevision(
  { store, release }: { readonly store: ReleaseStore; readonly release: Pick<Release, 'revision' | 'hash'> },
  listening: Listening,
): Promise<Fleet> {
  const { revision, hash } = release
  return await observe(
    { store, known: [] },
    {
      ...listening,
      findLagging: (instances) => instances.filter((instance) => !serves(instance, { revision, hash })),
      tell: (instances) => `Waiting for ${count(instances.length, 'gateway')} to serve revision ${revision} …`,
    },
  )
}

/** The hash too: in a store that was begun anew the numbers count from 1 again. A later revision is past waiting for. */
function serves(instance: InstanceReport, { revision, hash }: Pick<Release, 'revision' | 'hash'>): boolean {
  if (instance.revision === revision) return instance.hash === hash
  return typeof instance.revision === 'number' && instance.revision > revision
}

/** Waits until no gateway has a request left on an older revision, patience ends, or the process is told to stop. */
export async function awaitDrained(
  { store, served }: { readonly store: ReleaseStore; readonly served: Fleet },
  listening: Listening,
): Promise<Fleet> {
  return await observe(
    { store, known: [...served.instances, ...served.left] },
    {
      ...listening,
      findLagging: (instances) => instances.filter((instance) => drainingRequests(instance) > 0),
      tell: () => 'Waiting for the requests on the old revision to finish …',
    },
  )
}

interface Observing extends Listening {
  readonly findLagging: (instances: readonly InstanceReport[]) => readonly InstanceReport[]
  /** What is waited for; said once, and only when there is something to wait for. */
  readonly tell: (instances: readonly InstanceReport[]) => string
}

async function observe(
  { store, known }: { readonly store: ReleaseStore; readonly known: readonly InstanceReport[] },
  { timeoutMs, talk, isStopped, findLagging, tell }: Observing,
): Promise<Fleet> {
  const endAt = performance.now() + timeoutMs
  const met = new Map(known.map((instance) => [instance.process, instance]))
  let told = false
  for (;;) {
    const instances = (await store.instances()).toSorted((left, right) => (left.process < right.process ? -1 : 1))
    for (const instance of instances) met.set(instance.process, instance)
    const lagging = findLagging(instances)
    if (lagging.length === 0 || isStopped() || performance.now() > endAt) {
      const present = new Set(instances.map(({ process }) => process))
      return { instances, lagging, left: [...met.values()].filter(({ process }) => !present.has(process)) }
    }
    if (!told) talk(tell(instances))
    told = true
    await pause()
  }
}

async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, pollMs))
}
