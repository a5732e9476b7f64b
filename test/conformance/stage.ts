/** A gateway in front of one simulated provider of each kind, for suites that ask the same of all of them. */
import type { ProviderId } from '../../schemas/index.ts'
import { providers } from '../../gateway/core/providers/index.ts'
import { dialects } from '../../gateway/core/dialects/index.ts'
import type { Simulator, SimulatorOptions } from '../../gateway/simulators/simulator.ts'
import { startSimulator } from '../../gateway/simulators/simulator.ts'
import { isStyleName } from '../../gateway/simulators/openai-chat/styles.ts'
import { isWireName } from '../../gateway/simulators/wires.ts'
import type { TestGateway } from '../support/gateway.ts'
import { startTestGateway } from '../support/gateway.ts'

export interface Stage {
  readonly running: TestGateway
  /** The simulator that plays this provider. */
  simulator(provider: ProviderId): Simulator
  close(): Promise<void>
}

/** Providers whose language this version speaks; a route's model has the provider's name. */
export const served: readonly ProviderId[] = Object.values(providers)
  .filter(({ dialect }) => dialect !== null && dialects[dialect] !== undefined)
  .map(({ id }) => id)

/** What plays this provider: a simulator of its wire, in its own manner where there is one. */
export function wireOf(id: ProviderId): Pick<SimulatorOptions, 'wire' | 'style'> {
  const { dialect } = providers[id]
  if (dialect !== null && dialect !== 'openai-chat' && isWireName(dialect)) return { wire: dialect }
  return { style: isStyleName(id) ? id : 'openai' }
}

/** What a base URL of Vertex AI ends with. */
export const googleProject = '/v1/projects/p/locations/us-central1'

/** What a connection of this provider must say besides its address and its key. */
function alsoNeeded(id: ProviderId): string {
  if (id === 'azure-openai') return ', api_version: "2024-10-21"'
  if (id === 'bedrock') return ', auth: bearer'
  return id === 'vertex' ? ', auth: access_token' : ''
}

/** One route a provider, asked for by the provider's id. */
export async function openStage(
  ids: readonly ProviderId[],
  models: Readonly<Partial<Record<ProviderId, string>>> = {},
): Promise<Stage> {
  const simulators = new Map<ProviderId, Simulator>()
  for (const id of ids) simulators.set(id, await startSimulator({ name: id, ...wireOf(id), seed: 1 }))
  const lines = [...simulators].map(([id, { baseUrl }]) => {
    const address = id === 'vertex' ? baseUrl + googleProject : baseUrl
    return `  ${id}: {type: ${id}, base_url: "${address}", api_key: {env: TEST_KEY}${alsoNeeded(id)}}`
  })
  const routes = ids.map(
    (id) =>
      `  - {name: "${id}", match: {model: "${id}"}, targets: [{provider: ${id}, model: ${models[id] ?? 'a-model'}}]}`,
  )
  const manifest = ['providers:', ...lines, 'ai_routes:', ...routes, ''].join('\n')
  const running = await startTestGateway({ manifest })
  return {
    running,
    simulator: (id) => {
      const simulator = simulators.get(id)
      if (simulator === undefined) throw new Error(`nobody plays ${id}`)
      return simulator
    },
    close: async () => {
      await running.close()
      await Promise.all([...simulators.values()].map((simulator) => simulator.close()))
    },
  }
}
