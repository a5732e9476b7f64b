/** `aigw serve`: the gateway, until it is told to stop. All it decides is what the flags mean. */
import { resolve as resolvePath } from 'node:path'
import { redirectConnections, redirectedKeyVariable } from '../../gateway/core/manifest/redirect.ts'
import { providers } from '../../gateway/core/providers/index.ts'
import type { GatewayOptions } from '../../gateway/main.ts'
import { SpoolUnwrittenError } from '../../gateway/spool/writer.ts'
import type { ProviderId, RoutesManifest } from '../../schemas/index.ts'
import { CommandError, type Context } from '../context.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { type AdminTokenOptions, findAdminToken } from '../io/admin-token.ts'
import { resolveEnvironment, variablesOfLocal } from '../io/config.ts'
import { InvalidDocumentsError, requireManifest } from '../io/documents.ts'
import { tellFileError } from '../io/files.ts'
import { openLog } from '../io/log.ts'
import { readPackage } from '../io/package.ts'
import { readScenario } from '../io/scenario.ts'
import { tellUnusedProxy } from '../io/unused-proxy.ts'
import type { LogLine } from '../views/log-line.ts'
import { list } from '../wording.ts'

export interface ServeOptions extends AdminTokenOptions {
  readonly manifest: string | undefined
  readonly env: string | undefined
  readonly store: string | undefined
  readonly host: string
  readonly port: number
  readonly adminHost: string
  readonly adminPort: number
  readonly tlsCert: string | undefined
  readonly tlsKey: string | undefined
  readonly adminTlsCert: string | undefined
  readonly adminTlsKey: string | undefined
  readonly maxConnections: number
  /** false: no audit trail. */
  readonly spool: string | false
  readonly onSpoolFailure: 'refuse' | 'drop'
  readonly allowOpen: boolean
  readonly requireSecrets: boolean
  readonly simulate: boolean
  readonly scenario: string | undefined
  readonly drainTimeout: number
  /** undefined: for people on a terminal, else JSON. */
  readonly format: string | undefined
  readonly quiet: boolean
}

export async function serve(context: Context, options: ServeOptions): Promise<ExitCode> {
  refuseOnePortForBoth(options)
  const source = await findSource(context, options)
  const adminToken = findAdminToken(context, options)
  const certificates = findCertificates(context, options)
  const { log, close: closeLog } = await openLog(context, options)
  const { startGateway } = await import('../../gateway/main.ts')
  // Why nothing could be loaded is said once: as the failure of this command, unless the gateway runs all the same.
  let isStarted = false
  const held: LogLine[] = []
  const logOnce = (line: LogLine): void => {
    if (isStarted || line.event !== 'load_refused') log(line)
    else held.push(line)
  }
  const { stopped, forget } = followProcess(context, log)
  const players = await openPlayers(context, options, logOnce)
  try {
    const gateway = await startGateway({
      ...source,
      folder: context.cwd,
      host: options.host,
      port: options.port,
      adminHost: options.adminHost,
      adminPort: options.adminPort,
      adminToken,
      ...certificates,
      limits: { maxConnections: options.maxConnections },
      spoolDirectory: options.spool === false ? null : options.spool,
      spoolFailure: options.onSpoolFailure,
      allowOpen: options.allowOpen,
      requireSecrets: options.requireSecrets,
      drainTimeoutMs: options.drainTimeout,
      version: readPackage().version,
      env: context.env,
      ...players?.settings,
      log: logOnce,
    }).catch(async (error: unknown) => await explain(error, { context, source, options }))
    isStarted = true
    for (const line of held) log(line)
    const unused = tellUnusedProxy(context.env)
    if (unused !== null) {
      const { message, variables } = unused
      log({ level: 'info', event: 'proxy_unused', message, fields: { variables } })
    }
    log({
      level: 'info',
      event: 'listening',
      message: `listening on ${gateway.url}, admin on ${gateway.adminUrl}`,
      fields: { url: gateway.url, admin_url: gateway.adminUrl, revision: gateway.revision() },
    })
    await stopped
    await gateway.close().catch(explainUnwritten)
    return exitCodes.done
  } finally {
    await players?.close()
    forget()
    closeLog()
  }
}

