/**
 * Checks of a request's shape. The API is written in Go and says "invalid request: …"; a field it does not know is an
 * error there ("unknown field: parameter 'x' is not a valid field"). Wordings as near as users have reported them.
 */
import { isJson } from '../answers/ask.ts'

/** What the API would answer with a 400. */
export class Refused extends Error {}

export function refuse(message: string): never {
  throw new Refused(`invalid request: ${message}`)
}

/** Throws `Refused`. `path` names the field. */
export type Check = (value: unknown, path: string) => void

export const text: Check = (value, path) => {
  if (typeof value !== 'string') refuse(`${path} must be a string`)
}

export const flag: Check = (value, path) => {
  if (typeof value !== 'boolean') refuse(`${path} must be a boolean`)
}

export const record: Check = (value, path) => {
  if (!isJson(value)) refuse(`${path} must be an object`)
}

export function number(least: number, greatest: number): Check {
  return (value, path) => {
    if (typeof value !== 'number') refuse(`${path} must be a number`)
    if (value < least || value > greatest) refuse(`${path} must be between ${least} and ${greatest} inclusive.`)
  }
}

export function integer(least: number, greatest = Number.POSITIVE_INFINITY): Check {
  return (value, path) => {
    if (!Number.isInteger(value)) refuse(`${path} must be an integer`)
    number(least, greatest)(value, path)
  }
}

export function oneOf(...words: readonly string[]): Check {
  return (value, path) => {
    if (typeof value !== 'string' || !words.includes(value)) refuse(`${path} must be one of ${words.join(', ')}`)
  }
}

export function listOf(check: Check, greatest = Number.POSITIVE_INFINITY): Check {
  return (value, path) => {
    if (!Array.isArray(value)) refuse(`${path} must be an array`)
    if (value.length > greatest) refuse(`${path} must have at most ${greatest} items`)
    for (const [index, item] of value.entries()) check(item, `${path}[${index}]`)
  }
}

export function textOr(other: Check): Check {
  return (value, path) => {
    if (typeof value !== 'string') other(value, path)
  }
}

export function orNull(check: Check): Check {
  return (value, path) => {
    if (value !== null) check(value, path)
  }
}

type Fields = Readonly<Record<string, Check>>

export function fields(required: Fields, optional: Fields = {}): Check {
  const known = new Map([...Object.entries(required), ...Object.entries(optional)])
  return (value, path) => {
    if (!isJson(value)) refuse(`${path} must be an object`)
    for (const name of Object.keys(required)) if (value[name] === undefined) refuse(`${path}.${name} is required`)
    for (const [name, item] of Object.entries(value)) {
      const check = known.get(name)
      if (check === undefined) throw new Refused(`unknown field: parameter '${name}' is not a valid field`)
      check(item, path === '' ? name : `${path}.${name}`)
    }
  }
}

/** One of several objects, told apart by a word. */
export function byWord(key: string, variants: Fields): Check {
  return (value, path) => {
    const word = isJson(value) ? value[key] : undefined
    const variant = typeof word === 'string' && Object.hasOwn(variants, word) ? variants[word] : undefined
    if (variant === undefined) refuse(`${path}.${key} must be one of ${Object.keys(variants).join(', ')}`)
    variant(value, path)
  }
}
