/**
 * What a request may hold depends on the model's chat template; most refuse the role `developer`
 * (https://github.com/vllm-project/vllm/issues/42407). A key is only asked for with `--api-key`.
 */
import type { Provider } from './provider.ts'

export const vllm: Provider = {
  id: 'vllm',
  title: 'vLLM',
  dialect: 'openai-chat',
  baseUrl: 'http://localhost:8000/v1',
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: 'VLLM_API_KEY',
  keyRequired: false,
  deployment: 'self_hosted',
  check: {
    call: 'GET',
    path: '/models',
    models: { key: 'data', name: 'id' },
    costs: 'nothing',
    source: { url: 'https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html', checked: '2026-11-24' },
  },
  quirks: { developerAsSystem: true },
  embeddings: [
    {
      language: 'openai-embeddings',
      path: '/embeddings',
      quirks: {},
      source: { url: 'https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html', checked: '2026-11-24' },
    },
  ],
  source: { url: 'https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html', checked: '2026-11-23' },
}
