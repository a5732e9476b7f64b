/**
 * How much a caller may send, and how long it may take: one table, so that what is promised in docs/network.md is what
 * is kept. They stand between strangers and the gateway's memory, so none of them can be switched off.
 */

export interface ListenerLimits {
  /** Connections at a time. Whoever comes on top is answered 503, and a tenth more is not even answered. */
  readonly maxConnections: number
  /** Requests of one connection that may wait for the one before them. */
  readonly maxWaiting: number
  /** All header lines of a request together, in bytes. */
  readonly maxHeaderBytes: number
  readonly maxHeaders: number
  /** A body as it comes, in bytes. */
  readonly maxBodyBytes: number
  /** A body larger than this is read only of a caller whose key is known. */
  readonly maxStrangersBytes: number
  /** From the first byte of a request, or the connection's beginning, to the end of its headers. */
  readonly headersMs: number
  /** From there to the end of its body as well. */
  readonly requestMs: number
  readonly handshakeMs: number
  /** How long a connection is kept that asks for nothing. Longer than load balancers keep theirs (60 s mostly). */
  readonly keepAliveMs: number
  /** How long a caller may take nothing of an answer that waits for it. */
  readonly stalledMs: number
  /** How much of it must be taken in that time, at least. */
  readonly leastTakenBytes: number
  /** How often times are looked at. */
  readonly checkEveryMs: number
}

export const defaultLimits: ListenerLimits = {
  maxConnections: 10_000,
  maxWaiting: 10,
  maxHeaderBytes: 16 * 1024,
  maxHeaders: 200,
  maxBodyBytes: 32 * 1024 * 1024,
  maxStrangersBytes: 64 * 1024,
  headersMs: 20_000,
  requestMs: 120_000,
  handshakeMs: 10_000,
  keepAliveMs: 72_000,
  stalledMs: 120_000,
  leastTakenBytes: 64 * 1024,
  checkEveryMs: 2_000,
}

/** Levels of objects and lists in a body. Deeper ones can be read, but no recursion of anybody's gets through them. */
export const maxJsonDepth = 128
