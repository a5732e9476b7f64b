/**
 * Roles are system, user, assistant and tool; `developer` is 400 (https://github.com/theopenco/llmgateway/pull/3462).
 * `response_format` is text or json_object, and the limit is `max_tokens` (its reference, by way of the page above).
 * A tool loop of a thinking model must say in each answer what was thought, if only with an empty text; where it does
 * not, 400 "Missing `reasoning_content` field in the assistant message"
 * (https://github.com/continuedev/continue/issues/11285). `deepseek-chat` asks for none (recorded).
 */
import { dropped } from '../dialects/losses.ts'
import type { Provider } from './provider.ts'

export const deepseek: Provider = {
  id: 'deepseek',
  title: 'DeepSeek',
  dialect: 'openai-chat',
  baseUrl: 'https://api.deepseek.com',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'DEEPSEEK_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  check: {
    call: 'GET',
    path: '/models',
    models: { key: 'data', name: 'id' },
    costs: 'nothing',
    source: { url: 'https://api-docs.deepseek.com/api/list-models', checked: '2026-11-24' },
  },
  quirks: {
    renames: { max_completion_tokens: 'max_tokens' },
    developerAsSystem: true,
    reasoningInToolLoops: { modelPrefixes: ['deepseek-reasoner', 'deepseek-v'], placeholder: '' },
    losses: { 'response_format[json_schema]': dropped('the provider knows no schemas; any JSON is asked for instead') },
  },
  source: { url: 'https://api-docs.deepseek.com/api/create-chat-completion', checked: '2026-11-23' },
}
