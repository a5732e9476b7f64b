/**
 * Diagnostics as JUnit's XML, which every CI server shows as tests: a suite a file, a case a problem. There is no
 * standard; this is what Jenkins, GitLab and others agree to read (https://github.com/testmoapp/junitxml, read
 * 2026-11-23).
 */
import type { Diagnostic, Severity } from '../../gateway/core/manifest/diagnostics.ts'
import { isAtLeast } from '../plan/gates.ts'

/** Of a report what JUnit has a place for. */
interface JunitReport {
  readonly command: string
  readonly files: readonly { readonly file: string; readonly diagnostics: readonly Diagnostic[] }[]
  /** Files that could not be looked at, and why. */
  readonly unread: readonly { readonly file: string; readonly message: string }[]
  /** The least that is a failure; the rest are passed cases that say something. */
  readonly failSeverity: Severity
}

interface Suite {
  readonly name: string
  readonly cases: readonly string[]
  readonly failures: number
  readonly errors: number
}

export function renderDiagnosticsJunit({ command, files, unread, failSeverity }: JunitReport): string {
  const suites = [
    ...files.map(({ file, diagnostics }) => toSuite(file, diagnostics, failSeverity)),
    ...unread.map(({ file, message }) => toBrokenSuite(file, message)),
  ]
  const sum = (amountOf: (suite: Suite) => number): number => suites.reduce((all, suite) => all + amountOf(suite), 0)
  const amounts = counts({
    tests: sum(({ cases }) => cases.length),
    failures: sum(({ failures }) => failures),
    errors: sum(({ errors }) => errors),
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escape(`aigw ${command}`)}" ${amounts}>`,
    ...suites.map(renderSuite),
    '</testsuites>',
    '',
  ].join('\n')
}

function toSuite(file: string, diagnostics: readonly Diagnostic[], failSeverity: Severity): Suite {
  return {
    name: file,
    // A server that sees no case takes the file for one that was not looked at.
    cases:
      diagnostics.length === 0
        ? [`    <testcase classname="${escape(file)}" name="no problems"/>`]
        : diagnostics.map((diagnostic) => renderCase(file, diagnostic, failSeverity)),
    failures: diagnostics.filter(({ severity }) => isAtLeast(severity, failSeverity)).length,
    errors: 0,
  }
}

function toBrokenSuite(file: string, message: string): Suite {
  const told = `<error message="${escape(message)}" type="unreadable"/>`
  return { name: file, cases: [wrapCase(file, 'readable', told)], failures: 0, errors: 1 }
}

function renderSuite({ name, cases, failures, errors }: Suite): string {
  const amounts = counts({ tests: cases.length, failures, errors })
  return [`  <testsuite name="${escape(name)}" ${amounts} skipped="0">`, ...cases, '  </testsuite>'].join('\n')
}

function counts(amounts: Readonly<Record<'tests' | 'failures' | 'errors', number>>): string {
  return Object.entries(amounts)
    .map(([name, amount]) => `${name}="${amount}"`)
    .join(' ')
}

function renderCase(file: string, diagnostic: Diagnostic, failSeverity: Severity): string {
  const { code, severity, message, help, line, column, path } = diagnostic
  const told = [`${file}:${line}:${column}: ${severity}: ${message}`, path === '' ? '' : `at ${path}`, help ?? '']
  const body = escape(told.filter((each) => each !== '').join('\n'))
  const outcome = isAtLeast(severity, failSeverity)
    ? `<failure message="${escape(message)}" type="${escape(code)}">${body}</failure>`
    : `<system-out>${body}</system-out>`
  return wrapCase(file, `${code} at ${line}:${column}`, outcome)
}

function wrapCase(file: string, name: string, outcome: string): string {
  return `    <testcase classname="${escape(file)}" name="${escape(name)}">\n      ${outcome}\n    </testcase>`
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
