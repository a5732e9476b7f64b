/**
 * Non-final stream events have no `finish_reason`, and reasoning is counted beside `completion_tokens` (recorded). Role
 * as its users' tools send it (https://github.com/earendil-works/pi, `packages/ai/src/api/openai-completions.ts`).
 * A message without content, such as an answer that only calls, is 400 "Each message must have at least one content
 * element"; an empty text is taken (https://github.com/langchain-ai/langchain/issues/34140, 2026-11-24).
 */
import type { Provider } from './provider.ts'

export const xai: Provider = {
  id: 'xai',
  title: 'xAI',
  dialect: 'openai-chat',
  baseUrl: 'https://api.x.ai/v1',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'XAI_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  check: {
    call: 'GET',
    path: '/models',
    models: { key: 'data', name: 'id', byName: '/models/{model}', incomplete: true },
    costs: 'nothing',
    source: { url: 'https://docs.x.ai/docs/api-reference', checked: '2026-11-24' },
  },
  quirks: { developerAsSystem: true, contentRequired: true },
  source: { url: 'https://docs.x.ai/docs/api-reference', checked: '2026-11-23' },
}
