/**
 * What a writer that was killed has left: perhaps half a line at the end of its segment. Nobody was answered on the
 * strength of half a line, so it is cut off; a whole one that only lacks its end gets it. Done by whoever holds the
 * folder's lock, before it writes a line of its own.
 */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, readdirSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { parseSpoolLine } from './line.ts'

export interface SpoolRepair {
  /** Relative to the spool's folder. */
  readonly file: string
  /** Cut off; 0: the line was whole, and was only ended. */
  readonly bytesCut: number
}

const newline = 0x0a

/** Mends every segment that does not end with a line's end, and says which. Throws what the file system throws. */
export function repairTails(directory: string): readonly SpoolRepair[] {
  const names = readdirSync(join(directory, 'segments')).filter((name) => name.endsWith('.ndjson'))
  return names.toSorted().flatMap((name) => {
    const file = `segments/${name}`
    const bytesCut = repairTail(join(directory, file))
    return bytesCut === null ? [] : [{ file, bytesCut }]
  })
}

/** Bytes that were cut off; null when there was nothing to mend. */
function repairTail(path: string): number | null {
  const descriptor = openSync(path, 'r+')
  try {
    const { size } = fstatSync(descriptor)
    const tail = readTail(descriptor, size)
    if (tail.length === 0) return null
    const isWhole = parseSpoolLine(tail.toString()) !== null
    if (isWhole) writeSync(descriptor, '\n', size)
    else ftruncateSync(descriptor, size - tail.length)
    fsyncSync(descriptor)
    return isWhole ? 0 : tail.length
  } finally {
    closeSync(descriptor)
  }
}

const chunkBytes = 64 * 1024

/** What stands after the last line's end; most segments have nothing there. */
function readTail(descriptor: number, size: number): Buffer {
  const parts: Buffer[] = []
  for (let end = size; end > 0;) {
    // The first look is at one byte: it is the end of a line nearly always.
    const length = Math.min(end, parts.length === 0 ? 1 : chunkBytes)
    const part = Buffer.alloc(length)
    readSync(descriptor, part, 0, length, end - length)
    const at = part.lastIndexOf(newline)
    parts.unshift(part.subarray(at + 1))
    if (at >= 0) break
    end -= length
  }
  return Buffer.concat(parts)
}
