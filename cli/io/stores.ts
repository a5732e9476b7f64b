/** Stores, with their problems told as failures of the command. */
import { realpath } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Release } from '../../schemas/index.ts'
import type { ReleaseStore } from '../../gateway/release/store.ts'
import { CommandError, type Context } from '../context.ts'
import type { TargetEnvironment } from './config.ts'

/** A store's URL as it may be shown and saved: without the password that one over a network may have in it. */
export function publicUrl(url: string): string {
  if (!URL.canParse(url)) return url
  const parsed = new URL(url)
  if (parsed.username === '' && parsed.password === '') return url
  parsed.username = ''
  parsed.password = ''
  return parsed.href
}

/** Do two URLs, as `publicUrl` gives them, lead to the same store? One folder may be reached by several names. */
export async function isSameStore(left: string, right: string): Promise<boolean> {
  if (left === right) return true
  const [leftPath, rightPath] = await Promise.all([realFolder(left), realFolder(right)])
  return leftPath !== null && leftPath === rightPath
}

async function realFolder(url: string): Promise<string | null> {
  if (!url.startsWith('file:')) return null
  try {
    return await realpath(fileURLToPath(url))
  } catch {
    return null
  }
}

/** Opens the environment's store. Throws `CommandError`. */
export async function openEnvironmentStore(context: Context, environment: TargetEnvironment): Promise<ReleaseStore> {
  const { openStore } = await import('../../gateway/release/open-store.ts')
  return await withStore(async () => await openStore(environment.storeUrl, { folder: context.cwd }))
}

/** Runs something that uses a store; what the store has to say becomes a one-line failure. */
export async function withStore<Result>(use: () => Promise<Result>): Promise<Result> {
  const { StoreError } = await import('../../gateway/release/store.ts')
  try {
    return await use()
  } catch (error) {
    if (error instanceof StoreError) throw new CommandError(error.message, { cause: error })
    throw error
  }
}

/** The head and its release; null for an empty store. Throws `CommandError`. */
export async function readHeadRelease(store: ReleaseStore): Promise<Release | null> {
  return await withStore(async () => {
    const head = await store.head()
    return head === null ? null : await store.read(head.revision)
  })
}

/**
 * What lies above the head and is no release: half copied, or damaged. It was published once, perhaps, and is not served
 * any more, which nobody should have to find out alone. One sentence each, newest first.
 */
export async function findDamaged(store: ReleaseStore, head: number | null): Promise<readonly string[]> {
  const summaries = await withStore(async () => await store.list({ above: head ?? 0 }))
  return summaries.flatMap(({ revision, problem }) => {
    return problem === null ? [] : [`revision ${revision} is stepped over: ${problem}`]
  })
}

/** How far back to look for a release that was made from a clean commit. */
const furthestAncestor = 50

/**
 * The newest release, from this one back, that came from a clean commit; null when there is none near. What lies
 * between it and the head was changed outside Git.
 */
export async function findCleanAncestor(store: ReleaseStore, from: Release): Promise<Release | null> {
  let release = from
  for (let step = 0; step < furthestAncestor; step += 1) {
    const { git } = release.source
    if (git !== null && !git.dirty) return release
    const { parent } = release
    if (parent === null) return null
    try {
      release = await store.read(parent)
    } catch {
      // Removed or damaged: then nobody can say any more.
      return null
    }
  }
  return null
}
