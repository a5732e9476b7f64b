/** An HTTP proxy that knows nothing but CONNECT, over TCP or TLS. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Certificate } from './certificates.ts'

export interface TestProxy {
  /** `http://127.0.0.1:PORT` or `https://…`. */
  readonly url: string
  /** The targets that were asked for, in order, as `host:port`. */
  readonly asked: readonly string[]
  /** Everything that was said to it before the tunnel stood. */
  readonly heads: readonly string[]
  /** Every byte that went through towards the target. */
  readonly passed: () => Buffer
  readonly close: () => Promise<void>
}

export interface TestProxyOptions {
  readonly certificate?: Certificate
  /** What is said to a CONNECT instead of opening a tunnel; an empty text: nothing at all. */
  readonly refuse?: string
  /** Ends the connection after `refuse`. */
  readonly hangUp?: boolean
}

export async function startTestProxy(options: TestProxyOptions = {}): Promise<TestProxy> {
  const { certificate, refuse, hangUp } = options
  const asked: string[] = []
  const heads: string[] = []
  const passed: Buffer[] = []
  const sockets = new Set<Socket>()
  const keep = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  }
  const serve = (socket: Socket): void => {
    keep(socket)
    let head = Buffer.alloc(0)
    const onData = (part: Buffer): void => {
      head = Buffer.concat([head, part])
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      socket.off('data', onData)
      const text = head.subarray(0, end).toString('latin1')
      const target = /^CONNECT (\S+) HTTP\/1\.1\r\n/.exec(text)?.[1] ?? ''
      heads.push(text)
      asked.push(target)
      if (refuse !== undefined) {
        socket.write(refuse)
        if (hangUp === true) socket.end()
        return
      }
      const colon = target.lastIndexOf(':')
      const onward = connect({ host: target.slice(0, colon), port: Number(target.slice(colon + 1)) })
      keep(onward)
      onward.once('connect', () => {
        socket.write('HTTP/1.1 200 Connection established\r\nvia: test\r\n\r\n')
        socket.on('data', (bytes: Buffer) => {
          passed.push(bytes)
          onward.write(bytes)
        })
        onward.pipe(socket)
        socket.on('close', () => onward.destroy())
      })
    }
    socket.on('data', onData)
  }
  const server = certificate === undefined ? createServer(serve) : createTlsServer({ ...certificate }, serve)
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server has an address and a port once it listens.
  const { port } = server.address() as AddressInfo
  return {
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    asked,
    heads,
    passed: () => Buffer.concat(passed),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
