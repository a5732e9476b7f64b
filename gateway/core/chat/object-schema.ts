/** Schemas of a tool's input, for wires that want one object at the root and no choice between several. */
import type { LooseRecord } from './loose.ts'
import { isRecord, recordOf } from './loose.ts'

/** What makes a schema a choice or a sum of schemas. */
export const unionKeywords = ['anyOf', 'oneOf', 'allOf'] as const

/** One object with the properties of all variants; required is what every variant requires, or with `allOf` any. */
export function withoutUnions(parameters: LooseRecord): LooseRecord {
  const { anyOf, oneOf, allOf, ...rest } = parameters
  const properties: Record<string, unknown> = { ...recordOf(rest['properties']) }
  const required = new Set(textsOf(rest['required']))
  for (const union of [anyOf, oneOf]) {
    const variants = recordsOf(union)
    for (const variant of variants) Object.assign(properties, variant['properties'])
    const [first, ...others] = variants.map((variant) => textsOf(variant['required']))
    for (const name of first ?? []) if (others.every((names) => names.includes(name))) required.add(name)
  }
  for (const variant of recordsOf(allOf)) {
    Object.assign(properties, variant['properties'])
    for (const name of textsOf(variant['required'])) required.add(name)
  }
  return { ...rest, type: 'object', properties, required: [...required] }
}

function recordsOf(value: unknown): LooseRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
