/**
 * What is said while the gateway runs: one log line a request and one an event, and the spool where it belongs. No line
 * carries a caller's text or a key; docs/observing.md has the table of events and fields.
 */
import type { ProviderFailure } from '../core/chat/failure.ts'
import { isRequestField } from '../core/chat/request-fields.ts'
import { isEmbeddingsField } from '../core/embeddings/fields.ts'
import type { RequestState } from '../core/engine/state.ts'
import type { HealthChange } from '../core/routing/health.ts'
import type { LogLine } from './log.ts'
import { isShedding } from './overload/shedding.ts'
import type { Ending } from './metrics/counts.ts'
import type { Generation } from './reload/generations.ts'
import type { Runtime } from './runtime.ts'

/** How soon a target that goes on refusing us is complained of again. */
const misconfiguredAgainUs = 60_000_000

/** Breakers and cool-downs that this request's events have moved. */
export function tellHealth(runtime: Runtime): void {
  for (const change of runtime.process.shared.takeChanges()) {
    runtime.process.counts.changed(change)
    if (isNews(runtime, change)) tellChange(runtime, change)
  }
}

/** A cool-down that is only made longer was told of already, and so it is until the time that was told has passed. */
function isNews({ process }: Runtime, { change, target, untilUs, atUs }: HealthChange): boolean {
  if (change !== 'cooling_down') return true
  const told = process.toldUntilUs.get(target) ?? 0
  if (atUs < told) return false
  process.toldUntilUs.set(target, untilUs ?? atUs)
  return true
}

function tellChange({ process, spool, log }: Runtime, change: HealthChange): void {
  const { target, reason, untilUs, atUs } = change
  const until = untilUs === null ? null : process.wallClock(untilUs)
  log({
    level: change.change === 'breaker_closed' ? 'info' : 'warn',
    event: change.change,
    message: sentenceOf(change, until),
    fields: { target, reason, until },
  })
  spool?.append('event', { event: change.change, at: process.wallClock(atUs), target, reason, until_us: untilUs })
}

function sentenceOf({ change, target, reason }: HealthChange, until: string | null): string {
  switch (change) {
    case 'breaker_opened':
      return `${target}: breaker open after ${reason}, tried again after ${until}`
    case 'breaker_closed':
      return `${target}: breaker closed, it answers again`
    case 'cooling_down':
      return `${target}: left alone after ${reason} until ${until}`
    default:
      return change satisfies never
  }
}

/**
 * A target that refuses us is the operator's mistake: the caller is served by the next one, the operator is told, and
 * told again once a minute while it lasts.
 */
export function tellMisconfigured(
  { process, log }: Runtime,
  { attempts, route }: RequestState,
  { failure, attempt }: { readonly attempt: number; readonly failure: ProviderFailure },
): void {
  const target = attempts[attempt]?.candidate.target.id ?? ''
  const key = `misconfigured ${target}`
  const nowUs = process.nowUs()
  if (nowUs < (process.toldUntilUs.get(key) ?? 0)) return
  process.toldUntilUs.set(key, nowUs + misconfiguredAgainUs)
  log({
    level: 'error',
    event: 'target_misconfigured',
    message: `${target} refuses us: ${failure.message}. Check its key, its model name and its base_url.`,
    fields: { target, status: failure.status, route: route?.name },
  })
}

export interface ToldRequest extends Ending {
  readonly id: string
  readonly generation: Generation
  /** What the answer's target was not told as it was asked for, as in `x-aigw-lost`. */
  readonly lost: readonly string[]
}

export function tellRequest({ log }: Runtime, state: RequestState, told: ToldRequest): void {
  const { finish, facts, route, attempts, arrivedUs, committedUs } = state
  if (finish === null || facts === null) return
  const { generation, overheadUs, cut, id, lost } = told
  const answered = finish.attempt === null ? undefined : attempts[finish.attempt]
  const usage = answered?.usage
  const { outcome } = finish
  log({
    level: outcome === 'failed' || outcome === 'broken' || cut ? 'warn' : 'info',
    event: 'request',
    message: cut ? 'cut' : outcome,
    fields: {
      id,
      revision: generation.revision,
      route: route === null ? null : route.name,
      operation: facts.operation,
      model: generation.namesModel(facts.model) ? facts.model : null,
      credential: facts.credential,
      target: answered === undefined ? null : answered.candidate.target.id,
      attempts: attempts.length,
      status: finish.status,
      code: finish.code,
      ms: Math.round(((state.finishedUs ?? arrivedUs) - arrivedUs) / 1000),
      first_ms: facts.features.stream && committedUs !== null ? Math.round((committedUs - arrivedUs) / 1000) : null,
      overhead_us: overheadUs,
      input_tokens: usage?.inputTokens ?? null,
      output_tokens: usage?.outputTokens ?? null,
      lost: lost.length === 0 ? null : lost.map(publicField),
    },
  })
}

/** A field that is none of OpenAI's was named by the caller. */
function publicField(field: string): string {
  return isRequestField(field) || isEmbeddingsField(field) ? field : 'other'
}

export interface Refusal {
  readonly requestId: string
  readonly status: number
  readonly code: string
  /** What the operator may know of a key that was not let in, and the caller may not. */
  readonly key?: { readonly problem: string; readonly credential: string | null }
}

/**
 * A request that no execution knows of. Why exactly is said to the caller and nobody else: the sentence may quote what
 * the caller sent. False: it is one of many, which are counted and not told of one by one.
 */
export function tellRefusal(runtime: Runtime, { requestId, status, code, key }: Refusal): boolean {
  const { process, log } = runtime
  process.counts.refused(status, code)
  if (isShedding(code) || !process.refusals.take(code, performance.now())) {
    process.shedding.note(code, (line) => tellShedding(runtime, line))
    return false
  }
  const level = status >= 500 ? 'error' : 'warn'
  const fields = {
    id: requestId,
    status,
    code,
    ...(key !== undefined && { key: key.problem, credential: key.credential }),
  }
  log({ level, event: 'request_refused', message: `refused: ${code}`, fields })
  return true
}

/** Somebody without the token, or from a page in a browser, has asked the admin listener. */
export function tellAdminRefusal({ process, log }: Runtime, code: string): void {
  const refused = process.adminRefusals.note(code, performance.now())
  if (refused === null) return
  const message = `the admin listener has refused ${refused === 1 ? 'a request' : `${refused} requests`}: ${code}`
  log({ level: 'warn', event: 'admin_refused', message, fields: { code, refused } })
}

/** The beginning and the end of an onslaught stand in the audit trail as well, with how many it was. */
function tellShedding({ process, spool, log }: Runtime, line: LogLine): void {
  log(line)
  const at = process.wallClock(process.nowUs())
  const { code, refused } = line.fields ?? {}
  if (typeof code !== 'string') return
  if (typeof refused === 'number') spool?.append('event', { event: 'shedding_end', at, code, refused })
  else spool?.append('event', { event: 'shedding_begin', at, code })
}
