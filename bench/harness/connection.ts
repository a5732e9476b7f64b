/** The caller side: one keep-alive socket, one request at a time, replies read with as little work as can be. */
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import { contentMark } from './wire.ts'

export interface Exchange {
  /** Content marks seen so far in a streamed reply, each time there are more. */
  readonly onContent?: (seen: number) => void
  readonly onDone: () => void
}

export interface Connection {
  send(request: Buffer, exchange: Exchange): void
  close(): void
}

/** Anything but a whole 200 is an error of the run: a bench of failures would look fast. */
export function openConnection(port: number, onError: (error: Error) => void): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(converse(socket, onError))
    })
  })
}

const headEnd = Buffer.from('\r\n\r\n')
const bodyEnd = '0\r\n\r\n'

function converse(socket: Socket, onError: (error: Error) => void): Connection {
  let exchange: Exchange | null = null
  /** Bytes still to come of a reply with a length; null: not known yet; -1: chunked. */
  let left: number | null = null
  let head: Buffer = Buffer.alloc(0)
  let seen = 0
  let tail = ''
  const fail = (message: string): void => {
    socket.destroy()
    onError(new Error(message))
  }
  const finish = (): void => {
    const done = exchange
    exchange = null
    left = null
    head = Buffer.alloc(0)
    done?.onDone()
  }
  const readBody = (bytes: Buffer): void => {
    if (left === null || exchange === null) return fail('bytes came that nobody asked for')
    if (left >= 0) {
      left -= bytes.length
      return left === 0 ? finish() : undefined
    }
    const before = seen
    for (let at = bytes.indexOf(contentMark); at >= 0; at = bytes.indexOf(contentMark, at + 1)) seen += 1
    if (seen > before) exchange.onContent?.(seen)
    tail =
      bytes.length >= bodyEnd.length
        ? bytes.toString('latin1', bytes.length - bodyEnd.length)
        : (tail + bytes.toString('latin1')).slice(-5)
    if (tail === bodyEnd) finish()
  }
  socket.on('data', (part) => {
    if (left !== null) return readBody(part)
    head = head.length === 0 ? part : Buffer.concat([head, part])
    const end = head.indexOf(headEnd)
    if (end < 0) return
    const text = head.toString('latin1', 0, end)
    if (!text.startsWith('HTTP/1.1 200')) return fail(`not a 200: ${head.toString().slice(0, 500)}`)
    left = Number(/content-length: *(\d+)/i.exec(text)?.[1] ?? -1)
    seen = 0
    tail = ''
    const rest = head.subarray(end + headEnd.length)
    if (rest.length > 0) readBody(rest)
  })
  socket.on('error', (error) => onError(error))
  socket.on('close', () => exchange !== null && fail('the connection closed in the middle of a reply'))
  return {
    send(request, next) {
      exchange = next
      socket.write(request)
    },
    close() {
      exchange = null
      socket.destroy()
    },
  }
}
