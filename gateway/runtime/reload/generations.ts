/**
 * Generations: each is one immutable table with its secrets and prepared targets. A request leases the generation it
 * started on; a superseded one drains, and gives its pools back when its last request is done.
 */
import { dialects } from '../../core/dialects/index.ts'
import type { Dialect } from '../../core/dialects/dialect.ts'
import type { CompiledTarget, RoutingTable } from '../../core/routing/table.ts'
import type { GenerationReport, MissingSecret } from '../../release/instance-details.ts'
import type { Revision } from '../../release/instance.ts'
import type { Authenticator } from '../transport/authentication/authenticator.ts'
import { Authenticators, type SharedAuthenticator } from '../transport/authentication/authenticators.ts'
import { headersOf, lacksSecret, type ResolvedSecrets, secretFormsOf } from '../transport/headers.ts'
import type { ConnectionPools, OriginPool } from '../transport/pools.ts'
import { type Environment, missingReferences } from './secrets.ts'

export interface LoadedManifest {
  readonly revision: string
  readonly hash: string
  /** The resolved manifest, for the spool; it holds no secret. */
  readonly manifest: object
  readonly table: RoutingTable
}

export interface PreparedTarget {
  readonly target: CompiledTarget
  /** null: the target has no chat. */
  readonly dialect: Dialect | null
  readonly pool: OriginPool
  readonly path: string
  readonly streamPath: string
  /** null: the target has no embeddings. */
  readonly embeddingsPath: string | null
  readonly headers: readonly string[]
  /** Values that must never be repeated to anyone, whatever a provider says. */
  readonly secrets: readonly string[]
  /** Says who we are where that takes more than `headers`; null for most. */
  readonly authenticator: Authenticator | null
}

export interface Generation extends LoadedManifest {
  readonly number: number
  /** Names of the connections that lack one. */
  readonly missingSecrets: ReadonlySet<string>
  /** The same, with what each of them would be read from. */
  readonly missing: readonly MissingSecret[]
  /** One for each connection; given back when the last request is done. */
  readonly pools: readonly OriginPool[]
  /** Likewise, for connections that have one. */
  readonly authenticators: readonly SharedAuthenticator[]
  /** What sticky routes are keyed by; empty for most manifests. */
  readonly stickyBy: readonly string[]
  /** Does some route spell this name out? Others are callers' text. */
  namesModel(model: string): boolean
  hasTarget(id: string): boolean
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
  finishedAfter: number
  cut: number
  /** The revision that took over; null while this one serves. */
  supersededBy: string | null
}

/** How many of those that are gone are still told of: an `apply` asks soon afterwards, or never. */
const mostClosed = 8

export class Generations {
  private readonly pools: ConnectionPools
  private readonly userAgent: string
  private readonly authenticators: Authenticators
  private readonly entries = new Map<number, Entry>()
  private readonly closed: GenerationReport[] = []
  private serving: Entry | null = null
  private nextNumber = 1

  /** `environment`: where those who look for credentials of their own accord may look. */
  constructor(pools: ConnectionPools, userAgent: string, environment: Environment = {}) {
    this.pools = pools
    this.userAgent = userAgent
    this.authenticators = new Authenticators(environment)
  }

