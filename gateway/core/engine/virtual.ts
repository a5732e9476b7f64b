/**
 * Drives the engine in virtual time: a discrete-event loop without clock, network or randomness. Tests use it to try
 * schedules that no real clock would give, replay to ask what would have happened. Requests are handed in one by one in
 * order of arrival, so memory grows with those under way, never with the length of a trace.
 */
import type { MissingSecrets } from '../routing/admit.ts'
import type { SharedState } from '../routing/shared-state.ts'
import type { CompiledTarget, RoutingTable } from '../routing/table.ts'
import type { AttemptCommand, AttemptEnd, EngineCommand, EngineEvent, RequestFacts } from './events.ts'
import type { RequestState } from './state.ts'
import { newRequest } from './state.ts'
import { step } from './step.ts'

/** What a simulated provider does with one attempt, counted from the attempt's start. */
export interface SimulatedAttempt {
  /** Microseconds to the first content of a stream; null for a plain answer, or when none comes. */
  readonly firstContentAfterUs: number | null
  /** Microseconds to the end; null: it hangs for ever. */
  readonly endAfterUs: number | null
  readonly end: AttemptEnd
}

export interface VirtualRequest<Tag> {
  readonly tag: Tag
  readonly facts: RequestFacts
  readonly arrivesUs: number
  /** The caller hangs up this long after arrival; null: it waits. */
  readonly hangsUpAfterUs: number | null
}

export interface VirtualOptions<Tag> {
  readonly table: RoutingTable
  readonly shared: SharedState
  readonly missingSecrets: MissingSecrets
  readonly attempt: (question: AttemptQuestion<Tag>) => SimulatedAttempt
  readonly finished: (state: RequestState, request: VirtualRequest<Tag>) => void
  /** How a table that reserves is answered; without it every reservation is granted. */
  readonly reserve?: (request: VirtualRequest<Tag>) => boolean
}

export interface AttemptQuestion<Tag> {
  readonly request: VirtualRequest<Tag>
  readonly command: AttemptCommand
  readonly target: CompiledTarget
  readonly atUs: number
  /** How often this request has called this target before. */
  readonly earlierCalls: number
}

type Unstamped = EngineEvent extends infer Event
  ? Event extends EngineEvent
    ? Omit<Event, 'atUs' | 'seq'>
    : never
  : never

interface Scheduled<Tag> {
  readonly atUs: number
  /** Breaks ties: what was scheduled first happens first. */
  readonly order: number
  readonly run: Run<Tag>
  readonly event: Unstamped
}

interface Run<Tag> {
  readonly state: RequestState
  readonly request: VirtualRequest<Tag>
}

export class VirtualLoop<Tag> {
  private readonly options: VirtualOptions<Tag>
  private readonly queue = new EventQueue<Tag>()
  private seq = 0
  private order = 0
  private nowUs = 0

  constructor(options: VirtualOptions<Tag>) {
    this.options = options
  }

  /** Takes a request; everything due before its arrival happens first. Arrivals come in order. */
  arrive(request: VirtualRequest<Tag>): void {
    this.runUntil(request.arrivesUs)
    const { table, shared, missingSecrets } = this.options
    const run: Run<Tag> = { state: newRequest({ table, shared, missingSecrets }), request }
    this.nowUs = Math.max(this.nowUs, request.arrivesUs)
    if (request.hangsUpAfterUs !== null) {
      this.schedule(run, this.nowUs + request.hangsUpAfterUs, { kind: 'callerGone' })
    }
    this.feed(run, { kind: 'arrived', facts: request.facts })
  }

  /** Lets everything happen that is due by then. */
  runUntil(atUs: number): void {
    for (;;) {
      const due = this.queue.peek()
      if (due === undefined || due.atUs > atUs) return
      this.queue.pop()
      this.nowUs = Math.max(this.nowUs, due.atUs)
      this.feed(due.run, due.event)
    }
  }

  /** Lets everything happen. */
  drain(): void {
    this.runUntil(Number.POSITIVE_INFINITY)
  }

  private feed(run: Run<Tag>, event: Unstamped): void {
    const finishedBefore = run.state.phase === 'finished'
    const seq = this.seq
    this.seq += 1
    for (const command of step(run.state, { ...event, atUs: this.nowUs, seq })) this.carryOut(run, command)
    if (!finishedBefore && run.state.finish !== null) this.options.finished(run.state, run.request)
  }

  private carryOut(run: Run<Tag>, command: EngineCommand): void {
    switch (command.kind) {
      case 'attempt':
        this.attempt(run, command)
        break
      case 'reserve': {
        const granted = this.options.reserve?.(run.request) ?? true
        this.schedule(run, this.nowUs, granted ? { kind: 'reserved' } : { kind: 'refused', retryAfterMs: null })
        break
      }
      case 'classify':
        this.schedule(run, this.nowUs, { kind: 'classified', route: null })
        break
      case 'abort':
      case 'commit':
      case 'settle':
      case 'finish':
        break
      default:
        command satisfies never
    }
  }

  private attempt(run: Run<Tag>, command: AttemptCommand): void {
    const target = run.state.route?.candidates[command.candidate]
    if (target === undefined) throw new Error('the engine named a candidate that the route does not have')
    const earlierCalls = run.state.attempts.filter((one) => one.candidate.target === target).length - 1
    const { attempt } = command
    const outcome = this.options.attempt({ request: run.request, command, target, atUs: this.nowUs, earlierCalls })
    if (outcome.firstContentAfterUs !== null) {
      this.schedule(run, this.nowUs + outcome.firstContentAfterUs, { kind: 'firstContent', attempt })
    }
    if (outcome.endAfterUs !== null) {
      this.schedule(run, this.nowUs + outcome.endAfterUs, { kind: 'ended', attempt, ...outcome.end })
    }
    // A timer that cannot come first would only lie in the queue until the deadline, for every request there is.
    const settlesUs = outcome.firstContentAfterUs ?? outcome.endAfterUs
    if (settlesUs !== null && this.nowUs + settlesUs <= command.firstContentByUs) return
    this.schedule(run, command.firstContentByUs, { kind: 'timer', attempt })
  }

  private schedule(run: Run<Tag>, atUs: number, event: Unstamped): void {
    this.order += 1
    this.queue.push({ atUs: Math.max(atUs, this.nowUs), order: this.order, run, event })
  }
}

/** A binary heap: earliest first, then first scheduled. */
class EventQueue<Tag> {
  private readonly heap: Scheduled<Tag>[] = []

  peek(): Scheduled<Tag> | undefined {
    return this.heap[0]
  }

  push(entry: Scheduled<Tag>): void {
    const { heap } = this
    let index = heap.length
    heap.push(entry)
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = heap[parentIndex]
      if (parent === undefined || !before(entry, parent)) break
      heap[index] = parent
      index = parentIndex
    }
    heap[index] = entry
  }

  pop(): Scheduled<Tag> | undefined {
    const { heap } = this
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    let index = 0
    for (;;) {
      const childIndex = this.earlierChild(index)
      const child = heap[childIndex]
      if (child === undefined || !before(child, last)) break
      heap[index] = child
      index = childIndex
    }
    heap[index] = last
    return first
  }

  private earlierChild(index: number): number {
    const left = this.heap[2 * index + 1]
    const right = this.heap[2 * index + 2]
    return left !== undefined && right !== undefined && before(right, left) ? 2 * index + 2 : 2 * index + 1
  }
}

function before<Tag>(left: Scheduled<Tag>, right: Scheduled<Tag>): boolean {
  return left.atUs < right.atUs || (left.atUs === right.atUs && left.order < right.order)
}
