/**
 * Brings a resolved manifest into the one form in which two manifests that mean the same are equal: defaults filled in,
 * single values as lists, lists without an order sorted. Only ever used to compare; it is never published.
 */
import { isDeepStrictEqual } from 'node:util'
import { defaultFailoverClasses } from '../../gateway/core/chat/failure.ts'
import {
  defaultConnectTimeoutMs,
  defaultDeadlineMs,
  defaultHealth,
  defaultIdleTimeoutMs,
  defaultSemanticThreshold,
} from '../../gateway/core/manifest/defaults.ts'
import { authChoices } from '../../gateway/core/manifest/authentication.ts'
import { isProviderId } from '../../gateway/core/manifest/references.ts'
import { providers } from '../../gateway/core/providers/index.ts'
import type { Provider } from '../../gateway/core/providers/provider.ts'
import type {
  ManifestConnection,
  ManifestPolicy,
  ManifestQuota,
  ManifestRoute,
  ManifestTarget,
  ModelFacts,
  RoutesManifest,
} from '../../schemas/index.ts'

export type Fields = Readonly<Record<string, unknown>>

export interface NormalRoute {
  readonly name: string
  /** Everything that is neither name, target nor fallback. */
  readonly fields: Fields
  /** In manifest order, which is the order of failover. */
  readonly targets: readonly NormalTarget[]
  readonly fallbacks: readonly string[]
  /** As it stands in the manifest, to be shown. */
  readonly written: ManifestRoute
}

export interface NormalTarget {
  /** `provider/model`; with ` (2)` and so on where a route names the same one twice. */
  readonly key: string
  readonly fields: Fields
  readonly written: ManifestTarget
}

export interface NormalManifest {
  readonly routes: readonly NormalRoute[]
  readonly connections: ReadonlyMap<string, Fields>
  readonly credentials: ReadonlyMap<string, Fields>
  readonly quotas: ReadonlyMap<string, Fields>
  readonly policies: ReadonlyMap<string, Fields>
  readonly models: ReadonlyMap<string, Fields>
  readonly settings: Fields
}

export const emptyManifest: NormalManifest = {
  routes: [],
  connections: new Map(),
  credentials: new Map(),
  quotas: new Map(),
  policies: new Map(),
  models: new Map(),
  settings: normaliseSettings({}),
}

export function normalise(manifest: RoutesManifest): NormalManifest {
  const {
    ai_routes,
    providers: connections = {},
    credentials = [],
    quotas = [],
    policies = {},
    models = {},
    ...settings
  } = manifest
  return {
    routes: ai_routes.map(normaliseRoute),
    connections: new Map(normaliseConnections(connections)),
    credentials: new Map(
      credentials.map(({ name, disabled = false, ...rest }) => [name, withoutEmpty({ ...rest, disabled })]),
    ),
    quotas: new Map(quotas.map(normaliseQuota)),
    policies: new Map(Object.entries(policies).map(([name, chain]) => [name, { chain: chain.map(normalisePolicy) }])),
    models: new Map(Object.entries(models).map(([name, facts]) => [name, normaliseModel(facts)])),
    settings: normaliseSettings(settings),
  }
}

function normaliseSettings({ version = '2026.04', health, audit, cors, ...rest }: Partial<RoutesManifest>): Fields {
  return withoutEmpty({
    ...rest,
    version,
    health: { ...defaultHealth, ...health },
    audit: { content: 'text', ...audit },
    cors: cors === undefined ? undefined : { ...cors, origins: asSet(cors.origins) },
  })
}

/** A connection that says nothing but what a built-in provider is by itself is the same as none. */
function normaliseConnections(connections: Readonly<Record<string, ManifestConnection>>): [string, Fields][] {
  return Object.entries(connections).flatMap(([name, entry]): [string, Fields][] => {
    const fields = normaliseConnection(name, entry)
    const isBuiltIn = isProviderId(name) && isDeepStrictEqual(fields, normaliseConnection(name, {}))
    return isBuiltIn ? [] : [[name, fields]]
  })
}

function normaliseConnection(name: string, entry: ManifestConnection): Fields {
  const { connect_timeout_ms = defaultConnectTimeoutMs, idle_timeout_ms = defaultIdleTimeoutMs, ...rest } = entry
  const { type = name, http2 = false, headers = {}, forward_headers: forwardHeaders = [], ...others } = rest
  return withoutEmpty({
    type,
    ...(isProviderId(type) ? withoutSame(others, connectionDefaults(providers[type])) : others),
    headers: withLowerCaseNames(headers),
    forward_headers: asSet(forwardHeaders.map((header) => header.toLowerCase())),
    http2,
    connect_timeout_ms,
    idle_timeout_ms,
  })
}

