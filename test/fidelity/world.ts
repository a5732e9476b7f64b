/**
 * The world of the fidelity test: four simulated providers, a manifest that uses every rule the engine has, and a
 * script of outages, brown-outs, rate limits, cut streams and reloads. Health times are a fraction of the usual ones,
 * so that breakers open, probe, double and close within seconds.
 */
import type { Fault } from '../../gateway/simulators/behaviour.ts'
import type { Simulator } from '../../gateway/simulators/simulator.ts'
import { startSimulator } from '../../gateway/simulators/simulator.ts'

export const names = ['a', 'b', 'c', 'local'] as const
export type Name = (typeof names)[number]
export type World = Readonly<Record<Name, Simulator>>

export async function startWorld(): Promise<World> {
  const start = (name: Name, seed: number) =>
    startSimulator({ name, seed, behaviour: { firstContentMs: 4, jitter: 0.5, chunks: 6, tokensPerSecond: 600 } })
  return { a: await start('a', 1), b: await start('b', 2), c: await start('c', 3), local: await start('local', 4) }
}

const quick = 'open_ms: 250, max_open_ms: 700, window_ms: 3000'

/** `turn` changes weights and latency targets, so that a reload changes decisions. */
export function manifestOf(world: World, turn: number): string {
  const connection = (name: Name, more: string) =>
    `  ${name}: {type: openai-compatible, base_url: "${world[name].baseUrl}", api_key: {env: TEST_KEY}, ${more}}`
  return `version: "2026.04"
health: {${quick}}
providers:
${connection('a', 'deployment: cloud, region: eu')}
${connection('b', 'deployment: cloud, region: us, health: {consecutive_failures: 100, rate_limited_ms: 300, quota_ms: 400, misconfigured_ms: 350}')}
${connection('c', 'deployment: cloud, region: eu, requests_per_minute: 90, max_concurrent: 3')}
  metered: {type: openai-compatible, base_url: "${world.c.baseUrl}", api_key: {env: TEST_KEY}, tokens_per_minute: 2500}
${connection('local', 'deployment: self_hosted, region: eu')}
  few: {type: qwen-dashscope, base_url: "${world.a.baseUrl}", api_key: {env: TEST_KEY}}
  lossy: {type: groq, base_url: "${world.a.baseUrl}", api_key: {env: TEST_KEY}}
  keyless: {type: openai-compatible, base_url: "${world.b.baseUrl}", api_key: {env: NO_SUCH_KEY}}
models:
  "a/small": {context_window: 400, usd_per_million: {input: 1, output: 2, cached: 1}}
  "b/small": {usd_per_million: {input: 3, output: 9, cached: 3}}
  "b/dear": {usd_per_million: {input: 3000, output: 9000, cached: 3000}}
  "local/small": {usd_per_million: {input: 0, output: 0, cached: 0}}
ai_routes:
  - name: streams-of-tools
    match: {model: mixed, stream: true, has: [tools]}
    strategy: priority
    targets: [{provider: b, model: streams}, {provider: local, model: streams}]
    failover: {deadline_ms: 1200}
  - name: tenants
    match: {model: mixed, headers: {x-tenant: [red, green]}}
    strategy: sticky
    sticky_by: header:x-session
    targets: [{provider: a, model: tenants, weight: 2}, {provider: b, model: tenants, weight: 1}]
    failover: {deadline_ms: 1000}
  - name: mixed
    match: {model: mixed}
    targets:
      - {provider: a, model: mixed, weight: ${turn % 2 === 0 ? 60 : 20}, max_latency_ms: 40}
      - {provider: b, model: mixed, weight: 40, max_latency_ms: ${turn % 2 === 0 ? 40 : 60}}
    fallback: local/mixed
    failover: {deadline_ms: 1500}
  - name: shares
    match: {model: shares}
    strategy: priority
    targets: [{provider: a, model: shares}, {provider: b, model: shares}, {provider: keyless, model: shares}]
    failover: {deadline_ms: 240}
  - name: strict-times
    match: {model: strict-*}
    strategy: priority
    targets: [{provider: a, model: strict, attempt_timeout_ms: 70}, {provider: b, model: strict, attempt_timeout_ms: 70}]
    failover: {on: [timeout, server_error], deadline_ms: 2000}
  - name: ceilings
    match: {model: ceilings}
    strategy: priority
    targets: [{provider: c, model: ceilings}, {provider: b, model: ceilings}]
    failover: {deadline_ms: 3000}
  - name: only-ceilings
    match: {model: only-ceilings}
    targets: [{provider: c, model: only}]
    failover: {deadline_ms: 3000}
  - name: sizes
    match: {model: sizes}
    strategy: priority
    targets:
      - {provider: a, model: small}
      - {provider: b, model: dear, max_usd_per_request: 0.02}
      - {provider: local, model: small}
    failover: {deadline_ms: 1000}
  - name: fastest
    match: {model: fastest}
    strategy: least_latency
    targets: [{provider: a, model: fast}, {provider: b, model: fast}, {provider: local, model: fast}]
    failover: {deadline_ms: 900}
  - name: cheapest
    match: {model: cheapest}
    strategy: least_cost
    targets: [{provider: b, model: small}, {provider: a, model: small}]
    fallback: local/small
    failover: {deadline_ms: 1100}
  - name: lossless
    match: {model: lossless}
    strategy: priority
    on_loss: refuse
    targets: [{provider: lossy, model: small}, {provider: local, model: small}]
    failover: {deadline_ms: 800}
  - name: tokens
    match: {model: tokens}
    strategy: priority
    targets: [{provider: metered, model: tokens}, {provider: local, model: tokens}]
    failover: {deadline_ms: 800}
  - name: vectors
    match: {model: vectors}
    strategy: priority
    on_loss: refuse
    targets: [{provider: few, model: vectors}, {provider: a, model: vectors}, {provider: local, model: vectors}]
    failover: {deadline_ms: 900}
  - name: nothing
    match: {model: nothing}
    targets: [{provider: keyless, model: nothing}]
  - name: alone
    match: {model: alone}
    targets: [{provider: b, model: alone, max_latency_ms: 30}]
    failover: {deadline_ms: 900}
`
}

