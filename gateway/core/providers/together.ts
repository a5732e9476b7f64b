/** Role and limit as its users' tools send them (https://github.com/earendil-works/pi). */
import type { Provider } from './provider.ts'

export const together: Provider = {
  id: 'together',
  title: 'Together AI',
  dialect: 'openai-chat',
  baseUrl: 'https://api.together.xyz/v1',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'TOGETHER_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  quirks: { renames: { max_completion_tokens: 'max_tokens' }, developerAsSystem: true },
  source: { url: 'https://docs.together.ai/reference/chat-completions-1', checked: '2026-11-23' },
}