/**
 * What a connection has from its type, and need not say. Left out rather than filled in, so that another type is one
 * change and not four. Where a key may be absent, naming its variable says that it must not be.
 */
function connectionDefaults(provider: Provider): Fields {
  return withoutUndefined({
    base_url: provider.baseUrl ?? undefined,
    deployment: provider.deployment,
    api_key: provider.keyRequired && provider.keyVariable !== null ? { env: provider.keyVariable } : undefined,
    auth: authChoices(provider)[0],
  })
}

function normaliseQuota({ name, on_exceeded = 'block', limits, ...rest }: ManifestQuota): [string, Fields] {
  return [name, withoutUndefined({ ...rest, on_exceeded, limits: sortedByText(limits) })]
}

function normalisePolicy({ pii, ...rest }: ManifestPolicy): Fields {
  return withoutUndefined({ ...rest, pii: pii === undefined ? undefined : { ...pii, detect: asSet(pii.detect) } })
}

function normaliseModel({ usd_per_million: price, ...facts }: ModelFacts): Fields {
  return withoutUndefined({
    ...facts,
    // Input from a cache costs what other input costs, unless it is said.
    usd_per_million: price === undefined ? undefined : withoutSame(price, { cached: price.input }),
  })
}

function normaliseRoute(written: ManifestRoute): NormalRoute {
  const { name, targets, fallback, ...rest } = written
  const {
    match,
    failover,
    boundary = 'any',
    strategy = 'weighted',
    on_loss = 'declare',
    policies = [],
    ...others
  } = rest
  const { model, credential, organization, has, headers, semantic, ...conditions } = match
  return {
    name,
    fields: {
      ...withoutEmpty(others),
      match: withoutEmpty({
        ...conditions,
        model: asSet(model),
        credential: asSet(credential),
        organization: asSet(organization),
        has: asSet(has),
        headers:
          headers === undefined
            ? undefined
            : Object.fromEntries(
                Object.entries(headers).map(([header, values]) => [header.toLowerCase(), asSet(values)]),
              ),
        semantic: semantic === undefined ? undefined : { threshold: defaultSemanticThreshold, ...semantic },
      }),
      strategy,
      on_loss,
      boundary: typeof boundary === 'string' ? boundary : asSet(boundary),
      failover: {
        on: asSet(failover?.on ?? defaultFailoverClasses),
        deadline_ms: failover?.deadline_ms ?? defaultDeadlineMs,
      },
      ...(policies.length === 0 ? {} : { policies }),
    },
    targets: normaliseTargets(targets),
    fallbacks: fallback === undefined ? [] : typeof fallback === 'string' ? [fallback] : fallback,
    written,
  }
}

function normaliseTargets(targets: readonly ManifestTarget[]): NormalTarget[] {
  const isUnweighted = targets.every((target) => target.weight === undefined)
  const seen = new Map<string, number>()
  return targets.map((written) => {
    const { provider, model, weight, parameters, ...rest } = written
    const id = `${provider}/${model}`
    const count = (seen.get(id) ?? 0) + 1
    seen.set(id, count)
    return {
      key: count === 1 ? id : `${id} (${count})`,
      fields: withoutEmpty({
        weight: isUnweighted ? 1 : weight,
        ...rest,
        parameters: parameters === undefined ? undefined : { ...parameters, stop: asList(parameters.stop) },
      }),
      written,
    }
  })
}

/** Order means nothing here. */
function asSet(values: string | readonly string[] | undefined): string[] | undefined {
  if (values === undefined) return undefined
  return typeof values === 'string' ? [values] : [...new Set(values)].toSorted()
}

function asList(values: string | readonly string[] | undefined): readonly string[] | undefined {
  return typeof values === 'string' ? [values] : values
}

function sortedByText(values: readonly object[]): object[] {
  const text = (value: object): string => JSON.stringify(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return values.toSorted((left, right) => (text(left) < text(right) ? -1 : 1))
}

/** Names of headers are compared without case. */
function withLowerCaseNames(headers: object): Fields {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

function withoutUndefined(fields: object): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

/** Without what says only what holds anyway. */
function withoutSame(fields: object, defaults: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => !isDeepStrictEqual(value, defaults[name])))
}

/** Without what is empty as well, at any depth: an empty list or map says the same as none. */
function withoutEmpty(fields: object): Fields {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]: [string, unknown]): [string, unknown][] => {
      const kept = isMap(value) ? withoutEmpty(value) : value
      return kept === undefined || isEmpty(kept) ? [] : [[name, kept]]
    }),
  )
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}
