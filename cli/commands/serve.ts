/** `aigw serve`: the gateway, until it is told to stop. All it decides is what the flags mean. */
import { CommandError, type Context } from '../context.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { resolveEnvironment, variablesOfLocal } from '../io/config.ts'
import { requireManifest } from '../io/documents.ts'
import { openLog } from '../io/log.ts'
import { readPackage } from '../io/package.ts'

export interface ServeOptions {
  readonly manifest: string | undefined
  readonly env: string | undefined
  readonly store: string | undefined
  readonly host: string
  readonly port: number
  readonly adminPort: number
  /** false: no audit trail. */
  readonly spool: string | false
  readonly allowOpen: boolean
  readonly requireSecrets: boolean
  readonly drainTimeout: number
  /** undefined: for people on a terminal, else JSON. */
  readonly format: string | undefined
  readonly quiet: boolean
}

export async function serve(context: Context, options: ServeOptions): Promise<ExitCode> {
  const source = await findSource(context, options)
  const { log, close: closeLog } = await openLog(context, options)
  const { startGateway } = await import('../../gateway/main.ts')
  let tellStop: () => void = () => {}
  const stopped = new Promise<void>((resolve) => (tellStop = resolve))
  const forget = context.onStop(() => tellStop())
  try {
    const gateway = await startGateway({
      ...source,
      folder: context.cwd,
      host: options.host,
      port: options.port,
      adminPort: options.adminPort,
      spoolDirectory: options.spool === false ? null : options.spool,
      allowOpen: options.allowOpen,
      requireSecrets: options.requireSecrets,
      drainTimeoutMs: options.drainTimeout,
      version: readPackage().version,
      env: context.env,
      log,
    }).catch(async (error: unknown) => await explain(error, { context, source }))
    log({
      level: 'info',
      event: 'listening',
      message: `listening on ${gateway.url}, admin on ${gateway.adminUrl}`,
      fields: { url: gateway.url, admin_url: gateway.adminUrl, revision: gateway.revision() },
    })
    await stopped
    log({ level: 'info', event: 'stopping', message: 'stopping: streams may finish; a second signal ends it at once' })
    await gateway.close()
    log({ level: 'info', event: 'stopped', message: 'stopped' })
    return exitCodes.done
  } finally {
    forget()
    closeLog()
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

/** The gateway says one sentence; when a manifest is to blame, its diagnostics say it better. */
async function explain(error: unknown, where: { readonly context: Context; readonly source: Source }): Promise<never> {
  const { manifestFile, variables } = where.source
  if (manifestFile !== undefined) await requireManifest(where.context, manifestFile, variables)
  throw new CommandError(error instanceof Error ? error.message : String(error), { cause: error })
}
