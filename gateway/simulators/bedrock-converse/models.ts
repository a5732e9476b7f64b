/**
 * What the models of one maker take and those of another refuse. From the service's table of models and features, and
 * from refusals that users reported (searched 2026-11-24). A name that is nobody's takes everything.
 */
import type { ModelRules as ClaudeRules } from '../anthropic-messages/models.ts'
import { rulesFor as claudeRulesFor } from '../anthropic-messages/models.ts'

export interface ModelRules {
  readonly system: boolean
  readonly images: boolean
  readonly documents: boolean
  readonly audio: boolean
  readonly tools: boolean
  readonly streamedTools: boolean
  readonly choices: readonly string[]
  readonly stop: boolean
  /** Text and results of tools may stand in one turn. */
  readonly mixesResults: boolean
  /** The conversation may end with an assistant turn. */
  readonly prefill: boolean
  readonly structured: boolean
  readonly cache: boolean
  /** Keys of `additionalModelRequestFields` it knows; null: any. */
  readonly additional: readonly string[] | null
  readonly claude: ClaudeRules | null
}

const free: ModelRules = {
  system: true,
  images: true,
  documents: true,
  audio: true,
  tools: true,
  streamedTools: true,
  choices: ['auto', 'any', 'tool'],
  stop: true,
  mixesResults: true,
  prefill: true,
  structured: true,
  cache: true,
  additional: null,
  claude: null,
}

const textOnly: ModelRules = {
  ...free,
  images: false,
  audio: false,
  tools: false,
  choices: [],
  prefill: false,
  structured: false,
  cache: false,
  additional: [],
}
const llama: ModelRules = { ...textOnly, tools: true, streamedTools: false, choices: ['auto'], mixesResults: false }
const nova: ModelRules = {
  ...free,
  audio: false,
  structured: false,
  additional: ['inferenceConfig', 'reasoningConfig'],
}
const mistral: ModelRules = { ...llama, streamedTools: true }
const open: ModelRules = { ...mistral, structured: true }

/** By a piece of the model's id; the first counts. */
const rules: readonly (readonly [piece: string, rules: ModelRules])[] = [
  ['amazon.nova-2-omni', { ...nova, audio: true }],
  ['amazon.nova-2-sonic', { ...nova, audio: true }],
  ['amazon.nova-micro', { ...nova, images: false, documents: false }],
  ['amazon.nova', nova],
  ['amazon.titan', { ...textOnly, system: false }],
  ['meta.llama4', { ...llama, images: true }],
  ['meta.llama3-2-11b', { ...llama, images: true }],
  ['meta.llama3-2-90b', { ...llama, images: true }],
  ['meta.llama3-1', llama],
  ['meta.llama3-3', llama],
  ['meta.', textOnly],
  ['mistral.mistral-7b', { ...textOnly, system: false, additional: ['top_k'] }],
  ['mistral.mixtral-8x7b', { ...textOnly, system: false, additional: ['top_k'] }],
  ['mistral.mistral-large-24', { ...mistral, choices: ['auto', 'any'] }],
  ['mistral.pixtral', { ...mistral, images: true, choices: ['auto', 'any'] }],
  ['mistral.voxtral', { ...open, audio: true }],
  ['mistral.', { ...open, images: true }],
  ['cohere.command-r', { ...llama, additional: ['k'] }],
  ['cohere.', { ...textOnly, system: false, additional: ['k'] }],
  ['ai21.jamba-instruct', { ...textOnly, documents: false }],
  ['ai21.', llama],
  ['deepseek.r1', textOnly],
  ['deepseek.', { ...open, choices: ['auto', 'any'] }],
  ['openai.gpt-oss', { ...open, documents: false, stop: false, additional: ['reasoning_effort'] }],
  ['openai.', { ...open, images: true, stop: false, additional: ['reasoning'] }],
  ['writer.', llama],
  ['-vl-', { ...open, images: true }],
  ['qwen.', open],
  ['google.', { ...textOnly, images: true, structured: true }],
  ['moonshot', open],
]

/** The second is an older name of the first, recorded in 2026-08. */
const claudeFields = ['thinking', 'reasoning_config', 'top_k', 'tool_choice', 'anthropic_beta']

export function rulesFor(model: string): ModelRules {
  if (model.includes('anthropic.')) return rulesOfClaude(model)
  return rules.find(([piece]) => model.includes(piece))?.[1] ?? free
}

function rulesOfClaude(model: string): ModelRules {
  const claude = claudeRulesFor(model)
  const isFirst = /claude-(?:v?[12](?!\d)|instant)/.test(model)
  const { prefill } = claude
  const additional = claude.samples ? claudeFields : claudeFields.filter((key) => key !== 'top_k')
  if (isFirst) return { ...textOnly, prefill: true, additional: ['top_k'], claude: { ...claude, samplesOneWay: false } }
  return { ...free, audio: false, prefill, additional, claude }
}
