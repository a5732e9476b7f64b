import { describe, expect, it } from 'vitest'
import type { FailureClass, ProviderFailure } from '../../chat/failure.ts'
import { decodeError } from './errors.ts'

function failureOf(status: number, body: unknown, headers: Record<string, string> = {}): ProviderFailure {
  return decodeError({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) })
}

/** What the engine behind the server says, as the server passes it on. */
const engine = (code: number, message: string, type: string) => JSON.stringify({ error: { code, message, type } })

describe('the class', () => {
  // Words of the server: `server/routes.go`, `server/sched.go`, and issues of its repository (checked 2026-11-23).
  it.each<[number, string, FailureClass]>([
    [404, 'model "llama3.1:8b" not found, try pulling it first', 'misconfigured'],
    [404, "model 'no-such-model' not found", 'misconfigured'],
    [400, 'registry.ollama.ai/library/phi3:latest does not support tools', 'unsupported_by_target'],
    [400, '"qwen2.5:7b" does not support thinking', 'unsupported_by_target'],
    [400, '"nomic-embed-text" does not support chat', 'unsupported_by_target'],
    [400, 'think value "medium" is not supported for this model', 'unsupported_by_target'],
    [500, 'this model is missing data required for image input', 'unsupported_by_target'],
    [503, 'server busy, please try again.  maximum pending requests exceeded', 'rate_limited'],
    [503, 'the server is starting', 'server_error'],
    [400, engine(400, 'request (351 tokens) exceeds the available context size (256 tokens)', 'x'), 'context_length'],
    [400, engine(400, 'too long', 'exceed_context_size_error'), 'context_length'],
    [400, 'the input length exceeds the context length', 'context_length'],
    [500, 'the input length exceeds the context length', 'context_length'],
    [500, engine(400, 'too long', 'exceed_context_size_error'), 'context_length'],
    [500, 'model requires more system memory (10.1 GiB) than is available (4.2 GiB)', 'server_error'],
    [500, 'llama runner process has terminated: exit status 2', 'server_error'],
    [500, 'an error was encountered while running the model: unexpected EOF', 'server_error'],
    [500, 'EOF', 'server_error'],
    [499, 'request canceled', 'server_error'],
    [401, 'unauthorized', 'misconfigured'],
    [403, 'remote inference is unavailable', 'misconfigured'],
    [402, 'this model requires a subscription', 'quota'],
    [429, 'you have reached your hourly usage limit', 'rate_limited'],
    [400, 'model is required', 'invalid_request'],
    [400, 'illegal base64 data at input byte 4', 'invalid_request'],
    [400, 'top_logprobs must be between 0 and 20', 'invalid_request'],
  ])('%i %s: %s', (status, error, expected) => {
    expect(failureOf(status, { error }).class).toBe(expected)
  })

  it('of a page of a proxy is by its status', () => {
    expect(failureOf(502, '<html><title>502 Bad Gateway</title></html>')).toMatchObject({
      class: 'server_error',
      status: 502,
      message: '502 Bad Gateway',
    })
    expect(failureOf(504, '')).toMatchObject({
      class: 'server_error',
      message: 'the provider answered 504 and said nothing',
    })
  })
})

describe('the words', () => {
  it('come out of the envelope within the text', () => {
    const failure = failureOf(400, { error: engine(400, 'too long', 'exceed_context_size_error') })
    expect(failure).toMatchObject({ message: 'too long', type: 'exceed_context_size_error', code: '400', status: 400 })
  })

  it.each(['{not json', '{}', '{"a":1}'])('stay as they are when there is none: %s', (text) => {
    expect(failureOf(500, { error: text }).message).toBe(text)
  })

  it('lose what looks like a key, and keep the time to stay away', () => {
    const failure = failureOf(429, { error: 'limit of sk-aaaaaaaaaaaaaaaaaaaaaaaa is reached' }, { 'retry-after': '3' })
    expect(failure).toMatchObject({ message: 'limit of [removed] is reached', retryAfterMs: 3000 })
  })
})
