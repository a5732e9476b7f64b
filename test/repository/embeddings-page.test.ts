/** docs/embeddings.md against the registry: who has embeddings, how they are asked for, and who has none. */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeProviders, type ProviderDescription } from '../../cli/providers/describe.ts'
import type { EmbeddingsDescription } from '../../cli/providers/embeddings.ts'
import { embeddingsRecordingsOf } from '../../gateway/core/providers/recordings.ts'
import { readText, repositoryRoot } from './sources.ts'

const all = describeProviders()

describe('docs/embeddings.md', () => {
  it('has the table as the registry gives it', () => {
    const file = path.join(repositoryRoot, 'docs/embeddings.md')
    const page = readText('docs/embeddings.md')
    const [before = '', rest = ''] = page.split(/(?<=AIGW_WRITE_DOCS=1 [^\n]* -->\n)/)
    const [, after = ''] = rest.split('<!-- end -->')
    const made = `${before}\n${renderTable()}\n\n<!-- end -->${after}`
    if (process.env['AIGW_WRITE_DOCS'] === '1') writeFileSync(file, made)
    expect(readFileSync(file, 'utf8')).toBe(made)
  })

  it('names everyone who has none', () => {
    const [, none = ''] = readText('docs/embeddings.md').split('\nNo embeddings: ')
    const [named = ''] = none.split('\n\n')
    const words: Readonly<Record<string, string>> = { tgi: 'Text Generation Inference', huggingface: 'Hugging Face' }
    const said = named.replaceAll('\n', ' ')
    const without = all.filter(({ embeddings }) => embeddings.length === 0)
    expect(without.length).toBeGreaterThan(5)
    for (const { id, title } of without) {
      expect([id, said.includes(words[id] ?? title.split(' ')[0] ?? '')]).toEqual([id, true])
    }
    // The first sentence is a list of names, and of nobody else's.
    const listed = /^(.*?) document none, and (\w+)/.exec(said)?.slice(1).join(', ') ?? ''
    expect(listed.split(/, | and /)).toHaveLength(without.length - Object.keys(words).length)
  })
})

function renderTable(): string {
  const headings = ['type', 'language', 'inputs', 'token ids', '`dimensions`', '`user`', '`input_type`', 'recordings']
  const rows = all.flatMap((provider) => provider.embeddings.map((one) => rowOf(provider, one)))
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(headings), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n')
}

function rowOf({ id }: ProviderDescription, { language, models, maxInputs, rows }: EmbeddingsDescription): string[] {
  const fate = (part: string) => rows.find((row) => row.part === part)?.fidelity ?? ''
  const recorded = { exchanges: 'requests and replies', replies: 'replies', none: 'none' }[embeddingsRecordingsOf(id)]
  return [
    models === null ? `\`${id}\`` : `\`${id}\`, ${models}`,
    `\`${language}\``,
    maxInputs === null ? '' : String(maxInputs),
    fate('input[tokens]'),
    fate('dimensions'),
    fate('user'),
    fate('input_type'),
    recorded,
  ]
}
