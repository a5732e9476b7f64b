/** Providers over TLS, in HTTP/1.1 and HTTP/2, that count what is done to them. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Certificate } from './certificates.ts'
import { completionText } from './raw.ts'

export interface TlsProviderOptions {
  readonly certificate: Certificate
  /** Offers HTTP/2 beside HTTP/1.1. */
  readonly http2?: boolean
  /** Asks every caller for a certificate of this authority. */
  readonly clientsFrom?: Certificate
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3'
}

export interface SeenRequest {
  /** `h2` or `http/1.1`. */
  readonly protocol: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  /** Common name of the caller's certificate. */
  readonly caller: string | null
  /** Name the caller asked for while TLS was set up. */
  readonly serverName: string | null
}

export interface TlsProvider {
  readonly port: number
  /** `https://127.0.0.1:PORT/v1`. */
  readonly baseUrl: string
  readonly requests: readonly SeenRequest[]
  /** TLS handshakes that were completed. */
  readonly handshakes: () => number
  /** Requests that were given up by the caller before their answer. */
  readonly abandoned: () => number
  readonly open: () => number
  /** From now on new connections get this one. */
  readonly present: (certificate: Certificate) => void
  /** Holds answers back until it is called with false. */
  readonly hold: (on: boolean) => void
  readonly close: () => Promise<void>
}

export async function startTlsProvider(options: TlsProviderOptions): Promise<TlsProvider> {
  const requests: SeenRequest[] = []
  const sockets = new Set<TLSSocket>()
  const waiting = new Set<() => void>()
  const counted = { handshakes: 0, abandoned: 0, held: false }
  const { certificate, clientsFrom, maxVersion } = options
  const settings = {
    ...certificate,
    ...(clientsFrom !== undefined && { ca: clientsFrom.cert, requestCert: true, rejectUnauthorized: true }),
    ...(maxVersion !== undefined && { maxVersion }),
  }
  const serve = (request: IncomingMessage | Http2ServerRequest, response: ServerResponse | Http2ServerResponse) => {
    const parts: Buffer[] = []
    // Over HTTP/2 the socket is the session's, behind a proxy object that knows the same questions.
    const socket = request.socket as TLSSocket
    request.on('data', (part: Buffer) => parts.push(part))
    response.on('close', () => {
      if (!response.writableEnded) counted.abandoned += 1
    })
    request.on('end', () => {
      requests.push({
        protocol: request.httpVersion === '2.0' ? 'h2' : 'http/1.1',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(parts).toString(),
        caller: socket.getPeerCertificate().subject?.CN?.toString() ?? null,
        serverName: typeof socket.servername === 'string' ? socket.servername : null,
      })
      const answer = (): void => {
        response.statusCode = 200
        response.setHeader('content-type', 'application/json')
        response.end(completionText)
      }
      if (counted.held) waiting.add(answer)
      else answer()
    })
  }
  const server =
    options.http2 === true
      ? createSecureServer({ ...settings, allowHTTP1: true }, serve)
      : createServer(settings, serve)
  server.on('secureConnection', (socket: TLSSocket) => {
    counted.handshakes += 1
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('tlsClientError', () => {})
  server.on('sessionError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server has an address and a port once it listens.
  const { port } = server.address() as AddressInfo
  return {
    port,
    baseUrl: `https://127.0.0.1:${port}/v1`,
    requests,
    handshakes: () => counted.handshakes,
    abandoned: () => counted.abandoned,
    open: () => sockets.size,
    present: (renewed) => server.setSecureContext(renewed),
    hold: (on) => {
      counted.held = on
      if (on) return
      for (const answer of waiting) answer()
      waiting.clear()
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
