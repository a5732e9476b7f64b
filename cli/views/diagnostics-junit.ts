/**
 * Diagnostics as JUnit's XML, which every CI server shows as tests: a suite a file, a case a problem. There is no
 * standard; this is what Jenkins, GitLab and others agree to read (https://github.com/testmoapp/junitxml, read
 * 2026-11-23).
 */
import type { Diagnostic, Severity } from '../../gateway/core/manifest/diagnostics.ts'
import { isAtLeast } from '../plan/gates.ts'

export interface JunitFile {
  readonly file: string
  readonly diagnostics: readonly Diagnostic[]
}

interface JunitOptions {
  /** What was run, such as `aigw lint`. */
  readonly name: string
  /** The least that is a failure; the rest are passed cases that say something. */
  readonly failSeverity: Severity
}

export function renderDiagnosticsJunit(files: readonly JunitFile[], options: JunitOptions): string {
  const suites = files.map((file) => renderSuite(file, options))
  const tests = files.reduce((sum, { diagnostics }) => sum + Math.max(1, diagnostics.length), 0)
  const failures = files.reduce((sum, { diagnostics }) => sum + countFailures(diagnostics, options), 0)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escape(options.name)}" tests="${tests}" failures="${failures}" errors="0">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n')
}

function countFailures(diagnostics: readonly Diagnostic[], { failSeverity }: JunitOptions): number {
  return diagnostics.filter(({ severity }) => isAtLeast(severity, failSeverity)).length
}

function renderSuite({ file, diagnostics }: JunitFile, options: JunitOptions): string {
  const failures = countFailures(diagnostics, options)
  const tests = Math.max(1, diagnostics.length)
  // A server that sees no case takes the file for one that was not looked at.
  const cases =
    diagnostics.length === 0
      ? [`    <testcase classname="${escape(file)}" name="no findings"/>`]
      : diagnostics.map((diagnostic) => renderCase(file, diagnostic, options))
  return [
    `  <testsuite name="${escape(file)}" tests="${tests}" failures="${failures}" errors="0" skipped="0">`,
    ...cases,
    '  </testsuite>',
  ].join('\n')
}

function renderCase(file: string, diagnostic: Diagnostic, { failSeverity }: JunitOptions): string {
  const { code, severity, message, help, line, column, path } = diagnostic
  const name = `${code} at ${line}:${column}`
  const text = [
    `${file}:${line}:${column}: ${severity}: ${message}`,
    ...(path === '' ? [] : [`at ${path}`]),
    help ?? '',
  ]
  const body = escape(text.filter((each) => each !== '').join('\n'))
  const told = isAtLeast(severity, failSeverity)
    ? `<failure message="${escape(message)}" type="${escape(code)}">${body}</failure>`
    : `<system-out>${body}</system-out>`
  return [`    <testcase classname="${escape(file)}" name="${escape(name)}">`, `      ${told}`, '    </testcase>'].join(
    '\n',
  )
}

/** XML 1.0 has no way at all to write most control characters. */
function escape(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
