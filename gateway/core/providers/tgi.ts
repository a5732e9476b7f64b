/**
 * `n` and `logit_bias` are marked unused in its OpenAPI document, `logit_bias` and `stop` are lists there, and the limit
 * is `max_tokens` (https://github.com/huggingface/huggingface.js, `packages/tasks/src/tasks/chat-completion/spec`).
 */
import { dropped, refused } from '../dialects/losses.ts'
import type { Provider } from './provider.ts'

export const tgi: Provider = {
  id: 'tgi',
  title: 'Hugging Face TGI',
  dialect: 'openai-chat',
  baseUrl: 'http://localhost:8080/v1',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'HF_TOKEN',
  keyRequired: false,
  deployment: 'self_hosted',
  check: {
    call: 'chat',
    costs: 'a question of one word and one token of answer',
    source: { url: 'https://huggingface.co/docs/text-generation-inference/messages_api', checked: '2026-11-24' },
  },
  quirks: {
    losses: {
      n: refused('the server gives one answer a request'),
      logit_bias: dropped('ignored by the server'),
    },
    renames: { max_completion_tokens: 'max_tokens' },
    lists: ['stop'],
    developerAsSystem: true,
  },
  source: { url: 'https://huggingface.co/docs/text-generation-inference/messages_api', checked: '2026-11-23' },
}
