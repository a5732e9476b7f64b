/**
 * How servers that call themselves OpenAI-compatible differ on the wire, as data. Each difference was read off the
 * recorded exchanges named beside it (`fixtures/exchanges`, recorded 2024 to August 2026, read 2026-11-23); what no
 * recording shows says so.
 */

export interface Style {
  /** What the vendor's own base URL has after the origin. */
  readonly basePath: string
  /** Paths name the model: `/openai/deployments/{name}/chat/completions`. */
  readonly deployments: boolean
  readonly idPrefix: string
  /** undefined: the key is absent. */
  readonly fingerprint: string | null | undefined
  readonly serviceTier: boolean
  /** `object` of a chunk; null: the key is absent. */
  readonly chunkObject: string | null
  readonly newline: '\n' | '\r\n'
  readonly sendsDone: boolean
  /** Sent now and then while the caller waits; null: never. */
  readonly comment: string | null
  /** A first chunk with empty `choices` and empty strings for everything else. */
  readonly emptyFirstChunk: boolean
  readonly roleOnEveryChunk: boolean
  readonly finishReasonKey: 'always' | 'only_last'
  /** The finish reason (and the usage, if it stands on a choice) comes on the last content chunk, not on its own. */
  readonly finishOnLastContent: boolean
  /** Text as a list of parts rather than a string. */
  readonly contentParts: boolean
  /** Where reasoning text goes; null: such servers do not show it. `parts`: a `thinking` part inside `content`. */
  readonly reasoning: 'reasoning_content' | 'reasoning' | 'parts' | null
  readonly toolIndex: boolean
  /** Ids of calls: `call_` and sixteen digits, or nine letters and digits. */
  readonly toolIds: 'long' | 'nine'
  readonly toolType: boolean
  /** `whole`: id, name and all arguments in one delta. `pieces`: name first, then the arguments bit by bit. */
  readonly toolArguments: 'pieces' | 'whole'
  /** What stands for the arguments of a tool that takes none. */
  readonly noArguments: '{}' | ''
  /** `own_chunk`: a last chunk with empty choices. `last_choice`: on the chunk with the finish reason. */
  readonly usage: 'own_chunk' | 'last_choice' | 'x_groq'
  /** Usage in streams comes without `stream_options.include_usage`. */
  readonly usageUnasked: boolean
  /** `usage: null` on every chunk without one: always, or only when usage was asked for. */
  readonly usageNull: 'when_asked' | 'always' | 'never'
  /** A random key of padding against guessing text by length; null: none. */
  readonly padding: 'obfuscation' | 'p' | null
  /** `refusal` and `logprobs` are there, as OpenAI's schema demands. */
  readonly strictKeys: boolean
  readonly errors: ErrorShape
}

export type ErrorShape =
  /** `{"error": {message, type, param, code}}` */
  | 'envelope'
  /** `{"error": {code: "429", message}}` */
  | 'code_and_message'
  /** `{"error": {message, code: 429}}` */
  | 'numeric_code'
  /** `{"error": "…", "code": "…"}` */
  | 'bare_string'
  /** `{"object": "error", message, type, param, code: "1300"}`; 401 and 422 are `{"detail": …}`. */
  | 'flat'

/** OpenAI itself (openai/openllmetry--langchain-agents-3, recorded 2025-08): what the others are compared with. */
const openai: Style = {
  toolIds: 'long',
  basePath: '/v1',
  deployments: false,
  idPrefix: 'chatcmpl-',
  fingerprint: 'fp_5e1f2a3b4c',
  serviceTier: true,
  chunkObject: 'chat.completion.chunk',
  newline: '\n',
  sendsDone: true,
  comment: null,
  emptyFirstChunk: false,
  roleOnEveryChunk: false,
  finishReasonKey: 'always',
  finishOnLastContent: false,
  contentParts: false,
  reasoning: null,
  toolIndex: true,
  toolType: true,
  toolArguments: 'pieces',
  noArguments: '{}',
  usage: 'own_chunk',
  usageUnasked: false,
  usageNull: 'when_asked',
  padding: 'obfuscation',
  strictKeys: true,
  errors: 'envelope',
}

/** What most of the others share. */
const compatible: Style = {
  ...openai,
  fingerprint: undefined,
  serviceTier: false,
  usageNull: 'never',
  padding: null,
  strictKeys: false,
}

