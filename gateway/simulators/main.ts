/** Simulated providers for `aigw simulate` and the demo: one listener each, and a failure drill in wall-clock time. */
import type { Scenario } from '../../schemas/index.ts'
import type { DrillTarget } from './scenario.ts'
import { behaviourAt, turningPoints, unknownTargets } from './scenario.ts'
import type { Simulator } from './simulator.ts'
import { startSimulator } from './simulator.ts'
import type { EmbeddingsWish } from './embeddings/index.ts'
import { wireFor } from './wires.ts'

export type { BehaviourPatch } from './behaviour.ts'

export interface SimulatorsOptions {
  /** The first provider's port, the others follow; absent or 0: free ports. */
  readonly port?: number
  readonly host?: string
  readonly scenario?: Scenario | null
  /** Which providers; default all. */
  readonly providers?: readonly SimulatedName[]
  readonly seed?: number
  readonly log: (message: string) => void
}

export interface Simulators {
  readonly providers: readonly Simulator[]
  close(): Promise<void>
}

interface Simulated extends Omit<DrillTarget, 'failures'> {
  readonly speaks: EmbeddingsWish
  readonly firstContentMs: number
  readonly tokensPerSecond: number
  readonly loadMs?: number
}

/** Paces are round numbers of the right size, so that a demo looks like life; they claim nothing about a vendor. */
const simulated = [
  { name: 'openai', speaks: { style: 'openai' }, deployment: 'cloud', firstContentMs: 250, tokensPerSecond: 80 },
  {
    name: 'azure-openai',
    speaks: { style: 'azure-openai' },
    deployment: 'cloud',
    firstContentMs: 300,
    tokensPerSecond: 70,
  },
  { name: 'mistral', speaks: { style: 'mistral' }, deployment: 'cloud', firstContentMs: 200, tokensPerSecond: 90 },
  { name: 'groq', speaks: { style: 'groq' }, deployment: 'cloud', firstContentMs: 100, tokensPerSecond: 300 },
  { name: 'deepseek', speaks: { style: 'deepseek' }, deployment: 'cloud', firstContentMs: 400, tokensPerSecond: 40 },
  { name: 'xai', speaks: { style: 'xai' }, deployment: 'cloud', firstContentMs: 250, tokensPerSecond: 80 },
  {
    name: 'openrouter',
    speaks: { style: 'openrouter' },
    deployment: 'cloud',
    firstContentMs: 350,
    tokensPerSecond: 70,
  },
  {
    name: 'perplexity',
    speaks: { style: 'perplexity' },
    deployment: 'cloud',
    firstContentMs: 500,
    tokensPerSecond: 80,
  },
  { name: 'moonshot', speaks: { style: 'moonshot' }, deployment: 'cloud', firstContentMs: 400, tokensPerSecond: 50 },
  { name: 'vllm', speaks: { style: 'vllm' }, deployment: 'self_hosted', firstContentMs: 80, tokensPerSecond: 60 },
  // Behind the others, so that a manifest with the ports of those that were there before stays right.
  {
    name: 'anthropic',
    speaks: { wire: 'anthropic-messages' },
    deployment: 'cloud',
    firstContentMs: 350,
    tokensPerSecond: 70,
  },
  {
    name: 'ollama',
    speaks: { wire: 'ollama-chat' },
    deployment: 'self_hosted',
    firstContentMs: 120,
    tokensPerSecond: 35,
    loadMs: 900,
  },
  // Who has embeddings only; nobody else's would be refused as its are.
  { name: 'voyage', speaks: { embeddings: 'voyage' }, deployment: 'cloud', firstContentMs: 80, tokensPerSecond: 100 },
  {
    name: 'bedrock',
    speaks: { wire: 'bedrock-converse' },
    deployment: 'cloud',
    firstContentMs: 350,
    tokensPerSecond: 70,
  },
  {
    name: 'gemini',
    speaks: { wire: 'gemini-generate-content' },
    deployment: 'cloud',
    firstContentMs: 300,
    tokensPerSecond: 110,
  },
  { name: 'cohere', speaks: { wire: 'cohere-chat' }, deployment: 'cloud', firstContentMs: 300, tokensPerSecond: 70 },
] as const satisfies readonly Simulated[]

