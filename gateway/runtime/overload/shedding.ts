/**
 * Requests that are turned away before they are looked at. Under an onslaught a line a refusal would be a second one, so
 * its beginning and its end are said, and in between it is counted; by code, since each has a reason of its own.
 */
import type { Log } from '../log.ts'

/** Quiet for so long, it is over. */
const quietMs = 5_000

interface Onslaught {
  timer: NodeJS.Timeout
  lastMs: number
  refused: number
  readonly log: Log
}

export class Shedding {
  private readonly onslaughts = new Map<string, Onslaught>()
  private stopped = false

  /** Is somebody being turned away? */
  isOn(): boolean {
    return this.onslaughts.size > 0
  }

  /** One was turned away; the first of many is told to `log`, and so is their end. */
  note(code: string, log: Log): void {
    const lastMs = performance.now()
    const onslaught = this.onslaughts.get(code)
    if (onslaught !== undefined) {
      onslaught.lastMs = lastMs
      onslaught.refused += 1
      return
    }
    if (this.stopped) return
    const message = `load is turned away: ${code.replaceAll('_', ' ')}`
    log({ level: 'warn', event: 'shedding_begin', message, fields: { code } })
    this.onslaughts.set(code, { timer: this.look(code, quietMs), lastMs, refused: 1, log })
  }

  /** The process is going: what was begun is ended, and nothing more is said. */
  stop(): void {
    this.stopped = true
    for (const [code, { timer }] of this.onslaughts) {
      clearTimeout(timer)
      this.end(code)
    }
  }

  private look(code: string, afterMs: number): NodeJS.Timeout {
    const timer = setTimeout(() => {
      const onslaught = this.onslaughts.get(code)
      if (onslaught === undefined) return
      const quietForMs = performance.now() - onslaught.lastMs
      if (quietForMs < quietMs) onslaught.timer = this.look(code, Math.ceil(quietMs - quietForMs))
      else this.end(code)
    }, afterMs)
    return timer.unref()
  }

  private end(code: string): void {
    const onslaught = this.onslaughts.get(code)
    if (onslaught === undefined) return
    this.onslaughts.delete(code)
    const { refused, log } = onslaught
    const message = `load is not turned away any more; ${refused} were: ${code.replaceAll('_', ' ')}`
    log({ level: 'info', event: 'shedding_end', message, fields: { code, refused } })
  }
}
