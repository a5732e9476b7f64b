/**
 * Brings what was written to the disk in groups, off the event loop. A disk that fails at that has perhaps lost what it
 * had taken, and says so once only: it must be heard, or an answer would have been given on the strength of nothing.
 */
import type { SegmentFile } from './segment-file.ts'

const withinMs = 50
const retryAfterMs = 250

export class DiskSync {
  private readonly files: readonly SegmentFile[]
  /** Told when it begins to fail, and with null when it works again. */
  private readonly onChange: (error: Error | null) => void
  private timer: NodeJS.Timeout | null = null
  private failing = false
  private stopped = false

  constructor(files: readonly SegmentFile[], onChange: (error: Error | null) => void) {
    this.files = files
    this.onChange = onChange
  }

  isFailing(): boolean {
    return this.failing
  }

  /** Syncs within 50 ms. */
  soon(): void {
    this.timer ??= setTimeout(() => this.start(), withinMs)
  }

  /** At once; throws what the file system throws. */
  now(): void {
    for (const file of this.files) file.sync()
  }

  /** How a sync has ended that was not begun here: of a segment that was closed. */
  readonly note = (error: Error | null): void => {
    if (error !== null) this.ended(error)
  }

  stop(): void {
    this.stopped = true
    if (this.timer !== null) clearTimeout(this.timer)
  }

  private start(): void {
    this.timer = null
    let left = this.files.length
    let first: Error | null = null
    for (const file of this.files) {
      file.syncLater((error) => {
        first ??= error
        left -= 1
        if (left === 0) this.ended(first)
      })
    }
  }

  private ended(error: Error | null): void {
    if (this.stopped) return
    if (error !== null) this.timer ??= setTimeout(() => this.start(), retryAfterMs)
    if (this.failing === (error !== null)) return
    this.failing = error !== null
    this.onChange(error)
  }
}
