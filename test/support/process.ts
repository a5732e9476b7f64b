/** A gateway as a process of its own, as a user starts it: it can be killed, starved of files, and asked for its memory. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from './gateway.ts'

const commandLine = join(import.meta.dirname, '..', '..', 'cli', 'main.ts')

export interface ProcessOptions {
  /** Where it runs. */
  readonly folder: string
  /** After `serve`. */
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Flags of Node's. */
  readonly node?: readonly string[]
  /** A line of sh that sets the process' limits before it starts, such as `ulimit -n 100`. */
  readonly limits?: string
}

export interface ProcessEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface GatewayProcess {
  readonly pid: number
  /** What it wrote to standard error so far. */
  readonly said: () => string
  /** The same of standard output. */
  readonly printed: () => string
  /** Of what it said, the lines of this event. */
  readonly events: (event: string) => readonly Record<string, unknown>[]
  /** Waits for its end. */
  readonly ended: Promise<ProcessEnd>
  readonly hasEnded: () => boolean
  /** Sends the signal and waits for the end. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<ProcessEnd>
  readonly signal: (signal: NodeJS.Signals) => void
}

export interface ServingProcess extends GatewayProcess {
  readonly url: string
  readonly adminUrl: string
}

const running = new Set<ChildProcess>()
// Nothing may outlive the tests, however they end.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts `aigw serve` and does not wait for anything. */
export function startProcess({ folder, args, env = {}, node = [], limits }: ProcessOptions): GatewayProcess {
  const command = [process.execPath, ...node, commandLine, 'serve', '--format', 'json', ...args]
  const [file = '', ...rest] = limits === undefined ? command : ['sh', '-c', `${limits}; exec "$@"`, 'sh', ...command]
  const { PATH = '' } = process.env
  const child = spawn(file, rest, {
    cwd: folder,
    env: { PATH, HOME: folder, NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
  let hasEnded = false
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('close', (code, signal) => {
      hasEnded = true
      running.delete(child)
      resolve({ code, signal })
    })
  })
  return {
    pid: child.pid ?? 0,
    said: () => said,
    printed: () => printed,
    events: (event) => said.split('\n').flatMap((line) => eventOf(line, event)),
    ended,
    hasEnded: () => hasEnded,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal)
      return await ended
    },
    signal: (signal) => void child.kill(signal),
  }
}

function eventOf(line: string, event: string): Record<string, unknown>[] {
  if (!line.includes(`"event":"${event}"`)) return []
  // A line that the end of the process has cut off is none.
  if (!line.endsWith('}')) return []
  return [JSON.parse(line) as Record<string, unknown>]
}

/** Starts it on free ports, unless it is told which, and waits until it listens; throws what it said when it ends instead. */
export async function serveProcess(options: ProcessOptions): Promise<ServingProcess> {
  const args = ['--port', '0', '--admin-port', '0', ...options.args]
  const started = startProcess({ ...options, args })
  await until('the gateway listens', () => started.hasEnded() || started.events('listening').length > 0, 30_000)
  const [listening] = started.events('listening')
  if (listening === undefined) throw new Error(`the gateway ended: ${started.said()}`)
  return { ...started, url: String(listening['url']), adminUrl: String(listening['admin_url']) }
}

/** Bytes of memory, and open files; Linux only. */
export function usageOf(pid: number): { readonly rssBytes: number; readonly descriptors: number } {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
  return { rssBytes: pages * 4096, descriptors: readdirSync(`/proc/${pid}/fd`).length }
}

/** One number of `/metrics`, without labels. */
export async function metricOf(adminUrl: string, name: string): Promise<number> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
}
