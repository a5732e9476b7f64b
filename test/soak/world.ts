/** The world of the soak: a simulated provider on each wire, each in trouble of its own most of the time. */
import { createHash } from 'node:crypto'
import type { Fault } from '../../gateway/simulators/behaviour.ts'
import type { Simulator } from '../../gateway/simulators/simulator.ts'
import { startSimulator } from '../../gateway/simulators/simulator.ts'

export const names = ['openai', 'anthropic', 'ollama'] as const
export type Name = (typeof names)[number]
export type World = Readonly<Record<Name, Simulator>>

/** Keys of the callers; the manifest has their hashes. */
export const keys = ['sk-aigw-soak-one-0123456789abcdef01234567', 'sk-aigw-soak-two-0123456789abcdef01234567'] as const

const wires = { openai: 'openai-chat', anthropic: 'anthropic-messages', ollama: 'ollama-chat' } as const
const types = { openai: 'openai-compatible', anthropic: 'anthropic', ollama: 'ollama' } as const

export async function startWorld(): Promise<World> {
  const start = (name: Name, seed: number) =>
    startSimulator({
      name,
      wire: wires[name],
      seed,
      // Requests of a whole run need not be remembered.
      keep: 100,
      behaviour: { firstContentMs: 30, jitter: 0.8, chunks: 20, tokensPerSecond: 80 },
    })
  return { openai: await start('openai', 1), anthropic: await start('anthropic', 2), ollama: await start('ollama', 3) }
}

/** What goes wrong, a turn of each; every second one is peace. */
const troubles: readonly (readonly Fault[])[] = [
  [],
  [{ kind: 'status', status: 503, share: 0.5 }],
  [],
  [{ kind: 'cut', after: 3, share: 0.3 }],
  [{ kind: 'slow', extraMs: 300, share: 0.5 }],
  [],
  [{ kind: 'reset', share: 0.5 }],
  [
    { kind: 'hang', share: 0.2 },
    { kind: 'status', status: 429, retryAfterSeconds: 1, share: 0.3 },
  ],
  [],
  [{ kind: 'stall', after: 2, share: 0.2 }],
  [
    { kind: 'garbage', after: 1, share: 0.3 },
    { kind: 'empty', share: 0.2 },
  ],
  [],
  [{ kind: 'error_event', after: 4, share: 0.3 }],
  [{ kind: 'status', status: 401, share: 0.3 }],
  [{ kind: 'unreadable', share: 0.4 }],
  [{ kind: 'status', status: 400, share: 0.2 }],
]

const turnMs = 1700

/** Begins the trouble; what it returns ends it. */
export function makeTrouble(world: World): () => Promise<void> {
  let turn = 0
  let under: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    turn += 1
    under = Promise.all(
      names.map((name, index) => world[name].behave({ faults: troubles[(turn + 5 * index) % troubles.length] ?? [] })),
    )
  }, turnMs)
  return async () => {
    clearInterval(timer)
    await under
  }
}

/** Each turn another table: weights and limits change, so that a reload changes decisions. */
export function manifestOf(world: World, turn: number): object {
  const isEven = turn % 2 === 0
  const connection = (name: Name) => ({
    type: types[name],
    base_url: world[name].baseUrl,
    api_key: { env: 'SOAK_KEY' },
    idle_timeout_ms: 1200,
  })
  const target = (provider: Name, more: object = {}) => ({ provider, model: 'a-model', ...more })
  const failover = { deadline_ms: 4000 }
  return {
    health: { open_ms: 500, max_open_ms: 2000, window_ms: 5000, rate_limited_ms: 500, misconfigured_ms: 500 },
    credentials: keys.map((key, index) => ({
      name: `caller-${index}`,
      key_hash: `sha256:${createHash('sha256').update(key).digest('hex')}`,
    })),
    providers: Object.fromEntries(names.map((name) => [name, connection(name)])),
    ai_routes: [
      {
        name: 'weighted',
        match: { model: 'weighted' },
        targets: [
          target('openai', { weight: isEven ? 60 : 30, max_latency_ms: 250 }),
          target('anthropic', { weight: 40, max_latency_ms: isEven ? 250 : 400 }),
        ],
        fallback: 'ollama/a-model',
        failover,
      },
      ...names.map((name) => ({
        name,
        match: { model: name },
        strategy: 'priority',
        targets: [target(name, { attempt_timeout_ms: 1500 }), target(name === 'openai' ? 'anthropic' : 'openai')],
        failover,
      })),
      { name: 'alone', match: { model: 'alone' }, targets: [target('ollama')], failover },
      {
        name: 'quickest',
        match: { model: 'quickest' },
        strategy: 'least_latency',
        targets: names.map((name) => target(name)),
        failover,
      },
    ],
  }
}

/** One that this version cannot serve: the one before it goes on. */
export function badManifestOf(world: World): object {
  return {
    ...manifestOf(world, 0),
    quotas: [{ name: 'q', scope: 'everyone', limits: [{ requests: 1, per: 'minute' }] }],
  }
}
