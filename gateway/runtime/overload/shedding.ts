/**
 * Requests that are refused in such numbers that a line each would be an onslaught of its own: its beginning and its end
 * are said, and in between it is counted; by code, since each has a reason of its own.
 */
import type { Log } from '../log.ts'

/** Codes that say how the gateway is, and nothing about the request. */
const loadCodes: ReadonlySet<string> = new Set(['too_many_connections', 'overloaded', 'not_ready'])

/** Refusals that come in thousands, and are never told of one by one. */
export function isShedding(code: string): boolean {
  return loadCodes.has(code)
}

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

  /** Is load being turned away? */
  isOn(): boolean {
    for (const code of this.onslaughts.keys()) if (isShedding(code)) return true
    return false
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
    const message = isShedding(code)
      ? `load is turned away: ${nameOf(code)}`
      : `so many requests are refused that they are only counted from here on: ${nameOf(code)}`
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
    const message = `it is over; ${refused} requests were turned away: ${nameOf(code)}`
    log({ level: 'info', event: 'shedding_end', message, fields: { code, refused } })
  }
}

function nameOf(code: string): string {
  return code.replaceAll('_', ' ')
}
