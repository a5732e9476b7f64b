/** The gateways behind a store: showing them a candidate, and waiting until they serve a revision. */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { ReleaseDraft } from '../../schemas/index.ts'
import { type InstanceReport, drainingRequests, instanceLeaseMs } from '../../gateway/release/instance.ts'
import type { ReleaseStore } from '../../gateway/release/store.ts'
import { candidateLeaseMs } from '../../gateway/release/store.ts'
import { CommandError, type Context, type Talk } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { count, list } from '../wording.ts'

export interface Patience {
  readonly timeoutMs: number
  readonly talk: Talk
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
  context: Context,
  {
    store,
    draft,
    author,
  }: { readonly store: ReleaseStore; readonly draft: ReleaseDraft; readonly author: string | null },
  patience: Patience,
): Promise<Preflight> {
  const id = randomUUID()
  const by = `${author ?? 'somebody'} on ${hostname()}`
  const proposal = await store.proposeCandidate({ id, draft, by })
  if (!proposal.ok) {
    throw new CommandError(`another apply is under way, by ${proposal.holder.by}`, {
      exitCode: exitCodes.refused,
      details: ['Nothing was changed. Try again when it is done.'],
    })
  }
  const end = async (): Promise<void> => await store.clearCandidate(id)
  let stopped = false
  const forget = context.onStop(() => (stopped = true))
  try {
    await awaitAnswers({ store, id, isStopped: () => stopped }, patience)
    return { end }
  } catch (error) {
    await end()
    throw error
  } finally {
    forget()
  }
}

interface Asking {
  readonly store: ReleaseStore
  readonly id: string
  readonly isStopped: () => boolean
}

async function awaitAnswers({ store, id, isStopped }: Asking, { timeoutMs, talk }: Patience): Promise<void> {
  const endAt = performance.now() + Math.min(timeoutMs, longestPreflightMs)
  let told = false
  for (;;) {
    const instances = await store.instances()
    const refusing = instances.filter(({ candidate }) => candidate?.id === id && !candidate.accepted)
    if (refusing.length > 0) throw refusal(refusing)
    const silent = instances.filter(({ candidate }) => candidate?.id !== id)
    if (silent.length === 0) return
    if (!told) talk(`Waiting for ${count(instances.length, 'gateway')} to try the candidate …`)
    told = true
    if (isStopped()) throw new CommandError('stopped; nothing was changed')
    if (performance.now() > endAt) throw silence(silent)
    await pause()
  }
}

function refusal(refusing: readonly InstanceReport[]): CommandError {
  const details = refusing.flatMap((instance) => {
    return (instance.candidate?.problems ?? []).map((problem) => `${nameOf(instance)}: ${problem}`)
  })
  return new CommandError(`${count(refusing.length, 'gateway')} cannot serve this manifest; nothing was changed`, {
    details,
  })
}

function silence(silent: readonly InstanceReport[]): CommandError {
  return new CommandError(`${list(silent.map(nameOf))} did not answer; nothing was changed`, {
    details: [
      '`aigw status` shows what each gateway reports, and when.',
      `One that was killed is forgotten ${instanceLeaseMs / 1_000} s after its last report: apply again then.`,
    ],
  })
}

export interface Fleet {
  /** Every gateway that reports, by name. */
  readonly instances: readonly InstanceReport[]
  /** Those that do not serve the revision. */
  readonly lagging: readonly InstanceReport[]
}

/** Waits until every gateway that reports serves the revision, or patience ends. */
export async function awaitRevision(store: ReleaseStore, revision: number, patience: Patience): Promise<Fleet> {
  let told = false
  return await observe(store, patience, (instances) => {
    const lagging = instances.filter((instance) => instance.revision !== revision)
    if (lagging.length > 0 && !told) {
      patience.talk(`Waiting for ${count(instances.length, 'gateway')} to serve revision ${revision} …`)
      told = true
    }
    return lagging
  })
}

/** Waits until no gateway has a request left on an older revision, or patience ends. */
export async function awaitDrained(store: ReleaseStore, patience: Patience): Promise<Fleet> {
  let told = false
  return await observe(store, patience, (instances) => {
    const draining = instances.filter((instance) => drainingRequests(instance) > 0)
    if (draining.length > 0 && !told) patience.talk('Waiting for the requests on the old revision to finish …')
    told = true
    return draining
  })
}

async function observe(
  store: ReleaseStore,
  { timeoutMs }: Patience,
  findLagging: (instances: readonly InstanceReport[]) => readonly InstanceReport[],
): Promise<Fleet> {
  const endAt = performance.now() + timeoutMs
  for (;;) {
    const instances = (await store.instances()).toSorted((left, right) => (left.process < right.process ? -1 : 1))
    const lagging = findLagging(instances)
    if (lagging.length === 0 || performance.now() > endAt) return { instances, lagging }
    await pause()
  }
}

async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, pollMs))
}
