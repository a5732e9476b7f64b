/**
 * Diagnostics as SARIF 2.1.0, which code scanning of GitHub and others shows on lines. Form:
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/ (its schema read 2026-11-23).
 */
import type { Diagnostic, Severity } from '../../gateway/core/manifest/diagnostics.ts'
import { rules } from '../lint/registry.ts'
import { isRuleId } from '../lint/rule-ids.ts'
import { pageOf } from './diagnostic-page.ts'

/** Of a report what SARIF has a place for. */
interface SarifReport {
  /** Of aigw. */
  readonly version: string
  readonly files: readonly { readonly diagnostics: readonly Diagnostic[] }[]
  readonly unread: readonly Unread[]
}

/** A file that could not be looked at, and why. */
interface Unread {
  readonly file: string
  readonly message: string
}

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
}

export function renderDiagnosticsSarif({ version, files, unread }: SarifReport): string {
  const diagnostics = files.flatMap((file) => file.diagnostics)
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort()
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'aigw', version, rules: codes.map(describe) } },
        invocations: [
          { executionSuccessful: unread.length === 0, toolExecutionNotifications: unread.map(toNotification) },
        ],
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map((diagnostic) => toResult(diagnostic, codes.indexOf(diagnostic.code))),
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

function describe(id: string): object {
  const help = { text: `See ${pageOf(id)}.` }
  if (!isRuleId(id)) return { id, help }
  const { summary, severity } = rules[id]
  return { id, shortDescription: { text: summary }, help, defaultConfiguration: { level: levels[severity] } }
}

function toNotification({ file, message }: Unread): object {
  const locations = [{ physicalLocation: { artifactLocation: { uri: toUri(file) } } }]
  return { level: 'error', message: { text: message }, locations }
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
