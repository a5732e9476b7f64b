/**
 * The composition root of the gateway: builds every part once, wires them, listens, and takes it all down again.
 * Nothing else knows all of them.
 */
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { InstanceReport } from './release/instance.ts'
import { openStore } from './release/open-store.ts'
import type { Log } from './runtime/log.ts'
import { ProcessState } from './runtime/process-state.ts'
import { followFile } from './runtime/reload/file-source.ts'
import { Generations } from './runtime/reload/generations.ts'
import { lastGoodAt } from './runtime/reload/last-good.ts'
import { Loader } from './runtime/reload/loader.ts'
import { StoreSource } from './runtime/reload/store-source.ts'
import type { Runtime } from './runtime/runtime.ts'
import { buildAdmin } from './runtime/server/admin.ts'
import { buildApp } from './runtime/server/app.ts'
import { statusOf } from './runtime/status.ts'
import { ConnectionPools } from './runtime/transport/pools.ts'
import { SpoolWriter } from './spool/writer.ts'

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
  /** null: no audit trail. */
  readonly spoolDirectory: string | null
  readonly spoolSync?: 'batched' | 'strict'
  readonly allowOpen: boolean
  readonly requireSecrets: boolean
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

const segmentBytes = 64 * 1024 * 1024
const drainPollMs = 20
const cutOffWithinMs = 1000

/** Starts a gateway, or throws with one sentence that says why not; nothing is left running then. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const process = new ProcessState()
  const pools = new ConnectionPools()
  const spool = openSpool(options)
  const generations = new Generations(pools, `aigw/${options.version}`)
  const runtime: Runtime = { process, generations, spool, log: options.log }
  const loopback = isLoopback(options.host)
  const loader = new Loader({
    runtime,
    environment: options.env,
    requireSecrets: options.requireSecrets,
    mayBeOpen: loopback || options.allowOpen,
  })
  let draining = false
  const unreadyBecause = () => (draining ? 'draining' : generations.current() === null ? 'nothing to serve' : null)
  const app = buildApp({ runtime, unreadyBecause, allowedHosts: () => openModeHosts(options, generations) })
  const admin = buildAdmin({ status: () => statusOf({ runtime, report: report() }), unreadyBecause })
  let url = ''
  const describe = () => describeInstance({ process, generations, loader, url, ready: unreadyBecause() === null })
  const report = (): InstanceReport => ({ ...describe(), candidate: null })
  let stopSource: () => Promise<void> = async () => {}
  let closing: Promise<void> | null = null
  const close = async (): Promise<void> => {
    draining = true
    loader.close()
    closing ??= stopSource().then(async () => await takeDown({ runtime, app, admin, pools }, options.drainTimeoutMs))
    await closing
  }
  try {
    spool?.append('event', { event: 'started', at: process.wallClock(process.nowUs()) })
    url = await listen(app, options.host, options.port)
    const adminUrl = await listen(admin, '127.0.0.1', options.adminPort)
    stopSource = await startSource(options, { loader, describe, process })
    return { url, adminUrl, revision: () => generations.current()?.revision ?? null, report, close }
  } catch (error) {
    options.log({ level: 'debug', event: 'start_failed', message: 'taking down what was started' })
    await close()
    throw error
  }
}

type Listener = ReturnType<typeof buildApp>

interface RunningParts {
  readonly runtime: Runtime
  readonly app: Listener
  readonly admin: Listener
  readonly pools: ConnectionPools
}

async function takeDown({ runtime, app, admin, pools }: RunningParts, drainTimeoutMs: number): Promise<void> {
  const { process, generations, spool } = runtime
  const endMs = Date.now() + drainTimeoutMs
  const isIdle = () => generations.inFlight() === 0 && process.answering === 0
  // Newcomers are served for a while yet, and told to call elsewhere next; the last of them has as long to finish.
  await waitUntil(isIdle, Date.now() + drainTimeoutMs / 2)
  let closed = false
  const listeners = Promise.all([app.close(), admin.close()]).finally(() => (closed = true))
  await waitUntil(() => {
    // A connection that a request leaves behind idle would keep its listener open.
    if (isIdle()) app.server.closeIdleConnections()
    return closed
  }, endMs)
  // Who has not finished by now is cut off; each is still settled and recorded, as its caller's connection closes.
  app.server.closeAllConnections()
  await waitUntil(isIdle, Date.now() + cutOffWithinMs)
  await listeners
  await pools.close()
  spool?.close()
}

interface InstanceParts {
  readonly process: ProcessState
  readonly generations: Generations
  readonly loader: Loader
  readonly url: string
  readonly ready: boolean
}

/** What this process says about itself, but for its answer to a candidate. */
function describeInstance(parts: InstanceParts): Omit<InstanceReport, 'candidate'> {
  const { generations, loader, url, ready } = parts
  const current = generations.current()
  return {
    process: parts.process.id,
    pid: process.pid,
    host: hostname(),
    url,
    revision: current === null ? null : storeRevision(current.revision),
    hash: current?.hash ?? null,
    generation: current?.number ?? 0,
    ready,
    problem: loader.problem(),
    inFlight: generations.inFlight(),
    draining: generations.draining().map(({ revision, requests }) => ({ revision: storeRevision(revision), requests })),
    at: Date.now(),
  }
}

interface SourceParts {
  readonly loader: Loader
  readonly describe: () => Omit<InstanceReport, 'candidate'>
  readonly process: ProcessState
}

/** Begins to follow the file or the store; returns what stops it. */
async function startSource(options: GatewayOptions, parts: SourceParts): Promise<() => Promise<void>> {
  const { loader, describe, process } = parts
  if (options.manifestFile !== undefined) {
    const stop = await followFile({ file: options.manifestFile, variables: options.variables, loader })
    return async () => stop()
  }
  if (options.storeUrl === undefined) throw new Error('neither a manifest nor a store was named')
  const store = await openStore(options.storeUrl, { folder: options.folder })
  const beside = options.spoolDirectory ?? join(options.folder, '.aigw')
  const lastGood = lastGoodAt(join(beside, 'last-good.json'), store.url)
  const source = new StoreSource({ store, loader, lastGood, describe })
  await source.start()
  return () => source.stop(process.id)
}

function openSpool(options: GatewayOptions): SpoolWriter | null {
  if (options.spoolDirectory === null) return null
  return new SpoolWriter({
    directory: options.spoolDirectory,
    sync: options.spoolSync ?? 'batched',
    segmentBytes,
    onProblem: (problem) => {
      if (problem === null) options.log({ level: 'info', event: 'spool', message: 'the spool can be written again' })
      else options.log({ level: 'error', event: 'spool', message: `the spool cannot be written: ${problem.message}` })
    },
  })
}

async function waitUntil(holds: () => boolean, endMs: number): Promise<void> {
  while (!holds() && Date.now() < endMs) await new Promise((resolve) => setTimeout(resolve, drainPollMs))
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

function storeRevision(revision: string): number | string {
  return /^\d+$/.test(revision) ? Number(revision) : revision
}

async function listen(app: Listener, host: string, port: number): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (error) {
    const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    if (inUse)
      throw new Error(`port ${port} on ${host} is in use: choose another with --port or --admin-port`, { cause: error })
    throw error
  }
}
