/**
 * Reading values that came over the wire: nothing about them may be taken for granted. Each reader gives the value
 * when it is what was hoped for, and null when it is not; none throws.
 */

export type LooseRecord = Readonly<Record<string, unknown>>

/** A JSON object: not null, not an array. */
export function isRecord(value: unknown): value is LooseRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function recordOf(value: unknown): LooseRecord | null {
  return isRecord(value) ? value : null
}

/** A text with something in it. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/**
 * A whole number of things, zero included. Fractions are rounded, since a few vendors count in floats; what is too great
 * to be added to is no count.
 */
export function countOf(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 && value <= greatestCount ? Math.round(value) : null
}

/** Sums of a few thousand of them are still exact. */
const greatestCount = 2 ** 40

/** Parses JSON; undefined when it is none. (No JSON text means undefined, so there is no doubt.) */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