/** One thing that happens: from when, to whom, what. A later line for the same provider replaces an earlier one. */
export interface Turn {
  readonly atMs: number
  readonly who: Name
  readonly faults: readonly Fault[]
}

/** About twelve seconds of trouble, then over again. */
export const script: readonly Turn[] = [
  { atMs: 400, who: 'a', faults: [{ kind: 'status', status: 503 }] },
  { atMs: 700, who: 'b', faults: [{ kind: 'slow', extraMs: 55, share: 0.6 }] },
  { atMs: 1500, who: 'a', faults: [] },
  { atMs: 1700, who: 'c', faults: [{ kind: 'slow', extraMs: 80 }] },
  { atMs: 2000, who: 'b', faults: [{ kind: 'status', status: 429, share: 0.5 }] },
  { atMs: 2300, who: 'a', faults: [{ kind: 'slow', extraMs: 50, share: 0.5 }] },
  { atMs: 2700, who: 'b', faults: [{ kind: 'status', status: 500, share: 0.75 }] },
  { atMs: 3300, who: 'a', faults: [{ kind: 'reset' }] },
  { atMs: 3700, who: 'local', faults: [{ kind: 'status', status: 500, share: 0.5 }] },
  {
    atMs: 4300,
    who: 'a',
    faults: [
      { kind: 'cut', after: 2, share: 0.5 },
      { kind: 'error_event', after: 0, share: 0.5 },
    ],
  },
  { atMs: 4500, who: 'local', faults: [] },
  { atMs: 4800, who: 'b', faults: [{ kind: 'status', status: 401, share: 0.6 }] },
  { atMs: 5400, who: 'b', faults: [{ kind: 'status', status: 402, share: 0.6 }] },
  { atMs: 5600, who: 'a', faults: [{ kind: 'hang', share: 0.4 }] },
  { atMs: 6400, who: 'b', faults: [{ kind: 'status', status: 429, retryAfterSeconds: 1, share: 0.7 }] },
  {
    atMs: 6700,
    who: 'a',
    faults: [
      { kind: 'status', status: 429, share: 0.3 },
      { kind: 'empty', share: 0.3 },
    ],
  },
  { atMs: 7400, who: 'b', faults: [{ kind: 'hang', share: 0.5 }] },
  { atMs: 7600, who: 'a', faults: [{ kind: 'hang', share: 0.8 }] },
  { atMs: 8200, who: 'a', faults: [{ kind: 'status', status: 400, code: 'context_length_exceeded', share: 0.6 }] },
  {
    atMs: 8300,
    who: 'b',
    faults: [
      { kind: 'status', status: 400, share: 0.5 },
      { kind: 'unreadable', share: 0.4 },
    ],
  },
  { atMs: 9000, who: 'a', faults: [{ kind: 'slow', extraMs: 45, share: 0.7 }] },
  { atMs: 9100, who: 'b', faults: [{ kind: 'slow', extraMs: 70, share: 0.8 }] },
  { atMs: 9150, who: 'local', faults: [{ kind: 'status', status: 500, share: 0.8 }] },
  { atMs: 9650, who: 'local', faults: [] },
  { atMs: 9700, who: 'a', faults: [{ kind: 'status', status: 503 }] },
  { atMs: 9800, who: 'b', faults: [{ kind: 'status', status: 503 }] },
  { atMs: 11_000, who: 'a', faults: [] },
  { atMs: 11_200, who: 'b', faults: [] },
]

export const scriptMs = 12_000
