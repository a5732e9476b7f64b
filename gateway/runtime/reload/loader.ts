/**
 * Puts a manifest in charge, or says why not. Whatever goes wrong, the generation that serves goes on serving; the
 * problem is said once, in the log, the spool and the status.
 */
import { compileManifest } from '../../core/manifest/compile.ts'
import { findUnavailable } from '../../core/manifest/unavailable.ts'
import type { RoutesManifest } from '../../../schemas/index.ts'
import type { RoutingTable } from '../../core/routing/table.ts'
import type { MissingSecret, ReloadReport } from '../../release/instance-details.ts'
import type { Runtime } from '../runtime.ts'
import { usableCredentials } from '../transport/authentication/usable-credentials.ts'
import type { ResolvedSecrets } from '../transport/headers.ts'
import { type TlsTrouble, type UsableSecrets, usableSecrets } from '../transport/tls-material.ts'
import type { LoadedManifest } from './generations.ts'
import type { Environment } from './secrets.ts'
import { missingReferences, readsFiles, remedyOf, resolveSecrets, sameSecrets } from './secrets.ts'

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
  /** Was it said in so many words that anybody may call? */
  readonly allowOpen: boolean
  /** What is served in place of what was read: providers that are played. Default: the manifest itself. */
  readonly rewrite?: (manifest: RoutesManifest) => RoutesManifest
}

const secretFilesEveryMs = 2000

/** How manifests that came were taken. */
export interface Reloads {
  readonly accepted: number
  readonly refused: number
  readonly last: ReloadReport | null
  /** ISO 8601; null before the first that was accepted. */
  readonly lastAcceptedAt: string | null
}

export class Loader {
  private readonly options: LoaderOptions
  private loaded: LoadedManifest | null = null
  private secrets: ResolvedSecrets = new Map()
  private lastProblem: string | null = null
  private accepted = 0
  private refused = 0
  private last: ReloadReport | null = null
  private lastAcceptedAt: string | null = null
  /** Secrets that were said to be missing, and what each is read from. */
  private missing = new Map<string, MissingSecret>()
  /** What was said of certificates and keys that cannot be used. */
  private troubles: ReadonlySet<string> = new Set()
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

  reloads(): Reloads {
    const { accepted, refused, last, lastAcceptedAt } = this
    return { accepted, refused, last, lastAcceptedAt }
  }

  /** What would keep this candidate from serving here; empty when nothing would. Changes nothing. */
  refusals(candidate: Candidate): string[] {
    const { requireSecrets } = this.options
    const manifest = this.rewritten(candidate)
    const refusals = findUnavailable(manifest).map((one) => `${one.path}: ${one.message}`)
    if (refusals.length > 0) return refusals
    const table = compileManifest(manifest)
    if (table.credentials.size === 0) refusals.push(...this.refusalsToOpen())
    if (requireSecrets) {
      for (const missing of missingReferences(table, this.resolve(table).secrets)) {
        const { connection } = missing
        refusals.push(
          `the secret of provider "${connection}" is missing, and this gateway requires all secrets: ${remedyOf(missing)}`,
        )
      }
    }
    return refusals
  }

  /** A gateway is never opened by what comes to it while it runs, not even on loopback. */
  private refusalsToOpen(): string[] {
    const { mayBeOpen, allowOpen } = this.options
    if (!mayBeOpen) return ['the manifest declares no credentials, and this gateway was not started with --allow-open']
    if (allowOpen || this.loaded === null || this.loaded.table.credentials.size === 0) return []
    return [
      'the manifest removes the last credential, so that anybody could call, and this gateway was not started with --allow-open',
    ]
  }

  /** Loads a candidate. Returns null when it serves now, else what was said about it. */
  load(candidate: Candidate): string | null {
    const problem = this.standIn(candidate)
    if (problem !== null) return this.refuse(problem)
    this.lastProblem = null
    this.accepted += 1
    this.lastAcceptedAt = this.now()
    this.last = { at: this.lastAcceptedAt, accepted: true, problem: null }
    return null
  }

