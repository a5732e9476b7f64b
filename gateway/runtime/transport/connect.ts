/**
 * How a connection to a provider is made: directly or through the operator's proxy, with the operator's certificates,
 * over HTTP/1.1 or, where the connection allows it and the provider agrees, HTTP/2. Nothing of the environment is looked
 * at: neither `HTTPS_PROXY` nor `NO_PROXY` changes where a request goes, only the manifest does.
 */
import type { Socket } from 'node:net'
import { buildConnector, errors } from 'undici'
import type { Connection } from '../../core/routing/table.ts'
import { longestTimerMs } from '../longest-timer.ts'
import { codeOf } from './failures.ts'
import { shareLookups } from './lookup.ts'
import { skipContinue } from './skip-continue.ts'
import { ConnectFailure, describeConnectError, describeTlsTrouble } from './connect-failure.ts'
import type { TlsMaterial } from './tls-material.ts'
import { openTunnel } from './tunnel.ts'

export interface ConnectorOptions {
  readonly connection: Connection
  /** Null: a part of it is missing, so that no connection may be made. */
  readonly material: TlsMaterial | null
  /** Told of every connection that could not be made, in words for the operator. */
  readonly onProblem: (problem: string) => void
}

type Connector = buildConnector.connector
type ConnectOptions = buildConnector.Options
type Done = (error: Error | null, socket: Socket | null) => void

export function connectorOf({ connection, material, onProblem }: ConnectorOptions): Connector {
  if (material === null) return refuseAll
  const { http2, proxy, tls } = connection
  const timeout = Math.min(connection.connectTimeoutMs, longestTimerMs)
  const direct = buildConnector({ ...material, timeout, allowH2: http2, preferH2: http2, lookup: shareLookups() })
  const viaProxy = proxy === null ? null : throughProxy({ direct, proxy, ca: material.ca, timeout })
  return (options, callback) => {
    const finish: Done = (error, socket) => {
      if (error !== null || socket === null) {
        const failure = asFailure(error)
        onProblem(failure.message)
        callback(failure, null)
        return
      }
      if (!('alpnProtocol' in socket) || socket.alpnProtocol !== 'h2') skipContinue(socket)
      endOnAlert(socket, onProblem)
      callback(null, socket)
    }
    const named = tls?.serverName === null || tls === null ? options : { ...options, servername: tls.serverName }
    if (viaProxy === null) direct(named, finish)
    else viaProxy(named, finish)
  }
}

/**
 * In TLS 1.3 a provider says only after the handshake that it does not take our certificate. Node tells the alert and
 * then the end of the stream; unless the first of them ends the connection, all that is left is that it was closed.
 */
function endOnAlert(socket: Socket, onProblem: ConnectorOptions['onProblem']): void {
  socket.prependListener('error', (error: Error) => {
    const trouble = describeTlsTrouble(codeOf(error), 'the provider')
    if (trouble === null || socket.destroyed) return
    onProblem(trouble)
    socket.destroy(error)
  })
}

const refuseAll: Connector = (_options, callback) => {
  callback(new ConnectFailure('a certificate or key of this connection is missing'), null)
}

/** undici takes some codes for a sign to try again, or for ever: it gets one of ours, except for time running out. */
function asFailure(error: Error | null): Error {
  if (error === null) return new ConnectFailure('no connection was made')
  if (error instanceof ConnectFailure || error instanceof errors.ConnectTimeoutError) return error
  if (codeOf(error) === 'ETIMEDOUT') return error
  return new ConnectFailure(describeConnectError(error, 'the provider'), { cause: error })
}

interface ProxyOptions {
  readonly direct: Connector
  readonly proxy: string
  readonly ca: string | undefined
  /** Milliseconds for all of it: to the proxy, through it, and TLS with the provider. */
  readonly timeout: number
}

function throughProxy({ direct, proxy, ca, timeout }: ProxyOptions): Connector {
  return (options, callback) => {
    let over = false
    const finish: Done = (error, socket) => {
      if (over) {
        socket?.destroy()
        return
      }
      over = true
      clearTimeout(timer)
      if (error !== null || socket === null) callback(error ?? new ConnectFailure('no connection was made'), null)
      else callback(null, socket)
    }
    const tunnel = openTunnel({ proxy, target: authorityOf(options), ca }, (error, socket) => {
      if (error !== null || socket === null || over) finish(error, socket)
      else if (options.protocol === 'https:') direct({ ...options, httpSocket: socket }, finish)
      else finish(null, socket)
    })
    const timer = setTimeout(() => {
      finish(new errors.ConnectTimeoutError('the connection through the proxy took too long'), null)
      tunnel.destroy()
    }, timeout)
  }
}

/** `host:port`, as a proxy is asked for it. */
function authorityOf({ hostname, port, protocol }: ConnectOptions): string {
  const host = hostname.includes(':') ? `[${hostname}]` : hostname
  return `${host}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`
}
