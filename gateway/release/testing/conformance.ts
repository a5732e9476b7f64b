/**
 * What any release store must do, whatever it is made of. A store's own test calls `describeReleaseStore` with a way to
 * open the same fresh store several times, as several processes would.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { instanceLeaseMs } from '../instance.ts'
import { canonicalJson } from '../release.ts'
import { type ReleaseStore, StoreError, candidateLeaseMs } from '../store.ts'
import { draftNamed } from './drafts.ts'
import { reportOf } from './reports.ts'

export type Aging = { readonly instance: string } | { readonly revision: number } | 'candidate'

export interface StoreUnderTest {
  /** Every call opens the same store anew. `clockSkewMs`: by a process whose clock is so much ahead. */
  readonly open: (options?: { readonly clockSkewMs?: number }) => Promise<ReleaseStore>
  /** The same store, as a process sees it that may not write to it. */
  readonly openReadOnly: () => Promise<ReleaseStore>
  /** What another process opens it by. */
  readonly url: string
  /** Puts a text where the release of that revision would lie. */
  readonly plant: (revision: number, text: string) => Promise<void>
  /** Takes the store away, as an outage would; what it gives brings the store back, with all that was in it. */
  readonly vanish: () => Promise<() => Promise<void>>
  /** Makes a report, a release or the candidate older. */
  readonly age: (what: Aging, ageMs: number) => Promise<void>
  /** A writer that is killed may leave half a release, because the medium cannot do better. */
  readonly leavesHalves?: boolean
  readonly close: () => Promise<void>
}

const patienceMs = 5_000

