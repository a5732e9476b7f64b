/**
 * Errors: `{message}` with the class in the header `x-amzn-errortype`, an address behind it (recorded:
 * errors/bedrock.json, 2026-08). Classes, statuses and words from the reference of Converse and its common errors, and
 * from errors that users reported (searched 2026-11-24).
 */
import type { PlainReply } from '../exchange.ts'
import type { Failure, FailureFaults, Stamp } from '../wire.ts'

interface UsualError {
  readonly type: string
  readonly message: string
}

const usualErrors: Readonly<Record<number, UsualError>> = {
  400: { type: 'ValidationException', message: 'The provided request is not valid' },
  401: { type: 'UnrecognizedClientException', message: 'The security token included in the request is invalid.' },
  402: { type: 'ServiceQuotaExceededException', message: 'Your request exceeds the service quota for your account.' },
  403: { type: 'UnrecognizedClientException', message: 'The security token included in the request is invalid.' },
  404: {
    type: 'ResourceNotFoundException',
    message: 'Could not resolve the foundation model from the provided model identifier.',
  },
  408: {
    type: 'ModelTimeoutException',
    message: 'Model has timed out in processing the request. Try your request again.',
  },
  424: {
    type: 'ModelErrorException',
    message: 'The system encountered an unexpected error during processing. Try your request again.',
  },
  429: { type: 'ThrottlingException', message: 'Too many requests, please wait before trying again.' },
  500: {
    type: 'InternalServerException',
    message: 'The system encountered an unexpected error during processing. Try your request again.',
  },
  503: { type: 'ServiceUnavailableException', message: 'Bedrock is unable to process your request.' },
}

const address = 'http://internal.amazon.com/coral/com.amazon.bedrock/'

export function errorReply(failure: Failure, { key }: Stamp, type?: string): PlainReply {
  const { type: usual, message } = usualFor(failure.status)
  const name = type ?? (failure.code !== undefined && failure.code.endsWith('Exception') ? failure.code : usual)
  return {
    status: failure.status,
    headers: { 'x-amzn-requestid': key, 'x-amzn-errortype': `${name}:${address}` },
    body: JSON.stringify({ message: failure.message ?? message }),
  }
}

export function usualFor(status: number): UsualError {
  const usual = usualErrors[status] ?? usualErrors[status < 500 ? 400 : 500]
  if (usual === undefined) throw new Error('there is a usual error for 400 and for 500')
  return usual
}

/** What each class of failure looks like from Bedrock. */
export const failures: FailureFaults = {
  server_error: { kind: 'status', status: 503 },
  timeout: { kind: 'hang' },
  latency: { kind: 'slow', extraMs: 10_000 },
  rate_limited: { kind: 'status', status: 429 },
  quota: { kind: 'status', status: 400, code: 'ServiceQuotaExceededException' },
  connection: { kind: 'reset' },
  misconfigured: { kind: 'status', status: 403 },
  context_length: { kind: 'status', status: 400, message: 'Input is too long for requested model.' },
  unsupported_by_target: { kind: 'status', status: 400, message: "This model doesn't support tool use." },
  content_filtered: { kind: 'status', status: 400, message: 'Output blocked by content filtering policy' },
  invalid_request: { kind: 'status', status: 400 },
}
