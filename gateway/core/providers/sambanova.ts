import type { Provider } from './provider.ts'

export const sambanova: Provider = {
  id: 'sambanova',
  title: 'SambaNova',
  dialect: 'openai-chat',
  baseUrl: 'https://api.sambanova.ai/v1',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'SAMBANOVA_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  quirks: { developerAsSystem: true },
  source: { url: 'https://docs.sambanova.ai/cloud/api-reference/endpoints/chat', checked: '2026-11-23' },
}
