/** routes.yaml, from text to a manifest that can be compiled. */
import type { RoutesManifest, ValidationProblem } from '../../../schemas/index.ts'
import { validateRoutes } from '../../../schemas/validate-routes.ts'
import { checkManifest } from './check.ts'
import { literalSecret } from './check/secrets.ts'
import { type Diagnostic, type Locate, type Problem, quote } from './diagnostics.ts'
import { type ReadDocument, readDocument, readValue } from './document.ts'
import { providers } from '../providers/index.ts'
import type { Variables } from './resolve.ts'

export interface ManifestPlace {
  /** Shown in diagnostics; null for text without a file. */
  readonly file: string | null
  /** What `${NAME}` stands for in this environment. */
  readonly variables: Variables
  /** What somebody has to say besides, of a manifest with errors too. */
  readonly also?: (manifest: RoutesManifest) => readonly Problem[]
}

export interface ReadManifest {
  /** As written, `${…}` included; undefined when the text is no YAML. */
  readonly source: unknown
  /** With its variables filled in and no default added: what a release is made of. null when there is an error. */
  readonly manifest: RoutesManifest | null
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[]
  /** Finds any path of the manifest in the text, for whoever has more to say about it. */
  readonly locate: Locate
}

/** Reads and checks a manifest. Never throws, whatever the text. */
export function readManifest(text: string, { file, variables, also = () => [] }: ManifestPlace): ReadManifest {
  const check = (manifest: RoutesManifest): readonly Problem[] => [...checkManifest(manifest), ...also(manifest)]
  return toManifest(readDocument(text, { file, variables, ...manifestRules, check }))
}

/** The same for a manifest that is already a value with its variables filled in, such as a release's `resolved`. */
export function readManifestValue(value: unknown, file: string | null = null): ReadManifest {
  return toManifest(readValue(value, { file, variables: null, ...manifestRules }))
}

/** Stands where a required key is missing or cannot be read, while the rest is checked; never told, never used. */
const [anyProvider = ''] = Object.keys(providers)
const anyTarget = { provider: anyProvider, model: 'any' }
const stubs = {
  action: 'mask',
  ai_routes: [{ name: 'any', match: { model: 'any' }, targets: [anyTarget] }],
  credentials: [{ name: 'any', key_hash: 'any' }],
  detect: ['iban'],
  examples: ['any'],
  input: 0,
  key_hash: 'any',
  limits: [{ requests: 1, per: 'day' }],
  match: { model: 'any' },
  model: 'any',
  name: 'any',
  origins: ['*'],
  output: 0,
  per: 'day',
  provider: anyProvider,
  quotas: [{ name: 'any', scope: 'everyone', limits: [{ requests: 1, per: 'day' }] }],
  scope: 'everyone',
  targets: [anyTarget],
} as const

const manifestRules = { validate: validateRoutes, check: checkManifest, explain, stubs }

function toManifest({ source, value, diagnostics, locate }: ReadDocument<RoutesManifest>): ReadManifest {
  return { source, manifest: value, diagnostics, locate }
}

/** A key written out where a reference belongs is more than a wrong type; a known key in the wrong place is no typo. */
function explain(problem: ValidationProblem): Problem | null {
  const { segments, keyword, params, key } = problem
  if (keyword === 'additionalProperties' && key !== null) return explainMisplaced(problem, key)
  const isSecret = segments.at(-1) === 'api_key' || segments.at(-2) === 'tls'
  const isText = keyword === 'type' && params['type'] === 'object'
  return isSecret && isText ? literalSecret(segments) : null
}

/** What a key belongs to, where it belongs to one thing only. */
const homes: Readonly<Record<string, readonly string[]>> = {
  'a connection': [
    'api_key',
    'api_version',
    'auth',
    'base_url',
    'connect_timeout_ms',
    'deployment',
    'deployment_name',
    'forward_headers',
    'http2',
    'idle_timeout_ms',
    'max_concurrent',
    'proxy',
    'region',
    'requests_per_minute',
    'tls',
    'tokens_per_minute',
    'type',
  ],
  'a route': [
    'boundary',
    'failover',
    'fallback',
    'hedge_after_ms',
    'match',
    'on_loss',
    'sticky_by',
    'strategy',
    'targets',
  ],
  'a target': ['attempt_timeout_ms', 'max_latency_ms', 'max_usd_per_request', 'parameters', 'provider', 'weight'],
  '`parameters` of a target': ['max_tokens', 'temperature', 'top_p', 'reasoning_effort', 'seed', 'stop'],
  '`failover` of a route': ['deadline_ms'],
  'the top of the manifest': ['ai_routes', 'cors', 'credentials', 'models', 'providers', 'quotas', 'version'],
}

function explainMisplaced({ segments, knownKeys }: ValidationProblem, key: string): Problem | null {
  const home = Object.entries(homes).find(([, keys]) => keys.includes(key))?.[0]
  if (home === undefined || knownKeys.length === 0) return null
  const message = `${quote(key)} is no key of this part; it belongs to ${home}`
  const help = 'move it there; is it indented too little or too much?'
  return { code: 'unknown-key', path: [...segments, key], message, help, spot: { part: 'key' } }
}
