/** What a vendor's library says went wrong, made fit for logs: short, one line, and without anything that may be a key. */
import { isRecord } from '../../../core/chat/loose.ts'
import type { ProviderFailure } from '../../../core/chat/failure.ts'
import { failed } from '../failures.ts'
import { CredentialsError } from './authenticator.ts'

const longestReason = 200

/** Tokens and keys by their looks: JSON web tokens, Google's access tokens, PEM, and long runs that are no path of a file. */
const keyLike =
  /eyJ[\w.-]{20,}|ya29\.[\w.-]+|-----BEGIN[^]*?(?:-----END[^-]*-----|$)|(?<![\w/+~.-])[A-Za-z0-9+_~.-][A-Za-z0-9+/_~.-]{39,}={0,2}/g

/** An attempt that could not even be begun. Anything but a `CredentialsError` is our own mistake, and says nothing. */
export function credentialsFailure(error: Error): ProviderFailure {
  const message = error instanceof CredentialsError ? error.message : 'it could not be told who calls'
  return failed('misconfigured', message)
}

/** Half a sentence. */
export function safeReason(error: unknown): string {
  const line = reasonOf(error).replaceAll(keyLike, '[removed]').replaceAll(/\s+/g, ' ').trim()
  return line.length <= longestReason ? line : `${line.slice(0, longestReason - 1)}…`
}

function reasonOf(error: unknown): string {
  if (error instanceof CredentialsError) return error.message
  const answered = answerOf(error)
  if (answered !== null) return answered
  const code = codeBehind(error)
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return 'the answer goes on and on'
  if (code !== null && !ofFiles.has(code)) return `no connection (${code})`
  if (!(error instanceof Error)) return 'for no reason that was told'
  // What the library itself stumbled over says nothing to an operator; what `fetch` did stands behind it.
  if (error instanceof TypeError) return error.cause instanceof Error ? error.cause.message : 'it cannot be read'
  return error.message
}

/** OAuth's own error, where the end point told one: RFC 6749, section 5.2. */
function answerOf(error: unknown): string | null {
  const response = isRecord(error) ? error['response'] : undefined
  if (!isRecord(response) || typeof response['status'] !== 'number') return null
  const { status, data } = response
  if (!isRecord(data)) return `the answer was ${status}`
  const { error: code, error_description: description } = data
  const words = [code, description].filter((word) => typeof word === 'string')
  return words.length === 0 ? `the answer was ${status}` : `${status}: ${words.join(', ')}`
}

/** Such errors name the file themselves. */
const ofFiles: ReadonlySet<string> = new Set(['ENOENT', 'EISDIR', 'EACCES', 'EPERM', 'ENOTDIR', 'ELOOP'])

/** Errors of connections stand behind others. */
function codeBehind(error: unknown): string | null {
  for (let cause: unknown = error, depth = 0; isRecord(cause) && depth < 5; cause = cause['cause'], depth += 1) {
    const code = cause['code']
    if (typeof code === 'string' && /^(?:E(?!RR_)[A-Z_]+|UND_ERR_\w+|CERT_\w+|[A-Z_]*CERT[A-Z_]*)$/.test(code))
      return code
  }
  return null
}
