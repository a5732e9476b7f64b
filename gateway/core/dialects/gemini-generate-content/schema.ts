/**
 * JSON schemas as `parametersJsonSchema` and `responseJsonSchema` take them. Of JSON Schema they know the keywords below
 * and pass over the others, so what only narrows a value is told in words, and what changes its shape is brought into
 * the shape they know where that can be done. A schema with `$ref` may have no other keyword. Source: the comment on
 * both fields in the maker's API reference (https://ai.google.dev/api/generate-content#generationconfig) and its page on
 * structured outputs, read 2026-11-24.
 */
import type { LooseRecord } from '../../chat/loose.ts'
import { isRecord, recordOf } from '../../chat/loose.ts'

export interface FittedSchema {
  readonly schema: LooseRecord
  /** Is the schema weaker than it was? */
  readonly isLoosened: boolean
}

export function fitSchema(schema: LooseRecord): FittedSchema {
  const fitting = new Fitting()
  return { schema: fitting.fit(schema), isLoosened: fitting.isLoosened }
}

const copied: ReadonlySet<string> = new Set([
  '$anchor',
  'description',
  'enum',
  'maxItems',
  'maximum',
  'minItems',
  'minimum',
  'nullable',
  'propertyOrdering',
  'required',
  'title',
])

/** They say nothing about a value. */
const silent: ReadonlySet<string> = new Set([
  '$comment',
  '$id',
  '$schema',
  'default',
  'deprecated',
  'example',
  'examples',
  'readOnly',
  'writeOnly',
])

/** Keywords that narrow a value of the same shape, in words that a model understands. */
const narrowing: ReadonlySet<string> = new Set([
  'contentEncoding',
  'contentMediaType',
  'exclusiveMaximum',
  'exclusiveMinimum',
  'format',
  'maxLength',
  'maxProperties',
  'minLength',
  'minProperties',
  'multipleOf',
  'pattern',
  'uniqueItems',
])

const formats: ReadonlySet<unknown> = new Set(['date', 'date-time', 'time'])

class Fitting {
  isLoosened = false

  fit(schema: unknown): LooseRecord {
    if (!isRecord(schema)) {
      // `true` allows anything, as no word does; that nothing is allowed cannot be said.
      if (schema !== true) this.isLoosened = true
      return {}
    }
    if (typeof schema['$ref'] === 'string') return this.fitReference(schema, schema['$ref'])
    const fitted: Record<string, unknown> = {}
    const words: string[] = []
    for (const [keyword, value] of Object.entries(schema)) {
      if (silent.has(keyword) || keyword.startsWith('x-')) continue
      if (copied.has(keyword) || (keyword === 'format' && formats.has(value))) fitted[keyword] = value
      else if (narrowing.has(keyword)) words.push(`${keyword}: ${JSON.stringify(value)}`)
      else this.fitKeyword(keyword, value, fitted)
    }
    if (words.length > 0) {
      this.isLoosened = true
      const said = typeof fitted['description'] === 'string' ? `${fitted['description']} ` : ''
      fitted['description'] = `${said}(${words.join(', ')})`
    }
    return fitted
  }

  /** Titles and descriptions beside a reference go; anything else beside it would have narrowed it. */
  private fitReference(schema: LooseRecord, target: string): LooseRecord {
    const beside = Object.keys(schema).filter((key) => key !== '$ref' && key !== '$defs' && key !== 'definitions')
    if (beside.some((key) => !silent.has(key) && key !== 'title' && key !== 'description')) this.isLoosened = true
    const fitted: Record<string, unknown> = { $ref: target.replace(/^#\/definitions\//, '#/$defs/') }
    for (const key of ['$defs', 'definitions'])
      if (schema[key] !== undefined) this.fitNamed('$defs', schema[key], fitted)
    return fitted
  }

  private fitKeyword(keyword: string, value: unknown, fitted: Record<string, unknown>): void {
    switch (keyword) {
      case 'type':
        if (typeof value === 'string' || Array.isArray(value)) fitted['type'] = value
        return
      case 'const':
        this.fitConstant(value, fitted)
        return
      case '$defs':
      case 'definitions':
        this.fitNamed('$defs', value, fitted)
        return
      case 'properties':
        this.fitNamed(keyword, value, fitted)
        return
      case 'items':
        fitted[keyword] = this.fit(value)
        return
      case 'additionalProperties':
        fitted[keyword] = isRecord(value) ? this.fit(value) : value
        return
      case 'prefixItems':
      case 'anyOf':
      case 'oneOf':
        this.fitList(keyword === 'oneOf' ? 'anyOf' : keyword, value, fitted)
        return
      case 'allOf':
        this.fitAll(value, fitted)
        return
      default:
        this.isLoosened = true
    }
  }

  /** Choices are texts or numbers. */
  private fitConstant(value: unknown, fitted: Record<string, unknown>): void {
    if (typeof value === 'string' || typeof value === 'number') fitted['enum'] = [value]
    else if (value === null) fitted['type'] = 'null'
    else this.isLoosened = true
  }

  private fitNamed(keyword: string, value: unknown, fitted: Record<string, unknown>): void {
    const inner = Object.entries(recordOf(value) ?? {}).map(([name, one]) => [name, this.fit(one)] as const)
    fitted[keyword] = Object.fromEntries([...Object.entries(recordOf(fitted[keyword]) ?? {}), ...inner])
  }

  private fitList(keyword: string, value: unknown, fitted: Record<string, unknown>): void {
    if (!Array.isArray(value)) return
    if (fitted[keyword] === undefined) fitted[keyword] = value.map((one) => this.fit(one))
    else this.isLoosened = true
  }

  /** What all of them say is said by one, as far as they are objects. */
  private fitAll(value: unknown, fitted: Record<string, unknown>): void {
    for (const part of Array.isArray(value) ? value : []) {
      const { properties, required, $defs, ...rest } = this.fit(part)
      if (properties !== undefined)
        fitted['properties'] = { ...recordOf(fitted['properties']), ...recordOf(properties) }
      if ($defs !== undefined) fitted['$defs'] = { ...recordOf(fitted['$defs']), ...recordOf($defs) }
      if (required !== undefined)
        fitted['required'] = [...new Set([...listOf(fitted['required']), ...listOf(required)])]
      for (const [key, one] of Object.entries(rest)) {
        if (fitted[key] === undefined) fitted[key] = one
        else if (JSON.stringify(fitted[key]) !== JSON.stringify(one)) this.isLoosened = true
      }
    }
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
