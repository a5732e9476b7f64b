import { describe, expect, it } from 'vitest'
import type { FailureClass, ProviderFailure } from '../../chat/failure.ts'
import { decodeError } from './errors.ts'

function failureOf(status: number, body: unknown, headers: Record<string, string> = {}): ProviderFailure {
  return decodeError({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) })
}

const nested = (message: string, rest: object = {}) => ({ error: { message, ...rest } })

describe('the class', () => {
  it.each<[number, unknown, FailureClass]>([
    // By status alone.
    [400, nested('what?'), 'invalid_request'],
    [401, nested('who?'), 'misconfigured'],
    [402, nested('pay'), 'quota'],
    [403, nested('no'), 'misconfigured'],
    [404, nested('where?'), 'misconfigured'],
    [405, '', 'misconfigured'],
    [408, nested('slow'), 'timeout'],
    [409, nested('conflict'), 'invalid_request'],
    [413, nested('large'), 'invalid_request'],
    [422, nested('odd'), 'invalid_request'],
    [424, nested('model failed'), 'server_error'],
    [429, nested('wait'), 'rate_limited'],
    [498, nested('capacity'), 'server_error'],
    [500, nested('oops'), 'server_error'],
    [502, '<html></html>', 'server_error'],
    [503, '', 'server_error'],
    [504, '', 'server_error'],
    [529, nested('overloaded'), 'server_error'],
    [302, '', 'misconfigured'],
    // A used-up account, under any status.
    [429, nested('x', { code: 'insufficient_quota' }), 'quota'],
    [429, nested('x', { type: 'insufficient_quota' }), 'quota'],
    [429, nested('x', { type: 'exceeded_current_quota_error' }), 'quota'],
    [429, nested('Insufficient balance or no resource package. Please recharge.', { code: '1113' }), 'quota'],
    [400, nested('x', { code: 'Arrearage' }), 'quota'],
    [400, nested('Your credit balance is too low to access the API.'), 'quota'],
    [403, nested('Your team has either used all available credits or reached its monthly spending limit.'), 'quota'],
    // A limit, under another status.
    [
      413,
      nested('Request too large on tokens per minute', { type: 'tokens', code: 'rate_limit_exceeded' }),
      'rate_limited',
    ],
    [403, nested('Rate limit exceeded'), 'rate_limited'],
    // The prompt is too long.
    [400, nested('x', { code: 'context_length_exceeded' }), 'context_length'],
    [413, nested('x', { code: 'context_length_exceeded' }), 'context_length'],
    [
      400,
      nested("This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens."),
      'context_length',
    ],
    [
      400,
      nested('Prompt contains 40000 tokens, too large for model with 32768 maximum context length'),
      'context_length',
    ],
    [
      400,
      nested('the request exceeds the available context size', { type: 'exceed_context_size_error' }),
      'context_length',
    ],
    [400, nested('Please reduce the length of the messages or completion.'), 'context_length'],
    [
      400,
      nested("This model's maximum prompt length is 131072 but the request contains 200000 tokens."),
      'context_length',
    ],
    [
      400,
      nested('The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).'),
      'context_length',
    ],
    [400, nested('Range of input length should be [1, 30720]'), 'context_length'],
    [422, { error: 'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096.' }, 'context_length'],
    [400, nested('prompt is too long: 210000 tokens > 200000 maximum'), 'context_length'],
    // The content was refused.
    [400, nested('x', { code: 'content_filter' }), 'content_filtered'],
    [400, nested('x', { code: 'content_policy_violation' }), 'content_filtered'],
    [400, nested('x', { innererror: { code: 'ResponsibleAIPolicyViolation' } }), 'content_filtered'],
    [400, nested('x', { code: 'data_inspection_failed' }), 'content_filtered'],
    [
      403,
      nested('Your chosen model requires moderation and your input was flagged for "violence".'),
      'content_filtered',
    ],
    // A bad key or model, told as the caller's mistake.
    [400, nested('x', { code: 'invalid_api_key' }), 'misconfigured'],
    [400, { code: 'invalid-argument', error: 'Incorrect API key provided.' }, 'misconfigured'],
    [400, nested('API key not valid. Please pass a valid API key.', { status: 'INVALID_ARGUMENT' }), 'misconfigured'],
    [400, [nested('x', { details: [{ reason: 'API_KEY_INVALID' }] })], 'misconfigured'],
    [400, nested('x', { code: 'model_not_found' }), 'misconfigured'],
    [400, nested('no-such is not a valid model ID'), 'misconfigured'],
    // What this target cannot do and another may.
    [
      400,
      nested("Unsupported parameter: 'max_tokens' is not supported with this model.", {
        code: 'unsupported_parameter',
      }),
      'unsupported_by_target',
    ],
    [
      400,
      nested("'temperature' does not support 0.2 with this model", { code: 'unsupported_value' }),
      'unsupported_by_target',
    ],
    [400, nested("property 'reasoning_content' is unsupported"), 'unsupported_by_target'],
    [404, nested('No endpoints found that support tool use.'), 'unsupported_by_target'],
    [
      404,
      nested('This is not a chat model and thus not supported in the v1/chat/completions endpoint.'),
      'unsupported_by_target',
    ],
    [
      422,
      { detail: [{ type: 'extra_forbidden', loc: ['body', 'store'], msg: 'Extra inputs are not permitted' }] },
      'unsupported_by_target',
    ],
    [
      422,
      { object: 'error', message: { detail: [{ msg: 'Extra inputs are not permitted' }] } },
      'unsupported_by_target',
    ],
    [
      422,
      nested('messages[0].role: unknown variant `developer`, expected one of `system`, `user`'),
      'unsupported_by_target',
    ],
    [
      400,
      nested('max_tokens is too large: 5000. This model supports at most 4096 completion tokens'),
      'unsupported_by_target',
    ],
    [403, nested('Country, region, or territory not supported'), 'misconfigured'],
    // The model wrote nonsense.
    [400, nested('x', { code: 'tool_use_failed' }), 'server_error'],
    // Words of a 5xx prove nothing.
    [500, nested('maximum context length exceeded'), 'server_error'],
    [503, nested('Rate limit exceeded'), 'server_error'],
  ])('%i %j is %s', (status, body, expected) => {
    expect(failureOf(status, body).class).toBe(expected)
  })
})

