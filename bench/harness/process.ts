/** Child processes: started on a core of their own, watched through /proc, and always ended. Linux only. */
import type { ChildProcess } from 'node:child_process'
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'

const taskset = ['/usr/bin/taskset', '/bin/taskset'].find((path) => existsSync(path))

export interface StartedChild {
  readonly pid: number
  /** CPU time of all threads so far, microseconds. */
  cpuUs(): number
  rssBytes(): number
  stop(): Promise<void>
}

export interface ChildOptions {
  readonly command: readonly string[]
  readonly core: number | null
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** Why nothing can be pinned, or null. */
export const pinningProblem = taskset === undefined ? 'no taskset: nothing is pinned to a core' : null

/** Puts this process, all threads of it, on one core. */
export function pinSelf(core: number): void {
  if (taskset !== undefined)
    execFileSync(taskset, ['-a', '-c', '-p', String(core), String(process.pid)], { stdio: 'ignore' })
}

/** `command` as it is run on a core. */
export function pinned(command: readonly string[], core: number | null): { file: string; args: string[] } {
  const [file = '', ...args] =
    core === null || taskset === undefined ? command : [taskset, '-c', String(core), ...command]
  return { file, args: [...args] }
}

export function startChild({ command, core, env = {}, cwd }: ChildOptions): StartedChild {
  const { file, args } = pinned(command, core)
  const child = spawn(file, args, {
    env: { ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  })
  const { pid } = child
  if (pid === undefined) throw new Error(`${command.join(' ')} did not start`)
  let said = ''
  child.stderr.on('data', (part: Buffer) => (said = (said + part.toString()).slice(-2_000)))
  // Nothing may outlive the bench, however it ends.
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  let expected = false
  child.once('exit', (code) => {
    process.off('exit', kill)
    if (!expected) process.stderr.write(`bench: ${command.join(' ')} ended with ${String(code)}:\n${said}\n`)
  })
  return {
    pid,
    cpuUs: () => cpuUs(pid),
    rssBytes: () => rssBytes(pid),
    stop: () => {
      expected = true
      return stopChild(child)
    },
  }
}

const stopWithinMs = 10_000

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
  await ended
  clearTimeout(late)
}

/**
 * Run time of every thread from the scheduler, in nanoseconds there; the tick counts of `stat` are too coarse for a
 * short round. A thread that ended in between is missing, which Node's pools do not do.
 */
function cpuUs(pid: number): number {
  let total = 0
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    try {
      total += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0])
    } catch {
      // The thread ended between the listing and the reading.
    }
  }
  return total / 1000
}

/** How long a core has had nothing to do so far, microseconds; kept in ticks of ten milliseconds. */
export function idleUs(core: number): number {
  const fields = new RegExp(`^cpu${core} (.*)$`, 'm').exec(readFileSync('/proc/stat', 'utf8'))?.[1]?.split(' ') ?? []
  return (Number(fields[3]) + Number(fields[4])) * 10_000
}

function rssBytes(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
  return pages * 4096
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('a TCP listener has a port')
  return address.port
}

/** Asks again every 20 ms until it is so. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const endsAt = performance.now() + 60_000
  while (!(await isSo().catch(() => false))) {
    if (performance.now() > endsAt) throw new Error(`waited a minute for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
