/**
 * Schemas of arguments as the server reads them: into types of Go, where a schema that is `true`, or a `type` that is a
 * list at the root, is an error that fails the whole request (`ToolFunctionParameters` and `ToolProperty` in
 * `api/types.go`, checked 2026-11-23). Keywords the types do not have are passed over there.
 */
import type { LooseRecord } from '../../chat/loose.ts'
import { isRecord } from '../../chat/loose.ts'

/** Models' templates look for `type` and `properties`. Null for what cannot be read there. */
export function fitParameters(parameters: LooseRecord): LooseRecord | null {
  const { type, required, properties } = parameters
  const properType = Array.isArray(type) && type.includes('object') ? 'object' : (type ?? 'object')
  const fitted = fitNamed(properties ?? {})
  if (typeof properType !== 'string' || fitted === null || !isTextList(required ?? [])) return null
  return { ...parameters, type: properType, properties: fitted }
}

function fitNamed(value: unknown): LooseRecord | null {
  if (!isRecord(value)) return null
  const fitted: [string, LooseRecord][] = []
  for (const [name, schema] of Object.entries(value)) {
    const one = fitProperty(schema)
    if (one === null) return null
    fitted.push([name, one])
  }
  return Object.fromEntries(fitted)
}

/** A schema that is only true or false says nothing of the argument's type, and no more can be said of it here. */
function fitProperty(value: unknown): LooseRecord | null {
  if (typeof value === 'boolean') return {}
  if (!isRecord(value)) return null
  const { type, description, enum: choices, anyOf, properties } = value
  if (typeof (type ?? '') !== 'string' && !isTextList(type)) return null
  if (typeof (description ?? '') !== 'string' || !Array.isArray(choices ?? [])) return null
  const fitted: Record<string, unknown> = { ...value }
  if (properties !== undefined && properties !== null) {
    fitted['properties'] = fitNamed(properties)
    if (fitted['properties'] === null) return null
  }
  if (anyOf !== undefined && anyOf !== null) {
    const variants = Array.isArray(anyOf) ? anyOf.map(fitProperty) : [null]
    if (variants.includes(null)) return null
    fitted['anyOf'] = variants
  }
  return fitted
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}
