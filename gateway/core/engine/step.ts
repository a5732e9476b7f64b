/**
 * The state machine of one request. `step` takes what happened and says what to do; it has no network, clock or
 * randomness, so the gateway, replay and explain reach the same decision from the same events. Events that no longer
 * concern the request (a late timer, the end of an aborted attempt) are ignored, in whatever order they come.
 */
import type { FailureClass } from '../chat/failure.ts'
import { failureTraits } from '../chat/failure.ts'
import { matchRoute, needsClassification } from '../routing/match.ts'
import { orderCandidates } from '../routing/order.ts'
import type { CompiledRoute } from '../routing/table.ts'
import { chooseNext, limitOf } from './choose.ts'
import type { AttemptEnd, EngineCommand, EngineEvent, FinishCommand, RequestFacts } from './events.ts'
import { finishExhausted } from './exhausted.ts'
import type { AttemptState, RequestState } from './state.ts'

const nothing: readonly EngineCommand[] = []

/** Acts on one event and returns the commands it leads to, in the order they are to be carried out. */
export function step(state: RequestState, event: EngineEvent): readonly EngineCommand[] {
  if (!concerns(state, event)) return nothing
  state.events.push(event)
  switch (event.kind) {
    case 'arrived':
      return arrived(state, event.facts, event.atUs)
    case 'classified':
      return route(state, event.route, event.atUs)
    case 'reserved':
      state.reserved = true
      return proceed(state, event.atUs)
    case 'refused':
      return finish(state, event.atUs, { ...failure(429, 'quota_exceeded'), retryAfterMs: event.retryAfterMs })
    case 'firstContent':
      return firstContent(state, event.atUs)
    case 'ended':
      return ended(state, event, event.atUs)
    case 'timer':
      return timedOut(state, event.atUs)
    case 'callerGone':
      return callerGone(state, event.atUs)
    default:
      return event satisfies never
  }
}

/** Is the machine waiting for this? Everything else is late or foreign, and must change nothing. */
function concerns(state: RequestState, event: EngineEvent): boolean {
  switch (event.kind) {
    case 'arrived':
      return state.phase === 'new'
    case 'classified':
      return state.phase === 'classifying'
    case 'reserved':
    case 'refused':
      return state.phase === 'reserving'
    case 'firstContent':
    case 'timer':
      return state.phase === 'attempting' && state.current?.attempt === event.attempt
    case 'ended':
      return state.current?.attempt === event.attempt && state.phase !== 'finished'
    case 'callerGone':
      return state.phase !== 'new' && state.phase !== 'finished'
    default:
      return event satisfies never
  }
}

function arrived(state: RequestState, facts: RequestFacts, atUs: number): readonly EngineCommand[] {
  state.facts = facts
  state.arrivedUs = atUs
  if (needsClassification(state.table, facts)) {
    state.phase = 'classifying'
    return [{ kind: 'classify' }]
  }
  return route(state, null, atUs)
}

function route(state: RequestState, classified: string | null, atUs: number): readonly EngineCommand[] {
  const { facts, shared } = state
  const found = facts === null ? null : matchRoute(state.table, facts, classified)
  if (facts === null || found === null) return finish(state, atUs, failure(404, 'route_not_found'))
  state.route = found
  state.deadlineUs = state.arrivedUs + found.deadlineUs
  for (const index of orderCandidates(found, facts, shared)) {
    const target = found.candidates[index]
    if (target === undefined) continue
    state.candidates.push({ target, verdict: null, tried: false, late: false, triedAgain: false })
  }
  if (state.table.reserves) {
    state.phase = 'reserving'
    return [{ kind: 'reserve' }]
  }
  return proceed(state, atUs)
}

/** Starts the next attempt, or finishes when there is none. */
function proceed(state: RequestState, atUs: number): readonly EngineCommand[] {
  const { facts, route: matched } = state
  if (facts === null || matched === null) throw new Error('an attempt was due before a route was matched')
  if (atUs >= state.deadlineUs) return finish(state, atUs, finishExhausted(state, true))
  const choice = chooseNext(state, { route: matched, facts }, atUs)
  if (choice === null) return finish(state, atUs, finishExhausted(state, false))
  const { candidate, pass } = choice
  const { target } = candidate
  const limit = limitOf(choice, state.deadlineUs, atUs)
  if (candidate.tried) candidate.triedAgain = true
  candidate.tried = true
  const attempt: AttemptState = {
    attempt: state.attempts.length,
    candidate,
    pass,
    limit: limit.limit,
    limitUs: limit.limitUs,
    startedUs: atUs,
    probe: state.shared.healthOf(target).begin(atUs),
    credited: false,
    firstContentUs: null,
    endedUs: null,
    class: null,
    status: 0,
    usage: null,
    retryAfterMs: null,
    abortedBy: null,
  }
  state.shared.loadOf(target.connection).begin(estimatedTokens(facts), atUs)
  state.attempts.push(attempt)
  state.current = attempt
  state.phase = 'attempting'
  return [
    {
      kind: 'attempt',
      attempt: attempt.attempt,
      candidate: target.index,
      connectByUs: Math.min(limit.limitUs, atUs + target.connection.connectTimeoutMs * 1000),
      firstContentByUs: limit.limitUs,
      endByUs: facts.features.stream ? null : limit.limitUs,
    },
  ]
}

function estimatedTokens(facts: RequestFacts): number {
  return facts.estimate.inputTokens + (facts.estimate.outputTokens ?? 0)
}

