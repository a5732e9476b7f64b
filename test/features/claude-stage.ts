/** A gateway in front of Claude on Vertex AI. */
import { type Simulator, startSimulator } from '../../gateway/simulators/simulator.ts'
import { googleProject } from '../conformance/stage.ts'
import { startTestGateway } from '../support/gateway.ts'
import { claudeOnVertex } from './rows.ts'
import { startVertexBridge } from './vertex-bridge.ts'

export interface ClaudeStage {
  /** Of the gateway. */
  readonly url: string
  readonly simulator: Simulator
  close(): Promise<void>
}

export async function openClaudeStage(): Promise<ClaudeStage> {
  const simulator = await startSimulator({ name: 'claude', wire: 'anthropic-messages', seed: 1 })
  const bridge = await startVertexBridge(simulator.url)
  const { key, model } = claudeOnVertex
  const running = await startTestGateway({
    manifest: `providers:
  vertex: {type: vertex, base_url: "${bridge.url}${googleProject}", auth: access_token, api_key: {env: TEST_KEY}}
ai_routes:
  - {name: "${key}", match: {model: "${key}"}, targets: [{provider: vertex, model: "${model}"}]}
`,
  })
  return {
    url: running.gateway.url,
    simulator,
    close: async () => {
      await running.close()
      await bridge.close()
      await simulator.close()
    },
  }
}