export type SimulatedName = (typeof simulated)[number]['name']

/** Who plays in `aigw demo`: two clouds that share a model, and a self-hosted last resort. */
export const demoCast = { first: 'openai', second: 'mistral', lastResort: 'vllm' } as const satisfies Record<
  string,
  SimulatedName
>

/** Who plays a provider that has no simulator of its own, by the language it speaks. */
export const speakers: Readonly<Record<string, SimulatedName>> = {
  'openai-chat': 'openai',
  'anthropic-messages': 'anthropic',
  'gemini-generate-content': 'gemini',
  'bedrock-converse': 'bedrock',
  'cohere-chat': 'cohere',
  'ollama-chat': 'ollama',
}

/** Whom the product note's `routes.yaml` calls: one provider for each wire. */
export const noteCast: readonly SimulatedName[] = ['anthropic', 'openai', 'ollama']

export async function startSimulators(options: SimulatorsOptions): Promise<Simulators> {
  const { port = 0, host = '127.0.0.1', seed = 1, log } = options
  const wanted: readonly Simulated[] = simulated.filter((one) => options.providers?.includes(one.name) ?? true)
  const providers: Simulator[] = []
  try {
    for (const [index, { name, speaks, firstContentMs, tokensPerSecond, loadMs = 0 }] of wanted.entries()) {
      const behaviour = { firstContentMs, tokensPerSecond, loadMs, jitter: 0.2 }
      const at = { host, port: port === 0 ? 0 : port + index }
      providers.push(await startSimulator({ name, ...speaks, seed: seed + index, behaviour, ...at }))
    }
  } catch (error) {
    await Promise.all(providers.map((simulator) => simulator.close()))
    throw error
  }
  for (const { name, baseUrl } of providers) log(`${name} is simulated on ${baseUrl}`)
  const scenario = options.scenario ?? null
  const targets = wanted.map((one) => ({ ...one, failures: wireFor(one.speaks).failures }))
  const stop = scenario === null ? () => {} : runDrill(scenario, { targets, providers, log })
  return {
    providers,
    close: async () => {
      stop()
      await Promise.all(providers.map((simulator) => simulator.close()))
    },
  }
}

/** Longest wait a timer can keep; a drill beyond it (24 days) is not for a running simulator. */
const longestTimerMs = 0x7fff_ffff

interface Drill {
  readonly targets: readonly DrillTarget[]
  readonly providers: readonly Simulator[]
  readonly log: (message: string) => void
}

/** Applies each change when its time comes. Gives a function that stops it. */
function runDrill(scenario: Scenario, { targets, providers, log }: Drill): () => void {
  const startedAtMs = Date.now()
  for (const name of unknownTargets(scenario, targets)) log(`${scenario.name}: nothing simulated is called ${name}`)
  const apply = (sinceMs: number): void => {
    for (const [index, target] of targets.entries()) {
      const behaviour = behaviourAt(scenario, target, { startedAtMs, sinceMs })
      const simulator = providers[index]
      const before = simulator?.behaviour()
      if (simulator === undefined || before === undefined) continue
      const { faults, refuseConnections } = before
      if (JSON.stringify({ faults, refuseConnections }) === JSON.stringify(behaviour)) continue
      const kinds = behaviour.faults.map((fault) => ('status' in fault ? `status ${fault.status}` : fault.kind))
      const state = behaviour.refuseConnections ? 'refuses connections' : kinds.join(', ') || 'healthy'
      log(`${scenario.name}, ${Math.round(sinceMs / 1000)} s: ${target.name}: ${state}`)
      simulator.behave(behaviour).catch((error: unknown) => log(`${target.name}: ${String(error)}`))
    }
  }
  const timers = turningPoints(scenario, startedAtMs)
    .filter((sinceMs) => sinceMs <= longestTimerMs)
    .map((sinceMs) => (sinceMs === 0 ? apply(0) : setTimeout(apply, sinceMs, sinceMs)))
  return () => {
    for (const timer of timers) clearTimeout(timer ?? undefined)
  }
}
