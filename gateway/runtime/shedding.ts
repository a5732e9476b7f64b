/**
 * Load that is turned away before it is looked at. Under an onslaught a line a refusal would be a second one, so its
 * beginning and its end are said, and in between it is counted.
 */
import type { Log } from './log.ts'

/** Quiet for so long, it is over. */
const quietMs = 5_000

export class Shedding {
  private timer: NodeJS.Timeout | null = null
  private log: Log = () => {}
  private stopped = false
  private lastMs = 0
  private refused = 0

  /** Is load being turned away? */
  isOn(): boolean {
    return this.timer !== null
  }

  /** One was turned away; the first of many is told to `log`, and so is their end. */
  note(code: string, log: Log): void {
    this.lastMs = performance.now()
    this.refused += 1
    if (this.timer !== null || this.stopped) return
    this.log = log
    const message = `load is turned away: ${code.replaceAll('_', ' ')}`
    log({ level: 'warn', event: 'shedding_begin', message, fields: { code } })
    this.watch(quietMs)
  }

  /** The process is going: what was begun is ended, and nothing more is said. */
  stop(): void {
    this.stopped = true
    if (this.timer === null) return
    clearTimeout(this.timer)
    this.end()
  }

  private watch(ms: number): void {
    this.timer = setTimeout(() => {
      const quietForMs = performance.now() - this.lastMs
      if (quietForMs < quietMs) this.watch(Math.ceil(quietMs - quietForMs))
      else this.end()
    }, ms)
    this.timer.unref()
  }

  private end(): void {
    const { log, refused } = this
    this.timer = null
    this.refused = 0
    const message = `load is not turned away any more; ${refused} were`
    log({ level: 'info', event: 'shedding_end', message, fields: { refused } })
  }
}
