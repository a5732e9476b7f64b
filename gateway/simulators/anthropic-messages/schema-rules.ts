/**
 * Which JSON schemas structured outputs take. The rest is refused with a 400 (documentation page "Structured outputs",
 * and refusals that users reported; searched 2026-11-23).
 */
import type { Json } from '../answers/ask.ts'
import { isJson } from '../answers/ask.ts'
import { refuse } from './shape.ts'

const numeric = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']

/** What a type's schemas may not say. */
const unsupported: Readonly<Record<string, readonly string[]>> = {
  number: numeric,
  integer: numeric,
  string: ['minLength', 'maxLength'],
  array: ['maxItems', 'uniqueItems'],
}

/** Throws `Refused` with this path. */
export function checkOutputSchema(schema: unknown, path: string): void {
  if (!isJson(schema)) return
  for (const type of [schema['type']].flat()) checkType(schema, String(type), path)
  for (const key of ['properties', '$defs', 'definitions']) {
    const named = schema[key]
    if (isJson(named)) for (const item of Object.values(named)) checkOutputSchema(item, path)
  }
  for (const key of ['anyOf', 'oneOf', 'allOf', 'items']) {
    for (const item of [schema[key]].flat()) checkOutputSchema(item, path)
  }
}

function checkType(schema: Json, type: string, path: string): void {
  if (type === 'object' && schema['additionalProperties'] !== false) {
    refuse(path, "For 'object' type, 'additionalProperties' must be explicitly set to false")
  }
  const odd = (unsupported[type] ?? []).filter((key) => key in schema)
  if (odd.length === 1) refuse(path, `For '${type}' type, property '${odd.join('')}' is not supported`)
  if (odd.length > 1) refuse(path, `For '${type}' type, properties ${odd.toSorted().join(', ')} are not supported`)
  const least = schema['minItems']
  if (type === 'array' && least !== undefined && least !== 0 && least !== 1) {
    refuse(path, "For 'array' type, 'minItems' values other than 0 or 1 are not supported")
  }
}
