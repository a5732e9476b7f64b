/** Older servers refuse the role `developer` (mapped there since https://github.com/ggml-org/llama.cpp/pull/20215). */
import { dropped, refused } from '../dialects/losses.ts'
import type { Provider } from './provider.ts'

export const llamacpp: Provider = {
  id: 'llamacpp',
  title: 'llama.cpp server',
  dialect: 'openai-chat',
  baseUrl: 'http://localhost:8080/v1',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'LLAMA_API_KEY',
  keyRequired: false,
  deployment: 'self_hosted',
  check: {
    call: 'chat',
    costs: 'a question of one word and one token of answer',
    source: { url: 'https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md', checked: '2026-11-24' },
  },
  quirks: { developerAsSystem: true },
  embeddings: [
    {
      language: 'openai-embeddings',
      path: '/embeddings',
      quirks: {
        losses: {
          dimensions: refused('the model gives its own length'),
          user: dropped('no field of its request'),
        },
        floatsOnly: true,
      },
      source: {
        url: 'https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md',
        checked: '2026-11-24',
      },
    },
  ],
  source: { url: 'https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md', checked: '2026-11-23' },
}
