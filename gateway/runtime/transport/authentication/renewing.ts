/**
 * Something that is asked for, used until shortly before it expires, and asked for again: a token, temporary keys. However
 * many calls want it at once, it is asked for once; while the old one is good, nobody waits for the new one.
 */
import { CredentialsError } from './authenticator.ts'

export interface Lent<Value> {
  readonly value: Value
  /** Unix milliseconds. */
  readonly expiresAtMs: number
}

export interface RenewingOptions<Value> {
  /** Asks for a new one. Ends when `signal` does. */
  readonly obtain: (signal: AbortSignal) => Promise<Lent<Value>>
  /** What went wrong with `obtain`, in words for the operator. */
  readonly describe: (error: unknown) => CredentialsError
  /** Unix milliseconds. */
  readonly now?: () => number
  readonly timeoutMs?: number
}

/** The vendors' own libraries renew five minutes ahead too; what lives shorter is renewed in its last quarter. */
const renewAheadMs = 300_000
/** A call takes its time to arrive. */
const spareMs = 10_000
/** How long a renewal that failed is left alone while what there is still holds. */
const tryAgainMs = 10_000
const defaultTimeoutMs = 10_000

interface Held<Value> {
  readonly value: Value
  readonly renewFromMs: number
  readonly usableUntilMs: number
}

export class Renewing<Value> {
  private readonly options: Required<RenewingOptions<Value>>
  private held: Held<Value> | null = null
  private pending: Promise<Value> | null = null
  private pausedUntilMs = Number.NEGATIVE_INFINITY
  private doubted = false
  private giveUp: (reason: string) => void = () => {}

  constructor(options: RenewingOptions<Value>) {
    this.options = { now: Date.now, timeoutMs: defaultTimeoutMs, ...options }
  }

  /** Rejects with what `describe` made of the trouble. */
  async get(): Promise<Value> {
    const { held } = this
    const nowMs = this.options.now()
    if (held === null || nowMs >= held.usableUntilMs) return await this.renew()
    // A refusal may have other reasons than what we hold, which is better than nothing while there is no other.
    if (this.doubted) return await this.renew().catch(() => held.value)
    if (nowMs >= held.renewFromMs && nowMs >= this.pausedUntilMs) this.renew().catch(() => {})
    return held.value
  }

  /** What is held may be of no use: the next one who asks gets a new one, if it is to be had. */
  drop(): void {
    // Refused again and again, it is not asked for with every call.
    if (this.held === null || this.options.now() < this.pausedUntilMs) return
    this.pausedUntilMs = this.options.now() + tryAgainMs
    this.doubted = true
  }

  /** Whoever still waits is told; what is held stays. */
  close(): void {
    this.giveUp('it is no longer wanted')
  }

  private renew(): Promise<Value> {
    this.pending ??= this.ask().finally(() => (this.pending = null))
    return this.pending
  }

  private async ask(): Promise<Value> {
    const { now, describe } = this.options
    const startMs = now()
    try {
      const { value, expiresAtMs } = await this.obtainInTime()
      const lifeMs = Math.max(0, expiresAtMs - startMs)
      this.held = {
        value,
        renewFromMs: expiresAtMs - Math.min(renewAheadMs, lifeMs / 4),
        usableUntilMs: expiresAtMs - Math.min(spareMs, lifeMs / 10),
      }
      return value
    } catch (error) {
      this.pausedUntilMs = now() + tryAgainMs
      throw describe(error)
    } finally {
      this.doubted = false
    }
  }

  /** Whatever a library does with its signal, nobody waits longer than this. */
  private async obtainInTime(): Promise<Lent<Value>> {
    const { obtain, timeoutMs } = this.options
    const abort = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_resolve, reject) => {
      this.giveUp = (reason) => {
        reject(new CredentialsError(reason))
        abort.abort()
      }
      timer = setTimeout(this.giveUp, timeoutMs, `nothing came within ${timeoutMs / 1000} s`)
    })
    try {
      return await Promise.race([obtain(abort.signal), late])
    } finally {
      clearTimeout(timer)
    }
  }
}
