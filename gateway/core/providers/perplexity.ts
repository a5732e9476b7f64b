/**
 * Messages are system, user and assistant, the limit is `max_tokens` (its API page). Streams end without `[DONE]` and
 * repeat usage and the whole message on every event (recorded).
 */
import { dropped, exactly, refused } from '../dialects/losses.ts'
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
  // Its newer list of models is that of another product.
  check: {
    call: 'chat',
    costs: 'a question of one word and one token of answer',
    source: { url: 'https://docs.perplexity.ai/api-reference/chat-completions-post', checked: '2026-11-24' },
  },
  quirks: { renames: { max_completion_tokens: 'max_tokens' }, developerAsSystem: true },
  embeddings: [
    {
      language: 'openai-embeddings',
      path: '/v1/embeddings',
      quirks: {
        losses: {
          'input[tokens]': refused('texts only'),
          'encoding_format[base64]': exactly('made of its signed bytes, here'),
          user: dropped('no field of its request'),
        },
        signedBytes: 'base64_int8',
      },
      source: { url: 'https://docs.perplexity.ai/api-reference/embeddings-post', checked: '2026-11-24' },
    },
  ],
  source: { url: 'https://docs.perplexity.ai/docs/sonar/openai-compatibility', checked: '2026-11-23' },
}
