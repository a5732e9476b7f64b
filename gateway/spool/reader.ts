/**
 * Reads spools and captures back, line by line, whatever they are packed in. A capture holds bare records; a spool holds
 * chained lines. Memory does not grow with the length of what is read.
 */
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip, createZstdDecompress } from 'node:zlib'

/** One line of a file, and where it stood. */
export interface ReadLine {
  readonly file: string
  readonly line: number
  readonly text: string
}

/** Every segment of a spool folder (or the one file named), oldest first. */
export async function listSegments(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path]
  const folder = await stat(join(path, 'segments')).then(
    (found) => (found.isDirectory() ? join(path, 'segments') : path),
    () => path,
  )
  const names = await readdir(folder)
  return names
    .filter(isCapture)
    .sort()
    .map((name) => join(folder, name))
}

function isCapture(name: string): boolean {
  return /\.(ndjson|jsonl|csv)(\.gz|\.zst)?$/.test(name)
}

/** The lines of one file; gzip and zstd are unpacked on the way. */
export async function* readLines(file: string): AsyncGenerator<ReadLine> {
  const bytes = createReadStream(file)
  const packed = file.endsWith('.gz') ? createGunzip() : file.endsWith('.zst') ? createZstdDecompress() : null
  const input = packed === null ? bytes : bytes.pipe(packed)
  if (packed !== null) bytes.on('error', (error) => packed.destroy(error))
  let line = 0
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1
    if (text !== '') yield { file, line, text }
  }
}
