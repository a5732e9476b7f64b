/**
 * One process, one spool folder. Every process that wants the folder lays down a claim, a file of its own, and only
 * then looks at the claims of others. Of two that look, the later one sees the earlier one's claim, so never do both
 * go on; and since nobody removes or writes over what a living process laid down, it does not matter how many find the
 * claim of a dead one at the same moment. Claims that meet give way by name, so that one of them stays.
 *
 * Whether a process lives can be asked on its own machine and in its own container only. Of a claim from elsewhere (a
 * volume that two containers have, the old and the new one of a rolling update for two) all that can be seen is whether
 * somebody goes on touching it.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, readlinkSync, rmSync, statSync, writeFile, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface FolderLock {
  release(): void
}

/** Thrown when another living process writes to the folder. */
export class SpoolLockedError extends Error {
  constructor(directory: string, { pid, isElsewhere }: Pick<Claim, 'pid' | 'isElsewhere'>) {
    const where = isElsewhere ? ' of another machine or container' : ''
    super(
      `the spool folder ${directory} is in use by process ${pid}${where}: stop that gateway, or give this one a folder of its own with --spool`,
    )
    this.name = 'SpoolLockedError'
  }
}

/** Beside a claim: its process has looked, found nobody, and holds the folder. */
const heldSuffix = '.held'
const pollMs = 5
/** How often the holder touches its mark, and when one that nobody can ask for is taken for dead. */
const touchEveryMs = 2_000
const untouchedMs = 7_000
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
    writeFileSync(place(`${claim}${heldSuffix}`), '.', { mode: 0o600 })
    remove(...dead)
  } catch (error) {
    remove(claim)
    throw error
  }
  const timer = setInterval(() => touch(place(`${claim}${heldSuffix}`)), touchEveryMs).unref()
  return {
    release: () => {
      clearInterval(timer)
      remove(`${claim}${heldSuffix}`, claim)
    },
  }
}

/** By writing, so that the file's time is told by the clock of its folder; never making it anew. */
function touch(path: string): void {
  writeFile(path, '.', { flag: 'r+' }, () => {
    // A disk that cannot be written has its own words; a mark that is not touched is one that somebody may take over.
  })
}

/** Waits until nobody else claims the folder; throws when somebody else gets it. Gives what the dead have left. */
function awaitOthers(directory: string, claim: string): readonly string[] {
  const marks = new Marks(directory, claim)
  const endAt = performance.now() + patienceMs
  for (;;) {
    const { living, dead } = readClaims(directory, claim, marks)
    const [first] = living
    if (first === undefined) return dead
    const winner = living.find(({ name, isHeld, isInDoubt }) => !isInDoubt && (isHeld || name < claim))
    if (winner !== undefined) throw new SpoolLockedError(directory, winner)
    // A claim in doubt is over, or not, by itself.
    const other = living.find(({ isInDoubt }) => !isInDoubt)
    if (other !== undefined && performance.now() > endAt) throw new SpoolLockedError(directory, other)
    // The others give way to us, or took the folder before they could see us: a moment will tell.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pollMs)
  }
}

interface Claim {
  readonly name: string
  readonly pid: number
  readonly isHeld: boolean
  /** Of a process that nobody can ask for from here. */
  readonly isElsewhere: boolean
  /** Elsewhere, and not touched since it was first seen: it may be dead. */
  readonly isInDoubt: boolean
}

interface Claims {
  readonly living: readonly Claim[]
  /** Names of files. */
  readonly dead: readonly string[]
}

/** `lock` alone is what versions before this one wrote, with process and start as its content. */
const claimName = /^lock(?:\.(\d+)\.([^.]+)\.[0-9a-f]+)?$/

function readClaims(directory: string, own: string, marks: Marks): Claims {
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
    const isElsewhere = isFromElsewhere(start)
    const isHeld = name === 'lock' || names.has(`${claim}${heldSuffix}`)
    const state = isElsewhere ? marks.stateOf(isHeld ? `${claim}${heldSuffix}` : claim) : stateHere(pid, start)
    if (state === 'dead') dead.push(name)
    else if (!isMark) living.push({ name, pid, isHeld, isElsewhere, isInDoubt: isHeld && state === 'in doubt' })
  }
  return { living, dead }
}

type State = 'alive' | 'dead' | 'in doubt'

function stateHere(pid: number, start: string): State {
  return isAlive(pid) && isSame(pid, start) ? 'alive' : 'dead'
}

/** What is seen of claims whose processes nobody can ask for from here. */
class Marks {
  private readonly directory: string
  /** Of our own claim, which was just made: what time it is by the clock of the folder. */
  private readonly folderMs: number
  private readonly sinceMs = performance.now()
  private readonly first = new Map<string, number>()

  constructor(directory: string, own: string) {
    this.directory = directory
    this.folderMs = statSync(join(directory, own)).mtimeMs
  }

  stateOf(name: string): State {
    const touchedMs = statSync(join(this.directory, name), { throwIfNoEntry: false })?.mtimeMs
    if (touchedMs === undefined) return 'dead'
    const first = this.first.get(name) ?? touchedMs
    this.first.set(name, first)
    if (touchedMs !== first) return 'alive'
    const watchedMs = performance.now() - this.sinceMs
    const ageMs = this.folderMs + watchedMs - touchedMs
    return Math.max(ageMs, watchedMs) > untouchedMs ? 'dead' : 'in doubt'
  }
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
  // An older version did not say by what numbers it goes.
  return start === unknownStart || now === null || now === start || now.startsWith(`${start}-`)
}

const unknownStart = 'unknown'

/**
 * When the process began, as Linux tells it (boot, and ticks since then: proc(5), field 22 of stat), and by what numbers
 * it goes (pid_namespaces(7)); null where there is no such thing.
 */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return ticks === undefined ? null : `${readBoot()}-${ticks}${numbering()}`
  } catch {
    return null
  }
}

function readBoot(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}

/** `-4026531836`: which numbers processes have that see each other as we do. */
function numbering(): string {
  const name = /\[(\d+)\]/.exec(readlinkSync('/proc/self/ns/pid'))?.[1]
  return name === undefined ? '' : `-${name}`
}

/** Boot, ticks, and in newer claims the numbering. */
const startForm = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-\d+(-\d+)?$/

/** Was it made on another machine, before this one was started again, or in another container? */
function isFromElsewhere(start: string): boolean {
  const [, boot, numbers] = startForm.exec(start) ?? []
  if (boot === undefined) return false
  try {
    return boot !== readBoot() || (numbers !== undefined && numbers !== numbering())
  } catch {
    return false
  }
}