  /**
   * Puts an older manifest in charge while the newest cannot be had. What was said against the newest still holds.
   * Returns null when it serves, else why not; nothing is said then.
   */
  standIn(candidate: Candidate): string | null {
    if (this.closed) return 'the gateway is closing'
    const refusals = this.refusals(candidate)
    if (refusals.length > 0) return refusals.join('; ')
    const { revision, hash, manifest } = candidate
    const table = compileManifest(this.rewritten(candidate))
    this.loaded = { revision, hash, manifest, table }
    const { secrets, troubles } = this.resolve(table)
    this.secrets = secrets
    this.tellTroubles(troubles)
    this.swap(this.loaded)
    return null
  }

  private rewritten({ manifest }: Candidate): RoutesManifest {
    return this.options.rewrite?.(manifest) ?? manifest
  }

  /** What was said against the newest manifest holds no longer: the one in charge is the newest. */
  clear(): void {
    this.lastProblem = null
  }

  /** Notes a manifest that could not even be read. */
  refuse(problem: string): string {
    if (this.closed || problem === this.lastProblem) return problem
    this.lastProblem = problem
    this.refused += 1
    this.last = { at: this.now(), accepted: false, problem }
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
    runtime.spool?.append('event', {
      event: 'generation',
      at: this.now(),
      generation: generation.number,
      revision: loaded.revision,
      hash: loaded.hash,
      manifest: { ...loaded.manifest },
      missing_secrets: [...generation.missingSecrets],
    })
    runtime.log({
      level: 'info',
      event: 'generation',
      message: `revision ${loaded.revision} is in charge`,
      fields: { generation: generation.number, revision: loaded.revision, routes: loaded.table.routes.length },
    })
    this.tellSecrets(generation.missing)
  }

  /** Says what is missing now and was not, and what is there now and was missing: each once. */
  private tellSecrets(missing: readonly MissingSecret[]): void {
    const { log } = this.options.runtime
    const before = this.missing
    this.missing = new Map(missing.map((one) => [`${one.connection} ${one.reads}`, one]))
    for (const [key, one] of this.missing) {
      if (before.has(key)) continue
      const message = `the key of provider "${one.connection}" is missing, so its targets are skipped: ${remedyOf(one)}`
      log({ level: 'error', event: 'secret_missing', message, fields: { ...one } })
    }
    for (const [key, one] of before) {
      if (this.missing.has(key)) continue
      const message = `the key of provider "${one.connection}" is not missing any more`
      log({ level: 'info', event: 'secret_found', message, fields: { ...one } })
    }
  }

  /** A key that was rotated in its file takes effect as a new generation of the same revision. */
  private rereadSecrets(): void {
    if (this.loaded === null || !readsFiles(this.loaded.table)) return
    const { secrets, troubles } = this.resolve(this.loaded.table)
    this.tellTroubles(troubles)
    if (sameSecrets(secrets, this.secrets)) return
    this.secrets = secrets
    this.swap(this.loaded)
  }

  private resolve(table: RoutingTable): UsableSecrets {
    const found = usableSecrets(table, resolveSecrets(table, this.options.environment), this.secrets)
    return usableCredentials(table, found, this.secrets)
  }

  /** Certificates and keys that cannot be used are told of once, for as long as they cannot. */
  private tellTroubles(troubles: readonly TlsTrouble[]): void {
    const before = this.troubles
    this.troubles = new Set(troubles.map(({ connection, message }) => `${connection} ${message}`))
    for (const { connection, message, kept, part } of troubles) {
      if (before.has(`${connection} ${message}`)) continue
      const meanwhile = kept ? 'what was there before goes on being used' : 'its targets are skipped until it is right'
      const text = `provider "${connection}": ${message}; ${meanwhile}`
      const told = { message: text, fields: { connection } }
      const { log } = this.options.runtime
      if (part === 'credentials') log({ level: 'error', event: 'credentials_unusable', ...told })
      else log({ level: 'error', event: 'tls_unusable', ...told })
    }
  }

  private now(): string {
    const { process } = this.options.runtime
    return process.wallClock(process.nowUs())
  }
}
