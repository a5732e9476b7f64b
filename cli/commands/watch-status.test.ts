import { expect, test } from 'vitest'
import { CommandError } from '../context.ts'
import { fakeContext } from '../testing/context.ts'
import type { InstanceDetails } from '../../gateway/release/instance-details.ts'
import type { InstanceReport } from '../../gateway/release/instance.ts'
import { type Look, fit } from '../views/watch.ts'
import { watchStatus } from './watch-status.ts'

const home = '\u001B[H\u001B[J'

function instanceAt(at: number, served: number): InstanceReport & Pick<InstanceDetails, 'requests'> {
  const requests = { served, failed: 0, broken: 0, abandoned: 0, cut: 0, refused: 0 }
  return {
    process: 'p',
    pid: 1,
    host: 'h',
    url: '',
    revision: 1,
    hash: null,
    generation: 1,
    ready: true,
    problem: null,
    candidate: null,
    inFlight: 0,
    draining: [],
    at,
    requests,
  }
}

function lookOf(condition: string, instances: readonly InstanceReport[] = []): Look {
  return {
    condition,
    instances,
    value: { condition },
    render: (pace) => `${condition} ${instances.map((one) => String(pace(one))).join()}\n`,
  }
}

/** Shows these one after the other, and is told to stop at the last. */
async function watch(looks: readonly (Look | Error)[], options: { columns?: number; asJson?: boolean } = {}) {
  const { asJson = false, ...terminal } = options
  const world = fakeContext({ cwd: '/', ...terminal })
  let next = 0
  const look = async (): Promise<Look> => {
    const seen = looks[next]
    next += 1
    if (seen === undefined) {
      world.stop()
      return await new Promise(() => {})
    }
    if (seen instanceof Error) throw seen
    return await Promise.resolve(seen)
  }
  const exitCode = await watchStatus(world.context, { look, intervalMs: 1, asJson })
  return { exitCode, stdout: world.stdout() }
}

test('in a pipe there is one block a change, and none for what stays as it is', async () => {
  const { exitCode, stdout } = await watch([
    lookOf('calm'),
    lookOf('calm'),
    lookOf('storm'),
    lookOf('calm'),
    lookOf('calm'),
  ])
  const time = '2026-11-23T09:00:00.000Z'
  expect(stdout).toBe(`${time}\ncalm \n\n${time}\nstorm \n\n${time}\ncalm \n`)
  expect(exitCode).toBe(0)
})

test('as JSON each change is a line', async () => {
  const { stdout } = await watch([lookOf('calm'), lookOf('storm'), lookOf('storm')], { asJson: true })
  expect(stdout).toBe('{"condition":"calm"}\n{"condition":"storm"}\n')
})

test('on a terminal the same place is drawn anew, line by line no longer than it is wide', async () => {
  const { stdout } = await watch([lookOf('calm'), lookOf('calm'), lookOf('x'.repeat(60))], { columns: 40 })
  const frames = stdout.split(home).slice(1)
  expect(frames).toHaveLength(3)
  expect(frames[0]).toMatch(/^aigw status, every 0\.001 s, 09:00:00 UTC/)
  expect(frames[0]).toContain('\ncalm ')
  expect(frames[2]).toContain(`\n${'x'.repeat(40)}\u001B[0m\n`)
})

test('what cannot be asked later is shown and asked again; at the beginning it is the end', async () => {
  const gone = new CommandError('the store is gone')
  const { exitCode, stdout } = await watch([lookOf('calm'), gone, gone, lookOf('calm')])
  expect(stdout.match(/the store is gone/g)).toHaveLength(1)
  expect(stdout.match(/calm/g)).toHaveLength(2)
  expect(exitCode).toBe(0)
  await expect(watch([gone])).rejects.toThrow('the store is gone')
  await expect(watch([lookOf('calm'), new TypeError('a bug')])).rejects.toThrow('a bug')
})

test('a pace is told from the second report on, and kept while no new one has come', async () => {
  const looks = [
    lookOf('a', [instanceAt(1_000, 100)]),
    lookOf('b', [instanceAt(3_000, 150)]),
    lookOf('c', [instanceAt(3_000, 150)]),
  ]
  const { stdout } = await watch(looks)
  expect(stdout.match(/^[abc] .+$/gm)).toEqual(['a null', 'b 25', 'c 25'])
})

test.each([
  ['plain', 5, 'plain'],
  ['plain', 3, 'pla\u001B[0m'],
  ['\u001B[32mgreen\u001B[39m', 5, '\u001B[32mgreen\u001B[39m'],
  ['\u001B[32mgreen\u001B[39m!', 5, '\u001B[32mgreen\u001B[39m\u001B[0m'],
])('%j in %i columns is %j', (line, columns, expected) => {
  expect(fit(line, columns)).toBe(expected)
})
