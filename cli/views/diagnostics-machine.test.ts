/** The forms that other programs read, held against what those programs ask for. */
import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '../../schemas/index.ts'
import { type DiagnosticsReport, machineFormats, renderReport } from './diagnostics-report.ts'

function diagnosticAt(line: number, more: Partial<Diagnostic> = {}): Diagnostic {
  return {
    code: 'unknown-key',
    severity: 'error',
    message: 'no such key',
    path: 'ai_routes[0].nmae',
    file: 'team a/routes.yaml',
    line,
    column: 3,
    endLine: line,
    endColumn: 7,
    help: null,
    ...more,
  }
}

const hostile = diagnosticAt(2, {
  code: 'single-target',
  severity: 'info',
  message: 'a <b> & "c"\u0007\uD800',
  help: 'do ]]> it',
})
const report: DiagnosticsReport = {
  command: 'lint',
  version: '1.2.3',
  files: [
    { file: 'team a/routes.yaml', diagnostics: [diagnosticAt(1), diagnosticAt(4, { file: null, path: '' }), hostile] },
    { file: 'clean.yaml', diagnostics: [] },
  ],
  unread: [{ file: 'gone.yaml', message: 'cannot read gone.yaml: there is no such file' }],
  failSeverity: 'warning',
}

const render = async (format: string, given = report): Promise<string> => (await renderReport(given, format)) ?? ''

describe('SARIF', () => {
  /** What the schema of SARIF 2.1.0 requires, or restricts, of the parts we write. */
  it('has what every reader needs', async () => {
    const log = JSON.parse(await render('sarif')) as {
      version: string
      runs: {
        tool: { driver: { name: string; version: string; rules: { id: string }[] } }
        invocations: { executionSuccessful: boolean; toolExecutionNotifications: unknown[] }[]
        columnKind: string
        results: {
          ruleId: string
          ruleIndex: number
          level: string
          message: { text: string }
          locations?: unknown[]
        }[]
      }[]
    }
    expect(log.version).toBe('2.1.0')
    const [run] = log.runs
    expect(run?.tool.driver).toMatchObject({ name: 'aigw', version: '1.2.3' })
    expect(run?.columnKind).toBe('utf16CodeUnits')
    expect(run?.invocations).toEqual([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          {
            level: 'error',
            message: { text: 'cannot read gone.yaml: there is no such file' },
            locations: [{ physicalLocation: { artifactLocation: { uri: 'gone.yaml' } } }],
          },
        ],
      },
    ])
    for (const { ruleId, ruleIndex, level, message } of run?.results ?? []) {
      expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId)
      expect(['none', 'note', 'warning', 'error']).toContain(level)
      expect(message.text).not.toBe('')
    }
  })

  it('points at the place, by an address that is one', async () => {
    const { runs } = JSON.parse(await render('sarif')) as { runs: { results: { locations?: unknown[] }[] }[] }
    const [first, second] = runs[0]?.results ?? []
    expect(first?.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: 'team%20a/routes.yaml' },
          region: { startLine: 1, startColumn: 3, endLine: 1, endColumn: 7 },
        },
        logicalLocations: [{ fullyQualifiedName: 'ai_routes[0].nmae' }],
      },
    ])
    // Of a problem without a place there is none to point at.
    expect(second).not.toHaveProperty('locations')
  })

  it('says of a rule of lint what it is for', async () => {
    const { runs } = JSON.parse(await render('sarif')) as { runs: { tool: { driver: { rules: unknown[] } } }[] }
    expect(runs[0]?.tool.driver.rules).toContainEqual({
      id: 'single-target',
      shortDescription: { text: 'a route with one target and no fallback' },
      help: { text: 'See cli/lint/rules/single-target.md.' },
      defaultConfiguration: { level: 'warning' },
    })
  })
})

describe('JUnit', () => {
  it('is a suite a file and a case a problem; what is below the threshold passes, and is told', async () => {
    expect(await render('junit')).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="aigw lint" tests="5" failures="2" errors="1">
  <testsuite name="team a/routes.yaml" tests="3" failures="2" errors="0" skipped="0">
    <testcase classname="team a/routes.yaml" name="unknown-key at 1:3">
      <failure message="no such key" type="unknown-key">team a/routes.yaml:1:3: error: no such key
at ai_routes[0].nmae</failure>
    </testcase>
    <testcase classname="team a/routes.yaml" name="unknown-key at 4:3">
      <failure message="no such key" type="unknown-key">team a/routes.yaml:4:3: error: no such key</failure>
    </testcase>
    <testcase classname="team a/routes.yaml" name="single-target at 2:3">
      <system-out>team a/routes.yaml:2:3: info: a &lt;b&gt; &amp; &quot;c&quot;\uFFFD\uFFFD
at ai_routes[0].nmae
do ]]&gt; it</system-out>
    </testcase>
  </testsuite>
  <testsuite name="clean.yaml" tests="1" failures="0" errors="0" skipped="0">
    <testcase classname="clean.yaml" name="no problems"/>
  </testsuite>
  <testsuite name="gone.yaml" tests="1" failures="0" errors="1" skipped="0">
    <testcase classname="gone.yaml" name="readable">
      <error message="cannot read gone.yaml: there is no such file" type="unreadable"/>
    </testcase>
  </testsuite>
</testsuites>
`)
  })

  it('is well-formed whatever stands in a message', async () => {
    const xml = await render('junit')
    const open: string[] = []
    for (const [, end, name = '', empty] of xml.matchAll(
      /<(\/?)([a-z-]+)(?:\s+[a-z]+="[^"<&]*(?:&[a-z]+;[^"<&]*)*")*\s*(\/?)>/g,
    )) {
      if (end === '/') expect(open.pop()).toBe(name)
      else if (empty !== '/') open.push(name)
    }
    expect(open).toEqual([])
    // Nothing is left of a mark that is none of ours.
    expect(xml.replaceAll(/<[^<>]*>/g, '')).not.toMatch(/[<>]/)
  })
})

it('knows its forms, and leaves people to others', async () => {
  for (const format of machineFormats) expect(await render(format)).not.toBe('')
  expect(await renderReport(report, 'human')).toBeNull()
})
