/**
 * JSON schemas as structured outputs take them: a subset of JSON Schema, every object closed. What only narrows a value
 * (`minimum`, `maxLength` …) is told in words instead, as the maker's own client does it; what changes the shape cannot
 * be told. Subset and limits: https://platform.claude.com/docs/en/build-with-claude/structured-outputs, read 2026-11-23.
 */
import type { LooseRecord } from './loose.ts'
import { isRecord, recordOf } from './loose.ts'

export interface FittedSchema {
  readonly schema: LooseRecord
  /** Was anything told in words? */
  readonly isLoosened: boolean
  readonly cost: SchemaCost
}

/** What the API counts over all schemas of one request. */
export interface SchemaCost {
  /** Properties that are not required. */
  readonly optional: number
  /** Properties of several types. */
  readonly unions: number
}

/** "Optional parameters" and "parameters with union types", over all strict tools and the output schema together. */
const limits: SchemaCost = { optional: 24, unions: 16 }

export const mostStrictTools = 20

export function isAffordable(costs: readonly SchemaCost[]): boolean {
  const total = (count: keyof SchemaCost): number => costs.reduce((sum, cost) => sum + cost[count], 0)
  return total('optional') <= limits.optional && total('unions') <= limits.unions
}

/** Null when the schema says something that the subset cannot. */
export function fitSchema(schema: unknown): FittedSchema | null {
  const fitting = new Fitting()
  const fitted = fitting.fit(schema)
  if (fitted === null || fitting.isRecursive) return null
  return { schema: fitted, isLoosened: fitting.isLoosened, cost: { ...fitting.cost } }
}

const copied: ReadonlySet<string> = new Set(['type', 'enum', 'const', 'title', 'description', 'default', 'required'])

/** Names a schema is known by; they mean nothing for a value. */
const silent: ReadonlySet<string> = new Set([
  '$schema',
  '$id',
  '$comment',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
])

const formats: ReadonlySet<unknown> = new Set([
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'uri',
  'ipv4',
  'ipv6',
  'uuid',
])

/** Keywords that narrow a value of the same shape. */
const narrowing: ReadonlySet<string> = new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'contentEncoding',
  'contentMediaType',
])

class Fitting {
  isLoosened = false
  readonly cost = { optional: 0, unions: 0 }
  /** The definition that is being read; null: the schema itself. */
  private reading: string | null = null
  private readonly references = new Map<string | null, Set<string>>()

  /** Null where it cannot be said. */
  fit(schema: unknown): LooseRecord | null {
    if (!isRecord(schema)) return null
    const fitted: Record<string, unknown> = {}
    const words: string[] = []
    this.countOptional(schema)
    for (const [keyword, value] of Object.entries(schema)) {
      if (silent.has(keyword) || keyword.startsWith('x-')) continue
      if (copied.has(keyword) || this.isPassedOn(keyword, value)) fitted[keyword] = value
      else if (narrowing.has(keyword)) words.push(`${keyword}: ${JSON.stringify(value)}`)
      else if (!this.fitInner(keyword, value, fitted)) return null
    }
    if (Array.isArray(schema['enum']) && schema['enum'].some((one) => typeof one === 'object' && one !== null))
      return null
    if (isObject(schema) && !closeObject(schema, fitted)) return null
    if (words.length > 0) {
      this.isLoosened = true
      const said = typeof fitted['description'] === 'string' ? `${fitted['description']} ` : ''
      fitted['description'] = `${said}(${words.join(', ')})`
    }
    return fitted
  }

  /**
   * Definitions that nothing unread is referred to by are taken away, one after the other; what is left refers to itself.
   * Each reference is looked at once, since a caller may send thousands.
   */
  get isRecursive(): boolean {
    const waiting = new Map<string, number>()
    for (const targets of this.references.values()) {
      for (const target of targets) waiting.set(target, (waiting.get(target) ?? 0) + 1)
    }
    const free = [...this.references.keys()].filter((name) => name === null || !waiting.has(name))
    for (let name = free.pop(); name !== undefined; name = free.pop()) {
      for (const target of this.references.get(name) ?? []) {
        const left = (waiting.get(target) ?? 0) - 1
        waiting.set(target, left)
        if (left === 0) free.push(target)
      }
    }
    return [...waiting.values()].some((left) => left > 0)
  }

  private countOptional({ properties, required }: LooseRecord): void {
    const needed: readonly unknown[] = Array.isArray(required) ? required : []
    this.cost.optional += Object.keys(recordOf(properties) ?? {}).filter((name) => !needed.includes(name)).length
  }

  private isPassedOn(keyword: string, value: unknown): boolean {
    if (keyword === 'format') return formats.has(value)
    return keyword === 'minItems' && (value === 0 || value === 1)
  }

  /** Takes a keyword that holds schemas; false when it is none we know. */
  private fitInner(keyword: string, value: unknown, fitted: Record<string, unknown>): boolean {
    switch (keyword) {
      case '$ref':
        fitted[keyword] = value
        return this.noteReference(value)
      case '$defs':
      case 'definitions':
        return this.fitNamed(keyword, value, fitted)
      case 'properties':
        return this.fitNamed(keyword, value, fitted)
      case 'items':
        fitted[keyword] = this.fit(value)
        return fitted[keyword] !== null
      case 'anyOf':
      case 'oneOf':
        return this.fitList('anyOf', value, fitted)
      case 'allOf':
        return this.fitList(keyword, value, fitted)
      case 'additionalProperties':
        // Closing an open object leaves only answers that the schema allows; a map has no other way to be filled.
        return !isRecord(value) || Object.keys(value).length === 0
      default:
        return false
    }
  }

  private fitNamed(keyword: string, value: unknown, fitted: Record<string, unknown>): boolean {
    const inner: [string, LooseRecord][] = []
    const before = this.reading
    for (const [name, schema] of Object.entries(recordOf(value) ?? {})) {
      if (keyword !== 'properties') this.reading = `#/${keyword}/${name}`
      const one = this.fit(schema)
      this.reading = before
      if (one === null) return false
      if (keyword === 'properties' && ('anyOf' in one || Array.isArray(one['type']))) this.cost.unions += 1
      inner.push([name, one])
    }
    fitted[keyword] = Object.fromEntries(inner)
    return true
  }

  private fitList(keyword: string, value: unknown, fitted: Record<string, unknown>): boolean {
    if (!Array.isArray(value) || fitted[keyword] !== undefined) return false
    const list = value.map((one) => this.fit(one))
    fitted[keyword] = list
    return list.every((one) => one !== null && (keyword !== 'allOf' || !('$ref' in one)))
  }

  private noteReference(target: unknown): boolean {
    if (typeof target !== 'string' || !/^#\/(?:\$defs|definitions)\/[^/]+$/.test(target)) return false
    const known = this.references.get(this.reading) ?? new Set()
    this.references.set(this.reading, known.add(target))
    return true
  }
}

function isObject(schema: LooseRecord): boolean {
  const { type } = schema
  return type === 'object' || (Array.isArray(type) && type.includes('object')) || isRecord(schema['properties'])
}

/** False for an object that would be closed with nothing in it. */
function closeObject(schema: LooseRecord, fitted: Record<string, unknown>): boolean {
  fitted['additionalProperties'] = false
  const isEmpty = Object.keys(recordOf(schema['properties']) ?? {}).length === 0
  return !isEmpty || schema['additionalProperties'] === false
}
