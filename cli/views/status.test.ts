/** What `aigw status` says of gateways beside the head of their store. */
import { describe, expect, it } from 'vitest'
import type { InstanceReport } from '../../gateway/release/instance.ts'
import { draftNamed } from '../../gateway/release/testing/drafts.ts'
import { reportOf } from '../../gateway/release/testing/reports.ts'
import { fakeContext } from '../testing/context.ts'
import { type Status, conditionOfStatus, renderStatus } from './status.ts'

const head = { ...draftNamed('a'), revision: 3, parent: 2 }

function statusWith(...instances: readonly InstanceReport[]): Status {
  const manifest = { file: 'routes.yaml', state: 'absent', changes: 0 } as const
  return { environment: 'prod', storeUrl: 'file:///s', readOnly: false, head, manifest, instances, damaged: [] }
}

function instance(process: string, serves: Partial<InstanceReport>): InstanceReport {
  return { ...reportOf(process, 3), hash: head.hash, ready: true, at: Date.parse('2026-11-23T09:00:00Z'), ...serves }
}

const render = (status: Status) => renderStatus(status, fakeContext({ cwd: '/' }).context)

describe('drift', () => {
  it('is nowhere where every gateway serves the head', () => {
    expect(render(statusWith(instance('one', {}), instance('two', {})))).not.toContain('not on revision')
  })

  it('is a lower revision, and the same number with other content', () => {
    const other = draftNamed('b').hash
    const text = render(
      statusWith(instance('one', { revision: 2 }), instance('two', { hash: other }), instance('ok', {})),
    )
    expect(text).toContain('2 gateways of 3 not on revision 3')
    const short = (hash: string) => hash.slice(7, 19)
    expect(text).toContain(
      `its revision 3 is another one: it serves ${short(other)}, and the store has ${short(head.hash)}`,
    )
  })

  it('is news to whoever watches, by hash as well', () => {
    const other = draftNamed('b').hash
    expect(conditionOfStatus(statusWith(instance('one', { hash: other })))).not.toBe(
      conditionOfStatus(statusWith(instance('one', {}))),
    )
  })
})
