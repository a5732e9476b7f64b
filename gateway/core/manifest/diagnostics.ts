/**
 * A problem in a document, as a value: what is wrong, where, and what to do about it. Nothing here prints, and no
 * message repeats a value that could be a key.
 */
import type { Diagnostic as GeneratedDiagnostic } from '../../../schemas/index.ts'
import { type PathSegment, renderPath } from '../../../schemas/validation.ts'
import { hideKeys } from './key-shapes.ts'

export type Diagnostic = Readonly<GeneratedDiagnostic>
export type Severity = Diagnostic['severity']
export type DocumentPath = readonly PathSegment[]

/** A stretch of a text. Lines and columns count from 1; the end is the first column after it. */
export interface Span {
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

/** Where in an entry: at its key, at its value, or at a word inside the value. */
export interface Spot {
  readonly part: 'key' | 'value'
  readonly word?: string
}

/** Finds a path in the text it was read from; the nearest enclosing entry where the path itself is not there. */
export type Locate = (path: DocumentPath, spot?: Spot) => Span

/** A problem before it has a place in a text. What `check` and rules produce. */
export interface Problem {
  /** A slug, never renamed once released. */
  readonly code: string
  /** Default: error. */
  readonly severity?: Severity
  readonly path: DocumentPath
  readonly message: string
  readonly help?: string
  /** Default: the value. */
  readonly spot?: Spot
}

export type Report = (problem: Problem) => void

/** For documents without a text (a release, a value made in memory). */
export const nowhere: Locate = () => ({ line: 1, column: 1, endLine: 1, endColumn: 1 })

export function toDiagnostic(
  problem: Problem,
  place: { readonly file: string | null; readonly locate: Locate },
): Diagnostic {
  return {
    code: problem.code,
    severity: problem.severity ?? 'error',
    message: problem.message,
    // A name may be a key that was pasted into the wrong place.
    path: renderPath(problem.path.map((segment) => (typeof segment === 'string' ? hideKeys(segment) : segment))),
    file: place.file,
    ...place.locate(problem.path, problem.spot),
    help: problem.help ?? null,
  }
}

/** By position, then by weight, then by name: the same problems always come in the same order. Leaves the list alone. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.toSorted(
    (left, right) =>
      compareText(left.file ?? '', right.file ?? '') ||
      left.line - right.line ||
      left.column - right.column ||
      severityRank[left.severity] - severityRank[right.severity] ||
      compareText(left.code, right.code) ||
      compareText(left.path, right.path),
  )
}

const severityRank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 }

function compareText(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}

/** Paths that can be asked for without looking at every one: a document may have as many problems as lines. */
export class PathSet {
  readonly #paths = new Set<string>()
  readonly #ways = new Set<string>()

  constructor(paths: Iterable<DocumentPath> = []) {
    for (const path of paths) this.add(path)
  }

  add(path: DocumentPath): void {
    this.#paths.add(JSON.stringify(path))
    for (let length = 0; length <= path.length; length += 1) this.#ways.add(JSON.stringify(path.slice(0, length)))
  }

  /** Does one of the paths lie at this one, or below it? */
  hasBelow(path: DocumentPath): boolean {
    return this.#ways.has(JSON.stringify(path))
  }

  /** Does one of the paths lie at this one, or above it? */
  hasAbove(path: DocumentPath): boolean {
    return path.some((_, index) => this.#paths.has(JSON.stringify(path.slice(0, index)))) || this.has(path)
  }

  has(path: DocumentPath): boolean {
    return this.#paths.has(JSON.stringify(path))
  }

  /** Is one of the paths this one, or on the way to it, or is this one on the way to it? */
  overlaps(path: DocumentPath): boolean {
    return this.hasBelow(path) || this.hasAbove(path)
  }
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error')
}

/** A value in backquotes, fit for a message: key-shaped strings removed, control characters out, never long. */
export function quote(text: string): string {
  const scrubbed = hideKeys(text).replaceAll(/[\p{Cc}`]/gu, ' ')
  return `\`${scrubbed.length > 80 ? `${scrubbed.slice(0, 79)}…` : scrubbed}\``
}

/** `a, b and c`, for messages that list what is allowed. */
export function enumerate(words: readonly string[], link: 'and' | 'or'): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} ${link} ${words.at(-1) ?? ''}`
}

/** A help text naming the likeliest of the known words; undefined when none is near. */
export function didYouMean(word: string, known: Iterable<string>): { readonly help: string } | undefined {
  const nearest = closest(word, known)
  return nearest === null ? undefined : { help: `did you mean ${quote(nearest)}?` }
}

/** The known word with the fewest edits between; null when that would be more than a third of the word. */
export function closest(word: string, known: Iterable<string>): string | null {
  const folded = fold(word)
  let best: string | null = null
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of known) {
    const other = fold(candidate)
    if (Math.abs(other.length - folded.length) >= bestDistance) continue
    const distance = editDistance(folded, other)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** Case and the choice of `-` or `_` are no difference worth an edit. */
function fold(word: string): string {
  return word.toLowerCase().replaceAll('-', '_')
}

/** Insertions, deletions, replacements and swaps of neighbours between two words (optimal string alignment). */
export function editDistance(left: string, right: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: right.length + 1 }, (_, column) => column)
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1]
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      )
      const swapped =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      if (swapped) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1)
      current.push(cost)
    }
    beforeLast = last
    last = current
  }
  return last[right.length] ?? 0
}
