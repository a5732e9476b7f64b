/**
 * Diagnostics as workflow commands, which GitHub shows on the lines of a pull request. Form and escapes:
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands (read 2026-11-23).
 */
import type { Diagnostic, Severity } from '../../gateway/core/manifest/diagnostics.ts'

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' }

export function renderDiagnosticsGithub(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(renderOne).join('')
}

function renderOne({ severity, code, message, help, file, ...place }: Diagnostic): string {
  const { line, column, endLine = line, endColumn } = place
  const properties = [
    ...(file === null ? [] : [`file=${escapeProperty(file)}`]),
    `line=${line}`,
    `endLine=${endLine}`,
    // GitHub takes columns only within one line.
    ...(endLine === line ? [`col=${column}`, ...(endColumn === undefined ? [] : [`endColumn=${endColumn}`])] : []),
    `title=${escapeProperty(code)}`,
  ]
  const text = help === null ? message : `${message}: ${help}`
  return `::${commands[severity]} ${properties.join(',')}::${escapeData(text)}\n`
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