function firstContent(state: RequestState, atUs: number): readonly EngineCommand[] {
  const attempt = under(state)
  attempt.firstContentUs = atUs
  credit(state, attempt, atUs)
  state.phase = 'committed'
  state.committedUs = atUs
  return [{ kind: 'commit', attempt: attempt.attempt }]
}

/** The target has shown that it is well: once an attempt, at its first content or at its whole answer. */
function credit(state: RequestState, attempt: AttemptState, atUs: number): void {
  if (attempt.credited) return
  attempt.credited = true
  const { target } = attempt.candidate
  const health = state.shared.healthOf(target)
  state.shared.note(health.succeeded(atUs, attempt.probe, target.connection.health))
  health.observeLatency(atUs - attempt.startedUs)
}

function ended(state: RequestState, end: AttemptEnd, atUs: number): readonly EngineCommand[] {
  const attempt = under(state)
  attempt.class = end.class
  attempt.status = end.status
  attempt.usage = end.usage
  attempt.retryAfterMs = end.retryAfterMs
  const wasCommitted = state.phase === 'committed'
  close(state, attempt, atUs)
  if (end.class === 'ok') {
    credit(state, attempt, atUs)
    const commit: EngineCommand[] = wasCommitted ? [] : [{ kind: 'commit', attempt: attempt.attempt }]
    state.committedUs ??= atUs
    return [...commit, ...finish(state, atUs, served(attempt.attempt))]
  }
  blame(state, attempt, atUs)
  if (wasCommitted) {
    return finish(state, atUs, { ...served(attempt.attempt), outcome: 'broken', code: 'stream_interrupted' })
  }
  return failOver(state, attempt, atUs)
}

function timedOut(state: RequestState, atUs: number): readonly EngineCommand[] {
  const attempt = under(state)
  attempt.class = attempt.limit === 'latency' ? 'latency' : 'timeout'
  attempt.abortedBy = 'engine'
  attempt.candidate.late = attempt.limit === 'latency' || attempt.limit === 'share'
  close(state, attempt, atUs)
  blame(state, attempt, atUs)
  const abort: EngineCommand = { kind: 'abort', attempt: attempt.attempt }
  if (attempt.limit === 'deadline') return [abort, ...finish(state, atUs, finishExhausted(state, true))]
  return [abort, ...failOver(state, attempt, atUs)]
}

function callerGone(state: RequestState, atUs: number): readonly EngineCommand[] {
  const attempt = state.current
  const gone: FinishCommand = {
    ...failure(499, 'caller_gone', attempt?.attempt ?? null),
    outcome: 'abandoned',
  }
  if (attempt === null) return finish(state, atUs, gone)
  attempt.abortedBy = 'caller'
  close(state, attempt, atUs)
  state.shared.healthOf(attempt.candidate.target).releaseProbe(attempt.probe && !attempt.credited)
  return [{ kind: 'abort', attempt: attempt.attempt }, ...finish(state, atUs, gone)]
}

/** The call is over, however it went: its place under the connection's ceilings is free again. */
function close(state: RequestState, attempt: AttemptState, atUs: number): void {
  attempt.endedUs = atUs
  state.current = null
  const used = attempt.usage === null ? null : attempt.usage.inputTokens + attempt.usage.outputTokens
  const { connection } = attempt.candidate.target
  state.shared.loadOf(connection).end(state.facts === null ? 0 : estimatedTokens(state.facts), used, atUs)
}

/** Tells the target's health how its attempt failed. */
function blame(state: RequestState, attempt: AttemptState, atUs: number): void {
  const { target } = attempt.candidate
  const context = {
    settings: target.connection.health,
    probe: attempt.probe && !attempt.credited,
    retryAfterMs: attempt.retryAfterMs,
  }
  state.shared.note(state.shared.healthOf(target).failed(failureOf(attempt), atUs, context))
}

function failOver(state: RequestState, attempt: AttemptState, atUs: number): readonly EngineCommand[] {
  const failed = failureOf(attempt)
  if (mayFailOver(state.route, failed)) return proceed(state, atUs)
  if (failureTraits[failed].failsOver) return finish(state, atUs, finishExhausted(state, false))
  // The caller's own mistake: the provider's answer goes straight back, with its status.
  const status = attempt.status >= 400 && attempt.status < 500 ? attempt.status : 400
  return finish(state, atUs, failure(status, failed, attempt.attempt))
}

function failureOf(attempt: AttemptState): FailureClass {
  if (attempt.class === null || attempt.class === 'ok')
    throw new Error('an attempt that has not failed was to be blamed')
  return attempt.class
}

function mayFailOver(matched: CompiledRoute | null, failed: FailureClass): boolean {
  return failureTraits[failed].failsOver && matched !== null && matched.failoverOn.has(failed)
}

function finish(state: RequestState, atUs: number, command: FinishCommand): readonly EngineCommand[] {
  state.phase = 'finished'
  state.finish = command
  state.finishedUs = atUs
  if (!state.reserved) return [command]
  return [{ kind: 'settle', usage: state.attempts.at(-1)?.usage ?? null }, command]
}

function under(state: RequestState): AttemptState {
  if (state.current === null) throw new Error('an event named an attempt that is not under way')
  return state.current
}

function served(attempt: number): FinishCommand {
  return { kind: 'finish', outcome: 'served', status: 200, code: null, attempt, retryAfterMs: null }
}

function failure(status: number, code: string, attempt: number | null = null): FinishCommand {
  return { kind: 'finish', outcome: 'failed', status, code, attempt, retryAfterMs: null }
}
