/**
 * The reference. `max_tokens` is deprecated there and refused by reasoning models ("Unsupported parameter: 'max_tokens'
 * is not supported with this model. Use 'max_completion_tokens' instead", recorded); every chat model takes the new name.
 */
import type { Provider } from './provider.ts'

export const openai: Provider = {
  id: 'openai',
  title: 'OpenAI',
  dialect: 'openai-chat',
  baseUrl: 'https://api.openai.com/v1',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'OPENAI_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  quirks: { renames: { max_tokens: 'max_completion_tokens' } },
  source: { url: 'https://platform.openai.com/docs/api-reference/chat/create', checked: '2026-11-23' },
}
