/**
 * What this process has counted since it started. Written once a request, with plain numbers; read when somebody scrapes
 * `/metrics` or asks for the status. Nothing here is a caller's text: routes and targets are named by the manifest, codes
 * come from our own tables, and beyond a number of series all further ones share one.
 */
import type { HealthChange } from '../../core/routing/health.ts'
import type { Operation } from '../../core/routing/operation.ts'
import type { CompiledRoute, CompiledTarget } from '../../core/routing/table.ts'
import type { FinishCommand } from '../../core/engine/events.ts'
import type { AttemptState, RequestState } from '../../core/engine/state.ts'
import { telemetryNameOf } from '../../core/providers/telemetry-names.ts'
import type { RequestTotals } from '../../release/instance-details.ts'
import { Distribution, durationBounds, overheadBounds, tokenBounds } from './distribution.ts'

/** How a request ended: the engine's outcomes, and `cut`, which the engine sees as a caller who is gone. */
export type CountedOutcome = FinishCommand['outcome'] | 'cut'

/** Names of a target, as labels. */
export interface TargetNames {
  readonly id: string
  /** As OpenTelemetry's conventions spell it. */
  readonly provider: string
  readonly model: string
}

/** Requests of one route that ended alike; `duration.count` is how many. */
export interface AnswerCounts {
  readonly outcome: CountedOutcome
  readonly status: number
  readonly code: string | null
  readonly duration: Distribution
}

/** Requests of one route that were answered by one target. */
export interface RouteCounts {
  /** Empty: no route matched. */
  readonly route: string
  readonly operation: Operation
  /** null: no target's answer or failure went to the caller. */
  readonly target: TargetNames | null
  readonly answers: AnswerCounts[]
  /** Streams only: from arrival to the first content. */
  firstToken: Distribution | null
}

export interface TargetCounts {
  readonly target: TargetNames
  readonly operation: Operation
  /** By failure class; `ok`, and `caller_gone` for those we stopped because nobody waited any more. */
  readonly attempts: Map<string, Distribution>
  firstContent: Distribution | null
  inputTokens: Distribution | null
  outputTokens: Distribution | null
}

export interface RefusalCounts {
  readonly status: number
  readonly code: string
  count: number
}

/** How a request ended, beyond what the engine knows. */
export interface Ending {
  /** Its connection was closed by us, because its time to finish was over. */
  readonly cut: boolean
  /** Time in the gateway until the answer's head; null when none was sent. */
  readonly overheadUs: number | null
}

/** As many label sets are kept one by one; what comes later is counted under `_other`. */
const mostSeries = 1000

/** Label of what is beyond `mostSeries`. */
export const otherName = '_other'

const other: TargetNames = { id: otherName, provider: otherName, model: otherName }

export class Counts {
  readonly overhead = new Distribution(overheadBounds)
  /** Requests that were not taken because the spool could not be written. */
  spoolRefusals = 0
  private readonly byRoute = new Map<string, Map<string, RouteCounts>>()
  private readonly byTarget = new Map<string, TargetCounts>()
  private readonly byRefusal = new Map<string, RefusalCounts>()
  private readonly byChange = new Map<string, Map<HealthChange['change'], number>>()
  private routeSeries = 0

  /** A request that an execution has finished. */
  finished(state: RequestState, { cut, overheadUs }: Ending): void {
    const { finish, attempts, arrivedUs, facts } = state
    if (finish === null || facts === null) return
    const { operation } = facts
    const answered = finish.attempt === null ? undefined : attempts[finish.attempt]
    const counts = this.routeCounts(state.route, operation, answered?.candidate.target ?? null)
    const answers = cut
      ? answersOf(counts, { outcome: 'cut', status: finish.status, code: 'cut_off' })
      : answersOf(counts, finish)
    answers.observe(((state.finishedUs ?? arrivedUs) - arrivedUs) / 1e6)
    const streamed = facts.features.stream
    if (streamed && state.committedUs !== null) {
      counts.firstToken ??= new Distribution(durationBounds)
      counts.firstToken.observe((state.committedUs - arrivedUs) / 1e6)
    }
    if (overheadUs !== null) this.overhead.observe(overheadUs / 1e6)
    for (const attempt of attempts) this.attempted(attempt, operation, streamed)
  }

  /** A request that was refused before any execution knew of it. */
  refused(status: number, code: string): void {
    const counts = this.byRefusal.get(code)
    if (counts === undefined) this.byRefusal.set(code, { status, code, count: 1 })
    else counts.count += 1
  }

