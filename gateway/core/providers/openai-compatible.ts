/**
 * Any other server of this language. Where it stands is not known, so it counts as cloud until the manifest says
 * otherwise; `system` is understood by all of them, `developer` is not.
 */
import type { Provider } from './provider.ts'

export const openaiCompatible: Provider = {
  id: 'openai-compatible',
  title: 'OpenAI-compatible server',
  dialect: 'openai-chat',
  baseUrl: null,
  chatPath: '/chat/completions',
  auth: { scheme: 'bearer' },
  keyVariable: null,
  keyRequired: false,
  deployment: 'cloud',
  quirks: { developerAsSystem: true },
  source: { url: 'https://platform.openai.com/docs/api-reference/chat/create', checked: '2026-11-23' },
}
