/**
 * What a failed attempt means. A dialect turns a vendor's status and words into one of these classes; the engine
 * decides by class alone, so no vendor string ever reaches a routing decision.
 */

export const failureClasses = [
  'server_error',
  'timeout',
  'latency',
  'rate_limited',
  'quota',
  'connection',
  'misconfigured',
  'context_length',
  'unsupported_by_target',
  'content_filtered',
  'invalid_request',
] as const

export type FailureClass = (typeof failureClasses)[number]

/**
 * How one class moves the health of the target it came from: it counts towards the breaker, keeps the target away for a
 * while, shows that the provider is alive (it answered, only not what we hoped), or says nothing at all.
 */
export type HealthEffect = 'counts' | 'cool_down' | 'alive' | 'none'

export interface FailureTraits {
  /** May the next target run? (`failover.on` can only narrow this.) */
  readonly failsOver: boolean
  readonly health: HealthEffect
}

/**
 * One row a class. `context_length` and `unsupported_by_target` blame the request as this target sees it, so another
 * target may still serve; `content_filtered` and `invalid_request` are the caller's own and come straight back.
 */
export const failureTraits: Readonly<Record<FailureClass, FailureTraits>> = {
  server_error: { failsOver: true, health: 'counts' },
  timeout: { failsOver: true, health: 'counts' },
  latency: { failsOver: true, health: 'none' },
  rate_limited: { failsOver: true, health: 'cool_down' },
  quota: { failsOver: true, health: 'cool_down' },
  connection: { failsOver: true, health: 'counts' },
  misconfigured: { failsOver: true, health: 'cool_down' },
  context_length: { failsOver: true, health: 'alive' },
  unsupported_by_target: { failsOver: true, health: 'alive' },
  content_filtered: { failsOver: false, health: 'alive' },
  invalid_request: { failsOver: false, health: 'alive' },
}

/** The classes a route fails over on when its manifest does not say. */
export const defaultFailoverClasses: readonly FailureClass[] = failureClasses.filter(
  (failure) => failureTraits[failure].failsOver,
)

/** A provider's failure, told in our words, with the provider's own kept for the caller. */
export interface ProviderFailure {
  readonly class: FailureClass
  /** HTTP status the provider answered with; 200 when the error stood inside a successful answer; 0 without one. */
  readonly status: number
  /** The provider's own message, with key-shaped strings already removed. */
  readonly message: string
  /** The provider's own error code (`context_length_exceeded`, `model_not_found` …), when it gave one. */
  readonly code: string | null
  readonly type: string | null
  readonly param: string | null
  /** How long the provider asks us to stay away, in milliseconds; null when it does not say. */
  readonly retryAfterMs: number | null
}
