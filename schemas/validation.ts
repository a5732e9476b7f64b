/**
 * Turns what a generated validator says into problems a person can act on: a path as it would be written, what was
 * expected and what was found. Values themselves are never repeated, because one of them may be a key.
 */
import { describeExpectation, describeType } from './wording.ts'

/** What ajv's standalone code leaves on the function after a call. */
export interface GeneratedError {
  readonly instancePath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
  /** Set where a key, not a value, breaks the rule. */
  readonly propertyName?: string
  /** The rule's value and the schema around it, and the value; only in validators that list every problem. */
  readonly schema?: unknown
  readonly parentSchema?: unknown
  readonly data?: unknown
}

/** A validator of `generated/validators`. Not reentrant: `errors` belongs to the last call. */
export interface GeneratedValidator {
  (value: unknown): boolean
  errors?: readonly GeneratedError[] | null
}

export type PathSegment = string | number

export interface ValidationProblem {
  /** The value that breaks the rule; for a key that is unknown, missing or badly named the object around it. */
  readonly segments: readonly PathSegment[]
  /** The key in question, where the problem is a key. */
  readonly key: string | null
  /** Segments and key as text: `messages[0].role`. Empty: the whole document. */
  readonly path: string
  /** JSON Schema's word for the rule that was broken. */
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
  /** A sentence without the path: `expected a string, but found a number`. */
  readonly message: string
  /** For an unknown key: the known ones, where the validator lists every problem. */
  readonly knownKeys: readonly string[]
}

export type ValidationResult<Value> =
  | { readonly valid: true; readonly value: Value }
  | { readonly valid: false; readonly problems: readonly [ValidationProblem, ...ValidationProblem[]] }

/** Gives a generated validator its type. The value is returned as it came, never copied. */
export function makeValidate<Value>(validator: GeneratedValidator): (value: unknown) => ValidationResult<Value> {
  return (value) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the validator is made from the same schema as the type
    if (validator(value)) return { valid: true, value: value as Value }
    const [first, ...rest] = foldAlternatives(validator.errors ?? [])
    if (first === undefined) throw new Error('a validator refused a value without saying why')
    return { valid: false, problems: [toProblem(first, value), ...rest.map((error) => toProblem(error, value))] }
  }
}

function toProblem(error: GeneratedError, root: unknown): ValidationProblem {
  const { segments, found } = walk(error.instancePath, root)
  const key = error.propertyName ?? error.params['additionalProperty'] ?? error.params['missingProperty']
  const keyText = typeof key === 'string' ? key : null
  return {
    segments,
    key: keyText,
    path: renderPath(keyText === null ? segments : [...segments, keyText]),
    keyword: error.keyword,
    params: error.params,
    message: describeExpectation(error, describeType(found)),
    knownKeys: error.keyword === 'additionalProperties' ? keysOf(childOf(error.parentSchema, 'properties')) : [],
  }
}

/**
 * Of a choice that failed, ajv tells every branch and then the choice itself. One problem says more: the types and
 * words that would do, or, where a branch got further than its type, what stopped it there.
 */
function foldAlternatives(errors: readonly GeneratedError[]): GeneratedError[] {
  const folded: GeneratedError[] = []
  for (const error of errors) {
    if (error.keyword === 'anyOf' || error.keyword === 'oneOf') foldChoice(error, folded)
    // The rule on the name itself came just before, and a wrong type is never one of the words.
    else if (error.keyword !== 'propertyNames' && !followsType(error, folded.at(-1))) folded.push(error)
  }
  return folded
}

function followsType(error: GeneratedError, before: GeneratedError | undefined): boolean {
  return error.keyword === 'enum' && before?.keyword === 'type' && before.instancePath === error.instancePath
}

function foldChoice(choice: GeneratedError, folded: GeneratedError[]): void {
  const names = requiredNames(choice.schema)
  if (names === null) {
    folded.push(...mergeBranches(choice, popBranches(choice, folded)))
    return
  }
  while (folded.at(-1)?.keyword === 'required' && folded.at(-1)?.instancePath === choice.instancePath) folded.pop()
  // A value that is no object at all satisfies every branch; its type is told already.
  if (isObject(choice.data)) folded.push({ ...choice, keyword: 'exactlyOne', params: { names } })
}

/** Takes the errors of a choice's branches off the end: they are about the same value or a part of it. */
function popBranches({ instancePath }: GeneratedError, errors: GeneratedError[]): GeneratedError[] {
  let start = errors.length
  while (start > 0) {
    const path = errors[start - 1]?.instancePath ?? ''
    if (path !== instancePath && !path.startsWith(`${instancePath}/`)) break
    start -= 1
  }
  return errors.splice(start)
}

function mergeBranches(choice: GeneratedError, branches: readonly GeneratedError[]): GeneratedError[] {
  const here = branches.filter(({ instancePath }) => instancePath === choice.instancePath)
  const types = here.filter(({ keyword }) => keyword === 'type').flatMap(({ params }) => params['type'])
  const further = branches.filter((error) => !here.includes(error) || !isMismatch(error))
  const others = further.length > 0 ? further : branches.filter(({ keyword }) => keyword !== 'type')
  if (others.length === 0) return [{ ...choice, keyword: 'type', params: { type: types.flat() } }]
  if (further.length > 0) return further
  const values = others.flatMap(({ params }) => params['allowedValues'] ?? [params['allowedValue']])
  const otherTypes = types.flat().filter((type) => type !== 'string')
  return [{ ...choice, keyword: 'enum', params: { allowedValues: values.flat(), types: otherTypes } }]
}

/** Is the value not what the branch is about at all? */
function isMismatch({ keyword }: GeneratedError): boolean {
  return keyword === 'type' || keyword === 'enum' || keyword === 'const'
}

/** The names of "exactly one of these keys": a `oneOf` of which every branch only requires one. */
function requiredNames(branches: unknown): string[] | null {
  if (!Array.isArray(branches)) return null
  const names = branches.map((branch: unknown) => childOf(childOf(branch, 'required'), '0'))
  return names.every((name) => typeof name === 'string') ? names : null
}

/** Follows a JSON pointer through the value; a segment is a number where it goes through an array. */
function walk(pointer: string, root: unknown): { segments: PathSegment[]; found: unknown } {
  const segments: PathSegment[] = []
  let found = root
  for (const escaped of pointer.split('/').slice(1)) {
    const name = escaped.replaceAll('~1', '/').replaceAll('~0', '~')
    segments.push(Array.isArray(found) ? Number(name) : name)
    found = childOf(found, name)
  }
  return { segments, found }
}

function childOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.getOwnPropertyDescriptor(value, name)?.value
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function keysOf(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : []
}

/** `['ai_routes', 0, 'match', 'a key']` → `ai_routes[0].match["a key"]`. */
export function renderPath(segments: readonly PathSegment[]): string {
  let path = ''
  for (const segment of segments) {
    if (typeof segment === 'number') path += `[${segment}]`
    else if (!/^[\w-]+$/.test(segment)) path += `[${JSON.stringify(segment)}]`
    else path += path === '' ? segment : `.${segment}`
  }
  return path
}
