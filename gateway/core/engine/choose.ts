/**
 * Which candidate runs next, and how long it may take. Three passes, each in the order fixed at arrival: those that may
 * be tried now; then, once more and without their wish, those that were only slow; then those that nothing but their
 * health speaks against, because a breaker protects a provider and never refuses a caller.
 */
import { admit } from '../routing/admit.ts'
import type { CompiledRoute } from '../routing/table.ts'
import { isHealthVerdict } from '../routing/verdict.ts'
import type { RequestFacts } from './events.ts'
import type { CandidateState, Limit, Pass, RequestState } from './state.ts'

export interface Choice {
  readonly candidate: CandidateState
  readonly pass: Pass
  /** Candidates of this pass that could still run, this one included. */
  readonly remaining: number
}

export function chooseNext(
  state: RequestState,
  request: { readonly route: CompiledRoute; readonly facts: RequestFacts },
  atUs: number,
): Choice | null {
  const context = { ...request, shared: state.shared, missingSecrets: state.missingSecrets }
  for (const candidate of state.candidates) {
    if (mayRun(candidate)) candidate.verdict = admit(candidate.target, context, atUs)
  }
  return (
    pick(state, 'first', (candidate) => !candidate.tried && isAdmissible(candidate)) ??
    pick(state, 'late', (candidate) => candidate.tried && mayRun(candidate) && isAdmissible(candidate)) ??
    pick(state, 'forced', (candidate) => mayRun(candidate) && isHeldBackByHealth(candidate))
  )
}

function pick(state: RequestState, pass: Pass, eligible: (candidate: CandidateState) => boolean): Choice | null {
  let chosen: CandidateState | null = null
  let remaining = 0
  for (const candidate of state.candidates) {
    if (!eligible(candidate)) continue
    chosen ??= candidate
    remaining += 1
  }
  return chosen === null ? null : { candidate: chosen, pass, remaining }
}

/** Not tried yet, or tried once and only late. */
function mayRun(candidate: CandidateState): boolean {
  return !candidate.tried || (candidate.late && !candidate.triedAgain)
}

function isAdmissible(candidate: CandidateState): boolean {
  return candidate.verdict?.verdict === 'admissible'
}

function isHeldBackByHealth(candidate: CandidateState): boolean {
  return candidate.verdict !== null && isHealthVerdict(candidate.verdict)
}

/**
 * The time an attempt is held to. The latency target is a wish: it holds only while another admissible candidate stands
 * behind this one, and never the second time. The default share divides what is left of the deadline.
 */
export function limitOf(
  choice: Choice,
  deadlineUs: number,
  atUs: number,
): { readonly limit: Limit; readonly limitUs: number } {
  const { candidate, pass, remaining } = choice
  const { attemptTimeoutUs, maxLatencyUs } = candidate.target
  let limit: Limit = 'deadline'
  let limitUs = deadlineUs
  if (attemptTimeoutUs !== null) {
    if (atUs + attemptTimeoutUs < limitUs) {
      limit = 'attempt_timeout'
      limitUs = atUs + attemptTimeoutUs
    }
  } else if (remaining > 1) {
    limit = 'share'
    limitUs = atUs + Math.floor((deadlineUs - atUs) / remaining)
  }
  if (pass === 'first' && remaining > 1 && maxLatencyUs !== null && atUs + maxLatencyUs < limitUs) {
    limit = 'latency'
    limitUs = atUs + maxLatencyUs
  }
  return { limit, limitUs }
}
