/**
 * The lines of a recording as values. A gateway that is still writing, or was killed while it wrote, leaves half a line at
 * the end of its spool: that one is left out and told, and only that one. Any other file with half a line is not whole.
 */
import { describeGap, gapIn } from '../../gateway/spool/gap.ts'
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

/** What a line of a spool says is missing; null: nothing, or it is another line. */
export function tellMissing({ where, value }: ParsedLine): string | null {
  if (!isSpoolLine(value) || value.kind !== 'event') return null
  const gap = gapIn(value.record)
  return gap === null ? null : `${where}: ${describeGap(gap, value.record.at)}`
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
