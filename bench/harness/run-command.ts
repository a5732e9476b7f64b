/** Commands that run to their end, on the measured core. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { pinned } from './process.ts'
import { measuredCore } from './subject.ts'

export interface CommandRun {
  readonly wallMs: number
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  /** Most memory it ever held, as far as asking every few milliseconds sees it. */
  readonly peakRssBytes: number
}

export function runCommand(command: readonly string[], cwd?: string): Promise<CommandRun> {
  const { file, args } = pinned(command, measuredCore)
  const startedAt = performance.now()
  const env = { PATH: dirname(process.execPath), NO_COLOR: '1' }
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'], ...(cwd === undefined ? {} : { cwd }) })
  let stdout = ''
  let stderr = ''
  let peakRssBytes = 0
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()))
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()))
  const watching = setInterval(() => (peakRssBytes = Math.max(peakRssBytes, highWater(child.pid))), 20)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode) => {
      clearInterval(watching)
      resolve({ wallMs: performance.now() - startedAt, exitCode, stdout, stderr, peakRssBytes })
    })
  })
}

function highWater(pid: number | undefined): number {
  try {
    const kibibytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'))?.[1] ?? 0
    return Number(kibibytes) * 1024
  } catch {
    return 0
  }
}

/** Why a command failed, in one line: the one that names the error, or the last. */
export function failureLine({ exitCode, stderr }: CommandRun): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  const line = lines.find((one) => /error/i.test(one) && !one.includes('throw')) ?? lines.at(-1) ?? ''
  return `exit ${String(exitCode)}: ${line.trim().slice(0, 120)}`
}
