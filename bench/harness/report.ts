import type { Row } from './bench.ts'

const columns = ['case', 'floor', 'gateway', 'ratio', 'budget', 'holds'] as const

/** A table for a terminal or a log; what could not be measured says why in its last column. */
export function renderTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.case,
    value(row.floor, row.unit),
    value(row.gateway, row.unit),
    row.ratio === null ? '' : `${digits(row.ratio.median)} (${digits(row.ratio.low)}–${digits(row.ratio.high)})`,
    row.budget,
    row.holds === null
      ? (row.note ?? '')
      : `${row.holds ? 'yes' : 'NO'}${row.note === undefined ? '' : `  ${row.note}`}`,
  ])
  const widths = columns.map((name, at) => Math.max(name.length, ...cells.map((row) => row[at]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd()
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n')
}

function value(number: number | null, unit: string): string {
  return number === null ? '' : `${digits(number)} ${unit}`
}

function digits(number: number): string {
  if (Math.abs(number) >= 100) return number.toFixed(0)
  return Math.abs(number) >= 10 ? number.toFixed(1) : number.toFixed(number < 1 ? 3 : 2)
}
