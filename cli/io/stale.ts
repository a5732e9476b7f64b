/** What happened to a store since a plan was made against it. */
import type { Plan, Release, RoutesManifest } from '../../schemas/index.ts'
import type { Head, ReleaseStore } from '../../gateway/release/store.ts'
import type { Change } from '../diff/change.ts'
import { exitCodes } from '../exit-codes.ts'
import { isStale } from '../plan/saved-plan.ts'
import { type Since, sinceAsJson, tellSince } from '../views/since.ts'
import { manifestOfRelease } from './documents.ts'
import { Refusal } from './refusal.ts'
import { withStore } from './stores.ts'

/** null: the plan's base is still the head. */
export async function findSince(store: ReleaseStore, plan: Plan): Promise<Since | null> {
  const head = await withStore(async () => await store.head())
  return isStale(plan, head) ? await describeSince(store, plan, head) : null
}

export async function describeSince(store: ReleaseStore, plan: Plan, head: Head | null): Promise<Since> {
  const since = { base: plan.base?.revision ?? null, head: null, isApplied: false, changes: null }
  if (head === null) return since
  const release = await withStore(async () => await store.read(head.revision))
  const { author } = release.source
  return {
    ...since,
    head: { revision: head.revision, hash: head.hash, author, createdAt: release.created_at },
    isApplied: head.hash === plan.candidate.hash,
    changes: await changesSince(store, plan, release),
  }
}

/** By meaning; null when the base cannot be read any more. */
async function changesSince(store: ReleaseStore, { base }: Plan, head: Release): Promise<readonly Change[] | null> {
  const { diffManifests } = await import('../diff/diff.ts')
  try {
    let before: RoutesManifest | null = null
    if (base !== null) {
      const release = await store.read(base.revision)
      // Another store in its place, with other releases under the same numbers.
      if (release.hash !== base.hash) return null
      before = await manifestOfRelease(release.resolved, 'the base')
    }
    return diffManifests(before, await manifestOfRelease(head.resolved, 'the head'))
  } catch {
    return null
  }
}

/** Exit code 5, with what changed meanwhile. */
export function staleRefusal(since: Since): Refusal {
  const made = since.base === null ? 'an empty store' : `revision ${since.base}`
  const now = since.head === null ? 'the store is empty' : `the head is revision ${since.head.revision}`
  return new Refusal({
    reason: 'stale',
    message: `the plan is stale: it was made against ${made}, but ${now}`,
    exitCode: exitCodes.refused,
    details: [...tellSince(since), 'Nothing was changed. Make a new plan with `aigw plan`.'],
    facts: sinceAsJson(since),
  })
}
