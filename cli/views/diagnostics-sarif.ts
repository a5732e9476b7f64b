/**
 * Diagnostics as SARIF 2.1.0, which code scanning of GitHub and others shows on lines. Form:
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/ (its schema read 2026-11-23).
 */
import type { Diagnostic, Severity } from '../../gateway/core/manifest/diagnostics.ts'

/** What is known of a code besides the findings with it. */
export interface SarifRule {
  readonly id: string
  readonly severity: Severity
  readonly summary: string
}

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
}

export function renderDiagnosticsSarif(
  diagnostics: readonly Diagnostic[],
  { version, rules }: { readonly version: string; readonly rules: readonly SarifRule[] },
): string {
  const described = new Map(rules.map((rule) => [rule.id, rule]))
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort()
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'aigw', version, rules: codes.map((code) => describe(code, described.get(code))) } },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map((diagnostic) => toResult(diagnostic, codes.indexOf(diagnostic.code))),
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

function describe(id: string, rule: SarifRule | undefined): object {
  if (rule === undefined) return { id }
  const defaultConfiguration = { level: levels[rule.severity] }
  const help = { text: `${rule.summary}. \`aigw lint --explain ${id}\` says why it matters and how to repair it.` }
  return { id, shortDescription: { text: rule.summary }, help, defaultConfiguration }
}

function toResult({ code, severity, message, help, path, file, ...span }: Diagnostic, ruleIndex: number): object {
  const { line: startLine, column: startColumn, endLine = startLine, endColumn } = span
  const region = { startLine, startColumn, endLine, ...(endColumn === undefined ? {} : { endColumn }) }
  const location = {
    // A relative reference, as the file was named: code scanning looks for it from the root of the repository.
    ...(file === null ? {} : { physicalLocation: { artifactLocation: { uri: toUri(file) }, region } }),
    ...(path === '' ? {} : { logicalLocations: [{ fullyQualifiedName: path }] }),
  }
  return {
    ruleId: code,
    ruleIndex,
    level: levels[severity],
    message: { text: help === null ? message : `${message}: ${help}` },
    ...(Object.keys(location).length === 0 ? {} : { locations: [location] }),
  }
}

function toUri(file: string): string {
  const parts = file.replaceAll('\\', '/').replace(/^\.\//, '').split('/')
  return parts.map(encodeURIComponent).join('/')
}