/** Warnings of the process go into the log; `stopped` is settled when it is told to stop. */
function followProcess(
  context: Context,
  log: (line: LogLine) => void,
): { readonly stopped: Promise<void>; readonly forget: () => void } {
  let tellStop: () => void = () => {}
  const stopped = new Promise<void>((resolve) => (tellStop = resolve))
  const forgetStop = context.onStop(() => tellStop())
  const forgetWarnings = context.onWarning(({ name, message }) => {
    log({ level: 'warn', event: 'process_warning', message, fields: { name } })
  })
  return {
    stopped,
    forget: () => {
      forgetStop()
      forgetWarnings()
    },
  }
}

/** The disk may be full to the end. */
function explainUnwritten(error: unknown): never {
  if (error instanceof SpoolUnwrittenError) throw new CommandError(error.message, { cause: error })
  throw error
}

/** Where each listener's certificate and key are; null for plain HTTP. Throws `CommandError` for half of a pair. */
function findCertificates(
  { cwd }: Context,
  { tlsCert, tlsKey, adminTlsCert, adminTlsKey }: ServeOptions,
): Required<Pick<GatewayOptions, 'tls' | 'adminTls'>> {
  const pairOf = (flag: string, cert: string | undefined, key: string | undefined) => {
    if (cert === undefined && key === undefined) return null
    if (cert !== undefined && key !== undefined) return { cert: resolvePath(cwd, cert), key: resolvePath(cwd, key) }
    const [given, missing] = cert === undefined ? ['key', 'cert'] : ['cert', 'key']
    throw new CommandError(`--${flag}-${given} is of no use without --${flag}-${missing}`)
  }
  return { tls: pairOf('tls', tlsCert, tlsKey), adminTls: pairOf('admin-tls', adminTlsCert, adminTlsKey) }
}

interface Players {
  readonly settings: Pick<GatewayOptions, 'rewrite' | 'env'>
  close(): Promise<void>
}

/** Simulated providers in place of the manifest's, each speaking the language of whom it plays; null without --simulate. */
async function openPlayers(
  context: Context,
  { simulate, scenario }: ServeOptions,
  log: (line: LogLine) => void,
): Promise<Players | null> {
  if (!simulate) {
    if (scenario === undefined) return null
    throw new CommandError('--scenario is for simulated providers: add --simulate, or leave it out')
  }
  const drill = scenario === undefined ? null : await readScenario(context, scenario)
  const { startSimulators, speakers } = await import('../../gateway/simulators/main.ts')
  // Where each of them listens is of no use here; what breaks later is.
  let isStarted = false
  const tell = (level: 'info' | 'warn', message: string): void =>
    log({ level, event: 'simulated', message, fields: {} })
  const simulators = await startSimulators({ scenario: drill, log: (message) => isStarted && tell('info', message) })
  isStarted = true
  tell('warn', 'every provider is simulated: nothing leaves this machine, and no answer means anything')
  const addressOf = (id: ProviderId): string | null => {
    const { dialect } = providers[id]
    const named = (wanted: string | undefined) => simulators.providers.find(({ name }) => name === wanted)
    return (named(id) ?? named(dialect === null ? undefined : speakers[dialect]))?.baseUrl ?? null
  }
  return {
    settings: {
      rewrite: (manifest) => redirectConnections(manifest, (_name, id) => addressOf(id)),
      env: { ...context.env, [redirectedKeyVariable]: 'simulated' },
    },
    close: () => simulators.close(),
  }
}

interface Source {
  readonly manifestFile?: string
  readonly storeUrl?: string
  readonly variables: Readonly<Record<string, string>>
}

