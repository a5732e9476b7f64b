/** A token is only asked for where the server was told to. */
import type { Provider } from './provider.ts'

export const lmstudio: Provider = {
  id: 'lmstudio',
  title: 'LM Studio',
  dialect: 'openai-chat',
  baseUrl: 'http://localhost:1234/v1',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'LM_API_TOKEN',
  keyRequired: false,
  deployment: 'self_hosted',
  quirks: { developerAsSystem: true },
  source: { url: 'https://lmstudio.ai/docs/developer/core/authentication', checked: '2026-11-23' },
}
