/**
 * 400 for penalties and `logit_bias` (its compatibility page, by way of https://hexdocs.pm/req_llm) and for
 * `reasoning_content` in the history (https://github.com/Kilo-Org/kilocode/issues/10375). Unknown fields are refused with
 * `wrong_api_format` (https://github.com/egoist/chatwise-releases/issues/1442, 2026-11-24), so what only other providers
 * read stays behind.
 */
import { dropped, each } from '../dialects/losses.ts'
import type { Provider } from './provider.ts'

export const cerebras: Provider = {
  id: 'cerebras',
  title: 'Cerebras',
  dialect: 'openai-chat',
  baseUrl: 'https://api.cerebras.ai/v1',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'CEREBRAS_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  check: {
    call: 'GET',
    path: '/models',
    models: { key: 'data', name: 'id' },
    costs: 'nothing',
    source: { url: 'https://inference-docs.cerebras.ai/api-reference/models', checked: '2026-11-24' },
  },
  quirks: {
    losses: each(
      [
        'frequency_penalty',
        'presence_penalty',
        'logit_bias',
        'top_k',
        'messages[].reasoning_content',
        'messages[].refusal',
        'messages[].annotations',
        'messages[].citations',
        'cache_control',
      ],
      dropped('refused by the provider with 400'),
    ),
    developerAsSystem: true,
  },
  source: { url: 'https://inference-docs.cerebras.ai/resources/openai', checked: '2026-11-23' },
}
