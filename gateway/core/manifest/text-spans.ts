/** From offsets in a text to the lines and columns that people and editors count. */
import type { Span } from './diagnostics.ts'

/** Line and column from 1; line 0 before anything was read, when only the column means something. */
export interface LinePositions {
  linePos(offset: number): { readonly line: number; readonly col: number }
}

/** `end` is the offset after the last character; never before the start. */
export function spanOf(lines: LinePositions, start: number, end: number): Span {
  const from = positionOf(lines, start)
  const to = positionOf(lines, Math.max(start, end))
  return { line: from.line, column: from.col, endLine: to.line, endColumn: to.col }
}

function positionOf(lines: LinePositions, offset: number): { readonly line: number; readonly col: number } {
  const { line, col } = lines.linePos(offset)
  return line === 0 ? { line: 1, col: offset + 1 } : { line, col }
}
