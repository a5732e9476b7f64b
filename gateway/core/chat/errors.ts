/**
 * Every error the gateway itself answers with: one table, one renderer. `code` is what callers and dashboards key on,
 * so a code is never renamed. Provider failures that are passed back keep the provider's own code where it has one.
 */

export const gatewayErrors = {
  invalid_json: { status: 400, type: 'invalid_request_error' },
  invalid_request: { status: 400, type: 'invalid_request_error' },
  missing_api_key: { status: 401, type: 'invalid_request_error' },
  invalid_api_key: { status: 401, type: 'invalid_request_error' },
  host_not_allowed: { status: 403, type: 'invalid_request_error' },
  route_not_found: { status: 404, type: 'invalid_request_error' },
  unknown_path: { status: 404, type: 'invalid_request_error' },
  method_not_allowed: { status: 405, type: 'invalid_request_error' },
  request_timeout: { status: 408, type: 'invalid_request_error' },
  request_too_large: { status: 413, type: 'invalid_request_error' },
  unsupported_encoding: { status: 415, type: 'invalid_request_error' },
  expectation_failed: { status: 417, type: 'invalid_request_error' },
  headers_too_large: { status: 431, type: 'invalid_request_error' },
  quota_exceeded: { status: 429, type: 'insufficient_quota' },
  all_targets_failed: { status: 502, type: 'server_error' },
  stream_interrupted: { status: 502, type: 'server_error' },
  too_many_connections: { status: 503, type: 'server_error' },
  overloaded: { status: 503, type: 'server_error' },
  not_ready: { status: 503, type: 'server_error' },
  internal_error: { status: 500, type: 'server_error' },
} as const satisfies Record<string, { status: number; type: string }>

export type GatewayErrorCode = keyof typeof gatewayErrors

/** OpenAI's error envelope, as its clients parse it. */
export interface ErrorEnvelope {
  readonly error: {
    readonly message: string
    readonly type: string
    readonly param: string | null
    readonly code: string | null
  }
}

/** A request problem of the caller's or ours, with the status it is answered with. Bugs are plain errors instead. */
export class GatewayError extends Error {
  readonly code: GatewayErrorCode
  readonly status: number
  readonly type: string
  readonly param: string | null

  constructor(code: GatewayErrorCode, message: string, param: string | null = null) {
    super(message)
    this.name = 'GatewayError'
    this.code = code
    this.status = gatewayErrors[code].status
    this.type = gatewayErrors[code].type
    this.param = param
  }
}

export function renderError(error: {
  readonly message: string
  readonly type: string
  readonly param: string | null
  readonly code: string | null
}): ErrorEnvelope {
  return { error: { message: error.message, type: error.type, param: error.param, code: error.code } }
}

/**
 * Strings that look like a key, in whatever a provider says. Vendors echo the rejected key in part or whole, and none
 * of it may reach a caller, a log or a record.
 */
const keyShaped =
  /\b(?:sk|rk|pk|xai|gsk|hf|pplx|key|api|AIza|AKIA|ASIA|ghp|Bearer)[-_ ]?[A-Za-z0-9*._-]{12,}|\b[A-Za-z0-9]{2,}[*]{4,}[A-Za-z0-9]*|\b[A-Za-z0-9+/_-]{40,}={0,2}/g

export function scrubKeys(text: string): string {
  return text.replace(keyShaped, '[removed]')
}
