/** Writes one answer to the caller: a plain body, or a stream in the order it came. */
import type { ServerResponse } from 'node:http'
import type { ErrorEnvelope } from '../../core/chat/errors.ts'

export interface ReplyHead {
  readonly status: number
  readonly requestId: string
  readonly route: string | null
  readonly target: string | null
  readonly revision: string
  readonly attempts: number
  readonly overheadMs: number
  readonly lost: readonly string[]
  readonly retryAfterMs: number | null
  readonly exhausted: boolean
}

/** Where an execution puts its answer. */
export interface ReplySink {
  openStream(head: ReplyHead): void
  /** False: the caller takes no more for now; `Execution.resume` is called once it does. */
  write(text: string): boolean
  endStream(text: string): void
  sendPlain(head: ReplyHead, body: string): void
  /** The caller is gone; nothing is written. */
  drop(): void
}

/** Characters that may wait for the spool, which may have no disk for a while. */
const mostWaiting = 1024 * 1024

export class HttpReply implements ReplySink {
  private readonly response: ServerResponse
  /** Chunks that came while the stream's first line was still on its way to the spool. */
  private waiting = ''
  private heldUp = false
  private opened = false
  private framesChunks = false

  constructor(response: ServerResponse) {
    this.response = response
  }

  openStream(head: ReplyHead): void {
    this.opened = true
    const { response, waiting } = this
    if (response.destroyed) return
    response.writeHead(head.status, [
      'content-type',
      'text/event-stream; charset=utf-8',
      'cache-control',
      'no-cache',
      ...headersOf(head),
    ])
    // Node sends each piece of a chunked body as three writes (size, data, line end). Once the head is fixed we frame
    // the pieces ourselves, as one: that is a fifth of what a long stream costs.
    this.framesChunks = response.chunkedEncoding
    response.chunkedEncoding = false
    this.waiting = ''
    if (waiting === '') response.flushHeaders()
    // Whoever was held up meanwhile is let go on: by the drain that follows a full write, or by this.
    else if (this.write(waiting) && this.heldUp) response.emit('drain')
  }

  write(text: string): boolean {
    if (text === '') return true
    if (this.opened) return this.response.destroyed || this.response.write(this.frame(text))
    this.waiting += text
    this.heldUp ||= this.waiting.length > mostWaiting
    return !this.heldUp
  }

  endStream(text: string): void {
    if (this.response.destroyed) return
    this.response.end(this.framesChunks ? `${this.frame(text)}0\r\n\r\n` : text)
  }

  sendPlain(head: ReplyHead, body: string): void {
    const { response } = this
    if (response.destroyed) return
    response.writeHead(head.status, [
      'content-type',
      'application/json',
      'content-length',
      String(Buffer.byteLength(body)),
      ...headersOf(head),
    ])
    // As text and not as bytes, so that head and body go out in one write.
    response.end(body)
  }

  drop(): void {
    this.response.destroy()
  }

  /** One piece of a chunked body (RFC 9112, section 7.1); an HTTP/1.0 caller gets it bare. */
  private frame(text: string): string {
    return this.framesChunks ? `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n` : text
  }
}

function headersOf(head: ReplyHead): string[] {
  const headers = [
    'x-request-id',
    head.requestId,
    'x-aigw-revision',
    head.revision,
    'x-aigw-attempts',
    String(head.attempts),
    'x-aigw-overhead-ms',
    head.overheadMs.toFixed(3),
  ]
  if (head.route !== null) headers.push('x-aigw-route', headerSafe(head.route))
  if (head.target !== null) headers.push('x-aigw-target', headerSafe(head.target))
  if (head.lost.length > 0) headers.push('x-aigw-lost', listLost(head.lost))
  if (head.retryAfterMs !== null) headers.push('retry-after', String(Math.ceil(head.retryAfterMs / 1000)))
  if (head.exhausted) headers.push('x-should-retry', 'false')
  return headers
}

/** A header carries visible ASCII only; what a name holds beyond that is percent-encoded. */
function headerSafe(text: string): string {
  return /^[\x21-\x7e ]*$/.test(text) ? text : encodeURIComponent(text.toWellFormed())
}

/** Characters; proxies of the caller's take 4 kB for all headers of an answer together. */
const longestLost = 1024

/** As many as fit, and how many do not: the record has all of them. */
function listLost(lost: readonly string[]): string {
  let list = ''
  for (const [index, name] of lost.entries()) {
    const longer = `${list}${index === 0 ? '' : ', '}${headerSafe(name)}`
    if (longer.length > longestLost) return `${list}${index === 0 ? '' : ', '}...;more=${lost.length - index}`
    list = longer
  }
  return list
}

/** An error outside any execution: no route was asked, no attempt made. */
export function sendError(
  response: ServerResponse,
  error: { readonly status: number; readonly envelope: ErrorEnvelope; readonly requestId: string },
): void {
  if (response.headersSent || response.destroyed) return
  const text = JSON.stringify(error.envelope)
  response.writeHead(error.status, [
    'content-type',
    'application/json',
    'content-length',
    String(Buffer.byteLength(text)),
    'x-request-id',
    error.requestId,
  ])
  // As text and not as bytes, so that head and body go out in one write: under an onslaught that is half of its cost.
  response.end(text)
}

/** What still has to go to the caller once a request is decided, and its text for the audit trail. */
export type LastBytes =
  | { readonly kind: 'nothing'; readonly answer: string }
  | { readonly kind: 'plain'; readonly head: ReplyHead; readonly body: string; readonly answer: string }
  | { readonly kind: 'stream'; readonly text: string; readonly answer: string }
