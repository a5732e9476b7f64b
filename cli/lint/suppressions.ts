/**
 * Comments that tell lint to be quiet about something, each with a reason:
 *
 *     # aigw-lint-disable-next-line RULE -- reason     findings on the next line that is no comment
 *     # aigw-lint-disable-route RULE -- reason         findings in the route it stands in, or right above
 *     # aigw-lint-disable-file RULE -- reason          findings anywhere in the file
 *
 * Several rules are separated by commas. The comments are those of YAML: the same words inside a text are none.
 */
import { Lexer, LineCounter } from 'yaml'
import type { Span } from '../../gateway/core/manifest/diagnostics.ts'

export const scopes = ['next-line', 'route', 'file'] as const
export type Scope = (typeof scopes)[number]

export interface Suppression {
  /** What stands behind `aigw-lint-`; `disable-` and a scope when it is well-formed. */
  readonly directive: string
  /** null: none that lint knows. */
  readonly scope: Scope | null
  readonly rules: readonly string[]
  /** Empty when there is none. */
  readonly reason: string
  readonly span: Span
  /** Offsets in the text; of a comment alone on its line they hold the whole line. */
  readonly start: number
  readonly end: number
  /** The line that `next-line` and `route` are about; null when nothing follows. */
  readonly line: number | null
  /** Those of its rules that had something here to be quiet about. Filled as findings are excused. */
  readonly used: Set<string>
}

const mark = 'aigw-lint-'

/** In the order of the text. Comments that are not for lint are left out. */
export function readSuppressions(text: string): Suppression[] {
  // Most files have none, and then need not be read once more.
  if (!text.includes(mark)) return []
  const lines = new LineCounter()
  for (let at = 0; at >= 0; at = text.indexOf('\n', at) + 1 || -1) lines.addNewLine(at)
  const comments = findComments(text)
  const commented = new Set(comments.map(({ start }) => start))
  return comments.flatMap((comment) => parseComment(comment, { text, lines, commented }) ?? [])
}

interface Comment {
  readonly start: number
  readonly source: string
}

function findComments(text: string): Comment[] {
  const comments: Comment[] = []
  let offset = 0
  let isScalar = false
  for (const token of new Lexer().lex(text)) {
    // One sign that is not in the text says that the next token is a text of the document.
    if (token === '\u001F' || token === '\u0002' || token === '\u0018') {
      isScalar = token === '\u001F'
      continue
    }
    if (!isScalar && token.startsWith('#')) comments.push({ start: offset, source: token })
    offset += token.length
    isScalar = false
  }
  return comments
}

interface Surroundings {
  readonly text: string
  readonly lines: LineCounter
  /** Where comments begin. */
  readonly commented: ReadonlySet<number>
}

const form = /^#+\s*aigw-lint-(\S*)\s*(.*)$/

function parseComment({ start, source }: Comment, surroundings: Surroundings): Suppression | null {
  const { text, lines } = surroundings
  const match = form.exec(source.trimEnd())
  if (match === null) return null
  const [, directive = '', rest = ''] = match
  // A comment may open with the dashes of its reason when the rules were forgotten.
  const [names = '', ...reasons] = ` ${rest}`.split(/\s--(?:\s|$)/)
  const end = start + source.trimEnd().length
  const from = lines.linePos(start)
  const to = lines.linePos(end)
  const lineStart = start - from.col + 1
  const isAlone = text.slice(lineStart, start).trim() === ''
  const lineEnd = text.indexOf('\n', end)
  return {
    directive,
    scope: scopes.find((scope) => directive === `disable-${scope}`) ?? null,
    rules: names.split(/[\s,]+/).filter((name) => name !== ''),
    reason: reasons.join(' -- ').trim(),
    span: { line: from.line, column: from.col, endLine: to.line, endColumn: to.col },
    start: isAlone ? lineStart : trimmedEnd(text, start),
    end: isAlone ? (lineEnd < 0 ? text.length : lineEnd + 1) : end,
    line: isAlone || directive !== 'disable-route' ? nextLine(from.line, surroundings) : from.line,
    used: new Set(),
  }
}

function trimmedEnd(text: string, offset: number): number {
  return text.slice(0, offset).trimEnd().length
}

/** The next line with something on it that is no comment. */
function nextLine(line: number, { text, lines, commented }: Surroundings): number | null {
  const starts = lines.lineStarts
  for (let index = line; index < starts.length; index += 1) {
    const start = starts[index] ?? 0
    const content = text.slice(start, starts[index + 1])
    const indent = content.length - content.trimStart().length
    if (content.trim() !== '' && !commented.has(start + indent)) return index + 1
  }
  return null
}