  /** Builds a generation from a manifest that has compiled, and puts it in charge. */
  swap(loaded: LoadedManifest, secrets: ResolvedSecrets): Generation {
    const generation = this.prepare(loaded, secrets)
    const previous = this.serving
    const entry: Entry = { generation, leases: 0, finished: 0, finishedAfter: 0, cut: 0, supersededBy: null }
    this.entries.set(generation.number, entry)
    this.serving = entry
    if (previous !== null) {
      previous.supersededBy = loaded.revision
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

  /** A request is over. `cut`: because we broke it off. */
  release(generation: Generation, cut = false): void {
    const entry = this.entries.get(generation.number)
    if (entry === undefined) return
    entry.leases -= 1
    if (cut) entry.cut += 1
    else {
      entry.finished += 1
      if (entry.supersededBy !== null) entry.finishedAfter += 1
    }
    this.closeIfDrained(entry)
  }

  /** Superseded generations that still have requests. */
  draining(): GenerationStatus[] {
    return [...this.entries.values()].filter((entry) => entry.supersededBy !== null).map(statusOf)
  }

  /** Those that live and the last few that are gone, newest first. */
  report(): GenerationReport[] {
    const reports = [...this.closed, ...[...this.entries.values()].map(reportOf)]
    return reports.sort((left, right) => right.generation - left.generation)
  }

  /** No request comes any more: nothing that is only awaited may keep the process. */
  close(): void {
    this.authenticators.close()
  }

  inFlight(): number {
    let total = 0
    for (const entry of this.entries.values()) total += entry.leases
    return total
  }

  private closeIfDrained(entry: Entry): void {
    if (entry.supersededBy === null || entry.leases > 0) return
    this.entries.delete(entry.generation.number)
    this.closed.push({ ...reportOf(entry), state: 'closed' })
    if (this.closed.length > mostClosed) this.closed.shift()
    for (const pool of entry.generation.pools) this.pools.release(pool)
    for (const shared of entry.generation.authenticators) this.authenticators.release(shared)
  }

  private prepare(loaded: LoadedManifest, secrets: ResolvedSecrets): Generation {
    const pools = new Map<string, OriginPool>()
    const authenticators = new Map<string, SharedAuthenticator>()
    const missingSecrets = new Set<string>()
    for (const connection of loaded.table.connections.values()) {
      pools.set(connection.name, this.pools.acquire(connection, secrets))
      const shared = this.authenticators.acquire(connection, secrets)
      if (shared !== null) authenticators.set(connection.name, shared)
      if (lacksSecret(connection, secrets)) missingSecrets.add(connection.name)
    }
    const prepared = new Map<CompiledTarget, PreparedTarget>()
    const number = this.nextNumber
    this.nextNumber += 1
    const userAgent = this.userAgent
    const modelNames = modelNamesOf(loaded.table)
    let targets: ReadonlySet<string> | null = null
    return {
      ...loaded,
      number,
      missingSecrets,
      missing: missingReferences(loaded.table, secrets),
      pools: [...pools.values()],
      authenticators: [...authenticators.values()],
      stickyBy: stickyKeysOf(loaded.table),
      namesModel: (model) => modelNames.has(model),
      hasTarget(id) {
        targets ??= targetsOf(loaded.table)
        return targets.has(id)
      },
      prepared(target) {
        let ready = prepared.get(target)
        if (ready === undefined) {
          ready = prepareTarget(target, pools, {
            headers: headersOf(target.connection, secrets, userAgent),
            secrets: secretFormsOf(target.connection, secrets),
            authenticator: authenticators.get(target.connection.name)?.authenticator ?? null,
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
  sent: Pick<PreparedTarget, 'headers' | 'secrets' | 'authenticator'>,
): PreparedTarget {
  const { connection } = target
  const dialect = target.dialect === null ? null : dialects[target.dialect]
  const pool = pools.get(connection.name)
  if (dialect === undefined || pool === undefined) {
    throw new Error(`target ${target.id} was compiled although this version cannot call it`)
  }
  const before = new URL(connection.baseUrl).pathname.replace(/\/$/, '')
  const embeddingsPath = target.embeddings === null ? null : before + target.embeddings.path
  const paths = { path: before + target.path, streamPath: before + target.streamPath, embeddingsPath }
  return { target, dialect, pool, ...paths, ...sent }
}

function stickyKeysOf(table: RoutingTable): string[] {
  const keys = new Set<string>()
  for (const route of table.routes) if (route.stickyBy !== null) keys.add(route.stickyBy)
  return [...keys]
}

/** The names a caller can ask for: exact ones only, since a glob names nothing in particular. */
function modelNamesOf(table: RoutingTable): ReadonlySet<string> {
  const names = new Set<string>()
  for (const route of table.routes) {
    for (const model of route.match.models) if (!/[*?]/.test(model)) names.add(model)
  }
  return names
}

function targetsOf(table: RoutingTable): ReadonlySet<string> {
  return new Set(table.routes.flatMap(({ candidates }) => candidates.map(({ id }) => id)))
}

function reportOf({ generation, leases, finished, finishedAfter, cut, supersededBy }: Entry): GenerationReport {
  return {
    generation: generation.number,
    revision: revisionOf(generation.revision),
    state: supersededBy === null ? 'serving' : 'draining',
    requests: leases,
    finished,
    finished_after: finishedAfter,
    cut,
    superseded_by: supersededBy === null ? null : revisionOf(supersededBy),
  }
}

/** As reports have it: a store's revisions are numbers, a file's are not. */
export function revisionOf(revision: string): Revision {
  return /^\d+$/.test(revision) ? Number(revision) : revision
}

function statusOf(entry: Entry): GenerationStatus {
  return { generation: entry.generation.number, revision: entry.generation.revision, requests: entry.leases }
}
