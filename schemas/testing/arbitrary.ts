/** Random values of a JSON Schema, for the keywords our schemas use: to try validators, readers and compilers with. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'

/** The keywords that are read here; a schema file holds more. */
export interface Schema {
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Schema>>
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly propertyNames?: Schema
  readonly items?: Schema
  readonly minItems?: number
  readonly uniqueItems?: boolean
  readonly minLength?: number
  readonly pattern?: string
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly examples?: readonly unknown[]
}

export function readSchema(kind: string): Schema {
  return JSON.parse(readFileSync(join(import.meta.dirname, '..', `${kind}.schema.json`), 'utf8')) as Schema
}

/** Values of `document.$defs[name]`, or of the document itself. */
export function arbitraryOf(document: Schema, name?: string): fc.Arbitrary<unknown> {
  const schema = name === undefined ? document : document.$defs?.[name]
  if (schema === undefined) throw new Error(`no definition ${name ?? ''}`)
  return build(schema, document)
}

function build(schema: Schema, document: Schema): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return arbitraryOf(document, schema.$ref.replace('#/$defs/', ''))
  if ('const' in schema) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const union = schema.anyOf ?? schema.oneOf?.filter(({ $ref }) => $ref !== undefined) ?? []
  if (union.length > 0) return fc.oneof(...union.map((branch) => build(branch, document)))
  const types = [schema.type ?? 'object'].flat()
  return fc.oneof(...types.map((type) => buildType(type, schema, document)))
}

function buildType(type: string, schema: Schema, document: Schema): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 100_000 })
    case 'number':
      return fc.double({ min: schema.minimum ?? 0.01, max: schema.maximum ?? 100, noNaN: true })
    case 'string':
      return buildText(schema)
    case 'array':
      return buildArray(schema, document)
    default:
      return buildObject(schema, document)
  }
}

function buildText({ pattern, minLength = 0, examples = [] }: Schema): fc.Arbitrary<string> {
  const known = examples.filter((example) => typeof example === 'string')
  if (pattern === undefined)
    return fc.oneof(
      fc.string({ minLength, maxLength: 12 }),
      fc.constantFrom('', 'x', ...known).filter((text) => text.length >= minLength),
    )
  const matching = fc.stringMatching(new RegExp(pattern, 'u'), { maxLength: 24 })
  return known.length === 0 ? matching : fc.oneof(matching, fc.constantFrom(...known))
}

function buildArray(schema: Schema, document: Schema): fc.Arbitrary<unknown[]> {
  const item = build(schema.items ?? { type: 'string' }, document)
  const options = { minLength: schema.minItems ?? 0, maxLength: Math.max(3, schema.minItems ?? 0) }
  return schema.uniqueItems === true
    ? fc.uniqueArray(item, { ...options, selector: (value) => JSON.stringify(value) })
    : fc.array(item, options)
}

function buildObject(schema: Schema, document: Schema): fc.Arbitrary<unknown> {
  const properties = Object.entries(schema.properties ?? {})
  if (properties.length === 0) return buildMap(schema, document)
  const choice = (schema.oneOf ?? []).flatMap(({ required = [] }) => required)
  const model = Object.fromEntries(properties.map(([key, property]) => [key, build(property, document)]))
  const requiredKeys = (schema.required ?? []).filter((key) => key in model)
  const whole = fc.record(model, { requiredKeys })
  if (choice.length === 0) return whole.filter((value) => Object.keys(value).length > 0 || properties.length === 0)
  // Exactly one of the keys that exclude each other.
  const kept = Object.fromEntries(Object.entries(model).filter(([key]) => !choice.includes(key)))
  return fc
    .constantFrom(...choice)
    .chain((key) =>
      fc.record({ ...kept, [key]: model[key] ?? fc.constant(null) }, { requiredKeys: [...requiredKeys, key] }),
    )
}

function buildMap(schema: Schema, document: Schema): fc.Arbitrary<unknown> {
  const { additionalProperties: values, propertyNames } = schema
  if (typeof values !== 'object')
    return fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 1 }), { noNullPrototype: true })
  const keys = propertyNames === undefined ? fc.constantFrom('a', 'b/c', 'openai/gpt-4o') : buildText(propertyNames)
  return fc.dictionary(keys, build(values, document), { minKeys: 1, maxKeys: 3, noNullPrototype: true })
}
