/**
 * Messages are system, user and assistant, the limit is `max_tokens` (its API page). Streams end without `[DONE]` and
 * repeat usage and the whole message on every event (recorded). "Tool calling is not supported for this model", of any
 * (https://github.com/pipecat-ai/pipecat/pull/4862), and results of tools are messages of an unknown role
 * (https://github.com/BerriAI/litellm/issues/11665; both checked 2026-11-24).
 */
import { dropped, each, exactly, refused } from '../dialects/losses.ts'
import type { Provider } from './provider.ts'

const toolParts = [
  'tools',
  'tools[].strict',
  'tools[custom]',
  'tools[other]',
  'tool_choice[none]',
  'tool_choice[required]',
  'tool_choice[function]',
  'tool_choice[allowed_tools]',
  'tool_choice[custom]',
  'parallel_tool_calls',
  'functions',
  'function_call',
  'messages[tool]',
  'messages[function]',
  'messages[].tool_calls',
  'messages[].tool_calls[custom]',
  'messages[].function_call',
] as const

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
  quirks: {
    losses: each(toolParts, refused('the provider knows no tools')),
    renames: { max_completion_tokens: 'max_tokens' },
    developerAsSystem: true,
  },
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
