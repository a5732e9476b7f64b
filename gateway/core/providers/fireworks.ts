import type { Provider } from './provider.ts'

export const fireworks: Provider = {
  id: 'fireworks',
  title: 'Fireworks AI',
  dialect: 'openai-chat',
  baseUrl: 'https://api.fireworks.ai/inference/v1',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'FIREWORKS_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  quirks: { developerAsSystem: true },
  source: { url: 'https://docs.fireworks.ai/api-reference/post-chatcompletions', checked: '2026-11-23' },
}
