/**
 * Checks of a request's shape, with the words of AWS's own validation (`Value at 'messages.1.member.content' failed to
 * satisfy constraint: …`; read off errors that users reported, 2024 to 2026, searched 2026-11-24). Lists count from 1
 * there. What is not known is refused: the real one may pass over it, and a gateway that sends it means something by it.
 */
import { isJson } from '../answers/ask.ts'

/** What the API would answer with a 400. */
export class Refused extends Error {}

/** Throws `Refused`. */
export type Check = (value: unknown, path: string) => void

export function refuse(path: string, constraint: string): never {
  throw new Refused(`1 validation error detected: Value at '${path}' failed to satisfy constraint: ${constraint}`)
}

function malformed(path: string, expected: string): never {
  throw new Refused(`The value at ${path === '' ? 'the request' : path} must be ${expected}.`)
}

export const anything: Check = () => {}

export const dictionary: Check = (value, path) => {
  if (!isJson(value)) malformed(path, 'an object')
}

export const flag: Check = (value, path) => {
  if (typeof value !== 'boolean') malformed(path, 'a boolean')
}

export const text: Check = (value, path) => {
  if (typeof value !== 'string') malformed(path, 'a string')
}

export function pattern(expression: RegExp, longest: number, shortest = 1): Check {
  return (value, path) => {
    text(value, path)
    const said = String(value)
    if (said.length < shortest) refuse(path, `Member must have length greater than or equal to ${shortest}`)
    if (said.length > longest) refuse(path, `Member must have length less than or equal to ${longest}`)
    if (!expression.test(said)) refuse(path, `Member must satisfy regular expression pattern: ${expression.source}`)
  }
}

export const filled = pattern(/[^]/, Number.POSITIVE_INFINITY)

export function number(from: number, to: number): Check {
  return (value, path) => {
    if (typeof value !== 'number') malformed(path, 'a number')
    if (value < from) refuse(path, `Member must have value greater than or equal to ${from}`)
    if (value > to) refuse(path, `Member must have value less than or equal to ${to}`)
  }
}

export function integer(from: number): Check {
  return (value, path) => {
    if (!Number.isInteger(value)) malformed(path, 'an integer')
    number(from, Number.POSITIVE_INFINITY)(value, path)
  }
}

export function oneOf(...words: readonly string[]): Check {
  return (value, path) => {
    if (typeof value !== 'string' || !words.includes(value)) {
      refuse(path, `Member must satisfy enum value set: [${words.join(', ')}]`)
    }
  }
}

export function listOf(check: Check, shortest = 0): Check {
  return (value, path) => {
    if (!Array.isArray(value)) malformed(path, 'a list')
    if (value.length < shortest) refuse(path, `Member must have length greater than or equal to ${shortest}`)
    for (const [index, item] of value.entries()) check(item, `${path}.${index + 1}.member`)
  }
}

export function fields(
  required: Readonly<Record<string, Check>>,
  optional: Readonly<Record<string, Check>> = {},
): Check {
  return (value, path) => {
    if (!isJson(value)) malformed(path, 'an object')
    const below = (key: string) => (path === '' ? key : `${path}.${key}`)
    for (const key of Object.keys(required)) if (!(key in value)) refuse(below(key), 'Member must not be null')
    for (const [key, item] of Object.entries(value)) {
      const known = Object.hasOwn(required, key) ? required : optional
      const check = Object.hasOwn(known, key) ? known[key] : undefined
      if (check === undefined) throw new Refused(`Unknown field: ${below(key)}`)
      check(item, below(key))
    }
  }
}

/** An object with exactly one of these keys. */
export function union(variants: Readonly<Record<string, Check>>): Check {
  return (value, path) => {
    if (!isJson(value)) malformed(path, 'an object')
    const keys = Object.keys(value)
    const [key = ''] = keys
    const check = Object.hasOwn(variants, key) ? variants[key] : undefined
    if (keys.length !== 1 || check === undefined) {
      throw new Refused(`${path} must set one of the following keys: ${Object.keys(variants).join(', ')}.`)
    }
    check(value[key], `${path}.${key}`)
  }
}

export const base64: Check = (value, path) => {
  text(value, path)
  const data = String(value)
  if (data === '' || data.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) {
    throw new Refused(`Unable to decode the bytes at ${path}: they are not base64.`)
  }
}
