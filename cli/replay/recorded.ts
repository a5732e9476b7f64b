/**
 * Recorded mode: feeds every recorded event to the engine again, in the order it was fed then, and compares what is
 * decided with what was decided. A difference means that the engine, or a rule of it, is not the one that ran.
 */
import type { ProcessEvent, RequestRecord, SpoolLine } from '../../schemas/index.ts'
import { eventsOfRecord } from '../../gateway/core/audit/facts.ts'
import { attemptOf, candidatesOf } from '../../gateway/core/audit/record.ts'
import type { EngineEvent } from '../../gateway/core/engine/events.ts'
import type { RequestState } from '../../gateway/core/engine/state.ts'
import { newRequest } from '../../gateway/core/engine/state.ts'
import { step } from '../../gateway/core/engine/step.ts'
import { SharedState } from '../../gateway/core/routing/shared-state.ts'
import type { RoutingTable } from '../../gateway/core/routing/table.ts'
import { gapIn } from '../../gateway/spool/gap.ts'
import { OrderedEvents } from '../../gateway/spool/ordered-events.ts'

/** One decision that came out otherwise. Values are JSON. */
export interface Difference {
  readonly id: string
  readonly what: 'order and verdicts' | 'attempts' | 'finish' | 'route'
  readonly recorded: string
  readonly replayed: string
}

export interface RecordedReport {
  readonly requests: number
  readonly equal: number
  readonly different: number
  /**
   * Requests of a generation whose manifest the capture does not hold; and those that come out otherwise where requests
   * that are not recorded may have had a say: at the end of a process that was killed, and behind a gap of the spool.
   */
  readonly undecidable: number
  /** Requests that were served and not recorded, because the spool could not be written. */
  readonly missing: number
  /** The first differences, at most `shownDifferences`. */
  readonly differences: readonly Difference[]
}

const shownDifferences = 20

export interface RecordedOptions {
  /** null: a manifest this version cannot read; its requests are undecidable. */
  readonly compile: (manifest: unknown) => RoutingTable | null
}

interface GenerationTable {
  readonly table: RoutingTable
  readonly missingSecrets: ReadonlySet<string>
}

interface Pending {
  readonly record: RequestRecord
  readonly event: EngineEvent
  readonly last: boolean
}

/** One recorded process: its own health, its own tables, its own order of events. */
interface ProcessReplay {
  readonly shared: SharedState
  readonly generations: Map<number, GenerationTable>
  readonly pending: OrderedEvents<Pending>
  readonly open: Map<string, RequestState>
  /** It ended as it should, so that nothing is missing at its end. */
  stopped: boolean
  /** Lines are missing, so its health is not known from there on. */
  hasGap: boolean
}

export class RecordedReplay {
  private readonly options: RecordedOptions
  private readonly processes = new Map<string, ProcessReplay>()
  private readonly differences: Difference[] = []
  private requests = 0
  private equal = 0
  private undecidable = 0
  private missing = 0

  constructor(options: RecordedOptions) {
    this.options = options
  }

  /** Takes the next line of the spool. Lines of one process come in order; processes may be mixed. */
  take(line: SpoolLine): void {
    const replay = this.processOf(line.process)
    if (line.kind === 'event') this.takeEvent(replay, line.record)
    if (line.kind === 'record') this.takeRecord(replay, line.record)
  }

  /** Feeds what is still held back and reports. */
  end(): RecordedReport {
    // What every record says is complete was fed before; beyond it the death of a process has left gaps.
    for (const replay of this.processes.values()) this.feedBelow(replay, Number.POSITIVE_INFINITY, !replay.stopped)
    return {
      requests: this.requests,
      equal: this.equal,
      different: this.requests - this.equal - this.undecidable,
      undecidable: this.undecidable,
      missing: this.missing,
      differences: this.differences,
    }
  }

  private processOf(process: string): ProcessReplay {
    let replay = this.processes.get(process)
    if (replay === undefined) {
      replay = {
        shared: new SharedState(),
        generations: new Map(),
        pending: new OrderedEvents(),
        open: new Map(),
        stopped: false,
        hasGap: false,
      }
      this.processes.set(process, replay)
    }
    return replay
  }

  private takeEvent(replay: ProcessReplay, event: ProcessEvent): void {
    if (event.event === 'stopped') replay.stopped = true
    const gap = gapIn(event)
    if (gap !== null) {
      replay.hasGap = true
      this.missing += gap.records
    }
    const { generation, manifest } = event
    if (event.event !== 'generation' || generation === undefined) return
    const table = this.options.compile(manifest)
    if (table !== null) replay.generations.set(generation, { table, missingSecrets: new Set(event.missing_secrets) })
  }

  private takeRecord(replay: ProcessReplay, record: RequestRecord): void {
    const events = eventsOfRecord(record)
    events.forEach((event, index) => {
      replay.pending.add(event.seq, { record, event, last: index === events.length - 1 })
    })
    this.feedBelow(replay, record.open_from_seq)
  }

  private feedBelow(replay: ProcessReplay, seq: number, inDoubt = false): void {
    for (const { record, event, last } of replay.pending.takeBelow(seq)) {
      const state = this.stateOf(replay, record)
      if (state !== null) step(state, event)
      replay.shared.takeChanges()
      if (!last) continue
      replay.open.delete(record.id)
      this.requests += 1
      if (state === null) this.undecidable += 1
      else this.compare(state, record, inDoubt || replay.hasGap)
    }
  }

  private stateOf(replay: ProcessReplay, record: RequestRecord): RequestState | null {
    const open = replay.open.get(record.id)
    if (open !== undefined) return open
    const generation = replay.generations.get(record.generation)
    if (generation === undefined) return null
    const { table, missingSecrets } = generation
    const state = newRequest({ table, shared: replay.shared, missingSecrets })
    replay.open.set(record.id, state)
    return state
  }

  private compare(state: RequestState, record: RequestRecord, inDoubt: boolean): void {
    const difference =
      differenceOf('route', record.route ?? null, state.route?.name ?? null) ??
      differenceOf('order and verdicts', record.candidates, candidatesOf(state)) ??
      differenceOf(
        'attempts',
        record.attempts.map(withoutMessage),
        state.attempts.map((one) => attemptOf(one, undefined)),
      ) ??
      differenceOf('finish', record.finish, finishOf(state))
    if (difference === null) this.equal += 1
    else if (inDoubt) this.undecidable += 1
    else if (this.differences.length < shownDifferences) this.differences.push({ id: record.id, ...difference })
  }
}

/** Compared as JSON: both sides are written by the same functions, so their keys stand in the same order. */
function differenceOf(what: Difference['what'], then: unknown, now: unknown): Omit<Difference, 'id'> | null {
  const recorded = JSON.stringify(then)
  const replayed = JSON.stringify(now)
  return recorded === replayed ? null : { what, recorded, replayed }
}

function withoutMessage(attempt: RequestRecord['attempts'][number]): object {
  const { message: _, ...rest } = attempt
  return rest
}

function finishOf(state: RequestState): object | null {
  if (state.finish === null) return null
  const { outcome, status, code, attempt, retryAfterMs } = state.finish
  return { outcome, status, code, attempt, retry_after_ms: retryAfterMs, at_us: state.finishedUs }
}
