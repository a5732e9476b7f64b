/** What a provider says went wrong, out of every envelope seen on the wire. */
import type { LooseRecord } from './loose.ts'
import { isRecord, parseJson, recordOf, textOf } from './loose.ts'

export interface ErrorWords {
  /** What the provider says; empty when it says nothing. */
  readonly message: string
  readonly code: string | null
  readonly type: string | null
  readonly param: string | null
  /** A more exact code from inside, where there is one: judged by, never shown. */
  readonly innerCode: string | null
  /** Headers of rate limits that a provider repeats in the body, names in lower case. */
  readonly limits?: Readonly<Record<string, string>>
}

const maxMessageLength = 2000

/** Reads the body of a failed reply: JSON of any known shape, a page, or plain text. */
export function readErrorBody(body: string): ErrorWords {
  const parsed = parseJson(body) ?? parseJson(dataOf(body))
  const words = parsed === undefined ? null : readErrorValue(parsed)
  return words ?? { message: cut(readPage(body)), code: null, type: null, param: null, innerCode: null }
}

/**
 * Reads a parsed envelope; null when it holds no word about an error. Shapes (recorded or documented, see
 * `fixtures/errors`; checked 2026-11-23): `{error: {message, type, param, code}}`, `{error: "text", code?}`, the same
 * without the envelope, `{detail: "text" | [{loc, msg}]}`, `{fault: {…}}`, `{errors: [{message}]}`, a list of one
 * envelope, a bare text; codes are texts or numbers.
 */
export function readErrorValue(value: unknown): ErrorWords | null {
  if (Array.isArray(value)) return value.length === 0 ? null : readErrorValue(value[0])
  if (typeof value === 'string') return value === '' ? null : wordsOf({}, value, null)
  if (!isRecord(value)) return null
  const { error, detail, fault, errors } = value
  if (isRecord(error)) return wordsOf(error, messageOf(error), value)
  if (typeof error === 'string' && error !== '') return wordsOf(value, error, null)
  if (isRecord(fault)) return wordsOf(fault, textOf(fault['faultstring']) ?? messageOf(fault), null)
  if (Array.isArray(errors) && isRecord(errors[0])) return wordsOf(errors[0], messageOf(errors[0]), null)
  const message = messageOf(value)
  if (message !== '') return wordsOf(value, message, null)
  const detailed = readDetail(detail)
  if (detailed === null) return null
  return { ...wordsOf(recordOf(detail) ?? value, detailed.message, null), param: detailed.param }
}

function wordsOf(source: LooseRecord, message: string, outer: LooseRecord | null): ErrorWords {
  const limits = limitsOf(source)
  return {
    ...(limits !== null && { limits }),
    message: cut(message),
    // A name says more than a number, which is mostly the status again.
    code: textOf(source['code']) ?? textOf(source['status']) ?? numberText(source['code']) ?? textOf(outer?.['code']),
    type: textOf(source['type']) ?? textOf(source['error_type']),
    param: textOf(source['param']),
    innerCode: innerCodeOf(source),
  }
}

/**
 * `{metadata: {headers: {'X-RateLimit-Reset': '1741305600000'}}}`: one vendor's limits stand there and in no header
 * (https://openrouter.ai/docs/api-reference/limits; https://github.com/Gitlawb/openclaude/issues/936; 2026-11-24).
 */
function limitsOf(source: LooseRecord): Record<string, string> | null {
  const given = recordOf(recordOf(source['metadata'])?.['headers'])
  if (given === null) return null
  const limits: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) {
    const text = textOf(value) ?? numberText(value)
    if (text !== null) limits[name.toLowerCase()] = text
  }
  return limits
}

function innerCodeOf(source: LooseRecord): string | null {
  const inner = recordOf(source['innererror'])
  if (inner !== null) return textOf(inner['code'])
  const details = source['details']
  return Array.isArray(details) ? textOf(recordOf(details[0])?.['reason']) : null
}

/** A provider that only passes an error on puts the real reason into `metadata.raw`. */
function messageOf(source: LooseRecord): string {
  const { message, msg } = source
  const raw = textOf(recordOf(source['metadata'])?.['raw'])
  const said = textOf(message) ?? textOf(msg) ?? readDetail(message)?.message ?? ''
  if (raw === null || said.includes(raw)) return said
  return said === '' ? raw : `${said}: ${raw}`
}

/** Validation problems as some web frameworks list them: the first one tells enough. */
function readDetail(detail: unknown): { message: string; param: string | null } | null {
  if (typeof detail === 'string') return detail === '' ? null : { message: detail, param: null }
  if (isRecord(detail)) {
    const inner = textOf(detail['message']) ?? textOf(detail['msg'])
    return inner === null ? readDetail(detail['detail']) : { message: inner, param: null }
  }
  const first: unknown = Array.isArray(detail) ? detail[0] : null
  if (!isRecord(first)) return typeof first === 'string' ? { message: first, param: null } : null
  const message = textOf(first['msg']) ?? textOf(first['message'])
  if (message === null) return null
  const place = Array.isArray(first['loc']) ? first['loc'].filter((step) => step !== 'body').join('.') : ''
  return place === '' ? { message, param: null } : { message: `${message}: ${place}`, param: place }
}

function numberText(value: unknown): string | null {
  return typeof value === 'number' ? String(value) : null
}

/**
 * The data of a stream's one event: who asked for a stream may be refused in the form of one, whatever the status
 * (https://github.com/anomalyco/opencode/issues/23722, 2026-11-24).
 */
function dataOf(body: string): string {
  return /^data:(.*)$/m.exec(body)?.[1]?.trim() ?? ''
}

/** The title of an HTML page says what a proxy has to say; plain text speaks for itself. */
function readPage(body: string): string {
  const text = body.trim()
  if (!text.startsWith('<')) return text
  const title = /<title>([^<]*)<\/title>/i.exec(text)
  return title?.[1]?.trim() ?? ''
}

function cut(message: string): string {
  return message.length > maxMessageLength ? `${message.slice(0, maxMessageLength)}…` : message
}
