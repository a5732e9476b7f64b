/** What is different between two manifests: for people, for programs, and for a comment on a pull request. */
import type { Diff, DiffSource } from '../../schemas/index.ts'
import type { Output } from '../context.ts'
import type { Change } from '../diff/change.ts'
import { splitPath } from '../diff/change.ts'
import { renderChanges, tellCounts } from './changes.ts'
import { makePaint } from './paint.ts'

export interface DiffResult {
  readonly from: DiffSource
  readonly to: DiffSource
  readonly changes: readonly Change[]
}

export function renderDiff({ from, to, changes }: DiffResult, output: Output): string {
  const paint = makePaint(output)
  if (changes.length === 0) return `No differences: ${from.name} and ${to.name} mean the same.\n`
  const title = paint.bold(`${from.name} → ${to.name}`)
  return `${[title, '', ...renderChanges(changes, output), '', tellCounts(changes, 'done')].join('\n')}\n`
}

export function renderDiffJson({ from, to, changes }: DiffResult): string {
  const document: Diff = {
    schema: 'aigw.diff/1',
    from: { kind: from.kind, name: from.name },
    to: { kind: to.kind, name: to.name },
    changes: changes.map((change) => ({ ...change })),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

/** A heading, a table and the count: short enough for a comment, and readable as text. */
export function renderDiffMarkdown({ from, to, changes }: DiffResult): string {
  const title = `### ${inline(from.name)} → ${inline(to.name)}`
  if (changes.length === 0) return `${title}\n\nNo differences: both mean the same.\n`
  const rows = changes.map(
    ({ kind, path, message }) => `| ${signs[kind]} | ${code(path)} | ${tellChange(path, message)} |`,
  )
  return `${[title, '', '| | where | what |', '| --- | --- | --- |', ...rows, '', tellCounts(changes, 'done')].join('\n')}\n`
}

const signs: Readonly<Record<Change['kind'], string>> = { added: '➕', removed: '➖', changed: '✏️', moved: '↕️' }

/** Of a thing that came or went, its name is in the path already. */
function tellChange(path: string, message: string): string {
  return inline(message === '' ? (splitPath(path).at(-1) ?? '') : message)
}

/** Text in a cell: nothing in it is a mark of Markdown or a border of the table. */
function inline(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>#|~!]/g, String.raw`\$&`).replaceAll(/\s+/g, ' ')
}

/** Code in a cell: longer marks where the text has marks of its own. */
function code(text: string): string {
  const shown = text.replaceAll('|', String.raw`\|`).replaceAll(/\s+/g, ' ')
  return shown.includes('`') ? `\`\` ${shown} \`\`` : `\`${shown}\``
}
