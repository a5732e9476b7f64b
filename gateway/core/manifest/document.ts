/** Text to a checked value, for every document people write: the manifest, aigw.yaml, scenarios. */
import type { ValidationProblem, ValidationResult } from '../../../schemas/index.ts'
import {
  type Diagnostic,
  type DocumentPath,
  type Locate,
  type Problem,
  hasErrors,
  nowhere,
  sortDiagnostics,
  toDiagnostic,
} from './diagnostics.ts'
import { explainProblem } from './grammar.ts'
import { parseText } from './parse.ts'
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
  if (parsed.value === undefined) {
    return { source: undefined, value: null, diagnostics: sortDiagnostics(textual), locate: parsed.locate }
  }
  const { value, problems } = judge(parsed.value, parsed.sourceOf, request)
  const isTextual = ({ line, column }: Diagnostic): boolean =>
    textual.some((other) => other.line === line && other.column === column)
  // Where the text itself is wrong, its value says nothing.
  const placed = problems
    .map((problem) => toDiagnostic(problem, { file, locate: parsed.locate }))
    .filter((diagnostic) => !isTextual(diagnostic))
  const diagnostics = withoutEchoes(sortDiagnostics([...textual, ...placed]))
  return { source: parsed.value, value: hasErrors(diagnostics) ? null : value, diagnostics, locate: parsed.locate }
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
  const grammar = first.problems.map(
    (problem) => explain?.(problem) ?? explainProblem(problem, { value: resolved.value, sourceOf }),
  )
  const known = [...resolved.problems, ...apartFrom(resolved.problems, grammar)]
  // What is wrong is taken out, so that the meaning of the rest can be checked in the same run.
  const rest = validate(without(resolved.value, first.problems))
  return { value: null, problems: rest.valid ? [...known, ...apartFrom(known, check?.(rest.value) ?? [])] : known }
}

interface Judged<Value> {
  readonly value: Value | null
  readonly problems: readonly Problem[]
}

/** Problems that are not about something already found wrong: those would only repeat it in other words. */
function apartFrom(known: readonly Problem[], problems: readonly Problem[]): Problem[] {
  return problems.filter(({ path }) => !known.some((other) => overlaps(path, other.path)))
}

function overlaps(left: DocumentPath, right: DocumentPath): boolean {
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index += 1) if (left[index] !== right[index]) return false
  return true
}

function without(value: unknown, problems: readonly ValidationProblem[]): unknown {
  const copy = structuredClone(value)
  for (const { segments, key, keyword } of problems) {
    if (keyword === 'required') continue
    removeAt(copy, key === null ? segments : [...segments, key])
  }
  return copy
}

/** Entries of lists stay: without them the others would be counted wrongly. */
function removeAt(root: unknown, path: DocumentPath): void {
  let parent = root
  for (const segment of path.slice(0, -1)) {
    if (typeof parent !== 'object' || parent === null) return
    parent = Object.getOwnPropertyDescriptor(parent, segment)?.value
  }
  const last = path.at(-1)
  if (last === undefined || typeof parent !== 'object' || parent === null || Array.isArray(parent)) return
  Reflect.deleteProperty(parent, last)
}
