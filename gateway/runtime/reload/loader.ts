/**
 * Puts a manifest in charge, or says why not. Whatever goes wrong, the generation that serves goes on serving; the
 * problem is said once, in the log, the spool and the status.
 */
import { compileManifest } from '../../core/manifest/compile.ts'
import { findUnavailable } from '../../core/manifest/unavailable.ts'
import type { RoutesManifest } from '../../../schemas/index.ts'
import type { RoutingTable } from '../../core/routing/table.ts'
import type { Runtime } from '../runtime.ts'
import { lacksSecret, type ResolvedSecrets } from '../transport/headers.ts'
import type { LoadedManifest } from './generations.ts'
import type { Environment } from './secrets.ts'
import { readsFiles, resolveSecrets, sameSecrets } from './secrets.ts'

export interface Candidate {
  readonly revision: string
  readonly hash: string
  /** Read, resolved and checked; not yet compiled. */
  readonly manifest: RoutesManifest
}

export interface LoaderOptions {
  readonly runtime: Runtime
  readonly environment: Environment
  readonly requireSecrets: boolean
  /** May a gateway without credentials take traffic where it listens? */
  readonly mayBeOpen: boolean
}

const secretFilesEveryMs = 2000

export class Loader {
  private readonly options: LoaderOptions
  private loaded: LoadedManifest | null = null
  private secrets: ResolvedSecrets = new Map()
  private lastProblem: string | null = null
  private closed = false
  private readonly secretsTimer: NodeJS.Timeout

  constructor(options: LoaderOptions) {
    this.options = options
    this.secretsTimer = setInterval(() => this.rereadSecrets(), secretFilesEveryMs)
    this.secretsTimer.unref()
  }

  /** Why the newest manifest is not in charge; null when it is. */
  problem(): string | null {
    return this.lastProblem
  }

  /** What would keep this candidate from serving here; empty when nothing would. Changes nothing. */
  refusals(candidate: Candidate): string[] {
    const { environment, requireSecrets, mayBeOpen } = this.options
    const refusals = findUnavailable(candidate.manifest).map((one) => `${one.path}: ${one.message}`)
    if (refusals.length > 0) return refusals
    const table = compileManifest(candidate.manifest)
    if (table.credentials.size === 0 && !mayBeOpen) {
      refusals.push('the manifest declares no credentials, and this gateway was not started with --allow-open')
    }
    if (requireSecrets) {
      for (const name of missingOf(table, resolveSecrets(table, environment))) {
        refusals.push(`the secret of provider "${name}" is missing, and this gateway requires all secrets`)
      }
    }
    return refusals
  }

  /** Loads a candidate. Returns null when it serves now, else what was said about it. */
  load(candidate: Candidate): string | null {
    if (this.closed) return 'the gateway is closing'
    const refusals = this.refusals(candidate)
    if (refusals.length > 0) return this.refuse(refusals.join('; '))
    const { revision, hash, manifest } = candidate
    const table = compileManifest(manifest)
    this.lastProblem = null
    this.loaded = { revision, hash, manifest, table }
    this.secrets = resolveSecrets(table, this.options.environment)
    this.swap(this.loaded)
    return null
  }

  /** What was said against the newest manifest holds no longer: the one in charge is the newest. */
  clear(): void {
    this.lastProblem = null
  }

  /** Notes a manifest that could not even be read. */
  refuse(problem: string): string {
    if (this.closed || problem === this.lastProblem) return problem
    this.lastProblem = problem
    const { runtime } = this.options
    const serving = runtime.generations.current()
    const still = serving === null ? 'nothing is served' : `revision ${serving.revision} goes on serving`
    runtime.log({ level: 'error', event: 'load_refused', message: `${problem} (${still})` })
    runtime.spool?.append('event', { event: 'load_refused', at: this.now(), message: problem })
    return problem
  }

  /** From here on nothing is loaded: a file that was still being parsed comes too late. */
  close(): void {
    this.closed = true
    clearInterval(this.secretsTimer)
  }

  private swap(loaded: LoadedManifest): void {
    const { runtime } = this.options
    const generation = runtime.generations.swap(loaded, this.secrets)
    const missing = [...generation.missingSecrets]
    runtime.spool?.append('event', {
      event: 'generation',
      at: this.now(),
      generation: generation.number,
      revision: loaded.revision,
      hash: loaded.hash,
      manifest: { ...loaded.manifest },
      missing_secrets: missing,
    })
    runtime.log({
      level: 'info',
      event: 'generation',
      message: `revision ${loaded.revision} is in charge`,
      fields: { generation: generation.number, routes: loaded.table.routes.length },
    })
    for (const name of missing) {
      runtime.log({
        level: 'error',
        event: 'secret_missing',
        message: `the key of provider "${name}" is missing; its targets are skipped until it is there`,
      })
    }
  }

  /** A key that was rotated in its file takes effect as a new generation of the same revision. */
  private rereadSecrets(): void {
    if (this.loaded === null || !readsFiles(this.loaded.table)) return
    const secrets = resolveSecrets(this.loaded.table, this.options.environment)
    if (sameSecrets(secrets, this.secrets)) return
    this.secrets = secrets
    this.swap(this.loaded)
  }

  private now(): string {
    const { process } = this.options.runtime
    return process.wallClock(process.nowUs())
  }
}

function missingOf(table: RoutingTable, secrets: ResolvedSecrets): string[] {
  const missing: string[] = []
  for (const connection of table.connections.values()) {
    if (lacksSecret(connection, secrets)) missing.push(connection.name)
  }
  return missing
}
