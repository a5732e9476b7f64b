/** A listener that can be shut (connections are refused, as by a process that is gone) and opened again. */
import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Listener {
  readonly port: number
  connections(): number
  /** Refuses new connections and breaks those that are open. Does nothing when already shut. */
  shut(): Promise<void>
  /** Listens on the same port as before. Does nothing when already open. */
  open(): Promise<void>
}

/** `port` 0 takes a free one. Rejects with Node's own error when the port is taken. */
export async function openListener(handler: RequestListener, at: { host: string; port: number }): Promise<Listener> {
  // Idle connections are the caller's to close: a keep-alive timeout here would look like a flaky provider.
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 }, handler)
  let connections = 0
  server.on('connection', (socket) => {
    connections += 1
    socket.once('close', () => (connections -= 1))
    // A caller that resets its connection is no news: the exchange it was in sees the socket close.
    socket.on('error', () => {})
  })
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, at.host, () => {
        server.off('error', reject)
        resolve()
      })
    })
  await listen(at.port)
  const port = boundPort(server.address())
  return {
    port,
    connections: () => connections,
    shut: () =>
      new Promise((resolve) => {
        if (!server.listening) return resolve()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
    open: async () => {
      if (!server.listening) await listen(port)
    },
  }
}

function boundPort(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('a TCP listener has an address and a port')
  return address.port
}
