/**
 * Checks of a request's shape, as Google's servers read JSON into messages: names in camel or in snake case, `null` for
 * nothing, one thing where a list of things is wanted, and what is not known refused. Wordings read off errors that users
 * reported, 2024 to 2026 (searched 2026-11-24). What is given back has names in camel case.
 */
import { isJson } from '../answers/ask.ts'

/** Of a value that was read as a text; empty where it is not there. */
export function wordsOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** What the API would answer with a 400. */
export class Refused extends Error {}

/** Throws `Refused`. */
export type Reader = (value: unknown, path: string) => unknown

function wrongType(path: string, type: string, value: unknown): never {
  throw new Refused(`Invalid value at '${path}' (${type}), ${JSON.stringify(value)}`)
}

function scalar(type: string, fits: (value: unknown) => boolean): Reader {
  return (value, path) => {
    if (!fits(value)) wrongType(path, type, value)
    return value
  }
}

export const text = scalar('TYPE_STRING', (value) => typeof value === 'string')
export const flag = scalar('TYPE_BOOL', (value) => typeof value === 'boolean')
export const number = scalar('TYPE_FLOAT', (value) => typeof value === 'number')
export const integer = scalar(
  'TYPE_INT32',
  (value) => typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31,
)
/** Texts as well: numbers of 64 bits are written as such. */
export const long = scalar('TYPE_INT64', (value) => Number.isInteger(Number(value)))
export const anything: Reader = (value) => value
export const struct: Reader = (value, path) => {
  if (!isJson(value)) wrongType(path, 'type.googleapis.com/google.protobuf.Struct', value)
  return value
}

/** Either alphabet of base64, padded or not. */
export const bytes: Reader = (value, path) => {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(value)) {
    throw new Refused(`Invalid value at '${path}' (TYPE_BYTES), Base64 decoding failed`)
  }
  return value
}

/** Words are read in any case (recorded: `none`, `low`). */
export function wordOf(...words: readonly string[]): Reader {
  return (value, path) => {
    const word = typeof value === 'string' ? value.toUpperCase() : ''
    if (!words.includes(word)) wrongType(path, 'Enum', value)
    return word
  }
}

export function listOf(reader: Reader): Reader {
  return (value, path) => {
    const list: readonly unknown[] = Array.isArray(value) ? value : [value]
    return list.map((item, index) => reader(item, `${path}[${index}]`))
  }
}

export function mapOf(reader: Reader): Reader {
  return (value, path) => {
    if (!isJson(value)) wrongType(path, 'Map', value)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, reader(item, `${path}[${key}]`)]))
  }
}

export function message(fields: Readonly<Record<string, Reader>>): Reader {
  return (value, path) => {
    if (!isJson(value)) wrongType(path, 'message', value)
    const read: Record<string, unknown> = {}
    for (const [name, item] of Object.entries(value)) {
      const camel = name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase())
      const reader = Object.hasOwn(fields, camel) ? fields[camel] : undefined
      if (reader === undefined) {
        const where = path === '' ? '' : ` at '${path}'`
        throw new Refused(`Invalid JSON payload received. Unknown name "${name}"${where}: Cannot find field.`)
      }
      const snake = camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
      if (item !== null) read[camel] = reader(item, path === '' ? snake : `${path}.${snake}`)
    }
    return read
  }
}

/** The same, not needed before it is used: schemas hold schemas. */
export function later(reader: () => Reader): Reader {
  return (value, path) => reader()(value, path)
}
