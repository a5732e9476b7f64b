/**
 * Appends to a process' spool. Lines of one turn of the event loop go out in one write, and whoever has to wait for
 * its line (the last byte of an answer) is called back right after. `batched` syncs to the disk within 50 ms; `strict`
 * syncs before it calls back. Prompts and answers go to a segment of their own, so that reading records does not grow
 * with the prompts.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { RequestRecord } from '../../schemas/index.ts'
import { digestOf } from './content-digest.ts'
import { DiskSync } from './disk-sync.ts'
import { type DroppedLines, DroppedCount, type SpoolGap, describeDropped } from './gap.ts'
import type { SpoolBody, SpoolKind } from './line.ts'
import { chainStart, hashLine, renderLine } from './line.ts'
import type { FolderLock } from './lock.ts'
import { lockFolder } from './lock.ts'
import { repairTails, type SpoolRepair } from './repair.ts'
import { SegmentFile } from './segment-file.ts'

export type SpoolSync = 'batched' | 'strict'

/**
 * What becomes of requests while the spool cannot be written. `refuse`: none is taken on, and those that were wait for
 * their records. `drop`: they are served; what memory has no room for meanwhile gets no record, and a line says so.
 */
export type SpoolFailurePolicy = 'refuse' | 'drop'

export interface SpoolOptions {
  readonly directory: string
  readonly sync: SpoolSync
  /** A segment that has grown past this many bytes is closed and a new one begun. */
  readonly segmentBytes: number
  /** Default: `refuse`. */
  readonly onFailure?: SpoolFailurePolicy
  /** How much waits in memory while writing fails; lines beyond it are dropped. Default: 16 MiB. */
  readonly mostWaitingBytes?: number
  /** Told once when writing fails, and once when it works again, with what was dropped in between. */
  readonly onProblem: (problem: Error | null, gap: SpoolGap | null) => void
}

const defaultMostWaitingBytes = 16 * 1024 * 1024

/** Prompt and answer of one request, as bytes of JSON. */
export interface SpoolContent {
  readonly prompt: Uint8Array
  readonly answer: string
}

const retryAfterMs = 250

export interface SpoolStatus {
  /** Lines accepted so far; the newest has this number less one. */
  readonly lines: number
  readonly failing: boolean
  readonly onFailure: SpoolFailurePolicy
  /** Since the process started. */
  readonly dropped: DroppedLines
  /** How often writing began to fail. */
  readonly failures: number
  /** Of lines and content, accepted and not yet written. */
  readonly waitingBytes: number
  /** Of lines and content, by this process. */
  readonly writtenBytes: number
  /** Of those, perhaps not yet on the disk. */
  readonly unsyncedBytes: number
  /** Files begun by this process, of lines and of content. */
  readonly segments: number
}

/**
 * Thrown when the spool is closed and cannot be written to its end. Nobody was answered on the strength of what is lost,
 * unless it was to be dropped.
 */
