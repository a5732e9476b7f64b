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
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openFileStore } from './file-store.ts'
import { type Aging, type StoreUnderTest, describeReleaseStore } from './testing/conformance.ts'
import { draftNamed } from './testing/drafts.ts'
import { reportOf } from './testing/reports.ts'

/** A folder for the suite that every store passes; `hardLinks` false: as on a file system that has none. */
async function startFolder(hardLinks: boolean): Promise<StoreUnderTest> {
  const parent = await mkdtemp(join(tmpdir(), 'aigw-store-'))
  const folder = join(parent, 'store')
  const mount = join(parent, 'mount')
  return {
    open: async ({ clockSkewMs = 0 } = {}) =>
      await openFileStore({ folder, pollMs: 50, hardLinks, now: () => Date.now() + clockSkewMs }),
    openReadOnly: async () => {
      await mountLike(mount, folder)
      return await openFileStore({ folder: mount, pollMs: 50 })
    },
    leavesHalves: !hardLinks,
    url: hardLinks ? `file:${folder}` : `no-links:${folder}`,
    plant: async (revision, text) => {
      await mkdir(join(folder, 'releases'), { recursive: true })
      await writeFile(join(folder, `releases/${revision}.json`), text)
      // No writer is at it any more.
      if (!hardLinks) await age(join(folder, `releases/${revision}.json`), 60_000)
    },
    vanish: async () => {
      await rename(folder, join(parent, 'aside'))
      return async () => await rename(join(parent, 'aside'), folder)
    },
    age: async (what, ageMs) => await age(join(folder, fileOf(what)), ageMs),
    close: async () => await rm(parent, { recursive: true }),
  }
}

function fileOf(what: Aging): string {
  if (what === 'candidate') return 'candidate.json'
  return 'instance' in what ? `instances/${what.instance}.json` : `releases/${what.revision}.json`
}

/** As Kubernetes lays out a volume of a ConfigMap: every name a link through `..data`, which is swapped as a whole. */
async function mountLike(mount: string, content: string): Promise<void> {
  await mkdir(mount, { recursive: true })
  await symlink(content, join(mount, '..next'))
  await rename(join(mount, '..next'), join(mount, '..data'))
  await rm(join(mount, 'releases'), { force: true })
  await symlink('..data/releases', join(mount, 'releases'))
}

