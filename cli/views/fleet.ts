/** Gateways and releases, in lines that several commands show. */
import type { Release } from '../../schemas/index.ts'
import type { InstanceReport } from '../../gateway/release/instance.ts'
import { shortHash } from '../../gateway/release/release.ts'
import type { Context, Output } from '../context.ts'
import { ago, count, list } from '../wording.ts'
import { tellDetails, tellTroubles } from './instance-details.ts'
import { table } from './layout.ts'
import { makePaint } from './paint.ts'

/** Gateways report every three seconds; one that is this late may be gone, or may not reach its store. */
const lateMs = 5_000

export interface FleetView {
  /** What they should serve; null: there is nothing to compare with. */
  readonly head: Pick<Release, 'revision' | 'hash'> | null
  /** Unix milliseconds. Absent: the reports were asked for just now. */
  readonly now?: number
  /** Requests a second of a gateway, or null; absent: how each is doing is not told. */
  readonly details?: (instance: InstanceReport) => number | null
}

/** One line a gateway; what is wrong with it, where anything is, below. */
export function renderInstances(
  instances: readonly InstanceReport[],
  { head, now = 0, details }: FleetView,
  output: Output,
): readonly string[] {
  const paint = makePaint(output)
  const rows = table(
    instances.map((instance) => [instance.process, instance.url, tellRevision(instance), tellLoad(instance)]),
  )
  return instances.flatMap((instance, index) => {
    const isLate = now - instance.at > lateMs
    const isCurrent = instance.ready && !isLate && (head === null || isOn(instance, head))
    const troubles = [
      ...(instance.problem === null ? [] : [instance.problem]),
      ...(head === null ? [] : tellOther(instance, head)),
      ...tellTroubles(instance),
    ]
    const isWell = isCurrent && troubles.length === 0
    const mark = isWell ? paint.green('●') : instance.ready ? paint.yellow('●') : paint.red('●')
    const told = details === undefined ? [] : tellDetails(instance, details(instance))
    return [
      `  ${mark} ${(rows[index] ?? []).join('  ').trimEnd()}`,
      ...(isLate ? [`      ${paint.yellow(`last heard of ${ago(instance.at, now)}`)}`] : []),
      ...troubles.map((trouble) => `      ${paint.yellow(trouble)}`),
      ...table(told).map((row) => `      ${paint.dim(row.join('  '))}`),
    ]
  })
}

/** By hash too: in a store that was begun anew the numbers count from 1 again. */
export function isOn(instance: InstanceReport, { revision, hash }: Pick<Release, 'revision' | 'hash'>): boolean {
  return instance.revision === revision && instance.hash === hash
}

/** The number fits, and what is behind it does not. */
function tellOther(instance: InstanceReport, head: Pick<Release, 'revision' | 'hash'>): string[] {
  if (instance.revision !== head.revision || instance.hash === head.hash) return []
  const serves = instance.hash === null ? 'nothing that can be told' : shortHash(instance.hash)
  return [
    `its revision ${head.revision} is another one: it serves ${serves}, and the store has ${shortHash(head.hash)}`,
  ]
}

function tellRevision({ revision, ready }: InstanceReport): string {
  const served = revision === null ? 'serves nothing' : `serves revision ${revision}`
  return ready ? served : `${served}, not ready`
}

function tellLoad({ inFlight, draining }: InstanceReport): string {
  const old = draining
    .filter(({ requests }) => requests > 0)
    .map(({ revision, requests }) => `${requests} on revision ${revision}`)
  const total = `${count(inFlight, 'request')} under way`
  return old.length === 0 ? total : `${total}, ${list(old)}`
}

/** `revision 3 (1a2b3c…), published 5 min ago by Ada, from commit 1a2b3c4 on main`. */
export function tellRelease(release: Release, context: Context): string {
  const { source, revision, hash, created_at } = release
  const parts = [
    `revision ${revision} (${shortHash(hash)}), made ${ago(Date.parse(created_at), context.now())}`,
    ...(source.author === null ? [] : [`by ${source.author}`]),
  ]
  const { git } = source
  if (git !== null) {
    const branch = git.branch === null ? '' : ` on ${git.branch}`
    parts.push(
      `from commit ${git.commit.slice(0, 10)}${branch}${git.dirty ? ', with changes that are not committed' : ''}`,
    )
  }
  return parts.join(' ')
}
