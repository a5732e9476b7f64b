/** How each failure class comes about on the wire of an OpenAI-compatible provider, before and after the commit point. */
import type { FailureClass } from '../../gateway/core/chat/failure.ts'
import type { RawRequest } from '../support/raw.ts'
import { chunkEvent, completionText, plainReply, streamHead } from '../support/raw.ts'

export interface Way {
  /** What the provider does, in words for the table. */
  readonly before: string
  readonly after: string
  /** Settings of the target that the class needs. */
  readonly target?: string
  /** Before the commit point: instead of an answer. */
  readonly fail: (request: RawRequest) => void
  /** After the first text of a stream. */
  readonly breakOff: (request: RawRequest) => void
}

/** A provider that answers well. */
export function answerWell({ socket, body }: RawRequest): void {
  if (!asksForStream(body)) socket.write(plainReply(completionText))
  else socket.end(`${streamHead}${chunkEvent({ content: 'fine' })}${chunkEvent({}, 'stop')}data: [DONE]\n\n`)
}

export function beginStream({ socket }: RawRequest): void {
  socket.write(`${streamHead}${chunkEvent({ content: 'so far' })}`)
}

function asksForStream(body: string): boolean {
  return (JSON.parse(body) as { stream?: boolean }).stream === true
}

interface Refusal {
  readonly status: string
  readonly code: string
  readonly message?: string
  readonly headers?: readonly string[]
}

function refuses({ status, code, message = 'said the provider', headers = [] }: Refusal): Omit<Way, 'target'> {
  const error = JSON.stringify({ error: { message, type: 'error', param: null, code } })
  return {
    before: `${status.slice(0, 3)} \`${code}\``,
    after: `error event \`${code}\``,
    fail: ({ socket }) => socket.write(plainReply(error, { status, headers })),
    breakOff: ({ socket }) => setTimeout(() => socket.end(`data: ${error}\n\n`), 30),
  }
}

const silence = (): void => {}

/** Fewer milliseconds than a provider that says nothing will wait. */
export const shortMs = 150

export const ways: Readonly<Record<FailureClass, Way>> = {
  server_error: {
    before: '500',
    after: 'the stream ends early',
    fail: ({ socket }) => socket.write(plainReply('{"error":{"message":"it broke"}}', { status: '500 Oops' })),
    breakOff: ({ socket }) => setTimeout(() => socket.end(), 30),
  },
  timeout: {
    before: 'silence for `attempt_timeout_ms`',
    after: 'silence for `idle_timeout_ms`',
    target: `, attempt_timeout_ms: ${shortMs}`,
    fail: silence,
    breakOff: silence,
  },
  latency: {
    before: 'slower than `max_latency_ms`',
    after: 'a pause longer than `max_latency_ms`',
    target: `, max_latency_ms: ${shortMs}`,
    fail: (request) => void setTimeout(() => answerWell(request), 3 * shortMs),
    breakOff: ({ socket }) =>
      setTimeout(
        () => socket.end(`${chunkEvent({ content: ', and on' })}${chunkEvent({}, 'stop')}data: [DONE]\n\n`),
        2 * shortMs,
      ),
  },
  rate_limited: refuses({ status: '429 Too Many', code: 'rate_limit_exceeded', headers: ['retry-after: 7'] }),
  quota: refuses({ status: '402 Payment', code: 'insufficient_quota' }),
  connection: {
    before: 'the connection is reset',
    after: 'the connection is reset',
    fail: ({ socket }) => socket.resetAndDestroy(),
    breakOff: ({ socket }) => setTimeout(() => socket.resetAndDestroy(), 30),
  },
  misconfigured: refuses({ status: '401 Unauthorized', code: 'invalid_api_key' }),
  context_length: refuses({ status: '400 Bad', code: 'context_length_exceeded' }),
  unsupported_by_target: refuses({ status: '400 Bad', code: 'unsupported_parameter' }),
  content_filtered: refuses({ status: '400 Bad', code: 'content_filter' }),
  invalid_request: refuses({ status: '400 Bad', code: 'invalid_value' }),
}
