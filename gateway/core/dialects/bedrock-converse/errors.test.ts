import { describe, expect, it } from 'vitest'
import type { FailureClass } from '../../chat/failure.ts'
import { noQuirks } from '../quirks.ts'
import { decode } from './decode.ts'
import { decodeError } from './errors.ts'
import { openStream } from './stream.ts'

const context = { fallbackId: 'c', createdSeconds: 1, model: 'm', includeUsage: false, quirks: noQuirks }

function refusal(status: number, type: string | undefined, message: string) {
  const headers = type === undefined ? {} : { 'x-amzn-errortype': type }
  return decodeError({ status, headers, body: JSON.stringify({ message }) })
}

describe('a refusal', () => {
  it.each<[string, number, FailureClass]>([
    ['AccessDeniedException', 403, 'misconfigured'],
    ['UnrecognizedClientException', 403, 'misconfigured'],
    ['InvalidSignatureException', 403, 'misconfigured'],
    ['ExpiredTokenException', 403, 'misconfigured'],
    ['ExpiredTokenException', 400, 'misconfigured'],
    ['MissingAuthenticationTokenException', 403, 'misconfigured'],
    ['ResourceNotFoundException', 404, 'misconfigured'],
    ['ThrottlingException', 429, 'rate_limited'],
    ['ThrottlingException', 400, 'rate_limited'],
    ['ModelNotReadyException', 429, 'rate_limited'],
    ['ServiceQuotaExceededException', 400, 'quota'],
    ['ModelTimeoutException', 408, 'timeout'],
    ['ModelErrorException', 424, 'server_error'],
    ['InternalServerException', 500, 'server_error'],
    ['ServiceUnavailableException', 503, 'server_error'],
    ['ValidationException', 400, 'invalid_request'],
    ['SomethingOfTomorrowException', 400, 'invalid_request'],
    ['SomethingOfTomorrowException', 500, 'server_error'],
  ])('%s with %i is %s', (name, status, failureClass) => {
    expect(refusal(status, name, 'It is so.')).toMatchObject({ class: failureClass, status, code: name })
  })

  it.each<[string, FailureClass]>([
    ['Input is too long for requested model.', 'context_length'],
    ['The model returned the following errors: prompt is too long: 250000 tokens > 200000 maximum', 'context_length'],
    ["This model doesn't support tool use in streaming mode.", 'unsupported_by_target'],
    ["This model doesn't support the toolConfig.toolChoice.any field.", 'unsupported_by_target'],
    [
      'Malformed input request: #: extraneous key [top_k] is not permitted, please reformat your input.',
      'unsupported_by_target',
    ],
    ['The provided model identifier is invalid.', 'misconfigured'],
    [
      'Invocation of model ID x with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile.',
      'misconfigured',
    ],
    ['Operation not allowed', 'misconfigured'],
    ['Output blocked by content filtering policy', 'content_filtered'],
    ['A conversation must start with a user message.', 'invalid_request'],
  ])('with a ValidationException is judged by its words: %s', (message, failureClass) => {
    expect(refusal(400, 'ValidationException', message).class).toBe(failureClass)
  })

  it('of a day’s quota is no refusal of a moment', () => {
    const said = 'Too many tokens per day, please wait before trying again.'
    expect(refusal(429, 'ThrottlingException', said).class).toBe('quota')
    expect(refusal(429, 'ThrottlingException', 'Too many tokens, please wait before trying again.').class).toBe(
      'rate_limited',
    )
  })

  it.each([
    ['in the header with an address', 'ThrottlingException:http://internal.amazon.com/coral/', {}],
    ['in the header with a name space', 'com.amazon.bedrock#ThrottlingException', {}],
    ['in the body', undefined, { __type: 'com.amazon.coral.service#ThrottlingException' }],
    ['in the body as a code', undefined, { code: 'ThrottlingException' }],
  ])('tells its class %s', (_where, type, more) => {
    const headers = type === undefined ? {} : { 'x-amzn-errortype': type }
    const failure = decodeError({ status: 400, headers, body: JSON.stringify({ message: 'Slow.', ...more }) })
    expect(failure).toMatchObject({ class: 'rate_limited', code: 'ThrottlingException', message: 'Slow.' })
  })

  it('keeps what was said, whoever says it', () => {
    const body = JSON.stringify({ Message: 'User: arn:aws:iam::0:user/x is not authorized' })
    expect(decodeError({ status: 403, headers: {}, body })).toMatchObject({
      class: 'misconfigured',
      message: 'User: arn:aws:iam::0:user/x is not authorized',
    })
    expect(decodeError({ status: 502, headers: {}, body: '<html><title>Bad Gateway</title></html>' })).toMatchObject({
      class: 'server_error',
      message: 'Bad Gateway',
    })
  })

  it('says when to come back', () => {
    const headers = { 'x-amzn-errortype': 'ThrottlingException', 'retry-after': '7' }
    expect(decodeError({ status: 429, headers, body: '{"message":"Slow."}' }).retryAfterMs).toBe(7000)
  })
})

