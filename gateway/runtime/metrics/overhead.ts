/** Our own share of the time a request has taken: what `x-aigw-overhead-ms` says, and the metric of that name. */
import type { RequestState } from '../../core/engine/state.ts'

/** Microseconds from arrival until now that were not spent waiting for a provider. */
export function overheadOf({ arrivedUs, attempts }: RequestState, nowUs: number): number {
  let waitedUs = 0
  for (const one of attempts) waitedUs += (one.endedUs ?? one.firstContentUs ?? nowUs) - one.startedUs
  return Math.max(0, nowUs - arrivedUs - waitedUs)
}
