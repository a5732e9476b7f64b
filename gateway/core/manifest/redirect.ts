/**
 * A manifest whose providers are played by somebody else: the same routes, targets and limits, with other addresses and
 * no keys. For trying a manifest as it stands, with simulated providers.
 */
import type { ManifestConnection, ProviderId, RoutesManifest } from '../../../schemas/index.ts'
import { readyAuthOf } from './authentication.ts'
import { type NamedConnection, baseUrlOf, findConnection, splitTarget, toList } from './references.ts'

/** What a redirected connection is told to read its key from; the one who plays must set it to anything. */
export const redirectedKeyVariable = 'AIGW_SIMULATED_KEY'

/**
 * Every connection that a route uses, told to go elsewhere. `addressOf` gives the base URL of who plays a connection of
 * this type; null leaves it as it is. Nothing else of a connection changes but what would keep it from being played:
 * keys, how else the provider is told who calls, project, proxy and TLS settings. Changes nothing that it is given.
 */
export function redirectConnections(
  manifest: RoutesManifest,
  addressOf: (name: string, type: ProviderId) => string | null,
): RoutesManifest {
  const redirected: Record<string, ManifestConnection> = { ...manifest.providers }
  for (const name of connectionsUsed(manifest)) {
    const connection = findConnection(manifest, name)
    const address = connection === null ? null : addressOf(name, connection.provider.id)
    if (connection === null || address === null) continue
    const { api_key: _key, proxy: _proxy, tls: _tls, http2: _http2, headers: _headers, ...rest } = connection.entry
    // Nobody there can check a signature or knows an account.
    const { project: _project, auth: _auth, ...kept } = rest
    const auth = readyAuthOf(connection.provider)
    redirected[name] = {
      ...kept,
      ...(auth !== null && { auth }),
      type: connection.provider.id,
      base_url: `${address}${ownPathOf(connection)}`,
      api_key: { env: redirectedKeyVariable },
      // Where it is said to be is part of what is tried: a loopback address must not make a cloud provider self-hosted.
      deployment: connection.entry.deployment ?? connection.provider.deployment,
    }
  }
  return { ...manifest, providers: redirected }
}

/** Where project and region stand in the path of every call, they do so wherever it goes. */
function ownPathOf(connection: NamedConnection): string {
  const { regional } = connection.provider
  const address = baseUrlOf(connection)
  if (regional === undefined || regional.path === '' || address === null) return ''
  return new URL(address).pathname.replace(/\/+$/, '')
}

/** In the order of the routes, each once. */
export function connectionsUsed(manifest: RoutesManifest): string[] {
  const names = manifest.ai_routes.flatMap((route) => [
    ...route.targets.map(({ provider }) => provider),
    ...toList(route.fallback).flatMap((text) => splitTarget(text)?.provider ?? []),
  ])
  return [...new Set(names)]
}
