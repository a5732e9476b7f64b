/** Simulated providers for `aigw simulate` and the demo: one listener each, and a failure drill in wall-clock time. */
import type { Scenario } from '../../schemas/index.ts'
import type { StyleName } from './openai-chat/styles.ts'
import type { DrillTarget } from './scenario.ts'
import { behaviourAt, turningPoints, unknownTargets } from './scenario.ts'
import type { Simulator } from './simulator.ts'
import { startSimulator } from './simulator.ts'

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

interface Simulated extends DrillTarget {
  readonly name: StyleName
  readonly firstContentMs: number
  readonly tokensPerSecond: number
}

/** Paces are round numbers of the right size, so that a demo looks like life; they claim nothing about a vendor. */
const simulated = [
  { name: 'openai', deployment: 'cloud', firstContentMs: 250, tokensPerSecond: 80 },
  { name: 'azure-openai', deployment: 'cloud', firstContentMs: 300, tokensPerSecond: 70 },
  { name: 'mistral', deployment: 'cloud', firstContentMs: 200, tokensPerSecond: 90 },
  { name: 'groq', deployment: 'cloud', firstContentMs: 100, tokensPerSecond: 300 },
  { name: 'deepseek', deployment: 'cloud', firstContentMs: 400, tokensPerSecond: 40 },
  { name: 'xai', deployment: 'cloud', firstContentMs: 250, tokensPerSecond: 80 },
  { name: 'openrouter', deployment: 'cloud', firstContentMs: 350, tokensPerSecond: 70 },
  { name: 'perplexity', deployment: 'cloud', firstContentMs: 500, tokensPerSecond: 80 },
  { name: 'moonshot', deployment: 'cloud', firstContentMs: 400, tokensPerSecond: 50 },
  { name: 'vllm', deployment: 'self_hosted', firstContentMs: 80, tokensPerSecond: 60 },
] as const satisfies readonly Simulated[]

export type SimulatedName = (typeof simulated)[number]['name']

/** Who plays in `aigw demo`: two clouds that share a model, and a self-hosted last resort. */
export const demoCast = { first: 'openai', second: 'mistral', lastResort: 'vllm' } as const satisfies Record<
  string,
  SimulatedName
>

export async function startSimulators(options: SimulatorsOptions): Promise<Simulators> {
  const { port = 0, host = '127.0.0.1', seed = 1, log } = options
  const wanted = simulated.filter((one) => options.providers?.includes(one.name) ?? true)
  const providers: Simulator[] = []
  try {
    for (const [index, { name, firstContentMs, tokensPerSecond }] of wanted.entries()) {
      const behaviour = { firstContentMs, tokensPerSecond, jitter: 0.2 }
      const at = { host, port: port === 0 ? 0 : port + index }
      providers.push(await startSimulator({ name, style: name, seed: seed + index, behaviour, ...at }))
    }
  } catch (error) {
    await Promise.all(providers.map((simulator) => simulator.close()))
    throw error
  }
  for (const { name, baseUrl } of providers) log(`${name} is simulated on ${baseUrl}`)
  const scenario = options.scenario ?? null
  const stop = scenario === null ? () => {} : runDrill(scenario, { targets: wanted, providers, log })
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
