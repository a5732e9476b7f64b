import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openFileStore } from './file-store.ts'
import { canonicalJson } from './release.ts'
import { describeReleaseStore, reportOf } from './testing/conformance.ts'
import { draftNamed } from './testing/drafts.ts'

describeReleaseStore('a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aigw-store-'))
  return {
    open: async () => await openFileStore({ folder: join(folder, 'store'), pollMs: 50 }),
    url: `file:${join(folder, 'store')}`,
    close: async () => await rm(folder, { recursive: true }),
  }
})

describe('a folder as store', () => {
  let folder: string
  const stops: (() => void)[] = []

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aigw-store-'))
  })
  afterEach(async () => {
    for (const stop of stops.splice(0)) stop()
    await rm(folder, { recursive: true })
  })

  test('lies on disk as CONTRACTS say, readable by its owner only', async () => {
    const store = await openFileStore({ folder: join(folder, 'store') })
    await store.publish(draftNamed('a'), null)
    await store.report(reportOf('gateway-1', 1))
    await store.proposeCandidate({ id: 'x', draft: draftNamed('b'), by: 'me' })
    const names = (await readdir(join(folder, 'store'), { recursive: true })).toSorted()
    expect(names).toEqual([
      'candidate.json',
      'head',
      'instances',
      'instances/gateway-1.json',
      'releases',
      'releases/1.json',
    ])
    expect(await readFile(join(folder, 'store/head'), 'utf8')).toBe('1\n')
    for (const name of names) {
      const { mode } = await stat(join(folder, 'store', name))
      const isFolder = !/\.|head/.test(name)
      expect([name, (mode & 0o777).toString(8)]).toEqual([name, isFolder ? '700' : '600'])
    }
  })

  test('is not misled by the head file', async () => {
    const store = await openFileStore({ folder })
    await store.publish(draftNamed('a'), null)
    await writeFile(join(folder, 'head'), '41\n')
    expect((await store.head())?.revision).toBe(1)
  })

  test.each([
    ['half a release', canonicalJson({ ...draftNamed('b'), revision: 2, parent: 1 }).slice(0, 100)],
    ['nothing', ''],
    ['another document', '{"hello": "world"}'],
    ['another revision', canonicalJson({ ...draftNamed('b'), revision: 7, parent: 1 })],
    ['content that was tampered with', canonicalJson({ ...draftNamed('b'), resolved: {}, revision: 2, parent: 1 })],
  ])('steps over a file that holds %s', async (_what, text) => {
    const store = await openFileStore({ folder })
    await store.publish(draftNamed('a'), null)
    await writeFile(join(folder, 'releases/2.json'), text)
    expect((await store.head())?.revision).toBe(1)
    await expect(store.read(2)).rejects.toMatchObject({ problem: 'damaged' })
    expect((await store.list()).map(({ revision, release }) => [revision, release === null])).toEqual([
      [2, true],
      [1, false],
    ])
    const next = await store.publish(draftNamed('c'), 1)
    expect(next.ok && next.release.revision).toBe(3)
    expect(next.ok && next.release.parent).toBe(1)
    expect((await store.head())?.revision).toBe(3)
  })

  test('steps over foreign files of every kind', async () => {
    const store = await openFileStore({ folder })
    await store.publish(draftNamed('a'), null)
    await store.report(reportOf('one', 1))
    for (const name of ['releases/notes.txt', 'releases/02.json', 'releases/.3.json', 'releases/x9.json']) {
      await writeFile(join(folder, name), 'hello')
    }
    await writeFile(join(folder, 'instances/two.json'), '{"process": "two"')
    await writeFile(join(folder, 'instances/three.json'), '{"process": "../three"}')
    await writeFile(join(folder, 'candidate.json'), '{"id": 1')
    expect((await store.head())?.revision).toBe(1)
    expect((await store.instances()).map(({ process }) => process)).toEqual(['one'])
    expect(await store.candidate()).toBeNull()
  })

  test('refuses a release of a newer schema by name, and does not publish over it', async () => {
    const store = await openFileStore({ folder })
    await store.publish(draftNamed('a'), null)
    const newer = { ...draftNamed('b'), schema: 'aigw.release/2', revision: 2, parent: 1 }
    await writeFile(join(folder, 'releases/2.json'), JSON.stringify(newer))
    await expect(store.head()).rejects.toMatchObject({ problem: 'newer_schema' })
    await expect(store.publish(draftNamed('c'), 1)).rejects.toThrow('aigw.release/2')
  })

  test('forgets a process whose lease has run out', async () => {
    const store = await openFileStore({ folder })
    await store.report(reportOf('alive', 1))
    await store.report(reportOf('gone', 1))
    await age(join(folder, 'instances/gone.json'), 11_000)
    expect((await store.instances()).map(({ process }) => process)).toEqual(['alive'])
  })

  test('clears away what was left long ago', async () => {
    await (await openFileStore({ folder })).report(reportOf('gone', 1))
    await age(join(folder, 'instances/gone.json'), 4_000_000)
    await (await openFileStore({ folder })).report(reportOf('alive', 1))
    expect(await readdir(join(folder, 'instances'))).toEqual(['alive.json'])
  })

  test('a candidate of a process that is gone does not block for ever', async () => {
    const store = await openFileStore({ folder })
    await store.proposeCandidate({ id: 'old', draft: draftNamed('a'), by: 'gone' })
    await age(join(folder, 'candidate.json'), 61_000)
    expect(await store.candidate()).toBeNull()
    expect(await store.proposeCandidate({ id: 'new', draft: draftNamed('b'), by: 'me' })).toEqual({ ok: true })
    expect((await store.candidate())?.id).toBe('new')
    expect(await readdir(folder)).toEqual(['candidate.json'])
  })

  test('sees the swap of a Kubernetes ConfigMap mount, and never writes to it', async () => {
    const first = await openFileStore({ folder: join(folder, 'first') })
    await first.publish(draftNamed('a'), null)
    const second = await openFileStore({ folder: join(folder, 'second') })
    await second.publish(draftNamed('a'), null)
    await second.publish(draftNamed('b'), 1)
    const mount = join(folder, 'mount')
    await mkdir(mount)
    await symlink(join(folder, 'first'), join(mount, '..data'))
    await symlink('..data/releases', join(mount, 'releases'))

    const store = await openFileStore({ folder: mount, pollMs: 20 })
    expect(store.readOnly).toBe(true)
    expect((await store.head())?.revision).toBe(1)
    const changed = new Promise<void>((resolve) => {
      let isFirst = true
      stops.push(
        store.watch(() => {
          if (!isFirst) resolve()
          isFirst = false
        }),
      )
    })
    await new Promise((resolve) => setTimeout(resolve, 50))
    await symlink(join(folder, 'second'), join(mount, '..next'))
    await rename(join(mount, '..next'), join(mount, '..data'))
    await changed
    expect((await store.head())?.revision).toBe(2)
    await expect(store.publish(draftNamed('c'), 2)).rejects.toMatchObject({ problem: 'read_only' })
    await expect(store.report(reportOf('one', 2))).rejects.toMatchObject({ problem: 'read_only' })
    await store.withdraw('one')
  })

  test.skipIf(process.getuid?.() === 0)('knows a folder it may not write to (not as root, who may)', async () => {
    await chmod(folder, 0o500)
    expect((await openFileStore({ folder })).readOnly).toBe(true)
    await chmod(folder, 0o700)
  })

  test('says in one sentence that its folder is no folder', async () => {
    await writeFile(join(folder, 'file'), '')
    const store = await openFileStore({ folder: join(folder, 'file') })
    await expect(store.head()).rejects.toMatchObject({ problem: 'unavailable' })
    await expect(store.publish(draftNamed('a'), null)).rejects.toMatchObject({ problem: 'unavailable' })
  })

  test('refuses a process name that is a path', async () => {
    const store = await openFileStore({ folder })
    await expect(store.report(reportOf('../../etc/passwd', 1))).rejects.toThrow('cannot name a process')
  })
})

async function age(path: string, ageMs: number): Promise<void> {
  const then = new Date(Date.now() - ageMs)
  await utimes(path, then, then)
}
