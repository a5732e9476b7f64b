/**
 * Checks of a request's shape, with the words and paths of Anthropic's own validation (`messages.0.content.1.tool_use.id:
 * Field required`): unions by a tag add the tag to the path, and what is not known is refused, not ignored. Wordings
 * read off errors that users reported, 2024 to 2026 (searched 2026-11-23).
 */
import { isJson } from '../answers/ask.ts'

/** What the API would answer with a 400. The message carries its path. */
export class Refused extends Error {}

/** Throws `Refused`. */
export type Check = (value: unknown, path: string) => void

export function refuse(path: string, message: string): never {
  throw new Refused(`${path}: ${message}`)
}

export const text: Check = (value, path) => {
  if (typeof value !== 'string') refuse(path, 'Input should be a valid string')
}

export const flag: Check = (value, path) => {
  if (typeof value !== 'boolean') refuse(path, 'Input should be a valid boolean')
}

export const anything: Check = () => {}

export const dictionary: Check = (value, path) => {
  if (!isJson(value)) refuse(path, 'Input should be a valid dictionary')
}

export function number(from: number, to = Number.POSITIVE_INFINITY): Check {
  return (value, path) => {
    if (typeof value !== 'number') refuse(path, 'Input should be a valid number')
    if (value < from) refuse(path, `Input should be greater than or equal to ${from}`)
    if (value > to) refuse(path, `Input should be less than or equal to ${to}`)
  }
}

export function integer(from: number): Check {
  return (value, path) => {
    if (!Number.isInteger(value)) refuse(path, 'Input should be a valid integer')
    number(from)(value, path)
  }
}

export function pattern(expression: RegExp): Check {
  return (value, path) => {
    text(value, path)
    if (!expression.test(String(value))) refuse(path, `String should match pattern '${expression.source}'`)
  }
}

export function oneOf(...values: readonly string[]): Check {
  return (value, path) => {
    if (typeof value !== 'string' || !values.includes(value)) refuse(path, `Input should be ${quoted(values, ' or ')}`)
  }
}

export function nullable(check: Check): Check {
  return (value, path) => {
    if (value !== null) check(value, path)
  }
}

export function listOf(check: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) refuse(path, 'Input should be a valid list')
    for (const [index, item] of value.entries()) check(item, `${path}.${index}`)
  }
}

/** A string, or a list of something. */
export function textOr(list: Check): Check {
  return (value, path) => {
    if (typeof value === 'string') return
    list(value, path)
  }
}

export function fields(
  required: Readonly<Record<string, Check>>,
  optional: Readonly<Record<string, Check>> = {},
): Check {
  return (value, path) => {
    if (!isJson(value)) refuse(path, 'Input should be a valid dictionary or object to extract fields from')
    const below = (key: string) => (path === '' ? key : `${path}.${key}`)
    for (const key of Object.keys(required)) if (!(key in value)) refuse(below(key), 'Field required')
    for (const [key, item] of Object.entries(value)) {
      const check = Object.hasOwn(required, key)
        ? required[key]
        : Object.hasOwn(optional, key)
          ? optional[key]
          : undefined
      if (check === undefined) refuse(below(key), 'Extra inputs are not permitted')
      check(item, below(key))
    }
  }
}

/** One of several objects, told apart by `type`. */
export function tagged(variants: Readonly<Record<string, Check>>): Check {
  return (value, path) => {
    if (!isJson(value)) refuse(path, 'Input should be a valid dictionary or object to extract fields from')
    const tag = value['type']
    if (tag === undefined) refuse(`${path}.type`, 'Field required')
    const name = typeof tag === 'string' ? tag : JSON.stringify(tag)
    const variant = Object.hasOwn(variants, name) ? variants[name] : undefined
    if (variant === undefined) {
      const expected = quoted(Object.keys(variants), ', ')
      refuse(path, `Input tag '${name}' found using 'type' does not match any of the expected tags: ${expected}`)
    }
    variant(value, `${path}.${name}`)
  }
}

function quoted(values: readonly string[], last: string): string {
  const all = values.map((value) => `'${value}'`)
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')}${last}${all.at(-1) ?? ''}`
}
