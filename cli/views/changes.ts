/** What changes between two manifests, for people: by thing, each change with its path. */
import type { PlanChange } from '../../schemas/index.ts'
import type { Output } from '../context.ts'
import { splitPath } from '../diff/change.ts'
import { count } from '../wording.ts'
import { wrap } from './layout.ts'
import { makePaint } from './paint.ts'

/** A change as a diff has it; a plan knows whose it is and what could go wrong as well. */
export type ShownChange = Pick<PlanChange, 'kind' | 'subject' | 'path' | 'message'> &
  Partial<Pick<PlanChange, 'origin' | 'risks'>>

type Paint = ReturnType<typeof makePaint>

interface Row {
  readonly indent: number
  readonly mark: '+' | '-' | '~' | '!' | ' '
  readonly text: string
  readonly path: string | null
}

/** `1 to add, 2 to change.` of what a plan will do; `1 added, 2 changed.` of what is. */
export function tellCounts(changes: readonly ShownChange[], tense: 'to do' | 'done'): string {
  const words = { added: 'to add', changed: 'to change', moved: 'to move', removed: 'to remove' } as const
  const told = (['added', 'changed', 'moved', 'removed'] as const).flatMap((kind) => {
    const amount = changes.filter((change) => change.kind === kind).length
    return amount === 0 ? [] : [`${amount} ${tense === 'done' ? kind : words[kind]}`]
  })
  const risks = changes.reduce((sum, change) => sum + (change.risks?.length ?? 0), 0)
  return `${told.join(', ')}.${risks === 0 ? '' : ` ${count(risks, 'risk')}, marked with !.`}`
}

export function renderChanges(changes: readonly ShownChange[], output: Output): string[] {
  return layOut(rowsOf(changes), output.columns, makePaint(output))
}

function rowsOf(changes: readonly ShownChange[]): Row[] {
  const groups = new Map<string, ShownChange[]>()
  for (const change of changes) {
    const key = splitPath(change.path).slice(0, 2).join('\n')
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [change])
    else group.push(change)
  }
  return [...groups.values()].flatMap(rowsOfGroup)
}

/** The first row of a thing names it; what changes in it stands below. */
function rowsOfGroup(changes: readonly ShownChange[]): Row[] {
  const [first] = changes
  if (first === undefined) return []
  const names = splitPath(first.path)
  if (first.subject === 'setting') return changes.flatMap((change) => rowsOfChange(change, 0))
  const thing = changes.find((change) => splitPath(change.path).length === 2 && change.kind !== 'moved')
  const subject = isPartOfRoute(first.subject) ? 'route' : first.subject
  const heading: Row = {
    indent: 0,
    mark: thing === undefined ? '~' : markOf(thing.kind),
    text: `${subject} ${names[1] ?? ''}`.trim(),
    path: thing === undefined ? null : thing.path,
  }
  if (thing === undefined) return [heading, ...changes.flatMap((change) => rowsOfChange(change, 1))]
  const message = thing.message === '' ? [] : [{ indent: 1, mark: ' ', text: thing.message, path: null } as const]
  return [heading, ...message, ...notesOf(thing, 1)]
}

function rowsOfChange(change: ShownChange, indent: number): Row[] {
  const { kind, message, path } = change
  return [{ indent, mark: markOf(kind), text: message, path }, ...notesOf(change, indent + 1)]
}

function notesOf(change: ShownChange, indent: number): Row[] {
  const notes = [...(change.risks ?? [])]
  if (change.origin === 'changed_outside_git') notes.push('undoes what was changed outside Git')
  return notes.map((text) => ({ indent, mark: '!', text, path: null }))
}

function isPartOfRoute(subject: string): boolean {
  return subject === 'target' || subject === 'fallback'
}

function markOf(kind: ShownChange['kind']): Row['mark'] {
  if (kind === 'added') return '+'
  return kind === 'removed' ? '-' : '~'
}

/** Where the paths begin when there is room: after the longest text, but not further right than this. */
const widestText = 76
const indentWidth = 4

function layOut(rows: readonly Row[], columns: number | null, paint: Paint): string[] {
  const left = rows.map((row) => 2 + row.indent * indentWidth + 2 + row.text.length)
  const withPath = left.filter((width, index) => rows[index]?.path !== null && width <= widestText)
  const column = Math.max(0, ...withPath) + 2
  return rows.flatMap((row, index) => layOutRow(row, { width: left[index] ?? 0, column, columns, paint }))
}

interface Placing {
  readonly width: number
  readonly column: number
  readonly columns: number | null
  readonly paint: Paint
}

function layOutRow(row: Row, { width, column, columns, paint }: Placing): string[] {
  const indent = ' '.repeat(2 + row.indent * indentWidth)
  const [first = '', ...rest] = wrap(row.text, (columns ?? Number.POSITIVE_INFINITY) - indent.length - 2)
  const color = colorOf(row, paint)
  const lines = [`${indent}${color(`${row.mark} ${first}`)}`, ...rest.map((line) => `${indent}  ${color(line)}`)]
  if (row.path === null) return lines
  const fits = width < column && rest.length === 0 && column + row.path.length <= (columns ?? Number.POSITIVE_INFINITY)
  const path = paint.dim(row.path)
  return fits ? [`${lines[0] ?? ''}${' '.repeat(column - width)}${path}`] : [...lines, `${indent}  ${path}`]
}

function colorOf(row: Row, paint: Paint): (text: string) => string {
  switch (row.mark) {
    case '+':
      return paint.green
    case '-':
      return paint.red
    case '~':
      return paint.yellow
    case '!':
      return paint.magenta
    case ' ':
      return (text) => text
    default:
      return row.mark satisfies never
  }
}
