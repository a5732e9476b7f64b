/**
 * Bytes that are the same for every request of a run, made once. The load and the provider share a core, and together
 * they must cost much less than what is measured, or the measured process would wait for work.
 */

/** Stands in every content chunk and nowhere else on the wire; one byte, so that no read can split it. */
export const contentMark = 0x7e // ~

const created = 1_788_000_000
const model = 'gpt-4o-mini-2024-07-18'
const fingerprint = 'fp_0123456789'

export interface RequestOptions {
  readonly model: string
  readonly prompt: string
  readonly stream: boolean
  /** Extra header lines, each without its line end. */
  readonly headers: readonly string[]
}

/** A whole HTTP/1.1 request. */
export function renderRequest(options: RequestOptions): Buffer {
  const body = JSON.stringify({
    model: options.model,
    messages: [
      { role: 'system', content: 'You are a helpful assistant.' },
      { role: 'user', content: options.prompt },
    ],
    temperature: 0.7,
    max_tokens: 256,
    ...(options.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  })
  const head = [
    'POST /v1/chat/completions HTTP/1.1',
    'host: 127.0.0.1',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...options.headers,
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
}

const usage = {
  prompt_tokens: 24,
  completion_tokens: 48,
  total_tokens: 72,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: 0,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
}

/** A plain answer of about 250 bytes of text, as OpenAI sends it. */
export function renderPlainReply(): Buffer {
  const content = 'The gateway carries every token with care and finds one answer for each caller. '.repeat(3)
  const body = JSON.stringify({
    id: 'chatcmpl-BWksGmkBZRsvsGK2EVzzmjTI7wn6P',
    object: 'chat.completion',
    created,
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage,
    service_tier: 'default',
    system_fingerprint: fingerprint,
  })
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`
  return Buffer.from(head + body)
}

export interface StreamBytes {
  /** Status, headers and the role chunk. */
  readonly head: Buffer
  readonly content: readonly Buffer[]
  /** Finish, usage, `[DONE]` and the end of the body. */
  readonly tail: Buffer
}

function event(choices: readonly unknown[], more: object = { usage: null }): string {
  const data = JSON.stringify({
    id: 'chatcmpl-C3jGaXzVZSjCaanMNbkpqi1nE0XYi',
    object: 'chat.completion.chunk',
    created,
    model,
    service_tier: 'default',
    system_fingerprint: fingerprint,
    choices,
    ...more,
    obfuscation: 'aB3dE5gH',
  })
  return `data: ${data}\n\n`
}

function choice(delta: object, finishReason: string | null = null): readonly unknown[] {
  return [{ index: 0, delta, logprobs: null, finish_reason: finishReason }]
}

/** A streamed answer, one HTTP chunk a piece. */
export function renderStream(chunks: number): StreamBytes {
  const status =
    'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n'
  const role = event(choice({ role: 'assistant', content: '', refusal: null }))
  const tail = `${event(choice({}, 'stop'))}${event([], { usage })}data: [DONE]\n\n`
  return {
    head: Buffer.from(status + httpChunk(role)),
    content: Array.from({ length: chunks }, (_, at) =>
      Buffer.from(httpChunk(event(choice({ content: ` word${at}~` })))),
    ),
    tail: Buffer.from(`${httpChunk(tail)}0\r\n\r\n`),
  }
}

/** The same in one piece and with no more than is needed: cheap for the load, and as much work for what is measured. */
export function renderShortStream(chunks: number): Buffer {
  const bare = (choices: readonly unknown[]) =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created, model: 'm', choices })}\n\n`
  const words = Array.from({ length: chunks }, () => bare([{ index: 0, delta: { content: 'w' }, finish_reason: null }]))
  const body = `${words.join('')}${bare([{ index: 0, delta: {}, finish_reason: 'stop' }])}data: [DONE]\n\n`
  const head = `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: ${body.length}\r\n\r\n`
  return Buffer.from(head + body)
}

function httpChunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
}