describeReleaseStore('a folder', async () => await startFolder(true))
describeReleaseStore('a folder without hard links', async () => await startFolder(false))

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

  test('clears away what was left long ago', async () => {
    await (await openFileStore({ folder })).report(reportOf('gone', 1))
    await age(join(folder, 'instances/gone.json'), 4_000_000)
    await (await openFileStore({ folder })).report(reportOf('alive', 1))
    expect(await readdir(join(folder, 'instances'))).toEqual(['alive.json'])
  })

  test('sees the swap of a Kubernetes ConfigMap mount, and never writes to it', async () => {
    const first = await openFileStore({ folder: join(folder, 'first') })
    await first.publish(draftNamed('a'), null)
    const second = await openFileStore({ folder: join(folder, 'second') })
    await second.publish(draftNamed('a'), null)
    await second.publish(draftNamed('b'), 1)
    const mount = join(folder, 'mount')
    await mountLike(mount, join(folder, 'first'))

    const store = await openFileStore({ folder: mount, pollMs: 20 })
    expect(store.readOnly).toBe(true)
    expect((await store.head())?.revision).toBe(1)
    const seen: (number | null)[] = []
    stops.push(store.watch(() => void store.head().then((head) => seen.push(head?.revision ?? null))))
    await vi.waitFor(() => expect(seen.at(-1)).toBe(1))
    await mountLike(mount, join(folder, 'second'))
    await vi.waitFor(() => expect(seen.at(-1)).toBe(2))
    await expect(store.publish(draftNamed('c'), 2)).rejects.toMatchObject({ problem: 'read_only' })
    expect((await readdir(mount)).toSorted()).toEqual(['..data', 'releases'])
  })

  test('takes a ConfigMap whose keys are the releases, mounted where they belong', async () => {
    const releases = join(folder, 'releases')
    await mkdir(releases)
    await swapKeys(releases, ['1'])
    const store = await openFileStore({ folder, pollMs: 20 })
    expect(store.readOnly).toBe(true)
    expect((await store.head())?.revision).toBe(1)
    const seen: (number | null)[] = []
    stops.push(store.watch(() => void store.head().then((head) => seen.push(head?.revision ?? null))))
    await vi.waitFor(() => expect(seen.at(-1)).toBe(1))
    // The next one comes alone: old releases need not be kept in a ConfigMap, which holds 1 MiB.
    await swapKeys(releases, ['7'])
    await vi.waitFor(() => expect(seen.at(-1)).toBe(7))
    expect((await store.list()).map(({ revision }) => revision)).toEqual([7])
    expect(await readdir(folder)).toEqual(['releases'])
  })

  const rights = {
    'the file system is read-only': async (url: string) =>
      await probe('unshare', ['--mount', '--map-root-user', 'sh', '-c', mountAndProbe, folder, url]),
    'its folder may not be written to': async (url: string) => {
      for (const name of ['.', 'releases', 'instances']) await chmod(join(folder, name), 0o555)
      for (const name of ['releases/1.json', 'instances/here.json']) await chmod(join(folder, name), 0o444)
      const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
      return await probe(process.execPath, [probeScript, url], asNobody)
    },
  }

  test.skipIf(process.platform !== 'linux').each(Object.keys(rights))(
    'can be watched where %s, and says what it cannot do',
    async (name) => {
      const store = await openFileStore({ folder })
      await store.publish(draftNamed('a'), null)
      await store.report(reportOf('here', 1))
      const before = await listing(folder)
      const told = await rights[name as keyof typeof rights](`file:${folder}`)
      await chmod(folder, 0o755)
      if (told === null) {
        expect(name, 'this machine lets nobody make a mount of their own').toBe('the file system is read-only')
        return
      }
      expect(told).toEqual({
        readOnly: true,
        head: 1,
        instances: ['here'],
        publish: expect.stringMatching(/^read_only: .+ is read-only here: it can be watched, but not published to$/),
        report: expect.stringMatching(/^read_only: /),
      })
      expect(await listing(folder)).toEqual(before)
    },
  )

  test('that becomes read-only while it is used says why it cannot be written', async () => {
    const store = await openFileStore({ folder })
    await store.publish(draftNamed('a'), null)
    await rm(join(folder, 'instances'), { recursive: true, force: true })
    await writeFile(join(folder, 'instances'), 'in the way')
    await expect(store.report(reportOf('one', 1))).rejects.toMatchObject({ problem: 'unavailable' })
    await expect(store.report(reportOf('one', 1))).rejects.toThrow('a part of its path is a file, not a folder')
    // What can still be done is done.
    expect((await store.publish(draftNamed('b'), 1)).ok).toBe(true)
  })

  test('steps over what has the name of a release and is no file', async () => {
    const store = await openFileStore({ folder })
    await store.publish(draftNamed('a'), null)
    await mkdir(join(folder, 'releases', '2.json'))
    await symlink('3.json', join(folder, 'releases', '3.json'))
    await symlink('nowhere', join(folder, 'releases', '4.json'))
    expect((await store.head())?.revision).toBe(1)
    expect((await store.list()).map(({ revision, problem }) => [revision, problem === null])).toEqual([
      [4, false],
      [3, false],
      [2, false],
      [1, true],
    ])
    const published = await store.publish(draftNamed('b'), 1)
    expect(published).toMatchObject({ ok: true, release: { revision: 5, parent: 1 } })
    const watched = await openFileStore({ folder, pollMs: 10 })
    let calls = 0
    const stop = watched.watch(() => (calls += 1))
    await vi.waitFor(() => expect(calls).toBeGreaterThan(0))
    stop()
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

/**
 * As the kubelet updates a volume: a new folder, the link `..data` swapped onto it, then links for new keys, and at last
 * the links of keys that are gone removed. In between the volume holds nothing that can be read.
 */
async function swapKeys(mount: string, revisions: readonly string[]): Promise<void> {
  const fresh = await mkdtemp(join(mount, '..2026_'))
  for (const revision of revisions) {
    const release = { ...draftNamed(revision), revision: Number(revision), parent: null }
    await writeFile(join(fresh, `${revision}.json`), JSON.stringify(release))
  }
  await symlink(basename(fresh), join(mount, '..data_tmp'))
  await rename(join(mount, '..data_tmp'), join(mount, '..data'))
  await new Promise((resolve) => setTimeout(resolve, 40))
  const wanted = revisions.map((revision) => `${revision}.json`)
  for (const name of wanted) await symlink(join('..data', name), join(mount, name)).catch(() => {})
  for (const name of await readdir(mount)) {
    if (!name.startsWith('..') && !wanted.includes(name)) await rm(join(mount, name))
  }
}

/** `$0` is the folder, `$1` the store. */
const mountAndProbe = `mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$NODE" "$PROBE" "$1"`
const probeScript = fileURLToPath(new URL('./testing/probe.ts', import.meta.url))

/** null: the machine does not allow what the probe needs. */
async function probe(program: string, args: readonly string[], options: object = {}): Promise<unknown> {
  const env = { NODE: process.execPath, PROBE: probeScript }
  const { stdout, failed } = await execa(program, args, { ...options, env, reject: false, cwd: tmpdir() })
  return failed ? null : JSON.parse(stdout)
}

async function listing(folder: string): Promise<readonly string[]> {
  return (await readdir(folder, { recursive: true })).toSorted()
}

async function age(path: string, ageMs: number): Promise<void> {
  const then = new Date(Date.now() - ageMs)
  await utimes(path, then, then)
}
