/**
 * Unknown fields are refused with 422 `extra_forbidden`, in messages too, so what its request does not have is left out.
 * Request and message fields: the types of its own Python client (`ChatCompletionRequest`, `AssistantMessage`).
 * Refusals seen by users: `max_completion_tokens`, `store` (https://github.com/Gitlawb/openclaude/issues/739),
 * `stream_options` (https://github.com/dnakov/anon-kode/issues/53), `reasoning_content` in the history
 * (https://github.com/charmbracelet/crush/issues/1590), tool-call ids that are not nine letters and digits
 * (https://github.com/anomalyco/opencode/issues/1680). Usage comes unasked on the last event (recorded).
 */
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
  quirks: {
    drops: [
      'logit_bias',
      'logprobs',
      'top_logprobs',
      'user',
      'safety_identifier',
      'store',
      'service_tier',
      'verbosity',
      'modalities',
      'audio',
      'web_search_options',
      'functions',
      'function_call',
    ],
    messageDrops: [
      'system.name',
      'user.name',
      'assistant.name',
      'assistant.refusal',
      'assistant.annotations',
      'assistant.citations',
      'assistant.audio',
      'assistant.reasoning_content',
      'assistant.function_call',
    ],
    renames: { max_completion_tokens: 'max_tokens', seed: 'random_seed' },
    developerAsSystem: true,
    toolCallIdLength: 9,
    usageUnasked: true,
  },
  source: { url: 'https://docs.mistral.ai/api/endpoint/chat', checked: '2026-11-23' },
}
