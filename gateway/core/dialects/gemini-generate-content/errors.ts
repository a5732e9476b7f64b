/** Failures: replies of 400 and above, and errors inside an answer that began with 200. */
import { refusalFailure } from '../../chat/classify-failure.ts'
import type { ErrorWords } from '../../chat/error-body.ts'
import { readErrorBody, readErrorValue } from '../../chat/error-body.ts'
import type { FailureClass, ProviderFailure } from '../../chat/failure.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { countOf, isRecord, parseJson, recordOf, textOf } from '../../chat/loose.ts'
import { parseDuration } from '../../chat/retry-after.ts'
import type { WireErrorReply } from '../dialect.ts'

export function decodeError({ status, headers, body }: WireErrorReply): ProviderFailure {
  return failureOf({ judgedStatus: status, status, headers, words: readErrorBody(body), body: parseJson(body) })
}

/** An error in place of an answer, or in the middle of one; null when the value holds none. */
export function embeddedFailure(value: unknown): ProviderFailure | null {
  const words = holdsError(value) ? readErrorValue(value) : null
  if (words === null) return null
  const code = countOf(errorIn(value)?.['code']) ?? 0
  const judgedStatus = code >= 400 && code < 600 ? code : 0
  return failureOf({ judgedStatus, status: 200, headers: {}, words, body: value })
}

interface Refused {
  readonly judgedStatus: number
  readonly status: number
  readonly headers: WireErrorReply['headers']
  readonly words: ErrorWords
  readonly body: unknown
}

function failureOf({ body, words, ...rest }: Refused): ProviderFailure {
  const details = detailsOf(body)
  const failure = refusalFailure({ ...rest, words: { ...words, innerCode: reasonIn(details) ?? words.innerCode } })
  if (failure.class === 'rate_limited' && isForLong(details, failure.message)) {
    return { ...failure, class: 'quota', retryAfterMs: null }
  }
  if (failure.class === 'invalid_request') return { ...failure, class: refusedFor(failure.message) }
  const isLimited = failure.class === 'rate_limited' || failure.class === 'quota'
  return isLimited ? { ...failure, retryAfterMs: failure.retryAfterMs ?? retryDelayIn(details) } : failure
}

// ---- details ----

/** The envelope, alone or in a list of one, as streams are answered without `alt=sse`. */
function errorIn(value: unknown): LooseRecord | null {
  const envelope: unknown = Array.isArray(value) ? value[0] : value
  return isRecord(envelope) ? recordOf(envelope['error']) : null
}

/** Proxies in between write a text instead of the record. */
function holdsError(value: unknown): boolean {
  return errorIn(value) !== null || (isRecord(value) && textOf(value['error']) !== null)
}

/** `google.rpc.ErrorInfo`, `QuotaFailure`, `RetryInfo` and others, in any order (https://google.aip.dev/193). */
function detailsOf(body: unknown): readonly LooseRecord[] {
  const details: unknown = errorIn(body)?.['details']
  return Array.isArray(details) ? details.filter(isRecord) : []
}

/** `API_KEY_INVALID` and the like. */
function reasonIn(details: readonly LooseRecord[]): string | null {
  for (const detail of details) {
    const reason = textOf(detail['reason'])
    if (reason !== null) return reason
  }
  return null
}

/** `{retryDelay: '34.4s'}`: milliseconds. */
function retryDelayIn(details: readonly LooseRecord[]): number | null {
  for (const { retryDelay } of details) {
    const delay = typeof retryDelay === 'string' ? parseDuration(retryDelay) : null
    if (delay !== null) return delay
  }
  return null
}

/**
 * All limits are told as 429 RESOURCE_EXHAUSTED, in the same words. One of a day or a month, one of nothing at all, or
 * money that is used up stays so for longer than a minute, whatever `retryDelay` says (seen: 36 s for a daily one,
 * https://github.com/diegosouzapw/OmniRoute/issues/9504, checked 2026-11-24).
 */
function isForLong(details: readonly LooseRecord[], message: string): boolean {
  const violations = details.flatMap((detail): unknown[] => {
    const { violations: some } = detail
    return Array.isArray(some) ? some : []
  })
  if (violations.some((one) => isRecord(one) && /Per(?:Day|Month)/.test(textOf(one['quotaId']) ?? ''))) return true
  return /\blimit: 0\b|\bper (?:day|month)\b|\b(?:prepa\w+|credits?|spend\w*)\b[^.]{0,60}\b(?:depleted|exceeded|reached)/i.test(
    message,
  )
}

/**
 * Refusals that are about this model: another may take the request as it is. Signatures hold for the model that gave
 * them ("Corrupted thought signature"); the others name what is not enabled, or which values there are.
 */
const aboutModel =
  /thought[_ ]?signature|\bis not enabled for\b|\bcannot be set to\b|\bsupported range is\b|ending with a model turn/i

/** All of them are told as INVALID_ARGUMENT. */
function refusedFor(message: string): FailureClass {
  if (/\bresponsible ai\b/i.test(message)) return 'content_filtered'
  return aboutModel.test(message) ? 'unsupported_by_target' : 'invalid_request'
}
