/** A gateway in front of every provider that has embeddings, each played by a simulator of its API. */
import { embeddingsLossTableOf } from '../../gateway/core/embeddings/index.ts'
import { embeddingsWireOf } from '../../gateway/core/embeddings/wire.ts'
import { providers } from '../../gateway/core/providers/index.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../gateway/simulators/simulator.ts'
import type { ProviderId } from '../../schemas/index.ts'
import { googleProject, served, wireOf } from '../conformance/stage.ts'
import { startTestGateway } from '../support/gateway.ts'
import { Actor } from './actor.ts'
import { rowFor } from './rows.ts'

/** Their embeddings are asked for in words of their own, which no simulator knows. */
export const unplayed: readonly ProviderId[] = ['perplexity', 'nvidia-nim']

/** Everybody else who can be asked, whether or not there are embeddings. */
export const asked: readonly ProviderId[] = Object.values(providers)
  .filter(({ id, embeddings }) => !unplayed.includes(id) && (embeddings !== undefined || served.includes(id)))
  .map(({ id }) => id)

/** Where one name is not as good as another. */
const models: Readonly<Partial<Record<ProviderId, string>>> = {
  bedrock: 'amazon.titan-embed-text-v2:0',
  vertex: 'text-embedding-005',
  gemini: 'gemini-embedding-001',
}

export function embeddingsModelOf(id: ProviderId): string {
  return models[id] ?? 'a-model'
}

export function hasEmbeddings(id: ProviderId): boolean {
  return embeddingsWireOf(providers[id], embeddingsModelOf(id)) !== null
}

const manners: Readonly<Partial<Record<ProviderId, SimulatorOptions['embeddings']>>> = {
  voyage: 'voyage',
  bedrock: 'bedrock',
  vertex: 'google',
  gemini: 'google',
}

function playerOf(id: ProviderId): Omit<SimulatorOptions, 'name'> {
  const manner = manners[id]
  // What their chats are spoken in makes no difference here, and may not be spoken yet.
  return manner === undefined ? wireOf(id) : { embeddings: manner }
}

function connectionTo(id: ProviderId, { url, baseUrl }: Simulator): string {
  const settings: Readonly<Partial<Record<ProviderId, string>>> = {
    bedrock: `base_url: "${url}", region: eu-central-1, auth: bearer`,
    vertex: `base_url: "${url}${googleProject}", auth: access_token`,
    gemini: `base_url: "${url}"`,
    'azure-openai': `base_url: "${baseUrl}", api_version: "2024-10-21"`,
  }
  return `  ${id}: {type: ${id}, ${settings[id] ?? `base_url: "${baseUrl}"`}, api_key: {env: TEST_KEY}}`
}

export interface EmbeddingsStage {
  actor(id: ProviderId): Actor
  close(): Promise<void>
}

export async function openEmbeddingsStage(): Promise<EmbeddingsStage> {
  const simulators = new Map<ProviderId, Simulator>()
  for (const id of asked) simulators.set(id, await startSimulator({ name: id, ...playerOf(id), seed: 1 }))
  const routes = asked.map((id) => {
    const target = `{provider: ${id}, model: "${embeddingsModelOf(id)}"}`
    return `  - {name: "${id}", match: {model: "${id}"}, targets: [${target}]}`
  })
  const connections = [...simulators].map(([id, simulator]) => connectionTo(id, simulator))
  const manifest = ['providers:', ...connections, 'ai_routes:', ...routes, ''].join('\n')
  const running = await startTestGateway({ manifest })
  return {
    actor: (id) => {
      const simulator = simulators.get(id)
      if (simulator === undefined) throw new Error(`nobody plays ${id}`)
      const wire = embeddingsWireOf(providers[id], embeddingsModelOf(id))
      const losses = wire === null ? null : embeddingsLossTableOf(wire)
      return new Actor({ row: rowFor(id), losses, url: running.gateway.url, simulator, path: '/v1/embeddings' })
    },
    close: async () => {
      await running.close()
      await Promise.all([...simulators.values()].map((simulator) => simulator.close()))
    },
  }
}
