/** `response_format`: by the API's own means where it has them, otherwise by saying so in the system prompt. */
import type { ChatCompletionRequest } from '../../../../schemas/index.ts'
import type { EncodeNotes } from '../../chat/encode-notes.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { isRecord, recordOf } from '../../chat/loose.ts'

export interface AnswerFormat {
  /** The field of the body. */
  readonly native: { readonly type: 'json_object'; readonly json_schema?: LooseRecord } | null
  /** To be said in the system prompt. */
  readonly instruction: string | null
}

const free: AnswerFormat = { native: null, instruction: null }

const jsonOnly = 'Answer with one JSON object and nothing else: no explanation and no code fence.'

/** The parameter "is not supported when used in combinations with the `documents` or `tools`" (types of the client). */
export function encodeFormat(request: ChatCompletionRequest, isBesideTools: boolean, notes: EncodeNotes): AnswerFormat {
  const { response_format: format } = request
  const isBesideOthers = isBesideTools || isFull(request['documents'])
  if (format?.type === 'json_object') {
    if (!isBesideOthers) return { ...free, native: { type: 'json_object' } }
    notes.approximate('response_format[json_object]')
    return { ...free, instruction: jsonOnly }
  }
  if (format?.type !== 'json_schema') return free
  const schema = recordOf(format.json_schema?.schema) ?? {}
  const fitted = isBesideOthers || schema['type'] !== 'object' ? null : fit(schema)
  if (fitted === null || fitted.isLoosened) notes.approximate('response_format[json_schema]')
  if (fitted !== null) return { ...free, native: { type: 'json_object', json_schema: fitted.schema } }
  const instruction = `${jsonOnly} It must be valid against this JSON schema:\n${JSON.stringify(schema)}`
  return isBesideOthers ? { ...free, instruction } : { native: { type: 'json_object' }, instruction }
}

function isFull(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0
}

// ---- schemas ----

interface Fitted {
  readonly schema: LooseRecord
  /** Was a limit on values left out? */
  readonly isLoosened: boolean
}

/**
 * What the vendor's page on structured outputs lists as unsupported (https://docs.cohere.com/docs/structured-outputs, as
 * stored, read 2026-11-24): these only narrow a value, so the rest of the schema is of use without them.
 */
const limits: ReadonlySet<string> = new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minLength',
  'maxLength',
])

/** These change the shape; without them it would be another schema. */
const compositions = ['allOf', 'oneOf', 'not'] as const

const formats: ReadonlySet<unknown> = new Set(['date-time', 'uuid', 'date', 'time'])

/** "`^`, `$`, `?=`, `?!`" (same page). */
const foreignPattern = /[$^]|\?[=!]/

/** Keywords that hold schemas by name, and those that hold one or a list of them. */
const named: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions'])
const nested: ReadonlySet<string> = new Set(['items', 'anyOf', 'additionalProperties'])

/** Null for what the API cannot express. "Every object … must have at least one `required` field" (same page). */
function fit(schema: LooseRecord): Fitted | null {
  if (compositions.some((keyword) => schema[keyword] !== undefined)) return null
  if (schema['type'] === 'object' && !isFull(schema['required'])) return null
  const fitted: Record<string, unknown> = {}
  let isLoosened = false
  for (const [keyword, value] of Object.entries(schema)) {
    if (isUnknownLimit(keyword, value)) isLoosened = true
    else {
      const inner = fitInner(keyword, value)
      if (inner === null) return null
      fitted[keyword] = inner.value
      isLoosened ||= inner.isLoosened
    }
  }
  return { schema: fitted, isLoosened }
}

function isUnknownLimit(keyword: string, value: unknown): boolean {
  if (limits.has(keyword)) return true
  if (keyword === 'format') return !formats.has(value)
  return keyword === 'pattern' && typeof value === 'string' && foreignPattern.test(value)
}

interface Inner {
  readonly value: unknown
  readonly isLoosened: boolean
}

function fitInner(keyword: string, value: unknown): Inner | null {
  if (named.has(keyword) && isRecord(value)) {
    const fitted = fitAll(Object.values(value))
    if (fitted === null) return null
    const names = Object.keys(value)
    return { ...fitted, value: Object.fromEntries(names.map((name, place) => [name, fitted.value[place]])) }
  }
  if (nested.has(keyword) && Array.isArray(value)) return fitAll(value)
  if (!nested.has(keyword)) return { value, isLoosened: false }
  const fitted = fitAll([value])
  return fitted === null ? null : { ...fitted, value: fitted.value[0] }
}

function fitAll(schemas: readonly unknown[]): { value: unknown[]; isLoosened: boolean } | null {
  const fitted: unknown[] = []
  let isLoosened = false
  for (const schema of schemas) {
    const one = isRecord(schema) ? fit(schema) : { schema, isLoosened: false }
    if (one === null) return null
    fitted.push(one.schema)
    isLoosened ||= one.isLoosened
  }
  return { value: fitted, isLoosened }
}
