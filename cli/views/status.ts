import type { Release } from '../../schemas/index.ts'
import type { InstanceReport } from '../../gateway/release/instance.ts'
import type { Context } from '../context.ts'
import { count } from '../wording.ts'
import { isOn, renderInstances, tellRelease } from './fleet.ts'
import { conditionOf } from './instance-details.ts'
import { makePaint } from './paint.ts'

export interface Status {
  readonly environment: string
  readonly storeUrl: string
  readonly readOnly: boolean
  readonly head: Release | null
  /** The manifest in the working folder beside the head. */
  readonly manifest: {
    readonly file: string
    readonly state: 'published' | 'changed' | 'unpublished' | 'invalid' | 'absent'
    readonly changes: number
  }
  readonly instances: readonly InstanceReport[]
  /** Files of the store above the head that hold no release; one sentence each. */
  readonly damaged: readonly string[]
}

/** Requests a second of a gateway, where two answers tell them; null for the first. */
export type Pace = (instance: InstanceReport) => number | null

export function renderStatus(status: Status, context: Context, pace: Pace = () => null): string {
  const paint = makePaint(context.stdout)
  const { head, instances } = status
  const lines = [
    `${paint.bold(status.environment)}  ${paint.dim(`${status.storeUrl}${status.readOnly ? ' (read-only)' : ''}`)}`,
    '',
    `  head      ${head === null ? 'nothing published yet' : tellRelease(head, context)}`,
    ...status.damaged.map((problem) => `            ${paint.yellow(problem)}`),
    ...tellManifest(status).map((line, index) => `  ${index === 0 ? 'manifest' : '        '}  ${line}`),
    '',
  ]
  if (instances.length === 0) lines.push('  0 gateways report to this store')
  else {
    const view = { head, now: context.now(), details: pace }
    lines.push(...renderInstances(instances, view, context.stdout))
  }
  const lagging = head === null ? [] : instances.filter((instance) => !isOn(instance, head))
  if (head !== null && lagging.length > 0) {
    lines.push(
      '',
      paint.yellow(`  ${count(lagging.length, 'gateway')} of ${instances.length} not on revision ${head.revision}`),
    )
  }
  return `${lines.join('\n')}\n`
}

function tellManifest({ manifest, head }: Status): string[] {
  const { file, state, changes } = manifest
  switch (state) {
    case 'published':
      return [`${file} is revision ${head?.revision ?? ''}`]
    case 'changed':
      return [`${file} has ${count(changes, 'change')} that ${changes === 1 ? 'is' : 'are'} not published: aigw plan`]
    case 'unpublished':
      return [`${file} is not published: aigw plan`]
    case 'invalid':
      return [`${file} has errors: aigw validate`]
    case 'absent':
      return []
    default:
      return state satisfies never
  }
}

/** As JSON has it. */
export function statusValue(status: Status): object {
  const { environment, storeUrl, readOnly, head, manifest, instances, damaged } = status
  const published =
    head === null
      ? null
      : {
          revision: head.revision,
          hash: head.hash,
          parent: head.parent,
          created_at: head.created_at,
          author: head.source.author,
          git: head.source.git,
        }
  return {
    environment,
    store: { url: storeUrl, read_only: readOnly, damaged },
    head: published,
    manifest,
    gateways: instances,
  }
}

/** What of it is news when it changes. */
export function conditionOfStatus({ head, manifest, instances, damaged }: Status): string {
  return JSON.stringify({
    head: head === null ? null : [head.revision, head.hash],
    manifest,
    damaged,
    instances: instances.map(conditionOfInstance),
  })
}

export function conditionOfInstance(instance: InstanceReport): object {
  const { process, revision, hash, generation, ready, problem } = instance
  return { process, revision, hash, generation, ready, problem, ...conditionOf(instance) }
}
