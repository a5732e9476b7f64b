/** docs/observing.md against what the gateway really says: every event, every field of a request, every metric. */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { metrics } from '../../gateway/runtime/metrics/exposition.ts'
import { readText, repositoryRoot } from './sources.ts'

const page = readText('docs/observing.md')

/** The first cells of the table under this heading, without their backticks. */
function firstCells(heading: string): string[] {
  const [, section = ''] = page.split(`${heading}\n`)
  const [text = ''] = section.split('\n#')
  return [...text.matchAll(/^\| `(\w+)` /gm)].map(([, cell = '']) => cell)
}

/** Every event that is named in the sources of what runs. */
function eventsInSources(): Set<string> {
  const files = globSync(
    ['gateway/runtime/**/*.ts', 'gateway/main.ts', 'cli/{commands/serve,io/log}.ts', 'cli/io/log.ts'],
    {
      cwd: repositoryRoot,
    },
  )
  const texts = files.filter((file) => !/\.test\.ts$|\/testing\//.test(file)).map((file) => readText(file))
  const literal = texts.flatMap((text) =>
    [...text.matchAll(/level[^\n]*\s*event: '(\w+)'/g)].map(([, event = '']) => event),
  )
  // Two events are named by a table or by the core: of sources, and of health.
  const named = texts.flatMap((text) =>
    [...text.matchAll(/(?:ok|empty|lost|damaged): '(source_\w+)'/g)].map(([, event = '']) => event),
  )
  const changed = [...readText('gateway/core/routing/health.ts').matchAll(/change: '(\w+)'/g)].map(
    ([, event = '']) => event,
  )
  return new Set([...literal, ...named, ...changed])
}

describe('docs/observing.md', () => {
  it('has every event there is, and no other', () => {
    const events = eventsInSources()
    expect(events.size).toBeGreaterThan(20)
    events.delete('request')
    expect(firstCells('### Events').toSorted()).toEqual([...events].toSorted())
  })

  it('has every field of a request, in their order', () => {
    const [, text = ''] = readText('gateway/runtime/tell.ts').split("event: 'request',")
    const [, fields = ''] = /fields: \{\n(.*?)\n {4}\},/s.exec(text) ?? []
    const names = [...fields.matchAll(/^ {6}(\w+)[:,]/gm)].map(([, name = '']) => name)
    expect(names).toContain('overhead_us')
    expect(firstCells('### A request')).toEqual(names)
  })

  it('has every metric there is, as it is defined', () => {
    const file = path.join(repositoryRoot, 'docs/observing.md')
    const [before = '', rest = ''] = page.split(/(?<=AIGW_WRITE_DOCS=1 [^\n]* -->\n)/)
    const [, after = ''] = rest.split('<!-- end -->')
    const made = `${before}\n${renderMetrics()}\n\n<!-- end -->${after}`
    if (process.env['AIGW_WRITE_DOCS'] === '1') writeFileSync(file, made)
    expect(readFileSync(file, 'utf8')).toBe(made)
    for (const [name = ''] of page.matchAll(/\b(?:aigw|gen_ai|nodejs|process)_\w+(?=\{| ==| >)/g)) {
      expect(metrics.map((metric) => metric.name)).toContain(name)
    }
  })
})

function renderMetrics(): string {
  const rows = metrics.map(({ name, type, labels, help, convention }) => [
    `\`${name}\``,
    type,
    labels.map((label) => `\`${label}\``).join(' '),
    convention === undefined ? help : `${help} (\`${convention}\`)`,
  ])
  return renderTable([['metric', 'kind', 'labels', 'says'], ...rows])
}

/** As the formatter would have it. */
function renderTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const render = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = rows
  return [render(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(render)].join('\n')
}
