/** What lies in a store and is no release, or one of a version to come. */
import { expect, test } from 'vitest'
import { canonicalJson } from '../../release.ts'
import { draftNamed } from '../drafts.ts'
import { type Stage, publish } from './stage.ts'

export function describeDamage(stage: Stage): void {
  test.each([
    ['half a release', canonicalJson({ ...draftNamed('b'), revision: 2, parent: 1 }).slice(0, 100)],
    ['nothing', ''],
    ['another document', '{"hello": "world"}'],
    ['another revision', canonicalJson({ ...draftNamed('b'), revision: 7, parent: 1 })],
    ['content that was tampered with', canonicalJson({ ...draftNamed('b'), resolved: {}, revision: 2, parent: 1 })],
  ])('steps over a release that holds %s, and says so', async (_what, text) => {
    await publish(stage.store, 'a', null)
    await stage.subject.plant(2, text)
    expect((await stage.store.head())?.revision).toBe(1)
    await expect(stage.store.read(2)).rejects.toMatchObject({ problem: 'damaged' })
    expect((await stage.store.list()).map(({ revision, problem }) => [revision, problem === null])).toEqual([
      [2, false],
      [1, true],
    ])
    const next = await publish(stage.store, 'c', 1)
    expect([next.revision, next.parent]).toEqual([3, 1])
    expect((await stage.store.head())?.revision).toBe(3)
  })

  test('refuses a release of a newer schema by name, and does not publish over it', async () => {
    await publish(stage.store, 'a', null)
    await stage.subject.plant(
      2,
      JSON.stringify({ ...draftNamed('b'), schema: 'aigw.release/2', revision: 2, parent: 1 }),
    )
    await expect(stage.store.head()).rejects.toMatchObject({ problem: 'newer_schema' })
    await expect(stage.store.read(2)).rejects.toThrow(
      'is written in aigw.release/2, but this aigw reads aigw.release/1',
    )
    await expect(stage.store.publish(draftNamed('c'), 1)).rejects.toThrow('aigw.release/2')
    expect((await stage.store.list()).map(({ problem }) => problem?.includes('aigw.release/2') ?? null)).toEqual([
      true,
      null,
    ])
  })

  test('says of a candidate of a newer schema that it is one', async () => {
    const newer = { ...draftNamed('a'), schema: 'aigw.release/2' }
    // What a newer program writes through a newer version of this interface.
    const draft = newer as unknown as ReturnType<typeof draftNamed>
    expect(await stage.store.proposeCandidate({ id: 'one', draft, by: 'ada' })).toEqual({ ok: true })
    expect(await stage.store.candidate()).toEqual({
      id: 'one',
      by: 'ada',
      draft: null,
      problem: expect.stringContaining('is written in aigw.release/2'),
    })
    await stage.store.clearCandidate('one')
    expect(await stage.store.candidate()).toBeNull()
  })
}
