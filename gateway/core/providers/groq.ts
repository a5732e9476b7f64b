/**
 * 400 for `logprobs`, `logit_bias`, `top_logprobs`, `messages[].name` and any `n` but 1 (the page below); 400 for
 * `reasoning_content` in the history (https://github.com/vercel/ai/pull/8057, https://github.com/janhq/jan/issues/8136).
 * Any other field that it does not know is 400 as well ("property 'store' is unsupported", in messages too;
 * `prompt_cache_key`: https://github.com/sipeed/picoclaw/pull/1196; checked 2026-11-24), so what only other providers
 * read stays behind. Stream events carry `x_groq`, where usage may stand instead of at the top (recorded). System messages have the role
 * `system` in its own client's types.
 */
import { dropped, each, refused } from '../dialects/losses.ts'
import type { Provider } from './provider.ts'

export const groq: Provider = {
  id: 'groq',
  title: 'Groq',
  dialect: 'openai-chat',
  baseUrl: 'https://api.groq.com/openai/v1',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'GROQ_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  check: {
    call: 'GET',
    path: '/models',
    models: { key: 'data', name: 'id' },
    costs: 'nothing',
    source: { url: 'https://console.groq.com/docs/api-reference', checked: '2026-11-24' },
  },
  quirks: {
    losses: {
      ...each(
        [
          'logprobs',
          'logit_bias',
          'top_logprobs',
          'top_k',
          'prompt_cache_key',
          'prompt_cache_retention',
          'prompt_cache_options',
          'messages[].name',
          'messages[].refusal',
          'messages[].annotations',
          'messages[].citations',
          'messages[].reasoning_content',
          'cache_control',
        ],
        dropped('refused by the provider with 400'),
      ),
      n: refused('the provider gives one answer a request'),
    },
    developerAsSystem: true,
    streamExtension: 'x_groq',
  },
  source: { url: 'https://console.groq.com/docs/openai', checked: '2026-11-23' },
}
