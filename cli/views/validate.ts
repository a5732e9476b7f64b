import type { Diagnostic, Severity } from '../../gateway/core/manifest/diagnostics.ts'
import type { Output } from '../context.ts'
import { isAtLeast } from '../plan/gates.ts'
import { count } from '../wording.ts'
import { countSeverities, renderDiagnostics } from './diagnostics.ts'
import { makePaint } from './paint.ts'

export interface ValidatedFile {
  readonly file: string
  readonly text: string
  readonly diagnostics: readonly Diagnostic[]
  /** What a valid one holds: how many of what. Empty when it has errors. */
  readonly summary: readonly (readonly [number, string])[]
}

/** Every problem with its place, then one line a file: is it good enough? */
export function renderValidation(files: readonly ValidatedFile[], failSeverity: Severity, output: Output): string {
  const paint = makePaint(output)
  const texts = new Map(files.map(({ file, text }) => [file, text]))
  const problems = files.flatMap(({ diagnostics }) => diagnostics)
  const verdicts = files.map(({ file, diagnostics, summary }) => {
    const told = countSeverities(diagnostics)
    if (diagnostics.some(({ severity }) => isAtLeast(severity, failSeverity)))
      return `${paint.red('✗')} ${file}: ${told}`
    // The first is what the document is about, and told even when there is none.
    const holds = summary.filter(([amount], index) => amount > 0 || index === 0).map((each) => count(...each))
    return `${paint.green('✓')} ${file} is valid: ${holds.join(', ')}${told === '' ? '' : `; ${told}`}`
  })
  const details = problems.length === 0 ? '' : `${renderDiagnostics({ diagnostics: problems, texts }, output)}\n`
  return files.length === 0 ? '' : `${details}${verdicts.join('\n')}\n`
}
