/**
 * Connection pools, shared by all generations and keyed by everything a connection is made with: a reload is no storm
 * of handshakes, and a renewed certificate is a new pool. A pool that no generation names any more is closed once its
 * calls are done.
 */
import { createHash } from 'node:crypto'
import { Client, type buildConnector, Pool } from 'undici'
import type { Connection } from '../../core/routing/table.ts'
import { longestTimerMs } from '../longest-timer.ts'
import type { Log } from '../log.ts'
import { connectorOf } from './connect.ts'
import type { ResolvedSecrets } from './headers.ts'
import { tlsMaterialOf } from './tls-material.ts'

/**
 * How long a connection is kept without a call, unless the provider names a time of its own in `keep-alive` (then two
 * seconds less than that, and ten minutes at most).
 */
const keepAliveMs = 60_000
const longestKeepAliveMs = 600_000

/** The same trouble with the same connection is told again after this long. */
const tellAgainMs = 60_000

export interface OriginPool {
  readonly key: string
  readonly pool: Pool
  /** One connection of its own, for the single resend after a stale one was reset. */
  fresh(): Client
  /** Answers seen on this pool: only a pool that has answered can hold a connection gone stale. */
  answered: number
}

const silent: Log = () => {}

export class ConnectionPools {
  private readonly log: Log
  private readonly pools = new Map<string, OriginPool & { users: number }>()

  constructor(log: Log = silent) {
    this.log = log
  }

  /** The pool of a connection; each call counts one user, given back with `release`. */
  acquire(connection: Connection, secrets: ResolvedSecrets): OriginPool {
    const key = keyOf(connection, secrets)
    let entry = this.pools.get(key)
    if (entry === undefined) {
      entry = { key, ...this.open(connection, secrets), answered: 0, users: 0 }
      this.pools.set(key, entry)
    }
    entry.users += 1
    return entry
  }

  release({ key }: OriginPool): void {
    const entry = this.pools.get(key)
    if (entry === undefined) return
    entry.users -= 1
    if (entry.users > 0) return
    this.pools.delete(key)
    void entry.pool.close()
  }

  async close(): Promise<void> {
    const open = [...this.pools.values()]
    this.pools.clear()
    await Promise.all(open.map((entry) => entry.pool.destroy()))
  }

  private open(connection: Connection, secrets: ResolvedSecrets): Pick<OriginPool, 'pool' | 'fresh'> {
    const { origin } = new URL(connection.baseUrl)
    const material = tlsMaterialOf(connection, secrets)
    const connect = connectorOf({ connection, material, onProblem: this.teller(connection.name) })
    const options = optionsOf(connection, connect)
    return { pool: new Pool(origin, options), fresh: () => new Client(origin, options) }
  }

  private teller(provider: string): (problem: string) => void {
    const told = new Map<string, number>()
    return (problem) => {
      const nowMs = performance.now()
      if (nowMs - (told.get(problem) ?? Number.NEGATIVE_INFINITY) < tellAgainMs) return
      told.set(problem, nowMs)
      const message = `no connection to provider "${provider}": ${problem}`
      this.log({ level: 'warn', event: 'connection_failed', message, fields: { provider } })
    }
  }
}

function optionsOf(connection: Connection, connect: buildConnector.connector) {
  return {
    allowH2: connection.http2,
    connect,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: longestKeepAliveMs,
    // The engine's timers rule how long an answer may take; only silence between bytes is watched here.
    headersTimeout: 0,
    bodyTimeout: Math.min(connection.idleTimeoutMs, longestTimerMs),
    pipelining: 1,
  }
}

/** Everything that makes two connections different ones. Of certificates and keys only a digest is kept. */
function keyOf(connection: Connection, secrets: ResolvedSecrets): string {
  const { baseUrl, connectTimeoutMs, idleTimeoutMs, proxy, http2, tls } = connection
  const material = tls === null ? null : JSON.stringify([tlsMaterialOf(connection, secrets), tls.serverName])
  const digest = material === null ? null : createHash('sha256').update(material).digest('hex')
  return JSON.stringify([new URL(baseUrl).origin, connectTimeoutMs, idleTimeoutMs, proxy, http2, digest])
}
