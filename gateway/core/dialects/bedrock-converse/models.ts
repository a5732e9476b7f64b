/**
 * What the models behind this one language take and refuse: it is the same for all of them, and what they can do is not.
 * Found by the maker and the name inside a model's id, which may be an inference profile (`us.`, `global.` …) or an ARN.
 * An ARN that hides its model (an application inference profile, a provisioned model) is asked as if it could do
 * everything but reason; what it cannot do the API then says.
 *
 * Sources, all read 2026-11-24: the table of models and features
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-supported-models-features.html), that of
 * structured outputs (…/userguide/structured-output.html), Nova's request schema
 * (https://docs.aws.amazon.com/nova/latest/nova2-userguide/request-response-schema.html), and refusals that users
 * reported: `toolChoice.any` and `.tool` (BerriAI/litellm#7242, strands-agents/harness-sdk#1241, langchain-ai/langchain-aws#620),
 * tools in streams (earendil-works/pi#3739), results beside text (browser-use/browser-use#710), stop sequences
 * (crewAIInc/crewAI#3317), reasoning of GPT (stdapi-ai/stdapi.ai#283).
 */
import type { ClaudeTraits } from './claude.ts'
import { claudeTraitsOf } from './claude.ts'

export interface ModelTraits {
  readonly system: boolean
  readonly images: boolean
  readonly documents: boolean
  readonly audio: boolean
  readonly tools: boolean
  /** May it call tools in a stream? Otherwise the whole answer is asked for. */
  readonly streamedTools: boolean
  /** Ways to force a call. */
  readonly choices: ReadonlySet<'any' | 'tool'>
  /** `outputConfig.textFormat` and strict tools. */
  readonly structuredOutputs: boolean
  readonly stop: boolean
  /** Where `top_k` stands among the additional fields; null: nowhere. */
  readonly topK: 'top_k' | 'k' | 'inferenceConfig.topK' | null
  /** How reasoning is asked for. */
  readonly reasoning: 'none' | 'claude' | 'nova' | 'reasoning_effort' | 'reasoning.effort'
  /** Where marks of the prompt cache may stand. */
  readonly cache: 'nowhere' | 'outside_tools' | 'everywhere'
  /** "Conversation blocks and tool result blocks cannot be provided in the same turn." */
  readonly resultsApart: boolean
  /** Results of tools must be JSON, not text. */
  readonly jsonResults: boolean
  /** May the conversation end with an assistant turn, for the answer to go on with? */
  readonly prefill: boolean
  readonly claude: ClaudeTraits | null
}

const allChoices: ReadonlySet<'any' | 'tool'> = new Set(['any', 'tool'] as const)
const onlyAny: ReadonlySet<'any' | 'tool'> = new Set(['any'] as const)
const noChoices: ReadonlySet<'any' | 'tool'> = new Set()

/** Text in, text out. */
const plain: ModelTraits = {
  system: true,
  images: false,
  documents: true,
  audio: false,
  tools: false,
  streamedTools: false,
  choices: noChoices,
  structuredOutputs: false,
  stop: true,
  topK: null,
  reasoning: 'none',
  cache: 'nowhere',
  resultsApart: false,
  jsonResults: false,
  prefill: false,
  claude: null,
}

const withTools: ModelTraits = { ...plain, tools: true, resultsApart: true }
/** The newer ones of open weight. */
const open: ModelTraits = { ...withTools, streamedTools: true, structuredOutputs: true }

const unknownModel: ModelTraits = {
  ...plain,
  images: true,
  audio: true,
  tools: true,
  streamedTools: true,
  choices: allChoices,
}

const nova: ModelTraits = {
  ...plain,
  images: true,
  tools: true,
  streamedTools: true,
  choices: allChoices,
  topK: 'inferenceConfig.topK',
  cache: 'outside_tools',
  prefill: true,
}

export interface ModelFamily {
  /** For documents. */
  readonly name: string
  /** One of them. */
  readonly model: string
  /** Tried on maker and name, such as `meta.llama3-1-8b-instruct-v1:0`. */
  readonly fits: RegExp
  readonly traits: ModelTraits
}

