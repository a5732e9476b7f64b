/**
 * How long a provider asks us to stay away. Core has no clock, so times of day are read against the reply's own `date`
 * header, which is the provider's clock anyway.
 */

type Headers = Readonly<Record<string, string | undefined>>

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Numbers at least this large are moments since 1970 in seconds, not durations: 2001-09-09. */
const firstMomentSeconds = 1_000_000_000
const firstMomentMs = firstMomentSeconds * 1000

/** `1m30.5s`, `6m0s`, `120ms`, `2h`: milliseconds; null when it is something else. */
export function parseDuration(text: string): number | null {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/.test(text)) return null
  let total = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)) {
    total += Number(amount) * (unitMs[unit ?? ''] ?? 0)
  }
  return Math.round(total)
}

/** `retry-after-ms`, or `retry-after` in seconds or as a date; null without either. Header names in lower case. */
export function readRetryHeader(headers: Headers): number | null {
  return (
    positive(Number.parseFloat(headers['retry-after-ms'] ?? '')) ??
    readDelay(headers['retry-after'], momentOf(headers['date']))
  )
}

/**
 * When a limit that refused us opens again. After the headers above: the resets of the limits that are used up
 * (`x-ratelimit-reset-requests`, `anthropic-ratelimit-tokens-reset`, `x-tokenlimit-reset` and their siblings: durations,
 * seconds or moments), the longest of them; then the one header that tells all of a limit (`ratelimit: "api";r=0;t=55`:
 * https://www.ietf.org/archive/id/draft-ietf-httpapi-ratelimit-headers-10.html); then what the message says ("try again
 * in 7.66s"). A limit with something left did not refuse us: every reply lists those too.
 * Formats from the recordings, the constructed errors and the reference page, section 8; checked 2026-11-24.
 */
export function readLimitReset(headers: Headers, message: string): number | null {
  return readRetryHeader(headers) ?? readResets(headers) ?? readLimitList(headers['ratelimit']) ?? readMessage(message)
}

/** `x-ratelimit-reset`, `ratelimit-reset-…`, `x-tokenlimit-reset`, `ratelimitbysize-reset`, `anthropic-ratelimit-…-reset`. */
const resetHeader = /^(?:x-)?(?:rate|token)limit(?:bysize)?-reset|^[a-z]+-ratelimit-(?:[a-z]+-)*reset$/

function readResets(headers: Headers): number | null {
  const nowMs = momentOf(headers['date'])
  const delays: number[] = []
  for (const [name, value] of Object.entries(headers)) {
    if (!resetHeader.test(name)) continue
    const remaining = headers[name.replace('-reset', '-remaining')]
    const delay = remaining === undefined || Number(remaining) <= 0 ? readDelay(value, nowMs) : null
    if (delay !== null) delays.push(delay)
  }
  return delays.length > 0 ? Math.max(...delays) : null
}

/** Each limit is a name with what is left (`r`) and the seconds until it is whole again (`t`). */
function readLimitList(header: string | undefined): number | null {
  const delays: number[] = []
  for (const limit of (header ?? '').split(',')) {
    const left = /;\s*r=(\d+)/.exec(limit)?.[1]
    const seconds = /;\s*t=(\d+)/.exec(limit)?.[1]
    if (Number(left) === 0 && seconds !== undefined) delays.push(Number(seconds) * 1000)
  }
  return delays.length > 0 ? Math.max(...delays) : null
}

const saidDelay =
  /(?:(?:try|retry) (?:again )?(?:in|after)|wait(?: for)?) (?:((?:\d+(?:\.\d+)?(?:ms|[smhd]))+)|(\d+(?:\.\d+)?) seconds?)/i

function readMessage(message: string): number | null {
  const found = saidDelay.exec(message)
  if (found === null) return null
  const [, duration, seconds] = found
  return duration === undefined ? positive(Number(seconds) * 1000) : parseDuration(duration.toLowerCase())
}

function readDelay(value: string | undefined, nowMs: number | null): number | null {
  if (value === undefined || value.trim() === '') return null
  const text = value.trim()
  const number = Number(text)
  if (Number.isNaN(number)) return parseDuration(text) ?? until(momentOf(text), nowMs)
  if (number >= firstMomentMs) return until(number, nowMs)
  if (number >= firstMomentSeconds) return until(number * 1000, nowMs)
  return positive(number * 1000)
}

function until(momentMs: number | null, nowMs: number | null): number | null {
  return momentMs === null || nowMs === null ? null : positive(momentMs - nowMs)
}

/** Date.parse reads a text, not the clock. */
function momentOf(text: string | undefined): number | null {
  if (text === undefined) return null
  const moment = Date.parse(text)
  return Number.isNaN(moment) ? null : moment
}

function positive(milliseconds: number): number | null {
  return Number.isFinite(milliseconds) && milliseconds >= 0 ? Math.round(milliseconds) : null
}
