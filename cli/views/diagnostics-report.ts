/** What a check of documents found, as machines read it. For people each command has a view of its own. */
import type { Diagnostic, Severity } from '../../gateway/core/manifest/diagnostics.ts'

export interface DiagnosticsReport {
  /** The command: `validate`, `lint`. */
  readonly command: string
  /** Of aigw. */
  readonly version: string
  /** Every document that was looked at, in that order, those without a problem too. */
  readonly files: readonly { readonly file: string; readonly diagnostics: readonly Diagnostic[] }[]
  /** What could not be looked at, and why. */
  readonly unread: readonly { readonly file: string; readonly message: string }[]
  /** From here on a problem fails the run. */
  readonly failSeverity: Severity
}

export const machineFormats = ['json', 'github', 'sarif', 'junit'] as const

/** Loads no format but the one that is asked for. null: none of ours, so it is for people. */
export async function renderReport(report: DiagnosticsReport, format: string): Promise<string | null> {
  const diagnostics = report.files.flatMap((file) => file.diagnostics)
  switch (format) {
    case 'json': {
      const { renderDiagnosticsJson } = await import('./diagnostics-json.ts')
      return renderDiagnosticsJson(diagnostics)
    }
    case 'github': {
      const { renderDiagnosticsGithub } = await import('./diagnostics-github.ts')
      return renderDiagnosticsGithub(diagnostics)
    }
    case 'sarif': {
      const { renderDiagnosticsSarif } = await import('./diagnostics-sarif.ts')
      return renderDiagnosticsSarif(report)
    }
    case 'junit': {
      const { renderDiagnosticsJunit } = await import('./diagnostics-junit.ts')
      return renderDiagnosticsJunit(report)
    }
    default:
      return null
  }
}
