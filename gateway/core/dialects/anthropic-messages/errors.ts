/** Failures: replies of 400 and above, and errors inside an answer that began with 200. */
import { refusalFailure } from '../../chat/classify-failure.ts'
import type { ErrorWords } from '../../chat/error-body.ts'
import { readErrorBody, readErrorValue } from '../../chat/error-body.ts'
import type { ProviderFailure } from '../../chat/failure.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { isRecord, parseJson, recordOf, textOf } from '../../chat/loose.ts'
import type { WireErrorReply } from '../dialect.ts'

export function decodeError({ status, headers, body }: WireErrorReply): ProviderFailure {
  const words = withCode(readErrorBody(body), parseJson(body))
  return refusalFailure({ judgedStatus: status, status, words, headers: withLimits(headers) })
}

/**
 * The status each type would have had outside a stream (https://platform.claude.com/docs/en/api/errors, read
 * 2026-11-23). Inside one there is only the type.
 */
const statuses: ReadonlyMap<string, number> = new Map([
  ['invalid_request_error', 400],
  ['authentication_error', 401],
  ['billing_error', 402],
  ['permission_error', 403],
  ['not_found_error', 404],
  ['conflict_error', 409],
  ['request_too_large', 413],
  ['rate_limit_error', 429],
  ['api_error', 500],
  ['timeout_error', 504],
  ['overloaded_error', 529],
])

/** An `error` event, or a body of `{type: 'error', error: {type, message}}` under 200. */
export function embeddedFailure(event: LooseRecord): ProviderFailure {
  const said = readErrorValue(event) ?? {
    message: 'the provider reported an error',
    code: null,
    type: null,
    param: null,
    innerCode: null,
  }
  const words = withCode(said, event)
  return refusalFailure({ judgedStatus: statuses.get(words.type ?? '') ?? 0, status: 200, words, headers: {} })
}

/** The cause in one word stands deeper than others put it: `error.details.error_code` (the client's `errorCode`). */
function withCode(words: ErrorWords, body: unknown): ErrorWords {
  const error = isRecord(body) ? recordOf(body['error']) : null
  const code = textOf(recordOf(error?.['details'])?.['error_code'])
  return code === null ? words : { ...words, code }
}

/** `anthropic-ratelimit-requests-reset` and its siblings, under the names that others give them. */
function withLimits(headers: WireErrorReply['headers']): WireErrorReply['headers'] {
  const renamed: Record<string, string | undefined> = { ...headers }
  for (const [name, value] of Object.entries(headers)) {
    const [, what, kind] = /^anthropic-ratelimit-(.+)-(reset|remaining)$/.exec(name) ?? []
    if (what !== undefined && kind !== undefined) renamed[`x-ratelimit-${kind}-${what}`] = value
  }
  return renamed
}
