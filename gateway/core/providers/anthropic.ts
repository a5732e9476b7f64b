/**
 * The key goes into `x-api-key`; the version header is the language's own. The client of the maker appends `/v1/messages`
 * to its base URL (1.12.0). What single models take and refuse stands with the language, since clouds that sell the same
 * models speak it too.
 */
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
  check: {
    call: 'GET',
    path: '/v1/models?limit=1000',
    headers: { 'anthropic-version': '2023-06-01' },
    models: { key: 'data', name: 'id', byName: '/v1/models/{model}' },
    costs: 'nothing',
    source: { url: 'https://platform.claude.com/docs/en/api/models/list', checked: '2026-11-24' },
  },
  quirks: {},
  source: { url: 'https://platform.claude.com/docs/en/api/messages', checked: '2026-11-23' },
}
