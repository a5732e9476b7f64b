/** A store that is away, that may only be read, or that is watched. */
import { expect, test } from 'vitest'
import { draftNamed } from '../drafts.ts'
import { reportOf } from '../reports.ts'
import { type Stage, publish, until } from './stage.ts'

export function describeOutage(stage: Stage): void {
  test('that vanishes is unavailable rather than empty, and comes back with everything', async () => {
    await publish(stage.store, 'a', null)
    await stage.store.report(reportOf('one', 1))
    let calls = 0
    stage.stops.push(stage.store.watch(() => (calls += 1)))
    await until(() => calls > 0)
    const bringBack = await stage.subject.vanish()
    await expect(stage.store.head()).rejects.toMatchObject({ problem: 'unavailable' })
    await expect(stage.store.publish(draftNamed('b'), 1)).rejects.toMatchObject({ problem: 'unavailable' })
    await expect(stage.store.publish(draftNamed('b'), null)).rejects.toMatchObject({ problem: 'unavailable' })
    await expect(stage.store.report(reportOf('one', 1))).rejects.toMatchObject({ problem: 'unavailable' })
    const candidate = { id: 'one', draft: draftNamed('b'), by: 'ada' }
    await expect(stage.store.proposeCandidate(candidate)).rejects.toMatchObject({ problem: 'unavailable' })
    await bringBack()
    expect((await stage.store.head())?.revision).toBe(1)
    const before = calls
    expect((await publish(stage.store, 'b', 1)).revision).toBe(2)
    expect(await until(() => calls > before)).toBe(true)
    await stage.store.report(reportOf('one', 2))
    expect((await stage.store.instances()).map(({ process, revision }) => [process, revision])).toEqual([['one', 2]])
  })

  test('shows all of it to a process that may not write, and is not changed by it', async () => {
    await publish(stage.store, 'a', null)
    const reader = await stage.subject.openReadOnly()
    expect(reader.readOnly).toBe(true)
    expect((await reader.head())?.revision).toBe(1)
    expect((await reader.read(1)).hash).toBe(draftNamed('a').hash)
    expect((await reader.list()).length).toBe(1)
    await expect(reader.publish(draftNamed('b'), 1)).rejects.toMatchObject({ problem: 'read_only' })
    await expect(reader.report(reportOf('one', 1))).rejects.toMatchObject({ problem: 'read_only' })
    const candidate = { id: 'one', draft: draftNamed('b'), by: 'ada' }
    await expect(reader.proposeCandidate(candidate)).rejects.toMatchObject({ problem: 'read_only' })
    await reader.withdraw('one')
    await reader.clearCandidate('one')
    expect((await stage.store.list()).length).toBe(1)
    expect(await stage.store.candidate()).toBeNull()
    let calls = 0
    stage.stops.push(reader.watch(() => (calls += 1)))
    await until(() => calls > 0)
    const before = calls
    await publish(stage.store, 'b', 1)
    expect(await until(() => calls > before)).toBe(true)
    expect((await reader.head())?.revision).toBe(2)
  })

  test('tells watchers about a new head and a new candidate', async () => {
    const watching = await stage.subject.open()
    let calls = 0
    stage.stops.push(watching.watch(() => (calls += 1)))
    await until(() => calls > 0)
    const before = calls
    await publish(stage.store, 'a', null)
    expect(await until(() => calls > before)).toBe(true)
    const between = calls
    await stage.store.proposeCandidate({ id: 'one', draft: draftNamed('b'), by: 'me@here' })
    expect(await until(() => calls > between)).toBe(true)
  })

  test('a stopped watcher stays silent', async () => {
    let calls = 0
    const stop = (await stage.subject.open()).watch(() => (calls += 1))
    await until(() => calls > 0)
    stop()
    const before = calls
    await publish(stage.store, 'a', null)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(calls).toBe(before)
  })
}
