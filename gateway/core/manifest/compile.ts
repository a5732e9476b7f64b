/**
 * Manifest to routing table: every default filled in, every name looked up, every number in the unit the engine counts
 * in. Takes a manifest that `readManifest` accepted; anything else is a bug of the caller's and throws.
 */
import type {
  HealthOverrides,
  ManifestConnection,
  ManifestRoute,
  ManifestSecret,
  ManifestTarget,
  ModelFacts,
  RouteMatch,
  RoutesManifest,
  TlsSettings as ManifestTls,
} from '../../../schemas/index.ts'
import { defaultFailoverClasses } from '../chat/failure.ts'
import type { TokenPrice } from '../chat/usage.ts'
import { chatWireOf } from '../providers/provider.ts'
import { hashText } from '../routing/draw.ts'
import { buildRouteIndex } from '../routing/route-index.ts'
import type {
  AuditContent,
  CompiledMatch,
  CompiledRoute,
  CompiledTarget,
  Connection,
  Credential,
  HealthSettings,
  RoutingTable,
  SecretReference,
  TlsSettings,
} from '../routing/table.ts'
import { parseExpiry } from './check/credentials.ts'
import { compileEmbeddings, parametersOf } from './compile-embeddings.ts'
import { defaultConnectTimeoutMs, defaultDeadlineMs, defaultHealth, defaultIdleTimeoutMs } from './defaults.ts'
import { nameThere, pathOf } from './model-path.ts'
import { lossTableOf } from '../dialects/index.ts'
import { authOf, secretPlaceOf } from './authentication.ts'
import { baseUrlOf, deploymentOf, findConnection, isOutside, splitTarget, toList } from './references.ts'

export function compileManifest(manifest: RoutesManifest): RoutingTable {
  const connections = new Map<string, Connection>()
  for (const name of Object.keys(manifest.providers ?? {})) connectionOf(name, { manifest, connections })
  const routes = manifest.ai_routes.map((route, index) => compileRoute(route, index, { manifest, connections }))
  return {
    routes,
    connections,
    credentials: compileCredentials(manifest),
    matchedHeaders: [...new Set(routes.flatMap(({ match }) => match.headers.map(({ name }) => name)))].sort(),
    reserves: (manifest.quotas ?? []).length > 0,
    findRoutes: buildRouteIndex(routes),
  }
}

interface Compiling {
  readonly manifest: RoutesManifest
  /** Filled as names are met: each connection is made once and shared. */
  readonly connections: Map<string, Connection>
}

function compileRoute(route: ManifestRoute, index: number, compiling: Compiling): CompiledRoute {
  const fallbacks = toList(route.fallback).map((text): ManifestTarget => {
    const name = splitTarget(text)
    if (name === null) throw new Error(`a fallback that is no provider/model was not checked: route ${route.name}`)
    return { ...name, weight: 0 }
  })
  const unweighted = route.targets.every(({ weight }) => weight === undefined)
  const occurrences = new Map<string, number>()
  const candidates = [...route.targets, ...fallbacks].map((target, position) => {
    const id = `${target.provider}/${target.model}`
    const occurrence = occurrences.get(id) ?? 0
    occurrences.set(id, occurrence + 1)
    const isFallback = position >= route.targets.length
    const weight = isFallback ? 0 : unweighted ? 1 : (target.weight ?? 0)
    return compileTarget(target, { ...compiling, route, id, position, occurrence, isFallback, weight })
  })
  return {
    index,
    name: route.name,
    strategy: route.strategy ?? 'weighted',
    stickyBy: route.sticky_by ?? null,
    candidates,
    targetCount: route.targets.length,
    failoverOn: new Set(route.failover?.on ?? defaultFailoverClasses),
    deadlineUs: (route.failover?.deadline_ms ?? defaultDeadlineMs) * 1_000,
    refuseLoss: route.on_loss === 'refuse',
    auditContent: auditContent(route, compiling.manifest),
    semantic: route.match.semantic !== undefined,
    match: compileMatch(route.match),
  }
}