export function describeReleaseStore(name: string, start: () => Promise<StoreUnderTest>): void {
  describe(`${name} is a release store`, () => {
    let subject: StoreUnderTest
    let store: ReleaseStore
    const stops: (() => void)[] = []

    beforeEach(async () => {
      subject = await start()
      store = await subject.open()
    })
    afterEach(async () => {
      for (const stop of stops.splice(0)) stop()
      await subject.close()
    })

    test('starts empty', async () => {
      expect(await store.head()).toBeNull()
      expect(await store.list()).toEqual([])
      expect(await store.instances()).toEqual([])
      expect(await store.candidate()).toBeNull()
      expect(store.readOnly).toBe(false)
    })

    test('numbers releases from 1 and gives each back as it was published', async () => {
      const first = await publish(store, 'a', null)
      const second = await publish(store, 'b', first.revision)
      expect([first.revision, first.parent]).toEqual([1, null])
      expect([second.revision, second.parent]).toEqual([2, 1])
      expect(await store.head()).toEqual({ revision: 2, hash: draftNamed('b').hash })
      const other = await subject.open()
      expect(await other.read(1)).toEqual({ ...draftNamed('a'), revision: 1, parent: null })
      expect(await other.read(2)).toEqual({ ...draftNamed('b'), revision: 2, parent: 1 })
      expect((await other.list()).map(({ revision, problem }) => [revision, problem])).toEqual([
        [2, null],
        [1, null],
      ])
    })

    test('refuses to publish over a head that has moved, and says where it is', async () => {
      await publish(store, 'a', null)
      await publish(store, 'b', 1)
      for (const expected of [null, 1, 3]) {
        expect(await store.publish(draftNamed('c'), expected)).toEqual({
          ok: false,
          head: { revision: 2, hash: draftNamed('b').hash },
        })
      }
      expect((await store.list()).length).toBe(2)
    })

    test('names a release that is not there', async () => {
      await expect(store.read(7)).rejects.toThrow(StoreError)
      await expect(store.read(7)).rejects.toMatchObject({ problem: 'not_found' })
    })

    test('two writers at once in one process: exactly one wins', async () => {
      const writers = await Promise.all([subject.open(), subject.open(), subject.open(), subject.open()])
      for (let round = 0; round < 10; round += 1) {
        const head = (await store.head())?.revision ?? null
        const outcomes = await Promise.all(
          writers.map(async (writer, index) => await writer.publish(draftNamed(`${round}-${index}`), head)),
        )
        expect(outcomes.filter((outcome) => outcome.ok).length).toBe(1)
        const won = outcomes.findIndex((outcome) => outcome.ok)
        expect((await store.head())?.hash).toBe(draftNamed(`${round}-${won}`).hash)
      }
    })

    test('two writers at once in two processes: exactly one wins each revision', { timeout: 60_000 }, async () => {
      const rounds = 150
      const racing = { over: false }
      const seen = followHead(await subject.open(), () => racing.over)
      const logs = await Promise.all([race(subject.url, 'left', rounds), race(subject.url, 'right', rounds)])
      racing.over = true
      const winners = logs.map((log) => log.filter(({ won }) => won).map(({ revision }) => revision))
      expect(winners.flat().sort((left, right) => left - right)).toEqual(
        Array.from({ length: rounds }, (_, index) => index + 1),
      )
      // Both raced: neither only ever came too late.
      expect(Math.min(...winners.map((won) => won.length))).toBeGreaterThan(0)
      for (const [index, side] of ['left', 'right'].entries()) {
        for (const revision of winners[index] ?? []) {
          const { source, parent } = await store.read(revision)
          expect([source.author, parent ?? 0]).toEqual([side, revision - 1])
        }
      }
      const heads = await seen
      expect(heads).toEqual(heads.toSorted((left, right) => left - right))
      expect(heads.length).toBeGreaterThan(2)
    })

    test('a writer that is killed at any moment leaves a whole store behind', { timeout: 60_000 }, async () => {
      for (let round = 0; round < 15; round += 1) {
        await killRacer(subject.url, round)
        const head = await store.head()
        if (head !== null) expect((await store.read(head.revision)).hash).toBe(head.hash)
        const halves = (await store.list()).filter(({ problem }) => problem !== null)
        if (subject.leavesHalves !== true) expect(halves).toEqual([])
        // Its writer is dead, and the next one need not wait to be sure of it.
        for (const { revision } of halves) await subject.age({ revision }, 60_000)
        const next = await store.publish(draftNamed(`after ${round}`), head?.revision ?? null)
        expect(next.ok).toBe(true)
      }
    })

    test.each([
      ['half a release', canonicalJson({ ...draftNamed('b'), revision: 2, parent: 1 }).slice(0, 100)],
      ['nothing', ''],
      ['another document', '{"hello": "world"}'],
      ['another revision', canonicalJson({ ...draftNamed('b'), revision: 7, parent: 1 })],
      ['content that was tampered with', canonicalJson({ ...draftNamed('b'), resolved: {}, revision: 2, parent: 1 })],
    ])('steps over a release that holds %s, and says so', async (_what, text) => {
      await publish(store, 'a', null)
      await subject.plant(2, text)
      expect((await store.head())?.revision).toBe(1)
      await expect(store.read(2)).rejects.toMatchObject({ problem: 'damaged' })
      expect((await store.list()).map(({ revision, problem }) => [revision, problem === null])).toEqual([
        [2, false],
        [1, true],
      ])
      const next = await publish(store, 'c', 1)
      expect([next.revision, next.parent]).toEqual([3, 1])
      expect((await store.head())?.revision).toBe(3)
    })

    test('goes on above a gap, however wide, and lists by range', async () => {
      await publish(store, 'a', null)
      const far = 900_000_000_000_000
      await subject.plant(far, canonicalJson({ ...draftNamed('b'), revision: far, parent: 1 }))
      expect((await store.head())?.revision).toBe(far)
      const next = await publish(store, 'c', far)
      expect([next.revision, next.parent]).toEqual([far + 1, far])
      const revisions = async (range?: Parameters<ReleaseStore['list']>[0]) =>
        (await store.list(range)).map(({ revision }) => revision)
      expect(await revisions()).toEqual([far + 1, far, 1])
      expect(await revisions({ limit: 2 })).toEqual([far + 1, far])
      expect(await revisions({ above: 1, limit: 1 })).toEqual([far + 1])
      expect(await revisions({ above: far + 1 })).toEqual([])
    })

    test('says so when no number is left, rather than publish what nobody would find', async () => {
      const last = 999_999_999_999_999
      await subject.plant(last, 'notes')
      await expect(store.publish(draftNamed('a'), null)).rejects.toMatchObject({ problem: 'unavailable' })
      await expect(store.publish(draftNamed('a'), null)).rejects.toThrow(`above ${last}`)
      expect(await store.head()).toBeNull()
    })

    test('refuses a release of a newer schema by name, and does not publish over it', async () => {
      await publish(store, 'a', null)
      await subject.plant(2, JSON.stringify({ ...draftNamed('b'), schema: 'aigw.release/2', revision: 2, parent: 1 }))
      await expect(store.head()).rejects.toMatchObject({ problem: 'newer_schema' })
      await expect(store.read(2)).rejects.toThrow('is written in aigw.release/2, but this aigw reads aigw.release/1')
      await expect(store.publish(draftNamed('c'), 1)).rejects.toThrow('aigw.release/2')
      expect((await store.list()).map(({ problem }) => problem?.includes('aigw.release/2') ?? null)).toEqual([
        true,
        null,
      ])
    })

    test('says of a candidate of a newer schema that it is one', async () => {
      const newer = { ...draftNamed('a'), schema: 'aigw.release/2' }
      // What a newer program writes through a newer version of this interface.
      const draft = newer as unknown as ReturnType<typeof draftNamed>
      expect(await store.proposeCandidate({ id: 'one', draft, by: 'ada' })).toEqual({ ok: true })
      expect(await store.candidate()).toEqual({
        id: 'one',
        by: 'ada',
        draft: null,
        problem: expect.stringContaining('is written in aigw.release/2'),
      })
      await store.clearCandidate('one')
      expect(await store.candidate()).toBeNull()
    })

    test('that vanishes is unavailable rather than empty, and comes back with everything', async () => {
      await publish(store, 'a', null)
      await store.report(reportOf('one', 1))
      let calls = 0
      stops.push(store.watch(() => (calls += 1)))
      await until(() => calls > 0)
      const bringBack = await subject.vanish()
      await expect(store.head()).rejects.toMatchObject({ problem: 'unavailable' })
      await expect(store.publish(draftNamed('b'), 1)).rejects.toMatchObject({ problem: 'unavailable' })
      await expect(store.publish(draftNamed('b'), null)).rejects.toMatchObject({ problem: 'unavailable' })
      await expect(store.report(reportOf('one', 1))).rejects.toMatchObject({ problem: 'unavailable' })
      const candidate = { id: 'one', draft: draftNamed('b'), by: 'ada' }
      await expect(store.proposeCandidate(candidate)).rejects.toMatchObject({ problem: 'unavailable' })
      await bringBack()
      expect((await store.head())?.revision).toBe(1)
      const before = calls
      expect((await publish(store, 'b', 1)).revision).toBe(2)
      expect(await until(() => calls > before)).toBe(true)
      await store.report(reportOf('one', 2))
      expect((await store.instances()).map(({ process, revision }) => [process, revision])).toEqual([['one', 2]])
    })

    test('shows all of it to a process that may not write, and is not changed by it', async () => {
      await publish(store, 'a', null)
      const reader = await subject.openReadOnly()
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
      expect((await store.list()).length).toBe(1)
      expect(await store.candidate()).toBeNull()
      let calls = 0
      stops.push(reader.watch(() => (calls += 1)))
      await until(() => calls > 0)
      const before = calls
      await publish(store, 'b', 1)
      expect(await until(() => calls > before)).toBe(true)
      expect((await reader.head())?.revision).toBe(2)
    })

    test('a process that is gone is forgotten when its lease is over, and not before', async () => {
      for (const process of ['alive', 'late', 'gone']) await store.report(reportOf(process, 1))
      await subject.age({ instance: 'late' }, instanceLeaseMs - 2_000)
      await subject.age({ instance: 'gone' }, instanceLeaseMs + 1_000)
      const names = (await store.instances()).map(({ process }) => process)
      expect(names.toSorted()).toEqual(['alive', 'late'])
      // It was only away, say: the machine was asleep.
      await store.report(reportOf('gone', 1))
      expect((await store.instances()).length).toBe(3)
    })

    test('a candidate whose proposer is gone does not block for ever', async () => {
      await store.proposeCandidate({ id: 'old', draft: draftNamed('a'), by: 'gone' })
      await subject.age('candidate', candidateLeaseMs + 1_000)
      expect(await store.candidate()).toBeNull()
      expect(await store.proposeCandidate({ id: 'new', draft: draftNamed('b'), by: 'me' })).toEqual({ ok: true })
      expect((await store.candidate())?.id).toBe('new')
    })

    test.each([3_600_000, -3_600_000])('leases hold by a clock that is %i ms ahead', async (clockSkewMs) => {
      const wrong = await subject.open({ clockSkewMs })
      await store.report(reportOf('alive', 1))
      await store.report(reportOf('gone', 1))
      await subject.age({ instance: 'gone' }, instanceLeaseMs + 1_000)
      const reports = await wrong.instances()
      expect(reports.map(({ process }) => process)).toEqual(['alive'])
      // Told by the reader's clock, so that "3 s ago" is three seconds ago.
      expect(Math.abs((reports[0]?.at ?? 0) - (Date.now() + clockSkewMs))).toBeLessThan(patienceMs)
      await wrong.report(reportOf('skewed', 1))
      expect((await store.instances()).map(({ process }) => process).toSorted()).toEqual(['alive', 'skewed'])
      await store.proposeCandidate({ id: 'one', draft: draftNamed('a'), by: 'ada' })
      expect((await wrong.candidate())?.id).toBe('one')
      const other = { id: 'two', draft: draftNamed('b'), by: 'bob' }
      expect((await wrong.proposeCandidate(other)).ok).toBe(false)
      await subject.age('candidate', candidateLeaseMs + 1_000)
      expect(await wrong.candidate()).toBeNull()
    })

    test('tells watchers about a new head and a new candidate', async () => {
      const watching = await subject.open()
      let calls = 0
      stops.push(watching.watch(() => (calls += 1)))
      await until(() => calls > 0)
      const before = calls
      await publish(store, 'a', null)
      expect(await until(() => calls > before)).toBe(true)
      const between = calls
      await store.proposeCandidate({ id: 'one', draft: draftNamed('b'), by: 'me@here' })
      expect(await until(() => calls > between)).toBe(true)
    })

    test('a stopped watcher stays silent', async () => {
      let calls = 0
      const stop = (await subject.open()).watch(() => (calls += 1))
      await until(() => calls > 0)
      stop()
      const before = calls
      await publish(store, 'a', null)
      await new Promise((resolve) => setTimeout(resolve, 100))
      expect(calls).toBe(before)
    })

    test('keeps the latest report of each process until it withdraws', async () => {
      const other = await subject.open()
      await store.report(reportOf('one', 1))
      await other.report(reportOf('two', 1))
      await store.report(reportOf('one', 2))
      const reports = (await store.instances()).toSorted((left, right) => (left.process < right.process ? -1 : 1))
      const when = { at: expect.any(Number) }
      expect(reports).toEqual([
        { ...reportOf('one', 2), ...when },
        { ...reportOf('two', 1), ...when },
      ])
      await other.withdraw('one')
      await other.withdraw('never-there')
      expect((await store.instances()).map(({ process }) => process)).toEqual(['two'])
    })

    test('shows one candidate at a time, and only its proposer clears it', async () => {
      const other = await subject.open()
      const candidate = { id: 'one', draft: draftNamed('a'), by: 'ada@laptop' }
      expect(await store.proposeCandidate(candidate)).toEqual({ ok: true })
      const shown = { ...candidate, problem: null }
      expect(await other.candidate()).toEqual(shown)
      expect(await other.proposeCandidate({ ...candidate, id: 'two', by: 'bob@ci' })).toEqual({
        ok: false,
        holder: { id: 'one', by: 'ada@laptop' },
      })
      await other.clearCandidate('two')
      expect(await other.candidate()).toEqual(shown)
      await store.clearCandidate('one')
      expect(await other.candidate()).toBeNull()
      expect(await other.proposeCandidate({ ...candidate, id: 'two', by: 'bob@ci' })).toEqual({ ok: true })
    })

    test('of many candidates proposed at once exactly one gets the slot', async () => {
      const proposers = await Promise.all(Array.from({ length: 8 }, async () => await subject.open()))
      const outcomes = await Promise.all(
        proposers.map(
          async (proposer, index) =>
            await proposer.proposeCandidate({ id: `id-${index}`, draft: draftNamed('a'), by: `writer ${index}` }),
        ),
      )
      expect(outcomes.filter((outcome) => outcome.ok).length).toBe(1)
      expect((await store.candidate())?.id).toBe(`id-${outcomes.findIndex((outcome) => outcome.ok)}`)
    })
  })
}