export class SpoolUnwrittenError extends Error {
  constructor(lost: { readonly bytes: number; readonly gap: SpoolGap | null }, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause)
    const dropped = lost.gap === null ? '' : `, and ${describeDropped(lost.gap)} that did not fit into memory`
    const message = `the end of the audit trail could not be written, and is lost (${lost.bytes} bytes of lines${dropped})`
    super(`${message}: ${why}`, { cause })
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
  private readonly disk: DiskSync
  private seq = 0
  private prev = chainStart
  private waiting: (() => void)[] = []
  private flushDue = false
  private failing = false
  private failures = 0
  private readonly dropped = new DroppedCount()
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
      // Content first: a line must not vouch for what is not there.
      this.disk = new DiskSync([this.content, this.lines], (error) => this.syncChanged(error))
    } catch (error) {
      this.lock.release()
      throw error
    }
  }

  /**
   * Adds a line. `written` is called once the line is on its way to the disk (`batched`) or on it (`strict`). A line that
   * cannot be written is kept and tried again, and `written` waits with it; where it may be dropped, nobody waits.
   */
  append<Kind extends SpoolKind>(kind: Kind, body: SpoolBody<Kind>, written?: () => void): void {
    if (this.closed) throw new Error('the spool is closed')
    if (this.hasRoomFor(kind, body)) this.add(kind, body)
    else this.dropped.note(kind)
    this.callWhenWritten(kind, written)
  }

  /** Adds a request's record, and its content where the route keeps it. */
  appendRequest(record: RequestRecord, content: SpoolContent | null, written: () => void): void {
    const keeps = content !== null && this.hasRoomFor('record', record)
    this.append('record', keeps ? { ...record, content: this.keep(content) } : record, written)
  }

  /** True while requests are not to be taken on, because nobody could be answered with a record. */
  mustRefuse(): boolean {
    return (this.failing || this.disk.isFailing()) && !this.mayDrop()
  }

  status(): SpoolStatus {
    const { lines, content } = this
    return {
      lines: this.seq,
      failing: this.failing || this.disk.isFailing(),
      onFailure: this.mayDrop() ? 'drop' : 'refuse',
      dropped: this.dropped.totals(),
      failures: this.failures,
      waitingBytes: lines.waitingBytes() + content.waitingBytes(),
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
    this.disk.stop()
    try {
      closeAll(this.content, this.lines)
    } catch (error) {
      throw new SpoolUnwrittenError({ bytes: this.lines.waitingBytes(), gap: this.dropped.gap() }, error)
    } finally {
      this.lock.release()
    }
  }

  private add<Kind extends SpoolKind>(kind: Kind, body: SpoolBody<Kind>): void {
    const line = renderLine({ process: this.process, seq: this.seq, prev: this.prev }, kind, JSON.stringify(body))
    this.seq += 1
    this.prev = hashLine(line)
    this.lines.add(`${line}\n`)
    if (this.flushDue || this.closed) return
    this.flushDue = true
    setImmediate(() => this.flush())
  }

  private mayDrop(): boolean {
    return this.options.onFailure === 'drop'
  }

  /** What was chained stays, so that the chain holds. A manifest stays as well: without it no record of it is worth much. */
  private hasRoomFor<Kind extends SpoolKind>(kind: Kind, body: SpoolBody<Kind>): boolean {
    if (!this.failing || ('event' in body && body.event === 'generation')) return true
    // Nobody waits for an event; who waits for a record must get it, unless it may be dropped.
    if (kind !== 'event' && !this.mayDrop()) return true
    const { mostWaitingBytes = defaultMostWaitingBytes } = this.options
    return this.status().waitingBytes < mostWaitingBytes
  }

  private callWhenWritten(kind: SpoolKind, written: (() => void) | undefined): void {
    if (written === undefined) return
    if (this.failing && (this.mayDrop() || kind === 'event')) setImmediate(written)
    else this.waiting.push(written)
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
      if (this.options.sync === 'strict') this.disk.now()
    } catch (error) {
      this.failed(error)
      return
    }
    if (this.failing) this.recovered()
    if (this.options.sync === 'batched') this.disk.soon()
    // Before anyone is called back: what they add must be counted from the start of the new segment.
    this.rotate()
    this.callWaiting()
  }

  private callWaiting(): void {
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
      this.options.onProblem(error instanceof Error ? error : new Error(String(error)), null)
    }
    if (this.closed) return
    this.flushDue = true
    setTimeout(() => this.flush(), retryAfterMs)
    if (this.mayDrop()) this.callWaiting()
  }

  /** What waited is written; the gap behind it is told before anything else is added. */
  private recovered(): void {
    this.failing = false
    const gap = this.dropped.close()
    if (gap !== null) {
      const { since, ...dropped } = gap
      this.add('event', { event: 'gap', at: new Date().toISOString(), since, dropped })
    }
    this.options.onProblem(null, gap)
  }

  private syncChanged(error: Error | null): void {
    if (error !== null) this.failures += 1
    const problem =
      error === null ? null : new Error(`what was written may be lost: ${error.message}`, { cause: error })
    this.options.onProblem(problem, null)
  }

  private rotate(): void {
    try {
      if (this.lines.size() > this.options.segmentBytes) this.lines.rotate(this.disk.note)
      if (this.content.size() > this.options.segmentBytes) this.content.rotate(this.disk.note)
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
