/**
 * Connection pools, keyed by origin and shared by all generations: a reload is no storm of handshakes. A pool that no
 * generation names any more is closed once its calls are done.
 */
import { Client, Pool } from 'undici'
import type { Connection } from '../../core/routing/table.ts'
import { longestTimerMs } from '../longest-timer.ts'

const keepAliveMs = 60_000

export interface OriginPool {
  readonly origin: string
  readonly pool: Pool
  /** Answers seen on this pool: only a pool that has answered can hold a connection gone stale. */
  answered: number
}

export class ConnectionPools {
  private readonly pools = new Map<string, OriginPool & { users: number }>()

  /** The pool of a connection; each call counts one user, given back with `release`. */
  acquire(connection: Connection): OriginPool {
    const key = keyOf(connection)
    let entry = this.pools.get(key)
    if (entry === undefined) {
      const { origin } = new URL(connection.baseUrl)
      entry = { origin, pool: new Pool(origin, optionsOf(connection)), answered: 0, users: 0 }
      this.pools.set(key, entry)
    }
    entry.users += 1
    return entry
  }

  release(connection: Connection): void {
    const key = keyOf(connection)
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
}

/** One connection of its own, for the single resend after a stale one was reset. */
export function freshClient(connection: Connection): Client {
  return new Client(new URL(connection.baseUrl).origin, optionsOf(connection))
}

function optionsOf(connection: Connection) {
  return {
    // HTTP/2 is a setting of its own that this version does not have; undici would take it where a server offers it.
    allowH2: false,
    connect: { timeout: Math.min(connection.connectTimeoutMs, longestTimerMs) },
    keepAliveTimeout: keepAliveMs,
    // The engine's timers rule how long an answer may take; only silence between bytes is watched here.
    headersTimeout: 0,
    bodyTimeout: Math.min(connection.idleTimeoutMs, longestTimerMs),
    pipelining: 1,
  }
}

function keyOf(connection: Connection): string {
  return `${new URL(connection.baseUrl).origin} ${connection.connectTimeoutMs} ${connection.idleTimeoutMs}`
}