describe('the words', () => {
  it.each<[string, unknown, Partial<ProviderFailure>]>([
    ['nested', nested('m', { type: 't', param: 'p', code: 'c' }), { message: 'm', type: 't', param: 'p', code: 'c' }],
    [
      'nested, with nulls',
      nested('m', { type: null, param: null, code: null }),
      { message: 'm', type: null, param: null, code: null },
    ],
    ['a number for code', nested('m', { code: 400 }), { code: '400' }],
    ['a name beside a number', nested('m', { code: 400, status: 'INVALID_ARGUMENT' }), { code: 'INVALID_ARGUMENT' }],
    [
      'flat',
      { object: 'error', message: 'm', type: 't', param: null, code: 'c' },
      { message: 'm', type: 't', code: 'c' },
    ],
    ['a text', { error: 'm' }, { message: 'm', code: null }],
    ['a text and a code', { error: 'm', code: 'c' }, { message: 'm', code: 'c' }],
    ['a text and a type', { error: 'm', error_type: 't' }, { message: 'm', type: 't' }],
    ['a bare text', '"m"', { message: 'm' }],
    ['a detail', { detail: 'm' }, { message: 'm' }],
    ['a detail with a message', { detail: { message: 'm', code: 'c' } }, { message: 'm', code: 'c' }],
    [
      'a list of details',
      { detail: [{ loc: ['body', 'messages', 0, 'role'], msg: 'm' }] },
      { message: 'm: messages.0.role', param: 'messages.0.role' },
    ],
    [
      'details under message',
      { object: 'error', message: { detail: [{ loc: ['body', 'n'], msg: 'm' }] } },
      { message: 'm: n' },
    ],
    ['a fault', { fault: { faultstring: 'm', code: 'c' } }, { message: 'm', code: 'c' }],
    ['a list of errors', { errors: [{ message: 'm', code: 7 }] }, { message: 'm', code: '7' }],
    ['an envelope in a list', [nested('m')], { message: 'm' }],
    [
      'a reason passed on',
      nested('Provider returned error', { metadata: { raw: 'm' } }),
      { message: 'Provider returned error: m' },
    ],
    ['a page', '<html><head><title>502 Bad Gateway</title></head></html>', { message: '502 Bad Gateway' }],
    ['plain text', 'slow down', { message: 'slow down' }],
    ['nothing', '', { message: 'the provider answered 418 and said nothing' }],
    ['an empty object', {}, { message: '{}' }],
    ['a page without title', '<html></html>', { message: 'the provider answered 418 and said nothing' }],
  ])('come %s', (_name, body, expected) => {
    expect(failureOf(418, body)).toMatchObject({ status: 418, ...expected })
  })

  it('are cut when they are long', () => {
    expect(failureOf(400, 'word '.repeat(1000)).message).toHaveLength(2001)
  })

  it('never hold a key', () => {
    const { message } = failureOf(401, nested('Incorrect API key provided: sk-proj-abcdefghijklmnop. See help.'))
    expect(message).toContain('[removed]')
    expect(message).not.toContain('abcdefghijklmnop')
  })
})

