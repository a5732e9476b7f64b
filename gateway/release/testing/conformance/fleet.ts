/** Reports of the gateways, their leases, and the candidate that is shown to them. */
import { expect, test } from 'vitest'
import { instanceLeaseMs } from '../../instance.ts'
import { candidateLeaseMs } from '../../store.ts'
import { draftNamed } from '../drafts.ts'
import { reportOf } from '../reports.ts'
import { type Stage, patienceMs } from './stage.ts'

export function describeFleet(stage: Stage): void {
  test('a process that is gone is forgotten when its lease is over, and not before', async () => {
    for (const process of ['alive', 'late', 'gone']) await stage.store.report(reportOf(process, 1))
    await stage.subject.age({ instance: 'late' }, instanceLeaseMs - 2_000)
    await stage.subject.age({ instance: 'gone' }, instanceLeaseMs + 1_000)
    const names = (await stage.store.instances()).map(({ process }) => process)
    expect(names.toSorted()).toEqual(['alive', 'late'])
    // It was only away, say: the machine was asleep.
    await stage.store.report(reportOf('gone', 1))
    expect((await stage.store.instances()).length).toBe(3)
  })

  test('a candidate whose proposer is gone does not block for ever', async () => {
    await stage.store.proposeCandidate({ id: 'old', draft: draftNamed('a'), by: 'gone' })
    await stage.subject.age('candidate', candidateLeaseMs + 1_000)
    expect(await stage.store.candidate()).toBeNull()
    expect(await stage.store.proposeCandidate({ id: 'new', draft: draftNamed('b'), by: 'me' })).toEqual({ ok: true })
    expect((await stage.store.candidate())?.id).toBe('new')
  })

  test.each([3_600_000, -3_600_000])('leases hold by a clock that is %i ms ahead', async (clockSkewMs) => {
    const wrong = await stage.subject.open({ clockSkewMs })
    await stage.store.report(reportOf('alive', 1))
    await stage.store.report(reportOf('gone', 1))
    await stage.subject.age({ instance: 'gone' }, instanceLeaseMs + 1_000)
    const reports = await wrong.instances()
    expect(reports.map(({ process }) => process)).toEqual(['alive'])
    // Told by the reader's clock, so that "3 s ago" is three seconds ago.
    expect(Math.abs((reports[0]?.at ?? 0) - (Date.now() + clockSkewMs))).toBeLessThan(patienceMs)
    await wrong.report(reportOf('skewed', 1))
    expect((await stage.store.instances()).map(({ process }) => process).toSorted()).toEqual(['alive', 'skewed'])
    await stage.store.proposeCandidate({ id: 'one', draft: draftNamed('a'), by: 'ada' })
    expect((await wrong.candidate())?.id).toBe('one')
    const other = { id: 'two', draft: draftNamed('b'), by: 'bob' }
    expect((await wrong.proposeCandidate(other)).ok).toBe(false)
    await stage.subject.age('candidate', candidateLeaseMs + 1_000)
    expect(await wrong.candidate()).toBeNull()
  })

  test('keeps the latest report of each process until it withdraws', async () => {
    const other = await stage.subject.open()
    await stage.store.report(reportOf('one', 1))
    await other.report(reportOf('two', 1))
    await stage.store.report(reportOf('one', 2))
    const reports = (await stage.store.instances()).toSorted((left, right) => (left.process < right.process ? -1 : 1))
    const when = { at: expect.any(Number) }
    expect(reports).toEqual([
      { ...reportOf('one', 2), ...when },
      { ...reportOf('two', 1), ...when },
    ])
    await other.withdraw('one')
    await other.withdraw('never-there')
    expect((await stage.store.instances()).map(({ process }) => process)).toEqual(['two'])
  })

  test('shows one candidate at a time, and only its proposer clears it', async () => {
    const other = await stage.subject.open()
    const candidate = { id: 'one', draft: draftNamed('a'), by: 'ada@laptop' }
    expect(await stage.store.proposeCandidate(candidate)).toEqual({ ok: true })
    const shown = { ...candidate, problem: null }
    expect(await other.candidate()).toEqual(shown)
    expect(await other.proposeCandidate({ ...candidate, id: 'two', by: 'bob@ci' })).toEqual({
      ok: false,
      holder: { id: 'one', by: 'ada@laptop' },
    })
    await other.clearCandidate('two')
    expect(await other.candidate()).toEqual(shown)
    await stage.store.clearCandidate('one')
    expect(await other.candidate()).toBeNull()
    expect(await other.proposeCandidate({ ...candidate, id: 'two', by: 'bob@ci' })).toEqual({ ok: true })
  })
}
