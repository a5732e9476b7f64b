import { describe, expect, test } from 'vitest'
import { validateDiff } from '../../schemas/validate-diff.ts'
import type { RoutesManifest } from '../../schemas/index.ts'
import { diffManifests } from '../diff/diff.ts'
import { fakeContext } from '../testing/context.ts'
import { renderDiff, renderDiffJson, renderDiffMarkdown } from './diff.ts'

const manifest = (name: string, model: string, header: string): RoutesManifest => ({
  providers: { local: { type: 'vllm', headers: { 'x-key': header } } },
  ai_routes: [{ name, match: { model }, targets: [{ provider: 'local', model: 'm' }] }],
})

const result = {
  from: { kind: 'file', name: 'a|b.yaml' } as const,
  to: { kind: 'environment', name: 'prod@3' } as const,
  changes: diffManifests(manifest('a', '*|`x`', 'hunter2'), manifest('a', '<b>_c_', 'hunter3')),
}

describe('a diff', () => {
  test('as JSON is what the schema says, and holds no literal header', () => {
    const text = renderDiffJson(result)
    expect(validateDiff(JSON.parse(text))).toMatchObject({ valid: true })
    expect(text).not.toContain('hunter')
  })

  test('as Markdown keeps its table, whatever stands in a name', () => {
    const text = renderDiffMarkdown(result)
    expect(text).not.toContain('hunter')
    expect(text.split('\n')[0]).toBe(String.raw`### a\|b.yaml → prod@3`)
    const rows = text.split('\n').filter((line) => line.startsWith('|'))
    expect(rows).toHaveLength(4)
    for (const row of rows) expect(row.split(/(?<!\\)\|/)).toHaveLength(5)
    expect(text).toContain(String.raw`\<b\>\_c\_`)
  })

  test('for people fits a narrow terminal', () => {
    const { stdout } = fakeContext({ cwd: '/', columns: 40 }).context
    const text = renderDiff(result, stdout)
    expect(text).toContain('2 changed.')
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(40)
  })
})
