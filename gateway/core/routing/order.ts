/**
 * In which order a route's candidates are tried. Fixed at arrival: the strategy picks the first target, the others
 * follow in manifest order, then the fallbacks. Whether a candidate may be tried is `admit`'s question, not ours: the
 * draw is over all targets, and a share is never re-normalised because one of them is ill.
 */
import { costMicroUsd } from '../chat/usage.ts'
import type { RequestFacts, Seed } from '../engine/events.ts'
import { drawUniform, parseSeed } from './draw.ts'
import type { SharedState } from './shared-state.ts'
import type { CompiledRoute, CompiledTarget } from './table.ts'

/** Positions in `route.candidates`, first to be tried first. A permutation of all of them. */
export function orderCandidates(route: CompiledRoute, facts: RequestFacts, shared: SharedState): number[] {
  const first = pickFirst(route, facts, shared)
  const order = [first]
  for (let index = 0; index < route.candidates.length; index += 1) if (index !== first) order.push(index)
  return order
}

function pickFirst(route: CompiledRoute, facts: RequestFacts, shared: SharedState): number {
  switch (route.strategy) {
    case 'priority':
      return 0
    case 'weighted':
      return drawWeighted(route, facts.seed)
    case 'sticky':
      return drawWeighted(route, stickySeed(route, facts))
    case 'least_latency':
      // A target nobody has measured yet counts as fastest: it must be tried to be known.
      return lowest(route, (target) => shared.healthOf(target).latencyUs() ?? -1)
    case 'least_cost':
      return lowest(route, (target) => estimatedCost(target, facts) ?? Number.POSITIVE_INFINITY)
    default:
      return route.strategy satisfies never
  }
}

/** Without a key there is nothing to stick to; the request's own seed spreads it. */
function stickySeed(route: CompiledRoute, facts: RequestFacts): Seed {
  const written = route.stickyBy === null ? undefined : facts.stickySeeds[route.stickyBy]
  return (written === undefined ? null : parseSeed(written)) ?? facts.seed
}

/**
 * Weighted rendezvous: each target scores `-ln(u) / weight` with a `u` of its own, and the lowest score wins. A changed
 * weight moves only the requests it must, and a new target takes its share without reshuffling the rest.
 */
function drawWeighted(route: CompiledRoute, seed: Seed): number {
  let best = 0
  let bestScore = Number.POSITIVE_INFINITY
  for (let index = 0; index < route.targetCount; index += 1) {
    const target = route.candidates[index]
    if (target === undefined || target.weight <= 0) continue
    const score = -Math.log(drawUniform(seed, target.drawHigh, target.drawLow)) / target.weight
    if (score < bestScore) {
      best = index
      bestScore = score
    }
  }
  return best
}

function lowest(route: CompiledRoute, score: (target: CompiledTarget) => number): number {
  let best = 0
  let bestScore = Number.POSITIVE_INFINITY
  for (let index = 0; index < route.targetCount; index += 1) {
    const target = route.candidates[index]
    if (target === undefined) continue
    const value = score(target)
    if (value < bestScore) {
      best = index
      bestScore = value
    }
  }
  return best
}

/** Output length to compare prices with, when the caller set no ceiling of its own. */
const assumedOutputTokens = 256

/** What one call would cost by the estimate, in micro-USD; null when the target has no price. */
export function estimatedCost(target: CompiledTarget, facts: RequestFacts): number | null {
  if (target.price === null) return null
  const { inputTokens, outputTokens } = facts.estimate
  return costMicroUsd(
    { inputTokens, outputTokens: outputTokens ?? assumedOutputTokens, cachedTokens: 0, reasoningTokens: 0 },
    target.price,
  )
}
