/** What a broken call means, when no answer with a status came: transport errors as failure classes. */
import type { FailureClass, ProviderFailure } from '../../core/chat/failure.ts'
import { ConnectFailure, describeTlsTrouble } from './connect-failure.ts'

const timeouts = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT'])

/** A reset of a connection that had been open already, as opposed to a refusal or a failed look-up. */
const resets = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

export function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** Did the connection break before an answer? undici tells of a reply it cannot use by the same code. */
export function isReset(error: Error): boolean {
  return resets.has(codeOf(error)) && !error.message.startsWith('bad ')
}

/** The failure of an attempt whose transport broke. The message names the kind of trouble, never an address. */
export function transportFailure(error: Error): ProviderFailure {
  const code = codeOf(error)
  // The one thing undici refuses to send is a header with a line break in it, which only the operator can have written.
  if (code === 'UND_ERR_INVALID_ARG') return failed('misconfigured', 'a header of this target cannot be sent')
  if (error instanceof ConnectFailure) return failed('connection', error.message)
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return failed('timeout', 'no connection within `connect_timeout_ms`')
  const failure: FailureClass = timeouts.has(code) ? 'timeout' : 'connection'
  // A provider that refuses our certificate may say so only once TLS stands.
  const trouble = describeTlsTrouble(code, 'the provider')
  if (trouble !== null) return failed(failure, trouble)
  return failed(failure, code === '' ? 'the connection to the provider failed' : `the connection failed (${code})`)
}

export function failed(failure: FailureClass, message: string): ProviderFailure {
  return { class: failure, status: 0, message, code: null, type: null, param: null, retryAfterMs: null }
}