async function publish(store: ReleaseStore, name: string, expectedHead: number | null) {
  const publication = await store.publish(draftNamed(name), expectedHead)
  if (!publication.ok) throw new Error(`${name} was not published: the head is ${publication.head?.revision}`)
  return publication.release
}

/** False when it has not come true within our patience. */
async function until(condition: () => boolean): Promise<boolean> {
  const end = Date.now() + patienceMs
  while (!condition()) {
    if (Date.now() > end) return false
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return true
}

/** Every head there was, as a reader comes by them; each must be readable. */
async function followHead(store: ReleaseStore, isOver: () => boolean): Promise<readonly number[]> {
  const heads: number[] = []
  while (!isOver()) {
    const head = await store.head()
    if (head !== null && head.revision !== heads.at(-1)) {
      await store.read(head.revision)
      heads.push(head.revision)
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return heads
}

interface RacedRevision {
  readonly revision: number
  readonly won: boolean
}

function startRacer(...args: readonly string[]) {
  const script = fileURLToPath(new URL('./racer.ts', import.meta.url))
  const racer = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve) => racer.on('close', resolve))
  return { racer, ended }
}

/** Runs `racer.ts` in a process of its own until the store has `rounds` releases. */
async function race(url: string, side: string, rounds: number): Promise<readonly RacedRevision[]> {
  const { racer, ended } = startRacer(url, side, String(rounds))
  let output = ''
  racer.stdout.on('data', (part: Buffer) => (output += part.toString()))
  const exitCode = await ended
  if (exitCode !== 0) throw new Error(`the ${side} racer ended with ${String(exitCode)}`)
  return output
    .trim()
    .split('\n')
    .map((line) => ({ revision: Number(line.split(' ')[1]), won: line.startsWith('won') }))
}

/** Kills a racer some turns after it has published its first release; each round at another moment. */
async function killRacer(url: string, round: number): Promise<void> {
  const { racer, ended } = startRacer(url, 'killed', '1000000')
  await new Promise((resolve) => racer.stdout.once('data', resolve))
  await new Promise((resolve) => setTimeout(resolve, round))
  racer.kill('SIGKILL')
  await ended
}
