/** docs/diagnostics.md, held against the code: every code has its part there, and its examples are run. */
import { globSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../cli/io/config.ts'
import { pageOf } from '../../cli/views/diagnostic-page.ts'
import type { Diagnostic } from '../../gateway/core/manifest/diagnostics.ts'
import { readManifest } from '../../gateway/core/manifest/read.ts'
import { findUnavailable } from '../../gateway/core/manifest/unavailable.ts'
import { readText, repositoryRoot } from './sources.ts'

/** Codes that are put together: what may stand in the gap. */
const assembled: Readonly<Record<string, readonly string[]>> = {
  'unknown-${what}': ['credential', 'organization', 'policy', 'project', 'route'].map((what) => `unknown-${what}`),
}

/** Where problems in documents are made. Rules of lint have their own codes, pages and test. */
const sources = ['gateway/core/manifest/**/*.ts', 'cli/io/*.ts', 'cli/credential/*.ts']

function codesIn(source: string): string[] {
  const found = [
    ...source.matchAll(/\bcode: (?:'([a-z0-9-]+)'|`([^`]+)`)/g),
    ...source.matchAll(/\bbase\(problem, '([a-z-]+)'\)/g),
    ...source.matchAll(/\? '(exactly-one)' : '[a-z-]+'/g),
  ]
  return found.flatMap(([, plain, pattern]) =>
    pattern === undefined ? [plain ?? ''] : (assembled[pattern] ?? [pattern]),
  )
}

const used = [
  ...new Set(
    globSync(sources, { cwd: repositoryRoot })
      .map((file) => file.split(path.sep).join('/'))
      .filter((file) => !file.endsWith('.test.ts'))
      .flatMap((file) => codesIn(readText(file))),
  ),
].toSorted()

const page = readText('docs/diagnostics.md')
const parts = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((part) => [part.slice(0, part.indexOf('\n')), part] as const),
)

async function diagnose(text: string): Promise<readonly Diagnostic[]> {
  if (text.startsWith('# aigw.yaml')) return (await parseConfig(text, 'aigw.yaml')).diagnostics
  const place = { file: 'routes.yaml', variables: { AZURE_HOST: 'azure.example' } }
  const { manifest, diagnostics, locate } = readManifest(text, place)
  return manifest === null
    ? diagnostics
    : [...diagnostics, ...findUnavailable(manifest, { file: 'routes.yaml', locate })]
}

describe('the page of diagnostics', () => {
  it('finds codes in a sample', () => {
    const sample = "{ code: 'a-b' } { code: `unknown-${what}` } base(problem, 'c-d') report({ code: 'ENOENT' })"
    expect(codesIn(sample)).toEqual(['a-b', ...(assembled['unknown-${what}'] ?? []), 'c-d'])
    expect(used.length).toBeGreaterThan(40)
  })

  it('explains every code that there is, and no other', () => {
    expect([...parts.keys()].toSorted()).toEqual(used)
    for (const code of used) expect(pageOf(code)).toBe(`docs/diagnostics.md#${code}`)
  })

  it('lists them all at its head', () => {
    const head = page.slice(0, page.indexOf('\n## '))
    for (const code of used) expect(head).toContain(`[${code}](#${code})`)
  })

  describe.each([...parts])('%s', (code, part) => {
    const [before = '', after = ''] = [...part.matchAll(/```yaml\n(.*?)\n```/gs)].map(([, block = '']) => `${block}\n`)

    it('says what it means and how to repair it', () => {
      const [meaning = '', repair = ''] = part
        .slice(part.indexOf('\n'))
        .split(/```yaml\n.*?\n```/s)
        .map((text) => text.trim())
      expect(meaning.length).toBeGreaterThan(40)
      expect(repair.length).toBeGreaterThan(10)
    })

    it('shows a document that has it, and one that has nothing', async () => {
      const found = await diagnose(before)
      expect(found.map((diagnostic) => diagnostic.code)).toContain(code)
      const repaired = await diagnose(after)
      const serious = code === 'unavailable' ? repaired : repaired.filter((each) => each.code !== 'unavailable')
      expect(serious.map((each) => `${each.code} ${each.message}`)).toEqual([])
    })
  })
})
