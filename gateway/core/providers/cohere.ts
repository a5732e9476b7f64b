import type { Provider } from './provider.ts'

export const cohere: Provider = {
  id: 'cohere',
  title: 'Cohere',
  dialect: 'cohere-chat',
  baseUrl: 'https://api.cohere.com',
  chatPath: '/v2/chat',
  auth: { scheme: 'bearer' },
  keyVariable: 'CO_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  quirks: {},
  source: { url: 'https://docs.cohere.com/reference/chat', checked: '2026-11-23' },
}
