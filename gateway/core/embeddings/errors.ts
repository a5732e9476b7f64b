/** Failures, in whatever envelope: replies of 300 and above, and errors that stand in a 200. */
import { refusalFailure } from '../chat/classify-failure.ts'
import { readErrorBody, readErrorValue } from '../chat/error-body.ts'
import type { ProviderFailure } from '../chat/failure.ts'
import { type LooseRecord, parseJson, recordOf } from '../chat/loose.ts'
import { answerFailure } from '../chat/wire-failure.ts'
import type { WireErrorReply } from '../dialects/dialect.ts'

export function decodeEmbeddingsError({ status, headers, body }: WireErrorReply): ProviderFailure {
  return refusalFailure({ judgedStatus: status, status, words: readErrorBody(body), headers })
}

/** The object that a 200 holds, or why it is no answer. */
export function readReply(body: string): { readonly reply: LooseRecord } | { readonly failure: ProviderFailure } {
  const value = parseJson(body)
  const reply = recordOf(value)
  if (reply === null) return { failure: errorInside(value) ?? answerFailure("the provider's answer cannot be read") }
  const { error } = reply
  const isError = error !== undefined && error !== null && error !== '' && error !== false
  return isError || reply['object'] === 'error' ? { failure: errorInside(reply) ?? unsaid } : { reply }
}

const unsaid = answerFailure('the provider reported an error')

/** Null when the value says nothing about an error. A number as code is mostly the status the error would have had. */
function errorInside(value: unknown): ProviderFailure | null {
  const words = value === undefined ? null : readErrorValue(value)
  if (words === null) return null
  const code = Number(words.code)
  const judgedStatus = code >= 400 && code < 600 ? code : 0
  return refusalFailure({ judgedStatus, status: 200, words, headers: {} })
}
