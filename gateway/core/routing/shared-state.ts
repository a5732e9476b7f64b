/** The state that requests of one process share. Outlives every generation; nothing in it is copied per request. */
import { ConnectionLoad } from './ceilings.ts'
import type { HealthChange } from './health.ts'
import { TargetHealth } from './health.ts'
import type { CompiledTarget, Connection } from './table.ts'

export class SharedState {
  private readonly targets = new Map<string, TargetHealth>()
  private readonly connections = new Map<string, ConnectionLoad>()
  private changes: HealthChange[] = []

  healthOf(target: CompiledTarget): TargetHealth {
    let health = this.targets.get(target.id)
    if (health === undefined) {
      health = new TargetHealth(target.id)
      this.targets.set(target.id, health)
    }
    return health
  }

  loadOf(connection: Connection): ConnectionLoad {
    let load = this.connections.get(connection.name)
    if (load === undefined) {
      load = new ConnectionLoad()
      this.connections.set(connection.name, load)
    }
    return load
  }

  /** Remembers a change for whoever reports it (log, metric, status). */
  note(change: HealthChange | null): void {
    if (change !== null) this.changes.push(change)
  }

  /** Hands over what has changed since the last call. */
  takeChanges(): readonly HealthChange[] {
    if (this.changes.length === 0) return this.changes
    const taken = this.changes
    this.changes = []
    return taken
  }

  knownTargets(): readonly TargetHealth[] {
    return [...this.targets.values()]
  }
}
