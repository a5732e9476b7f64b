/**
 * The authenticators of a process, shared by all generations: a reload fetches no token anew, and a changed secret is a
 * new authenticator. One that no generation uses any more is forgotten, and its token with it.
 */
import { createHash } from 'node:crypto'
import type { Connection } from '../../../core/routing/table.ts'
import { type ResolvedSecrets, secretKey } from '../headers.ts'
import type { Authenticator } from './authenticator.ts'
import { AwsAuthenticator } from './aws.ts'
import { entraAuthenticator } from './entra.ts'
import { googleAuthenticator } from './google.ts'
import type { Surroundings } from './surroundings.ts'

export interface SharedAuthenticator {
  readonly key: string
  readonly authenticator: Authenticator
}

export class Authenticators {
  private readonly environment: Surroundings['environment']
  private readonly shared = new Map<string, SharedAuthenticator & { users: number }>()

  constructor(environment: Surroundings['environment']) {
    this.environment = environment
  }

  /** null: the connection needs none. Each call counts one user, given back with `release`. */
  acquire(connection: Connection, secrets: ResolvedSecrets): SharedAuthenticator | null {
    const make = makerOf(connection)
    if (make === null) return null
    const key = keyOf(connection, secrets)
    let entry = this.shared.get(key)
    if (entry === undefined) {
      entry = { key, authenticator: make({ secrets, environment: this.environment }), users: 0 }
      this.shared.set(key, entry)
    }
    entry.users += 1
    return entry
  }

  release({ key }: SharedAuthenticator): void {
    const entry = this.shared.get(key)
    if (entry === undefined) return
    entry.users -= 1
    if (entry.users > 0) return
    this.shared.delete(key)
    entry.authenticator.close()
  }

  /** The process ends: nobody waits for a token any more. */
  close(): void {
    for (const { authenticator } of this.shared.values()) authenticator.close()
    this.shared.clear()
  }
}

/** The vendors' libraries are not loaded here, but when the first call needs them. */
function makerOf(connection: Connection): ((surroundings: Surroundings) => Authenticator) | null {
  const { auth } = connection
  switch (auth.scheme) {
    case 'sigv4':
      return (surroundings) => new AwsAuthenticator(connection, auth, surroundings)
    case 'google':
      return (surroundings) => googleAuthenticator(connection, surroundings)
    case 'entra':
      return (surroundings) => entraAuthenticator(connection, surroundings)
    case 'bearer':
    case 'header':
    case 'none':
      return null
  }
}

/** Everything that makes two of them different ones. Of secrets only a digest is kept. */
function keyOf({ auth, baseUrl, secret, proxy, tls }: Connection, secrets: ResolvedSecrets): string {
  const texts = [secret, tls?.ca ?? null].map((one) => (one === null ? null : (secrets.get(secretKey(one)) ?? null)))
  const digest = createHash('sha256').update(JSON.stringify(texts)).digest('hex')
  return JSON.stringify([auth, auth.scheme === 'sigv4' ? new URL(baseUrl).host : null, proxy, digest])
}
