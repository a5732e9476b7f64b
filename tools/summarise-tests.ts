/**
 * Reads vitest's JSON report and closes a CI run with one plain line, `N passed, N failed` (`, N skipped` when there
 * are any). Exits 1 when something failed or nothing ran: a run without tests proves nothing.
 *
 *     node tools/summarise-tests.ts REPORT VITEST_EXIT_CODE
 */
import { readFileSync } from 'node:fs'
import { summarise, type Report } from './test-summary.ts'

const [reportFile = '', exitCode = ''] = process.argv.slice(2)
const { lines, failed } = summarise(readReport(reportFile), Number(exitCode))
process.stdout.write(`${lines.join('\n')}\n`)
process.exitCode = failed ? 1 : 0

/** null when vitest died before it wrote a report, or left half of one. */
function readReport(file: string): Report | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report
  } catch {
    return null
  }
}
