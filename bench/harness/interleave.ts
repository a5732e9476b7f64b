/** A B B A A B …: what drifts in the machine (heat, neighbours) hits both alike, and pairs are compared, not sums. */
import type { Spread } from './statistics.ts'
import { median, spread } from './statistics.ts'

export interface Interleaved {
  readonly a: number
  readonly b: number
  /** Of b to a, pair by pair. */
  readonly ratio: Spread
  readonly pairs: readonly (readonly [number, number])[]
}

export async function interleave(
  rounds: number,
  measureA: () => Promise<number>,
  measureB: () => Promise<number>,
): Promise<Interleaved> {
  const pairs: [number, number][] = []
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) {
      const a = await measureA()
      pairs.push([a, await measureB()])
    } else {
      const b = await measureB()
      pairs.push([await measureA(), b])
    }
  }
  return {
    a: median(pairs.map(([a]) => a)),
    b: median(pairs.map(([, b]) => b)),
    ratio: spread(pairs.map(([a, b]) => b / a)),
    pairs,
  }
}
