/** A plan for people: what changes, by thing, each with its path; then what could go wrong. */
import type { Plan, PlanChange } from '../../schemas/index.ts'
import { shortHash } from '../../gateway/release/release.ts'
import type { Output } from '../context.ts'
import { splitPath } from '../diff/change.ts'
import { count } from '../wording.ts'
import { wrap } from './layout.ts'
import { makePaint } from './paint.ts'

type Paint = ReturnType<typeof makePaint>

interface Row {
  readonly indent: number
  readonly mark: '+' | '-' | '~' | '!' | ' '
  readonly text: string
  readonly path: string | null
}

export function renderPlan(plan: Plan, output: Output): string {
  const paint = makePaint(output)
  const { base, changes, candidate } = plan
  const from = base === null ? 'nothing published yet' : `revision ${base.revision} (${shortHash(base.hash)})`
  const lines = [`${paint.bold(`Plan for ${plan.environment}`)}: ${from} → ${shortHash(candidate.hash)}`, '']
  if (changes.length === 0) lines.push(tellNoChange(plan))
  else lines.push(...layOut(rowsOf(changes), output.columns, paint), '', tellCounts(changes))
  const findings = plan.findings.map((finding) => {
    const { severity, file, line, column, message, code } = finding
    const color = severity === 'error' ? paint.red : paint.yellow
    return `  ${color(severity)} ${file === null ? '' : `${file}:${line}:${column} `}${message} ${paint.dim(`[${code}]`)}`
  })
  if (findings.length > 0) lines.push('', paint.bold('Findings'), '', ...findings)
  return `${lines.join('\n')}\n`
}

export function renderPlanJson(plan: Plan): string {
  return `${JSON.stringify(plan, null, 2)}\n`
}

function tellNoChange({ base, candidate }: Plan): string {
  if (base === null) return 'No changes.'
  const isSameText = base.hash === candidate.hash
  return isSameText
    ? `No changes. The manifest is revision ${base.revision}.`
    : `No changes. The manifest is written differently from revision ${base.revision}, but means the same.`
}

function tellCounts(changes: readonly PlanChange[]): string {
  const amount = (kind: PlanChange['kind']): number => changes.filter((change) => change.kind === kind).length
  const parts = [
    [amount('added'), 'to add'],
    [amount('changed'), 'to change'],
    [amount('moved'), 'to move'],
    [amount('removed'), 'to remove'],
  ] as const
  const told = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`)
  const risks = changes.reduce((sum, change) => sum + change.risks.length, 0)
  return `${told.join(', ')}.${risks === 0 ? '' : ` ${count(risks, 'risk')}, marked with !.`}`
}

function rowsOf(changes: readonly PlanChange[]): Row[] {
  const groups = new Map<string, PlanChange[]>()
  for (const change of changes) {
    const key = splitPath(change.path).slice(0, 2).join('\n')
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [change])
    else group.push(change)
  }
  return [...groups.values()].flatMap(rowsOfGroup)
}

/** The first row of a thing names it; what changes in it stands below. */
function rowsOfGroup(changes: readonly PlanChange[]): Row[] {
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

function rowsOfChange(change: PlanChange, indent: number): Row[] {
  const { kind, message, path } = change
  return [{ indent, mark: markOf(kind), text: message, path }, ...notesOf(change, indent + 1)]
}

function notesOf(change: PlanChange, indent: number): Row[] {
  const notes = [...change.risks]
  if (change.origin === 'changed_outside_git') notes.push('undoes what was changed outside Git')
  return notes.map((text) => ({ indent, mark: '!', text, path: null }))
}

function isPartOfRoute(subject: string): boolean {
  return subject === 'target' || subject === 'fallback'
}

function markOf(kind: PlanChange['kind']): Row['mark'] {
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
