/** Failures: replies of 400 and above, and errors in place of an answer that began with 200. */
import { refusalFailure } from '../../chat/classify-failure.ts'
import type { ErrorWords } from '../../chat/error-body.ts'
import { readErrorBody, readErrorValue } from '../../chat/error-body.ts'
import type { ProviderFailure } from '../../chat/failure.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { textOf } from '../../chat/loose.ts'
import type { WireErrorReply } from '../dialect.ts'

/** Bodies are `{id?, message}` (recorded). */
export function decodeError({ status, headers, body }: WireErrorReply): ProviderFailure {
  const words = readErrorBody(body)
  const meant = meaningOf(status, words.message)
  return refusalFailure({
    judgedStatus: meant?.status ?? status,
    status,
    words: meant === null ? words : { ...words, innerCode: meant.code },
    headers,
  })
}

/**
 * What status and words mean here and nowhere else (the vendor's OpenAPI document and its pages on errors and rate
 * limits, read 2026-11-24).
 */
function meaningOf(status: number, message: string): { readonly status: number; readonly code: string } | null {
  // "A request or response contains a deny-listed token."
  if (status === 498) return { status: 400, code: 'content_filter' }
  // A trial key has a number of calls a minute, and another a month; the second is over for a while.
  if (status === 429 && /limited to [\d,]+ api calls ?(?:\/|per|a) ?month/i.test(message)) {
    return { status, code: 'insufficient_quota' }
  }
  // The model, not the caller, wrote a call that does not parse.
  if (/invalid tool generation/i.test(message)) return { status: 400, code: 'tool_use_failed' }
  return null
}

/** An error where an answer or an event should be: `{message: "…"}`, or one in another's envelope; null when it is none. */
export function embeddedFailure(value: LooseRecord): ProviderFailure | null {
  const holdsError = textOf(value['message']) !== null || (value['error'] ?? null) !== null
  if (!holdsError) return null
  const words: ErrorWords = readErrorValue(value) ?? {
    message: 'the provider reported an error',
    code: null,
    type: null,
    param: null,
    innerCode: null,
  }
  return refusalFailure({ judgedStatus: 0, status: 200, words, headers: {} })
}
