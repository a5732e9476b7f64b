/**
 * What is looked at before a request is routed and its body read: whether it is one request, meant for this gateway,
 * and whether there is room for it. Everything that is refused here is refused in the envelope of every other error.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { GatewayError } from '../../core/chat/errors.ts'
import type { ListenerLimits } from './limits.ts'

export interface AdmissionOptions {
  readonly limits: ListenerLimits
  /** Did this connection come when there were enough already? */
  readonly isSurplus: (socket: Socket) => boolean
  readonly isDraining: () => boolean
  /** Host names that may be asked for; null: any. */
  readonly allowedHosts: () => ReadonlySet<string> | null
  /** Are half of the places taken? */
  readonly isHalfFull: () => boolean
  /** Throws where there is no room for another request; see `makeRoom`. */
  readonly makeRoom: (request: IncomingMessage, response: ServerResponse) => void
  /** Throws where the caller's key is not one that is known. */
  readonly requireKnownCaller: (request: IncomingMessage) => void
}

/** Throws a `GatewayError` for a request that is not let in. */
export type Admission = (request: IncomingMessage, response: ServerResponse) => void

export function makeAdmission(options: AdmissionOptions): Admission {
  const { limits, isSurplus } = options
  const waiting = new WaitingRequests(limits.maxWaiting)
  return (request, response) => {
    // A caller that keeps its connection would come back to a gateway that is gone.
    if (options.isDraining()) response.shouldKeepAlive = false
    if (!isHealthPath(request.url)) {
      if (isSurplus(request.socket)) refuseSurplus(response)
      // A place is held while a body comes, and strangers may let theirs come slowly: half of the places are not for them.
      if (options.isHalfFull()) options.requireKnownCaller(request)
      options.makeRoom(request, response)
    }
    waiting.take(request, response)
    requireOneRequest(request, limits)
    const hosts = options.allowedHosts()
    if (hosts !== null) requireLocal(request, hosts)
    const coding = request.headers['content-encoding']
    if (coding !== undefined && coding.toLowerCase() !== 'identity') {
      const message = `A body in the coding "${coding}" cannot be read: send it as it is.`
      throw new GatewayError('unsupported_encoding', message)
    }
    if (mayBeLarge(request, limits)) options.requireKnownCaller(request)
    // The listener has made sure that this is what is expected, and nobody was told yet to send the body.
    if (request.headers.expect !== undefined && request.httpVersionMinor > 0) response.writeContinue()
  }
}

/** Whoever asks only whether we live must not be told that we do not. */
function isHealthPath(url: string | undefined): boolean {
  return url === '/healthz' || url === '/readyz'
}

function refuseSurplus(response: ServerResponse): void {
  response.shouldKeepAlive = false
  response.setHeader('retry-after', '1')
  throw new GatewayError('too_many_connections', 'There are too many connections; try again in a moment.')
}

/** Requests that were sent on a connection before the answer to the one in front of them (RFC 9112, section 9.3.2). */
class WaitingRequests {
  private readonly most: number
  private readonly counts = new WeakMap<Socket, number>()

  constructor(most: number) {
    this.most = most
  }

  take({ socket }: IncomingMessage, response: ServerResponse): void {
    // An answer has its connection as soon as it is its turn; nearly always that is at once.
    if (response.socket !== null) return
    const count = (this.counts.get(socket) ?? 0) + 1
    this.counts.set(socket, count)
    response.on('close', () => this.counts.set(socket, (this.counts.get(socket) ?? 1) - 1))
    if (count <= this.most) return
    response.shouldKeepAlive = false
    throw new GatewayError('invalid_request', `No more than ${this.most} requests may wait on one connection.`)
  }
}

function requireOneRequest(request: IncomingMessage, limits: ListenerLimits): void {
  const { rawHeaders, headers, url = '' } = request
  if (rawHeaders.length > limits.maxHeaders * 2) {
    throw new GatewayError('headers_too_large', `There are more than ${limits.maxHeaders} headers.`)
  }
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  if (hosts > 1 || (hosts === 0 && request.httpVersionMinor > 0)) {
    throw new GatewayError('invalid_request', 'The header "host" must be there once.')
  }
  // A request may name its whole address (RFC 9112, section 3.2.2), but then it must mean the host it says it means.
  if (url.startsWith('/') || url === '*') return
  const address = URL.parse(url)
  if (address?.host !== undefined && address.host !== '' && address.host === headers.host?.toLowerCase()) return
  throw new GatewayError('invalid_request', 'This is no proxy: ask for a path, or for the host that "host" names.')
}

/**
 * In open mode a name that leads here is not enough (any web site can have one), and neither is ours: a browser lets
 * every page post to it, and says which page it was.
 */
export function requireLocal({ headers }: IncomingMessage, hosts: ReadonlySet<string>): void {
  const host = hostOf(headers.host ?? '')
  if (!hosts.has(host)) throw new GatewayError('host_not_allowed', `The host "${host}" is not served here.`)
  const { origin } = headers
  if (origin === undefined || hosts.has(hostOf(origin.replace(/^[a-z]+:\/\//, '')))) return
  throw new GatewayError(
    'host_not_allowed',
    'Pages of other sites are not served here while no credentials are declared.',
  )
}

function hostOf(authority: string): string {
  const host = authority.toLowerCase()
  return host.startsWith('[') ? host.slice(0, host.indexOf(']') + 1) : (host.split(':')[0] ?? '')
}

function mayBeLarge({ headers }: IncomingMessage, limits: ListenerLimits): boolean {
  if (headers['transfer-encoding'] !== undefined) return true
  return Number(headers['content-length'] ?? 0) > limits.maxStrangersBytes
}
