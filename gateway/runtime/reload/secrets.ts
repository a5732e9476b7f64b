/** Secrets, resolved where the gateway runs and nowhere else. A missing one is a fact to report, not a reason to die. */
import { readFileSync } from 'node:fs'
import type { RoutingTable, SecretReference } from '../../core/routing/table.ts'
import { secretKey, secretsOf, type ResolvedSecrets } from '../transport/headers.ts'

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

function readSecret(reference: SecretReference, environment: Environment): string | null {
  // A line feed at the end is how most tools write a secret, and a header cannot carry one.
  if ('env' in reference) return environment[reference.env]?.trim() ?? null
  try {
    return readFileSync(reference.file, 'utf8').trim()
  } catch {
    return null
  }
}
