/**
 * A manifest whose providers are played by somebody else: the same routes, targets and limits, with other addresses and
 * no keys. For trying a manifest as it stands, with simulated providers.
 */
import type { ManifestConnection, ProviderId, RoutesManifest } from '../../../schemas/index.ts'
import { findConnection, splitTarget, toList } from './references.ts'

/** What a redirected connection is told to read its key from; the one who plays must set it to anything. */
export const redirectedKeyVariable = 'AIGW_SIMULATED_KEY'

/**
 * Every connection that a route uses, told to go elsewhere. `addressOf` gives the base URL of who plays a connection of
 * this type; null leaves it as it is. Nothing else of a connection changes but what would keep it from being played:
 * keys, proxy and TLS settings. Changes nothing that it is given.
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
    const { api_key: _key, proxy: _proxy, tls: _tls, http2: _http2, headers: _headers, ...kept } = connection.entry
    redirected[name] = {
      ...kept,
      type: connection.provider.id,
      base_url: address,
      api_key: { env: redirectedKeyVariable },
      // Where it is said to be is part of what is tried: a loopback address must not make a cloud provider self-hosted.
      deployment: connection.entry.deployment ?? connection.provider.deployment,
    }
  }
  return { ...manifest, providers: redirected }
}

/** In the order of the routes, each once. */
export function connectionsUsed(manifest: RoutesManifest): string[] {
  const names = manifest.ai_routes.flatMap((route) => [
    ...route.targets.map(({ provider }) => provider),
    ...toList(route.fallback).flatMap((text) => splitTarget(text)?.provider ?? []),
  ])
  return [...new Set(names)]
}
