/** What `summarise-tests.ts` says, as a function of the report, so that it can be tested. */

/** The parts of vitest's JSON report (Jest's form) that are read here. */
export interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message?: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

export interface Summary {
  /** What to print; the last line is the plain count. */
  readonly lines: readonly string[]
  readonly failed: boolean
}

/** `exitCode` is vitest's own: it also fails for errors outside any test, which the report does not count. */
export function summarise(report: Report | null, exitCode: number): Summary {
  const lines: string[] = []
  let passed = 0
  let failed = 0
  let skipped = 0
  for (const file of report?.testResults ?? []) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed += 1
      else if (test.status === 'failed') {
        failed += 1
        lines.push(`failed: ${file.name}: ${test.fullName}`)
      } else skipped += 1
    }
    if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')) {
      failed += 1
      lines.push(`failed: ${file.name}: ${file.message?.split('\n')[0] || 'the file could not be run'}`)
    }
  }
  if (failed === 0 && exitCode !== 0) {
    failed += 1
    lines.push(
      report === null ? 'failed: vitest wrote no report' : `failed: vitest ended with ${exitCode} outside any test`,
    )
  }
  if (passed + failed === 0) lines.push('failed: no test ran')
  const isFailure = failed > 0 || passed === 0
  lines.push(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  return { lines, failed: isFailure }
}
