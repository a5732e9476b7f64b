/** The same answers in Anthropic's language, made once: what a translating gateway reads instead. */
import type { StreamBytes } from './wire.ts'

const head = {
  id: 'msg_01PiJ2Ho9cwfzsQQ5fx8G3tt',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-4-5-20251001',
}
const usage = {
  input_tokens: 24,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: 48,
  service_tier: 'standard',
}

export function renderAnthropicReply(): Buffer {
  const text = 'The gateway carries every token with care and finds one answer for each caller. '.repeat(3)
  const body = JSON.stringify({
    ...head,
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage,
  })
  return Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

/** As many content events as an OpenAI stream of so many chunks has. */
export function renderAnthropicStream(chunks: number): StreamBytes {
  const status =
    'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n'
  const start = [
    event('message_start', {
      message: { ...head, content: [], stop_reason: null, stop_sequence: null, usage: { ...usage, output_tokens: 1 } },
    }),
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    event('ping', {}),
  ].join('')
  const tail = [
    event('content_block_stop', { index: 0 }),
    event('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage }),
    event('message_stop', {}),
  ].join('')
  return {
    head: Buffer.from(status + httpChunk(start)),
    content: Array.from({ length: chunks }, (_, at) =>
      Buffer.from(
        httpChunk(event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: ` word${at}~` } })),
      ),
    ),
    tail: Buffer.from(`${httpChunk(tail)}0\r\n\r\n`),
  }
}

function event(type: string, more: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`
}

function httpChunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
}
