/**
 * Problems in documents, for people: where, what, the lines around it, and what to do. A place is written as
 * `file:line:column`, which terminals and editors open on a click.
 */
import type { Diagnostic, Severity } from '../../gateway/core/manifest/diagnostics.ts'
import type { Output } from '../context.ts'
import { count, list } from '../wording.ts'
import { pageOf } from './diagnostic-page.ts'
import { makePaint } from './paint.ts'
import { type SecretPlace, byLine, hideSecrets } from './hide-secrets.ts'

type Paint = ReturnType<typeof makePaint>

export interface DiagnosticsInput {
  readonly diagnostics: readonly Diagnostic[]
  /** The text of each file, by the name its diagnostics carry. */
  readonly texts: ReadonlyMap<string, string>
}

/** What stands at such a place is a key, or was meant for one. */
const standsForSecret: ReadonlySet<string> = new Set(['literal-secret', 'invalid-key-hash'])

export function renderDiagnostics({ diagnostics, texts }: DiagnosticsInput, output: Output): string {
  const paint = makePaint(output)
  // Split once: a thousand problems may stand in one long file.
  const documents = new Map(
    [...texts].map(([file, text]) => {
      const secrets = diagnostics.filter((each) => each.file === file && standsForSecret.has(each.code))
      return [file, { lines: text.split(/\r?\n/), secrets: byLine(secrets) }]
    }),
  )
  return diagnostics.map((diagnostic) => renderOne(diagnostic, documents, paint)).join('\n')
}

interface ShownDocument {
  readonly lines: readonly string[]
  /** What was found to be a secret is hidden wherever its line is shown, also as a neighbour of another problem. */
  readonly secrets: ReadonlyMap<number, readonly SecretPlace[]>
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

function renderOne(diagnostic: Diagnostic, documents: ReadonlyMap<string, ShownDocument>, paint: Paint): string {
  const { file, line, column, severity, message, code, path, help } = diagnostic
  const place = file === null ? '' : `${paint.underline(`${file}:${line}:${column}`)} `
  const color = severityColor(severity, paint)
  const head = `${place}${color(severity)} ${paint.bold(message)} ${paint.dim(`[${code}]`)}`
  const document = file === null ? undefined : documents.get(file)
  const frame = document === undefined ? [] : codeFrame(diagnostic, document, paint)
  const at = path === '' ? [] : [paint.dim(`  at ${path}`)]
  const repair = help === null ? [] : [`  ${paint.cyan('help:')} ${help}`]
  return [head, ...frame, ...at, ...repair, paint.dim(`  page: ${pageOf(code)}`), ''].join('\n')
}

function severityColor(severity: Severity, paint: Paint): (text: string) => string {
  if (severity === 'error') return paint.red
  return severity === 'warning' ? paint.yellow : paint.blue
}

const linesAround = 1
const longestLine = 160
/** Of a longer line, so much is shown before the problem. */
const mostBefore = 100

function codeFrame(diagnostic: Diagnostic, { lines, secrets }: ShownDocument, paint: Paint): string[] {
  const { line, column, endLine = line, endColumn = column + 1, severity } = diagnostic
  const first = Math.max(1, line - linesAround)
  const last = Math.min(lines.length, line + linesAround)
  const width = String(last).length
  const frame: string[] = []
  for (let number = first; number <= last; number += 1) {
    const from = number === line ? Math.max(0, column - mostBefore) : 0
    const shown = showLine(hideSecrets(lines[number - 1] ?? '', number, secrets.get(number)), from)
    // An empty line at the end of the file tells nobody anything.
    if (number !== line && shown.trim() === '' && (number === first || number === last)) continue
    const gutter = `${number === line ? '>' : ' '} ${String(number).padStart(width)} |`
    frame.push(`  ${paint.dim(gutter)} ${number === line ? shown : paint.dim(shown)}`)
    if (number === line) {
      // Where the beginning of a line is cut off, a sign stands for it.
      const shift = from === 0 ? 0 : from - 1
      const until = (endLine === line ? endColumn : Number.POSITIVE_INFINITY) - shift
      const marks = '^'.repeat(Math.max(1, Math.min(until, shown.length + 1, longestLine) - (column - shift)))
      const blank = ' '.repeat(width + 2)
      frame.push(
        `  ${paint.dim(`${blank} |`)} ${' '.repeat(column - shift - 1)}${severityColor(severity, paint)(marks)}`,
      )
    }
  }
  return frame
}

/** A line as it fits: tabs are as wide as a mark, and of a very long line the part around the problem is shown. */
function showLine(line: string, from: number): string {
  const shown = line
    .slice(from)
    .replaceAll('\t', ' ')
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, '\uFFFD')
  const cut = shown.length > longestLine ? `${shown.slice(0, longestLine - 1)}…` : shown
  return from === 0 ? cut : `…${cut}`
}