describe('the wait', () => {
  const limited = nested('wait')
  const date = 'Tue, 10 Nov 2026 10:00:00 GMT'

  it.each<[Record<string, string>, number | null]>([
    [{}, null],
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '7', 'retry-after-ms': '1250' }, 1250],
    [{ 'retry-after': 'Tue, 10 Nov 2026 10:00:30 GMT', date }, 30_000],
    [{ 'retry-after': 'Tue, 10 Nov 2026 10:00:30 GMT' }, null],
    [{ 'retry-after': 'Tue, 10 Nov 2026 09:00:00 GMT', date }, null],
    [{ 'retry-after': 'soon' }, null],
    [{ 'x-ratelimit-reset-requests': '1s', 'x-ratelimit-remaining-requests': '0' }, 1000],
    [{ 'x-ratelimit-reset-tokens': '6m0s', 'x-ratelimit-remaining-tokens': '0' }, 360_000],
    [{ 'x-ratelimit-reset-tokens': '120ms', 'x-ratelimit-remaining-tokens': '0' }, 120],
    [{ 'x-ratelimit-reset-tokens': '1m30.5s', 'x-ratelimit-remaining-tokens': '0' }, 90_500],
    [{ 'x-ratelimit-reset-tokens': '4', 'x-ratelimit-remaining-tokens': '0' }, 4000],
    [{ 'x-ratelimit-reset-tokens': '2ms', 'x-ratelimit-remaining-tokens': '900' }, null],
    [
      {
        'x-ratelimit-reset-tokens': '9s',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-requests': '60s',
        'x-ratelimit-remaining-requests': '5',
      },
      9000,
    ],
    [{ 'x-ratelimit-reset': '1794304830', date }, 30_000],
    [{ 'x-ratelimit-reset': '1794304830000', date }, 30_000],
    [{ 'x-ratelimit-reset': '1794304830000' }, null],
    [{ 'ratelimit-reset': '12' }, 12_000],
  ])('%j is %s ms', (headers, expected) => {
    expect(failureOf(429, limited, headers).retryAfterMs).toBe(expected)
  })

  it.each([
    ['Rate limit reached. Please try again in 7.66s. Visit …', 7660],
    ['Please try again in 6m0s.', 360_000],
    ['Please try again in 20ms.', 20],
    ['Please retry after 12 seconds.', 12_000],
    ['Please try again later.', null],
  ])('is read from "%s"', (message, expected) => {
    expect(failureOf(429, nested(message)).retryAfterMs).toBe(expected)
  })

  it('of a failure that is no limit is only what it says itself', () => {
    const limits = { 'x-ratelimit-reset-requests': '1ms', 'x-ratelimit-remaining-requests': '0' }
    expect(failureOf(400, nested('what?'), limits).retryAfterMs).toBeNull()
    expect(failureOf(503, nested('busy'), { 'retry-after': '3' }).retryAfterMs).toBe(3000)
  })
})
