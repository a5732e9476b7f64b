/**
 * The lines of a recording as values. A gateway that is still writing, or was killed while it wrote, leaves half a line at
 * the end of its spool: that one is left out and told, and only that one. Any other file with half a line is not whole.
 */
import { isSpoolLine } from '../../gateway/spool/line.ts'
import { type ReadLine, readLines } from '../../gateway/spool/reader.ts'

/** A file that is none of the forms replay reads, or a line of one. The message says file and line. */
export class CaptureError extends Error {}

export interface ParsedLine {
  /** `FILE:LINE`. */
  readonly where: string
  readonly value: unknown
}

export type TellCutOff = (where: string) => void

/** Throws `CaptureError` for a line that is no JSON, save the last one of a spool. */
export async function* parseLines(file: string, tellCutOff: TellCutOff): AsyncGenerator<ParsedLine> {
  let broken: ReadLine | null = null
  let isSpool = false
  for await (const line of readLines(file)) {
    if (broken !== null) throw notJson(broken)
    const parsed = parse(line)
    if (parsed === null) {
      broken = line
      continue
    }
    isSpool = isSpoolLine(parsed.value)
    yield parsed
  }
  if (broken === null) return
  if (!isSpool) throw notJson(broken)
  tellCutOff(`${file}:${broken.line}`)
}

function parse({ file, line, text }: ReadLine): ParsedLine | null {
  try {
    return { where: `${file}:${line}`, value: JSON.parse(text) }
  } catch {
    return null
  }
}

function notJson({ file, line }: ReadLine): CaptureError {
  return new CaptureError(`${file}:${line}: not a line of JSON; was the file cut off?`)
}
