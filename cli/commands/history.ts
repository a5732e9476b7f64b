/** `aigw history`: what was published, when, by whom, from which commit, and what it changed. */
import type { Release } from '../../schemas/index.ts'
import type { ReleaseStore, ReleaseSummary } from '../../gateway/release/store.ts'
import { makeTalk, type Context } from '../context.ts'
import type { CommonOptions } from '../definitions/common.ts'
import type { Change } from '../diff/change.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { resolveEnvironment } from '../io/config.ts'
import { manifestOfRelease } from '../io/documents.ts'
import { openEnvironmentStore, withStore } from '../io/stores.ts'
import { type HistoryEntry, renderHistory, renderHistoryJson } from '../views/history.ts'

export interface HistoryOptions extends CommonOptions {
  readonly env: string | undefined
  readonly limit: number
}

/** How far back an earlier release of the same content is looked for. */
const furthestEqual = 50

export async function history(context: Context, options: HistoryOptions): Promise<ExitCode> {
  const environment = await resolveEnvironment(context, options.env)
  const store = await openEnvironmentStore(context, environment)
  const talk = makeTalk(context, options.quiet)
  const summaries = await withStore(async () => await store.list({ limit: options.limit + furthestEqual }))
  const serving = await countServing(store)
  const known = new Map(summaries.map((summary) => [summary.revision, summary]))
  const head = summaries.find(({ release }) => release !== null)?.revision ?? null
  const entries: HistoryEntry[] = []
  for (const summary of summaries.slice(0, options.limit)) {
    entries.push({
      ...summary,
      isHead: summary.revision === head,
      gateways: serving.get(summary.revision) ?? 0,
      changes: await changesOf(store, known, summary.release),
      sameAs: equalBefore(summaries, summary),
    })
  }
  const name = environment.name
  context.stdout.write(
    options.format === 'json' ? renderHistoryJson(name, entries) : renderHistory(name, entries, context.stdout),
  )
  if (summaries.length > entries.length) talk(`There are older ones: --limit ${options.limit * 2}`)
  return exitCodes.done
}

async function countServing(store: ReleaseStore): Promise<ReadonlyMap<number, number>> {
  const serving = new Map<number, number>()
  for (const { revision } of await withStore(async () => await store.instances())) {
    if (typeof revision === 'number') serving.set(revision, (serving.get(revision) ?? 0) + 1)
  }
  return serving
}

/** From its parent, by meaning; null when one of the two cannot be read. */
async function changesOf(
  store: ReleaseStore,
  known: ReadonlyMap<number, ReleaseSummary>,
  release: Release | null,
): Promise<readonly Change[] | null> {
  if (release === null) return null
  try {
    const { diffManifests } = await import('../diff/diff.ts')
    const after = await manifestOfRelease(release.resolved, `revision ${release.revision}`)
    if (release.parent === null) return diffManifests(null, after)
    const parent = known.get(release.parent)?.release ?? (await store.read(release.parent))
    return diffManifests(await manifestOfRelease(parent.resolved, `revision ${release.parent}`), after)
  } catch {
    // Removed, damaged or of another version: who and when are still worth a line.
    return null
  }
}

/** The newest earlier release with the same content, other than its parent: then this one went back to it. */
function equalBefore(summaries: readonly ReleaseSummary[], { revision, release }: ReleaseSummary): number | null {
  if (release === null) return null
  const equal = summaries.find((other) => other.revision < revision && other.release?.hash === release.hash)
  return equal === undefined || equal.revision === release.parent ? null : equal.revision
}
