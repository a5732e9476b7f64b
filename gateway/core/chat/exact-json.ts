/**
 * JSON whose whole numbers beyond 2^53 are written again digit by digit: a call's input may hold ids that no number of
 * this language holds, and a tool called with the nearest one would be called for somebody else.
 */
import { parseJson } from './loose.ts'

/** Parses JSON; undefined when it is none. A number that would be rounded is an object that only `JSON.stringify` reads. */
export function parseExactJson(text: string): unknown {
  // Reading with a reviver is slow, and hardly any text has such numbers.
  if (!/\d{16}/.test(text)) return parseJson(text)
  try {
    return JSON.parse(text, keepDigits)
  } catch {
    return undefined
  }
}

/** `context.source` is how a number was written. */
function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source ?? ''
  return /^-?\d+$/.test(source) ? rawJson(source) : value
}

/** `JSON.rawJSON`, which the language's types do not know yet. */
const makeRaw: unknown = Reflect.get(JSON, 'rawJSON')

function rawJson(source: string): unknown {
  return typeof makeRaw === 'function' ? Reflect.apply(makeRaw, JSON, [source]) : Number(source)
}
