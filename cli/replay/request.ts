/** A request of the past, whatever form it was recorded in. */
import type { RequestFacts } from '../../gateway/core/engine/events.ts'
import type { SeenAttempt } from './evidence.ts'

export interface ReplayRequest {
  readonly index: number
  readonly id: string
  /** The gateway process that had it: health has one state per process. */
  readonly process: string
  /** Microseconds since the Unix epoch (traces without dates: since their start). */
  readonly arrivedUs: number
  readonly facts: RequestFacts
  /**
   * What was not recorded: conditions, so that a route asking for them cannot be decided, and (`fields`) which parts the
   * request had, so that nobody knows what it would lose.
   */
  readonly unknown: ReadonlySet<'features' | 'fields' | 'headers' | 'credential'>
  /** What each of its attempts showed, in order; none for a foreign trace. */
  readonly seen: readonly SeenAttempt[]
  /** The caller hung up this long after arriving; null: it waited. */
  readonly hungUpAfterUs: number | null
  readonly outputTokens: number | null
}
