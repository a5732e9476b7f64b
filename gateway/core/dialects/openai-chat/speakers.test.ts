/**
 * Vendor by vendor: what those who speak this language say when they refuse, and how their streams differ. The words are
 * those of recordings, of users' reports and of the vendors' error pages, with names and numbers changed; of the small
 * vendors some are from memory only, and near rather than exact.
 */
import { describe, expect, it } from 'vitest'
import type { FailureClass } from '../../chat/failure.ts'
import { providers } from '../../providers/index.ts'
import { decodeError } from './errors.ts'
import { decode, delta, deltas, finish, head } from './testing/streams.ts'

const nested = (message: string, rest: object = {}) => ({ error: { message, ...rest } })

function failureOf(status: number, body: unknown, headers: Record<string, string> = {}) {
  return decodeError({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) })
}

type Row = readonly [status: number, body: unknown, expected: FailureClass]

const forbidden = 'The caller does not have permission to execute the specified operation'
const unfit = 'Client specified an invalid argument'

const refusals: Readonly<Record<string, readonly Row[]>> = {
  openai: [
    [429, nested('Your account is not active.', { type: 'billing_not_active', code: 'billing_not_active' }), 'quota'],
    [400, nested('Invalid prompt: your prompt was flagged.', { code: 'invalid_prompt' }), 'content_filtered'],
  ],
  'azure-openai': [
    [
      400,
      nested("The response was filtered due to the prompt triggering Azure OpenAI's content management policy.", {
        code: 'content_filter',
        status: 400,
        innererror: { code: 'ResponsibleAIPolicyViolation', content_filter_result: { hate: { filtered: true } } },
      }),
      'content_filtered',
    ],
    [
      400,
      nested('The chatCompletion operation does not work with the specified model.', { code: 'OperationNotSupported' }),
      'misconfigured',
    ],
    [401, { statusCode: 401, message: 'Unauthorized. Access token is missing.' }, 'misconfigured'],
    [404, nested('Resource not found', { code: '404' }), 'misconfigured'],
  ],
  xai: [
    [
      403,
      { code: forbidden, error: 'Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO' },
      'content_filtered',
    ],
    [403, { code: forbidden, error: 'Your team has used all available credits.' }, 'quota'],
    [403, { code: forbidden, error: 'The team is blocked.' }, 'misconfigured'],
    [400, { code: unfit, error: 'Model not found: some-model' }, 'misconfigured'],
    [400, { code: unfit, error: 'Argument not supported on this model: stop' }, 'unsupported_by_target'],
  ],
  openrouter: [
    [403, nested('Key limit exceeded (total limit). Manage it in the settings.', { code: 403 }), 'quota'],
    [402, nested('This request requires more credits, or fewer max_tokens.', { code: 402 }), 'quota'],
    [429, nested('Rate limit exceeded: free-models-per-day.', { code: 429 }), 'rate_limited'],
  ],
  mistral: [
    [429, { object: 'error', message: 'Service tier capacity exceeded for this model.', code: '3505' }, 'rate_limited'],
    [
      400,
      { object: 'error', message: "Unexpected role 'user' after role 'tool'", code: '3230' },
      'unsupported_by_target',
    ],
  ],
  groq: [
    [
      400,
      nested('The model has been decommissioned and is no longer supported.', { code: 'model_decommissioned' }),
      'misconfigured',
    ],
    [400, nested("property 'store' is unsupported, did you mean 'stop'?"), 'unsupported_by_target'],
    [498, nested('Flex tier capacity exceeded'), 'server_error'],
  ],
  perplexity: [
    [401, nested('You exceeded your current quota', { type: 'insufficient_quota', code: 401 }), 'quota'],
    [
      400,
      nested('After the (optional) system message(s), user messages should alternate with assistant messages.', {
        type: 'invalid_message',
        code: 400,
      }),
      'unsupported_by_target',
    ],
  ],
  deepseek: [
    [
      400,
      nested('Missing `reasoning_content` field in the assistant message at message index 2.', {
        code: 'invalid_request_error',
      }),
      'unsupported_by_target',
    ],
    [
      400,
      nested('The `reasoning_content` in the thinking mode must be passed back to the API.'),
      'unsupported_by_target',
    ],
  ],
  moonshot: [
    [400, nested("tool_choice 'specified' is incompatible with thinking enabled"), 'unsupported_by_target'],
    [400, nested('invalid temperature: only 1 is allowed for this model'), 'unsupported_by_target'],
    [
      400,
      nested('thinking is enabled but reasoning_content is missing in assistant tool call message at index 2'),
      'unsupported_by_target',
    ],
    [400, nested('The request was considered high risk', { type: 'content_filter' }), 'content_filtered'],
    [400, nested('Invalid request: Your request exceeded model token limit: 8192'), 'context_length'],
    [429, nested('Your account is suspended', { type: 'exceeded_current_quota_error' }), 'quota'],
    [429, nested('The engine is overloaded', { type: 'engine_overloaded_error' }), 'rate_limited'],
  ],
  zhipu: [
    [400, nested('系统检测到输入可能包含敏感内容', { code: '1301' }), 'content_filtered'],
    [429, nested('您的账户已欠费', { code: '1113' }), 'quota'],
    [429, nested('该账户已被锁定', { code: '1112' }), 'misconfigured'],
    [429, nested('Usage limit reached for 5 hour.', { code: '1308' }), 'quota'],
    [429, nested('x', { code: '1302' }), 'rate_limited'],
    [400, nested('Unknown Model, please check the model code.', { code: '1211' }), 'misconfigured'],
    [400, nested('Prompt exceeds max length', { code: '1261' }), 'context_length'],
    [400, nested('messages is illegal', { code: '1214' }), 'invalid_request'],
    [500, nested('x', { code: '1301' }), 'server_error'],
  ],
  'qwen-dashscope': [
    [400, nested('Access denied, your account is not in good standing.', { code: 'Arrearage' }), 'quota'],
    [403, nested('The free tier has been exhausted.', { code: 'AllocationQuota.FreeTierOnly' }), 'quota'],
    [429, nested('You exceeded your current quota.', { code: 'insufficient_quota' }), 'quota'],
    [
      429,
      nested('You exceeded your current quota. See: https://example.com/model-studio/error-code#token-limit', {
        code: 'insufficient_quota',
      }),
      'rate_limited',
    ],
    [429, nested('Allocated quota exceeded.', { code: 'Throttling.AllocationQuota' }), 'rate_limited'],
    [400, nested('This model only support stream mode.'), 'unsupported_by_target'],
    [400, nested('parameter.enable_thinking must be set to false for non-streaming calls'), 'unsupported_by_target'],
    [429, 'id:1\nevent:error\n:HTTP_STATUS/429\ndata:{"code":"Throttling","message":"slow down"}\n\n', 'rate_limited'],
    [400, 'event:error\ndata:{"error":{"code":"Arrearage","message":"overdue"}}\n\n', 'quota'],
  ],
  vllm: [
    [
      400,
      { object: 'error', message: 'Conversation roles must alternate user/assistant/...' },
      'unsupported_by_target',
    ],
    [
      400,
      { object: 'error', message: '"auto" tool choice requires --enable-auto-tool-choice and more to be set' },
      'unsupported_by_target',
    ],
    [400, nested('some-model is not a multimodal model', { code: 400 }), 'unsupported_by_target'],
    [400, nested('At most 1 image(s) may be provided in one request.', { code: 400 }), 'unsupported_by_target'],
    [
      400,
      { object: 'error', message: 'The decoder prompt (length 5000) is longer than the maximum model length of 4096.' },
      'context_length',
    ],
  ],
  tgi: [
    [
      422,
      {
        error: 'Input validation error: `inputs` must have less than 1024 tokens. Given: 2000',
        error_type: 'validation',
      },
      'context_length',
    ],
    [424, { error: 'Request failed during generation', error_type: 'generation' }, 'server_error'],
  ],
  llamacpp: [[503, nested('Loading model', { code: 503, type: 'unavailable_error' }), 'server_error']],
  lmstudio: [
    [
      400,
      { error: 'Trying to keep the first 10136 tokens when context the overflows. Load the model with more.' },
      'context_length',
    ],
    [
      400,
      { error: 'The number of tokens to keep from the initial prompt is greater than the context length.' },
      'context_length',
    ],
    [404, nested('No models loaded.', { code: 'model_not_found' }), 'misconfigured'],
  ],
  together: [
    [402, nested('Credit limit exceeded', { type: 'credit_limit' }), 'quota'],
    [404, nested('Unable to access model x.', { code: 'model_not_available' }), 'misconfigured'],
    [
      422,
      nested('Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8193. Given: 9000'),
      'context_length',
    ],
  ],
  fireworks: [
    [412, nested('Account x is suspended, possibly due to reaching the monthly spending limit.'), 'quota'],
    [404, { error: { object: 'error', message: 'Model not found, inaccessible', code: 'NOT_FOUND' } }, 'misconfigured'],
    [400, nested('The prompt is too long: 9000, model maximum context length: 8191'), 'context_length'],
  ],
  cerebras: [
    [429, { message: 'Requests per day limit exceeded', code: 'request_quota_exceeded' }, 'rate_limited'],
    [400, { message: 'Current length is 9000', code: 'context_length_exceeded' }, 'context_length'],
    [
      400,
      { message: "property 'body.thinking' is unsupported", param: 'validation_error', code: 'wrong_api_format' },
      'unsupported_by_target',
    ],
  ],
  'nvidia-nim': [
    [404, { status: 404, title: 'Not Found', detail: "Function 'x': Not found for account 'y'" }, 'misconfigured'],
    [402, { status: 402, title: 'Payment Required', detail: 'Cloud credits expired' }, 'quota'],
    [410, { status: 410, title: 'Gone', detail: 'The model has reached its end of life.' }, 'misconfigured'],
  ],
  huggingface: [
    [402, { error: 'You have exceeded your monthly included credits for Inference Providers.' }, 'quota'],
    [
      400,
      nested("The requested model 'x' is not supported by any provider you have enabled.", {
        code: 'model_not_supported',
      }),
      'unsupported_by_target',
    ],
  ],
  sambanova: [[404, nested('The requested model is not found', { code: 'model_not_found' }), 'misconfigured']],
}

