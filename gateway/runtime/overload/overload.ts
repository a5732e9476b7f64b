/**
 * Room for one more request? Asked before its body is read, of what is counted and measured here: how late the event
 * loop is, how many requests are under way, and how much their bodies hold. Whoever finds no room is told so at once,
 * because a caller that waits in a queue is lost later and costs more.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { GatewayError } from '../../core/chat/errors.ts'
import { defaultLateness, Lateness, type LatenessSettings } from './lateness.ts'
import { type OverloadLimits, overloadLimits, readMachineFacts } from './limits.ts'
import { defaultLimits } from '../server/limits.ts'

export interface OverloadSettings {
  readonly limits?: OverloadLimits
  readonly lateness?: LatenessSettings
}

/** What there is no room in: time, places, or memory. */
export type NoRoom = 'time' | 'places' | 'memory'

export interface OverloadReport {
  readonly open: number
  readonly heldBytes: number
  /** How long what comes waits for the event loop, about, milliseconds; 0 while nothing is under way. */
  readonly waitMs: number
  /** How many may be under way, as late as the loop is; null while it keeps up. */
  readonly mayBeOpen: number | null
  readonly limits: OverloadLimits
}

export class Overload {
  readonly limits: OverloadLimits
  private readonly lateness: Lateness
  private readonly sampleEveryMs: number
  private open = 0
  private heldBytes = 0
  private timer: NodeJS.Timeout | null = null

  constructor({ limits, lateness = defaultLateness }: OverloadSettings = {}) {
    this.limits = limits ?? overloadLimits(readMachineFacts(), defaultLimits.maxConnections)
    this.lateness = new Lateness(lateness)
    this.sampleEveryMs = lateness.sampleEveryMs
  }

  /** Why one more request with so large a body is not taken on; null when it is. */
  refusal(bytes: number): NoRoom | null {
    const { open, heldBytes, limits } = this
    if (open >= limits.maxOpen) return 'places'
    // One that is larger than all the room there is can only be taken alone.
    if (heldBytes > 0 && heldBytes + bytes > limits.maxHeldBytes) return 'memory'
    return this.lateness.admits(performance.now(), open) ? null : 'time'
  }

  isHalfFull(): boolean {
    return this.open * 2 >= this.limits.maxOpen
  }

  enter(bytes: number): void {
    this.open += 1
    this.heldBytes += bytes
    this.timer ??= this.watch()
  }

  hold(bytes: number): void {
    this.heldBytes += bytes
  }

  leave(bytes: number): void {
    this.open -= 1
    this.heldBytes -= bytes
  }

  report(): OverloadReport {
    const { open, heldBytes, lateness, limits } = this
    const most = lateness.mayBeOpen()
    return { open, heldBytes, waitMs: lateness.waitMs(), mayBeOpen: Number.isFinite(most) ? most : null, limits }
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer)
    this.timer = null
  }

  /** Looks while there is something to be late for, so that an idle gateway sleeps. */
  private watch(): NodeJS.Timeout {
    const look = (): void => {
      this.lateness.sample(performance.now(), this.open)
      if (this.open > 0 || Number.isFinite(this.lateness.mayBeOpen())) return
      this.lateness.rest()
      this.stop()
    }
    this.lateness.sample(performance.now(), this.open)
    return setInterval(look, this.sampleEveryMs).unref()
  }
}

const sentences: Readonly<Record<NoRoom, string>> = {
  time: 'There is more to do than this gateway can do in time',
  places: 'There are as many requests under way as this gateway can hold',
  memory: 'The requests under way take all the memory there is for them',
}

/** Throws `overloaded` where there is no room for this request; else it has its place until its answer is over. */
export function makeRoom(overload: Overload, request: IncomingMessage, response: ServerResponse): void {
  const { headers } = request
  const announced = Number(headers['content-length'] ?? 0)
  const reason = overload.refusal(announced)
  if (reason !== null) {
    // Nothing was begun: another gateway, or this one in a moment, may well take it.
    response.setHeader('retry-after', '1')
    response.setHeader('x-should-retry', 'true')
    // Who waits for leave to send its body sends none now, and what came next would be taken for it.
    if (headers.expect !== undefined) response.shouldKeepAlive = false
    throw new GatewayError('overloaded', `${sentences[reason]}; try again in a moment.`)
  }
  let held = announced
  overload.enter(held)
  if (headers['transfer-encoding'] !== undefined) {
    // How long such a body is, is known when it is over.
    request.on('data', (part: Buffer) => {
      held += part.byteLength
      overload.hold(part.byteLength)
    })
  }
  response.on('close', () => overload.leave(held))
}
