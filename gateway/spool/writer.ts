/**
 * Appends to a process' spool. Lines of one turn of the event loop go out in one write, and whoever has to wait for
 * its line (the last byte of an answer) is called back right after. `batched` syncs to the disk within 50 ms; `strict`
 * syncs before it calls back. Prompts and answers go to a segment of their own, so that reading records does not grow
 * with the prompts.
 */
import { createHash, hash, randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { RequestRecord } from '../../schemas/index.ts'
import type { SpoolBody, SpoolKind } from './line.ts'
import { chainStart, hashLine, renderLine } from './line.ts'
import type { FolderLock } from './lock.ts'
import { lockFolder } from './lock.ts'
import { repairTails, type SpoolRepair } from './repair.ts'
import { SegmentFile } from './segment-file.ts'

export type SpoolSync = 'batched' | 'strict'

export interface SpoolOptions {
  readonly directory: string
  readonly sync: SpoolSync
  /** A segment that has grown past this many bytes is closed and a new one begun. */
  readonly segmentBytes: number
  /** Told once when writing fails and once when it works again; the lines wait in memory meanwhile. */
  readonly onProblem: (problem: Error | null) => void
}

/** Prompt and answer of one request, as bytes of JSON. */
export interface SpoolContent {
  readonly prompt: Uint8Array
  readonly answer: string
}

const syncWithinMs = 50
const retryAfterMs = 250

export interface SpoolStatus {
  /** Lines accepted so far; the newest has this number less one. */
  readonly lines: number
  readonly failing: boolean
  /** How often writing began to fail. */
  readonly failures: number
  /** Of lines, accepted and not yet written. */
  readonly waitingBytes: number
  /** Of lines and content, by this process. */
  readonly writtenBytes: number
  /** Of those, perhaps not yet on the disk. */
  readonly unsyncedBytes: number
  /** Files begun by this process, of lines and of content. */
  readonly segments: number
}

/** Thrown when the spool is closed and cannot be written to its end. Nobody was answered on the strength of what is lost. */
export class SpoolUnwrittenError extends Error {
  constructor(bytes: number, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause)
    super(`the end of the audit trail could not be written, and is lost (${bytes} bytes of lines): ${why}`, { cause })
    this.name = 'SpoolUnwrittenError'
  }
}

export class SpoolWriter {
  /** Names this run of the process; lines of several processes are told apart by it. */
  readonly process = randomBytes(8).toString('hex')
  /** What processes before this one had left half done. */
  readonly repairs: readonly SpoolRepair[]
  private readonly options: SpoolOptions
  private readonly lock: FolderLock
  private readonly lines: SegmentFile
  private readonly content: SegmentFile
  private seq = 0
  private prev = chainStart
  private waiting: (() => void)[] = []
  private flushDue = false
  private syncTimer: NodeJS.Timeout | null = null
  private failing = false
  private failures = 0
  private closed = false

  constructor(options: SpoolOptions) {
    this.options = options
    mkdirSync(join(options.directory, 'content'), { recursive: true, mode: 0o700 })
    mkdirSync(join(options.directory, 'segments'), { recursive: true, mode: 0o700 })
    this.lock = lockFolder(options.directory)
    try {
      this.repairs = repairTails(options.directory)
      const name = `${Date.now().toString().padStart(14, '0')}-${this.process}`
      this.lines = new SegmentFile(options.directory, `segments/${name}`, '.ndjson')
      this.content = new SegmentFile(options.directory, `content/${name}`, '.bin')
    } catch (error) {
      this.lock.release()
      throw error
    }
  }

  /**
   * Adds a line. `written` is called once the line is on its way to the disk (`batched`) or on it (`strict`); a line
   * that cannot be written is kept and tried again, and `written` waits with it.
   */
  append<Kind extends SpoolKind>(kind: Kind, body: SpoolBody<Kind>, written?: () => void): void {
    if (this.closed) throw new Error('the spool is closed')
    const line = renderLine({ process: this.process, seq: this.seq, prev: this.prev }, kind, JSON.stringify(body))
    this.seq += 1
    this.prev = hashLine(line)
    this.lines.add(`${line}\n`)
    if (written !== undefined) this.waiting.push(written)
    if (this.flushDue) return
    this.flushDue = true
    setImmediate(() => this.flush())
  }

