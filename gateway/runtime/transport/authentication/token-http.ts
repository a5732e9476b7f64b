/**
 * HTTP to those who give out tokens, for the vendors' libraries to use instead of their own: through the connection's
 * proxy and nobody else's, trusting the connection's authority beside the public ones. Its certificate and the name it
 * expects are for the provider, not for them.
 */
import { getCACertificates } from 'node:tls'
import { Agent, fetch as undiciFetch } from 'undici'
import type { Connection } from '../../../core/routing/table.ts'
import { connectorOf } from '../connect.ts'
import { type ResolvedSecrets, secretKey } from '../headers.ts'
import type { TlsMaterial } from '../tls-material.ts'

export interface TokenHttp {
  readonly agent: Agent
  /** For those on this very machine or its own link: no proxy knows the way there. */
  readonly direct: Agent
  /** Ends calls under way too. */
  close(): void
}

/** Whoever gives out a token is done long before. */
const longestSilenceMs = 30_000

/** Tokens and keys are a few thousand bytes; an answer that goes on and on must not fill the memory. */
const longestAnswer = 1024 * 1024

/** `signal` ends calls under way, also those of libraries that know no signal. */
export function openTokenHttp(connection: Connection, secrets: ResolvedSecrets, signal: AbortSignal): TokenHttp {
  const limits = { headersTimeout: longestSilenceMs, bodyTimeout: longestSilenceMs, maxResponseSize: longestAnswer }
  const direct = new Agent(limits)
  const agent = new Agent({
    ...limits,
    connect: connectorOf({
      connection: { ...connection, tls: null, http2: false },
      material: materialOf(connection, secrets),
      onProblem: () => {},
    }),
  })
  const close = (): void => {
    void agent.destroy()
    void direct.destroy()
  }
  if (signal.aborted) close()
  else signal.addEventListener('abort', close, { once: true })
  return { agent, direct, close }
}

function materialOf({ tls }: Connection, secrets: ResolvedSecrets): TlsMaterial {
  const ca = tls?.ca === undefined || tls.ca === null ? undefined : secrets.get(secretKey(tls.ca))
  return ca === undefined ? {} : { ca: [...getCACertificates('default'), ca].join('\n') }
}

/** As the libraries name its type. */
export type TokenFetch = typeof globalThis.fetch

/**
 * What stands for `fetch` in a library. Redirects are not followed: nobody who gives out tokens sends callers elsewhere.
 */
export function fetchOver({ agent }: TokenHttp, signal: AbortSignal): TokenFetch {
  return async (input, init = {}) => {
    const { method = 'GET', headers, body } = init
    const reply = await undiciFetch(input instanceof Request ? input.url : input, {
      method,
      headers: Object.fromEntries(new Headers(headers)),
      body: typeof body === 'string' || body instanceof URLSearchParams ? body : null,
      dispatcher: agent,
      signal,
      redirect: 'manual',
    })
    const text = await reply.text()
    return new Response(text === '' ? null : text, { status: reply.status, headers: Object.fromEntries(reply.headers) })
  }
}