async function findSource(context: Context, { manifest, env, store }: ServeOptions): Promise<Source> {
  const named = [manifest, env, store].filter((option) => option !== undefined)
  if (named.length > 1) throw new CommandError('--manifest, --env and --store each name what to serve: choose one')
  if (store !== undefined) return { storeUrl: store, variables: {} }
  if (manifest !== undefined) return { manifestFile: manifest, variables: await variablesOfLocal(context) }
  const environment = await resolveEnvironment(context, env)
  return { storeUrl: environment.storeUrl, variables: environment.variables }
}

interface Starting {
  readonly context: Context
  readonly source: Source
  readonly options: ServeOptions
}

/** The gateway says one sentence; when a manifest is to blame, its diagnostics say it better. */
async function explain(error: unknown, { context, source, options }: Starting): Promise<never> {
  const message = tellStartError(error, options)
  const { manifestFile, variables } = source
  if (manifestFile === undefined) throw new CommandError(message, { cause: error })
  const { manifest, diagnostics, file, text } = await requireManifest(context, manifestFile, variables)
  // A part that is valid, but not in this version, keeps a gateway from serving: here it is an error.
  const blocking = diagnostics.filter((each) => each.code === 'unavailable' && message.includes(each.message))
  if (blocking.length > 0) {
    const errors = blocking.map((each) => ({ ...each, severity: 'error' as const }))
    throw new InvalidDocumentsError(errors, new Map([[file, text]]))
  }
  const details = [...hintOpen(manifest, options), ...(await hintSecrets(context, manifest, options))]
  throw new CommandError(message, { details, cause: error })
}

function hintOpen({ credentials = [] }: RoutesManifest, { host, allowOpen }: ServeOptions): string[] {
  const isLoopback = host === 'localhost' || host === '::1' || host.startsWith('127.')
  if (credentials.length > 0 || allowOpen || isLoopback) return []
  return [
    'Make a key for each caller with `aigw credential new NAME`, or listen on 127.0.0.1;',
    '--allow-open lets anybody who reaches this machine spend on your accounts.',
  ]
}

/** Which variables and files would have to be there. */
async function hintSecrets(
  context: Context,
  manifest: RoutesManifest,
  { requireSecrets }: ServeOptions,
): Promise<string[]> {
  if (!requireSecrets) return []
  const { compileManifest } = await import('../../gateway/core/manifest/compile.ts')
  const wanted = [...compileManifest(manifest).connections.values()].flatMap(
    ({ secret, secretRequired, headers, tls }) => [
      ...(secret === null || !secretRequired ? [] : [secret]),
      ...Object.values(headers).filter((value) => typeof value !== 'string'),
      ...[tls?.ca, tls?.cert, tls?.key].filter((reference) => reference !== undefined && reference !== null),
    ],
  )
  const names = wanted.flatMap((one) => ('env' in one ? [one.env] : []))
  const missing = new Set(names.filter((name) => (context.env[name] ?? '').trim() === ''))
  const files = new Set(wanted.flatMap((one) => ('file' in one ? [one.file] : [])))
  return [
    ...(missing.size === 0 ? [] : [`Not set in this environment: ${list([...missing])}.`]),
    ...(files.size === 0 ? [] : [`Read from files: ${list([...files])}.`]),
  ]
}

/** What the operating system says, in words. */
function tellStartError(error: unknown, { host, port, adminPort }: ServeOptions): string {
  if (!(error instanceof Error)) return String(error)
  const { code, path, syscall } = error as NodeJS.ErrnoException
  if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL') {
    return `cannot listen on ${host}: this machine has no such address (--host)`
  }
  if (code === 'EACCES' && syscall === 'listen') {
    return `cannot listen on port ${port} or ${adminPort}: ports below 1024 are not for everybody`
  }
  return path === undefined ? error.message : `cannot use ${path}: ${tellFileError(error)}`
}

function refuseOnePortForBoth({ port, adminPort }: ServeOptions): void {
  if (port !== adminPort || port === 0) return
  throw new CommandError(`--port and --admin-port are both ${port}: status and health listen on a port of their own`)
}
