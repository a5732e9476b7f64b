import type { Diagnostic } from '../../gateway/core/manifest/diagnostics.ts'
import { pageOf } from './diagnostic-page.ts'

/** One JSON document: a list, each element as `schemas/diagnostic.schema.json` has it. */
export function renderDiagnosticsJson(diagnostics: readonly Diagnostic[]): string {
  const withPages = diagnostics.map((diagnostic) => ({ ...diagnostic, page: pageOf(diagnostic.code) }))
  return `${JSON.stringify(withPages, null, 2)}\n`
}
