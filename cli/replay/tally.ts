/** Counts what happened to simulated requests. Fixed in size, however many there are. */
import { costMicroUsd } from '../../gateway/core/chat/usage.ts'
import { failureTraits } from '../../gateway/core/chat/failure.ts'
import type { AttemptState, RequestState } from '../../gateway/core/engine/state.ts'
import { LossCount } from './loss-count.ts'
import type { ReplayRequest } from './request.ts'

export interface TargetTally {
  served: number
  attempts: number
  failures: Record<string, number>
  inputTokens: number
  outputTokens: number
  costMicroUsd: number
}

/** How many outcomes stood on which kind of evidence. */
export interface EvidenceTally {
  /** The record of this very request, for the same target. */
  record: number
  /** The target's recorded distribution. */
  distribution: number
  /** Longer than anything that was recorded; taken as twice the time we waited. */
  extrapolated: number
  assumed: number
  scenario: number
}

/** What became of one request. */
export type Fate = 'served' | 'lost' | 'refused' | 'callers_mistake' | 'no_route' | 'abandoned' | 'broken'

export class Tally {
  requests = 0
  attempts = 0
  /** Served, but not by the first attempt. */
  failovers = 0
  undecidable = 0
  boundaryLeft = 0
  costMicroUsd = 0
  /** Served by targets whose price nobody has said: not in the cost. */
  unpriced = 0
  readonly fates: Record<Fate, number> = {
    served: 0,
    lost: 0,
    refused: 0,
    callers_mistake: 0,
    no_route: 0,
    abandoned: 0,
    broken: 0,
  }
  readonly evidence: EvidenceTally = { record: 0, distribution: 0, extrapolated: 0, assumed: 0, scenario: 0 }
  readonly targets = new Map<string, TargetTally>()
  readonly latency = new Histogram()
  readonly losses = new LossCount()

  /** Counts one finished request and gives the target that served it, or what became of it instead. */
  count(state: RequestState, request: Pick<ReplayRequest, 'outputTokens' | 'seen' | 'unknown'>): string {
    this.requests += 1
    this.countAttempts(state)
    const fate = fateOf(state, request.seen.length > 0)
    this.fates[fate] += 1
    const answered = state.finish?.attempt === null ? undefined : state.attempts[state.finish?.attempt ?? -1]
    const served = fate === 'served' && answered !== undefined ? answered : null
    this.losses.count(state, served?.candidate.target ?? null, !request.unknown.has('fields'))
    if (served === null) return fate
    this.countServed(state, served, request.outputTokens)
    return served.candidate.target.id
  }

  private countAttempts({ attempts }: RequestState): void {
    this.attempts += attempts.length
    for (const attempt of attempts) {
      const tally = this.targetOf(attempt.candidate.target.id)
      tally.attempts += 1
      if (attempt.candidate.target.outsideBoundary) this.boundaryLeft += 1
      if (attempt.class !== null && attempt.class !== 'ok') {
        tally.failures[attempt.class] = (tally.failures[attempt.class] ?? 0) + 1
      }
    }
  }

  private countServed(state: RequestState, answered: AttemptState, outputTokens: number | null): void {
    if (state.attempts.length > 1) this.failovers += 1
    this.latency.add((answered.firstContentUs ?? answered.endedUs ?? state.arrivedUs) - state.arrivedUs)
    const { target } = answered.candidate
    const tally = this.targetOf(target.id)
    const usage = answered.usage ?? {
      inputTokens: state.facts?.estimate.inputTokens ?? 0,
      outputTokens: outputTokens ?? 0,
      cachedTokens: 0,
      reasoningTokens: 0,
    }
    tally.served += 1
    tally.inputTokens += usage.inputTokens
    tally.outputTokens += usage.outputTokens
    if (target.price === null) this.unpriced += 1
    else {
      const cost = costMicroUsd(usage, target.price)
      tally.costMicroUsd += cost
      this.costMicroUsd += cost
    }
  }

  private targetOf(id: string): TargetTally {
    let tally = this.targets.get(id)
    if (tally === undefined) {
      tally = { served: 0, attempts: 0, failures: {}, inputTokens: 0, outputTokens: 0, costMicroUsd: 0 }
      this.targets.set(id, tally)
    }
    return tally
  }
}

/** A request that had a route when it was recorded is lost without one; what nobody ever routed is not. */
function fateOf(state: RequestState, wasRouted: boolean): Fate {
  const { finish } = state
  if (finish === null) return 'lost'
  if (finish.outcome !== 'failed') return finish.outcome
  if (finish.code === 'route_not_found') return wasRouted ? 'lost' : 'no_route'
  if (finish.code === 'quota_exceeded') return 'refused'
  const last = state.attempts.at(-1)?.class
  const mistake = last !== null && last !== undefined && last !== 'ok' && !failureTraits[last].failsOver
  return mistake ? 'callers_mistake' : 'lost'
}

/** Logarithmic buckets, one per cent apart, from a microsecond to days. */
export class Histogram {
  private readonly counts = new Float64Array(2800)
  private total = 0

  add(us: number): void {
    const bucket = Math.min(2799, Math.max(0, Math.floor(Math.log(Math.max(1, us)) * 100)))
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1
    this.total += 1
  }

  /** Microseconds that this share of all stays within, to about one per cent; null when there are none. */
  quantile(share: number): number | null {
    if (this.total === 0) return null
    const rank = Math.ceil(share * this.total)
    let seen = 0
    for (let bucket = 0; bucket < this.counts.length; bucket += 1) {
      seen += this.counts[bucket] ?? 0
      if (seen >= rank) return Math.exp((bucket + 0.5) / 100)
    }
    return null
  }
}
