/**
 * Error bodies: `{error: {code, message, status, details?}}`, indented (recorded: errors/gemini.json, 2026-08-19). Statuses
 * and usual words: the page on troubleshooting (https://ai.google.dev/gemini-api/docs/troubleshooting, read 2026-11-24).
 */
import type { PlainReply } from '../exchange.ts'
import type { Failure, FailureFaults } from '../wire.ts'

interface UsualError {
  readonly status: string
  readonly message: string
}

const usualErrors: Readonly<Record<number, UsualError>> = {
  400: { status: 'INVALID_ARGUMENT', message: 'Request contains an invalid argument.' },
  401: { status: 'UNAUTHENTICATED', message: 'Request had invalid authentication credentials.' },
  403: { status: 'PERMISSION_DENIED', message: 'The caller does not have permission' },
  404: { status: 'NOT_FOUND', message: 'Requested entity was not found.' },
  408: { status: 'DEADLINE_EXCEEDED', message: 'Deadline expired before operation could complete.' },
  429: { status: 'RESOURCE_EXHAUSTED', message: 'Resource has been exhausted (e.g. check quota).' },
  500: { status: 'INTERNAL', message: 'An internal error has occurred.' },
  503: { status: 'UNAVAILABLE', message: 'The model is overloaded. Please try again later.' },
  504: { status: 'DEADLINE_EXCEEDED', message: 'Deadline expired before operation could complete.' },
}

const badKey = 'API key not valid. Please pass a valid API key.'

/** What each class of failure looks like from Google. */
export const failures: FailureFaults = {
  server_error: { kind: 'status', status: 503 },
  timeout: { kind: 'hang' },
  latency: { kind: 'slow', extraMs: 10_000 },
  rate_limited: { kind: 'status', status: 429, code: 'GenerateRequestsPerMinutePerProjectPerModel' },
  quota: { kind: 'status', status: 429, code: 'GenerateRequestsPerDayPerProjectPerModel' },
  connection: { kind: 'reset' },
  misconfigured: { kind: 'status', status: 400, code: 'API_KEY_INVALID', message: badKey },
  context_length: {
    kind: 'status',
    status: 400,
    message: 'The input token count (1200293) exceeds the maximum number of tokens allowed (1048576).',
  },
  unsupported_by_target: {
    kind: 'status',
    status: 400,
    message: "Function calling with a response mime type: 'application/json' is unsupported",
  },
  content_filtered: {
    kind: 'status',
    status: 400,
    message: 'The prompt contains words that violate Responsible AI practices. Try rephrasing the prompt.',
  },
  invalid_request: { kind: 'status', status: 400 },
}

/** A fault's code is the reason of an `ErrorInfo`, or the name of a limit. */
function detailsFor(code: string | undefined): readonly object[] {
  if (code === undefined || code in usualErrors) return []
  if (/Per(?:Minute|Day)/.test(code)) {
    return [{ '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId: code }] }]
  }
  return [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: code, domain: 'googleapis.com' }]
}

function errorFor({ status, code, message }: Failure) {
  const usual = usualErrors[status] ?? usualErrors[status < 500 ? 400 : 500]
  const details = detailsFor(code)
  const error = { code: status, message: message ?? usual?.message, status: usual?.status }
  return { error: details.length === 0 ? error : { ...error, details } }
}

export function errorReply(failure: Failure): PlainReply {
  const body = `${JSON.stringify(errorFor(failure), null, 2)}\n`
  return { status: failure.status, contentType: 'application/json; charset=UTF-8', body }
}

/** Inside a stream it is an event like any other. */
export function errorEvent(failure: Failure): string {
  return `data: ${JSON.stringify(errorFor(failure))}\r\n\r\n`
}

export function invalidKey(): PlainReply {
  return errorReply({ status: 400, code: 'API_KEY_INVALID', message: badKey })
}
