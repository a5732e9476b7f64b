import type { Provider } from './provider.ts'

export const anthropic: Provider = {
  id: 'anthropic',
  title: 'Anthropic',
  dialect: 'anthropic-messages',
  baseUrl: 'https://api.anthropic.com',
  chatPath: '/v1/messages',
  auth: { scheme: 'header', name: 'x-api-key' },
  keyVariable: 'ANTHROPIC_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  quirks: {},
  source: { url: 'https://docs.claude.com/en/api/messages', checked: '2026-11-23' },
}
