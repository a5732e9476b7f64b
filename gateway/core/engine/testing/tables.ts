/** Small routing tables for tests of the engine, built directly so that no manifest stands between test and rule. */
import type { FailureClass } from '../../chat/failure.ts'
import { defaultFailoverClasses } from '../../chat/failure.ts'
import type { LossTable } from '../../dialects/losses.ts'
import { dropped, refused } from '../../dialects/losses.ts'
import { noQuirks } from '../../dialects/quirks.ts'
import { hashText } from '../../routing/draw.ts'
import type {
  Ceilings,
  CompiledMatch,
  CompiledRoute,
  CompiledTarget,
  Connection,
  HealthSettings,
  RoutingTable,
  Strategy,
} from '../../routing/table.ts'
import type { RequestFacts, Seed } from '../events.ts'

export const ms = 1000
export const second = 1_000_000

export const defaultHealth: HealthSettings = {
  consecutiveFailures: 5,
  failureRatio: 0.5,
  minimumRequests: 20,
  windowUs: 30 * second,
  openUs: 15 * second,
  maxOpenUs: 120 * second,
  rateLimitedUs: 5 * second,
  maxRateLimitedUs: 60 * second,
  quotaUs: 60 * second,
  misconfiguredUs: 30 * second,
}

const noCeilings: Ceilings = { requestsPerMinute: null, tokensPerMinute: null, maxConcurrent: null }

export interface TargetSpec {
  readonly name: string
  readonly weight?: number
  readonly isFallback?: boolean
  readonly maxLatencyUs?: number
  readonly attemptTimeoutUs?: number
  readonly contextWindow?: number
  readonly maxMicroUsdPerRequest?: number
  readonly price?: CompiledTarget['price']
  readonly outsideBoundary?: boolean
  /** Fields it drops. */
  readonly losses?: readonly string[]
  /** Fields it cannot do without expressing. */
  readonly refuses?: readonly string[]
  readonly ceilings?: Partial<Ceilings>
  readonly health?: Partial<HealthSettings>
}

export interface RouteSpec {
  readonly name?: string
  readonly targets: readonly TargetSpec[]
  readonly strategy?: Strategy
  readonly stickyBy?: string
  readonly failoverOn?: readonly FailureClass[]
  readonly deadlineUs?: number
  readonly refuseLoss?: boolean
  readonly match?: Partial<CompiledMatch>
  readonly semantic?: boolean
}

const anything: CompiledMatch = {
  models: [],
  credentials: null,
  organizations: null,
  headers: [],
  stream: null,
  has: [],
}

export function tableOf(routes: readonly RouteSpec[], options: { readonly reserves?: boolean } = {}): RoutingTable {
  const compiled = routes.map((route, index) => routeOf(route, index))
  const connections = new Map<string, Connection>()
  for (const route of compiled) {
    for (const target of route.candidates) connections.set(target.connection.name, target.connection)
  }
  return {
    routes: compiled,
    connections,
    credentials: new Map(),
    matchedHeaders: [],
    reserves: options.reserves ?? false,
    findRoutes: (model) =>
      compiled.filter((route) => route.match.models.length === 0 || route.match.models.includes(model)),
  }
}

function routeOf(spec: RouteSpec, index: number): CompiledRoute {
  const name = spec.name ?? `route-${index}`
  const candidates = spec.targets.map((target, position) => targetOf(target, position, name))
  return {
    index,
    name,
    strategy: spec.strategy ?? 'weighted',
    stickyBy: spec.stickyBy ?? null,
    candidates,
    targetCount: candidates.filter((target) => !target.isFallback).length,
    failoverOn: new Set(spec.failoverOn ?? defaultFailoverClasses),
    deadlineUs: spec.deadlineUs ?? 600 * second,
    refuseLoss: spec.refuseLoss ?? false,
    auditContent: 'features',
    semantic: spec.semantic ?? false,
    match: { ...anything, ...spec.match },
  }
}

function targetOf(spec: TargetSpec, index: number, route: string): CompiledTarget {
  const id = `${spec.name}/model`
  return {
    index,
    id,
    connection: connectionOf(spec),
    model: 'model',
    weight: spec.isFallback === true ? 0 : (spec.weight ?? 1),
    isFallback: spec.isFallback ?? false,
    drawHigh: hashText(`${route}\ntarget\n${id}`, 1),
    drawLow: hashText(`${route}\ntarget\n${id}`, 2),
    maxLatencyUs: spec.maxLatencyUs ?? null,
    attemptTimeoutUs: spec.attemptTimeoutUs ?? null,
    maxMicroUsdPerRequest: spec.maxMicroUsdPerRequest ?? null,
    price: spec.price ?? null,
    contextWindow: spec.contextWindow ?? null,
    outsideBoundary: spec.outsideBoundary ?? false,
    dialect: 'openai-chat',
    path: '/chat/completions',
    streamPath: '/chat/completions',
    encode: {
      model: 'model',
      quirks: noQuirks,
      parameters: null,
      losses: lossesOf(spec),
      maxOutputTokens: null,
      contextWindow: null,
    },
    embeddings: null,
  }
}

function lossesOf({ losses = [], refuses = [] }: TargetSpec): LossTable {
  const rows = new Map([
    ...losses.map((field) => [field, dropped('')] as const),
    ...refuses.map((field) => [field, refused('')] as const),
  ])
  return { rows, removed: new Set(rows.keys()), foreign: 'all' }
}

function connectionOf(spec: TargetSpec): Connection {
  return {
    name: spec.name,
    provider: {
      id: 'openai-compatible',
      title: spec.name,
      dialect: 'openai-chat',
      baseUrl: null,
      chatPath: '/chat/completions',
      auth: { scheme: 'none' },
      keyVariable: null,
      keyRequired: false,
      deployment: 'cloud',
      check: { call: 'chat', costs: '', source: { url: '', checked: '' } },
      quirks: noQuirks,
      source: { url: '', checked: '' },
    },
    baseUrl: 'http://127.0.0.1:1/v1',
    auth: { scheme: 'none' },
    secret: null,
    secretRequired: false,
    deployment: 'cloud',
    region: null,
    apiVersion: null,
    deploymentNames: {},
    headers: {},
    forwardHeaders: [],
    ceilings: { ...noCeilings, ...spec.ceilings },
    connectTimeoutMs: 10_000,
    idleTimeoutMs: 120_000,
    proxy: null,
    tls: null,
    http2: false,
    health: { ...defaultHealth, ...spec.health },
  }
}

export function factsOf(seed: Seed, changes: Partial<RequestFacts> = {}): RequestFacts {
  return {
    seed,
    operation: 'chat',
    model: 'model',
    credential: null,
    organization: null,
    headers: {},
    features: {
      stream: false,
      has: [],
      fields: ['model', 'messages'],
      messages: 1,
      promptCharacters: 40,
      images: 0,
      maxOutputTokens: null,
    },
    estimate: { inputTokens: 14, outputTokens: null, family: 'characters-4' },
    stickySeeds: {},
    ...changes,
  }
}
