/** Releases, newest first: two lines each for people, every field as JSON. */
import type { ReleaseSummary } from '../../gateway/release/store.ts'
import { shortHash } from '../../gateway/release/release.ts'
import type { GitState } from '../../schemas/index.ts'
import type { Output } from '../context.ts'
import type { Change } from '../diff/change.ts'
import { summarise } from '../diff/summary.ts'
import { count } from '../wording.ts'
import { table } from './layout.ts'
import { makePaint } from './paint.ts'

export interface HistoryEntry extends ReleaseSummary {
  readonly isHead: boolean
  /** How many gateways say that they serve it. */
  readonly gateways: number
  /** From its parent, by meaning; null when one of the two cannot be read. */
  readonly changes: readonly Change[] | null
  /** An earlier revision with the same content, which this one went back to. */
  readonly sameAs: number | null
}

export function renderHistory(environment: string, entries: readonly HistoryEntry[], output: Output): string {
  const paint = makePaint(output)
  if (entries.length === 0) return `Nothing was published to ${environment} yet.\n`
  const rows = table(entries.map((entry) => [String(entry.revision), ...cellsOf(entry)]))
  const lines = entries.flatMap((entry, index) => {
    const mark = entry.isHead ? paint.green('●') : ' '
    const told = entry.problem === null ? tellEntry(entry) : paint.yellow(`cannot be read: ${entry.problem}`)
    return [`${mark} ${(rows[index] ?? []).join('  ').trimEnd()}`, `    ${told}`]
  })
  return `${lines.join('\n')}\n`
}

/** When it was made, hash, commit, who, who serves it. */
function cellsOf({ release, gateways }: HistoryEntry): readonly string[] {
  if (release === null) return ['', '', '', '']
  const { created_at: made, hash, source } = release
  return [
    `${made.slice(0, 16).replace('T', ' ')}Z`,
    shortHash(hash),
    tellGit(source.git),
    `${source.author ?? 'somebody unnamed'}${gateways === 0 ? '' : `  (${count(gateways, 'gateway')})`}`,
  ]
}

function tellGit(git: GitState | null): string {
  return git === null ? 'no commit' : `${git.commit.slice(0, 10)}${git.dirty ? '+changes' : ''}`
}

function tellEntry({ release, changes, sameAs }: HistoryEntry): string {
  const parent = release?.parent ?? null
  const changed = changes === null ? `its changes cannot be told: revision ${parent ?? 0} cannot be read` : null
  if (sameAs !== null) return `back to revision ${sameAs}: ${changed ?? summarise(changes ?? [])}`
  if (changed !== null) return changed
  return parent === null ? `the first: ${summarise(changes ?? [])}` : summarise(changes ?? [])
}

export function renderHistoryJson(environment: string, entries: readonly HistoryEntry[]): string {
  const releases = entries.map((entry) => ({
    revision: entry.revision,
    parent: entry.release?.parent ?? null,
    hash: entry.release?.hash ?? null,
    created_at: entry.release?.created_at ?? null,
    author: entry.release?.source.author ?? null,
    git: entry.release?.source.git ?? null,
    summary: entry.release === null ? null : tellEntry(entry),
    changes: entry.changes,
    same_as: entry.sameAs,
    head: entry.isHead,
    gateways: entry.gateways,
    problem: entry.problem,
  }))
  return `${JSON.stringify({ environment, releases }, null, 2)}\n`
}
