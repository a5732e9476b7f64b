/**
 * The operator's own ceilings on a connection: requests and tokens in any 60 seconds, and requests at once. One owner,
 * updated in place by events in `seq` order, like health.
 */
import type { Ceilings } from './table.ts'
import type { Verdict } from './verdict.ts'

const sliceUs = 1_000_000
const slices = 60

/** A sum over the last 60 seconds, in slices of one second. */
class SlidingMinute {
  private readonly counts = new Float64Array(slices)
  private newest = 0
  private total = 0

  add(amount: number, atUs: number): void {
    const slice = this.advance(atUs)
    this.counts[slice % slices] = (this.counts[slice % slices] ?? 0) + amount
    this.total += amount
  }

  sum(atUs: number): number {
    this.advance(atUs)
    return this.total
  }

  /** Microseconds until the oldest counted slice falls out. */
  untilRelief(atUs: number): number {
    const now = this.advance(atUs)
    for (let age = slices - 1; age >= 0; age -= 1) {
      const slice = now - age
      if (slice >= 0 && (this.counts[slice % slices] ?? 0) > 0) return (slice + slices) * sliceUs - atUs
    }
    return 0
  }

  private advance(atUs: number): number {
    const slice = Math.max(this.newest, Math.floor(atUs / sliceUs))
    const stale = Math.min(slices, slice - this.newest)
    for (let step = 1; step <= stale; step += 1) {
      const index = (this.newest + step) % slices
      this.total -= this.counts[index] ?? 0
      this.counts[index] = 0
    }
    this.newest = slice
    return slice
  }
}

export class ConnectionLoad {
  private readonly requests = new SlidingMinute()
  private readonly tokens = new SlidingMinute()
  private concurrent = 0

  verdict(ceilings: Ceilings, estimatedTokens: number, atUs: number): Verdict | null {
    const { requestsPerMinute, tokensPerMinute, maxConcurrent } = ceilings
    if (maxConcurrent !== null && this.concurrent >= maxConcurrent) {
      return reached('max_concurrent', this.concurrent, { limit: maxConcurrent, retryAfterMs: 1000 })
    }
    if (requestsPerMinute !== null) {
      const used = this.requests.sum(atUs)
      if (used >= requestsPerMinute) {
        const retryAfterMs = Math.ceil(this.requests.untilRelief(atUs) / 1000)
        return reached('requests_per_minute', used, { limit: requestsPerMinute, retryAfterMs })
      }
    }
    if (tokensPerMinute !== null) {
      const used = this.tokens.sum(atUs)
      if (used + estimatedTokens > tokensPerMinute) {
        const retryAfterMs = Math.ceil(this.tokens.untilRelief(atUs) / 1000)
        return reached('tokens_per_minute', used, { limit: tokensPerMinute, retryAfterMs })
      }
    }
    return null
  }

  begin(estimatedTokens: number, atUs: number): void {
    this.concurrent += 1
    this.requests.add(1, atUs)
    this.tokens.add(estimatedTokens, atUs)
  }

  /** The call is over; the estimate is corrected to what was really used, where the provider said so. */
  end(estimatedTokens: number, usedTokens: number | null, atUs: number): void {
    this.concurrent -= 1
    if (usedTokens !== null) this.tokens.add(usedTokens - estimatedTokens, atUs)
  }

  inFlight(): number {
    return this.concurrent
  }
}

function reached(
  ceiling: 'requests_per_minute' | 'tokens_per_minute' | 'max_concurrent',
  used: number,
  limits: { readonly limit: number; readonly retryAfterMs: number },
): Verdict {
  return { verdict: 'ceiling_reached', ceiling, used, ...limits }
}
