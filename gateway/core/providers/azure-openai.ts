/**
 * Deployments, by names of the operator's own, stand for models. There are two kinds of address: the older names the
 * deployment in the path and the version of the API in the query, and ignores a `model` in the body (reference page,
 * section 8.2); the newer, whose base URL ends in `/openai/v1`, is OpenAI's own, with the deployment as `model` and no
 * version (https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle, checked 2026-11-24).
 * The first stream event may have empty `choices` and an empty id, which any decoder of this language must take.
 * As OpenAI itself it refuses parameters and fields of messages that it does not know, and ids of calls of more than 40
 * characters (https://github.com/vercel/ai/issues/5171).
 */
import { dropped, each } from '../dialects/losses.ts'
import type { Quirks } from '../dialects/quirks.ts'
import type { Provider } from './provider.ts'

const quirks: Quirks = {
  losses: {
    ...each(
      ['messages[].reasoning_content', 'messages[].citations'],
      dropped('no field of its messages; earlier reasoning and sources are not read'),
    ),
    cache_control: dropped('prompts are cached without being asked'),
    top_k: dropped('no parameter of its requests; unknown ones are refused with 400'),
  },
  longestToolCallId: 40,
}

const byDeployment: Provider = {
  id: 'azure-openai',
  title: 'Azure OpenAI',
  dialect: 'openai-chat',
  baseUrl: null,
  chatPath: '/openai/deployments/{deployment}/chat/completions?api-version={api_version}',
  auth: { scheme: 'header', name: 'api-key', orEntra: true },
  deploysModels: true,
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
  quirks: { ...quirks, modelInPath: true },
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

const byModel: Provider = {
  ...byDeployment,
  chatPath: '/chat/completions',
  check: {
    call: 'GET',
    path: '/models',
    costs: 'nothing',
    source: { url: 'https://learn.microsoft.com/azure/ai-foundry/openai/latest', checked: '2026-11-24' },
  },
  quirks,
  embeddings: [
    {
      language: 'openai-embeddings',
      path: '/embeddings',
      maxInputs: 2048,
      quirks: {},
      source: { url: 'https://learn.microsoft.com/azure/ai-foundry/openai/latest', checked: '2026-11-24' },
    },
  ],
}

export const azureOpenai: Provider = { ...byDeployment, variants: [{ baseUrlEnd: '/openai/v1', provider: byModel }] }
