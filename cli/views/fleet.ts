/** Gateways and releases, for `apply` and `status`. */
import type { Release } from '../../schemas/index.ts'
import { type InstanceReport, drainingRequests } from '../../gateway/release/instance.ts'
import { shortHash } from '../../gateway/release/release.ts'
import type { Context, Output } from '../context.ts'
import { ago, count, list } from '../wording.ts'
import { table } from './layout.ts'
import { makePaint } from './paint.ts'

export interface PublishedView {
  readonly environment: string
  readonly release: Release
  readonly instances: readonly InstanceReport[]
  /** Gateways that did not take the new revision in time. */
  readonly lagging: readonly InstanceReport[]
}

export function renderPublished({ environment, release, instances, lagging }: PublishedView, output: Output): string {
  const paint = makePaint(output)
  const lines = [
    `${paint.green('Published')} revision ${release.revision} to ${environment} (${shortHash(release.hash)}).`,
  ]
  if (instances.length === 0) {
    lines.push('0 gateways report to this store; one that starts will serve it.')
    return `${lines.join('\n')}\n`
  }
  const draining = instances.reduce((sum, instance) => sum + drainingRequests(instance), 0)
  const serving = instances.length - lagging.length
  lines.push(
    '',
    ...renderInstances(instances, { head: release.revision }, output),
    '',
    lagging.length === 0
      ? `${count(instances.length, 'gateway')} ${instances.length === 1 ? 'serves' : 'serve'} revision ${release.revision}.`
      : `${serving} of ${instances.length} gateways serve revision ${release.revision}.`,
  )
  if (draining > 0)
    lines.push(`${count(draining, 'request')} ${draining === 1 ? 'finishes' : 'finish'} on an older revision.`)
  return `${lines.join('\n')}\n`
}

export function renderPublishedJson({ environment, release, instances, lagging }: PublishedView): string {
  return `${JSON.stringify(
    {
      environment,
      revision: release.revision,
      parent: release.parent,
      hash: release.hash,
      gateways: instances,
      lagging: lagging.map(({ process }) => process),
      draining_requests: instances.reduce((sum, instance) => sum + drainingRequests(instance), 0),
    },
    null,
    2,
  )}\n`
}

/** Gateways report every three seconds; one that is this late may be gone, or may not reach its store. */
const lateMs = 5_000

export interface FleetView {
  /** What they should serve; null: there is nothing to compare with. */
  readonly head: number | null
  /** Unix milliseconds. Absent: the reports were asked for just now. */
  readonly now?: number
}

/** One line a gateway; its problem, where it has one, below. */
export function renderInstances(
  instances: readonly InstanceReport[],
  { head, now = 0 }: FleetView,
  output: Output,
): readonly string[] {
  const paint = makePaint(output)
  const rows = table(
    instances.map((instance) => [instance.process, instance.url, tellRevision(instance), tellLoad(instance)]),
  )
  return instances.flatMap((instance, index) => {
    const isLate = now - instance.at > lateMs
    const isCurrent = instance.ready && !isLate && (head === null || instance.revision === head)
    const mark = isCurrent ? paint.green('●') : instance.ready ? paint.yellow('●') : paint.red('●')
    const problem = instance.problem === null ? [] : [`      ${paint.yellow(instance.problem)}`]
    const late = isLate ? [`      ${paint.yellow(`last heard of ${ago(instance.at, now)}`)}`] : []
    return [`  ${mark} ${(rows[index] ?? []).join('  ').trimEnd()}`, ...late, ...problem]
  })
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
