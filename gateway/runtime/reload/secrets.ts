/** Secrets, resolved where the gateway runs and nowhere else. A missing one is a fact to report, not a reason to die. */
import { readFileSync } from 'node:fs'
import type { RoutingTable, SecretReference } from '../../core/routing/table.ts'
import type { MissingSecret } from '../../release/instance-details.ts'
import { lacksSecret, secretKey, secretsOf, type ResolvedSecrets } from '../transport/headers.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Every secret the table refers to that can be read now. Never throws, never logs a value. */
export function resolveSecrets(table: RoutingTable, environment: Environment): ResolvedSecrets {
  const resolved = new Map<string, string>()
  for (const connection of table.connections.values()) {
    for (const reference of secretsOf(connection)) {
      const value = readSecret(reference, environment)
      if (value !== null && value !== '') resolved.set(secretKey(reference), value)
    }
  }
  return resolved
}

/** Does the table read any secret from a file? Only then is it worth looking again. */
export function readsFiles(table: RoutingTable): boolean {
  for (const connection of table.connections.values()) {
    if (secretsOf(connection).some((reference) => 'file' in reference)) return true
  }
  return false
}

export function sameSecrets(left: ResolvedSecrets, right: ResolvedSecrets): boolean {
  if (left.size !== right.size) return false
  for (const [key, value] of left) if (right.get(key) !== value) return false
  return true
}

/** What is missing, connection by connection, and what it would be read from. */
export function missingReferences(table: RoutingTable, secrets: ResolvedSecrets): MissingSecret[] {
  const missing: MissingSecret[] = []
  for (const connection of table.connections.values()) {
    if (!lacksSecret(connection, secrets)) continue
    const wanted = secretsOf(connection).map(secretKey)
    const absent = wanted.filter((reads) => !secrets.has(reads))
    const references = absent.length === 0 ? [null] : absent
    for (const reads of references) missing.push({ connection: connection.name, reads })
  }
  return missing
}

/** What to do about it, as the end of a sentence. */
export function remedyOf({ reads }: MissingSecret): string {
  if (reads === null) return 'name one under "api_key"'
  const [kind, name] = [reads.slice(0, reads.indexOf(':')), reads.slice(reads.indexOf(':') + 1)]
  return kind === 'env'
    ? `set ${name} and restart the gateway`
    : `${name} is not there, empty, or of no use; it is looked at again`
}

/** One secret, or null where there is none. */
export function readSecret(reference: SecretReference, environment: Environment): string | null {
  // A line feed at the end is how most tools write a secret, and a header cannot carry one.
  if ('env' in reference) return environment[reference.env]?.trim() ?? null
  try {
    return readFileSync(reference.file, 'utf8').trim()
  } catch {
    return null
  }
}
