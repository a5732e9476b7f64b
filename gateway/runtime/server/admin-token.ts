/** The admin listener's token: where it is read from, and whether it will do. */
import type { SecretReference } from '../../core/routing/table.ts'
import { type Environment, readSecret } from '../reload/secrets.ts'

/** Shorter ones can be tried out. */
const shortestToken = 16

export interface AdminAccess {
  /** Address the admin listener has. */
  readonly host: string
  readonly isLoopback: boolean
  /** null: none was named. */
  readonly token: SecretReference | null
}

/**
 * What reads the token, or null where none is needed. A file is read each time, so that a token that is replaced there
 * holds at once. Throws with one sentence when the listener would be open to strangers, or the token is no good.
 */
export function openAdminToken(
  { host, isLoopback, token }: AdminAccess,
  environment: Environment,
): (() => string | null) | null {
  if (token === null) {
    if (isLoopback) return null
    throw new Error(
      `the admin listener on ${host} needs a token: name one with --admin-token-env or --admin-token-file, or listen on 127.0.0.1`,
    )
  }
  const where = 'env' in token ? `the variable ${token.env}` : token.file
  const value = readSecret(token, environment)
  if (value === null || value === '') throw new Error(`the admin token is missing: ${where} is not there, or empty`)
  if (value.length < shortestToken) {
    throw new Error(`the admin token in ${where} is too short: it needs ${shortestToken} characters at least`)
  }
  if ('env' in token) return () => value
  return () => {
    const current = readSecret(token, environment)
    return current === null || current.length < shortestToken ? null : current
  }
}
