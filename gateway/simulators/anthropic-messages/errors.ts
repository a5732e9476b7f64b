/** Error bodies: `{type: 'error', error: {type, message}, request_id}` (recorded: errors/anthropic.json, 2026-08-19). */
import type { PlainReply } from '../exchange.ts'
import type { Failure, FailureFaults } from '../wire.ts'

interface UsualError {
  readonly type: string
  readonly message: string
}

/** From the page "Errors" of the documentation, read 2026-11-23. */
const usualErrors: Readonly<Record<number, UsualError>> = {
  400: { type: 'invalid_request_error', message: 'The request is not valid.' },
  401: { type: 'authentication_error', message: 'invalid x-api-key' },
  402: { type: 'billing_error', message: 'Your credit balance is too low to access the Anthropic API.' },
  403: { type: 'permission_error', message: 'Your API key may not use this resource.' },
  404: { type: 'not_found_error', message: 'Not Found' },
  405: { type: 'invalid_request_error', message: 'Method Not Allowed' },
  408: { type: 'timeout_error', message: 'Request timed out' },
  413: { type: 'request_too_large', message: 'Request exceeds the maximum size' },
  429: { type: 'rate_limit_error', message: "This request would exceed your organization's rate limit." },
  500: { type: 'api_error', message: 'Internal server error' },
  504: { type: 'timeout_error', message: 'Request timed out' },
  529: { type: 'overloaded_error', message: 'Overloaded' },
}

const types = new Set(Object.values(usualErrors).map(({ type }) => type))

/** What each class of failure looks like from Anthropic. */
export const failures: FailureFaults = {
  server_error: { kind: 'status', status: 529 },
  timeout: { kind: 'hang' },
  latency: { kind: 'slow', extraMs: 10_000 },
  rate_limited: { kind: 'status', status: 429 },
  quota: { kind: 'status', status: 402 },
  connection: { kind: 'reset' },
  misconfigured: { kind: 'status', status: 401 },
  context_length: { kind: 'status', status: 400, message: 'prompt is too long: 250000 tokens > 200000 maximum' },
  unsupported_by_target: { kind: 'status', status: 400, message: 'adaptive thinking is not supported on this model' },
  content_filtered: { kind: 'status', status: 400, message: 'Output blocked by content filtering policy' },
  invalid_request: { kind: 'status', status: 400 },
}

export function renderError({ status, code, message }: Failure, requestId: string): string {
  const usual = usualErrors[status] ?? usualErrors[status < 500 ? 400 : 500]
  const type = code !== undefined && types.has(code) ? code : usual?.type
  return JSON.stringify({ type: 'error', error: { type, message: message ?? usual?.message }, request_id: requestId })
}

export function errorReply(failure: Failure, requestId: string): PlainReply {
  return { status: failure.status, headers: { 'request-id': requestId }, body: renderError(failure, requestId) }
}
