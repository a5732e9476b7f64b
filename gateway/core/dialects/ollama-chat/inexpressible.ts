/** Values, not fields, that stop a request before it is sent. */
import type { FailureClass, ProviderFailure } from '../../chat/failure.ts'

/** Another target may well take it. */
export function cannotExpress(param: string, why: string): { readonly failure: ProviderFailure } {
  return failure('unsupported_by_target', param, `${param} cannot be expressed: ${why}`)
}

/** No target could take it. */
export function notValid(param: string, why: string): { readonly failure: ProviderFailure } {
  return failure('invalid_request', param, `${param} is not valid: ${why}`)
}

function failure(failureClass: FailureClass, param: string, message: string): { readonly failure: ProviderFailure } {
  const unsaid = { status: 0, code: null, type: null, retryAfterMs: null }
  return { failure: { ...unsaid, class: failureClass, message, param } }
}
