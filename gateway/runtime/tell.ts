/** What is said of a request while it runs and when it has ended: one log line each, and the spool where it belongs. */
import type { ProviderFailure } from '../core/chat/failure.ts'
import type { RequestState } from '../core/engine/state.ts'
import type { Runtime } from './runtime.ts'

/** Breakers and cool-downs that this request's events have moved. */
export function tellHealth({ process, spool, log }: Runtime): void {
  for (const { change, target, reason, untilUs, atUs } of process.shared.takeChanges()) {
    const until = untilUs === null ? null : process.wallClock(untilUs)
    const level = change === 'breaker_closed' ? 'info' : 'warn'
    log({ level, event: change, message: target, fields: { reason, until } })
    spool?.append('event', { event: change, at: process.wallClock(atUs), target, reason, until_us: untilUs })
  }
}

/** A target that refuses us is the operator's mistake: the caller is served by the next one, the operator is told. */
export function tellMisconfigured(
  runtime: Runtime,
  state: RequestState,
  failed: { attempt: number; failure: ProviderFailure },
): void {
  const { failure, attempt } = failed
  const target = state.attempts[attempt]?.candidate.target.id
  runtime.log({
    level: 'error',
    event: 'target_misconfigured',
    message: `${target} refuses us: ${failure.message}. Check its key, its model name and its base_url.`,
    fields: { target, status: failure.status, route: state.route?.name },
  })
}

export function tellRequest(runtime: Runtime, state: RequestState, ids: { id: string; revision: string }): void {
  const { finish, facts, route, attempts } = state
  if (finish === null) return
  const answered = finish.attempt === null ? undefined : attempts[finish.attempt]
  runtime.log({
    level: finish.outcome === 'failed' || finish.outcome === 'broken' ? 'warn' : 'info',
    event: 'request',
    message: finish.outcome,
    fields: {
      ...ids,
      route: route?.name ?? null,
      model: facts?.model ?? null,
      target: answered?.candidate.target.id ?? null,
      attempts: attempts.length,
      status: finish.status,
      code: finish.code,
      ms: Math.round(((state.finishedUs ?? state.arrivedUs) - state.arrivedUs) / 1000),
    },
  })
}