function auditContent(route: ManifestRoute, manifest: RoutesManifest): AuditContent {
  return route.audit?.content ?? manifest.audit?.content ?? 'text'
}

function compileMatch(match: RouteMatch): CompiledMatch {
  return {
    models: toList(match.model),
    credentials: match.credential === undefined ? null : new Set(toList(match.credential)),
    organizations: match.organization === undefined ? null : new Set(toList(match.organization)),
    headers: Object.entries(match.headers ?? {}).map(([name, values]) => ({
      name: name.toLowerCase(),
      values: new Set(toList(values)),
    })),
    stream: match.stream ?? null,
    has: match.has ?? [],
  }
}

interface Placed extends Compiling {
  readonly route: ManifestRoute
  /** `connection/model`. */
  readonly id: string
  readonly position: number
  /** How many candidates of the same id stand before this one in the route. */
  readonly occurrence: number
  readonly isFallback: boolean
  readonly weight: number
}

// One seed for each half of a target's identity; changing either would re-route everybody.
const highSeed = 0x243f6a88
const lowSeed = 0x85a308d3

function compileTarget(target: ManifestTarget, placed: Placed): CompiledTarget {
  const { manifest, route, id } = placed
  const connection = connectionOf(target.provider, placed)
  const { provider } = connection
  const wire = chatWireOf(provider, target.model)
  const facts = modelFacts(target, connection, manifest)
  const identity = `${route.name}\ntarget\n${id}\n${placed.occurrence}`
  return {
    index: placed.position,
    id,
    connection,
    model: target.model,
    weight: placed.weight,
    isFallback: placed.isFallback,
    drawHigh: hashText(identity, highSeed),
    drawLow: hashText(identity, lowSeed),
    maxLatencyUs: microseconds(target.max_latency_ms),
    attemptTimeoutUs: microseconds(target.attempt_timeout_ms),
    maxMicroUsdPerRequest: target.max_usd_per_request === undefined ? null : microUsd(target.max_usd_per_request),
    price: compilePrice(facts),
    contextWindow: facts?.context_window ?? null,
    outsideBoundary: isOutsideRoute(target.provider, placed),
    dialect: wire.dialect,
    path: pathOf(wire.chatPath, connection, target.model),
    streamPath: pathOf(wire.streamPath ?? wire.chatPath, connection, target.model),
    encode: {
      model: nameThere(connection, target.model),
      quirks: wire.quirks,
      parameters: parametersOf(target, 'chat'),
      losses: lossTableOf(provider, target.model),
      maxOutputTokens: facts?.max_output_tokens ?? null,
      contextWindow: facts?.context_window ?? null,
      ...(route.on_loss === 'refuse' && { refusesLoss: true as const }),
    },
    embeddings: compileEmbeddings(target, connection, route),
  }
}

function isOutsideRoute(name: string, { manifest, route }: Placed): boolean {
  const connection = findConnection(manifest, name)
  return connection === null || isOutside(route.boundary, connection)
}

function microseconds(milliseconds: number | undefined): number | null {
  return milliseconds === undefined ? null : milliseconds * 1_000
}

function microUsd(usd: number): number {
  return Math.round(usd * 1_000_000)
}

/** What the manifest knows of the model: of this connection, else of the provider behind it. */
function modelFacts(target: ManifestTarget, connection: Connection, { models }: RoutesManifest): ModelFacts | null {
  if (models === undefined) return null
  for (const owner of [connection.name, connection.provider.id]) {
    const key = `${owner}/${target.model}`
    if (Object.hasOwn(models, key)) return models[key] ?? null
  }
  return null
}

function compilePrice(facts: ModelFacts | null): TokenPrice | null {
  const usd = facts?.usd_per_million
  if (usd === undefined) return null
  return { input: microUsd(usd.input), output: microUsd(usd.output), cached: microUsd(usd.cached ?? usd.input) }
}

