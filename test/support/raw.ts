/** HTTP by hand: callers and providers that do what no well-behaved library would. */
import type { AddressInfo, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'
import type { Certificate } from './certificates.ts'
import { until } from './gateway.ts'

export interface RawCaller {
  readonly socket: Socket
  /** Everything that has come so far. */
  received(): string
  closed(): boolean
  /** Waits until what has come matches. */
  receives(pattern: RegExp, withinMs?: number): Promise<string>
  ends(withinMs?: number): Promise<string>
}

/** Connects to a gateway and sends these bytes. */
export async function callRaw(url: string, bytes: string | Uint8Array = ''): Promise<RawCaller> {
  const { protocol, hostname, port } = new URL(url)
  const to = { host: hostname, port: Number(port) }
  // Who the other side is makes no difference to what these callers test.
  const socket = protocol === 'https:' ? connectTls({ ...to, rejectUnauthorized: false }) : connect(to)
  const parts: Buffer[] = []
  let closed = false
  socket.on('data', (part: Buffer) => parts.push(part))
  socket.on('close', () => (closed = true))
  socket.on('error', () => {})
  const ready = protocol === 'https:' ? 'secureConnect' : 'connect'
  await new Promise<void>((resolve) => socket.once(ready, () => resolve()))
  socket.write(bytes)
  const received = () => Buffer.concat(parts).toString()
  return {
    socket,
    received,
    closed: () => closed,
    receives: async (pattern, withinMs = 5000) => {
      await until(`${String(pattern)} came`, () => pattern.test(received()), withinMs)
      return received()
    },
    ends: async (withinMs = 5000) => {
      await until('the gateway closed the connection', () => closed, withinMs)
      return received()
    },
  }
}

/** A chat request as text. */
export function chatText(body: unknown, more: { version?: string; headers?: readonly string[] } = {}): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const headers = ['host: localhost', `content-length: ${Buffer.byteLength(text)}`, ...(more.headers ?? [])]
  return `POST /v1/chat/completions HTTP/${more.version ?? '1.1'}\r\n${headers.join('\r\n')}\r\n\r\n${text}`
}

export interface RawRequest {
  readonly socket: Socket
  readonly head: string
  readonly body: string
  /** Counts requests, from 0. */
  readonly number: number
  /** Counts requests on this connection, from 0. */
  readonly onConnection: number
}

export interface RawProvider {
  readonly baseUrl: string
  readonly requests: readonly RawRequest[]
  /** Connections ever accepted. */
  accepted(): number
  open(): number
  close(): Promise<void>
}

/** A provider whose every byte the test writes. Requests must come with a content-length, as ours do. */
export async function startRawProvider(
  answer: (request: RawRequest) => void,
  { certificate }: { readonly certificate?: Certificate } = {},
): Promise<RawProvider> {
  const requests: RawRequest[] = []
  const sockets = new Set<Socket>()
  let accepted = 0
  const serve = (socket: Socket): void => {
    accepted += 1
    sockets.add(socket)
    let onConnection = 0
    let bytes = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (part: Buffer) => {
      bytes = Buffer.concat([bytes, part])
      for (;;) {
        const end = bytes.indexOf('\r\n\r\n')
        if (end < 0) return
        const head = bytes.subarray(0, end).toString()
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
        if (bytes.length < end + 4 + length) return
        const body = bytes.subarray(end + 4, end + 4 + length).toString()
        bytes = bytes.subarray(end + 4 + length)
        const request = { socket, head, body, number: requests.length, onConnection }
        onConnection += 1
        requests.push(request)
        answer(request)
      }
    })
  }
  const server = certificate === undefined ? createServer(serve) : createTlsServer({ ...certificate }, serve)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server has an address and a port once it listens.
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}/v1`,
    requests,
    accepted: () => accepted,
    open: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

export const completionText = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'fine' }, finish_reason: 'stop' }],
})

export function plainReply(body: string, more: { status?: string; headers?: readonly string[] } = {}): string {
  const headers = [
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...(more.headers ?? []),
  ]
  return `HTTP/1.1 ${more.status ?? '200 OK'}\r\n${headers.join('\r\n')}\r\n\r\n${body}`
}

export function chunkEvent(delta: object, finishReason: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finishReason }]
  return `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices })}\n\n`
}

/** The head of a stream whose end is the end of the connection. */
export const streamHead = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n'
