/**
 * Keys of the .ai and the .cn platform are different; for the latter set `base_url`. Role and limit as its users' tools
 * send them (https://github.com/earendil-works/pi, `packages/ai/src/api/openai-completions.ts`).
 * Where thinking is on, answers with calls must say what was thought ("thinking is enabled but reasoning_content is
 * missing in assistant tool call message"); an empty text counts as missing there, a space does not
 * (https://github.com/earendil-works/pi/pull/4178).
 */
import type { Provider } from './provider.ts'

export const moonshot: Provider = {
  id: 'moonshot',
  title: 'Moonshot AI',
  dialect: 'openai-chat',
  baseUrl: 'https://api.moonshot.ai/v1',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'MOONSHOT_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  check: {
    call: 'GET',
    path: '/models',
    models: { key: 'data', name: 'id' },
    costs: 'nothing',
    source: { url: 'https://platform.moonshot.ai/docs/api/models', checked: '2026-11-24' },
  },
  quirks: {
    renames: { max_completion_tokens: 'max_tokens' },
    developerAsSystem: true,
    reasoningInToolLoops: { modelPrefixes: ['kimi-', 'k3'], placeholder: ' ' },
  },
  source: { url: 'https://platform.moonshot.ai/docs/api/chat', checked: '2026-11-23' },
}
