import type { Diagnostic } from '../../gateway/core/manifest/diagnostics.ts'

/** One JSON document: a list, each element as `schemas/diagnostic.schema.json` has it. */
export function renderDiagnosticsJson(diagnostics: readonly Diagnostic[]): string {
  return `${JSON.stringify(diagnostics, null, 2)}\n`
}
