import { describe, expect, it } from 'vitest'
import type { FailureClass, ProviderFailure } from '../../chat/failure.ts'
import { noQuirks } from '../quirks.ts'
import { decode } from './decode.ts'
import { decodeError } from './errors.ts'
import { openStream } from './stream.ts'

const envelope = (type: string, message: string, details?: object) => ({
  type: 'error',
  error: { type, message, ...(details !== undefined && { details }) },
  request_id: 'req_1',
})

function failureOf(status: number, body: unknown, headers: Record<string, string> = {}): ProviderFailure {
  return decodeError({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) })
}

const invalid = (message: string): unknown => envelope('invalid_request_error', message)

describe('the class of a refusal', () => {
  it.each<[number, unknown, FailureClass]>([
    // Every type the documentation names, under its status.
    [400, invalid('messages: at least one message is required'), 'invalid_request'],
    [401, envelope('authentication_error', 'invalid x-api-key'), 'misconfigured'],
    [402, envelope('billing_error', 'Check your payment details.'), 'quota'],
    [403, envelope('permission_error', 'Your API key may not use the resource.'), 'misconfigured'],
    [404, envelope('not_found_error', 'model: claude-nothing'), 'misconfigured'],
    [409, envelope('conflict_error', 'The resource was modified.'), 'invalid_request'],
    [413, envelope('request_too_large', 'Request exceeds the maximum size'), 'invalid_request'],
    [429, envelope('rate_limit_error', 'This request would exceed your rate limit'), 'rate_limited'],
    [500, envelope('api_error', 'Internal server error'), 'server_error'],
    [504, envelope('timeout_error', 'Request timed out'), 'server_error'],
    [529, envelope('overloaded_error', 'Overloaded'), 'server_error'],
    [503, '<html><title>503 Service Unavailable</title></html>', 'server_error'],
    // What a 400 says besides.
    [400, invalid('prompt is too long: 208310 tokens > 200000 maximum'), 'context_length'],
    [
      400,
      invalid('input length and `max_tokens` exceed context limit: 195000 + 8192 > 200000, decrease input length'),
      'context_length',
    ],
    [400, invalid('Your credit balance is too low to access the Anthropic API.'), 'quota'],
    [400, invalid('You have reached your specified API usage limits. You will regain access on 2026-12-01.'), 'quota'],
    [400, invalid('You have reached your specified workspace API usage limits.'), 'quota'],
    [400, invalid('This organization has been disabled.'), 'misconfigured'],
    [400, invalid('Output blocked by content filtering policy'), 'content_filtered'],
    [400, invalid('`temperature` is deprecated for this model.'), 'unsupported_by_target'],
    [400, invalid('"thinking.type.enabled" is not supported for this model.'), 'unsupported_by_target'],
    [400, invalid('This model does not support assistant message prefill.'), 'unsupported_by_target'],
    [
      400,
      invalid('max_tokens: 100000 > 64000, which is the maximum allowed number of output tokens for this model'),
      'unsupported_by_target',
    ],
    [400, invalid('Could not process image'), 'invalid_request'],
    // The cause in one word (`error.details.error_code`) says more than the status.
    [429, envelope('rate_limit_error', 'x', { error_code: 'enforced_spend_limit_reached' }), 'quota'],
    [429, envelope('rate_limit_error', 'x', { error_code: 'contract_spend_limit_reached' }), 'quota'],
    [429, envelope('rate_limit_error', 'x', { error_code: 'ramp_limit_exceeded' }), 'rate_limited'],
    [402, envelope('billing_error', 'x', { error_code: 'linked_organization_spend_limit_reached' }), 'quota'],
    [400, envelope('invalid_request_error', 'x', { error_code: 'organization_on_hold' }), 'misconfigured'],
    [400, envelope('invalid_request_error', 'x', { error_code: 'image_dimensions_too_large' }), 'invalid_request'],
    [529, envelope('overloaded_error', 'x', { error_code: 'compaction_unavailable' }), 'server_error'],
  ])('%i %j is %s', (status, body, expected) => {
    expect(failureOf(status, body)).toMatchObject({ class: expected, status })
  })
})

describe('a refusal keeps', () => {
  it("the provider's words, type and cause", () => {
    const body = envelope('rate_limit_error', 'Slow down', { error_code: 'ramp_limit_exceeded' })
    expect(failureOf(429, body, { 'retry-after': '21' })).toEqual({
      class: 'rate_limited',
      status: 429,
      message: 'Slow down',
      code: 'ramp_limit_exceeded',
      type: 'rate_limit_error',
      param: null,
      retryAfterMs: 21_000,
    })
  })

  it('the time a used-up limit opens again, where that is all there is', () => {
    const headers = {
      date: 'Wed, 19 Aug 2026 14:34:00 GMT',
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-requests-reset': '2026-08-19T14:34:18Z',
      'anthropic-ratelimit-tokens-remaining': '1000',
      'anthropic-ratelimit-tokens-reset': '2026-08-19T14:39:00Z',
    }
    expect(failureOf(429, envelope('rate_limit_error', 'Slow down'), headers).retryAfterMs).toBe(18_000)
  })
})

describe('an error inside a 200', () => {
  const inStream = (event: unknown): ProviderFailure | null => {
    const context = { fallbackId: 'c', createdSeconds: 1, model: 'm', includeUsage: false, quirks: noQuirks }
    return openStream(context).push(JSON.stringify(event), 'error').failure
  }

  it.each<[string, string, FailureClass]>([
    ['overloaded_error', 'Overloaded', 'server_error'],
    ['api_error', 'Internal server error', 'server_error'],
    ['rate_limit_error', 'x', 'rate_limited'],
    ['authentication_error', 'x', 'misconfigured'],
    ['permission_error', 'x', 'misconfigured'],
    ['not_found_error', 'model: x', 'misconfigured'],
    ['billing_error', 'x', 'quota'],
    ['invalid_request_error', 'x', 'invalid_request'],
    ['invalid_request_error', 'prompt is too long: 2 tokens > 1 maximum', 'context_length'],
    ['timeout_error', 'x', 'server_error'],
    ['an_error_of_tomorrow', 'x', 'server_error'],
  ])('%s "%s" is %s', (type, message, expected) => {
    expect(inStream(envelope(type, message))).toMatchObject({ class: expected, status: 200, message, type })
    const context = { fallbackId: 'c', createdSeconds: 1, model: 'm', includeUsage: false, quirks: noQuirks }
    expect(decode(JSON.stringify(envelope(type, message)), context)).toMatchObject({
      failure: { class: expected, status: 200 },
    })
  })

  it('may come without its type, or without words', () => {
    expect(inStream({ error: { message: 'upstream is gone' } })).toMatchObject({
      class: 'server_error',
      message: 'upstream is gone',
    })
    expect(inStream({ type: 'error' })).toMatchObject({
      class: 'server_error',
      message: 'the provider reported an error',
    })
  })
})
