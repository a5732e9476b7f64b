/**
 * Makes `docs/reference/`: one page for each document people write, from its schema, so that a page, an editor and the
 * checks say the same.
 *
 *     node tools/generate-reference.ts [--check] [FOLDER]
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { writeOrCheck } from './generated-pages.ts'
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

process.exitCode = writeOrCheck(process.argv.slice(2), {
  folder: path.join(import.meta.dirname, '../docs/reference'),
  pages: new Map(documents.map(([kind, title]) => [`${kind}.md`, makePage(kind, title)])),
  // Nothing else is kept in this folder.
  isLeftOver: () => true,
})
