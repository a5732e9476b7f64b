/**
 * A way through an HTTP proxy: it is asked by CONNECT (RFC 9110, section 9.3.6) for a connection to the provider, for
 * http addresses as well, and from then on passes bytes on without reading them.
 */
import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { ConnectFailure, describeConnectError } from './connect-failure.ts'

export interface TunnelOptions {
  /** `http://host:port` or `https://host:port`. */
  readonly proxy: string
  /** `host:port` to be connected with. */
  readonly target: string
  /** What a proxy that is itself reached over TLS must be vouched for by; undefined: the public authorities. */
  readonly ca: string | undefined
}

type Opened = (error: ConnectFailure | null, socket: Socket | null) => void

/** What a proxy may say before it has said yes or no. */
const longestAnswer = 16 * 1024

/** Opens a tunnel and calls back once. The socket that is returned may be destroyed before that, to give up. */
export function openTunnel(options: TunnelOptions, opened: Opened): Socket {
  const { target } = options
  const socket = connectToProxy(options)
  const parts: Buffer[] = []
  const leave = (): void => {
    socket.off('readable', read).off('error', onError).off('end', onEnd).off('close', onEnd)
  }
  const fail = (failure: ConnectFailure): void => {
    leave()
    // Whatever it says while it goes down concerns nobody any more.
    socket.on('error', () => {}).destroy()
    opened(failure, null)
  }
  const onError = (error: Error): void =>
    fail(new ConnectFailure(describeConnectError(error, 'the proxy'), { cause: error }))
  const onEnd = (): void => fail(new ConnectFailure('the proxy closed the connection without an answer'))
  const read = (): void => {
    for (;;) {
      const part: unknown = socket.read()
      if (!Buffer.isBuffer(part)) return
      parts.push(part)
      const bytes = Buffer.concat(parts)
      const end = bytes.indexOf('\r\n\r\n')
      if (end < 0 && bytes.length <= longestAnswer) continue
      const refusal = end < 0 ? 'the proxy does not answer as a proxy' : refusalIn(bytes.subarray(0, end))
      if (refusal !== null) return fail(new ConnectFailure(refusal))
      leave()
      // The provider may have spoken already.
      if (bytes.length > end + 4) socket.unshift(bytes.subarray(end + 4))
      opened(null, socket)
      return
    }
  }
  socket.on('readable', read).on('error', onError).on('end', onEnd).on('close', onEnd)
  socket.setNoDelay(true).setKeepAlive(true, 60_000)
  socket.write(`CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n\r\n`)
  return socket
}

function connectToProxy({ proxy, ca }: TunnelOptions): Socket {
  const { protocol, hostname, port } = new URL(proxy)
  const host = hostname.replace(/^\[|\]$/g, '')
  if (protocol === 'http:') return connectPlain({ host, port: port === '' ? 80 : Number(port) })
  return connectTls({
    host,
    port: port === '' ? 443 : Number(port),
    ALPNProtocols: ['http/1.1'],
    ...(ca !== undefined && { ca }),
    // A name is asked for by name; an address is not (RFC 6066, section 3).
    ...(/[a-z]/i.test(host) && !host.includes(':') && { servername: host }),
  })
}

/** Null for a yes. What a proxy says beside its status is for people at a browser, and is not repeated. */
function refusalIn(head: Buffer): string | null {
  const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |\r|$)/.exec(head.toString('latin1'))?.[1] ?? 0)
  if (status >= 200 && status < 300) return null
  if (status === 0) return 'the proxy does not answer as a proxy'
  if (status === 407)
    return 'the proxy asks for a login (407), and a connection cannot give one: let this machine through'
  return `the proxy refuses to connect to the provider (${status})`
}
