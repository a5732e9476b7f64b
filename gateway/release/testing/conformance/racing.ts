/** Several writers at once, in one process and in two, and writers that are killed. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { ReleaseStore } from '../../store.ts'
import { draftNamed } from '../drafts.ts'
import type { Stage } from './stage.ts'

export function describeRacing(stage: Stage): void {
  test('two writers at once in one process: exactly one wins', async () => {
    const writers = await Promise.all([
      stage.subject.open(),
      stage.subject.open(),
      stage.subject.open(),
      stage.subject.open(),
    ])
    for (let round = 0; round < 10; round += 1) {
      const head = (await stage.store.head())?.revision ?? null
      const outcomes = await Promise.all(
        writers.map(async (writer, index) => await writer.publish(draftNamed(`${round}-${index}`), head)),
      )
      expect(outcomes.filter((outcome) => outcome.ok).length).toBe(1)
      const won = outcomes.findIndex((outcome) => outcome.ok)
      expect((await stage.store.head())?.hash).toBe(draftNamed(`${round}-${won}`).hash)
    }
  })

  test('two writers at once in two processes: exactly one wins each revision', { timeout: 60_000 }, async () => {
    const rounds = 150
    const racing = { over: false }
    const seen = followHead(await stage.subject.open(), () => racing.over)
    const logs = await Promise.all([race(stage.subject.url, 'left', rounds), race(stage.subject.url, 'right', rounds)])
    racing.over = true
    const winners = logs.map((log) => log.filter(({ won }) => won).map(({ revision }) => revision))
    expect(winners.flat().sort((left, right) => left - right)).toEqual(
      Array.from({ length: rounds }, (_, index) => index + 1),
    )
    // Both raced: neither only ever came too late.
    expect(Math.min(...winners.map((won) => won.length))).toBeGreaterThan(0)
    for (const [index, side] of ['left', 'right'].entries()) {
      for (const revision of winners[index] ?? []) {
        const { source, parent } = await stage.store.read(revision)
        expect([source.author, parent ?? 0]).toEqual([side, revision - 1])
      }
    }
    const heads = await seen
    expect(heads).toEqual(heads.toSorted((left, right) => left - right))
    expect(heads.length).toBeGreaterThan(2)
  })

  test('a writer that is killed at any moment leaves a whole store behind', { timeout: 60_000 }, async () => {
    for (let round = 0; round < 15; round += 1) {
      await killRacer(stage.subject.url, round)
      const head = await stage.store.head()
      if (head !== null) expect((await stage.store.read(head.revision)).hash).toBe(head.hash)
      const halves = (await stage.store.list()).filter(({ problem }) => problem !== null)
      if (stage.subject.leavesHalves !== true) expect(halves).toEqual([])
      // Its writer is dead, and the next one need not wait to be sure of it.
      for (const { revision } of halves) await stage.subject.age({ revision }, 60_000)
      const next = await stage.store.publish(draftNamed(`after ${round}`), head?.revision ?? null)
      expect(next.ok).toBe(true)
    }
  })

  test('of many candidates proposed at once exactly one gets the slot', async () => {
    const proposers = await Promise.all(Array.from({ length: 8 }, async () => await stage.subject.open()))
    const outcomes = await Promise.all(
      proposers.map(
        async (proposer, index) =>
          await proposer.proposeCandidate({ id: `id-${index}`, draft: draftNamed('a'), by: `writer ${index}` }),
      ),
    )
    expect(outcomes.filter((outcome) => outcome.ok).length).toBe(1)
    expect((await stage.store.candidate())?.id).toBe(`id-${outcomes.findIndex((outcome) => outcome.ok)}`)
  })
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
  const script = fileURLToPath(new URL('../racer.ts', import.meta.url))
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
