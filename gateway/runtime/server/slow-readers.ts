/**
 * Callers that take an answer by drips: each byte is a sign of life, and yet a place and a provider's stream are held for
 * ever. So what waits for a caller must get less at some least pace; a caller that has caught up owes nothing.
 */
import type { Socket } from 'node:net'

export interface LeastPace {
  /** Bytes that are taken in `stalledMs` at least, while they wait. */
  readonly leastTakenBytes: number
  readonly stalledMs: number
  /** How often it is looked at. */
  readonly checkEveryMs: number
}

interface Waiting {
  readonly sinceMs: number
  readonly takenBytes: number
}

export class SlowReaders {
  private readonly pace: LeastPace
  private readonly onSlow: (socket: Socket) => void
  /** Open connections; since when something has waited without a break, and what was taken before. */
  private readonly waiting = new Map<Socket, Waiting | null>()
  private timer: NodeJS.Timeout | null = null

  constructor(pace: LeastPace, onSlow: (socket: Socket) => void) {
    this.pace = pace
    this.onSlow = onSlow
  }

  follow(socket: Socket): void {
    this.waiting.set(socket, null)
    this.timer ??= setInterval(() => this.look(), this.pace.checkEveryMs).unref()
    socket.once('close', () => this.forget(socket))
  }

  private forget(socket: Socket): void {
    this.waiting.delete(socket)
    if (this.waiting.size > 0 || this.timer === null) return
    clearInterval(this.timer)
    this.timer = null
  }

  private look(): void {
    const nowMs = performance.now()
    for (const [socket, before] of this.waiting) {
      if (socket.writableLength === 0) {
        if (before !== null) this.waiting.set(socket, null)
        continue
      }
      const takenBytes = socket.bytesWritten - socket.writableLength
      if (before === null) this.waiting.set(socket, { sinceMs: nowMs, takenBytes })
      else this.judge(socket, before, { sinceMs: nowMs, takenBytes })
    }
  }

  private judge(socket: Socket, before: Waiting, now: Waiting): void {
    const { leastTakenBytes, stalledMs } = this.pace
    const forMs = now.sinceMs - before.sinceMs
    if (forMs < stalledMs) return
    const owedBytes = (leastTakenBytes * forMs) / stalledMs
    const takenBytes = now.takenBytes - before.takenBytes
    if (takenBytes >= owedBytes) this.waiting.set(socket, now)
    // How much of a large piece has gone out is not known before all of it has; the doubt is the caller's.
    else if (takenBytes + socket.writableLength < owedBytes) this.onSlow(socket)
  }
}
