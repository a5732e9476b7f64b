/**
 * Who tells a provider who we are where a key alone does not: a signature, or a token that has to be fetched and renewed.
 * Connections with a plain key have none of this, and their calls wait for nothing.
 */
export interface OutgoingCall {
  readonly method: 'GET' | 'POST'
  /** After the origin, with the query. */
  readonly path: string
  /** Name, value, name, value … */
  readonly headers: readonly string[]
  readonly body: string | Uint8Array | null
}

export interface IdentifiedCall {
  /** The headers of the call, and those that say who calls. */
  readonly headers: readonly string[]
  /** What of it must never be repeated to anyone, in every form it may come back in; longest first. */
  readonly secrets: readonly string[]
}

export interface Authenticator {
  /** Rejects with a `CredentialsError`, and with nothing else. */
  identify(call: OutgoingCall): Promise<IdentifiedCall>
  /** The provider did not take what it was told, so that keeping it makes no sense. */
  refused(): void
  /** Nobody asks any more: what is still awaited is given up, and keeps no process alive. */
  close(): void
}

/** There is nothing to identify us by. The message is one sentence for the operator, with no secret in it. */
export class CredentialsError extends Error {}
