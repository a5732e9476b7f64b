/** A B B A A B …: what drifts in the machine (heat, neighbours) hits both alike, and pairs are compared, not sums. */
import type { Spread } from './statistics.ts'
import { median, spread } from './statistics.ts'

export interface Measurement {
  readonly value: number
  /** Did something else on the machine get in the way? */
  readonly disturbed: boolean
}

export interface Interleaved {
  readonly a: number
  readonly b: number
  /** Of b to a, pair by pair. */
  readonly ratio: Spread
  /** Pairs that nothing disturbed, and pairs measured. */
  readonly clean: number
  readonly measured: number
}

/** How often as many pairs are measured in the hope of enough that nothing disturbed. */
const patience = 2

/**
 * Measures until there are `rounds` undisturbed pairs, or twice as many in all. Only the undisturbed count,
 * unless they are too few to say anything.
 */
export async function interleave(
  rounds: number,
  measureA: () => Promise<Measurement>,
  measureB: () => Promise<Measurement>,
): Promise<Interleaved> {
  const pairs: [Measurement, Measurement][] = []
  const isClean = ([a, b]: readonly [Measurement, Measurement]) => !a.disturbed && !b.disturbed
  while (pairs.filter(isClean).length < rounds && pairs.length < patience * rounds) {
    if (pairs.length % 2 === 0) {
      const a = await measureA()
      pairs.push([a, await measureB()])
    } else {
      const b = await measureB()
      pairs.push([await measureA(), b])
    }
  }
  const clean = pairs.filter(isClean)
  const used = clean.length * 3 >= rounds ? clean : pairs
  return {
    a: median(used.map(([a]) => a.value)),
    b: median(used.map(([, b]) => b.value)),
    ratio: spread(used.map(([a, b]) => b.value / a.value)),
    clean: clean.length,
    measured: pairs.length,
  }
}
