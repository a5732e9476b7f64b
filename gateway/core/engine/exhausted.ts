/** What the caller is told when no target is left, or none may run: status, code, and when to come back. */
import type { FailureClass } from '../chat/failure.ts'
import { classOfVerdict } from '../routing/verdict.ts'
import type { FinishCommand } from './events.ts'
import type { CandidateState, RequestState } from './state.ts'

export function finishExhausted(state: RequestState, deadlineOver: boolean): FinishCommand {
  const last = state.attempts.at(-1)?.attempt ?? null
  const failed = (status: number, code: string, retryAfterMs: number | null = null): FinishCommand => ({
    kind: 'finish',
    outcome: 'failed',
    status,
    code,
    attempt: last,
    retryAfterMs,
  })
  if (deadlineOver) return failed(504, 'all_targets_failed')
  const classes = classesOf(state)
  const all = (...wanted: FailureClass[]) => classes.length > 0 && classes.every((failure) => wanted.includes(failure))
  if (all('rate_limited', 'quota')) return failed(429, 'rate_limit_exceeded', smallestRetryAfterMs(state))
  if (all('context_length')) return failed(400, 'context_length_exceeded')
  if (all('context_length', 'unsupported_by_target')) return failed(400, 'unsupported_by_target')
  return failed(state.attempts.length === 0 ? 503 : 502, 'all_targets_failed')
}

/**
 * One class a candidate: how its last attempt failed, or what its being skipped stands for. Candidates that say nothing
 * about the request (outside the boundary, never reached) have none.
 */
function classesOf(state: RequestState): FailureClass[] {
  const classes: FailureClass[] = []
  for (const candidate of state.candidates) {
    const attempt = state.attempts.findLast((one) => one.candidate === candidate)
    const failure = attempt === undefined ? skippedAs(candidate) : attempt.class
    if (failure !== null && failure !== 'ok') classes.push(failure)
  }
  return classes
}

function skippedAs(candidate: CandidateState): FailureClass | null {
  return candidate.verdict === null ? null : classOfVerdict(candidate.verdict)
}

function smallestRetryAfterMs(state: RequestState): number | null {
  let smallest: number | null = null
  const consider = (ms: number | null) => {
    if (ms !== null && (smallest === null || ms < smallest)) smallest = ms
  }
  for (const attempt of state.attempts) {
    const { health } = attempt.candidate.target.connection
    const usualUs = attempt.class === 'quota' ? health.quotaUs : health.rateLimitedUs
    consider(attempt.retryAfterMs ?? Math.ceil(usualUs / 1000))
  }
  for (const { verdict } of state.candidates) {
    if (verdict?.verdict === 'ceiling_reached') consider(verdict.retryAfterMs)
  }
  return smallest
}
