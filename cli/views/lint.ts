/** What lint found, for people; and the rules themselves. */
import type { Diagnostic, Severity } from '../../gateway/core/manifest/diagnostics.ts'
import type { Output } from '../context.ts'
import { isAtLeast } from '../plan/gates.ts'
import { count } from '../wording.ts'
import { countSeverities, renderDiagnostics } from './diagnostics.ts'
import { table, wrap } from './layout.ts'
import { makePaint } from './paint.ts'

export interface LintedFile {
  readonly file: string
  readonly text: string
  readonly diagnostics: readonly Diagnostic[]
  /** How many of them `--fix` repairs. */
  readonly fixable: number
  readonly suppressed: number
  readonly isValid: boolean
  /** What the file holds, in numbers. */
  readonly routes: number
}

/** Every finding with its place, then one line a file. */
export function renderLint(files: readonly LintedFile[], failSeverity: Severity, output: Output): string {
  const texts = new Map(files.map(({ file, text }) => [file, text]))
  const diagnostics = files.flatMap((file) => file.diagnostics)
  const details = diagnostics.length === 0 ? '' : `${renderDiagnostics({ diagnostics, texts }, output)}\n`
  const verdicts = files.map((file) => `${renderVerdict(file, failSeverity, output)}\n`)
  return details + verdicts.join('')
}

function renderVerdict(linted: LintedFile, failSeverity: Severity, output: Output): string {
  const { file, diagnostics, fixable, suppressed, isValid, routes } = linted
  const paint = makePaint(output)
  const fails = diagnostics.some(({ severity }) => isAtLeast(severity, failSeverity))
  const sign = fails ? paint.red('✗') : paint.green('✓')
  if (!isValid) return `${sign} ${file} is not valid, so no rule was asked: ${countSeverities(diagnostics)}`
  const told = diagnostics.length === 0 ? 'nothing found' : countSeverities(diagnostics)
  const notes = [
    ...(suppressed === 0 ? [] : [`${suppressed} suppressed`]),
    ...(fixable === 0 ? [] : [`${fixable} can be repaired with --fix`]),
  ]
  return `${sign} ${file}: ${told} in ${count(routes, 'route')}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`
}

export interface ListedRule {
  readonly id: string
  readonly severity: Severity
  readonly summary: string
  readonly fixes: boolean
  readonly needs_capture: boolean
}

export function renderRules(rules: readonly ListedRule[], output: Output): string {
  const paint = makePaint(output)
  const rows = table(rules.map(({ id, severity, summary }) => [id, severity, summary]))
  const indent = (rows[0]?.[0] ?? '').length + (rows[0]?.[1] ?? '').length + 4
  const lines = rows.flatMap(([id = '', severity = '', summary = '']) => {
    const width = output.columns === null ? Number.POSITIVE_INFINITY : Math.max(30, output.columns - indent)
    const [first = '', ...rest] = wrap(summary, width)
    return [`${paint.bold(id)}  ${severity}  ${first}`, ...rest.map((line) => `${' '.repeat(indent)}${line}`)]
  })
  return `${lines.join('\n')}\n`
}

/** Headings and code stand out on a terminal; everywhere else a page is the Markdown it is. */
export function renderPage(page: string, output: Output): string {
  if (!output.color) return page
  const paint = makePaint(output)
  let isCode = false
  return page
    .split('\n')
    .map((line) => {
      if (line.startsWith('```')) {
        isCode = !isCode
        return paint.dim(line)
      }
      if (isCode) return paint.cyan(line)
      return /^#{1,2} /.test(line) ? paint.bold(line) : line
    })
    .join('\n')
}
