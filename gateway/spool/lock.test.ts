import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SpoolLockedError, lockFolder } from './lock.ts'

let folder = ''
const running: Locker[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aigw-lock-'))
})
afterEach(async () => {
  await Promise.all(running.splice(0).map(async ({ kill }) => await kill()))
  rmSync(folder, { recursive: true, force: true })
})

interface Locker {
  /** Sends a line and waits for what is said to it. */
  readonly ask: (line: string) => Promise<string>
  readonly pid: number
  readonly kill: () => Promise<void>
}

function startLocker(): Locker {
  const script = fileURLToPath(new URL('./testing/locker.ts', import.meta.url))
  const child = spawn(process.execPath, [script, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.once('close', resolve))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const locker: Locker = {
    pid: child.pid ?? 0,
    ask: async (line) => {
      child.stdin.write(`${line}\n`)
      const said = await lines.next()
      return said.done === true ? 'ended' : said.value
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
  running.push(locker)
  return locker
}

describe('the lock of a spool folder', () => {
  it('is held by one, named to the others, and given back without a trace', () => {
    const lock = lockFolder(folder)
    expect(() => lockFolder(folder)).toThrow(SpoolLockedError)
    expect(() => lockFolder(folder)).toThrow(`is in use by process ${process.pid}: stop that gateway`)
    lock.release()
    expect(readdirSync(folder)).toEqual([])
    lockFolder(folder).release()
  })

  it('of a process that was killed is taken over, and cleaned away', async () => {
    const dead = startLocker()
    expect(await dead.ask('0')).toBe('held')
    expect(() => lockFolder(folder)).toThrow(`process ${dead.pid}`)
    await dead.kill()
    expect(readdirSync(folder)).toHaveLength(2)
    const lock = lockFolder(folder)
    expect(readdirSync(folder).every((name) => name.startsWith(`lock.${process.pid}.`))).toBe(true)
    lock.release()
  })

  it.runIf(process.platform === 'linux')('of an older version holds while its process is the one that wrote it', () => {
    writeFileSync(join(folder, 'lock'), `${process.pid}\n`)
    expect(() => lockFolder(folder)).toThrow(SpoolLockedError)
    writeFileSync(join(folder, 'lock'), `${process.pid} 00000000-0000-0000-0000-000000000000:1\n`)
    const lock = lockFolder(folder)
    expect(readdirSync(folder)).not.toContain('lock')
    lock.release()
  })

  it('is not disturbed by files that are no claims', () => {
    for (const name of ['lock.txt', 'lockfile', 'lock.1.2', 'segments']) writeFileSync(join(folder, name), '1')
    const lock = lockFolder(folder)
    lock.release()
    expect(readdirSync(folder).toSorted()).toEqual(['lock.1.2', 'lock.txt', 'lockfile', 'segments'])
  })

  describe.runIf(process.platform === 'linux')('of another container or machine', () => {
    const boot = () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const lay = (start: string, ageMs: number): string => {
      const mark = join(folder, `lock.1.${start}.00ff.held`)
      writeFileSync(join(folder, `lock.1.${start}.00ff`), '')
      writeFileSync(mark, '.')
      const then = new Date(Date.now() - ageMs)
      utimesSync(mark, then, then)
      return mark
    }

    it.each([
      ['in another container', () => `${boot()}-5-7`],
      ['on another machine', () => '00000000-0000-0000-0000-000000000000-5-7'],
    ])('holds for as long as it is touched: %s', async (_where, start) => {
      const mark = lay(start(), 1000)
      const toucher = spawn('sh', ['-c', 'while sleep 0.1; do printf . > "$1"; done', 'sh', mark])
      const ended = new Promise((resolve) => toucher.once('close', resolve))
      try {
        expect(() => lockFolder(folder)).toThrow('is in use by process 1 of another machine or container')
      } finally {
        toucher.kill('SIGKILL')
        await ended
      }
    })

    it('is taken over when nobody has touched it for long', () => {
      lay(`${boot()}-5-7`, 60_000)
      lay('00000000-0000-0000-0000-000000000000-5-7', 60_000)
      const began = performance.now()
      const lock = lockFolder(folder)
      expect(performance.now() - began).toBeLessThan(5_000)
      lock.release()
      expect(readdirSync(folder)).toEqual([])
    })

    it('is waited for when it may still be touched, and taken over when it is not', { timeout: 60_000 }, () => {
      lay(`${boot()}-5-7`, 0)
      lockFolder(folder).release()
      expect(readdirSync(folder)).toEqual([])
    })

    it('is how ours looks from there: touched again and again', { timeout: 60_000 }, async () => {
      const lock = lockFolder(folder)
      const mark = join(folder, readdirSync(folder).find((name) => name.endsWith('.held')) ?? '')
      const before = statSync(mark).mtimeMs
      await vi.waitFor(() => expect(statSync(mark).mtimeMs).toBeGreaterThan(before), { timeout: 20_000 })
      lock.release()
      expect(readdirSync(folder)).toEqual([])
    })
  })

  it.each([
    ['with nothing there', () => {}],
    ['over the lock of a dead process', () => writeFileSync(join(folder, 'lock.999999999.unknown.00ff'), '')],
    ['over a dead lock of an older version', () => writeFileSync(join(folder, 'lock'), '999999999\n')],
  ])('wanted by several processes at once %s ends with one of them, each time', { timeout: 60_000 }, async (_, lay) => {
    const lockers = [startLocker(), startLocker(), startLocker()]
    const winners = new Set<number>()
    for (let round = 0; round < 120; round += 1) {
      lay()
      const at = String(Date.now() + 4)
      const said = await Promise.all(lockers.map(async ({ ask }) => await ask(at)))
      expect([round, ...said.toSorted()]).toEqual([round, 'held', 'refused', 'refused'])
      winners.add(said.indexOf('held'))
      await Promise.all(lockers.map(async ({ ask }) => await ask('release')))
      expect(readdirSync(folder)).toEqual([])
    }
    // They did race: it was not always the same one.
    expect(winners.size).toBeGreaterThan(1)
  })
})
