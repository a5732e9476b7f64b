/**
 * The provider side of the bench: raw sockets and ready-made bytes. `gateway/simulators` is the honest simulator; this
 * one is only cheap (it does not parse JSON), because it shares a core with the load.
 */
import type { Socket } from 'node:net'
import { createServer } from 'node:net'

export interface UpstreamRequest {
  readonly socket: Socket
  /** Whole body. */
  readonly body: Buffer
}

export interface Upstream {
  readonly port: number
  /** What is done with each request; set by the load before it starts. */
  handle: (request: UpstreamRequest) => void
  close(): Promise<void>
}

export async function startUpstream(): Promise<Upstream> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    readRequests(socket, (request) => upstream.handle(request))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP listener has a port')
  const upstream: Upstream = {
    port: address.port,
    handle: ({ socket }) => socket.destroy(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
  return upstream
}

const headEnd = Buffer.from('\r\n\r\n')

/** One request at a time and connection, with a content-length: all that a proxy's pool sends us. */
function readRequests(socket: Socket, onRequest: (request: UpstreamRequest) => void): void {
  let parts: Buffer[] = []
  let have = 0
  let bodyFrom = -1
  let need = -1
  socket.on('data', (part) => {
    parts.push(part)
    have += part.length
    if (need < 0) {
      const bytes = parts.length === 1 ? part : Buffer.concat(parts)
      const end = bytes.indexOf(headEnd)
      if (end < 0) return
      bodyFrom = end + headEnd.length
      need = bodyFrom + contentLength(bytes.toString('latin1', 0, end))
    }
    if (have < need) return
    const bytes = parts.length === 1 ? part : Buffer.concat(parts)
    const body = bytes.subarray(bodyFrom, need)
    parts = []
    have = 0
    need = -1
    onRequest({ socket, body })
  })
}

function contentLength(head: string): number {
  const found = /content-length: *(\d+)/i.exec(head)?.[1]
  if (found === undefined) throw new Error('the bench provider needs requests with a content-length')
  return Number(found)
}