function connectionOf(name: string, { manifest, connections }: Compiling): Connection {
  const known = connections.get(name)
  if (known !== undefined) return known
  const found = findConnection(manifest, name)
  const baseUrl = found === null ? null : baseUrlOf(found)
  if (found === null || baseUrl === null) {
    throw new Error(`a connection that cannot be called was not checked: ${name}`)
  }
  const { entry, provider } = found
  const secret = secretPlaceOf(found)
  const connection: Connection = {
    name,
    provider,
    baseUrl: baseUrl.replace(/\/+$/, ''),
    auth: authOf(found, baseUrl),
    secret: secret.at === null ? null : referenceOf(secret.at),
    secretRequired: secret.required,
    deployment: deploymentOf(found),
    region: entry.region ?? null,
    apiVersion: entry.api_version ?? null,
    deploymentNames: entry.deployment_name ?? {},
    headers: compileHeaders(entry.headers ?? {}),
    forwardHeaders: (entry.forward_headers ?? []).map((header) => header.toLowerCase()),
    ceilings: {
      requestsPerMinute: entry.requests_per_minute ?? null,
      tokensPerMinute: entry.tokens_per_minute ?? null,
      maxConcurrent: entry.max_concurrent ?? null,
    },
    connectTimeoutMs: entry.connect_timeout_ms ?? defaultConnectTimeoutMs,
    idleTimeoutMs: entry.idle_timeout_ms ?? defaultIdleTimeoutMs,
    ...compileNetwork(entry),
    health: compileHealth({ ...defaultHealth, ...manifest.health, ...entry.health }),
  }
  connections.set(name, connection)
  return connection
}

function compileNetwork({ proxy, tls, http2 }: ManifestConnection): Pick<Connection, 'proxy' | 'tls' | 'http2'> {
  return {
    proxy: proxy === undefined ? null : new URL(proxy).origin,
    tls: tls === undefined ? null : compileTls(tls),
    http2: http2 ?? false,
  }
}

function compileTls({ ca, cert, key, server_name: serverName }: ManifestTls): TlsSettings {
  const reference = (written: ManifestSecret | undefined) => (written === undefined ? null : referenceOf(written))
  return { ca: reference(ca), cert: reference(cert), key: reference(key), serverName: serverName ?? null }
}

function compileHeaders(headers: Readonly<Record<string, string | ManifestSecret>>): Connection['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : referenceOf(value)]),
  )
}

function referenceOf({ env, file }: ManifestSecret): SecretReference {
  if (env !== undefined) return { env }
  if (file !== undefined) return { file }
  throw new Error('a secret that names no place was not checked')
}

function compileHealth(health: Required<HealthOverrides>): HealthSettings {
  return {
    consecutiveFailures: health.consecutive_failures,
    failureRatio: health.failure_ratio,
    minimumRequests: health.minimum_requests,
    windowUs: health.window_ms * 1_000,
    openUs: health.open_ms * 1_000,
    maxOpenUs: health.max_open_ms * 1_000,
    rateLimitedUs: health.rate_limited_ms * 1_000,
    maxRateLimitedUs: health.max_rate_limited_ms * 1_000,
    quotaUs: health.quota_ms * 1_000,
    misconfiguredUs: health.misconfigured_ms * 1_000,
  }
}

function compileCredentials({ credentials = [] }: RoutesManifest): ReadonlyMap<string, Credential> {
  return new Map(
    credentials.map((credential) => [
      credential.key_hash,
      {
        name: credential.name,
        keyHash: credential.key_hash,
        organization: credential.organization ?? null,
        project: credential.project ?? null,
        expiresAtMs: credential.expires === undefined ? null : parseExpiry(credential.expires),
        disabled: credential.disabled ?? false,
      },
    ]),
  )
}
