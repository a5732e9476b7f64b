/**
 * The composition root of the gateway: builds every part once, wires them, listens, and takes it all down again.
 * Nothing else knows all of them.
 */
import { join } from 'node:path'
import type { SecretReference } from './core/routing/table.ts'
import type { RoutesManifest } from '../schemas/index.ts'
import type { InstanceReport } from './release/instance.ts'
import { openStore } from './release/open-store.ts'
import type { Log } from './runtime/log.ts'
import { makeScraper } from './runtime/metrics/scraper.ts'
import { openSpool } from './runtime/audit/open-spool.ts'
import { ProcessState } from './runtime/process-state.ts'
import { followFile } from './runtime/reload/file-source.ts'
import { Generations } from './runtime/reload/generations.ts'
import { lastGoodAt } from './runtime/reload/last-good.ts'
import { Loader } from './runtime/reload/loader.ts'
import { SourceState } from './runtime/reload/source-state.ts'
import { StoreSource } from './runtime/reload/store-source.ts'
import { fitToMachine, type OverloadLimits } from './runtime/overload/limits.ts'
import type { Runtime } from './runtime/runtime.ts'
import { openAdminToken } from './runtime/server/admin-token.ts'
import { buildAdmin } from './runtime/server/admin.ts'
import { buildApp } from './runtime/server/app.ts'
import type { ListenerLimits } from './runtime/server/limits.ts'
import { type CertificateFiles, ListenerCertificate } from './runtime/server/listener-certificate.ts'
import { takeDown } from './runtime/take-down.ts'
import { type Description, describeDetails, describeInstance, reportOf, type StatusParts } from './runtime/status.ts'
import { tellAdminRefusal } from './runtime/tell.ts'
import { ConnectionPools } from './runtime/transport/pools.ts'
import type { SpoolFailurePolicy } from './spool/writer.ts'

export { checkConnections } from './runtime/check/check.ts'

export interface GatewayOptions {
  /** Serve this one file, without a store. */
  readonly manifestFile?: string
  /** Serve what this store publishes, such as `file:.aigw`. */
  readonly storeUrl?: string
  /** What a relative store folder is relative to. */
  readonly folder: string
  readonly variables: Readonly<Record<string, string>>
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly adminPort: number
  /** Where the admin listener is; absent: loopback. Anywhere else it needs a token. */
  readonly adminHost?: string
  /** Where the token is read from that the admin listener asks for; absent or null: from nowhere. */
  readonly adminToken?: SecretReference | null
  /** Where callers find TLS; absent or null: plain HTTP. */
  readonly tls?: CertificateFiles | null
  /** The same for the admin listener. */
  readonly adminTls?: CertificateFiles | null
  /** What callers may send, where it is not the default. */
  readonly limits?: Partial<ListenerLimits>
  /** What is taken on at once, where it is not what the machine gives. */
  readonly overload?: Partial<OverloadLimits>
  /** null: no audit trail. */
  readonly spoolDirectory: string | null
  readonly spoolSync?: 'batched' | 'strict'
  /** What becomes of requests while the audit trail cannot be written; absent: they are refused. */
  readonly spoolFailure?: SpoolFailurePolicy
  readonly allowOpen: boolean
  readonly requireSecrets: boolean
  /** Serves this in place of each manifest that is read; see `redirectConnections`. Default: the manifest itself. */
  readonly rewrite?: (manifest: RoutesManifest) => RoutesManifest
  readonly drainTimeoutMs: number
  readonly version: string
  /** Where secrets of the form `{env: …}` are read from. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: Log
}

export interface RunningGateway {
  readonly url: string
  readonly adminUrl: string
  revision(): string | null
  report(): InstanceReport
  /** Unready at once, streams finish within the drain timeout, the spool is closed. */
  close(): Promise<void>
}

/** Connections that wait to be accepted; beyond them the system tells callers nothing, and they wait for seconds. */
const backlog = 4096

