/** The files of a spool: appended to, synced, and exchanged for a new one when they have grown. */
import { close, closeSync, fdatasync, fdatasyncSync, fsync, fsyncSync, openSync, writevSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** One file being appended to, and what still waits to be written to it. */
export class SegmentFile {
  private readonly directory: string
  private readonly stem: string
  private readonly extension: string
  private number = 1
  private descriptor: number
  private written = 0
  private accepted = 0
  /** Of this segment, known to be on the disk. */
  private synced = 0
  /** Written to the segments before this one. */
  private earlier = 0
  private pending: (string | Uint8Array)[] = []

  constructor(directory: string, stem: string, extension: string) {
    this.directory = directory
    this.stem = stem
    this.extension = extension
    this.descriptor = this.open(this.number)
  }

  /** Queues pieces and says where they will lie. */
  add(...pieces: (string | Uint8Array)[]): { segment: string; offset: number; length: number } {
    const offset = this.accepted
    for (const piece of pieces) {
      this.pending.push(piece)
      this.accepted += typeof piece === 'string' ? Buffer.byteLength(piece) : piece.byteLength
    }
    return { segment: this.name(this.number), offset, length: this.accepted - offset }
  }

  /** Writes everything that waits. A short or failed write keeps the rest, so that nothing is written twice. */
  write(): void {
    let rest = asBuffers(this.pending)
    this.pending = rest
    while (rest.length > 0) {
      const done = writevSync(this.descriptor, rest.slice(0, maxVectors))
      this.written += done
      rest = withoutFirst(rest, done)
      this.pending = rest
    }
  }

  waitingBytes(): number {
    return this.accepted - this.written
  }

  size(): number {
    return this.accepted
  }

  /** Over all segments. */
  writtenBytes(): number {
    return this.earlier + this.written
  }

  /** Written to this segment, and perhaps not yet on the disk. */
  unsyncedBytes(): number {
    return this.written - this.synced
  }

  segments(): number {
    return this.number
  }

  sync(): void {
    fdatasyncSync(this.descriptor)
    this.synced = this.written
  }

  /** `done`: null when it is on the disk. */
  syncLater(done: (error: Error | null) => void): void {
    const { descriptor, written } = this
    fdatasync(descriptor, (error) => {
      if (error === null && descriptor === this.descriptor) this.synced = Math.max(this.synced, written)
      done(error)
    })
  }

  rotate(done: (error: Error | null) => void): void {
    const previous = this.descriptor
    this.descriptor = this.open(this.number + 1)
    this.number += 1
    this.earlier += this.written
    this.accepted = 0
    this.written = 0
    this.synced = 0
    // Off the event loop: streams go on while the disk takes its time over a whole segment.
    fsync(previous, (error) => {
      close(previous)
      done(error)
    })
  }

  close(): void {
    try {
      this.write()
      fsyncSync(this.descriptor)
    } finally {
      closeSync(this.descriptor)
    }
  }

  private name(number: number): string {
    return `${this.stem}-${String(number).padStart(6, '0')}${this.extension}`
  }

  private open(number: number): number {
    const path = join(this.directory, this.name(number))
    const descriptor = openSync(path, 'ax', 0o600)
    syncFolder(dirname(path))
    return descriptor
  }
}

/** A file whose name is not on the disk is gone after a power cut, whatever of it was synced. */
function syncFolder(path: string): void {
  let descriptor: number | null = null
  try {
    descriptor = openSync(path, 'r')
    fsyncSync(descriptor)
  } catch {
    // Not every system can (Windows cannot open a folder); those that can and fail will fail at the file as well.
  } finally {
    if (descriptor !== null) closeSync(descriptor)
  }
}

/** Neighbouring texts become one buffer; bytes are passed on as they are, since a prompt may be large. */
function asBuffers(pieces: readonly (string | Uint8Array)[]): Uint8Array[] {
  const buffers: Uint8Array[] = []
  let text = ''
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      text += piece
      continue
    }
    if (text !== '') buffers.push(Buffer.from(text))
    text = ''
    buffers.push(piece)
  }
  if (text !== '') buffers.push(Buffer.from(text))
  return buffers
}

/** What is left of the buffers after so many bytes were written. */
function withoutFirst(buffers: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skip = bytes
  const rest: Uint8Array[] = []
  for (const buffer of buffers) {
    if (skip >= buffer.byteLength) skip -= buffer.byteLength
    else {
      rest.push(buffer.subarray(skip))
      skip = 0
    }
  }
  return rest
}

/** How many buffers one writev takes on every system (IOV_MAX). */
const maxVectors = 1024
