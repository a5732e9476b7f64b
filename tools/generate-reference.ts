/**
 * Makes `docs/reference/`: one page for each document people write, from its schema, so that a page, an editor and the
 * checks say the same.
 *
 *     node tools/generate-reference.ts [FOLDER]            write what changed
 *     node tools/generate-reference.ts --check [FOLDER]    write nothing; exit 1 and name the stale files
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Schema, renderReference } from './reference-page.ts'

const documents = [
  ['routes', 'routes.yaml'],
  ['config', 'aigw.yaml'],
  ['scenario', 'Scenarios'],
] as const

function makePage(kind: string, title: string): string {
  const file = path.join(import.meta.dirname, `../schemas/${kind}.schema.json`)
  const schema = JSON.parse(readFileSync(file, 'utf8')) as Schema // our own file
  return renderReference({ title, kind, schema })
}

function readPage(name: string): string | null {
  try {
    return readFileSync(path.join(folder, name), 'utf8')
  } catch {
    return null
  }
}

const args = process.argv.slice(2)
const folder = args.find((arg) => arg !== '--check') ?? path.join(import.meta.dirname, '../docs/reference')
mkdirSync(folder, { recursive: true })
const pages = new Map(documents.map(([kind, title]) => [`${kind}.md`, makePage(kind, title)]))
const stale = [...pages].filter(([name, text]) => readPage(name) !== text)
const extra = readdirSync(folder).filter((name) => !pages.has(name))
if (args.includes('--check')) {
  for (const name of [...stale.map(([page]) => page), ...extra]) {
    console.error(`stale: ${path.relative('.', path.join(folder, name))} (run: npm run generate)`)
  }
  process.exitCode = stale.length + extra.length > 0 ? 1 : 0
} else {
  for (const [name, text] of stale) writeFileSync(path.join(folder, name), text)
  for (const name of extra) rmSync(path.join(folder, name))
}
