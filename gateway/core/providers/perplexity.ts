/**
 * Messages are system, user and assistant, the limit is `max_tokens` (its API page). Streams end without `[DONE]` and
 * repeat usage and the whole message on every event (recorded).
 */
import type { Provider } from './provider.ts'

export const perplexity: Provider = {
  id: 'perplexity',
  title: 'Perplexity',
  dialect: 'openai-chat',
  baseUrl: 'https://api.perplexity.ai',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'PERPLEXITY_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  quirks: { renames: { max_completion_tokens: 'max_tokens' }, developerAsSystem: true },
  source: { url: 'https://docs.perplexity.ai/docs/sonar/openai-compatibility', checked: '2026-11-23' },
}
