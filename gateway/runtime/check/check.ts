/**
 * One cheap authenticated call a connection, over the very pools, certificates and headers that requests would have:
 * what is found wrong here is what requests would meet. What is called, a provider says of itself (`check`).
 */
import type { RoutesManifest } from '../../../schemas/index.ts'
import { compileManifest } from '../../core/manifest/compile.ts'
import type { Connection, RoutingTable } from '../../core/routing/table.ts'
import type { PreparedTarget } from '../reload/generations.ts'
import { Generations } from '../reload/generations.ts'
import { type Environment, missingReferences, resolveSecrets } from '../reload/secrets.ts'
import { Authenticators } from '../transport/authentication/authenticators.ts'
import type { ResolvedSecrets } from '../transport/headers.ts'
import { ConnectionPools } from '../transport/pools.ts'
import { type TlsTrouble, usableSecrets } from '../transport/tls-material.ts'
import type { ConnectionCheck } from '../../core/providers/check-outcome.ts'
import { type CheckSubject, checkConnection } from './one.ts'

export interface CheckOptions {
  readonly manifest: RoutesManifest
  /** Where secrets of the form `{env: …}` are read from. */
  readonly environment: Environment
  /** Only the connections of these names; null: all that are declared, and those that targets name. */
  readonly names: readonly string[] | null
  /** For all calls of one connection together. */
  readonly timeoutMs: number
  readonly version: string
}

/** So many at once: a check is no load, for this machine or for a proxy that all of them go through. */
const mostAtOnce = 8

/** In the order of the manifest, each connection once. Throws nothing that a connection could be blamed for. */
export async function checkConnections(options: CheckOptions): Promise<ConnectionCheck[]> {
  const { manifest, environment, names } = options
  const table = compileManifest(manifest)
  const read = resolveSecrets(table, environment)
  const { secrets, troubles } = usableSecrets(table, read, new Map())
  const pools = new ConnectionPools()
  const userAgent = `aigw/${options.version}`
  const authenticators = new Authenticators(environment)
  const generations = new Generations(pools, userAgent, environment)
  const prepared = generations.swap({ revision: '', hash: '', manifest, table }, secrets)
  const chosen = [...table.connections.values()].filter(({ name }) => names === null || names.includes(name))
  const subjectOf = (connection: Connection): CheckSubject => ({
    connection,
    missing: missingOf(connection, { table, secrets, troubles }),
    trouble: troubles.find((trouble) => trouble.connection === connection.name)?.message ?? null,
    secrets,
    pool: pools.acquire(connection, secrets),
    authenticator: authenticators.acquire(connection, secrets)?.authenticator ?? null,
    targets: targetsOf(connection, table, (target) => prepared.prepared(target)),
    userAgent,
    timeoutMs: options.timeoutMs,
    remainingMs: startTimer(options.timeoutMs),
  })
  try {
    return await inTurns(chosen, async (connection) => await checkConnection(subjectOf(connection)))
  } finally {
    generations.close()
    authenticators.close()
    await pools.close()
  }
}

/** Milliseconds that are left, at least one. */
function startTimer(timeoutMs: number): () => number {
  const endMs = performance.now() + timeoutMs
  return () => Math.max(1, endMs - performance.now())
}

interface SecretsRead {
  readonly table: RoutingTable
  readonly secrets: ResolvedSecrets
  readonly troubles: readonly TlsTrouble[]
}

/** What the connection cannot do without and what is not there, by where it would be read from; null: it names no place. */
function missingOf({ name }: Connection, { table, secrets, troubles }: SecretsRead): readonly (string | null)[] {
  // A certificate that is of no use is told as that.
  if (troubles.some(({ connection }) => connection === name)) return []
  return missingReferences(table, secrets).flatMap(({ connection, reads }) => (connection === name ? [reads] : []))
}

/** One target for each model of the connection that a route names. */
function targetsOf(
  connection: Connection,
  { routes }: RoutingTable,
  prepare: (target: PreparedTarget['target']) => PreparedTarget,
): CheckSubject['targets'] {
  const targets = new Map<string, PreparedTarget['target']>()
  for (const { candidates } of routes) {
    for (const target of candidates) if (target.connection === connection) targets.set(target.model, target)
  }
  return [...targets.values()].map((target) => ({ target, prepare: () => prepare(target) }))
}

/** Results in the order of the items. */
async function inTurns<Item, Result>(items: readonly Item[], act: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  const waiting = items.entries()
  const work = async (): Promise<void> => {
    for (const [place, item] of waiting) results[place] = await act(item)
  }
  await Promise.all(Array.from({ length: Math.min(mostAtOnce, items.length) }, work))
  return results
}
