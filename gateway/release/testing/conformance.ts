/**
 * What any release store must do, whatever it is made of. A store's own test calls `describeReleaseStore` with a way to
 * open the same fresh store several times, as several processes would.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { InstanceReport } from '../instance.ts'
import { type ReleaseStore, StoreError } from '../store.ts'
import { draftNamed } from './drafts.ts'

export interface StoreUnderTest {
  /** Every call opens the same store anew. */
  readonly open: () => Promise<ReleaseStore>
  /** What another process opens it by. */
  readonly url: string
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
      const logs = await Promise.all([race(subject.url, 'left', rounds), race(subject.url, 'right', rounds)])
      const winners = logs.map((log) => log.filter(({ won }) => won).map(({ revision }) => revision))
      expect(winners.flat().sort((left, right) => left - right)).toEqual(
        Array.from({ length: rounds }, (_, index) => index + 1),
      )
      for (const [index, side] of ['left', 'right'].entries()) {
        for (const revision of winners[index] ?? []) {
          const { source, parent } = await store.read(revision)
          expect([source.author, parent ?? 0]).toEqual([side, revision - 1])
        }
      }
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
      expect(reports).toEqual([reportOf('one', 2), reportOf('two', 1)])
      await other.withdraw('one')
      await other.withdraw('never-there')
      expect((await store.instances()).map(({ process }) => process)).toEqual(['two'])
    })

    test('shows one candidate at a time, and only its proposer clears it', async () => {
      const other = await subject.open()
      const candidate = { id: 'one', draft: draftNamed('a'), by: 'ada@laptop' }
      expect(await store.proposeCandidate(candidate)).toEqual({ ok: true })
      expect(await other.candidate()).toEqual(candidate)
      expect(await other.proposeCandidate({ ...candidate, id: 'two', by: 'bob@ci' })).toEqual({
        ok: false,
        holder: { id: 'one', by: 'ada@laptop' },
      })
      await other.clearCandidate('two')
      expect(await other.candidate()).toEqual(candidate)
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

export function reportOf(process: string, revision: number): InstanceReport {
  return {
    process,
    pid: 1,
    host: 'here',
    url: 'http://127.0.0.1:8080',
    revision,
    hash: draftNamed('a').hash,
    generation: revision,
    ready: true,
    problem: null,
    candidate: { id: 'one', accepted: false, problems: ['the key is missing'] },
    inFlight: 3,
    draining: [{ revision: revision - 1, requests: 2 }],
    at: 1_700_000_000_000,
  }
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

interface RacedRevision {
  readonly revision: number
  readonly won: boolean
}

/** Runs `racer.ts` in a process of its own until the store has `rounds` releases. */
async function race(url: string, side: string, rounds: number): Promise<readonly RacedRevision[]> {
  const script = fileURLToPath(new URL('./racer.ts', import.meta.url))
  const racer = spawn(process.execPath, [script, url, side, String(rounds)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  racer.stdout.on('data', (part: Buffer) => (output += part.toString()))
  const exitCode = await new Promise((resolve) => racer.on('close', resolve))
  if (exitCode !== 0) throw new Error(`the ${side} racer ended with ${String(exitCode)}`)
  return output
    .trim()
    .split('\n')
    .map((line) => ({ revision: Number(line.split(' ')[1]), won: line.startsWith('won') }))
}
