/**
 * Brings a resolved manifest into the one form in which two manifests that mean the same are equal: defaults filled in,
 * single values as lists, lists without an order sorted. Only ever used to compare; it is never published.
 */
import { defaultFailoverClasses } from '../../gateway/core/chat/failure.ts'
import {
  defaultConnectTimeoutMs,
  defaultDeadlineMs,
  defaultHealth,
  defaultIdleTimeoutMs,
} from '../../gateway/core/manifest/defaults.ts'
import type { ManifestConnection, ManifestRoute, ManifestTarget, RoutesManifest } from '../../schemas/index.ts'

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
  const { ai_routes, providers = {}, credentials = [], quotas = [], policies = {}, models = {}, ...settings } = manifest
  return {
    routes: ai_routes.map(normaliseRoute),
    connections: new Map(Object.entries(providers).map(([name, entry]) => [name, normaliseConnection(name, entry)])),
    credentials: new Map(
      credentials.map(({ name, disabled = false, ...rest }) => [name, withoutUndefined({ ...rest, disabled })]),
    ),
    quotas: new Map(
      quotas.map(({ name, on_exceeded = 'block', ...rest }) => [name, withoutUndefined({ ...rest, on_exceeded })]),
    ),
    policies: new Map(Object.entries(policies).map(([name, chain]) => [name, { chain }])),
    models: new Map(Object.entries(models).map(([name, facts]) => [name, withoutUndefined(facts)])),
    settings: normaliseSettings(settings),
  }
}

function normaliseSettings({ version = '2026.04', health, audit, ...rest }: Partial<RoutesManifest>): Fields {
  return withoutUndefined({
    ...rest,
    version,
    health: { ...defaultHealth, ...health },
    audit: { content: 'text', ...audit },
  })
}

function normaliseConnection(name: string, entry: ManifestConnection): Fields {
  const { connect_timeout_ms = defaultConnectTimeoutMs, idle_timeout_ms = defaultIdleTimeoutMs, ...rest } = entry
  const { type = name, http2 = false, ...others } = rest
  return withoutUndefined({ type, ...others, http2, connect_timeout_ms, idle_timeout_ms })
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
  const { model, credential, organization, has, headers, ...conditions } = match
  return {
    name,
    fields: withoutUndefined({
      ...others,
      match: withoutUndefined({
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
      }),
      strategy,
      on_loss,
      boundary: typeof boundary === 'string' ? boundary : asSet(boundary),
      failover: {
        on: asSet(failover?.on ?? defaultFailoverClasses),
        deadline_ms: failover?.deadline_ms ?? defaultDeadlineMs,
      },
      policies: policies.length === 0 ? undefined : policies,
    }),
    targets: normaliseTargets(targets),
    fallbacks: fallback === undefined ? [] : typeof fallback === 'string' ? [fallback] : fallback,
    written,
  }
}

function normaliseTargets(targets: readonly ManifestTarget[]): NormalTarget[] {
  const isUnweighted = targets.every((target) => target.weight === undefined)
  const seen = new Map<string, number>()
  return targets.map((written) => {
    const { provider, model, weight, ...rest } = written
    const id = `${provider}/${model}`
    const count = (seen.get(id) ?? 0) + 1
    seen.set(id, count)
    return {
      key: count === 1 ? id : `${id} (${count})`,
      fields: withoutUndefined({ weight: isUnweighted ? 1 : weight, ...rest }),
      written,
    }
  })
}

/** Order means nothing here. */
function asSet(values: string | readonly string[] | undefined): string[] | undefined {
  if (values === undefined) return undefined
  return typeof values === 'string' ? [values] : [...new Set(values)].toSorted()
}

function withoutUndefined(fields: object): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
