/** Error bodies: `{error: "words"}`, nothing else. Words from `server/routes.go` of ollama/ollama, read 2026-11-23. */
import type { PlainReply } from '../exchange.ts'
import type { Failure, FailureFaults } from '../wire.ts'

const usualErrors: Readonly<Record<number, string>> = {
  400: 'the request is not valid',
  401: 'unauthorized',
  402: 'this model needs a subscription',
  403: 'this model needs a subscription',
  404: 'model not found, try pulling it first',
  429: 'you have reached your hourly usage limit, please upgrade to continue',
  500: 'llama runner process has terminated',
  503: 'server busy, please try again. maximum pending requests exceeded',
}

/** What each class of failure looks like from Ollama. */
export const failures: FailureFaults = {
  server_error: { kind: 'status', status: 500 },
  timeout: { kind: 'hang' },
  latency: { kind: 'slow', extraMs: 10_000 },
  rate_limited: { kind: 'status', status: 429 },
  quota: { kind: 'status', status: 402 },
  connection: { kind: 'reset' },
  misconfigured: { kind: 'status', status: 404 },
  context_length: { kind: 'status', status: 400, message: 'the input length exceeds the context length' },
  unsupported_by_target: { kind: 'status', status: 400, message: '"model" does not support tools' },
  content_filtered: { kind: 'status', status: 400, message: 'the prompt was refused by the content filter' },
  invalid_request: { kind: 'status', status: 400 },
}

export function errorText({ status, message }: Failure): string {
  return message ?? usualErrors[status] ?? (status < 500 ? 'the request is not valid' : 'internal server error')
}

export function errorReply(failure: Failure): PlainReply {
  return jsonReply(JSON.stringify({ error: errorText(failure) }), failure.status)
}

export function jsonReply(body: string, status = 200): PlainReply {
  return { status, contentType: 'application/json; charset=utf-8', body }
}
