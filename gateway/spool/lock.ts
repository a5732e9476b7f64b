/**
 * One process, one spool folder. Every process that wants the folder lays down a claim, a file of its own, and only
 * then looks at the claims of others. Of two that look, the later one sees the earlier one's claim, so never do both
 * go on; and since nobody removes or writes over what a living process laid down, it does not matter how many find the
 * claim of a dead one at the same moment. Claims that meet give way by name, so that one of them stays.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
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

/** Beside a claim: its process has looked, found nobody, and holds the folder. */
const heldSuffix = '.held'
const pollMs = 5
/** A process that is stopped in the middle of looking is not waited for longer. */
const patienceMs = 2_000

/** Takes the folder, or throws `SpoolLockedError`. A lock whose process has died is taken over. */
export function lockFolder(directory: string): FolderLock {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const claim = `lock.${process.pid}.${startOf(process.pid) ?? unknownStart}.${randomBytes(6).toString('hex')}`
  const place = (name: string): string => join(directory, name)
  const remove = (...names: readonly string[]): void => {
    for (const name of names) rmSync(place(name), { force: true })
  }
  // Everything is in the name, so that there is no moment at which only half of it can be read.
  writeFileSync(place(claim), '', { flag: 'wx', mode: 0o600 })
  try {
    const dead = awaitOthers(directory, claim)
    writeFileSync(place(`${claim}${heldSuffix}`), '', { mode: 0o600 })
    remove(...dead)
  } catch (error) {
    remove(claim)
    throw error
  }
  return { release: () => remove(`${claim}${heldSuffix}`, claim) }
}

/** Waits until nobody else claims the folder; throws when somebody else gets it. Gives what the dead have left. */
function awaitOthers(directory: string, claim: string): readonly string[] {
  const endAt = performance.now() + patienceMs
  for (;;) {
    const { living, dead } = readClaims(directory, claim)
    const [first] = living
    if (first === undefined) return dead
    const winner = living.find(({ name, isHeld }) => isHeld || name < claim)
    if (winner !== undefined) throw new SpoolLockedError(directory, winner.pid)
    if (performance.now() > endAt) throw new SpoolLockedError(directory, first.pid)
    // The others give way to us, or took the folder before they could see us: a moment will tell.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pollMs)
  }
}

interface Claim {
  readonly name: string
  readonly pid: number
  readonly isHeld: boolean
}

interface Claims {
  readonly living: readonly Claim[]
  /** Names of files. */
  readonly dead: readonly string[]
}

/** `lock` alone is what versions before this one wrote, with process and start as its content. */
const claimName = /^lock(?:\.(\d+)\.([^.]+)\.[0-9a-f]+)?$/

function readClaims(directory: string, own: string): Claims {
  const names = new Set(readdirSync(directory).filter((name) => name.startsWith('lock')))
  const living: Claim[] = []
  const dead: string[] = []
  for (const name of names) {
    const isMark = name.endsWith(heldSuffix)
    const claim = isMark ? name.slice(0, -heldSuffix.length) : name
    const match = claimName.exec(claim)
    if (match === null || claim === own) continue
    const [pid, start] =
      match[1] === undefined ? readOldLock(join(directory, name)) : [Number(match[1]), match[2] ?? '']
    if (!isAlive(pid) || !isSame(pid, start)) dead.push(name)
    else if (!isMark) living.push({ name, pid, isHeld: name === 'lock' || names.has(`${name}${heldSuffix}`) })
  }
  return { living, dead }
}

function readOldLock(path: string): [pid: number, start: string] {
  try {
    const [pid = '', start = ''] = readFileSync(path, 'utf8').trim().split(' ')
    return [Number.parseInt(pid, 10), start === '' ? unknownStart : start.replace(':', '-')]
  } catch {
    return [Number.NaN, unknownStart]
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/**
 * Is the living process the one that made the claim? After a crash its number may be another's: in a container the
 * gateway has the same one at every start, and would lock itself out.
 */
function isSame(pid: number, start: string): boolean {
  const now = startOf(pid)
  return start === unknownStart || now === null || now === start
}

const unknownStart = 'unknown'

/** When the process began, as Linux tells it (boot, and ticks since then: proc(5), field 22 of stat); null elsewhere. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return ticks === undefined ? null : `${boot}-${ticks}`
  } catch {
    return null
  }
}
