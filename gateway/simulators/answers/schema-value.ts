/** A value that fits a JSON schema, made up by seed: for tool arguments and for `response_format: json_schema`. */
import { mix } from '../draw.ts'

type Schema = Readonly<Record<string, unknown>>

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Where a schema that refers to itself is given up. */
const deepest = 8

interface Place {
  readonly seed: number
  readonly depth: number
  /** The whole document, for `$ref` into `$defs`. */
  readonly root: Schema
}

export function valueForSchema(schema: unknown, seed: number): unknown {
  return isSchema(schema) ? valueOf(schema, { seed, depth: 0, root: schema }) : {}
}

function valueOf(schema: Schema, place: Place): unknown {
  if (place.depth > 2 * deepest) return null
  if (typeof schema['$ref'] === 'string') return valueOf(lookUp(schema['$ref'], place.root), deeper(place, 0))
  if ('const' in schema) return schema['const']
  if (Array.isArray(schema['enum']) && schema['enum'].length > 0) return pick(schema['enum'], place.seed)
  const variants = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(variants) && variants.length > 0) return valueOf(firstSchema(variants), deeper(place, 1))
  return valueOfType(schema, typeOf(schema), place)
}

function valueOfType(schema: Schema, type: string, place: Place): unknown {
  switch (type) {
    case 'object':
      return objectFor(schema, place)
    case 'array':
      return arrayFor(schema, place)
    case 'integer':
      return Math.round(numberFor(schema, place.seed))
    case 'number':
      return numberFor(schema, place.seed)
    case 'boolean':
      return mix(place.seed, 3) % 2 === 0
    case 'null':
      return null
    default:
      return textFor(schema, place.seed)
  }
}

function objectFor(schema: Schema, place: Place): Record<string, unknown> {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {}
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : Object.keys(properties))
  const value: Record<string, unknown> = {}
  for (const [index, [name, property]] of Object.entries(properties).entries()) {
    if (!required.has(name)) continue
    value[name] = place.depth >= deepest ? null : valueOf(isSchema(property) ? property : {}, deeper(place, index))
  }
  return value
}

function arrayFor(schema: Schema, place: Place): unknown[] {
  const least = typeof schema['minItems'] === 'number' ? schema['minItems'] : 0
  const count = place.depth >= deepest ? least : Math.max(least, 1 + (mix(place.seed, 5) % 2))
  const items = isSchema(schema['items']) ? schema['items'] : {}
  return Array.from({ length: count }, (_, index) => valueOf(items, deeper(place, index)))
}

function numberFor(schema: Schema, seed: number): number {
  const low = typeof schema['minimum'] === 'number' ? schema['minimum'] : 0
  const high = typeof schema['maximum'] === 'number' ? schema['maximum'] : low + 100
  return low + (mix(seed, 7) % (Math.floor(high - low) + 1))
}

const samples = ['Ankara', 'Berlin', 'Lisbon', 'Oslo', 'Porto', 'Tallinn']

function textFor(schema: Schema, seed: number): string {
  if (schema['format'] === 'date') return '2026-09-01'
  if (schema['format'] === 'date-time') return '2026-09-01T12:00:00Z'
  if (schema['format'] === 'email') return 'person@example.com'
  if (schema['format'] === 'uuid') return '00000000-0000-4000-8000-000000000000'
  const text = String(pick(samples, seed))
  const least = typeof schema['minLength'] === 'number' ? schema['minLength'] : 0
  const most = typeof schema['maxLength'] === 'number' ? schema['maxLength'] : Number.MAX_SAFE_INTEGER
  return text.padEnd(least, 'x').slice(0, most)
}

function typeOf(schema: Schema): string {
  const { type } = schema
  if (typeof type === 'string') return type
  if (Array.isArray(type)) return String(type.find((one) => one !== 'null') ?? 'null')
  return isSchema(schema['properties']) ? 'object' : 'string'
}

function lookUp(reference: string, root: Schema): Schema {
  let at: unknown = root
  for (const step of reference.replace(/^#\/?/, '').split('/')) {
    if (step !== '') at = isSchema(at) ? at[step.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined
  }
  return isSchema(at) ? at : {}
}

function firstSchema(variants: readonly unknown[]): Schema {
  return variants.find(isSchema) ?? {}
}

function pick(values: readonly unknown[], seed: number): unknown {
  return values[mix(seed, 11) % values.length]
}

function deeper(place: Place, index: number): Place {
  return { seed: mix(place.seed, index), depth: place.depth + 1, root: place.root }
}