/** The first that fits counts. Claude's are told apart elsewhere. */
export const families: readonly ModelFamily[] = [
  {
    name: 'Amazon Nova 2 Omni and Sonic',
    model: 'amazon.nova-2-omni-v1:0',
    fits: /^amazon\.nova-2-(?:omni|sonic)/,
    traits: { ...nova, audio: true, reasoning: 'nova' },
  },
  {
    name: 'Amazon Nova 2',
    model: 'amazon.nova-2-lite-v1:0',
    fits: /^amazon\.nova-2/,
    traits: { ...nova, reasoning: 'nova' },
  },
  {
    name: 'Amazon Nova Micro',
    model: 'amazon.nova-micro-v1:0',
    fits: /^amazon\.nova-micro/,
    traits: { ...nova, images: false, documents: false },
  },
  { name: 'Amazon Nova', model: 'amazon.nova-pro-v1:0', fits: /^amazon\.nova/, traits: nova },
  {
    name: 'Amazon Titan',
    model: 'amazon.titan-text-express-v1',
    fits: /^amazon\.titan/,
    traits: { ...plain, system: false },
  },
  {
    name: 'Meta Llama 4',
    model: 'meta.llama4-scout-17b-instruct-v1:0',
    fits: /^meta\.llama4/,
    traits: { ...withTools, images: true },
  },
  {
    name: 'Meta Llama 3.2 with vision',
    model: 'meta.llama3-2-90b-instruct-v1:0',
    fits: /^meta\.llama3-2-(?:11|90)b/,
    traits: { ...withTools, images: true },
  },
  {
    name: 'Meta Llama 3.1 and 3.3',
    model: 'meta.llama3-1-70b-instruct-v1:0',
    fits: /^meta\.llama3-[13]-/,
    traits: withTools,
  },
  { name: 'Meta Llama', model: 'meta.llama3-70b-instruct-v1:0', fits: /^meta\./, traits: plain },
  {
    name: 'Mistral Instruct',
    model: 'mistral.mistral-7b-instruct-v0:2',
    fits: /^mistral\.mi[sx]tral-(?:7b|8x7b)/,
    traits: { ...plain, system: false, topK: 'top_k' },
  },
  {
    name: 'Mistral Large and Small of 2024',
    model: 'mistral.mistral-large-2407-v1:0',
    fits: /^mistral\.mistral-(?:large|small)-24/,
    traits: { ...withTools, streamedTools: true, choices: onlyAny, jsonResults: true },
  },
  {
    name: 'Mistral Voxtral',
    model: 'mistral.voxtral-small-24b-2507',
    fits: /^mistral\.voxtral/,
    traits: { ...open, audio: true, jsonResults: true },
  },
  {
    name: 'Mistral Pixtral',
    model: 'mistral.pixtral-large-2502-v1:0',
    fits: /^mistral\.pixtral/,
    traits: { ...withTools, images: true, streamedTools: true, choices: onlyAny, jsonResults: true },
  },
  {
    name: 'Mistral since Large 3',
    model: 'mistral.mistral-large-3-675b-instruct',
    fits: /^mistral\./,
    traits: { ...open, images: true, jsonResults: true },
  },
  {
    name: 'Cohere Command R',
    model: 'cohere.command-r-plus-v1:0',
    fits: /^cohere\.command-r/,
    traits: { ...withTools, topK: 'k' },
  },
  {
    name: 'Cohere Command',
    model: 'cohere.command-text-v14',
    fits: /^cohere\./,
    traits: { ...plain, system: false, topK: 'k' },
  },
  {
    name: 'AI21 Jamba Instruct',
    model: 'ai21.jamba-instruct-v1:0',
    fits: /^ai21\.jamba-instruct/,
    traits: { ...plain, documents: false },
  },
  { name: 'AI21 Jamba 1.5', model: 'ai21.jamba-1-5-large-v1:0', fits: /^ai21\./, traits: withTools },
  { name: 'DeepSeek R1', model: 'deepseek.r1-v1:0', fits: /^deepseek\.r1/, traits: plain },
  {
    name: 'DeepSeek V3',
    model: 'deepseek.v3-v1:0',
    fits: /^deepseek\./,
    traits: { ...open, choices: onlyAny },
  },
  {
    name: 'OpenAI gpt-oss',
    model: 'openai.gpt-oss-120b-1:0',
    fits: /^openai\.gpt-oss/,
    traits: { ...open, documents: false, stop: false, reasoning: 'reasoning_effort' },
  },
  {
    name: 'OpenAI GPT',
    model: 'openai.gpt-6-sol',
    fits: /^openai\./,
    traits: { ...open, images: true, stop: false, reasoning: 'reasoning.effort' },
  },
  { name: 'Writer Palmyra', model: 'writer.palmyra-x5-v1:0', fits: /^writer\./, traits: withTools },
  {
    name: 'Qwen with vision',
    model: 'qwen.qwen3-vl-235b-a22b',
    fits: /^qwen\..*-vl-/,
    traits: { ...open, images: true },
  },
  { name: 'Qwen', model: 'qwen.qwen3-32b-v1:0', fits: /^qwen\./, traits: open },
  {
    name: 'Google Gemma',
    model: 'google.gemma-3-27b-it',
    fits: /^google\./,
    traits: { ...plain, images: true, structuredOutputs: true },
  },
  {
    name: 'Moonshot, MiniMax, NVIDIA and Z.AI',
    model: 'moonshot.kimi-k2-thinking',
    fits: /^(?:moonshot|moonshotai|minimax|nvidia|zai)\./,
    traits: open,
  },
]

const makers =
  'ai21|amazon|anthropic|cohere|deepseek|google|meta|minimax|mistral|moonshot|moonshotai|nvidia|openai|qwen|writer|zai'

/** The maker stands at the beginning, behind a region, or behind the last part of an ARN. */
const makerAndName = new RegExp(String.raw`(?:^|[./:])((?:${makers})\..+)$`)

/** Maker and name in a model's id; null where it hides them. */
export function nameOf(model: string): string | null {
  return makerAndName.exec(model.toLowerCase())?.[1] ?? null
}

const known = new Map<ClaudeTraits, ModelTraits>()

/** The traits of a model; the same object for models that are alike. */
export function traitsOf(model: string): ModelTraits {
  const name = nameOf(model)
  if (name?.startsWith('anthropic.') === true) return ofClaude(claudeTraitsOf(name))
  return families.find(({ fits }) => name !== null && fits.test(name))?.traits ?? unknownModel
}

function ofClaude(claude: ClaudeTraits): ModelTraits {
  const before = known.get(claude)
  if (before !== undefined) return before
  const { isModern, model } = claude
  const traits: ModelTraits = {
    ...plain,
    images: isModern,
    tools: isModern,
    streamedTools: isModern,
    choices: isModern && model.forcedTools ? allChoices : noChoices,
    structuredOutputs: model.structuredOutputs,
    topK: model.sampling === 'none' ? null : 'top_k',
    reasoning: model.thinking === 'none' ? 'none' : 'claude',
    cache: isModern ? 'everywhere' : 'nowhere',
    prefill: model.prefill,
    claude,
  }
  known.set(claude, traits)
  return traits
}
