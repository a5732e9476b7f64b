/**
 * Schemas of tools' inputs for the wires on which Claude is served: one object at the root, no choice between several,
 * plain names, and for strict tools the closed subset, as long as there is room for another.
 */
import type { SchemaCost } from './closed-schema.ts'
import { fitSchema, isAffordable, mostStrictTools } from './closed-schema.ts'
import type { EncodeNotes } from './encode-notes.ts'
import type { LooseRecord } from './loose.ts'
import { recordOf } from './loose.ts'
import { unionKeywords, withoutUnions } from './object-schema.ts'

/**
 * "Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'"; those inside of others may be called anything
 * (https://github.com/anthropics/claude-code/issues/79418, checked 2026-11-23).
 */
const argumentName = /^[a-zA-Z0-9_.-]{1,64}$/

export function hasPlainNames({ properties }: LooseRecord): boolean {
  return Object.keys(recordOf(properties) ?? {}).every((name) => argumentName.test(name))
}

/** Is it an input's schema as it stands? */
export function isInputSchema(schema: LooseRecord): boolean {
  return schema['type'] === 'object' && !unionKeywords.some((keyword) => keyword in schema) && hasPlainNames(schema)
}

/** The schemas of one request's tools. */
export class ToolInputs {
  /** What the strict ones count for. */
  readonly costs: SchemaCost[] = []
  private readonly notes: EncodeNotes

  constructor(notes: EncodeNotes) {
    this.notes = notes
  }

  /** Null where the API would refuse the schema as a strict one. */
  strict(parameters: LooseRecord): LooseRecord | null {
    const fitted = fitSchema({ type: 'object', additionalProperties: false, ...parameters })
    const isTaken =
      fitted !== null &&
      isInputSchema(fitted.schema) &&
      this.costs.length < mostStrictTools &&
      isAffordable([...this.costs, fitted.cost])
    if (!isTaken || fitted.isLoosened) this.notes.approximate('tools[].strict')
    if (!isTaken) return null
    this.costs.push(fitted.cost)
    return fitted.schema
  }

  /**
   * The API wants an object at the root ("The value at …inputSchema.json.type must be one of the following: object."), and
   * no choice between several ("does not support oneOf, allOf, or anyOf").
   */
  plain(parameters: LooseRecord, place: string): LooseRecord {
    const { type = 'object' } = parameters
    if (type !== 'object') this.notes.refuse(`${place}.function.parameters`, "a tool's input is a JSON object")
    if (!unionKeywords.some((keyword) => keyword in parameters)) {
      return { type, ...('properties' in parameters ? {} : { properties: {} }), ...parameters }
    }
    this.notes.approximate('tools')
    return withoutUnions(parameters)
  }
}
