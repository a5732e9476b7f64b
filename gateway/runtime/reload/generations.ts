/**
 * Generations: each is one immutable table with its secrets and prepared targets. A request leases the generation it
 * started on; a superseded one drains, and gives its pools back when its last request is done.
 */
import { dialects } from '../../core/dialects/index.ts'
import type { Dialect } from '../../core/dialects/dialect.ts'
import type { CompiledTarget, RoutingTable } from '../../core/routing/table.ts'
import { headersOf, lacksSecret, type ResolvedSecrets, secretValuesOf } from '../transport/headers.ts'
import type { ConnectionPools, OriginPool } from '../transport/pools.ts'

export interface LoadedManifest {
  readonly revision: string
  readonly hash: string
  /** The resolved manifest, for the spool; it holds no secret. */
  readonly manifest: object
  readonly table: RoutingTable
}

export interface PreparedTarget {
  readonly target: CompiledTarget
  readonly dialect: Dialect
  readonly pool: OriginPool
  readonly path: string
  readonly headers: readonly string[]
  /** Values that must never be repeated to anyone, whatever a provider says. */
  readonly secrets: readonly string[]
}

export interface Generation extends LoadedManifest {
  readonly number: number
  readonly missingSecrets: ReadonlySet<string>
  /** What sticky routes are keyed by; empty for most manifests. */
  readonly stickyBy: readonly string[]
  readonly modelNames: readonly string[]
  prepared(target: CompiledTarget): PreparedTarget
}

export interface GenerationStatus {
  readonly generation: number
  readonly revision: string
  readonly requests: number
}

interface Entry {
  readonly generation: Generation
  leases: number
  finished: number
  superseded: boolean
}

export class Generations {
  private readonly pools: ConnectionPools
  private readonly userAgent: string
  private readonly entries = new Map<number, Entry>()
  private serving: Entry | null = null
  private nextNumber = 1

  constructor(pools: ConnectionPools, userAgent: string) {
    this.pools = pools
    this.userAgent = userAgent
  }

  /** Builds a generation from a manifest that has compiled, and puts it in charge. */
  swap(loaded: LoadedManifest, secrets: ResolvedSecrets): Generation {
    const generation = this.prepare(loaded, secrets)
    const previous = this.serving
    const entry: Entry = { generation, leases: 0, finished: 0, superseded: false }
    this.entries.set(generation.number, entry)
    this.serving = entry
    if (previous !== null) {
      previous.superseded = true
      this.closeIfDrained(previous)
    }
    return generation
  }

  current(): Generation | null {
    return this.serving?.generation ?? null
  }

  lease(): Generation | null {
    if (this.serving === null) return null
    this.serving.leases += 1
    return this.serving.generation
  }

  release(generation: Generation): void {
    const entry = this.entries.get(generation.number)
    if (entry === undefined) return
    entry.leases -= 1
    entry.finished += 1
    this.closeIfDrained(entry)
  }

  /** Superseded generations that still have requests. */
  draining(): GenerationStatus[] {
    return [...this.entries.values()].filter((entry) => entry.superseded).map(statusOf)
  }

  inFlight(): number {
    let total = 0
    for (const entry of this.entries.values()) total += entry.leases
    return total
  }

  private closeIfDrained(entry: Entry): void {
    if (!entry.superseded || entry.leases > 0) return
    this.entries.delete(entry.generation.number)
    for (const connection of entry.generation.table.connections.values()) this.pools.release(connection)
  }

  private prepare(loaded: LoadedManifest, secrets: ResolvedSecrets): Generation {
    const pools = new Map<string, OriginPool>()
    const missingSecrets = new Set<string>()
    for (const connection of loaded.table.connections.values()) {
      pools.set(connection.name, this.pools.acquire(connection))
      if (lacksSecret(connection, secrets)) missingSecrets.add(connection.name)
    }
    const prepared = new Map<CompiledTarget, PreparedTarget>()
    const number = this.nextNumber
    this.nextNumber += 1
    const userAgent = this.userAgent
    return {
      ...loaded,
      number,
      missingSecrets,
      stickyBy: stickyKeysOf(loaded.table),
      modelNames: modelNamesOf(loaded.table),
      prepared(target) {
        let ready = prepared.get(target)
        if (ready === undefined) {
          ready = prepareTarget(target, pools, {
            headers: headersOf(target.connection, secrets, userAgent),
            secrets: secretValuesOf(target.connection, secrets),
          })
          prepared.set(target, ready)
        }
        return ready
      },
    }
  }
}

function prepareTarget(
  target: CompiledTarget,
  pools: ReadonlyMap<string, OriginPool>,
  sent: Pick<PreparedTarget, 'headers' | 'secrets'>,
): PreparedTarget {
  const { connection } = target
  const dialectId = connection.provider.dialect
  const dialect = dialectId === null ? undefined : dialects[dialectId]
  const pool = pools.get(connection.name)
  if (dialect === undefined || pool === undefined) {
    throw new Error(`target ${target.id} was compiled although this version cannot call it`)
  }
  const { pathname } = new URL(connection.baseUrl)
  return { target, dialect, pool, path: pathname.replace(/\/$/, '') + target.path, ...sent }
}

function stickyKeysOf(table: RoutingTable): string[] {
  const keys = new Set<string>()
  for (const route of table.routes) if (route.stickyBy !== null) keys.add(route.stickyBy)
  return [...keys]
}

/** The names a caller can ask for: exact ones only, since a glob names nothing in particular. */
function modelNamesOf(table: RoutingTable): string[] {
  const names = new Set<string>()
  for (const route of table.routes) {
    for (const model of route.match.models) if (!/[*?]/.test(model)) names.add(model)
  }
  return [...names]
}

function statusOf(entry: Entry): GenerationStatus {
  return { generation: entry.generation.number, revision: entry.generation.revision, requests: entry.leases }
}
