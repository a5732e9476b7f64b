/** Error bodies: `{id, message}` (recorded: errors/cohere.json). Words: the vendor's page on errors, read 2026-11-24. */
import type { PlainReply } from '../exchange.ts'
import type { Failure, FailureFaults } from '../wire.ts'

const usualErrors: Readonly<Record<number, string>> = {
  400: 'invalid request: the request is not valid',
  401: 'invalid api token',
  402: 'please add or update your payment method at https://dashboard.cohere.com/billing?tab=payment to continue',
  403: 'your key may not use this endpoint',
  404: "model 'no-such-model' not found, make sure the correct model ID was used and that you have access to the model.",
  429: 'You are using a Trial key, which is limited to 20 API calls / minute.',
  498: 'blocked input: your text contains a deny-listed token',
  499: 'request cancelled',
  500: 'internal server error',
  503: 'the service is unavailable',
  504: 'the request timed out',
}

/** What each class of failure looks like from Cohere. */
export const failures: FailureFaults = {
  server_error: { kind: 'status', status: 500 },
  timeout: { kind: 'hang' },
  latency: { kind: 'slow', extraMs: 10_000 },
  rate_limited: { kind: 'status', status: 429 },
  quota: {
    kind: 'status',
    status: 429,
    message: 'You are using a Trial key, which is limited to 1000 API calls / month.',
  },
  connection: { kind: 'reset' },
  misconfigured: { kind: 'status', status: 401 },
  context_length: {
    kind: 'status',
    status: 400,
    message: 'too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 4292.',
  },
  unsupported_by_target: {
    kind: 'status',
    status: 400,
    message: 'invalid request: tool_choice is not supported for this model.',
  },
  content_filtered: { kind: 'status', status: 498 },
  invalid_request: { kind: 'status', status: 400 },
}

export function errorText({ status, message }: Failure): string {
  return message ?? usualErrors[status] ?? (status < 500 ? 'invalid request' : 'internal server error')
}

export function errorReply(failure: Failure, id: string): PlainReply {
  return { status: failure.status, body: JSON.stringify({ id, message: errorText(failure) }) }
}
