/**
 * How a target has been doing, per process: circuit breaker, cool-down and a moving average of its latency. Keyed by
 * connection and model, so it survives a reload. One owner, updated in place, only ever by events in `seq` order; that
 * is what makes a recorded decision repeatable.
 */
import type { FailureClass } from '../chat/failure.ts'
import { failureTraits } from '../chat/failure.ts'
import type { HealthSettings } from './table.ts'
import type { Verdict } from './verdict.ts'

const buckets = 30
/** Weight of the newest sample in the latency average. */
const latencyWeight = 0.2

export type BreakerState = 'closed' | 'open' | 'half_open'

/** A change worth a log line and a metric. */
export interface HealthChange {
  readonly target: string
  readonly change: 'breaker_opened' | 'breaker_closed' | 'cooling_down'
  readonly reason: FailureClass | null
  readonly untilUs: number | null
  readonly atUs: number
}

export class TargetHealth {
  readonly target: string
  private breaker: BreakerState = 'closed'
  private openUntilUs = 0
  private openForUs = 0
  private probing = false
  private consecutive = 0
  private coolUntilUs = 0
  private coolClass: FailureClass | null = null
  private averageUs: number | null = null
  /** Successes and failures of the sliding window, in `buckets` slices; a slice is cleared when its time comes round. */
  private readonly good = new Int32Array(buckets)
  private readonly bad = new Int32Array(buckets)
  private newestSlice = 0

  constructor(target: string) {
    this.target = target
  }

  /** May this target be tried now? Null: nothing speaks against it. Changes nothing. */
  verdict(atUs: number): Verdict | null {
    if (this.breaker === 'open' && atUs < this.openUntilUs) {
      return { verdict: 'breaker_open', untilUs: this.openUntilUs }
    }
    if (this.breaker !== 'closed' && this.probing) return { verdict: 'breaker_open', untilUs: null }
    if (atUs < this.coolUntilUs && this.coolClass !== null) {
      return { verdict: 'cooling_down', after: this.coolClass, untilUs: this.coolUntilUs }
    }
    return null
  }

  /** An attempt begins. Returns true when it is the probe of a half-open breaker. */
  begin(atUs: number): boolean {
    if (this.breaker === 'closed' || this.probing || atUs < this.openUntilUs) return false
    this.breaker = 'half_open'
    this.probing = true
    return true
  }

  /** The provider answered: it is alive, whatever it said. */
  succeeded(atUs: number, probe: boolean, settings: HealthSettings): HealthChange | null {
    this.consecutive = 0
    this.count(this.good, atUs, settings)
    if (!probe) return null
    this.probing = false
    this.breaker = 'closed'
    this.openForUs = 0
    this.good.fill(0)
    this.bad.fill(0)
    return { target: this.target, change: 'breaker_closed', reason: null, untilUs: null, atUs }
  }

  /** An attempt failed with this class. `retryAfterMs` is the provider's own wish. */
  failed(failure: FailureClass, atUs: number, context: FailureContext): HealthChange | null {
    const { settings, probe, retryAfterMs } = context
    switch (failureTraits[failure].health) {
      case 'counts':
        this.consecutive += 1
        this.count(this.bad, atUs, settings)
        if (probe) return this.open(failure, atUs, settings)
        return this.breaker === 'closed' && this.tripped(settings) ? this.open(failure, atUs, settings) : null
      case 'cool_down':
        this.releaseProbe(probe)
        return this.coolDown(failure, atUs, { settings, retryAfterMs })
      case 'alive':
        return this.succeeded(atUs, probe, settings)
      case 'none':
        this.releaseProbe(probe)
        return null
    }
  }

  /** The attempt ended without telling anything about the target (aborted, or the caller hung up). */
  releaseProbe(probe: boolean): void {
    if (probe) this.probing = false
  }

  /** Time to first content (streams) or to the whole answer (plain), in microseconds. */
  observeLatency(us: number): void {
    this.averageUs = this.averageUs === null ? us : this.averageUs + latencyWeight * (us - this.averageUs)
  }

  /** Moving average of the latency in microseconds; null before the first answer. */
  latencyUs(): number | null {
    return this.averageUs
  }

  state(atUs: number): BreakerState {
    if (this.breaker === 'open' && atUs >= this.openUntilUs) return 'half_open'
    return this.breaker
  }

  private open(failure: FailureClass, atUs: number, settings: HealthSettings): HealthChange {
    this.probing = false
    this.openForUs = this.openForUs === 0 ? settings.openUs : Math.min(this.openForUs * 2, settings.maxOpenUs)
    this.breaker = 'open'
    this.openUntilUs = atUs + this.openForUs
    this.consecutive = 0
    return { target: this.target, change: 'breaker_opened', reason: failure, untilUs: this.openUntilUs, atUs }
  }

  private coolDown(
    failure: FailureClass,
    atUs: number,
    wish: { readonly settings: HealthSettings; readonly retryAfterMs: number | null },
  ): HealthChange {
    const untilUs = atUs + coolDownUs(failure, wish.settings, wish.retryAfterMs)
    if (untilUs > this.coolUntilUs) {
      this.coolUntilUs = untilUs
      this.coolClass = failure
    }
    return { target: this.target, change: 'cooling_down', reason: failure, untilUs: this.coolUntilUs, atUs }
  }

  private count(counts: Int32Array, atUs: number, settings: HealthSettings): void {
    const slice = this.advance(atUs, settings)
    counts[slice % buckets] = (counts[slice % buckets] ?? 0) + 1
  }

  /** Moves the window forward to now and clears the slices that fell out of it. */
  private advance(atUs: number, settings: HealthSettings): number {
    const slice = Math.max(this.newestSlice, Math.floor(atUs / (settings.windowUs / buckets)))
    const stale = Math.min(buckets, slice - this.newestSlice)
    for (let step = 1; step <= stale; step += 1) {
      this.good[(this.newestSlice + step) % buckets] = 0
      this.bad[(this.newestSlice + step) % buckets] = 0
    }
    this.newestSlice = slice
    return slice
  }

  private tripped(settings: HealthSettings): boolean {
    if (this.consecutive >= settings.consecutiveFailures) return true
    let good = 0
    let bad = 0
    for (let index = 0; index < buckets; index += 1) {
      good += this.good[index] ?? 0
      bad += this.bad[index] ?? 0
    }
    const seen = good + bad
    return seen >= settings.minimumRequests && bad / seen >= settings.failureRatio
  }
}

export interface FailureContext {
  readonly settings: HealthSettings
  /** Was this attempt the probe of a half-open breaker? */
  readonly probe: boolean
  readonly retryAfterMs: number | null
}

function coolDownUs(failure: FailureClass, settings: HealthSettings, retryAfterMs: number | null): number {
  if (failure === 'quota') return settings.quotaUs
  if (failure !== 'rate_limited') return settings.misconfiguredUs
  return retryAfterMs === null
    ? settings.rateLimitedUs
    : Math.min(Math.max(0, Math.round(retryAfterMs * 1000)), settings.maxRateLimitedUs)
}