/** Starts a gateway, or throws with one sentence that says why not; nothing is left running then. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const { host, adminHost = '127.0.0.1', adminToken = null } = options
  const token = openAdminToken({ host: adminHost, isLoopback: isLoopback(adminHost), token: adminToken }, options.env)
  const certificates = openCertificates(options)
  const { limits, overload } = fitToMachine(options)
  const process = new ProcessState({ overload: { limits: overload } })
  const pools = new ConnectionPools(options.log)
  const spool = openSpool(options, () => process.wallClock(process.nowUs()))
  const generations = new Generations(pools, `aigw/${options.version}`, options.env)
  const runtime: Runtime = { process, generations, spool, log: options.log }
  const loopback = isLoopback(host)
  const loader = new Loader({
    runtime,
    environment: options.env,
    requireSecrets: options.requireSecrets,
    mayBeOpen: loopback || options.allowOpen,
    allowOpen: options.allowOpen,
    ...(options.rewrite !== undefined && { rewrite: options.rewrite }),
  })
  let draining = false
  const unreadyBecause = () => {
    if (draining) return 'draining'
    if (generations.current() === null) return 'nothing to serve'
    // Every request would be refused, so nobody should be sent here.
    return spool?.mustRefuse() === true ? 'the audit trail cannot be written' : null
  }
  const app = buildApp({
    runtime,
    unreadyBecause,
    allowedHosts: () => openModeHosts(options, generations),
    limits,
    certificate: certificates.traffic,
  })
  let url = ''
  const source = sourceState(options, runtime)
  const parts = (): StatusParts => {
    return { runtime, loader, source, version: options.version, url, ready: unreadyBecause() === null }
  }
  const report = (): InstanceReport => ({ ...describeInstance(parts()), candidate: null })
  const admin = openAdmin(options, { parts, app, token, certificate: certificates.admin })
  let stopSource: () => Promise<void> = async () => {}
  const close = once(async () => {
    draining = true
    loader.close()
    await stopSource()
    await takeDown({ runtime, app, admin, pools }, options.drainTimeoutMs)
    certificates.traffic?.stop()
    certificates.admin?.stop()
  })
  try {
    url = schemed(await listen(app, options.host, options.port), certificates.traffic)
    const adminUrl = schemed(await listen(admin, adminHost, options.adminPort), certificates.admin)
    stopSource = await startSource(options, { runtime, loader, source, describe: () => reportOf(parts()) })
    const revision = () => generations.current()?.revision ?? null
    return { url, adminUrl, revision, report, close: once(() => closeAloud(runtime, close)) }
  } catch (error) {
    options.log({ level: 'debug', event: 'start_failed', message: 'taking down what was started' })
    await close()
    throw error
  }
}

interface AdminParts {
  readonly parts: () => StatusParts
  readonly app: Listener
  readonly token: (() => string | null) | null
  readonly certificate: ListenerCertificate | null
}

function openAdmin({ spoolDirectory }: GatewayOptions, { parts, app, token, certificate }: AdminParts): Listener {
  const listeners = () => ({ traffic: app.server, admin: admin.server })
  const admin: Listener = buildAdmin({
    status: () => ({ ...describeInstance(parts()), candidate: null, ...describeDetails(parts()) }),
    metrics: makeScraper({ parts, spoolDirectory, listeners }),
    unreadyBecause: () => (parts().ready ? null : 'not ready'),
    token,
    onRefused: (code) => tellAdminRefusal(parts().runtime, code),
    localHosts: loopbackNames,
    certificate,
  })
  return admin
}

/** Says when it begins and when it is over. */
async function closeAloud({ log, process, generations }: Runtime, close: () => Promise<void>): Promise<void> {
  const message = 'stopping: requests may finish; a second signal ends it at once'
  log({ level: 'info', event: 'stopping', message, fields: { requests: generations.inFlight() } })
  await close()
  const { cut } = process.counts.totals()
  log({ level: cut > 0 ? 'warn' : 'info', event: 'stopped', message: 'stopped', fields: { cut } })
}

/** However often it is called, it is done once, and all wait for the same end. */
function once(act: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null
  return async () => await (done ??= act())
}

type Listener = ReturnType<typeof buildApp>

interface SourceParts {
  readonly runtime: Runtime
  readonly loader: Loader
  readonly source: SourceState
  readonly describe: () => Description
}

function sourceState({ manifestFile, storeUrl }: GatewayOptions, runtime: Runtime): SourceState {
  if (manifestFile !== undefined) return new SourceState(runtime, 'file', manifestFile)
  const url = URL.parse(storeUrl ?? '')
  if (url === null || url.password === '') return new SourceState(runtime, 'store', storeUrl ?? '')
  // It is named in logs, reports and metrics.
  url.password = '***'
  return new SourceState(runtime, 'store', url.href)
}

/** Begins to follow the file or the store; returns what stops it. */
async function startSource(options: GatewayOptions, parts: SourceParts): Promise<() => Promise<void>> {
  const { runtime, loader, source: state, describe } = parts
  if (options.manifestFile !== undefined) {
    const stop = await followFile({ file: options.manifestFile, variables: options.variables, loader, state })
    return async () => stop()
  }
  if (options.storeUrl === undefined) throw new Error('neither a manifest nor a store was named')
  const lastGoodFile = join(options.spoolDirectory ?? join(options.folder, '.aigw'), 'last-good.json')
  const wasThere = (url: string) => lastGoodAt(lastGoodFile, url).read() !== null
  const store = await openStore(options.storeUrl, { folder: options.folder, wasThere })
  const lastGood = lastGoodAt(lastGoodFile, store.url)
  const source = new StoreSource({ store, loader, lastGood, state, log: options.log, describe })
  await source.start()
  return () => source.stop(runtime.process.id)
}

/** Without credentials anyone may call, so only names of this very machine are answered to. */
function openModeHosts(options: GatewayOptions, generations: Generations): ReadonlySet<string> | null {
  const table = generations.current()?.table
  if (options.allowOpen || table === undefined || table.credentials.size > 0) return null
  return loopbackNames
}

const loopbackNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

interface Certificates {
  readonly traffic: ListenerCertificate | null
  readonly admin: ListenerCertificate | null
}

function openCertificates({ tls = null, adminTls = null, log }: GatewayOptions): Certificates {
  const traffic = tls === null ? null : new ListenerCertificate(tls, log)
  try {
    return { traffic, admin: adminTls === null ? null : new ListenerCertificate(adminTls, log) }
  } catch (error) {
    traffic?.stop()
    throw error
  }
}

/** Fastify tells the address of a listener without knowing what is spoken there. */
function schemed(url: string, certificate: ListenerCertificate | null): string {
  return certificate === null ? url : url.replace(/^http:/, 'https:')
}

async function listen(app: Listener, host: string, port: number): Promise<string> {
  try {
    // `localhost` is two addresses on most machines, in an order that depends on them; one listener has one.
    return await app.listen({ host: host === 'localhost' ? '127.0.0.1' : host, port, backlog })
  } catch (error) {
    const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    if (inUse)
      throw new Error(`port ${port} on ${host} is in use: choose another with --port or --admin-port`, { cause: error })
    throw error
  }
}
