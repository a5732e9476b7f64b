/** From bytes to a JSON value that can be trusted to be one: in UTF-8, not too deep, and without a number lost. */
import { isUtf8 } from 'node:buffer'
import { GatewayError } from '../../core/chat/errors.ts'
import { maxJsonDepth } from './limits.ts'

export interface JsonBody {
  /** The text that was parsed. */
  readonly source: string
  readonly value: unknown
}

/** Throws `invalid_json`. No message carries a piece of the body: it ends up in logs, and may be a prompt. */
export function readJsonBody(bytes: Buffer): JsonBody {
  // Bytes that are no characters would be replaced by others without a word.
  if (!isUtf8(bytes)) throw new GatewayError('invalid_json', 'The body is not text in UTF-8.')
  const source = bytes.toString()
  const value = parse(source)
  const trouble = troubleIn(value, maxJsonDepth)
  if (trouble !== null) throw new GatewayError('invalid_json', words[trouble])
  return { source, value }
}

function parse(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch (error) {
    // Without the piece of the body that V8 quotes.
    const detail =
      error instanceof Error ? error.message.replace(/, (?:\.{3})?"[^]*(?= is not valid JSON$)/, ', it') : ''
    throw new GatewayError('invalid_json', `The body is not valid JSON: ${detail}`)
  }
}

type Trouble = 'too deep' | 'too large a number' | 'prototype'

const words: Readonly<Record<Trouble, string>> = {
  'too deep': `The body is nested deeper than ${maxJsonDepth} levels.`,
  'too large a number': 'The body holds a number that is too large.',
  prototype: 'The body has the key "__proto__", which means something else to some who would read it.',
}

/** `left`: how many levels there may be, this one included. */
function troubleIn(item: unknown, left: number): Trouble | null {
  // V8 makes infinity of what it cannot hold, and `null` of infinity: another number than was sent.
  if (typeof item === 'number') return Number.isFinite(item) ? null : 'too large a number'
  if (typeof item !== 'object' || item === null) return null
  if (left === 0) return 'too deep'
  // Without a list of keys or values for each: this is hot, and in what was parsed there are no keys but its own.
  if (Array.isArray(item)) {
    const list: readonly unknown[] = item
    for (const member of list) {
      const trouble = typeof member === 'string' ? null : troubleIn(member, left - 1)
      if (trouble !== null) return trouble
    }
    return null
  }
  if (!isRecord(item)) return null
  for (const key in item) {
    // Nobody's prompt or tool needs it, and a provider's program may take it for the prototype of what it reads.
    // `constructor` and the like are only names.
    if (key === '__proto__') return 'prototype'
    const trouble = typeof item[key] === 'string' ? null : troubleIn(item[key], left - 1)
    if (trouble !== null) return trouble
  }
  return null
}

function isRecord(item: object): item is Readonly<Record<string, unknown>> {
  return !Array.isArray(item)
}