export const styles = {
  openai,
  /** azure-openai/openllmetry--openai-chat-async-streaming-1, vercel--azure-model-router-1-stream. */
  'azure-openai': {
    ...openai,
    basePath: '',
    deployments: true,
    fingerprint: null,
    serviceTier: false,
    emptyFirstChunk: true,
    errors: 'code_and_message',
  },
  /** mistral/vercel--mistral-tool-call-stream, rubyllm--mistral-hybrid-reasoning-streams-thinking-…-1. */
  mistral: {
    ...compatible,
    idPrefix: '',
    finishOnLastContent: true,
    reasoning: 'parts',
    toolIndex: false,
    toolIds: 'nine',
    toolType: false,
    toolArguments: 'whole',
    usage: 'last_choice',
    usageUnasked: true,
    padding: 'p',
    errors: 'flat',
  },
  /** groq/openllmetry--groq-chat-streaming-legacy; whole arguments: groq/prism--stream-with-tools-1 (suspect). */
  groq: {
    ...compatible,
    basePath: '/openai/v1',
    fingerprint: 'fp_179b0f92c9',
    reasoning: 'reasoning',
    toolArguments: 'whole',
    usage: 'x_groq',
    usageUnasked: true,
  },
  /** deepseek/rubyllm--…-deepseek-chat-can-use-tools-with-multi-turn-streaming-conversati-2. */
  deepseek: {
    ...compatible,
    basePath: '',
    fingerprint: 'fp_8b330d02d0_prod0820_fp8_kvcache_20260402',
    reasoning: 'reasoning_content',
    usage: 'last_choice',
    usageUnasked: true,
    usageNull: 'always',
  },
  /** xai/vercel--xai-tool-call-stream-2; the error: errors/xai.json. */
  xai: {
    ...compatible,
    fingerprint: 'fp_2a885414fb',
    finishReasonKey: 'only_last',
    reasoning: 'reasoning_content',
    toolArguments: 'whole',
    errors: 'bare_string',
  },
  /** openrouter/rubyllm--streaming-responses-openrouter-claude-haiku-4-5-supports-streaming-responses-1. */
  openrouter: {
    ...compatible,
    basePath: '/api/v1',
    idPrefix: 'gen-',
    comment: 'OPENROUTER PROCESSING',
    roleOnEveryChunk: true,
    reasoning: 'reasoning',
    usage: 'last_choice',
    usageUnasked: true,
    errors: 'numeric_code',
  },
  /** perplexity/rubyllm--streaming-responses-perplexity-sonar-supports-streaming-responses-1. */
  perplexity: {
    ...compatible,
    basePath: '',
    idPrefix: '',
    newline: '\r\n',
    sendsDone: false,
    roleOnEveryChunk: true,
    finishReasonKey: 'only_last',
    usage: 'last_choice',
    usageUnasked: true,
    errors: 'numeric_code',
  },
  /** qwen-dashscope/vercel--alibaba-reasoning-stream, vercel--alibaba-tool-call-stream (framed anew: only their events). */
  'qwen-dashscope': {
    ...compatible,
    basePath: '/compatible-mode/v1',
    fingerprint: null,
    reasoning: 'reasoning_content',
    usageNull: 'always',
  },
  /** gpustack/rubyllm--streaming-responses-gpustack-qwen3-…-1: no `[DONE]`, usage on the last choice. */
  gpustack: {
    ...compatible,
    sendsDone: false,
    reasoning: 'reasoning_content',
    usage: 'last_choice',
    usageUnasked: true,
    usageNull: 'always',
  },
  /** Not recorded; after vLLM's documentation of its OpenAI server. Its empty arguments are an empty string. */
  vllm: { ...compatible, reasoning: 'reasoning_content', noArguments: '' },
  /** moonshot/vercel--moonshotai-stream-stream: no `object`. */
  moonshot: {
    ...compatible,
    chunkObject: null,
    finishOnLastContent: true,
    reasoning: 'reasoning_content',
    usage: 'last_choice',
    usageUnasked: true,
  },
} as const satisfies Record<string, Style>

export type StyleName = keyof typeof styles

export const styleNames: readonly string[] = Object.keys(styles)

export function isStyleName(name: string): name is StyleName {
  return Object.hasOwn(styles, name)
}
