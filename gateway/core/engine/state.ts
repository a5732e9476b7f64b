/** What one request's machine remembers. It is also the trace: a record is a projection of this and nothing else. */
import type { FailureClass } from '../chat/failure.ts'
import type { TokenUsage } from '../chat/usage.ts'
import type { MissingSecrets } from '../routing/admit.ts'
import type { SharedState } from '../routing/shared-state.ts'
import type { CompiledRoute, CompiledTarget, RoutingTable } from '../routing/table.ts'
import type { Verdict } from '../routing/verdict.ts'
import type { EngineEvent, FinishCommand, RequestFacts } from './events.ts'

export type Phase = 'new' | 'classifying' | 'reserving' | 'attempting' | 'committed' | 'finished'

/**
 * Why a candidate was tried: `first`, in its turn; `late`, once more because it had only been slow; `forced`, although
 * its health spoke against it, because nothing else was left.
 */
export type Pass = 'first' | 'late' | 'forced'

/** Which time an attempt is held to. `share`: its default part of the remaining deadline. */
export type Limit = 'latency' | 'attempt_timeout' | 'share' | 'deadline'

export interface CandidateState {
  readonly target: CompiledTarget
  /** The last answer `admit` gave; null while it was never asked. */
  verdict: Verdict | null
  tried: boolean
  /** Missed a wish, not a limit: may run once more without it. */
  late: boolean
  triedAgain: boolean
}

export interface AttemptState {
  readonly attempt: number
  readonly candidate: CandidateState
  readonly pass: Pass
  readonly limit: Limit
  readonly limitUs: number
  readonly startedUs: number
  readonly probe: boolean
  /** A success was already credited to the target's health (at its first content). */
  credited: boolean
  firstContentUs: number | null
  endedUs: number | null
  class: 'ok' | FailureClass | null
  status: number
  usage: TokenUsage | null
  retryAfterMs: number | null
  abortedBy: 'engine' | 'caller' | null
}

export interface RequestState {
  readonly table: RoutingTable
  readonly shared: SharedState
  readonly missingSecrets: MissingSecrets
  phase: Phase
  facts: RequestFacts | null
  route: CompiledRoute | null
  arrivedUs: number
  deadlineUs: number
  reserved: boolean
  /** In the order they are tried. */
  candidates: CandidateState[]
  readonly attempts: AttemptState[]
  /** The attempt under way, or null. */
  current: AttemptState | null
  committedUs: number | null
  finish: FinishCommand | null
  finishedUs: number | null
  /** Every event that was acted on, in order. */
  readonly events: EngineEvent[]
}

export interface RequestContext {
  readonly table: RoutingTable
  readonly shared: SharedState
  readonly missingSecrets: MissingSecrets
}

export function newRequest(context: RequestContext): RequestState {
  return {
    table: context.table,
    shared: context.shared,
    missingSecrets: context.missingSecrets,
    phase: 'new',
    facts: null,
    route: null,
    arrivedUs: 0,
    deadlineUs: 0,
    reserved: false,
    candidates: [],
    attempts: [],
    current: null,
    committedUs: null,
    finish: null,
    finishedUs: null,
    events: [],
  }
}
