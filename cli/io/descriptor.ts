/**
 * Writes text to a file descriptor without ever waiting for whoever reads it. Standard error of a server is a pipe to a
 * log collector, and neither one that is gone nor one that has stopped reading may stop the server, or keep it from
 * ending. (pino's own writer does both: on a pipe that is closed its last flush never returns; sonic-boom 4, 2026-11-23.)
 */
import { writeSync } from 'node:fs'

/** What may wait for a reader that has fallen behind; about half a minute of a busy gateway's lines. */
const mostWaitingBytes = 8 * 1024 * 1024
const tryAgainMs = 50

/** How often `close` tries to get rid of what is left, and how long it waits in between. */
const lastTries = 20
const lastPauseMs = 10

export interface DescriptorOptions {
  /** Writes some of it and says how many bytes that were; throws as `fs.writeSync` does. */
  readonly write?: (descriptor: number, bytes: Uint8Array) => number
  /** What stands in the place of what was lost. */
  readonly onLost: (count: number) => string
}

export class Descriptor {
  private readonly descriptor: number
  private readonly options: DescriptorOptions
  private waiting: Buffer[] = []
  private waitingBytes = 0
  private lost = 0
  private gone = false
  private timer: NodeJS.Timeout | null = null

  constructor(descriptor: number, options: DescriptorOptions) {
    this.descriptor = descriptor
    this.options = options
  }

  /** One or more whole lines. Lines that nobody can take are lost, and counted. */
  write(lines: string): void {
    if (this.gone) return
    if (this.waitingBytes > mostWaitingBytes) {
      this.lost += lines.split('\n').length - 1
      return
    }
    this.push(lines)
    if (this.timer === null) this.flush()
  }

  /** Tries for a moment to get the rest out, and lets go of what nobody takes. */
  close(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    for (let tries = 0; tries < lastTries && !this.flushOnce(); tries += 1) pause(lastPauseMs)
    this.gone = true
    this.waiting = []
  }

  private push(text: string): void {
    const bytes = Buffer.from(text)
    this.waiting.push(bytes)
    this.waitingBytes += bytes.byteLength
  }

  private readonly flush = (): void => {
    this.timer = this.flushOnce() ? null : setTimeout(this.flush, tryAgainMs).unref()
  }

  /** True when nothing is left to write, for whichever reason. */
  private flushOnce(): boolean {
    const { write = writeSync } = this.options
    for (let first = this.next(); first !== undefined; first = this.next()) {
      try {
        const written = write(this.descriptor, first)
        this.waitingBytes -= written
        if (written === first.byteLength) this.waiting.shift()
        else this.waiting[0] = first.subarray(written)
      } catch (error) {
        // The descriptor does not block once Node has opened it as a stream, which `main.ts` does: full is no error.
        if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return false
        this.gone = true
        this.waiting = []
        return true
      }
    }
    return true
  }

  private next(): Buffer | undefined {
    if (this.waiting.length === 0 && this.lost > 0) {
      this.push(this.options.onLost(this.lost))
      this.lost = 0
    }
    return this.waiting[0]
  }
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
