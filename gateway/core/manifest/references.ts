/** What the names in a manifest stand for. Shared by `check` and `compile`, so that both read a name the same way. */
import type { ManifestConnection, ManifestRoute, ProviderId, RoutesManifest } from '../../../schemas/index.ts'
import { type DocumentPath, type Problem, didYouMean, quote } from './diagnostics.ts'
import { providers } from '../providers/index.ts'
import { type Deployment, type Provider, providerAt } from '../providers/provider.ts'

/** A connection by name: one that is declared, or a built-in provider under its own id. */
export interface NamedConnection {
  readonly name: string
  readonly provider: Provider
  /** Empty for a built-in provider that is not declared. */
  readonly entry: ManifestConnection
  readonly declared: boolean
}

export function isProviderId(name: string): name is ProviderId {
  return Object.hasOwn(providers, name)
}

/** null: nothing of that name, or a declared connection that does not say its type. */
export function findConnection(manifest: RoutesManifest, name: string): NamedConnection | null {
  const entry = declaredConnection(manifest, name)
  const type = entry?.type ?? (isProviderId(name) ? name : null)
  if (type === null) return null
  return { name, provider: providerAt(providers[type], entry?.base_url), entry: entry ?? {}, declared: entry !== null }
}

export function declaredConnection(manifest: RoutesManifest, name: string): ManifestConnection | null {
  const declared = manifest.providers
  return declared !== undefined && Object.hasOwn(declared, name) ? (declared[name] ?? null) : null
}

/** Every name a target may use: declared connections first, then the built-in providers. */
function connectionNames(manifest: RoutesManifest): string[] {
  return [...new Set([...Object.keys(manifest.providers ?? {}), ...Object.keys(providers)])]
}

export interface TargetName {
  readonly provider: string
  readonly model: string
}

/** `provider/model`, split at the first slash, since models have slashes of their own; null without both parts. */
export function splitTarget(text: string): TargetName | null {
  const slash = text.indexOf('/')
  if (slash <= 0 || slash === text.length - 1) return null
  return { provider: text.slice(0, slash), model: text.slice(slash + 1) }
}

export function toList(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}

export function deploymentOf({ entry, provider }: NamedConnection): Deployment {
  return entry.deployment ?? provider.deployment
}

/** May nothing of this route go to that connection? An unknown region lies outside every region. */
export function isOutside(boundary: ManifestRoute['boundary'], connection: NamedConnection): boolean {
  if (boundary === undefined || boundary === 'any') return false
  if (boundary === 'self_hosted') return deploymentOf(connection) !== 'self_hosted'
  return connection.entry.region === undefined || !boundary.includes(connection.entry.region)
}

/** Does the provider's path or authentication have a use for the setting? One that has none would be ignored. */
export function uses(provider: Provider, setting: 'deployment_name' | 'api_version' | 'project'): boolean {
  if (setting === 'project') return provider.auth.scheme === 'gcp-oauth'
  return setting === 'deployment_name' ? provider.deploysModels === true : provider.chatPath.includes('{api_version}')
}

/** Where it goes; null: nobody has said. With a `project` the base URL is only the beginning of it. */
export function baseUrlOf({ entry, provider }: NamedConnection): string | null {
  const given = entry.base_url ?? provider.baseUrl
  const { regional } = provider
  const { region, project } = entry
  if (regional === undefined || (given !== null && (project === undefined || regional.path === ''))) return given
  if (region === undefined || (regional.path.includes('{project}') && project === undefined)) return given
  const origin = given?.replace(/\/+$/, '') ?? regional.origins?.[region] ?? regional.origin
  return `${origin}${regional.path}`
    .replaceAll('{region}', () => encodeURIComponent(region))
    .replaceAll('{project}', () => encodeURIComponent(project ?? ''))
}

/** A target, quota or model that names a connection which is not there. */
export function unknownProvider(manifest: RoutesManifest, name: string, path: DocumentPath): Problem {
  const message = `there is no connection or provider ${quote(name)}`
  const help = didYouMean(name, connectionNames(manifest))?.help ?? 'declare it under `providers`'
  return { code: 'unknown-provider', path, message, help }
}
