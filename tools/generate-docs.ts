/**
 * Makes `docs/providers/`: one page a provider and the table of all, word for word what `aigw providers` prints as
 * Markdown. Everything in it comes from the registry, so that what is written is what the gateway does.
 *
 *     node tools/generate-docs.ts [--check] [FOLDER]
 */
import path from 'node:path'
import { describeProviders } from '../cli/providers/describe.ts'
import { madeBanner, renderProviderMarkdown, renderProvidersMarkdown } from '../cli/views/providers-markdown.ts'
import { writeOrCheck } from './generated-pages.ts'

function makePages(): Map<string, string> {
  const all = describeProviders()
  const pages = all.map((each) => [`${each.id}.md`, renderProviderMarkdown(each, { lostOnly: false })] as const)
  return new Map([['README.md', renderProvidersMarkdown(all)], ...pages])
}

process.exitCode = writeOrCheck(process.argv.slice(2), {
  folder: path.join(import.meta.dirname, '../docs/providers'),
  pages: makePages(),
  // Pages we made of providers that are no more; whatever else lies there is not ours to remove.
  isLeftOver: (name, text) => name.endsWith('.md') && text.startsWith(madeBanner),
})
