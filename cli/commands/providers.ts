/**
 * `aigw providers`: who can be called, where, and what becomes of a request there. All but `check` read nothing but the
 * registry; `check` calls the connections of a manifest.
 */
import { didYouMean, quote } from '../../gateway/core/manifest/diagnostics.ts'
import { isProviderId } from '../../gateway/core/manifest/references.ts'
import { connectionsUsed } from '../../gateway/core/manifest/redirect.ts'
import { severityOf } from '../../gateway/core/providers/check-outcome.ts'
import { providers } from '../../gateway/core/providers/index.ts'
import type { ProviderId, RoutesManifest } from '../../schemas/index.ts'
import { CommandError, type Context, makeTalk } from '../context.ts'
import type { CommonOptions } from '../definitions/common.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { resolveEnvironment } from '../io/config.ts'
import { requireManifest } from '../io/documents.ts'
import { defaultManifest, readTextIfThere } from '../io/files.ts'
import { readPackage } from '../io/package.ts'
import { tellUnusedProxy } from '../io/unused-proxy.ts'
import { describeProvider, describeProviders } from '../providers/describe.ts'
import { renderChecks, renderChecksJson } from '../views/provider-check.ts'
import { renderProviderMarkdown, renderProvidersMarkdown } from '../views/providers-markdown.ts'
import { renderProvider, renderProviderJson, renderProviders, renderProvidersJson } from '../views/providers.ts'
import { count } from '../wording.ts'

export interface ShowProviderOptions extends CommonOptions {
  /** Only what is not carried exactly. */
  readonly lost: boolean
  readonly model: string | undefined
}

export function listProviders({ stdout }: Context, { format }: CommonOptions): ExitCode {
  const all = describeProviders()
  if (format === 'json') stdout.write(renderProvidersJson(all))
  else if (format === 'markdown') stdout.write(renderProvidersMarkdown(all))
  else stdout.write(renderProviders(all, stdout))
  return exitCodes.done
}

export function showProvider({ stdout }: Context, type: string, options: ShowProviderOptions): ExitCode {
  if (!isProviderId(type)) throw unknownType(type)
  const { format, lost: lostOnly, model = null } = options
  const described = describeProvider(providers[type], model)
  if (format === 'json') stdout.write(renderProviderJson(described, { lostOnly }))
  else if (format === 'markdown') stdout.write(renderProviderMarkdown(described, { lostOnly }))
  else stdout.write(renderProvider(described, { lostOnly, output: stdout }))
  return exitCodes.done
}

export interface CheckProvidersOptions extends CommonOptions {
  readonly manifest: string | undefined
  readonly env: string | undefined
  /** Milliseconds for each connection. */
  readonly timeout: number
  readonly failSeverity: 'error' | 'warning'
}

export async function checkProviders(
  context: Context,
  names: readonly string[],
  options: CheckProvidersOptions,
): Promise<ExitCode> {
  const { manifest, names: chosen } = await findConnections(context, names, options)
  const talk = makeTalk(context, options.quiet)
  talk(`calling ${chosen.length === 0 ? 'nobody' : count(chosen.length, 'connection')} …`)
  const { checkConnections } = await import('../../gateway/main.ts')
  const checks = await checkConnections({
    manifest,
    names: chosen,
    environment: context.env,
    timeoutMs: options.timeout,
    version: readPackage().version,
  })
  context.stdout.write(options.format === 'json' ? renderChecksJson(checks) : renderChecks(checks, context.stdout))
  const unreached = checks.some(({ outcome }) => outcome === 'dns' || outcome === 'tcp' || outcome === 'timeout')
  const unused = unreached ? tellUnusedProxy(context.env) : null
  if (unused !== null) talk(unused.message)
  const found = new Set(checks.map(({ outcome }) => severityOf(outcome)))
  const fails = found.has('error') || (options.failSeverity === 'warning' && found.has('warning'))
  return fails ? exitCodes.findings : exitCodes.done
}

interface Chosen {
  readonly manifest: RoutesManifest
  /** Of its connections, in its order. */
  readonly names: readonly string[]
}

/** Connections of the manifest; without one, built-in providers by their own names. */
async function findConnections(
  context: Context,
  names: readonly string[],
  { manifest: file, env }: CheckProvidersOptions,
): Promise<Chosen> {
  const { variables } = await resolveEnvironment(context, env)
  const manifest = await readRoutes(context, file, { variables, isNeeded: names.length === 0 })
  const { providers: declared = {} } = manifest
  const known = new Set([...Object.keys(declared), ...connectionsUsed(manifest)])
  if (names.length === 0) return { manifest, names: [...known] }
  const added: Record<string, { type: ProviderId }> = {}
  for (const name of names) {
    if (known.has(name)) continue
    if (!isProviderId(name) || providers[name].baseUrl === null) throw unknownConnection(name, known)
    added[name] = { type: name }
  }
  return { manifest: { ...manifest, providers: { ...declared, ...added } }, names: [...new Set(names)] }
}

/** An empty manifest where none is named and none lies there, unless it is needed. */
async function readRoutes(
  context: Context,
  file: string | undefined,
  { variables, isNeeded }: { readonly variables: Readonly<Record<string, string>>; readonly isNeeded: boolean },
): Promise<RoutesManifest> {
  if (file === undefined && !isNeeded && (await readTextIfThere(context, defaultManifest)) === null) {
    return { ai_routes: [] }
  }
  const { manifest } = await requireManifest(context, file ?? defaultManifest, variables)
  return manifest
}

function unknownConnection(name: string, known: ReadonlySet<string>): CommandError {
  if (isProviderId(name)) {
    const details = ['Declare a connection of this type with its `base_url` in the manifest, and name that.']
    return new CommandError(`${quote(name)} has no address of its own, and the manifest has no such connection`, {
      details,
    })
  }
  const hint = didYouMean(name, [...known, ...Object.keys(providers)])?.help
  return new CommandError(`there is no connection ${quote(name)}, in the manifest or built in`, {
    details: hint === undefined ? [] : [hint],
  })
}

function unknownType(type: string): CommandError {
  const ids = Object.keys(providers)
  const hint = didYouMean(type, ids)?.help
  const details = [...(hint === undefined ? [] : [hint]), '`aigw providers list` shows which there are.']
  return new CommandError(`there is no provider type ${quote(type)}`, { details })
}
