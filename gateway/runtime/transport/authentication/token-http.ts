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
  /** Ends calls under way too. */
  close(): void
}

/** Whoever gives out a token is done long before. */
const longestSilenceMs = 30_000

export function openTokenHttp(connection: Connection, secrets: ResolvedSecrets): TokenHttp {
  const agent = new Agent({
    connect: connectorOf({
      connection: { ...connection, tls: null, http2: false },
      material: materialOf(connection, secrets),
      onProblem: () => {},
    }),
    headersTimeout: longestSilenceMs,
    bodyTimeout: longestSilenceMs,
  })
  return { agent, close: () => void agent.destroy() }
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
      redirect: 'error',
    })
    const text = await reply.text()
    return new Response(text === '' ? null : text, { status: reply.status, headers: Object.fromEntries(reply.headers) })
  }
}
