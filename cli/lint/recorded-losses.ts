/** What recorded requests would lose, candidate by candidate and part by part: what three rules tell of. */
import { quote } from '../../gateway/core/manifest/diagnostics.ts'
import type { CompiledRoute } from '../../gateway/core/routing/table.ts'
import { count } from '../wording.ts'
import type { PartLoss, RouteTraffic } from './capture.ts'
import { type Candidate, type Subject, candidatesOf } from './rule.ts'

export interface RecordedLoss extends PartLoss {
  readonly route: CompiledRoute
  readonly traffic: RouteTraffic
  readonly candidate: Candidate
  /** As `readFields` names it. */
  readonly part: string
  /** Is the candidate passed over for it? */
  readonly skips: boolean
}

/** In the order of the manifest; of one candidate, what most requests would lose first. */
export function recordedLosses({ manifest, table, capture }: Subject): RecordedLoss[] {
  return table.routes.flatMap((route) => {
    const traffic = capture?.routes.get(route.index)
    if (traffic === undefined) return []
    return candidatesOf(manifest, route).flatMap((candidate) => {
      const parts = [...(traffic.losses.get(candidate.target.index) ?? [])]
      return parts
        .toSorted(([, left], [, right]) => right.requests - left.requests)
        .map(([part, loss]) => {
          const skips = loss.fidelity === 'refused' || (loss.fidelity === 'dropped' && route.refuseLoss)
          return { ...loss, route, traffic, candidate, part, skips }
        })
    })
  })
}

/** `12 of 80 recorded requests of route `r` ask for `seed``. */
export function tellRequests({ requests, traffic, route, part }: RecordedLoss): string {
  const asked = requests === 1 ? 'asks' : 'ask'
  return `${requests} of ${count(traffic.requests, 'recorded request')} of route ${quote(route.name)} ${asked} for ${quote(part)}`
}

/** The reason, where the loss table gives one. */
export function tellWhy({ how }: PartLoss): string {
  return how === '' ? '' : ` (${how})`
}
