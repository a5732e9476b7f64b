/**
 * What a caller asks of a target, chat or embeddings: the one thing in which their ways through the gateway differ. Routes,
 * health, failover, ceilings, times, headers, log and record are the same for both.
 */
import type { ProviderFailure } from '../../core/chat/failure.ts'
import type { RequestFeatures } from '../../core/chat/features.ts'
import type { PreparedTarget } from '../reload/generations.ts'
import type { AttemptRequest } from '../transport/attempt.ts'

/** The caller's request, as far as something of it may go to a provider. */
export interface CallerRequest {
  readonly id: string
  /** The body as it came. */
  readonly rawBody: Uint8Array
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export interface EncodedAttempt {
  readonly request: AttemptRequest
  /** Parts of the client's request that this target cannot carry as they are (see `EncodedRequest`). */
  readonly lost: readonly string[]
}

export interface Operation {
  /** What one attempt sends to this target: encoded from the caller's untouched request, each time anew. */
  encode(
    prepared: PreparedTarget,
    client: CallerRequest,
    features: RequestFeatures,
  ): EncodedAttempt | { readonly failure: ProviderFailure }
}
