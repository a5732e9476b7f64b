/** One process, one spool folder. The lock names its holder, so that a second gateway is told who has it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface FolderLock {
  release(): void
}

/** Thrown when another living process writes to the folder. */
export class SpoolLockedError extends Error {
  constructor(directory: string, holder: number) {
    super(
      `the spool folder ${directory} is in use by process ${holder}: stop that gateway, or give this one a folder of its own with --spool`,
    )
    this.name = 'SpoolLockedError'
  }
}

/** Takes the folder, or throws `SpoolLockedError`. A lock whose process has died is taken over. */
export function lockFolder(directory: string): FolderLock {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, 'lock')
  for (;;) {
    try {
      writeFileSync(path, `${process.pid} ${startOf(process.pid) ?? ''}\n`, { flag: 'wx', mode: 0o600 })
      return { release: () => rmSync(path, { force: true }) }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    const [pid = '', start = ''] = readHolder(path).trim().split(' ')
    const holder = Number.parseInt(pid, 10)
    if (Number.isInteger(holder) && isAlive(holder) && isSame(holder, start)) {
      throw new SpoolLockedError(directory, holder)
    }
    rmSync(path, { force: true })
  }
}

function readHolder(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/**
 * Is the living process the one that took the lock? After a crash its number may be another's: in a container the
 * gateway has the same one at every start, and would lock itself out.
 */
function isSame(pid: number, start: string): boolean {
  const now = startOf(pid)
  return start === '' || now === null || now === start
}

/** When the process began, as Linux tells it (boot, and ticks since then: proc(5), field 22 of stat); null elsewhere. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return ticks === undefined ? null : `${boot}:${ticks}`
  } catch {
    return null
  }
}
