/**
 * Which names of a list have moved, taking as many as possible to have stayed. Moving the last of ten to the front is
 * one move, not ten.
 */

/** The moved names with the position each had before, from 0. Names that only one side has are no moves. */
export function findMoved(before: readonly string[], after: readonly string[]): ReadonlyMap<string, number> {
  const oldPositions = new Map(before.map((name, index) => [name, index]))
  const common = after.filter((name) => oldPositions.has(name))
  const positions = common.map((name) => oldPositions.get(name) ?? 0)
  const stayed = new Set(longestIncreasing(positions).map((index) => common[index]))
  return new Map(common.flatMap((name, index) => (stayed.has(name) ? [] : [[name, positions[index] ?? 0]])))
}

/** Indexes of one longest increasing subsequence, by patience sorting: n log n, for manifests with 10,000 routes. */
function longestIncreasing(values: readonly number[]): number[] {
  const tails: number[] = []
  const previous: number[] = []
  for (const [index, value] of values.entries()) {
    let low = 0
    let high = tails.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((values[tails[middle] ?? 0] ?? 0) < value) low = middle + 1
      else high = middle
    }
    previous[index] = low === 0 ? -1 : (tails[low - 1] ?? -1)
    tails[low] = index
  }
  const sequence: number[] = []
  for (let index = tails.at(-1) ?? -1; index !== -1; index = previous[index] ?? -1) sequence.push(index)
  return sequence.reverse()
}
