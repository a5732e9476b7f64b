import { describe, expect, it } from 'vitest'
import { summarise, type Report } from '../../tools/test-summary.ts'

function report(...statuses: string[]): Report {
  const assertionResults = statuses.map((status, index) => ({ status, fullName: `case ${index}` }))
  const status = statuses.includes('failed') ? 'failed' : 'passed'
  return { testResults: [{ name: 'a.test.ts', status, assertionResults }] }
}

const brokenFile: Report = {
  testResults: [{ name: 'b.test.ts', status: 'failed', message: 'no such module\n  at x', assertionResults: [] }],
}

describe('the last line of a CI run', () => {
  it.each([
    { title: 'all good', given: report('passed', 'passed'), exitCode: 0, last: '2 passed, 0 failed', failed: false },
    {
      title: 'one skipped',
      given: report('passed', 'pending'),
      exitCode: 0,
      last: '1 passed, 0 failed, 1 skipped',
      failed: false,
    },
    { title: 'one failed', given: report('passed', 'failed'), exitCode: 1, last: '1 passed, 1 failed', failed: true },
    { title: 'a file that did not load', given: brokenFile, exitCode: 1, last: '0 passed, 1 failed', failed: true },
    { title: 'an error outside tests', given: report('passed'), exitCode: 1, last: '1 passed, 1 failed', failed: true },
    {
      title: 'only skipped tests',
      given: report('pending'),
      exitCode: 0,
      last: '0 passed, 0 failed, 1 skipped',
      failed: true,
    },
    { title: 'no tests', given: { testResults: [] }, exitCode: 0, last: '0 passed, 0 failed', failed: true },
    { title: 'no report', given: null, exitCode: 137, last: '0 passed, 1 failed', failed: true },
    {
      title: 'no report though vitest was content',
      given: null,
      exitCode: 0,
      last: '0 passed, 0 failed',
      failed: true,
    },
  ])('$title: $last', ({ given, exitCode, last, failed }) => {
    const summary = summarise(given, exitCode)
    expect(summary.lines.at(-1)).toBe(last)
    expect(summary.failed).toBe(failed)
  })

  it('names what failed above the count', () => {
    expect(summarise(report('failed'), 1).lines).toContain('failed: a.test.ts: case 0')
    expect(summarise(brokenFile, 1).lines).toContain('failed: b.test.ts: no such module')
  })
})
