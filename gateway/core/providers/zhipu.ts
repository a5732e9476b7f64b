/**
 * Base URL and variable as in its own client (https://github.com/zai-org/z-ai-sdk-python, `src/zai/_client.py`). The
 * Chinese platform is another address with other keys: `https://open.bigmodel.cn/api/paas/v4`. Role and limit as its
 * users' tools send them (https://github.com/earendil-works/pi, `packages/ai/src/api/openai-completions.ts`). Of
 * `tool_choice` only `auto` is known there (https://java.agentscope.io/v2/en/integration/model/glm, 2026-11-24).
 */
import { dropped, each, refused } from '../dialects/losses.ts'
import type { Provider } from './provider.ts'

export const zhipu: Provider = {
  id: 'zhipu',
  title: 'Zhipu / Z.AI',
  dialect: 'openai-chat',
  baseUrl: 'https://api.z.ai/api/paas/v4',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'ZAI_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  check: {
    call: 'chat',
    costs: 'a question of one word and one token of answer',
    source: { url: 'https://docs.z.ai/api-reference/llm/chat-completion', checked: '2026-11-24' },
  },
  quirks: {
    losses: each(
      ['tool_choice[required]', 'tool_choice[function]', 'tool_choice[allowed_tools]'],
      dropped('the model chooses by itself; the provider knows `auto` only'),
    ),
    renames: { max_completion_tokens: 'max_tokens' },
    developerAsSystem: true,
  },
  embeddings: [
    {
      language: 'openai-embeddings',
      path: '/embeddings',
      maxInputs: 64,
      quirks: {
        losses: {
          'input[tokens]': refused('texts only'),
          user: dropped('no field of its request'),
        },
        floatsOnly: true,
      },
      source: { url: 'https://docs.bigmodel.cn/api-reference/模型-api/文本嵌入', checked: '2026-11-24' },
    },
  ],
  source: { url: 'https://docs.z.ai/api-reference/llm/chat-completion', checked: '2026-11-23' },
}
