/** Error bodies, in the shapes of `fixtures/errors` (`constructed.json` for what was never recorded). */
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

const anyError: UsualError = { message: 'Something went wrong.', type: 'server_error', code: null }

/** The words a vendor would use for a status, unless the behaviour gives others. */
export function usualError(status: number, words: { readonly message?: string; readonly code?: string }): WireError {
  const usual = usualErrors[status] ?? anyError
  return {
    status,
    message: words.message ?? usual.message,
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
