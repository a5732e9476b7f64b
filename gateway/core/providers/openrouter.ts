/** Takes OpenAI's whole request, `developer` included (recorded), and adapts it to the model's own provider itself. */
import { exact } from '../dialects/losses.ts'
import type { Provider } from './provider.ts'

export const openrouter: Provider = {
  id: 'openrouter',
  title: 'OpenRouter',
  dialect: 'openai-chat',
  baseUrl: 'https://openrouter.ai/api/v1',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'OPENROUTER_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  quirks: { losses: { 'messages[].reasoning_details': exact } },
  source: { url: 'https://openrouter.ai/docs/api-reference/overview', checked: '2026-11-23' },
}
