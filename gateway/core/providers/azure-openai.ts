/**
 * A deployment, named in the path, stands for a model; a `model` in the body is ignored (reference page, section 8.2).
 * The first stream event may have empty `choices` and an empty id, which any decoder of this language must take.
 * As OpenAI itself it refuses fields of messages that it does not know.
 */
import { dropped, each } from '../dialects/losses.ts'
import type { Provider } from './provider.ts'

export const azureOpenai: Provider = {
  id: 'azure-openai',
  title: 'Azure OpenAI',
  dialect: 'openai-chat',
  baseUrl: null,
  chatPath: '/openai/deployments/{deployment}/chat/completions?api-version={api_version}',
  auth: { scheme: 'header', name: 'api-key' },
  keyVariable: 'AZURE_OPENAI_API_KEY',
  keyRequired: true,
  deployment: 'cloud',
  // What it lists are models that could be deployed, not the deployments that requests name.
  check: {
    call: 'GET',
    path: '/openai/models?api-version={api_version}',
    costs: 'nothing',
    source: { url: 'https://learn.microsoft.com/en-us/rest/api/azureopenai/models/list', checked: '2026-11-24' },
  },
  quirks: {
    losses: {
      ...each(
        ['messages[].reasoning_content', 'messages[].citations'],
        dropped('no field of its messages; earlier reasoning and sources are not read'),
      ),
      cache_control: dropped('prompts are cached without being asked'),
    },
    modelInPath: true,
  },
  embeddings: [
    {
      language: 'openai-embeddings',
      path: '/openai/deployments/{deployment}/embeddings?api-version={api_version}',
      maxInputs: 2048,
      quirks: { modelInPath: true },
      source: { url: 'https://learn.microsoft.com/azure/ai-services/openai/reference', checked: '2026-11-24' },
    },
  ],
  source: { url: 'https://learn.microsoft.com/azure/ai-services/openai/reference', checked: '2026-11-23' },
}
