/** Error bodies, in the shapes of `fixtures/errors` (`constructed.json` for what was never recorded). */
import type { FailureFaults } from '../wire.ts'
import type { ErrorShape } from './styles.ts'

export interface WireError {
  readonly status: number
  readonly message: string
  readonly type: string
  readonly code: string | null
  readonly param: string | null
}

interface UsualError {
  readonly message: string
  readonly type: string
  readonly code: string | null
}

const usualErrors: Readonly<Record<number, UsualError>> = {
  400: { message: 'The request is not valid.', type: 'invalid_request_error', code: 'invalid_value' },
  401: { message: 'Incorrect API key provided.', type: 'invalid_request_error', code: 'invalid_api_key' },
  402: { message: 'Insufficient balance.', type: 'insufficient_quota', code: 'insufficient_quota' },
  403: { message: 'This project may not use the model.', type: 'invalid_request_error', code: 'model_not_allowed' },
  404: { message: 'The model does not exist.', type: 'invalid_request_error', code: 'model_not_found' },
  408: { message: 'The request took too long.', type: 'timeout', code: null },
  413: { message: 'The request is too large.', type: 'invalid_request_error', code: 'request_too_large' },
  422: { message: 'The request could not be processed.', type: 'invalid_request_error', code: null },
  429: { message: 'Rate limit reached for requests per minute.', type: 'requests', code: 'rate_limit_exceeded' },
  500: { message: 'The server had an error.', type: 'server_error', code: null },
  503: { message: 'The engine is overloaded.', type: 'service_unavailable_error', code: null },
}

/** What OpenAI says for a code, whatever the status. */
const codeMessages: Readonly<Record<string, string>> = {
  insufficient_quota: 'You have used up your quota.',
  context_length_exceeded: "This model's maximum context length is exceeded.",
  unsupported_parameter: 'Unsupported parameter.',
  content_filter: 'The prompt was refused by the content filter.',
}

/** What each class of failure looks like from OpenAI. */
export const failures: FailureFaults = {
  server_error: { kind: 'status', status: 503 },
  timeout: { kind: 'hang' },
  latency: { kind: 'slow', extraMs: 10_000 },
  rate_limited: { kind: 'status', status: 429 },
  quota: { kind: 'status', status: 429, code: 'insufficient_quota' },
  connection: { kind: 'reset' },
  misconfigured: { kind: 'status', status: 401 },
  context_length: { kind: 'status', status: 400, code: 'context_length_exceeded' },
  unsupported_by_target: { kind: 'status', status: 400, code: 'unsupported_parameter' },
  content_filtered: { kind: 'status', status: 400, code: 'content_filter' },
  invalid_request: { kind: 'status', status: 400 },
}

const anyError: UsualError = { message: 'Something went wrong.', type: 'server_error', code: null }

/** The words a vendor would use for a status, unless the behaviour gives others. */
export function usualError(status: number, words: { readonly message?: string; readonly code?: string }): WireError {
  const usual = usualErrors[status] ?? anyError
  return {
    status,
    message: words.message ?? codeMessages[words.code ?? ''] ?? usual.message,
    type: words.code === 'insufficient_quota' ? 'insufficient_quota' : usual.type,
    code: words.code ?? usual.code,
    param: null,
  }
}

export function renderErrorBody(shape: ErrorShape, error: WireError): string {
  const { status, message, type, code, param } = error
  switch (shape) {
    case 'envelope':
      return JSON.stringify({ error: { message, type, param, code } })
    case 'code_and_message':
      return JSON.stringify({ error: { code: status === 429 || status === 401 ? String(status) : code, message } })
    case 'numeric_code':
      return JSON.stringify({ error: { message, code: status } })
    case 'bare_string':
      return JSON.stringify({ code: code ?? type, error: message })
    case 'flat':
      if (status === 401) return JSON.stringify({ detail: message })
      if (status === 422) return JSON.stringify({ detail: [{ type, loc: ['body', param], msg: message, input: null }] })
      return JSON.stringify({ object: 'error', message, type, param, code: String(status * 10) })
    default:
      return shape satisfies never
  }
}
