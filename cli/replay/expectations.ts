/** What a scenario says must hold, held against what a replay found. A number nobody could measure does not hold. */
import type { Expectation } from '../../schemas/index.ts'
import type { RoutingTable } from '../../gateway/core/routing/table.ts'
import { namesTarget } from './faults.ts'
import type { Tally } from './tally.ts'

export interface Judged {
  readonly table: RoutingTable
  readonly tally: Tally
}

/** One sentence for each thing that does not hold. */
export function checkExpectations(expect: Expectation, { table, tally }: Judged): string[] {
  if (tally.requests === 0) return ['no request could be decided, so nothing is shown']
  return [
    ...checkCounts(expect, tally),
    ...checkLatencies(expect, tally),
    ...checkCost(expect, tally),
    ...checkShares(expect, { table, tally }),
  ]
}

function checkCounts({ lost, refused, boundary_kept: keepsBoundary }: Expectation, tally: Tally): string[] {
  const { fates } = tally
  const failed: string[] = []
  // A stream that broke off ended with an error, too.
  const errors = fates.lost + fates.broken
  if (lost !== undefined && errors > lost) {
    const broken = fates.broken === 0 ? '' : ` (${fates.broken} broken off)`
    failed.push(`lost is ${errors}${broken}, allowed is ${lost}`)
  }
  if (refused !== undefined && fates.refused > refused)
    failed.push(`refused is ${fates.refused}, allowed is ${refused}`)
  if (keepsBoundary === true && tally.boundaryLeft > 0) failed.push(`the boundary was left ${tally.boundaryLeft} times`)
  return failed
}

function checkLatencies(expect: Expectation, { latency }: Tally): string[] {
  const bounds = [
    ['p50_ms', 0.5, expect.p50_ms],
    ['p95_ms', 0.95, expect.p95_ms],
    ['p99_ms', 0.99, expect.p99_ms],
  ] as const
  return bounds.flatMap(([name, share, bound]) => {
    if (bound === undefined) return []
    const us = latency.quantile(share)
    if (us === null) return [`${name} cannot be told: no request was served`]
    return us / 1000 > bound ? [`${name} is ${Math.round(us / 1000)}, allowed is ${bound}`] : []
  })
}

function checkCost({ usd }: Expectation, { costMicroUsd, unpriced }: Tally): string[] {
  if (usd === undefined) return []
  if (unpriced > 0) return [`usd cannot be told: \`models\` has no price for what served ${unpriced} of the requests`]
  const found = costMicroUsd / 1_000_000
  return found > usd ? [`usd is ${round(found)}, allowed is ${usd}`] : []
}

function checkShares({ share: shares = {} }: Expectation, { table, tally }: Judged): string[] {
  return Object.entries(shares).flatMap(([name, { at_least: low, at_most: high }]) => {
    const share = servedBy(name, { table, tally }) / tally.requests
    if (low !== undefined && share < low)
      return [`${name} serves a share of ${round(share)}, at least ${low} was expected`]
    if (high !== undefined && share > high)
      return [`${name} serves a share of ${round(share)}, at most ${high} was expected`]
    return []
  })
}

/** By all targets the name stands for, as in a fault. */
function servedBy(name: string, { table, tally }: Judged): number {
  const targets = table.routes.flatMap(({ candidates }) => candidates).filter((target) => namesTarget(name, target))
  return [...new Set(targets.map(({ id }) => id))].reduce((sum, id) => sum + (tally.targets.get(id)?.served ?? 0), 0)
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
