/**
 * The runtime form of a manifest: immutable, indexed, holding every number in the unit the engine counts in. One is
 * built per generation by `manifest/compile` and never changed afterwards. It holds no secret, only references.
 */
import type { FailureClass } from '../chat/failure.ts'
import type { TokenPrice } from '../chat/usage.ts'
import type { EncodeTarget } from '../dialects/dialect.ts'
import type { EmbeddingsTarget } from '../embeddings/language.ts'
import type { Deployment, DialectId, Provider } from '../providers/provider.ts'

export type Strategy = 'weighted' | 'priority' | 'least_latency' | 'least_cost' | 'sticky'
export type SecretReference = { readonly env: string } | { readonly file: string }
export type AuditContent = 'text' | 'features' | 'none'

/** When a breaker opens, for how long, and how long a class keeps a target away. Times in microseconds. */
export interface HealthSettings {
  readonly consecutiveFailures: number
  /** Share of failures, 0 to 1, at which the breaker opens once `minimumRequests` were seen in the window. */
  readonly failureRatio: number
  readonly minimumRequests: number
  readonly windowUs: number
  readonly openUs: number
  readonly maxOpenUs: number
  readonly rateLimitedUs: number
  readonly maxRateLimitedUs: number
  readonly quotaUs: number
  readonly misconfiguredUs: number
}

/** Rate ceilings of a connection: ours, set by the operator, not the provider's. null: none. */
export interface Ceilings {
  readonly requestsPerMinute: number | null
  readonly tokensPerMinute: number | null
  readonly maxConcurrent: number | null
}

/** What TLS towards a provider stands on. The private key is a reference like every secret. */
export interface TlsSettings {
  /** The only certificates that are trusted, PEM; null: the well-known public ones. */
  readonly ca: SecretReference | null
  /** Ours, PEM, with its private key; both or neither. */
  readonly cert: SecretReference | null
  readonly key: SecretReference | null
  /** The name the provider's certificate must carry; null: that of the address. */
  readonly serverName: string | null
}

/**
 * How the provider is told who we are, settled between the provider's own way and the manifest's `auth`. A key, or a token
 * that somebody else keeps fresh, is `bearer` or `header`; for the others something has to be done before a call.
 * - sigv4: each request is signed, with the credentials of the secret, else with those AWS's own chain finds;
 * - google: an access token for the service account in the secret, else by application default credentials;
 * - entra: an access token for what the surroundings say we are.
 */
export type ConnectionAuth =
  | { readonly scheme: 'none' }
  | { readonly scheme: 'bearer' }
  | { readonly scheme: 'header'; readonly name: string }
  | { readonly scheme: 'sigv4'; readonly service: string; readonly region: string }
  | { readonly scheme: 'google' }
  | { readonly scheme: 'entra' }

/** Who is called: a provider with the operator's address, key reference and limits. */
export interface Connection {
  readonly name: string
  readonly provider: Provider
  readonly baseUrl: string
  readonly auth: ConnectionAuth
  readonly secret: SecretReference | null
  readonly secretRequired: boolean
  readonly deployment: Deployment
  readonly region: string | null
  readonly apiVersion: string | null
  readonly deploymentNames: Readonly<Record<string, string>>
  /** Extra headers; a value is text or a secret reference. */
  readonly headers: Readonly<Record<string, string | SecretReference>>
  readonly forwardHeaders: readonly string[]
  readonly ceilings: Ceilings
  readonly connectTimeoutMs: number
  readonly idleTimeoutMs: number
  /** `http://host:port` or `https://host:port` of the proxy to go through; null: none, whatever the environment says. */
  readonly proxy: string | null
  readonly tls: TlsSettings | null
  /** May HTTP/2 be agreed on? The provider has the last word. */
  readonly http2: boolean
  readonly health: HealthSettings
}

export interface CompiledTarget {
  /** Position in its route's `candidates`. */
  readonly index: number
  /** `connection/model`, the spelling of `fallback`, headers and records. */
  readonly id: string
  readonly connection: Connection
  readonly model: string
  readonly weight: number
  readonly isFallback: boolean
  /** Hash of route, purpose and identity: what a request's seed is mixed with. Two unsigned 32-bit halves. */
  readonly drawHigh: number
  readonly drawLow: number
  readonly maxLatencyUs: number | null
  readonly attemptTimeoutUs: number | null
  readonly maxMicroUsdPerRequest: number | null
  readonly price: TokenPrice | null
  readonly contextWindow: number | null
  /** True when the target lies outside its route's boundary; `check` refuses it, the engine would skip it. */
  readonly outsideBoundary: boolean
  /** The language that this model is spoken to in. null: the provider has no chat. */
  readonly dialect: DialectId | null
  /** The path after the base URL, with model and version filled in. */
  readonly path: string
  /** The same for a request that is to be streamed. */
  readonly streamPath: string
  readonly encode: EncodeTarget
  /** How this model is asked for embeddings; null: it cannot be. */
  readonly embeddings: EmbeddingsTarget | null
}

export interface CompiledRoute {
  readonly index: number
  readonly name: string
  readonly strategy: Strategy
  /** For `sticky`: what the draw is keyed by. */
  readonly stickyBy: string | null
  /** Targets in manifest order, then fallbacks in manifest order. */
  readonly candidates: readonly CompiledTarget[]
  /** How many of `candidates` are targets; the rest are fallbacks. */
  readonly targetCount: number
  readonly failoverOn: ReadonlySet<FailureClass>
  readonly deadlineUs: number
  readonly refuseLoss: boolean
  readonly auditContent: AuditContent
  /** Set once routes can be matched by meaning; a route with it asks for `classify` before it matches. */
  readonly semantic: boolean
  readonly match: CompiledMatch
}

/** Everything but the model, which is found by index. Absent conditions are null. */
export interface CompiledMatch {
  /** Exact names and globs, as written. Empty: any model. */
  readonly models: readonly string[]
  readonly credentials: ReadonlySet<string> | null
  readonly organizations: ReadonlySet<string> | null
  /** Lower-case header name to the exact values that match. */
  readonly headers: readonly { readonly name: string; readonly values: ReadonlySet<string> }[]
  readonly stream: boolean | null
  readonly has: readonly RequestFeature[]
}

export const requestFeatures = ['tools', 'images', 'json_schema'] as const
export type RequestFeature = (typeof requestFeatures)[number]

/** A caller. The key itself is nowhere; `keyHash` is `sha256:` and 64 hex digits. */
export interface Credential {
  readonly name: string
  readonly keyHash: string
  readonly organization: string | null
  readonly project: string | null
  /** Unix milliseconds after which the key is refused; null: never. */
  readonly expiresAtMs: number | null
  readonly disabled: boolean
}

export interface RoutingTable {
  readonly routes: readonly CompiledRoute[]
  readonly connections: ReadonlyMap<string, Connection>
  /** By `keyHash`. */
  readonly credentials: ReadonlyMap<string, Credential>
  /** Lower-case names of the request headers that some route matches on; only these are recorded. */
  readonly matchedHeaders: readonly string[]
  /** Does any quota cover anyone? Then requests ask for `reserve` before their first attempt. */
  readonly reserves: boolean
  readonly findRoutes: RouteIndex
}

/** Candidate routes for a model name, in manifest order. Found by exact map and prefix trie, never by walking all. */
export type RouteIndex = (model: string) => readonly CompiledRoute[]
