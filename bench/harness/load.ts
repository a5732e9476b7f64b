/** Ways to load a subject. Load and provider live in one process, so one clock times both ends of a proxy. */
import type { Connection } from './connection.ts'
import { openConnection } from './connection.ts'
import type { Upstream } from './upstream.ts'
import type { StreamBytes } from './wire.ts'

export interface ClosedLoop {
  readonly port: number
  readonly request: Buffer
  readonly count: number
  readonly concurrency: number
}

/** Every connection sends its next request as soon as it has its reply: the subject is never out of work. */
export async function runPlain(upstream: Upstream, load: ClosedLoop & { readonly reply: Buffer }): Promise<void> {
  upstream.handle = ({ socket }) => void socket.write(load.reply)
  let left = load.count
  await withConnections(load, (connection, finished) => {
    const next = (): void => {
      if (left === 0) return finished()
      left -= 1
      connection.send(load.request, { onDone: next })
    }
    next()
  })
}

interface OpenStream {
  advance(seen: number): void
}

const numberAt = 'stream #'

/** The prompt of a stream that the provider must tell from its neighbours. */
export function streamPrompt(number: number): string {
  return `${numberAt}${String(number).padStart(6, '0')}: say something long.`
}

/**
 * Streams in lock step: the provider sends a chunk when the caller has the one before, so that every chunk is a
 * network read of its own at full load, for whatever is measured alike. `requests` holds one request a connection.
 */
export async function runStreams(
  upstream: Upstream,
  load: Omit<ClosedLoop, 'request'> & { readonly requests: readonly Buffer[]; readonly stream: StreamBytes },
): Promise<void> {
  const { head, content, tail } = load.stream
  const open: (OpenStream | undefined)[] = []
  const opened = Buffer.concat([head, content[0] ?? Buffer.alloc(0)])
  upstream.handle = ({ socket, body }) => {
    let sent = 1
    open[streamNumber(body)] = {
      advance(seen) {
        if (seen < sent) return
        if (sent === content.length) return void socket.write(tail)
        socket.write(content[sent] ?? tail)
        sent += 1
      },
    }
    // Role and first content together: a gateway may hold the role back until there is content.
    socket.write(opened)
  }
  let left = load.count
  await withConnections(load, (connection, finished, number) => {
    const request = load.requests[number]
    if (request === undefined) throw new Error('a request is needed for each connection')
    const next = (): void => {
      if (left === 0) return finished()
      left -= 1
      connection.send(request, { onContent: (seen) => open[number]?.advance(seen), onDone: next })
    }
    next()
  })
}

function streamNumber(body: Buffer): number {
  const at = body.indexOf(numberAt)
  return Number(body.toString('latin1', at + numberAt.length, at + numberAt.length + 6))
}

export interface OpenLoop {
  readonly port: number
  readonly request: Buffer
  readonly perSecond: number
  readonly seconds: number
}

/** Latencies in milliseconds, counted from when each request was due: one that waits behind another has waited. */
export async function runAtRate(upstream: Upstream, load: OpenLoop & { readonly reply: Buffer }): Promise<number[]> {
  upstream.handle = ({ socket }) => void socket.write(load.reply)
  const latencies: number[] = []
  await runDue(load, (connection, dueAt, done) => {
    connection.send(load.request, {
      onDone: () => {
        latencies.push(performance.now() - dueAt)
        done()
      },
    })
  })
  return latencies
}

/** Like a model: the head at once, the first content so much later. */
const thinkingMs = 15

/** Milliseconds from the provider's write of the first content to the caller's read of it, per stream. */
export async function runFirstChunks(
  upstream: Upstream,
  load: OpenLoop & { readonly stream: StreamBytes },
): Promise<number[]> {
  const { head, content, tail } = load.stream
  const held: number[] = []
  const writtenAt = new Map<number, number>()
  upstream.handle = ({ socket, body }) => {
    const number = streamNumber(body)
    socket.write(head)
    setTimeout(() => {
      writtenAt.set(number, performance.now())
      socket.write(content[0] ?? tail)
      setTimeout(() => socket.write(Buffer.concat([...content.slice(1), tail])), thinkingMs)
    }, thinkingMs)
  }
  let number = 0
  await runDue(load, (connection, _dueAt, done) => {
    number += 1
    const mine = number
    // Same length, so the ready-made request only needs its number put in.
    const request = Buffer.from(load.request)
    request.write(String(mine).padStart(6, '0'), request.indexOf(numberAt) + numberAt.length, 'latin1')
    connection.send(request, {
      onContent: (seen) => {
        const written = writtenAt.get(mine)
        if (written === undefined || !writtenAt.delete(mine)) return
        if (seen >= 1) held.push(performance.now() - written)
      },
      onDone: done,
    })
  })
  return held
}

type SendDue = (connection: Connection, dueAt: number, done: () => void) => void

/** Sends at fixed times, on an idle connection or a new one, and resolves when all are answered. */
async function runDue(load: OpenLoop, send: SendDue): Promise<void> {
  const count = Math.round(load.perSecond * load.seconds)
  const gapMs = 1000 / load.perSecond
  const pool: Connection[] = []
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  // Enough for the usual case, so that no handshake is measured; more are opened if the subject falls behind.
  const all = await Promise.all(Array.from({ length: 32 }, () => openConnection(load.port, reject)))
  pool.push(...all)
  const startAt = performance.now() + 10
  let sent = 0
  let answered = 0
  const dispatch = (connection: Connection, dueAt: number): void =>
    send(connection, dueAt, () => {
      pool.push(connection)
      answered += 1
      if (answered === count) resolve()
    })
  const spin = (): void => {
    for (
      let dueAt = startAt + sent * gapMs;
      sent < count && dueAt <= performance.now();
      dueAt = startAt + sent * gapMs
    ) {
      sent += 1
      const idle = pool.pop()
      if (idle !== undefined) {
        dispatch(idle, dueAt)
        continue
      }
      const due = dueAt
      openConnection(load.port, reject).then((connection) => {
        all.push(connection)
        dispatch(connection, due)
      }, reject)
    }
    // Polling rather than a timer: timers are late by up to a millisecond, which is more than what is measured.
    if (answered < count) setImmediate(spin)
  }
  spin()
  try {
    await promise
  } finally {
    // Whatever went wrong, the polling must end.
    answered = count
    for (const connection of all) connection.close()
  }
}

type Drive = (connection: Connection, finished: () => void, number: number) => void

async function withConnections(load: Pick<ClosedLoop, 'port' | 'concurrency'>, drive: Drive): Promise<void> {
  const { promise: failed, reject } = Promise.withResolvers<never>()
  const opening = Array.from({ length: load.concurrency }, () => openConnection(load.port, reject))
  const connections = await Promise.all(opening)
  const driven = connections.map(
    (connection, number) => new Promise<void>((resolve) => drive(connection, resolve, number)),
  )
  try {
    await Promise.race([Promise.all(driven), failed])
  } finally {
    for (const connection of connections) connection.close()
  }
}
