/** The registry of providers, typed by the schema's enum: a missing one is named by tsc. */
import type { ProviderId } from '../../../schemas/index.ts'
import { anthropic } from './anthropic.ts'
import { azureOpenai } from './azure-openai.ts'
import { bedrock } from './bedrock.ts'
import { cerebras } from './cerebras.ts'
import { cohere } from './cohere.ts'
import { deepseek } from './deepseek.ts'
import { fireworks } from './fireworks.ts'
import { gemini } from './gemini.ts'
import { groq } from './groq.ts'
import { huggingface } from './huggingface.ts'
import { llamacpp } from './llamacpp.ts'
import { lmstudio } from './lmstudio.ts'
import { mistral } from './mistral.ts'
import { moonshot } from './moonshot.ts'
import { nvidiaNim } from './nvidia-nim.ts'
import { ollama } from './ollama.ts'
import { openai } from './openai.ts'
import { openaiCompatible } from './openai-compatible.ts'
import { openrouter } from './openrouter.ts'
import { perplexity } from './perplexity.ts'
import { qwenDashscope } from './qwen-dashscope.ts'
import { sambanova } from './sambanova.ts'
import { tgi } from './tgi.ts'
import { together } from './together.ts'
import { vertex } from './vertex.ts'
import { vllm } from './vllm.ts'
import { voyage } from './voyage.ts'
import { xai } from './xai.ts'
import { zhipu } from './zhipu.ts'
import type { Provider } from './provider.ts'

const registry = {
  openai,
  'azure-openai': azureOpenai,
  anthropic,
  bedrock,
  vertex,
  cohere,
  mistral,
  deepseek,
  groq,
  moonshot,
  zhipu,
  'qwen-dashscope': qwenDashscope,
  vllm,
  ollama,
  tgi,
  voyage,
  'openai-compatible': openaiCompatible,
  gemini,
  xai,
  openrouter,
  together,
  fireworks,
  perplexity,
  cerebras,
  'nvidia-nim': nvidiaNim,
  huggingface,
  sambanova,
  llamacpp,
  lmstudio,
} as const satisfies Record<ProviderId, Provider>

export const providers: Readonly<Record<ProviderId, Provider>> = registry
