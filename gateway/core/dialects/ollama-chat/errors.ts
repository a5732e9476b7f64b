/** Failures: replies of 400 and above, and errors inside an answer that began with 200. */
import { refusalFailure } from '../../chat/classify-failure.ts'
import type { ErrorWords } from '../../chat/error-body.ts'
import { readErrorBody, readErrorValue } from '../../chat/error-body.ts'
import type { ProviderFailure } from '../../chat/failure.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { countOf, parseJson } from '../../chat/loose.ts'
import type { WireErrorReply } from '../dialect.ts'

export function decodeError({ status, headers, body }: WireErrorReply): ProviderFailure {
  return refusalFailure({ judgedStatus: status, status, words: unwrapped(readErrorBody(body)), headers })
}

/**
 * An error in place of an answer, `{error: "…"}`; some servers put the status it would have had beside it. Null when
 * the value holds none.
 */
export function decodeEmbeddedError(value: LooseRecord): ProviderFailure | null {
  const { error } = value
  if (error === undefined || error === null || error === '') return null
  const words = readErrorValue(value) ?? nothingSaid
  const given = countOf(value['status']) ?? 0
  const judgedStatus = given >= 400 && given < 600 ? given : 0
  return refusalFailure({ judgedStatus, status: 200, words: unwrapped(words), headers: {} })
}

const nothingSaid: ErrorWords = {
  message: 'the provider reported an error',
  code: null,
  type: null,
  param: null,
  innerCode: null,
}

/** What the engine behind the server says comes as JSON within the text (seen in issue 16800 of its repository). */
function unwrapped(words: ErrorWords): ErrorWords {
  if (!words.message.startsWith('{')) return words
  const inner = readErrorValue(parseJson(words.message))
  return inner === null || inner.message === '' ? words : inner
}
