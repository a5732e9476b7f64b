/** The hosted catalogue; for a container of one's own set `base_url` and `deployment`. Role and limit: as for vLLM. */
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
  quirks: { renames: { max_completion_tokens: 'max_tokens' }, developerAsSystem: true },
  source: { url: 'https://docs.api.nvidia.com/nim/reference/llm-apis', checked: '2026-11-23' },
}
