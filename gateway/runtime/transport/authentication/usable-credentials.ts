/** Secrets that are no key, but something written in a certain way: what cannot be read is told when it is loaded. */
import type { Connection, RoutingTable } from '../../../core/routing/table.ts'
import { type ResolvedSecrets, secretKey } from '../headers.ts'
import type { UsableSecrets } from '../tls-material.ts'
import { awsKeysWanted, readAwsKeys } from './aws-keys.ts'
import { readServiceAccountKey, serviceAccountKeyWanted } from './google-key.ts'

/**
 * `found` without what is of no use. Where the same place held something good before, that stays: files are seldom
 * replaced all in one moment.
 */
export function usableCredentials(table: RoutingTable, found: UsableSecrets, before: ResolvedSecrets): UsableSecrets {
  const secrets = new Map(found.secrets)
  const troubles = [...found.troubles]
  for (const connection of table.connections.values()) {
    const { secret, name } = connection
    if (secret === null) continue
    const key = secretKey(secret)
    const fault = faultOf(connection, secrets.get(key))
    if (fault === null) continue
    const old = before.get(key)
    const kept = old !== undefined && faultOf(connection, old) === null
    if (kept) secrets.set(key, old)
    else secrets.delete(key)
    troubles.push({ connection: name, message: `\`api_key\`: ${fault}`, kept, part: 'credentials' })
  }
  return { secrets, troubles }
}

/** What is wrong with a secret that is there; null: nothing, or it is not there. */
function faultOf({ auth }: Connection, text: string | undefined): string | null {
  if (text === undefined) return null
  if (auth.scheme === 'sigv4') return readAwsKeys(text) === null ? awsKeysWanted : null
  return auth.scheme === 'google' && readServiceAccountKey(text) === null ? serviceAccountKeyWanted : null
}
