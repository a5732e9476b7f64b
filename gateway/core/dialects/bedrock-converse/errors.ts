/**
 * Failures: replies of 400 and above, whose class stands in a header; and messages of a stream that say that something
 * went wrong, whose class is the message's own name.
 */
import { refusalFailure } from '../../chat/classify-failure.ts'
import type { ErrorWords } from '../../chat/error-body.ts'
import { readErrorBody, readErrorValue } from '../../chat/error-body.ts'
import type { ProviderFailure } from '../../chat/failure.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { isRecord, parseJson, recordOf, textOf } from '../../chat/loose.ts'
import { answerFailure } from '../../chat/wire-failure.ts'
import type { WireErrorReply } from '../dialect.ts'

/**
 * The status each class is judged by, in lower case and without `Exception`; others go by the reply's own
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html and …/CommonErrors.html, and the
 * client's types, 3.1164.0; read 2026-11-24).
 */
const statuses: ReadonlyMap<string, number> = new Map([
  ['accessdenied', 403],
  ['expiredtoken', 403],
  ['incompletesignature', 403],
  ['invalidclienttokenid', 403],
  ['invalidsignature', 403],
  ['missingauthenticationtoken', 403],
  ['notauthorized', 403],
  ['optinrequired', 403],
  ['requestexpired', 403],
  ['signaturedoesnotmatch', 403],
  ['unrecognizedclient', 403],
  ['resourcenotfound', 404],
  ['unknownoperation', 404],
  ['servicequotaexceeded', 402],
  ['throttling', 429],
  ['toomanyrequests', 429],
  ['modelnotready', 429],
  ['modeltimeout', 408],
  ['modelerror', 424],
  ['modelstreamerror', 424],
  ['internalfailure', 500],
  ['internalserver', 500],
  ['serviceunavailable', 503],
])

/** The operator's mistakes that are told as the caller's: what is asked there is not there, or not theirs to ask. */
const misconfigured =
  /model identifier is invalid|on-demand throughput isn.t supported|could not resolve the foundation model|operation not allowed|access to the model/i

/** A day's quota opens again tomorrow: waiting a moment does not help. */
const usedUp = /per day/i

/** Refused as malformed for a field that this model does not have. */
const extraneous = /extraneous key \[/i

export function decodeError({ status, headers, body }: WireErrorReply): ProviderFailure {
  const parsed = parseJson(body)
  const name = classOf(headers['x-amzn-errortype']) ?? classOf(bodyType(parsed))
  return failureOf({ name, status, words: wordsOf(readErrorBody(body), parsed), headers })
}

interface Said {
  /** Without `Exception`; null: nobody said. */
  readonly name: string | null
  readonly status: number
  readonly words: ErrorWords
  readonly headers: WireErrorReply['headers']
}

function failureOf({ name, status, words, headers }: Said): ProviderFailure {
  const code = name ?? words.code
  const judged = judgedStatus(name, status, words.message)
  const failure = refusalFailure({ judgedStatus: judged, status, words: { ...words, code }, headers })
  if (failure.class === 'invalid_request' && extraneous.test(words.message)) {
    return { ...failure, class: 'unsupported_by_target' }
  }
  return failure
}

function judgedStatus(name: string | null, status: number, message: string): number {
  const plain = (name ?? '').toLowerCase().replace(/exception$/, '')
  const own = status === 200 ? statusInside(plain) : status
  const judged = statuses.get(plain) ?? own
  if (judged === 429 && usedUp.test(message)) return 402
  if ((judged === 400 || judged === 0) && misconfigured.test(message)) return 404
  return judged
}

/** 0: only words can tell. */
function statusInside(name: string): number {
  return name === 'validation' ? 400 : 0
}

/**
 * `UnrecognizedClientException:http://internal.amazon.com/…` in the header (recorded), `com.amazon.coral.service#…` in
 * the body.
 */
function classOf(type: string | null | undefined): string | null {
  const name = (type ?? '').split(':')[0]?.split('#').at(-1)?.trim() ?? ''
  return /^[A-Za-z0-9_.]{1,100}$/.test(name) ? name : null
}

function bodyType(parsed: unknown): string | null {
  const body = recordOf(parsed)
  return textOf(body?.['__type']) ?? textOf(recordOf(body?.['Output'])?.['__type']) ?? textOf(body?.['code'])
}

/** Some of the services in front of this one write `Message`. */
function wordsOf(words: ErrorWords, parsed: unknown): ErrorWords {
  const body = recordOf(parsed)
  const capital = textOf(body?.['Message'])
  if (textOf(body?.['message']) !== null || capital === null) return words
  return { ...words, message: cut(capital) }
}

/** No longer than an error's own message may be. */
function cut(message: string): string {
  return readErrorValue(message)?.message ?? ''
}

// ---- inside a 200 ----

/** What stands under 200 in place of an answer: a message, a class, or nothing that is known. */
export function embeddedFailure(reply: LooseRecord): ProviderFailure {
  const name = classOf(bodyType(reply))
  const said = readErrorValue(reply)
  if (name === null && said === null) return answerFailure('the provider sent an empty answer')
  const message = name === null ? 'the provider reported an error' : `the provider reported ${name}`
  const words = said ?? { message, code: null, type: null, param: null, innerCode: null }
  return failureOf({ name, status: 200, words: wordsOf(words, reply), headers: {} })
}

/** As the reader of event streams marks them. */
const troubles = ['exception:', 'error:'] as const

/** Does a message of a stream say that something went wrong? */
export function isTrouble(event: string): boolean {
  return troubles.some((mark) => event.startsWith(mark))
}

export function streamFailure(event: string, data: string): ProviderFailure {
  const name = classOf(event.slice(event.indexOf(':') + 1))
  const said = readErrorBody(data)
  const parsed = parseJson(data)
  // What the model's own server said is more than that it failed.
  const original = isRecord(parsed) ? cut(textOf(parsed['originalMessage']) ?? '') : ''
  // A record without words would be told as it stands.
  const isSilent = said.message === '' || (isRecord(parsed) && readErrorValue(parsed) === null)
  const message = isSilent ? `the provider reported ${name ?? 'an error'}` : said.message
  const words = {
    ...said,
    message: message.includes(original) ? message : `${message} (${original})`,
  }
  return failureOf({ name, status: 200, words, headers: {} })
}
