/**
 * The servers below the routes: plain or TLS, with the limits that HTTP itself knows, and answers of our own where Node
 * would close the connection or answer without a word.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import type { GatewayErrorCode } from '../../core/chat/errors.ts'
import { gatewayErrors, renderError } from '../../core/chat/errors.ts'
import type { ListenerLimits } from './limits.ts'
import type { ListenerCertificate } from './listener-certificate.ts'
import { SlowReaders } from './slow-readers.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

export interface ListenerOptions {
  readonly limits: ListenerLimits
  /** Null: plain HTTP. */
  readonly certificate: ListenerCertificate | null
  /** Told of whoever was answered, or cut off, before any route could. */
  readonly onRefused: (code: GatewayErrorCode) => void
  /** Told of whoever was cut off because it took nothing of an answer, or next to nothing. */
  readonly onStalled: () => void
}

/** The oldest version of TLS that is spoken. */
const minVersion = 'TLSv1.2'

/** One listener; Fastify may make several servers of it. */
export class Listener {
  private readonly options: ListenerOptions
  private readonly surplus = new WeakSet<Socket>()
  private open = 0
  /** Connections whose TLS is not agreed on yet, by the other side's address and port. */
  private readonly shaking = new Map<string, Socket>()

  constructor(options: ListenerOptions) {
    this.options = options
  }

  /** For Fastify's `serverFactory`. */
  readonly createServer = (handler: Handler): Server => {
    const { limits, certificate, onRefused } = this.options
    const settings = {
      maxHeaderSize: limits.maxHeaderBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      keepAliveTimeout: limits.keepAliveMs,
      // Node would answer without a body; the routes answer in the envelope of every other error.
      requireHostHeader: false,
    }
    const server =
      certificate === null
        ? createServer(settings, handler)
        : createTlsServer(
            { ...settings, ...certificate.current(), minVersion, handshakeTimeout: limits.handshakeMs },
            handler,
          )
    if (certificate !== null && 'setSecureContext' in server) {
      // Connections that are open go on with the one they began with.
      certificate.onRenewed((renewed) => server.setSecureContext({ ...renewed, minVersion }))
    }
    if (certificate !== null) this.followHandshakes(server)
    // They are counted by the routes: Node would leave those out that come after the last it takes.
    server.maxHeadersCount = 0
    server.maxConnections = Math.ceil(limits.maxConnections * 1.1)
    server.setTimeout(limits.stalledMs, (socket: Socket) => this.endSilence(socket))
    server.on('connection', (socket: Socket) => this.count(socket))
    const slow = new SlowReaders(limits, (socket) => this.leave(socket))
    server.on(certificate === null ? 'connection' : 'secureConnection', (socket: Socket) => slow.follow(socket))
    server.on('drop', () => onRefused('too_many_connections'))
    // The routes look first whether the body is wanted at all.
    server.on('checkContinue', handler)
    server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
      answerExpectation(response)
      onRefused('expectation_failed')
    })
    server.on('connect', (_request: IncomingMessage, socket: Socket) => {
      answerUnrouted(socket, 'method_not_allowed', 'This is no proxy: CONNECT is not possible here.')
      onRefused('method_not_allowed')
    })
    return server
  }

  /** Did this connection come when there were enough already? */
  readonly isSurplus = (socket: Socket): boolean => this.surplus.has(socket)

  private count(socket: Socket): void {
    this.open += 1
    if (this.open > this.options.limits.maxConnections) this.surplus.add(socket)
    socket.on('close', () => (this.open -= 1))
  }

  /**
   * Nothing has moved on a connection for its time: Node sets it to one value while it waits for another request, and to
   * ours while one is served. An answer that is not there yet is not the caller's silence.
   */
  private endSilence(socket: Socket): void {
    if (socket.timeout === this.options.limits.stalledMs) {
      if (socket.writableLength > 0) this.leave(socket)
      return
    }
    socket.destroy()
  }

  private leave(socket: Socket): void {
    this.options.onStalled()
    socket.destroy()
  }

  /** Node closes what speaks HTTP when it is told to; who never got that far would be waited for. */
  readonly endHandshakes = (): void => {
    for (const socket of this.shaking.values()) socket.destroy()
  }

  private followHandshakes(server: Server): void {
    server.on('connection', (socket: Socket) => {
      const caller = callerOf(socket)
      this.shaking.set(caller, socket)
      socket.on('close', () => this.shaking.delete(caller))
    })
    server.on('secureConnection', (socket: Socket) => this.shaking.delete(callerOf(socket)))
  }

  /** For Fastify's `clientErrorHandler`: what Node could not read as HTTP, or as TLS. */
  readonly refuseUnparsed = (error: Error & { code?: string }, socket: Socket): void => {
    if ('secureConnecting' in socket && socket.secureConnecting === true) {
      // Nothing can be said to it, and nothing that was said would ever have gone out.
      socket.destroy()
      return
    }
    const [code, message] = unparsed.get(error.code ?? '') ?? notHttp
    // A connection that broke off has nobody to tell.
    if (error.code !== 'ECONNRESET' && socket.writable) this.options.onRefused(code)
    answerUnrouted(socket, code, message)
  }
}

function callerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}

const notHttp = ['invalid_request', 'This is not HTTP/1.1.'] as const

/** By Node's code (its documentation of `http`, event `clientError`, and llhttp's errors, version 24, read 2026-11-23). */
const unparsed: ReadonlyMap<string, readonly [code: GatewayErrorCode, message: string]> = new Map([
  ['HPE_HEADER_OVERFLOW', ['headers_too_large', 'The headers are too large.']],
  ['ERR_HTTP_REQUEST_TIMEOUT', ['request_timeout', 'The request took too long to come.']],
  ['HPE_INVALID_CONTENT_LENGTH', ['invalid_request', 'The header "content-length" is not one number.']],
  ['HPE_UNEXPECTED_CONTENT_LENGTH', ['invalid_request', 'The length of the body is given twice.']],
  ['HPE_INVALID_TRANSFER_ENCODING', ['invalid_request', 'The body may be "chunked", and nothing else.']],
  ['HPE_INVALID_HEADER_TOKEN', ['invalid_request', 'A header has a character that no header may have.']],
  ['HPE_INVALID_CHUNK_SIZE', ['invalid_request', 'The pieces of the body are not framed as "chunked" says.']],
])

const phrases: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  417: 'Expectation Failed',
  431: 'Request Header Fields Too Large',
}

function answerExpectation(response: ServerResponse): void {
  const { status, type } = gatewayErrors.expectation_failed
  const message = 'The header "expect" may only be "100-continue" here.'
  const body = JSON.stringify(renderError({ message, type, param: null, code: 'expectation_failed' }))
  // The body that comes all the same would be taken for another request.
  response.shouldKeepAlive = false
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

/** An answer by hand, and the end of the connection. Once anything has been answered on it, it may only be cut. */
function answerUnrouted(socket: Socket, code: GatewayErrorCode, message: string): void {
  if (socket.writable && socket.bytesWritten === 0) {
    const { status, type } = gatewayErrors[code]
    const body = JSON.stringify(renderError({ message, type, param: null, code }))
    const length = Buffer.byteLength(body)
    const head = `HTTP/1.1 ${status} ${phrases[status] ?? ''}\r\ncontent-type: application/json\r\ncontent-length: ${length}`
    socket.write(`${head}\r\nconnection: close\r\n\r\n${body}`)
  }
  socket.destroySoon()
}
