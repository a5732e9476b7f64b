/** Text to a checked value, for every document people write: the manifest, aigw.yaml, scenarios. */
import type { ValidationProblem, ValidationResult } from '../../../schemas/index.ts'
import { type FoundKey, findKeys } from './check/secrets.ts'
import {
  type Diagnostic,
  type DocumentPath,
  type Locate,
  PathSet,
  type Problem,
  hasErrors,
  nowhere,
  sortDiagnostics,
  toDiagnostic,
} from './diagnostics.ts'
import { explainProblem, valueAt } from './grammar.ts'
import { parseText } from './parse.ts'
import { repair } from './repair.ts'
import { type Variables, resolveVariables } from './resolve.ts'

export interface ReadRequest<Value> {
  /** Shown in diagnostics; null for text without a file. */
  readonly file: string | null
  /** What `${NAME}` stands for; null where a document has no variables, so that the text is left alone. */
  readonly variables: Variables | null
  readonly validate: (value: unknown) => ValidationResult<Value>
  /** Problems of meaning, of a value whose grammar is right. */
  readonly check?: (value: Value) => readonly Problem[]
  /** Turns a problem of grammar into a better one where a document knows more; null: as usual. */
  readonly explain?: (problem: ValidationProblem) => Problem | null
  /** What may stand under a required key that is missing, so that the rest can be checked. */
  readonly stubs?: Readonly<Record<string, unknown>>
}

export interface ReadDocument<Value> {
  /** As written, `${…}` included; undefined when the text is no YAML. */
  readonly source: unknown
  /** With its variables filled in; null when there is an error. */
  readonly value: Value | null
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[]
  readonly locate: Locate
}

/** Reads a document from text. Never throws, whatever the text; every problem that can be told is told at once. */
export function readDocument<Value>(text: string, request: ReadRequest<Value>): ReadDocument<Value> {
  const parsed = parseText(text)
  const { file } = request
  const textual = parsed.problems.map(({ code, message, help, span }): Diagnostic => ({
    code,
    severity: 'error',
    message,
    path: '',
    file,
    ...span,
    help,
  }))
  const { value, problems } = parsed.value === undefined ? nothing : judge(parsed.value, parsed.sourceOf, request)
  const columns = new Map<number, number[]>()
  for (const { line, column } of textual) columns.set(line, [...(columns.get(line) ?? []), column])
  const isTextual = ({ code, line, column, endColumn = column }: Diagnostic): boolean =>
    (columns.get(line) ?? []).some(
      (other) => other === column || (code === 'wrong-type' && column < other && other < endColumn),
    )
  // Where the text itself is wrong, its value says nothing.
  const placed = problems
    .map((problem) => toDiagnostic(problem, { file, locate: parsed.locate }))
    .filter((diagnostic) => !isTextual(diagnostic))
  const known = [...textual, ...placed]
  const sorted = withoutEchoes(sortDiagnostics([...known, ...secretsBetween(text, known, file)]))
  const diagnostics = withoutKeys(sorted, findKeys(text))
  return { source: parsed.value, value: hasErrors(diagnostics) ? null : value, diagnostics, locate: parsed.locate }
}

const nothing = { value: null, problems: [] }

/**
 * Keys of providers that stand anywhere else in the text: in a comment, under a key that is not known, in a part that is
 * no YAML. A comment keeps nothing from working, so there it is a warning.
 */
function secretsBetween(text: string, known: readonly Diagnostic[], file: string | null): Diagnostic[] {
  const told = new Set<number>()
  for (const { code, line, endLine = line } of known) {
    if (code !== 'literal-secret') continue
    for (let each = line; each <= endLine; each += 1) told.add(each)
  }
  return findKeys(text).flatMap(({ inComment, span }) => {
    if (told.has(span.line)) return []
    const message = `a secret may not stand in this file${inComment ? ', not even in a comment' : ''}`
    const help = 'take it out, and take the key as lost: make a new one'
    const severity = inComment ? 'warning' : 'error'
    return [{ code: 'literal-secret', severity, message, path: '', file, ...span, help } as const]
  })
}

