/**
 * Problems in documents, for people: where, what, the lines around it, and what to do. A place is written as
 * `file:line:column`, which terminals and editors open on a click.
 */
import type { Diagnostic, Severity } from '../../gateway/core/manifest/diagnostics.ts'
import { scrubKeys } from '../../gateway/core/chat/errors.ts'
import type { Output } from '../context.ts'
import { count, list } from '../wording.ts'
import { makePaint } from './paint.ts'

type Paint = ReturnType<typeof makePaint>

export interface DiagnosticsInput {
  readonly diagnostics: readonly Diagnostic[]
  /** The text of each file, by the name its diagnostics carry. */
  readonly texts: ReadonlyMap<string, string>
}

export function renderDiagnostics({ diagnostics, texts }: DiagnosticsInput, output: Output): string {
  const paint = makePaint(output)
  // Split once: a thousand problems may stand in one long file.
  const lines = new Map([...texts].map(([file, text]) => [file, text.split(/\r?\n/)]))
  return diagnostics.map((diagnostic) => renderOne(diagnostic, lines, paint)).join('\n')
}

/** `2 errors and 1 warning`; empty when there is nothing. */
export function countSeverities(diagnostics: readonly Diagnostic[]): string {
  const names: readonly [Severity, string][] = [
    ['error', 'error'],
    ['warning', 'warning'],
    ['info', 'note'],
  ]
  const parts = names.flatMap(([severity, name]) => {
    const amount = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length
    return amount === 0 ? [] : [count(amount, name)]
  })
  return list(parts)
}

function renderOne(diagnostic: Diagnostic, texts: ReadonlyMap<string, readonly string[]>, paint: Paint): string {
  const { file, line, column, severity, message, code, path, help } = diagnostic
  const place = file === null ? '' : `${paint.underline(`${file}:${line}:${column}`)} `
  const color = severityColor(severity, paint)
  const head = `${place}${color(severity)} ${paint.bold(message)} ${paint.dim(`[${code}]`)}`
  const lines = file === null ? undefined : texts.get(file)
  const frame = lines === undefined ? [] : codeFrame(diagnostic, lines, paint)
  const at = path === '' ? [] : [paint.dim(`  at ${path}`)]
  return [head, ...frame, ...at, ...(help === null ? [] : [`  ${paint.cyan('help:')} ${help}`]), ''].join('\n')
}

function severityColor(severity: Severity, paint: Paint): (text: string) => string {
  if (severity === 'error') return paint.red
  return severity === 'warning' ? paint.yellow : paint.blue
}

const linesAround = 1
const longestLine = 160

function codeFrame(diagnostic: Diagnostic, lines: readonly string[], paint: Paint): string[] {
  const { line, column, endLine = line, endColumn = column + 1, severity } = diagnostic
  const first = Math.max(1, line - linesAround)
  const last = Math.min(lines.length, line + linesAround)
  const width = String(last).length
  const frame: string[] = []
  for (let number = first; number <= last; number += 1) {
    const shown = showLine(lines[number - 1] ?? '', number === line ? diagnostic : null)
    // An empty line at the end of the file tells nobody anything.
    if (number !== line && shown.trim() === '' && (number === first || number === last)) continue
    const gutter = `${number === line ? '>' : ' '} ${String(number).padStart(width)} |`
    frame.push(`  ${paint.dim(gutter)} ${number === line ? shown : paint.dim(shown)}`)
    if (number === line) {
      const until = endLine === line ? endColumn : shown.length + 1
      const marks = '^'.repeat(Math.max(1, Math.min(until, longestLine) - column))
      const blank = ' '.repeat(width + 2)
      frame.push(`  ${paint.dim(`${blank} |`)} ${' '.repeat(column - 1)}${severityColor(severity, paint)(marks)}`)
    }
  }
  return frame
}

/**
 * A line as it may be shown: whatever looks like a key is blanked out in place, so that the mark below still fits. A
 * place that was reported because a secret stands there is blanked out whatever it looks like.
 */
function showLine(line: string, reported: Diagnostic | null): string {
  let shown = line.replaceAll('\t', ' ').replaceAll(/[^\s"',{}[\]]+/g, (word) => {
    return word.startsWith('sha256:') || scrubKeys(word) === word ? word : '*'.repeat(word.length)
  })
  if (reported !== null && reported.code === 'literal-secret') {
    const { column, line: from, endLine = from, endColumn = column + 1 } = reported
    const end = endLine === from ? endColumn - 1 : shown.length
    shown = shown.slice(0, column - 1) + '*'.repeat(Math.max(0, end - column + 1)) + shown.slice(end)
  }
  return shown.length > longestLine ? `${shown.slice(0, longestLine - 1)}…` : shown
}