  changed({ target, change }: HealthChange): void {
    let counts = this.byChange.get(target)
    if (counts === undefined) {
      const name = this.byChange.size < mostSeries ? target : otherName
      counts = this.byChange.get(name) ?? new Map()
      this.byChange.set(name, counts)
    }
    counts.set(change, (counts.get(change) ?? 0) + 1)
  }

  *routes(): Iterable<RouteCounts> {
    for (const targets of this.byRoute.values()) yield* targets.values()
  }

  targets(): Iterable<TargetCounts> {
    return this.byTarget.values()
  }

  refusals(): Iterable<RefusalCounts> {
    return this.byRefusal.values()
  }

  /** Changes of health by target. */
  changes(): Iterable<readonly [target: string, counts: ReadonlyMap<HealthChange['change'], number>]> {
    return this.byChange.entries()
  }

  totals(): RequestTotals {
    const totals = { served: 0, failed: 0, broken: 0, abandoned: 0, cut: 0, refused: 0 }
    for (const { answers } of this.routes()) {
      for (const { outcome, duration } of answers) totals[outcome] += duration.count
    }
    for (const { count } of this.byRefusal.values()) totals.refused += count
    return totals
  }

  private attempted(attempt: AttemptState, operation: Operation, streamed: boolean): void {
    const counts = this.targetCounts(attempt.candidate.target, operation)
    const failure = attempt.class ?? 'caller_gone'
    let duration = counts.attempts.get(failure)
    if (duration === undefined) {
      duration = new Distribution(durationBounds)
      counts.attempts.set(failure, duration)
    }
    duration.observe(((attempt.endedUs ?? attempt.startedUs) - attempt.startedUs) / 1e6)
    if (streamed && attempt.firstContentUs !== null) {
      counts.firstContent ??= new Distribution(durationBounds)
      counts.firstContent.observe((attempt.firstContentUs - attempt.startedUs) / 1e6)
    }
    const { usage } = attempt
    if (usage === null) return
    counts.inputTokens ??= new Distribution(tokenBounds)
    counts.inputTokens.observe(usage.inputTokens)
    // What has no output is not counted among the answers that have little.
    if (operation === 'embeddings') return
    counts.outputTokens ??= new Distribution(tokenBounds)
    counts.outputTokens.observe(usage.outputTokens)
  }

  private routeCounts(route: CompiledRoute | null, operation: Operation, target: CompiledTarget | null): RouteCounts {
    return (
      this.byRoute.get(route?.name ?? '')?.get(keyOf(target?.id ?? '', operation)) ??
      this.newRouteCounts(route?.name ?? '', operation, target === null ? null : namesOf(target))
    )
  }

  private newRouteCounts(route: string, operation: Operation, target: TargetNames | null): RouteCounts {
    if (this.routeSeries >= mostSeries && route !== otherName) {
      const key = keyOf(otherName, operation)
      return this.byRoute.get(otherName)?.get(key) ?? this.newRouteCounts(otherName, operation, other)
    }
    this.routeSeries += 1
    const counts: RouteCounts = { route, operation, target, answers: [], firstToken: null }
    const targets = this.byRoute.get(route) ?? new Map<string, RouteCounts>()
    this.byRoute.set(route, targets.set(keyOf(target?.id ?? '', operation), counts))
    return counts
  }

  private targetCounts(target: CompiledTarget, operation: Operation): TargetCounts {
    return this.byTarget.get(keyOf(target.id, operation)) ?? this.newTargetCounts(namesOf(target), operation)
  }

  private newTargetCounts(target: TargetNames, operation: Operation): TargetCounts {
    if (this.byTarget.size >= mostSeries && target !== other) {
      return this.byTarget.get(keyOf(otherName, operation)) ?? this.newTargetCounts(other, operation)
    }
    const counts = { target, operation, attempts: new Map(), firstContent: null, inputTokens: null, outputTokens: null }
    this.byTarget.set(keyOf(target.id, operation), counts)
    return counts
  }
}

/** Chat, which is nearly all there is, needs no new text for it. No name of a target holds a line break. */
function keyOf(target: string, operation: Operation): string {
  return operation === 'chat' ? target : `${operation}\n${target}`
}

function namesOf({ id, model, connection }: CompiledTarget): TargetNames {
  return { id, model, provider: telemetryNameOf(connection.provider.id) }
}

/** Nearly always the first: requests mostly end well. */
function answersOf(counts: RouteCounts, { outcome, status, code }: Omit<AnswerCounts, 'duration'>): Distribution {
  for (const one of counts.answers) {
    if (one.outcome === outcome && one.status === status && one.code === code) return one.duration
  }
  const duration = new Distribution(durationBounds)
  counts.answers.push({ outcome, status, code, duration })
  return duration
}
