/**
 * Unknown fields are refused with 422 `extra_forbidden`, in messages too, so what its request does not have is left out.
 * Request and message fields: the types of its own Python client (`ChatCompletionRequest`, `AssistantMessage`).
 * Refusals seen by users: `max_completion_tokens`, `store` (https://github.com/Gitlawb/openclaude/issues/739),
 * `stream_options` (https://github.com/dnakov/anon-kode/issues/53), `reasoning_content` in the history
 * (https://github.com/charmbracelet/crush/issues/1590), tool-call ids that are not nine letters and digits
 * (https://github.com/anomalyco/opencode/issues/1680). Usage comes unasked on the last event (recorded).
 */
import { dropped, each, refused } from '../dialects/losses.ts'
import type { Provider } from './provider.ts'

export const mistral: Provider = {
  id: 'mistral',
  title: 'Mistral AI',
  dialect: 'openai-chat',
  baseUrl: 'https://api.mistral.ai/v1',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'MISTRAL_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  check: {
    call: 'GET',
    path: '/models',
    models: { key: 'data', name: 'id' },
    costs: 'nothing',
    source: { url: 'https://docs.mistral.ai/api/endpoint/models', checked: '2026-11-24' },
  },
  quirks: {
    losses: {
      ...each(
        [
          'logit_bias',
          'logprobs',
          'top_logprobs',
          'top_k',
          'user',
          'safety_identifier',
          'store',
          'service_tier',
          'verbosity',
          'moderation',
          'prompt_cache_retention',
          'prompt_cache_options',
          'messages[].name',
          'messages[].refusal',
          'messages[].annotations',
          'messages[].citations',
          'messages[].reasoning_content',
          'cache_control',
        ],
        dropped('not among the fields of its request; refused with 422'),
      ),
      ...each(
        ['functions', 'function_call', 'messages[].function_call', 'modalities', 'audio', 'messages[].audio'],
        refused('not among the fields of its request, and no answer would be the same without it'),
      ),
      web_search_options: refused('the search of this API cannot be switched on in a chat request'),
    },
    renames: { max_completion_tokens: 'max_tokens', seed: 'random_seed' },
    developerAsSystem: true,
    toolCallIdLength: 9,
    usageUnasked: true,
  },
  embeddings: [
    {
      language: 'openai-embeddings',
      path: '/embeddings',
      quirks: {
        losses: {
          'input[tokens]': refused('texts only'),
          user: dropped('not among the fields of its request; refused with 422'),
        },
        renames: { dimensions: 'output_dimension' },
        foreign: ['metadata'],
      },
      source: { url: 'https://docs.mistral.ai/api/endpoint/embeddings', checked: '2026-11-24' },
    },
  ],
  source: { url: 'https://docs.mistral.ai/api/endpoint/chat', checked: '2026-11-23' },
}
