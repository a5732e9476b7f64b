/**
 * What one gateway process has exactly one of: its identity, clock, event counter, source of seeds and the state that
 * requests share. Built once by the composition root and handed down; there are no module-level variables.
 */
import { randomBytes, randomFillSync } from 'node:crypto'
import type { Seed } from '../core/engine/events.ts'
import { SharedState } from '../core/routing/shared-state.ts'
import { Counts } from './metrics/counts.ts'
import { Overload, type OverloadSettings } from './overload/overload.ts'
import { RefusalBudget } from './overload/refusal-budget.ts'
import { Shedding } from './overload/shedding.ts'
import { ToldAgain } from './told-again.ts'

const pooledWords = 2048

export interface ProcessOptions {
  readonly id?: string
  readonly overload?: OverloadSettings
}

const compareEveryMs = 1000
const tolerableOffsetMs = 20

export class ProcessState {
  readonly id: string
  readonly shared = new SharedState()
  readonly counts = new Counts()
  readonly shedding = new Shedding()
  readonly refusals = new RefusalBudget()
  readonly adminRefusals = new ToldAgain()
  readonly overload: Overload
  /** Until when (monotonic microseconds) something that was said about a target need not be said again. */
  readonly toldUntilUs = new Map<string, number>()
  /** Callers whose answer has not gone out to its last byte: a request may have finished before that. */
  answering = 0
  /** From here on a connection that closes was closed by us: the time to finish is over. */
  cuttingOff = false
  readonly startedUs = Math.round(performance.now() * 1000)
  /** Wall clock less monotonic clock, milliseconds. */
  private offsetMs = Date.now() - performance.now()
  private comparedAtMs = performance.now()
  private nextEvent = 0
  /** The wall-clock time rendered last: many requests share a millisecond. */
  private renderedMs = Number.NaN
  private rendered = ''
  /** In order of arrival, since a Set keeps the order it was filled in. */
  private readonly openArrivals = new Set<number>()
  private readonly words = new Uint32Array(pooledWords)
  private nextWord = pooledWords

  constructor({ id = randomBytes(8).toString('hex'), overload = {} }: ProcessOptions = {}) {
    this.id = id
    this.overload = new Overload(overload)
  }

  /** Monotonic microseconds. */
  nowUs(): number {
    return Math.round(performance.now() * 1000)
  }

  /** The number of the next event that feeds shared state. */
  nextSeq(): number {
    const seq = this.nextEvent
    this.nextEvent += 1
    return seq
  }

  /** A request has arrived with this `seq`. */
  opened(seq: number): void {
    this.openArrivals.add(seq)
  }

  finished(seq: number): void {
    this.openArrivals.delete(seq)
  }

  /** The arrival of the request that has been open longest; null when none is. */
  oldestOpenSeq(): number | null {
    for (const seq of this.openArrivals) return seq
    return null
  }

  /** Random bits for one request. Drawn from a pool, because asking the system each time would cost more than the draw. */
  nextSeed(): Seed {
    if (this.nextWord >= pooledWords) {
      randomFillSync(this.words)
      this.nextWord = 0
    }
    const high = this.words[this.nextWord] ?? 0
    const low = this.words[this.nextWord + 1] ?? 0
    this.nextWord += 2
    return { high, low }
  }

  /** Wall-clock time of a monotonic one, ISO 8601. */
  wallClock(atUs: number): string {
    this.compareClocks()
    const ms = Math.floor(this.offsetMs + atUs / 1000)
    if (ms !== this.renderedMs) {
      this.renderedMs = ms
      this.rendered = new Date(ms).toISOString()
    }
    return this.rendered
  }

  /** A machine that was asleep, or whose clock was put right, must not date its audit trail wrongly from then on. */
  private compareClocks(): void {
    const nowMs = performance.now()
    if (nowMs - this.comparedAtMs < compareEveryMs) return
    this.comparedAtMs = nowMs
    const offsetMs = Date.now() - nowMs
    // Less is how clocks tick, and would only make times jump.
    if (Math.abs(offsetMs - this.offsetMs) > tolerableOffsetMs) this.offsetMs = offsetMs
  }
}
