/** Failures: replies of 400 and above, and errors inside an answer that began with 200. */
import type { ProviderFailure } from '../../chat/failure.ts'
import { refusalFailure } from '../../chat/classify-failure.ts'
import type { ErrorWords } from '../../chat/error-body.ts'
import { readErrorBody, readErrorValue } from '../../chat/error-body.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { isRecord } from '../../chat/loose.ts'
import type { WireErrorReply } from '../dialect.ts'

export function decodeError({ status, headers, body }: WireErrorReply): ProviderFailure {
  return refusalFailure({ judgedStatus: status, status, words: readErrorBody(body), headers })
}

/**
 * An error that stands in a reply or event beside or instead of choices; null when there is none. Vendors that do this
 * give a number as code, mostly the status the error would have had.
 */
export function decodeEmbeddedError(value: unknown): ProviderFailure | null {
  if (!holdsError(value)) return null
  return embeddedFailure(readErrorValue(value))
}

/** A value that is known to be about an error, whatever its shape. */
export function embeddedFailure(words: ErrorWords | null): ProviderFailure {
  const said = words ?? {
    message: 'the provider reported an error',
    code: null,
    type: null,
    param: null,
    innerCode: null,
  }
  const code = Number(said.code)
  const judgedStatus = code >= 400 && code < 600 ? code : 0
  return refusalFailure({ judgedStatus, status: 200, words: said, headers: {} })
}

function holdsError(value: unknown): boolean {
  if (Array.isArray(value)) return holdsError(value[0])
  if (!isRecord(value)) return typeof value === 'string'
  const { error, object } = value
  if (error !== undefined && error !== null && error !== '' && error !== false) return true
  return object === 'error' || (!Array.isArray(value['choices']) && saysWhy(value))
}

function saysWhy(value: LooseRecord): boolean {
  return value['message'] !== undefined || value['detail'] !== undefined || value['errors'] !== undefined
}
