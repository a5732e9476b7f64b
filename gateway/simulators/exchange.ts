/** One request being answered: paced writing, the faults that break an answer, and the caller's hang-up. */
import type { ServerResponse } from 'node:http'
import { draw } from './draw.ts'
import type { OpenRecord, Recorder } from './records.ts'
import { now } from './records.ts'

export interface Pace {
  readonly firstContentMs: number
  readonly tokensPerSecond: number | null
  readonly jitter: number
  readonly slowness: number
  readonly extraMs: number
  readonly seed: number
}

export interface Exchange {
  readonly response: ServerResponse
  readonly record: OpenRecord
  readonly recorder: Recorder
  readonly pace: Pace
  /** Content chunks written so far. */
  chunksSent: number
  timer: NodeJS.Timeout | null
  /** Set when the simulator itself has ended the exchange, whole or broken. */
  ended: boolean
}

export interface PlainReply {
  readonly status: number
  readonly body: string
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Output tokens the answer's pace is counted by. */
  readonly tokens?: number
}

/** How a body stops short: with the socket destroyed, or silent and open. `after` counts content chunks. */
export interface Break {
  readonly how: 'cut' | 'stall'
  readonly after: number
}

export interface StreamReply {
  readonly contentType: string
  /** Each letter is one byte, and a break comes inside a frame. */
  readonly isBinary: boolean
  readonly headers?: Readonly<Record<string, string>>
  /** Sent at once. Where it is empty, the status line comes no sooner than the first content. */
  readonly head: string
  /** One entry a content chunk. */
  readonly content: readonly string[]
  readonly tail: string
  readonly broken: Break | null
}

/** Follows the exchange until it is over: a socket that closes before we ended is the caller's hang-up. */
export function openExchange(
  response: ServerResponse,
  record: OpenRecord,
  rest: Pick<Exchange, 'recorder' | 'pace'>,
): Exchange {
  const exchange: Exchange = { response, record, ...rest, chunksSent: 0, timer: null, ended: false }
  response.on('close', () => {
    if (exchange.timer !== null) clearTimeout(exchange.timer)
    if (exchange.ended) return
    exchange.ended = true
    rest.recorder.aborted(record, exchange.chunksSent)
  })
  return exchange
}

/** The simulator breaks the connection itself. */
export function breakOff(exchange: Exchange, how: 'destroy' | 'reset'): void {
  markEnded(exchange)
  const { socket } = exchange.response
  if (how === 'reset') socket?.resetAndDestroy()
  else socket?.destroy()
}

/** Answers with one document, after the time its first content and its tokens would take. */
export function sendPlain(exchange: Exchange, reply: PlainReply, broken: Break['how'] | null = null): void {
  const { pace, response } = exchange
  const tokensMs = pace.tokensPerSecond === null ? 0 : ((reply.tokens ?? 0) * 1000) / pace.tokensPerSecond
  after(exchange, stretch(pace, pace.firstContentMs + tokensMs), () => {
    exchange.record.status = reply.status
    response.writeHead(reply.status, {
      'content-type': reply.contentType ?? 'application/json',
      'content-length': Buffer.byteLength(reply.body),
      ...reply.headers,
    })
    exchange.record.firstContentAt = now()
    if (broken === null) {
      markEnded(exchange)
      response.end(reply.body)
    } else {
      const half = reply.body.slice(0, Math.ceil(reply.body.length / 2))
      response.write(half, () => broken === 'cut' && breakOff(exchange, 'destroy'))
    }
  })
}

/** Sends the head at once, then each content chunk when it is due, then the tail. */
export function sendStream(exchange: Exchange, reply: StreamReply): void {
  const { response, record, pace } = exchange
  record.status = 200
  response.writeHead(200, {
    'content-type': reply.contentType,
    'cache-control': 'no-cache',
    ...reply.headers,
  })
  const firstDueMs = stretch(pace, pace.firstContentMs)
  if (firstDueMs === 0 && pace.tokensPerSecond === null) return sendRest(exchange, reply, reply.head)
  if (reply.head !== '') response.write(reply.head, encodingOf(reply))
  if (pace.tokensPerSecond === null) return after(exchange, firstDueMs, () => sendRest(exchange, reply, ''))
  const gapMs = (pace.slowness * 1000) / pace.tokensPerSecond
  const startedAt = performance.now() + firstDueMs
  const dueAt = (chunk: number) => startedAt + gapMs * (chunk + jitterOf(pace, chunk))
  // Due times are counted from the start, so that a timer that fires late does not slow the whole stream down.
  const tick = (): void => {
    while (exchange.chunksSent < lengthOf(reply) && dueAt(exchange.chunksSent) <= performance.now()) {
      if (exchange.chunksSent === 0) record.firstContentAt = now()
      response.write(reply.content[exchange.chunksSent] ?? '', encodingOf(reply))
      exchange.chunksSent += 1
    }
    if (exchange.chunksSent >= lengthOf(reply)) sendRest(exchange, reply, '')
    else after(exchange, dueAt(exchange.chunksSent) - performance.now(), tick)
  }
  after(exchange, firstDueMs, tick)
}

/** Whatever is still owed, in one write. */
function sendRest(exchange: Exchange, reply: StreamReply, head: string): void {
  const { response, record } = exchange
  const length = lengthOf(reply)
  const rest = reply.content.slice(exchange.chunksSent, length).join('')
  const encoding = encodingOf(reply)
  if (rest !== '') record.firstContentAt ??= now()
  exchange.chunksSent = length
  if (reply.broken === null) {
    markEnded(exchange)
    response.end(head + rest + reply.tail, encoding)
  } else if (reply.broken.how === 'stall') {
    response.write(head + rest + tornFrame(reply), encoding)
  } else {
    // An empty write is never called back, and the headers must be out before the socket goes.
    response.write(head + rest + tornFrame(reply) || '\n', encoding, () => breakOff(exchange, 'destroy'))
  }
}

function encodingOf({ isBinary }: StreamReply): 'latin1' | 'utf8' {
  return isBinary ? 'latin1' : 'utf8'
}

/** The beginning of the frame that would have come next. */
function tornFrame(reply: StreamReply): string {
  const next = reply.isBinary ? (reply.content[lengthOf(reply)] ?? reply.tail) : ''
  return next.slice(0, Math.ceil(next.length / 2))
}

function lengthOf(reply: StreamReply): number {
  return reply.broken === null ? reply.content.length : Math.min(reply.broken.after, reply.content.length)
}

function after(exchange: Exchange, delayMs: number, act: () => void): void {
  if (delayMs <= 0) act()
  else exchange.timer = setTimeout(act, delayMs)
}

/** A wait for first content with this exchange's slowness and jitter in it. */
function stretch(pace: Pace, ms: number): number {
  return ms * pace.slowness * (1 + jitterOf(pace, 0)) + pace.extraMs
}

function jitterOf(pace: Pace, purpose: number): number {
  return pace.jitter === 0 ? 0 : pace.jitter * (2 * draw(pace.seed, purpose, 101) - 1)
}

function markEnded(exchange: Exchange): void {
  if (exchange.ended) return
  exchange.ended = true
  exchange.recorder.ended(exchange.record)
}
