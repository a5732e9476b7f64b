/**
 * Makes `docs/providers/`: one page a provider and the table of all, word for word what `aigw providers` prints as
 * Markdown. Everything in it comes from the registry, so that what is written is what the gateway does.
 *
 *     node tools/generate-docs.ts [FOLDER]            write what changed
 *     node tools/generate-docs.ts --check [FOLDER]    write nothing; exit 1 and name the stale files
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describeProviders } from '../cli/providers/describe.ts'
import { madeBanner, renderProviderMarkdown, renderProvidersMarkdown } from '../cli/views/providers-markdown.ts'

function makePages(): Map<string, string> {
  const all = describeProviders()
  const pages = all.map((each) => [`${each.id}.md`, renderProviderMarkdown(each, { lostOnly: false })] as const)
  return new Map([['README.md', renderProvidersMarkdown(all)], ...pages])
}

function readPage(folder: string, name: string): string | null {
  try {
    return readFileSync(path.join(folder, name), 'utf8')
  } catch {
    return null
  }
}

function isOurs(name: string): boolean {
  return name.endsWith('.md') && readPage(folder, name)?.startsWith(madeBanner) === true
}

const args = process.argv.slice(2)
const isCheck = args.includes('--check')
const folder = args.find((arg) => arg !== '--check') ?? path.join(import.meta.dirname, '../docs/providers')
mkdirSync(folder, { recursive: true })
const pages = makePages()
const stale = [...pages].filter(([name, text]) => readPage(folder, name) !== text)
// Pages we made of providers that are no more; whatever else lies there is not ours to remove.
const extra = readdirSync(folder).filter((name) => !pages.has(name) && isOurs(name))
if (isCheck) {
  for (const name of [...stale.map(([page]) => page), ...extra]) {
    console.error(`stale: ${path.relative('.', path.join(folder, name))} (run: npm run generate)`)
  }
  process.exitCode = stale.length + extra.length > 0 ? 1 : 0
} else {
  for (const [name, text] of stale) writeFileSync(path.join(folder, name), text)
  for (const name of extra) rmSync(path.join(folder, name))
}
