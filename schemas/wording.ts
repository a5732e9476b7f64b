/** The sentences of validation: what a rule asks for, in words for people. */

interface BrokenRule {
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
}

/** A sentence about the value; `found` says what kind of value stands there. */
export function describeExpectation({ keyword, params }: BrokenRule, found: string): string {
  return sentences[keyword]?.(params, found) ?? 'has none of the forms that are allowed here'
}

type Params = BrokenRule['params']

const sentences: Readonly<Record<string, (params: Params, found: string) => string>> = {
  type: ({ type }, found) => `expected ${either(typeNames(type))}, but found ${found}`,
  enum: ({ allowedValues, types }) => `expected ${either([...literals(allowedValues), ...typeNames(types ?? [])])}`,
  const: ({ allowedValue }) => `expected ${either(literals([allowedValue]))}`,
  exactlyOne: ({ names }) => `needs exactly one of ${either(literals(names), 'and')}`,
  discriminator: ({ tag }) => `has a ${literals([tag]).join('')} that is not known here`,
  required: () => 'is required',
  additionalProperties: () => 'is not a known key',
  minLength: ({ limit }) => atLeast(limit, 'characters'),
  maxLength: ({ limit }) => `must have at most ${String(limit)} characters`,
  minItems: ({ limit }) => atLeast(limit, 'entries'),
  maxItems: ({ limit }) => `must have at most ${String(limit)} entries`,
  minProperties: ({ limit }) => atLeast(limit, 'keys'),
  maxProperties: ({ limit }) => `must have at most ${String(limit)} keys`,
  minimum: ({ limit }) => `must be ${String(limit)} or more`,
  maximum: ({ limit }) => `must be ${String(limit)} or less`,
  exclusiveMinimum: ({ limit }) => `must be more than ${String(limit)}`,
  exclusiveMaximum: ({ limit }) => `must be less than ${String(limit)}`,
  pattern: ({ pattern }) => `must match ${String(pattern)}`,
  uniqueItems: ({ i, j }) => {
    const [first, second] = [Number(i), Number(j)].toSorted((left, right) => left - right)
    return `entries ${(first ?? 0) + 1} and ${(second ?? 0) + 1} are the same`
  },
}

function atLeast(limit: unknown, unit: string): string {
  return limit === 1 ? 'must not be empty' : `must have at least ${String(limit)} ${unit}`
}

/** What kind of value stands there; never the value itself. */
export function describeType(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a number'
  return typeof value === 'string' ? 'a string' : 'an object'
}

const typesWithArticle: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'an integer',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
}

function typeNames(type: unknown): string[] {
  const names = Array.isArray(type) ? type.map(String) : [String(type)]
  return [...new Set(names)].map((name) => typesWithArticle[name] ?? name)
}

function literals(values: unknown): string[] {
  return Array.isArray(values) ? values.map((value) => (value === null ? 'null' : `\`${String(value)}\``)) : []
}

function either(alternatives: readonly string[], link = 'or'): string {
  if (alternatives.length < 2) return alternatives.join('')
  return `${alternatives.slice(0, -1).join(', ')} ${link} ${alternatives.at(-1) ?? ''}`
}
