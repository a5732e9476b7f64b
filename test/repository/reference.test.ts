/** docs/reference: what is made from the schemas is whole, and nothing in it is empty. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { readText, repositoryRoot } from './sources.ts'

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly $defs?: Readonly<Record<string, Schema>>
}

const kinds = ['routes', 'config', 'scenario']

function keysOf(schema: Schema): string[] {
  const inside = Object.entries(schema.properties ?? {}).flatMap(([key, property]) => [key, ...keysOf(property)])
  return [...inside, ...Object.values(schema.$defs ?? {}).flatMap(keysOf)]
}

describe.each(kinds)('the reference of %s', (kind) => {
  const page = readText(`docs/reference/${kind}.md`)
  const rows = page.split('\n').filter((line) => line.startsWith('| `'))
  const cellsOf = (row: string): string[] =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim())

  it('has a row for every key of the schema, as often as there is one', () => {
    const schema = JSON.parse(readText(`schemas/${kind}.schema.json`)) as Schema
    const named = rows.map((row) => (cellsOf(row)[0] ?? '').replaceAll('`', ''))
    expect(named.toSorted()).toEqual(keysOf(schema).toSorted())
  })

  it('says of each what it is, what it means and an example that is YAML', () => {
    for (const row of rows) {
      const [key = '', type = '', , meaning = '', example = ''] = cellsOf(row)
      expect([key, type !== '', meaning !== '']).toEqual([key, true, true])
      expect(type).not.toMatch(/undefined|\[object/)
      const yaml = example.replace(/^`(.*)`$/, '$1').replaceAll(String.raw`\|`, '|')
      expect(Object.keys(parse(yaml) as object), row).toEqual([key.replaceAll('`', '')])
    }
  })

  it('links to parts that are there', () => {
    const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, title = '']) => title.toLowerCase().replaceAll(' ', '-'))
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, target = '']) => target)
    expect(links.filter((link) => !headings.includes(link))).toEqual([])
    expect(new Set(headings).size).toBe(headings.length)
  })
})

it('says of every key of a manifest what holds without it', () => {
  const rows = readText('docs/reference/routes.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
  const silent = rows.filter((row) => row.split(/(?<!\\)\|/)[3]?.trim() === '')
  expect(silent).toEqual([])
  expect(rows.length).toBeGreaterThan(100)
})

it('is found out when it is stale, missing or left over, and made anew', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'aigw-reference-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const generate = async (...args: readonly string[]) =>
    await execa(process.execPath, ['tools/generate-reference.ts', ...args, folder], {
      cwd: repositoryRoot,
      reject: false,
    })
  expect((await generate('--check')).exitCode).toBe(1)
  expect((await generate()).exitCode).toBe(0)
  expect((await generate('--check')).exitCode).toBe(0)
  writeFileSync(path.join(folder, 'routes.md'), '# Routes\n')
  writeFileSync(path.join(folder, 'gone.md'), '')
  const { exitCode, stderr } = await generate('--check')
  expect(exitCode).toBe(1)
  expect([...stderr.matchAll(/(\w+\.md) \(run: npm run generate\)/g)].map(([, name]) => name)).toEqual([
    'routes.md',
    'gone.md',
  ])
  await generate()
  expect(readdirSync(folder).toSorted()).toEqual(kinds.map((kind) => `${kind}.md`).toSorted())
  expect(readFileSync(path.join(folder, 'routes.md'), 'utf8')).toBe(readText('docs/reference/routes.md'))
})
