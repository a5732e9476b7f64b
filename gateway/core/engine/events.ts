/**
 * The engine's language. A driver (gateway, replay, test) carries commands out and reports what happened as events; it
 * decides nothing. Every kind exists from the first day, so quotas, semantic routing and hedging are new cases of the
 * same machine.
 */
import type { FailureClass } from '../chat/failure.ts'
import type { RequestFeatures, TokenEstimate } from '../chat/features.ts'
import type { TokenUsage } from '../chat/usage.ts'
import type { Operation } from '../routing/operation.ts'

/** A request's random 64-bit seed, as two unsigned 32-bit halves. */
export interface Seed {
  readonly high: number
  readonly low: number
}

/** Everything a decision may depend on. The record keeps it, so replay can ask the same question again. */
export interface RequestFacts {
  readonly seed: Seed
  readonly operation: Operation
  /** The model the caller asked for. */
  readonly model: string
  readonly credential: string | null
  readonly organization: string | null
  /** Lower-case names; only headers that some route matches on. */
  readonly headers: Readonly<Record<string, string>>
  readonly features: RequestFeatures
  readonly estimate: TokenEstimate
  /**
   * Seeds of sticky draws, by what they are keyed by (`sticky_by`), as `renderSeed` writes them. The keys themselves
   * may name a person, so they go no further than the driver.
   */
  readonly stickySeeds: Readonly<Record<string, string>>
}

interface Stamped {
  /** Monotonic, integer microseconds. */
  readonly atUs: number
  /** Counts all events of the process that feed shared state; replay feeds events in this order. */
  readonly seq: number
}

export type EngineEvent =
  | ({ readonly kind: 'arrived'; readonly facts: RequestFacts } & Stamped)
  | ({ readonly kind: 'classified'; readonly route: string | null } & Stamped)
  | ({ readonly kind: 'reserved' } & Stamped)
  | ({ readonly kind: 'refused'; readonly retryAfterMs: number | null } & Stamped)
  | ({ readonly kind: 'firstContent'; readonly attempt: number } & Stamped)
  | ({ readonly kind: 'ended'; readonly attempt: number } & AttemptEnd & Stamped)
  | ({ readonly kind: 'timer'; readonly attempt: number } & Stamped)
  | ({ readonly kind: 'callerGone' } & Stamped)

/** How an attempt ended, as the driver saw it. */
export interface AttemptEnd {
  /** `ok`: the answer is whole. */
  readonly class: 'ok' | FailureClass
  readonly usage: TokenUsage | null
  /** HTTP status of the provider; 0 when there was none. */
  readonly status: number
  /** The provider's own wish, where it gave one. */
  readonly retryAfterMs: number | null
}

export type EngineCommand =
  | { readonly kind: 'classify' }
  | { readonly kind: 'reserve' }
  | AttemptCommand
  | { readonly kind: 'abort'; readonly attempt: number }
  | { readonly kind: 'commit'; readonly attempt: number }
  | { readonly kind: 'settle'; readonly usage: TokenUsage | null }
  | FinishCommand

export interface AttemptCommand {
  readonly kind: 'attempt'
  /** Counts from 0 within the request. */
  readonly attempt: number
  /** Position in the route's candidates. */
  readonly candidate: number
  /** Absolute times in the driver's `atUs`. A connection not up by `connectByUs` has ended as `timeout`. */
  readonly connectByUs: number
  /** When to deliver `timer`, unless the attempt has ended or been committed: the attempt's one timer. */
  readonly firstContentByUs: number
  /** Streams: null (an idle timeout watches them after the commit point). Plain: the same as `firstContentByUs`. */
  readonly endByUs: number | null
}

export type Outcome = 'served' | 'broken' | 'failed' | 'abandoned'

export interface FinishCommand {
  readonly kind: 'finish'
  /**
   * `served`: a whole answer. `broken`: cut after the commit point, ended with an error event. `failed`: an error
   * instead of an answer. `abandoned`: the caller hung up first.
   */
  readonly outcome: Outcome
  /** HTTP status the caller gets (or would have got). */
  readonly status: number
  /** Error code; null when served. A provider's own code where the failure is passed back. */
  readonly code: string | null
  /** The attempt whose answer or failure the caller sees; null when there was none. */
  readonly attempt: number | null
  readonly retryAfterMs: number | null
}
