/**
 * How late the event loop is, and how many requests it can carry. A loop that is late has more to do than it can:
 * whatever comes now waits, and so does every stream that is under way. One late moment is no overload (a large body, a
 * neighbour on the machine); one after the other is.
 *
 * What is answered to it is a limit to the requests under way, so that one comes in as one goes out. A share of those
 * that come would be too late: most of what a request costs falls due when its provider answers, seconds after it was
 * let in. The limit is lowered again only once it is kept, raised slowly while the loop is calm, and lifted when nobody
 * has come near it for a while; between late and calm nothing changes, so it does not flap. docs/overload.md says how
 * the numbers were measured.
 */

export interface LatenessSettings {
  /** How often the loop is looked at while requests are open. */
  readonly sampleEveryMs: number
  /** Later than this, twice within `togetherMs`, is too late. */
  readonly lateMs: number
  readonly togetherMs: number
  /** No later than this all the time is calm. */
  readonly calmMs: number
  /** With so few under way the loop is not late because of them: a slow machine with one caller is slow, not overloaded. */
  readonly fewest: number
}

export const defaultLateness: LatenessSettings = {
  sampleEveryMs: 20,
  lateMs: 80,
  togetherMs: 500,
  calmMs: 30,
  fewest: 64,
}

/** What is left of the requests under way when the loop is late, and when it is many times as late as that. */
const lowered = 0.8
const loweredMuch = 0.5
const muchLater = 4

const raised = 1.05
const raiseEveryMs = 200
/** A limit that is this full holds somebody back, or soon would. */
const nearShare = 0.8
const liftAfterMs = 5_000

/** Over how long lateness is averaged for those who watch. */
const averageMs = 1_000

export class Lateness {
  private readonly settings: LatenessSettings
  private most = Number.POSITIVE_INFINITY
  private sampledMs = Number.NaN
  private lateAtMs = Number.NEGATIVE_INFINITY
  /** The beginning of the late moment for which the limit was lowered last. */
  private answeredMs = Number.NaN
  private uneasyAtMs = Number.NEGATIVE_INFINITY
  private raisedAtMs = Number.NEGATIVE_INFINITY
  private nearAtMs = Number.NEGATIVE_INFINITY
  private average = 0

  constructor(settings: LatenessSettings = defaultLateness) {
    this.settings = settings
  }

  /** How many requests may be under way; infinite while the loop keeps up. */
  mayBeOpen(): number {
    return this.most
  }

  /** Is there a place for one more, with so many under way? `nowMs` is monotonic. */
  admits(nowMs: number, open: number): boolean {
    // A loop that is late again has not come round yet, and would take in all that has come meanwhile.
    const lateMs = nowMs - this.sampledMs - this.settings.sampleEveryMs
    if (lateMs >= this.settings.lateMs) this.lower(lateMs, this.sampledMs, open)
    return open < this.most
  }

  /** How long what comes waits for the loop, about; milliseconds. */
  waitMs(): number {
    return this.average
  }

  /** The loop has come round, with so many requests under way; `nowMs` is monotonic. */
  sample(nowMs: number, open: number): void {
    const gapMs = nowMs - this.sampledMs
    this.sampledMs = nowMs
    if (Number.isNaN(gapMs)) return
    const lateMs = Math.max(0, gapMs - this.settings.sampleEveryMs)
    // Whoever comes during the gap waits half of it, and a long one is longer in coming.
    this.average += (lateMs / 2 - this.average) * Math.min(1, gapMs / averageMs)
    if (lateMs >= this.settings.lateMs) this.late(lateMs, nowMs - gapMs, open)
    else if (lateMs > this.settings.calmMs) this.uneasyAtMs = nowMs
    if (open >= this.most * nearShare) this.nearAtMs = nowMs
    this.relax(nowMs)
  }

  /** Nobody looks for a while: what was seen so far says nothing about what comes then. */
  rest(): void {
    this.sampledMs = Number.NaN
    this.average = 0
  }

  private late(lateMs: number, sinceMs: number, open: number): void {
    this.lower(lateMs, sinceMs, open)
    this.lateAtMs = this.sampledMs
  }

  /** The loop has been late since then: lowers the limit, unless that is the first time, or was answered already. */
  private lower(lateMs: number, sinceMs: number, open: number): void {
    if (sinceMs - this.lateAtMs > this.settings.togetherMs || sinceMs === this.answeredMs) return
    if (open > this.most || open <= this.settings.fewest) return
    this.answeredMs = sinceMs
    this.nearAtMs = sinceMs + lateMs
    const share = lateMs >= muchLater * this.settings.lateMs ? loweredMuch : lowered
    this.most = Math.max(this.settings.fewest, Math.floor(open * share))
  }

  private relax(nowMs: number): void {
    if (this.most === Number.POSITIVE_INFINITY) return
    if (nowMs - this.nearAtMs >= liftAfterMs) {
      this.most = Number.POSITIVE_INFINITY
      return
    }
    const calmSinceMs = Math.max(this.lateAtMs, this.uneasyAtMs, this.raisedAtMs)
    if (nowMs - calmSinceMs < raiseEveryMs || this.nearAtMs !== nowMs) return
    this.raisedAtMs = nowMs
    this.most = Math.ceil(this.most * raised)
  }
}