  /** Adds a request's record, and its content where the route keeps it. */
  appendRequest(record: RequestRecord, content: SpoolContent | null, written: () => void): void {
    this.append('record', content === null ? record : { ...record, content: this.keep(content) }, written)
  }

  /** True while lines wait because they cannot be written. */
  isFailing(): boolean {
    return this.failing
  }

  status(): SpoolStatus {
    const { lines, content } = this
    return {
      lines: this.seq,
      failing: this.failing,
      failures: this.failures,
      waitingBytes: lines.waitingBytes(),
      writtenBytes: lines.writtenBytes() + content.writtenBytes(),
      unsyncedBytes: lines.unsyncedBytes() + content.unsyncedBytes(),
      segments: lines.segments() + content.segments(),
    }
  }

  /** Writes and syncs what is left and gives the folder back; throws `SpoolUnwrittenError` when it cannot. */
  close(): void {
    if (this.closed) return
    this.closed = true
    this.flushDue = true
    this.flush()
    this.flushDue = false
    if (this.syncTimer !== null) clearTimeout(this.syncTimer)
    try {
      closeAll(this.content, this.lines)
    } catch (error) {
      throw new SpoolUnwrittenError(this.lines.waitingBytes(), error)
    } finally {
      this.lock.release()
    }
  }

  private keep(content: SpoolContent): NonNullable<RequestRecord['content']> {
    const { prompt } = content
    const answer = Buffer.from(`\n${content.answer}\n`)
    return { ...this.content.add(prompt, answer), sha256: digestOf(prompt, answer.subarray(0, -1)) }
  }

  private flush(): void {
    if (!this.flushDue) return
    this.flushDue = false
    try {
      this.content.write()
      this.lines.write()
      if (this.options.sync === 'strict') this.syncNow()
    } catch (error) {
      this.failed(error)
      return
    }
    if (this.failing) {
      this.failing = false
      this.options.onProblem(null)
    }
    if (this.options.sync === 'batched') this.syncSoon()
    // Before anyone is called back: what they add must be counted from the start of the new segment.
    this.rotate()
    const { waiting } = this
    this.waiting = []
    this.callBack(waiting)
  }

  /** Each is called, whatever another of them throws: one broken answer must not hold up all the others. */
  private callBack(waiting: readonly (() => void)[]): void {
    for (const [index, written] of waiting.entries()) {
      try {
        written()
      } catch (error) {
        setImmediate(() => this.callBack(waiting.slice(index + 1)))
        throw error
      }
    }
  }

  private failed(error: unknown): void {
    if (!this.failing) {
      this.failing = true
      this.failures += 1
      this.options.onProblem(error instanceof Error ? error : new Error(String(error)))
    }
    if (this.closed) return
    this.flushDue = true
    setTimeout(() => this.flush(), retryAfterMs)
  }

  private syncNow(): void {
    this.content.sync()
    this.lines.sync()
  }

  private syncSoon(): void {
    this.syncTimer ??= setTimeout(() => {
      this.syncTimer = null
      this.content.syncLater()
      this.lines.syncLater()
    }, syncWithinMs)
  }

  private rotate(): void {
    try {
      if (this.lines.size() > this.options.segmentBytes) this.lines.rotate()
      if (this.content.size() > this.options.segmentBytes) this.content.rotate()
    } catch {
      // No room for another file: the old one goes on growing, and the next flush tries again.
    }
  }
}

/** Each is closed, whatever becomes of the other. */
function closeAll(first: SegmentFile, second: SegmentFile): void {
  try {
    first.close()
  } finally {
    second.close()
  }
}

/** Where joining costs more than a hash object does. */
const largeBytes = 16_384
function digestOf(prompt: Uint8Array, answer: Uint8Array): string {
  if (prompt.byteLength > largeBytes) return createHash('sha256').update(prompt).update(answer).digest('hex')
  return hash('sha256', Buffer.concat([prompt, answer]), 'hex')
}
