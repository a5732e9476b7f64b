/** The headers of a call to a provider, made once a target and generation: who we are, and what the operator added. */
import type { Connection, SecretReference } from '../../core/routing/table.ts'
import { formsOf } from './without-secrets.ts'

/** Resolved secrets by reference, as `secretKey` writes them. */
export type ResolvedSecrets = ReadonlyMap<string, string>

export function secretKey(reference: SecretReference): string {
  return 'env' in reference ? `env:${reference.env}` : `file:${reference.file}`
}

/** Every secret a connection needs: those it sends, and those its TLS stands on. */
export function secretsOf(connection: Connection): SecretReference[] {
  return [...sentSecretsOf(connection), ...tlsSecretsOf(connection)]
}

function tlsSecretsOf({ tls }: Connection): SecretReference[] {
  return tls === null ? [] : [tls.ca, tls.cert, tls.key].filter((reference) => reference !== null)
}

function sentSecretsOf(connection: Connection): SecretReference[] {
  const references: SecretReference[] = connection.secret === null ? [] : [connection.secret]
  for (const value of Object.values(connection.headers)) if (typeof value !== 'string') references.push(value)
  return references
}

/** Is a secret that the connection cannot do without missing? */
export function lacksSecret(connection: Connection, secrets: ResolvedSecrets): boolean {
  const { secret, secretRequired } = connection
  if (secretRequired && (secret === null || !secrets.has(secretKey(secret)))) return true
  if (tlsSecretsOf(connection).some((reference) => !secrets.has(secretKey(reference)))) return true
  return Object.values(connection.headers).some((value) => typeof value !== 'string' && !secrets.has(secretKey(value)))
}

/** The secrets that calls over this connection carry, in every form they may come back in. */
export function secretFormsOf(connection: Connection, secrets: ResolvedSecrets): string[] {
  return sentSecretsOf(connection).flatMap((reference) => {
    const secret = secrets.get(secretKey(reference))
    return secret === undefined ? [] : formsOf(secret)
  })
}

/** Name, value, name, value … */
export function headersOf(connection: Connection, secrets: ResolvedSecrets, userAgent: string): string[] {
  const headers = ['content-type', 'application/json', 'accept', 'application/json, text/event-stream']
  headers.push('user-agent', userAgent)
  const key = connection.secret === null ? undefined : secrets.get(secretKey(connection.secret))
  const { auth } = connection
  if (key !== undefined && auth.scheme === 'bearer') headers.push('authorization', `Bearer ${key}`)
  if (key !== undefined && auth.scheme === 'header') headers.push(auth.name, key)
  for (const [name, value] of Object.entries(connection.headers)) {
    const text = typeof value === 'string' ? value : secrets.get(secretKey(value))
    if (text !== undefined) headers.push(name, text)
  }
  return headers
}
