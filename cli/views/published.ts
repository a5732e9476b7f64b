/** What came of an `apply` or a `rollback`. */
import type { Release } from '../../schemas/index.ts'
import { detailsOf } from '../../gateway/release/instance-details.ts'
import { type InstanceReport, drainingRequests } from '../../gateway/release/instance.ts'
import { shortHash } from '../../gateway/release/release.ts'
import type { Output } from '../context.ts'
import { count, list } from '../wording.ts'
import { renderInstances } from './fleet.ts'
import { makePaint } from './paint.ts'

export interface PublishedView {
  readonly environment: string
  readonly release: Release
  readonly instances: readonly InstanceReport[]
  /** Gateways that did not take the new revision in time. */
  readonly lagging: readonly InstanceReport[]
  /** Gateways that reported while they were waited for, and do not any more. */
  readonly left: readonly InstanceReport[]
  /** Gateways that were to be waited for, and still have requests on an older revision. */
  readonly undrained: readonly InstanceReport[]
}

export function renderPublished(view: PublishedView, output: Output): string {
  const { environment, release, instances, lagging, left } = view
  const paint = makePaint(output)
  const lines = [
    `${paint.green('Published')} revision ${release.revision} to ${environment} (${shortHash(release.hash)}).`,
  ]
  if (left.length > 0) {
    const names = list(left.map(({ process }) => process))
    lines.push(paint.yellow(`${names} ${left.length === 1 ? 'reports' : 'report'} no more; it was not waited for.`))
  }
  if (instances.length === 0) {
    lines.push('0 gateways report to this store; one that starts will serve it.')
    return `${lines.join('\n')}\n`
  }
  const serving = instances.length - lagging.length
  const isLater = instances.some(({ revision }) => typeof revision === 'number' && revision > release.revision)
  const what = `revision ${release.revision}${isLater ? ' or a later one' : ''}`
  lines.push(
    '',
    ...renderInstances(instances, { head: release }, output),
    '',
    lagging.length === 0
      ? `${count(instances.length, 'gateway')} ${instances.length === 1 ? 'serves' : 'serve'} ${what}.`
      : `${serving} of ${instances.length} gateways serve ${what}.`,
    tellOlder(view),
  )
  return `${lines.join('\n')}\n`
}

/** What became of the requests that had begun before. */
function tellOlder(view: PublishedView): string {
  const draining = drainingOf(view)
  const finishing =
    draining === 0
      ? 'No request is left on an older revision'
      : `${count(draining, 'request')} ${draining === 1 ? 'finishes' : 'finish'} on an older revision`
  const { finished, cut } = endedBy(view)
  const done =
    finished === null || finished === 0 ? '' : `, ${finished} ${finished === 1 ? 'has' : 'have'} finished there`
  return cut === null ? `${finishing}${done}.` : `${finishing}${done}; ${cut} ${cut === 1 ? 'was' : 'were'} cut.`
}

function drainingOf({ instances }: PublishedView): number {
  return instances.reduce((sum, instance) => sum + drainingRequests(instance), 0)
}

/**
 * Requests of before this release that have ended since: on their own, or because a gateway broke them off. null when no
 * gateway says.
 */
function endedBy({ instances, release }: PublishedView): {
  readonly finished: number | null
  readonly cut: number | null
} {
  const generations = instances.flatMap((instance) => detailsOf(instance).generations ?? [])
  if (generations.length === 0) return { finished: null, cut: null }
  const superseded = generations.filter((generation) => generation.superseded_by === release.revision)
  return {
    finished: superseded.reduce((sum, { finished_after: finished }) => sum + finished, 0),
    cut: superseded.reduce((sum, { cut }) => sum + cut, 0),
  }
}

export function renderPublishedJson(view: PublishedView): string {
  const { environment, release, instances, lagging, left, undrained } = view
  const { finished, cut } = endedBy(view)
  const names = (reports: readonly InstanceReport[]): readonly string[] => reports.map(({ process }) => process)
  return renderJson({
    environment,
    revision: release.revision,
    parent: release.parent,
    hash: release.hash,
    gateways: instances,
    lagging: names(lagging),
    left: names(left),
    not_drained: names(undrained),
    draining_requests: drainingOf(view),
    finished_requests: finished,
    cut_requests: cut,
  })
}

export function renderUnchangedJson(environment: string, revision: number): string {
  return renderJson({ environment, revision, changes: 0 })
}

export function renderRefusalJson(refusal: Readonly<Record<string, unknown>>): string {
  return renderJson(refusal)
}

function renderJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