const rows = Object.entries(refusals).flatMap(([vendor, list]) => list.map((row) => [vendor, ...row] as const))

describe('a refusal', () => {
  it('is here of everybody who speaks this language, but servers that nobody knows', () => {
    const speakers = Object.values(providers).filter(({ dialect }) => dialect === 'openai-chat')
    expect(Object.keys(refusals).toSorted()).toEqual(
      speakers
        .map(({ id }) => id)
        .filter((id) => id !== 'openai-compatible')
        .toSorted(),
    )
  })

  it.each(rows)('of %s, %i %j, is %s', (_vendor, status, body, expected) => {
    expect(failureOf(status, body).class).toBe(expected)
  })

  it('may hold its limits in the body', () => {
    const limits = { 'X-RateLimit-Limit': '50', 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': '1794304830000' }
    const body = nested('Rate limit exceeded', { code: 429, metadata: { headers: limits } })
    expect(failureOf(429, body, { date: 'Tue, 10 Nov 2026 10:00:00 GMT' }).retryAfterMs).toBe(30_000)
    expect(failureOf(429, body, { 'retry-after': '2' }).retryAfterMs).toBe(2000)
    const left = nested('x', { code: 429, metadata: { headers: { ...limits, 'X-RateLimit-Remaining': 7 } } })
    expect(failureOf(429, left, { date: 'Tue, 10 Nov 2026 10:00:00 GMT' }).retryAfterMs).toBeNull()
  })
})

describe('a stream', () => {
  const end = [finish('stop'), '[DONE]']
  const opening = { role: 'assistant', content: '', refusal: null }

  it("of Azure may tell what its filter found in events of their own, and in a choice's error", () => {
    const found = { hate: { filtered: false, severity: 'safe' } }
    const offsets = { check_offset: 0, start_offset: 0, end_offset: 1 }
    const bare = { index: 0, content_filter_results: found, content_filter_offsets: offsets, finish_reason: null }
    const unknown = { index: 0, content_filter_result: { error: { code: 'content_filter_error', message: 'late' } } }
    const { chunks, last } = decode([
      JSON.stringify({ id: '', object: '', created: 0, model: '', choices: [], prompt_filter_results: [] }),
      delta({ content: 'a' }, { content_filter_results: found }),
      JSON.stringify({ ...head, choices: [bare] }),
      JSON.stringify({ ...head, choices: [unknown] }),
      ...end,
    ])
    expect(last).toMatchObject({ done: true, failure: null })
    expect(deltas(chunks)).toEqual([opening, { content: 'a' }, {}])
  })

  it('of Azure that its filter stops keeps what was said', () => {
    const { chunks, last } = decode([delta({ content: 'a' }), finish('content_filter'), '[DONE]'])
    expect(last.failure).toBeNull()
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('content_filter')
  })

  it('of Groq may end with an error under its own key', () => {
    const event = JSON.stringify({
      ...head,
      choices: [{ index: 0, delta: {}, finish_reason: null }],
      x_groq: { id: 'req_1', error: 'Over capacity, please retry.' },
    })
    const { quirks } = providers.groq
    expect(decode([delta({ content: 'a' }), event], { quirks }).last.failure).toMatchObject({
      class: 'server_error',
      message: 'Over capacity, please retry.',
    })
  })

  it('of Groq may end with a call that does not parse', () => {
    const event = JSON.stringify(nested('Failed to parse tool call arguments as JSON', { code: 'tool_use_failed' }))
    expect(decode([event], { quirks: providers.groq.quirks }).last.failure?.class).toBe('server_error')
  })

  it.each([
    ['1301', 'content_filtered'],
    ['1302', 'rate_limited'],
    ['1113', 'quota'],
  ])('of Zhipu with error %s is %s', (code, expected) => {
    expect(decode([JSON.stringify(nested('x', { code }))]).last.failure?.class).toBe(expected)
  })

  it('of Zhipu that filled the context was cut by length', () => {
    const { chunks } = decode([delta({ content: 'a' }), finish('model_context_window_exceeded'), '[DONE]'])
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('length')
  })

  it('of Moonshot counts within the choice', () => {
    const usage = { prompt_tokens: 8, completion_tokens: 2, total_tokens: 10, cached_tokens: 4 }
    const { usage: counted } = decode([delta({ content: 'a' }), delta({}, { finish_reason: 'stop', usage }), '[DONE]'])
    expect(counted).toMatchObject({ inputTokens: 8, outputTokens: 2, cachedTokens: 4 })
  })
})
