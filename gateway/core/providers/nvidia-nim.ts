/** The hosted catalogue; for a container of one's own set `base_url` and `deployment`. Role and limit: as for vLLM. */
import { exactly, refused } from '../dialects/losses.ts'
import type { Provider } from './provider.ts'

export const nvidiaNim: Provider = {
  id: 'nvidia-nim',
  title: 'NVIDIA NIM',
  dialect: 'openai-chat',
  baseUrl: 'https://integrate.api.nvidia.com/v1',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'NVIDIA_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  check: {
    call: 'chat',
    costs: 'a question of one word and one token of answer',
    source: { url: 'https://docs.api.nvidia.com/nim/reference/llm-apis', checked: '2026-11-24' },
  },
  quirks: { renames: { max_completion_tokens: 'max_tokens' }, developerAsSystem: true },
  embeddings: [
    {
      language: 'openai-embeddings',
      path: '/embeddings',
      quirks: {
        losses: {
          'input[tokens]': refused('texts only'),
          input_type: exactly('`passage` or `query`'),
        },
        inputTypes: { document: 'passage', query: 'query' },
        inputType: 'document',
        inputTypesClosed: true,
        foreign: ['truncate'],
      },
      source: {
        url: 'https://docs.nvidia.com/nim/nemo-retriever/text-embedding/latest/reference.html',
        checked: '2026-11-24',
      },
    },
  ],
  source: { url: 'https://docs.api.nvidia.com/nim/reference/llm-apis', checked: '2026-11-23' },
}