/**
 * What is said with the keys of the text taken out: YAML may cut one in two, a tag and the name of a model, and a message
 * that repeats the name would show a part in which nobody sees a key any more.
 */
function withoutKeys(diagnostics: readonly Diagnostic[], keys: readonly FoundKey[]): readonly Diagnostic[] {
  const parts = keys.flatMap(({ parts: each }) => each)
  if (parts.length === 0) return diagnostics
  const hide = (said: string): string => parts.reduce((left, part) => left.replaceAll(part, '[removed]'), said)
  return diagnostics.map((diagnostic) => {
    const { message, path, help } = diagnostic
    return { ...diagnostic, message: hide(message), path: hide(path), help: help === null ? null : hide(help) }
  })
}

/** The same for a value that never was text, such as the manifest inside a release. */
export function readValue<Value>(source: unknown, request: ReadRequest<Value>): ReadDocument<Value> {
  const { value, problems } = judge(source, () => null, request)
  const place = { file: request.file, locate: nowhere }
  const diagnostics = sortDiagnostics(problems.map((problem) => toDiagnostic(problem, place)))
  return { source, value: hasErrors(diagnostics) ? null : value, diagnostics, locate: nowhere }
}

/** What stands behind an anchor is met once for each of its aliases; it is told once. */
function withoutEchoes(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.filter((each, index) => {
    const before = diagnostics[index - 1]
    const isSamePlace = before?.line === each.line && before.column === each.column
    return !isSamePlace || before.code !== each.code || before.message !== each.message
  })
}

type SourceOf = (path: DocumentPath) => string | null

function judge<Value>(source: unknown, sourceOf: SourceOf, request: ReadRequest<Value>): Judged<Value> {
  const { variables, validate, check, explain } = request
  const resolved = variables === null ? { value: source, problems: [] } : resolveVariables(source, variables)
  const first = validate(resolved.value)
  if (first.valid) {
    const problems = [...resolved.problems, ...apartFrom(resolved.problems, check?.(first.value) ?? [])]
    return { value: first.value, problems }
  }
  const repaired = repair(resolved.value, first.problems, { validate, stubs: request.stubs ?? {} })
  const text = { value: resolved.value, sourceOf }
  const grammar = repaired.problems.map(({ problem, isRead }) => {
    return { isRead, told: explain?.(problem) ?? explainProblem(problem, text) }
  })
  const problems = [
    ...resolved.problems,
    ...apartFrom(
      resolved.problems,
      grammar.map(({ told }) => told),
    ),
  ]
  if (repaired.value === null) return { value: null, problems }
  const meant = (check?.(repaired.value) ?? []).flatMap((problem) => {
    const path = repaired.placeOf(problem.path)
    // What had to be taken out is missing to the names that refer to it, and is told itself.
    const name = problem.code.startsWith('unknown-') ? String(valueAt(repaired.value, problem.path)) : ''
    return path === null || repaired.isLost(name.split('/')[0] ?? '') ? [] : [{ ...problem, path }]
  })
  // What stands under a misspelt key is told beside the key.
  const closed = [...resolved.problems, ...grammar.flatMap(({ isRead, told }) => (isRead ? [] : [told]))]
  return { value: null, problems: [...problems, ...apartFrom(closed, meant)] }
}

interface Judged<Value> {
  readonly value: Value | null
  readonly problems: readonly Problem[]
}

/** Problems that are not about something already found wrong: those would only repeat it in other words. */
function apartFrom(known: readonly Problem[], problems: readonly Problem[]): Problem[] {
  if (known.length === 0) return [...problems]
  const places = new PathSet(known.map(({ path }) => path))
  return problems.filter(({ path }) => !places.overlaps(path))
}
