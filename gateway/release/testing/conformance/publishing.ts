/** Numbers, parents and heads: what a store makes of releases that are published in peace. */
import { expect, test } from 'vitest'
import { canonicalJson } from '../../release.ts'
import { type ReleaseStore, StoreError } from '../../store.ts'
import { draftNamed } from '../drafts.ts'
import { type Stage, publish } from './stage.ts'

export function describePublishing(stage: Stage): void {
  test('starts empty', async () => {
    expect(await stage.store.head()).toBeNull()
    expect(await stage.store.list()).toEqual([])
    expect(await stage.store.instances()).toEqual([])
    expect(await stage.store.candidate()).toBeNull()
    expect(stage.store.readOnly).toBe(false)
  })

  test('numbers releases from 1 and gives each back as it was published', async () => {
    const first = await publish(stage.store, 'a', null)
    const second = await publish(stage.store, 'b', first.revision)
    expect([first.revision, first.parent]).toEqual([1, null])
    expect([second.revision, second.parent]).toEqual([2, 1])
    expect(await stage.store.head()).toEqual({ revision: 2, hash: draftNamed('b').hash })
    const other = await stage.subject.open()
    expect(await other.read(1)).toEqual({ ...draftNamed('a'), revision: 1, parent: null })
    expect(await other.read(2)).toEqual({ ...draftNamed('b'), revision: 2, parent: 1 })
    expect((await other.list()).map(({ revision, problem }) => [revision, problem])).toEqual([
      [2, null],
      [1, null],
    ])
  })

  test('refuses to publish over a head that has moved, and says where it is', async () => {
    await publish(stage.store, 'a', null)
    await publish(stage.store, 'b', 1)
    for (const expected of [null, 1, 3]) {
      expect(await stage.store.publish(draftNamed('c'), expected)).toEqual({
        ok: false,
        head: { revision: 2, hash: draftNamed('b').hash },
      })
    }
    expect((await stage.store.list()).length).toBe(2)
  })

  test('names a release that is not there', async () => {
    await expect(stage.store.read(7)).rejects.toThrow(StoreError)
    await expect(stage.store.read(7)).rejects.toMatchObject({ problem: 'not_found' })
  })

  test('goes on above a gap, however wide, and lists by range', async () => {
    await publish(stage.store, 'a', null)
    const far = 900_000_000_000_000
    await stage.subject.plant(far, canonicalJson({ ...draftNamed('b'), revision: far, parent: 1 }))
    expect((await stage.store.head())?.revision).toBe(far)
    const next = await publish(stage.store, 'c', far)
    expect([next.revision, next.parent]).toEqual([far + 1, far])
    const revisions = async (range?: Parameters<ReleaseStore['list']>[0]) =>
      (await stage.store.list(range)).map(({ revision }) => revision)
    expect(await revisions()).toEqual([far + 1, far, 1])
    expect(await revisions({ limit: 2 })).toEqual([far + 1, far])
    expect(await revisions({ above: 1, limit: 1 })).toEqual([far + 1])
    expect(await revisions({ above: far + 1 })).toEqual([])
  })

  test('says so when no number is left, rather than publish what nobody would find', async () => {
    const last = 999_999_999_999_999
    await stage.subject.plant(last, 'notes')
    await expect(stage.store.publish(draftNamed('a'), null)).rejects.toMatchObject({ problem: 'unavailable' })
    await expect(stage.store.publish(draftNamed('a'), null)).rejects.toThrow(`above ${last}`)
    expect(await stage.store.head()).toBeNull()
  })
}
