/**
 * The reference. `max_tokens` is deprecated there and refused by reasoning models ("Unsupported parameter: 'max_tokens'
 * is not supported with this model. Use 'max_completion_tokens' instead", recorded); every chat model takes the new name.
 * Unknown parameters are refused, inside messages too ("Unknown parameter: 'reasoning'", code `unknown_parameter`:
 * https://github.com/teabranch/open-responses-server/issues/41), so the extras of other providers' answers stay behind.
 * Ids of calls have at most 40 characters there, and other providers' are longer (https://github.com/vercel/ai/issues/5171).
 */
import { dropped, each } from '../dialects/losses.ts'
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
  check: {
    call: 'GET',
    path: '/models',
    models: { key: 'data', name: 'id' },
    costs: 'nothing',
    source: { url: 'https://platform.openai.com/docs/api-reference/models/list', checked: '2026-11-24' },
  },
  quirks: {
    losses: {
      ...each(
        ['messages[].reasoning_content', 'messages[].citations'],
        dropped('no field of its messages; earlier reasoning and sources are not read'),
      ),
      cache_control: dropped('prompts are cached without being asked'),
      top_k: dropped('no parameter of its requests; unknown ones are refused with 400'),
    },
    renames: { max_tokens: 'max_completion_tokens' },
    longestToolCallId: 40,
  },
  embeddings: [
    {
      language: 'openai-embeddings',
      path: '/embeddings',
      maxInputs: 2048,
      quirks: {},
      source: { url: 'https://platform.openai.com/docs/api-reference/embeddings/create', checked: '2026-11-24' },
    },
  ],
  source: { url: 'https://platform.openai.com/docs/api-reference/chat/create', checked: '2026-11-23' },
}