describe('a message of a stream that says that something went wrong', () => {
  it.each<[string, FailureClass]>([
    ['exception:throttlingException', 'rate_limited'],
    ['exception:modelStreamErrorException', 'server_error'],
    ['exception:internalServerException', 'server_error'],
    ['exception:serviceUnavailableException', 'server_error'],
    ['exception:validationException', 'invalid_request'],
    ['exception:modelTimeoutException', 'timeout'],
    ['exception:accessDeniedException', 'misconfigured'],
    ['exception:somethingOfTomorrow', 'server_error'],
    ['error:InternalFailure', 'server_error'],
    ['error:ThrottlingException', 'rate_limited'],
  ])('%s is %s', (event, failureClass) => {
    const step = openStream(context).push('{"message":"It is so."}', event)
    expect(step).toMatchObject({ failure: { class: failureClass, status: 200, message: 'It is so.' }, done: false })
  })

  it('is told even where it says nothing', () => {
    const { failure } = openStream(context).push('', 'exception:internalServerException')
    expect(failure?.message).toContain('internalServerException')
  })

  it('is judged by its words too', () => {
    const said = '{"message":"Input is too long for requested model."}'
    expect(openStream(context).push(said, 'exception:validationException').failure?.class).toBe('context_length')
  })
})

describe('a 200 without an answer', () => {
  it.each<[unknown, FailureClass, string]>([
    [{ metrics: { latencyMs: 1 }, usage: { inputTokens: 1, outputTokens: 0 } }, 'server_error', 'empty answer'],
    [{ output: { message: { content: [] } } }, 'server_error', 'empty answer'],
    [{ message: 'overloaded' }, 'server_error', 'overloaded'],
    [{ __type: 'x#ThrottlingException', message: 'Slow.' }, 'rate_limited', 'Slow.'],
    [
      { Output: { __type: 'com.amazon.coral.service#AccessDeniedException' }, Version: '1.0' },
      'misconfigured',
      'AccessDenied',
    ],
    [[], 'server_error', 'not a message'],
  ])('%j is %s', (body, failureClass, words) => {
    const decoded = decode(JSON.stringify(body), context)
    expect(decoded).toMatchObject({
      failure: { class: failureClass, message: expect.stringContaining(words) as string },
    })
  })

  it('and with a reason to stop is an answer', () => {
    const body = JSON.stringify({ output: { message: { content: [] } }, stopReason: 'max_tokens' })
    expect(decode(body, context)).toMatchObject({ completion: { choices: [{ finish_reason: 'length' }] } })
  })
})

describe('why it stopped', () => {
  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['guardrail_intervened', 'content_filter'],
    ['content_filtered', 'content_filter'],
    ['word_of_tomorrow', 'stop'],
  ])('%s is %s', (stopReason, expected) => {
    const body = JSON.stringify({ output: { message: { content: [{ text: 'a' }] } }, stopReason })
    expect(decode(body, context)).toMatchObject({
      completion: { choices: [{ finish_reason: expected }] },
      nativeFinishReason: stopReason,
    })
  })

  it.each(['malformed_model_output', 'malformed_tool_use'])('%s is a failure, plain and streamed', (stopReason) => {
    const failure = { class: 'server_error', code: stopReason }
    const body = JSON.stringify({ output: { message: { content: [{ text: 'a' }] } }, stopReason })
    expect(decode(body, context)).toMatchObject({ failure })
    const decoder = openStream(context)
    decoder.push('{"contentBlockIndex":0,"delta":{"text":"a"}}', 'contentBlockDelta')
    expect(decoder.push(JSON.stringify({ stopReason }), 'messageStop')).toMatchObject({ failure, done: false })
  })
})
