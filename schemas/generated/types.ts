// Made by schemas/generate.ts from schemas/*.schema.json. Do not edit: change the schema and run it again.

export type ToolCall = FunctionToolCall | CustomToolCall
export type Citation = string | CitationDetail
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'function_call'
export type ServiceTier = 'auto' | 'default' | 'flex' | 'scale' | 'priority' | 'fast' | null
/**
 * Who is called: the seventeen built-in providers, then presets for services that speak the same languages.
 */
export type ProviderId =
  | 'openai'
  | 'azure-openai'
  | 'anthropic'
  | 'bedrock'
  | 'vertex'
  | 'cohere'
  | 'mistral'
  | 'deepseek'
  | 'groq'
  | 'moonshot'
  | 'zhipu'
  | 'qwen-dashscope'
  | 'vllm'
  | 'ollama'
  | 'tgi'
  | 'voyage'
  | 'openai-compatible'
  | 'gemini'
  | 'xai'
  | 'openrouter'
  | 'together'
  | 'fireworks'
  | 'perplexity'
  | 'cerebras'
  | 'nvidia-nim'
  | 'huggingface'
  | 'sambanova'
  | 'llamacpp'
  | 'lmstudio'
/**
 * From which probability of harm on the provider blocks.
 */
export type SafetyThreshold =
  'block_low_and_above' | 'block_medium_and_above' | 'block_only_high' | 'block_none' | 'off'
/**
 * A class of failure after which the next target may run.
 */
export type FailoverClass =
  | 'server_error'
  | 'timeout'
  | 'latency'
  | 'rate_limited'
  | 'quota'
  | 'connection'
  | 'misconfigured'
  | 'context_length'
  | 'unsupported_by_target'
/**
 * One line of a spool segment. `prev` is the hash of the line before it, so that a missing, doubled or changed line shows.
 */
export type SpoolLine = BeginLine | RecordLine | EventLine
export type RecordedUsage = {
  /**
   * Input tokens, cached ones included.
   */
  input: number
  /**
   * Output tokens, reasoning included.
   */
  output: number
  cached: number
  reasoning: number
} | null

/**
 * One recorded request, a line of a capture. Only `v`, `at` and `model` are always known; the more there is, the more of a replay stands on evidence.
 */
export interface CaptureLine {
  v: 1
  id?: string
  /**
   * Arrival, wall-clock time, ISO 8601.
   */
  at: string
  /**
   * The gateway that served it: health has one state per process.
   */
  process?: string
  generation?: number
  revision?: string
  seed?: string
  route?: string | null
  credential?: string
  organization?: string
  project?: string
  /**
   * What was asked for; absent: `chat`.
   */
  operation?: 'chat' | 'embeddings'
  /**
   * The model the caller asked for.
   */
  model: string
  stream?: boolean
  /**
   * Only headers that some route matched on.
   */
  headers?: {
    [k: string]: string
  }
  /**
   * By what they are keyed by.
   */
  sticky_seeds?: {
    [k: string]: string
  }
  features?: CaptureFeatures
  estimate?: CaptureEstimate
  usage?: CaptureUsage
  /**
   * As in a record; with it the request can be replayed event by event.
   */
  events?: unknown[][]
  candidates?: CandidateRecord[]
  attempts?: CaptureAttempt[]
  finish?: CaptureFinish
  cost_micro_usd?: number | null
  /**
   * The prompt. Absent from a capture that was scrubbed.
   */
  messages?: {
    [k: string]: unknown
  }[]
  /**
   * The text of the answer. Absent from a capture that was scrubbed.
   */
  answer?: string | null
}
/**
 * The shape of the request. Absent: not known, which is not the same as none.
 */
export interface CaptureFeatures {
  has?: ('tools' | 'images' | 'json_schema')[]
  fields?: string[]
  /**
   * Messages; of an embeddings request, the inputs.
   */
  messages?: number
  /**
   * Characters of text.
   */
  prompt_characters?: number
  /**
   * Images.
   */
  images?: number
  max_output_tokens?: number | null
}
/**
 * Tokens as counted at decision time.
 */
export interface CaptureEstimate {
  /**
   * Input.
   */
  input_tokens: number
  /**
   * Embeddings only: the longest input. Absent: not known.
   */
  longest_input_tokens?: number
  output_tokens: number | null
  family: string
}
/**
 * Tokens of an answer; absent where nobody counted.
 */
export interface CaptureUsage {
  /**
   * Input, cached tokens included.
   */
  input: number
  /**
   * Output, reasoning included.
   */
  output: number
  /**
   * Input read from the cache.
   */
  cached?: number
  /**
   * Output spent on reasoning.
   */
  reasoning?: number
}
/**
 * A candidate in the order fixed at arrival, and the last answer to whether it may be tried.
 */
export interface CandidateRecord {
  target: string
  tried: boolean
  verdict:
    | 'admissible'
    | 'breaker_open'
    | 'cooling_down'
    | 'ceiling_reached'
    | 'outside_boundary'
    | 'over_cost_cap'
    | 'context_too_long'
    | 'cannot_express'
    | 'unsupported_operation'
    | 'too_many_inputs'
    | 'secret_missing'
    | null
  [k: string]: unknown
}
/**
 * One call to one target. Times are microseconds from the start of the attempt.
 */
export interface CaptureAttempt {
  /**
   * `connection/model`.
   */
  target: string
  /**
   * From the arrival of the request.
   */
  started_us?: number
  /**
   * `ok`, or the class of its failure; null while unknown.
   */
  class?: string | null
  status?: number
  first_content_us?: number | null
  total_us?: number | null
  /**
   * Who ended it early: then its times are lower bounds.
   */
  aborted_by?: 'engine' | 'caller' | null
  retry_after_ms?: number | null
  usage?: CaptureUsage
}
/**
 * How the request ended.
 */
export interface CaptureFinish {
  outcome: 'served' | 'broken' | 'failed' | 'abandoned'
  status: number
  code?: string | null
}
/**
 * aigw.yaml: the environments, where their releases live, and what stands between them.
 */
export interface Config {
  /**
   * By name. Without the file there is one, `local`, whose store is `file:.aigw`.
   */
  environments: {
    [k: string]: Environment
  }
  lint?: LintSettings
}
/**
 * One place where gateways run.
 */
export interface Environment {
  /**
   * Where its releases live: `file:FOLDER`, `redis://…`, or the admin address of a gateway.
   */
  store: string
  /**
   * What `${NAME}` in the manifest stands for here. Not for secrets.
   */
  variables?: {
    [k: string]: string
  }
  /**
   * The environment whose releases come here with `aigw promote`. Default: none; releases come from `aigw apply`.
   */
  promoted_from?: string
  gates?: Gates
}
/**
 * What must hold before a release is published here.
 */
export interface Gates {
  /**
   * Findings at or above it stop the apply.
   */
  fail_severity?: 'info' | 'warning' | 'error'
  /**
   * Refuse a manifest that is not committed.
   */
  clean_git?: boolean
  /**
   * Refuse a release that does not come from `promoted_from`.
   */
  promoted_only?: boolean
  /**
   * Scenario files that must hold. Default: none.
   *
   * @minItems 1
   */
  scenarios?: string[]
}
/**
 * What `aigw lint` makes of its findings.
 */
export interface LintSettings {
  /**
   * Severity by rule, where it differs from the rule's own; `off` switches it off. `aigw lint --explain` lists the rules.
   */
  rules?: {
    [k: string]: 'off' | 'info' | 'warning' | 'error'
  }
}
/**
 * A problem in a document, as `--format json` prints it.
 */
export interface Diagnostic {
  /**
   * A slug that is never renamed.
   */
  code: string
  severity: 'error' | 'warning' | 'info'
  message: string
  /**
   * Where in the document; empty for all of it.
   */
  path: string
  file: string | null
  /**
   * From 1; 1 where the document has no text.
   */
  line: number
  /**
   * From 1.
   */
  column: number
  endLine?: number
  /**
   * The first column after it.
   */
  endColumn?: number
  /**
   * What to do.
   */
  help: string | null
  /**
   * Where the code is explained: a path from the root of the repository and of the package. Left out in a plan.
   */
  page?: string
}
/**
 * What `aigw diff --format json` prints: how two manifests differ, by meaning.
 */
export interface Diff {
  /**
   * Kind and major version of this document.
   */
  schema: 'aigw.diff/1'
  from: DiffSource
  to: DiffSource
  /**
   * Empty when both mean the same.
   */
  changes: ManifestChange[]
}
/**
 * A side of the diff.
 */
export interface DiffSource {
  /**
   * Where it was read.
   */
  kind: 'file' | 'git' | 'environment'
  /**
   * As it was named; of an environment with its revision.
   */
  name: string
}
/**
 * One difference, by meaning.
 */
export interface ManifestChange {
  /**
   * What happens to the subject.
   */
  kind: 'added' | 'removed' | 'changed' | 'moved'
  /**
   * What kind of thing it is.
   */
  subject: string
  /**
   * Where, by names rather than positions.
   */
  path: string
  /**
   * The difference in a sentence, without the path.
   */
  message: string
  /**
   * The value before; null for none. What could be a secret is hidden.
   */
  before: unknown
  /**
   * The value after; null for none. Of what is moved: its place, from 1.
   */
  after: unknown
  /**
   * Of what is added where the order counts: its place there, from 1.
   */
  position?: number
}
/**
 * What a caller sends to POST /v1/chat/completions. Fields the gateway does not know are kept.
 */
export interface ChatCompletionRequest {
  model: string
  /**
   * @minItems 1
   */
  messages: RequestMessage[]
  tools?: RequestTool[] | null
  /**
   * `none`, `auto`, `required`, or an object that names tools.
   */
  tool_choice?: string | RequestToolChoice | null
  parallel_tool_calls?: boolean | null
  response_format?: RequestResponseFormat | null
  stream?: boolean | null
  stream_options?: RequestStreamOptions | null
  max_tokens?: number | null
  max_completion_tokens?: number | null
  n?: number | null
  stop?: string | string[] | null
  temperature?: number | null
  top_p?: number | null
  /**
   * Not OpenAI's; several providers and their clients know it.
   */
  top_k?: number | null
  frequency_penalty?: number | null
  presence_penalty?: number | null
  seed?: number | null
  logit_bias?: {
    [k: string]: number
  } | null
  logprobs?: boolean | null
  top_logprobs?: number | null
  reasoning_effort?: string | null
  verbosity?: string | null
  modalities?: string[] | null
  audio?: {
    [k: string]: unknown
  } | null
  prediction?: {
    [k: string]: unknown
  } | null
  web_search_options?: {
    [k: string]: unknown
  } | null
  service_tier?: string | null
  store?: boolean | null
  metadata?: {
    [k: string]: unknown
  } | null
  user?: string | null
  safety_identifier?: string | null
  prompt_cache_key?: string | null
  /**
   * The older form of `tools`.
   */
  functions?: RequestFunction[] | null
  /**
   * The older form of `tool_choice`.
   */
  function_call?: string | RequestFunctionChoice | null
  [k: string]: unknown
}
export interface RequestMessage {
  role: string
  content?: string | RequestContentPart[] | null
  name?: string | null
  tool_calls?: RequestToolCall[] | null
  tool_call_id?: string | null
  function_call?: FunctionCall | null
  refusal?: string | null
  /**
   * Reasoning text of an earlier answer, as DeepSeek and others name it.
   */
  reasoning_content?: string | null
  /**
   * Signed or encrypted reasoning of an earlier answer, as this gateway and OpenRouter give it.
   */
  reasoning_details?:
    | {
        [k: string]: unknown
      }[]
    | null
  [k: string]: unknown
}
export interface RequestContentPart {
  /**
   * `text`, `image_url`, `input_audio`, `file`, `refusal`.
   */
  type: string
  text?: string
  refusal?: string
  image_url?: RequestImageUrl
  input_audio?: RequestInputAudio
  file?: RequestFile
  [k: string]: unknown
}
export interface RequestImageUrl {
  /**
   * A web address or a data: URL.
   */
  url: string
  detail?: string | null
  [k: string]: unknown
}
export interface RequestInputAudio {
  /**
   * Base64.
   */
  data: string
  format: string
  [k: string]: unknown
}
export interface RequestFile {
  filename?: string | null
  /**
   * Base64, or a data: URL.
   */
  file_data?: string | null
  file_id?: string | null
  [k: string]: unknown
}
export interface RequestToolCall {
  id: string
  type?: string | null
  function?: FunctionCall
  custom?: {
    [k: string]: unknown
  }
  [k: string]: unknown
}
export interface FunctionCall {
  name: string
  /**
   * JSON as text, as the model wrote it; it may not parse.
   */
  arguments: string
  [k: string]: unknown
}
export interface RequestTool {
  /**
   * `function` or `custom`.
   */
  type: string
  function?: RequestFunction
  custom?: {
    [k: string]: unknown
  }
  [k: string]: unknown
}
export interface RequestFunction {
  name: string
  description?: string | null
  /**
   * A JSON Schema. Absent: no parameters.
   */
  parameters?: {
    [k: string]: unknown
  } | null
  strict?: boolean | null
  [k: string]: unknown
}
export interface RequestToolChoice {
  /**
   * `function`, `custom` or `allowed_tools`.
   */
  type: string
  function?: RequestFunctionChoice
  allowed_tools?: RequestAllowedTools
  [k: string]: unknown
}
export interface RequestFunctionChoice {
  name: string
  [k: string]: unknown
}
export interface RequestAllowedTools {
  /**
   * `auto` or `required`.
   */
  mode: string
  tools: {
    [k: string]: unknown
  }[]
  [k: string]: unknown
}
export interface RequestResponseFormat {
  /**
   * `text`, `json_object` or `json_schema`.
   */
  type: string
  json_schema?: RequestJsonSchema
  [k: string]: unknown
}
export interface RequestJsonSchema {
  name?: string
  description?: string | null
  schema?: {
    [k: string]: unknown
  } | null
  strict?: boolean | null
  [k: string]: unknown
}
export interface RequestStreamOptions {
  include_usage?: boolean | null
  include_obfuscation?: boolean | null
  [k: string]: unknown
}
/**
 * A plain answer, as the gateway emits it.
 */
export interface ChatCompletion {
  id: string
  object: 'chat.completion'
  /**
   * Unix seconds.
   */
  created: number
  model: string
  choices: Choice[]
  usage?: CompletionUsage
  service_tier?: ServiceTier
  /**
   * Never null: left out when the provider has none.
   */
  system_fingerprint?: string
}
export interface Choice {
  index: number
  message: AnswerMessage
  logprobs: Logprobs | null
  finish_reason: FinishReason
}
export interface AnswerMessage {
  role: 'assistant'
  content: string | null
  refusal: string | null
  tool_calls?: ToolCall[]
  function_call?: AnswerFunctionCall
  audio?: AnswerAudio | null
  annotations?: Annotation[]
  /**
   * An extra, named as DeepSeek and vLLM name it.
   */
  reasoning_content?: string
  /**
   * An extra: reasoning with the signature its provider asks for when the answer comes back in a tool loop.
   */
  reasoning_details?: ReasoningDetail[]
  /**
   * An extra: what the answer rests on, as the provider gives it (Cohere, Perplexity).
   */
  citations?: Citation[]
}
export interface FunctionToolCall {
  id: string
  type: 'function'
  function: AnswerFunctionCall
}
export interface AnswerFunctionCall {
  name: string
  arguments: string
}
export interface CustomToolCall {
  id: string
  type: 'custom'
  custom: AnswerCustomCall
}
export interface AnswerCustomCall {
  name: string
  input: string
}
export interface AnswerAudio {
  id: string
  /**
   * Unix seconds.
   */
  expires_at: number
  /**
   * Base64.
   */
  data: string
  transcript: string
}
export interface Annotation {
  type: 'url_citation'
  url_citation: UrlCitation
}
export interface UrlCitation {
  start_index: number
  end_index: number
  /**
   * A web address, percent-encoded (what the WHATWG URL parser gives as `href`).
   */
  url: string
  title: string
}
/**
 * One piece of reasoning, in the shape OpenRouter uses. To be sent back unchanged.
 */
export interface ReasoningDetail {
  /**
   * `reasoning.text`, `reasoning.summary` or `reasoning.encrypted`.
   */
  type: string
  text?: string | null
  signature?: string | null
  summary?: string | null
  data?: string | null
  /**
   * Who can read it again, such as `anthropic-claude-v1`.
   */
  format?: string | null
  id?: string | null
  index?: number
}
export interface CitationDetail {
  [k: string]: unknown
}
export interface Logprobs {
  content: TokenLogprob[] | null
  refusal: TokenLogprob[] | null
}
export interface TokenLogprob {
  token: string
  logprob: number
  bytes: number[] | null
  top_logprobs: TopLogprob[]
}
export interface TopLogprob {
  token: string
  logprob: number
  bytes: number[] | null
}
export interface CompletionUsage {
  prompt_tokens: number
  completion_tokens: number
  total_tokens: number
  prompt_tokens_details?: PromptTokensDetails
  completion_tokens_details?: CompletionTokensDetails
}
export interface PromptTokensDetails {
  cached_tokens?: number
  cache_write_tokens?: number
  audio_tokens?: number
  text_tokens?: number
  image_tokens?: number
}
export interface CompletionTokensDetails {
  reasoning_tokens?: number
  audio_tokens?: number
  text_tokens?: number
  accepted_prediction_tokens?: number
  rejected_prediction_tokens?: number
}
/**
 * A piece of an answer in sound: id, data and transcript as they come, the end of its life last.
 */
export interface AudioDelta {
  id?: string
  /**
   * Unix seconds.
   */
  expires_at?: number
  /**
   * Base64.
   */
  data?: string
  transcript?: string
}
/**
 * One event of a streamed answer, as the gateway emits it.
 */
export interface ChatCompletionChunk {
  id: string
  object: 'chat.completion.chunk'
  /**
   * Unix seconds; the same in every chunk of a stream.
   */
  created: number
  model: string
  choices: ChunkChoice[]
  usage?: CompletionUsage | null
  service_tier?: ServiceTier
  /**
   * Never null: left out when the provider has none.
   */
  system_fingerprint?: string
  /**
   * Padding that OpenAI adds against traffic analysis.
   */
  obfuscation?: string
}
export interface ChunkChoice {
  index: number
  delta: Delta
  logprobs: Logprobs | null
  finish_reason: FinishReason | null
}
export interface Delta {
  role?: 'assistant'
  content?: string | null
  refusal?: string | null
  tool_calls?: ToolCallDelta[]
  function_call?: FunctionCallDelta
  audio?: AudioDelta
  annotations?: Annotation[]
  reasoning_content?: string
  /**
   * An extra: reasoning with the signature its provider asks for when the answer comes back in a tool loop.
   */
  reasoning_details?: ReasoningDetail[]
  citations?: Citation[]
}
export interface ToolCallDelta {
  index: number
  id?: string
  type?: 'function' | 'custom'
  function?: FunctionCallDelta
  custom?: CustomCallDelta
}
export interface FunctionCallDelta {
  name?: string
  arguments?: string
}
export interface CustomCallDelta {
  name?: string
  input?: string
}
/**
 * What a caller sends to POST /v1/embeddings. Fields the gateway does not know are kept.
 */
export interface EmbeddingsRequest {
  model: string
  /**
   * A text, a list of texts, a list of token ids, or a list of such lists.
   *
   * @minItems 1
   */
  input: string | (string | number | number[])[]
  dimensions?: number | null
  encoding_format?: 'float' | 'base64' | null
  user?: string | null
  /**
   * Not OpenAI's; several providers and their clients know it. What the texts are for: `document`, `query`, or a word of the provider's own.
   */
  input_type?: string | null
  [k: string]: unknown
}
/**
 * The answer to POST /v1/embeddings.
 */
export interface EmbeddingsResponse {
  object: 'list'
  /**
   * @minItems 1
   */
  data: Embedding[]
  model: string
  usage: EmbeddingsUsage
}
export interface Embedding {
  object: 'embedding'
  index: number
  /**
   * Numbers, or, where base64 was asked for, their bytes as 32-bit floats, little-endian.
   *
   * @minItems 1
   */
  embedding: number[] | string
}
export interface EmbeddingsUsage {
  prompt_tokens: number
  total_tokens: number
}
/**
 * OpenAI's error envelope, as the gateway emits it, and the last event of a stream that broke.
 */
export interface ErrorResponse {
  error: ErrorBody
}
export interface ErrorBody {
  message: string
  type: string
  param: string | null
  code: string | null
}
/**
 * The answer to GET /v1/models.
 */
export interface ModelList {
  object: 'list'
  data: Model[]
}
export interface Model {
  id: string
  object: 'model'
  /**
   * Unix seconds.
   */
  created: number
  owned_by: string
}
/**
 * What `aigw plan --out` writes and `aigw apply` executes.
 */
export interface Plan {
  /**
   * Kind and major version of this document.
   */
  schema: 'aigw.plan/1'
  environment: string
  /**
   * The store it was made for, without a password; a plan for one store is refused by another. Absent in plans of older versions.
   */
  store?: string
  /**
   * The head it was made against; null for an empty store.
   */
  base: PlanBase | null
  candidate: ReleaseDraft
  changes: PlanChange[]
  findings: Diagnostic[]
  /**
   * Hash of the capture it was replayed against; null when none was.
   */
  capture: string | null
  /**
   * When it was made.
   */
  created_at: string
  /**
   * Version of aigw that made it.
   */
  tool: string
}
/**
 * A published release.
 */
export interface PlanBase {
  revision: number
  /**
   * Its hash.
   */
  hash: string
}
/**
 * A release before a store has given it a revision.
 */
export interface ReleaseDraft {
  /**
   * Kind and major version of this document.
   */
  schema: 'aigw.release/1'
  /**
   * Over the canonical JSON of `resolved`.
   */
  hash: string
  source: ReleaseSource
  /**
   * The manifest with its variables filled in, without any defaults.
   */
  resolved: {
    [k: string]: unknown
  }
  /**
   * When it was made.
   */
  created_at: string
}
/**
 * Where it came from.
 */
export interface ReleaseSource {
  /**
   * The manifest as written, `${…}` included.
   */
  manifest: {
    [k: string]: unknown
  }
  /**
   * The variables of the environment at that time.
   */
  variables: {
    [k: string]: string
  }
  git: GitState | null
  /**
   * Who published it; null when nobody could be named.
   */
  author: string | null
}
/**
 * The state of the working tree.
 */
export interface GitState {
  /**
   * Full hash.
   */
  commit: string
  branch: string | null
  /**
   * Did the manifest differ from the commit?
   */
  dirty: boolean
}
/**
 * One change, by meaning.
 */
export interface PlanChange {
  /**
   * What happens to the subject.
   */
  kind: 'added' | 'removed' | 'changed' | 'moved'
  /**
   * What kind of thing it is.
   */
  subject: string
  /**
   * Where, by names rather than positions.
   */
  path: string
  /**
   * The change in a sentence.
   */
  message: string
  /**
   * Whose change it is: the author's, or one that came into the store past Git.
   */
  origin: 'author_added' | 'author_removed' | 'author_changed' | 'changed_outside_git'
  /**
   * What could go wrong because of it.
   */
  risks: string[]
  /**
   * The value before; null for none.
   */
  before: unknown
  /**
   * The value after; null for none.
   */
  after: unknown
}
/**
 * An immutable published manifest.
 */
export interface Release {
  /**
   * Kind and major version of this document.
   */
  schema: 'aigw.release/1'
  /**
   * Over the canonical JSON of `resolved`.
   */
  hash: string
  source: ReleaseSource
  /**
   * The manifest with its variables filled in, without any defaults.
   */
  resolved: {
    [k: string]: unknown
  }
  /**
   * When it was made.
   */
  created_at: string
  /**
   * Counts up from 1 in one store.
   */
  revision: number
  /**
   * The revision it was published over; null for the first.
   */
  parent: number | null
}
/**
 * routes.yaml: where requests go, for whom, and what holds on the way. `${NAME}` in a text is a variable of the environment.
 */
export interface RoutesManifest {
  /**
   * Version of the format. 2026.09 adds `match.semantic`. Quote it: without quotes YAML reads a number.
   */
  version?: '2026.04' | '2026.09'
  /**
   * Named connections. A built-in provider needs no entry.
   */
  providers?: {
    [k: string]: ManifestConnection
  }
  /**
   * The callers. Without any, the gateway runs in open mode.
   */
  credentials?: ManifestCredential[]
  /**
   * What callers may use up.
   */
  quotas?: ManifestQuota[]
  /**
   * Named chains of policies, for `policies` of a route.
   */
  policies?: {
    /**
     * @minItems 1
     */
    [k: string]: ManifestPolicy[]
  }
  /**
   * What is known of a model, by `connection/model` or `type/model`.
   */
  models?: {
    [k: string]: ModelFacts
  }
  /**
   * The routes. Tried in order; the first that matches takes the request.
   */
  ai_routes: ManifestRoute[]
  health?: HealthOverrides
  audit?: AuditSettings
  cors?: CorsSettings
}
/**
 * A provider with an address, a key and limits of its own.
 */
export interface ManifestConnection {
  type?: ProviderId
  /**
   * What the vendor's own SDK calls its base URL. `aigw providers show TYPE` prints the default and what is appended. Default: by type.
   */
  base_url?: string
  api_key?: ManifestSecret
  /**
   * Whose machines: decides what `boundary: self_hosted` lets through. Default: by type.
   */
  deployment?: 'cloud' | 'self_hosted'
  /**
   * Where it runs, for `boundary`. Unknown counts as outside every region. bedrock and vertex: also the region that is called where `base_url` does not say, and signed for. Default: unknown.
   */
  region?: string
  /**
   * Cloud project (vertex). With it, project and region are put behind the address. Default: none; needed there unless `base_url` names it.
   */
  project?: string
  /**
   * API version (azure-openai). Default: none; needed there, save where `base_url` ends in `/openai/v1`.
   */
  api_version?: string
  /**
   * Model to deployment (azure-openai). A model that is not listed is its own deployment name. Default: every model is.
   */
  deployment_name?: {
    [k: string]: string
  }
  /**
   * How the provider is told who we are, where there is a choice. azure-openai: key, entra (a token of Microsoft Entra ID). bedrock: sigv4 (each request is signed), bearer (a Bedrock API key). vertex: adc (application default credentials), service_account (a key file under `api_key`), access_token (a token that somebody else keeps fresh). Default: the first of them.
   */
  auth?: 'key' | 'entra' | 'sigv4' | 'bearer' | 'adc' | 'service_account' | 'access_token'
  /**
   * Headers sent with every request. A value that is secret is a reference.
   */
  headers?: {
    [k: string]: string | ManifestSecret
  }
  /**
   * Headers of the caller that travel to the provider. Without it, none does.
   */
  forward_headers?: string[]
  /**
   * Our own ceiling; a target above it is skipped. Default: no ceiling.
   */
  requests_per_minute?: number
  /**
   * Our own ceiling; a target above it is skipped. Default: no ceiling.
   */
  tokens_per_minute?: number
  /**
   * Our own ceiling on requests under way; a target above it is skipped. Default: no ceiling.
   */
  max_concurrent?: number
  /**
   * How long a connection may take. Milliseconds.
   */
  connect_timeout_ms?: number
  /**
   * The longest silence between two chunks of a stream. Milliseconds.
   */
  idle_timeout_ms?: number
  /**
   * An HTTP proxy to go through. Default: none.
   */
  proxy?: string
  tls?: TlsSettings
  /**
   * Speak HTTP/2 with the provider.
   */
  http2?: boolean
  health?: HealthOverrides
}
/**
 * Where the gateway finds a secret. Exactly one of the two; a secret itself never stands in a manifest.
 */
export interface ManifestSecret {
  /**
   * Name of an environment variable of the gateway. Default: none; either this or `file` is given.
   */
  env?: string
  /**
   * Path of a file on the gateway; read again when it changes. Default: none; either this or `env` is given.
   */
  file?: string
}
/**
 * TLS towards the provider.
 */
export interface TlsSettings {
  ca?: ManifestSecret
  cert?: ManifestSecret
  key?: ManifestSecret
  /**
   * The name its certificate must carry, where it is not that of the address. Default: the host of the address.
   */
  server_name?: string
}
/**
 * When a breaker opens and how long a failure keeps a target away.
 */
export interface HealthOverrides {
  /**
   * Failures in a row after which the breaker opens.
   */
  consecutive_failures?: number
  /**
   * Share of failures in the window at which the breaker opens.
   */
  failure_ratio?: number
  /**
   * Requests the window must hold before the share counts.
   */
  minimum_requests?: number
  /**
   * Length of the window. Milliseconds.
   */
  window_ms?: number
  /**
   * How long the breaker stays open at first; doubled every time its probe fails. Milliseconds.
   */
  open_ms?: number
  /**
   * The longest it stays open. Milliseconds.
   */
  max_open_ms?: number
  /**
   * Cool-down after `rate_limited` when the provider names no time. Milliseconds.
   */
  rate_limited_ms?: number
  /**
   * The longest cool-down after `rate_limited`, whatever the provider asks for. Milliseconds.
   */
  max_rate_limited_ms?: number
  /**
   * Cool-down after `quota`. Milliseconds.
   */
  quota_ms?: number
  /**
   * Cool-down after `misconfigured`. Milliseconds.
   */
  misconfigured_ms?: number
}
/**
 * A caller, known by the hash of its key.
 */
export interface ManifestCredential {
  /**
   * Name of the caller, as quotas, matches and records know it.
   */
  name: string
  /**
   * `sha256:` and 64 hex digits. `aigw credential new` prints a key once, and this.
   */
  key_hash: string
  /**
   * What the caller belongs to. Default: none.
   */
  organization?: string
  /**
   * What the caller belongs to. Default: none.
   */
  project?: string
  /**
   * When the key stops working: a date (until its end, UTC) or a time with an offset. Default: never.
   */
  expires?: string
  /**
   * Refuse the key without removing it.
   */
  disabled?: boolean
  /**
   * Anything worth remembering; kept, never read.
   */
  labels?: {
    [k: string]: string
  }
}
/**
 * How much somebody may use up in a time.
 */
export interface ManifestQuota {
  /**
   * Name of the quota, as refusals and records know it.
   */
  name: string
  /**
   * Whom it covers: `everyone` together, or each by what it names. All of the named must hold.
   */
  scope: 'everyone' | QuotaScope
  /**
   * Every one of them holds.
   *
   * @minItems 1
   */
  limits: QuotaLimit[]
  /**
   * What happens then: refuse, go on to the next target, only tell, or use `cheaper_model`.
   */
  on_exceeded?: 'block' | 'failover' | 'alert' | 'cheaper_model'
  /**
   * For `on_exceeded: cheaper_model`: `provider/model`. Default: none; needed there and nowhere else.
   */
  cheaper_model?: string
}
/**
 * Whom a quota covers.
 */
export interface QuotaScope {
  /**
   * Name of a credential. Default: any.
   */
  credential?: string
  /**
   * An organization of some credential. Default: any.
   */
  organization?: string
  /**
   * A project of some credential. Default: any.
   */
  project?: string
  /**
   * Name of a route. Default: any.
   */
  route?: string
}
/**
 * One limit: exactly one of `requests`, `tokens` and `usd`.
 */
export interface QuotaLimit {
  /**
   * Requests. Default: none; a limit has exactly one of the three.
   */
  requests?: number
  /**
   * Tokens, input and output together. Default: none; a limit has exactly one of the three.
   */
  tokens?: number
  /**
   * US dollars. Default: none; a limit has exactly one of the three.
   */
  usd?: number
  /**
   * The window: a calendar one, in UTC.
   */
  per: 'minute' | 'hour' | 'day' | 'month'
}
/**
 * One policy: exactly one of its kinds.
 */
export interface ManifestPolicy {
  safety?: SafetyPolicy
  pii?: PiiPolicy
}
/**
 * What the provider's own content filter is told.
 */
export interface SafetyPolicy {
  harassment?: SafetyThreshold
  hate_speech?: SafetyThreshold
  sexually_explicit?: SafetyThreshold
  dangerous_content?: SafetyThreshold
  civic_integrity?: SafetyThreshold
}
/**
 * What happens to personal data in prompts and answers.
 */
export interface PiiPolicy {
  /**
   * What is looked for.
   *
   * @minItems 1
   */
  detect: ('email' | 'phone' | 'iban' | 'credit_card' | 'tckn' | 'ip_address' | 'us_ssn')[]
  /**
   * What happens to it.
   */
  action: 'mask' | 'block' | 'flag'
}
/**
 * What is known of a model. Without a price nothing can be capped or compared by cost.
 */
export interface ModelFacts {
  /**
   * Tokens, input and output together. Default: not known, so nothing is skipped for its length.
   */
  context_window?: number
  /**
   * The longest answer the model can give, in tokens. Asked for where a provider demands a limit and the caller gave none. Default: what is built in for the model, where it is known.
   */
  max_output_tokens?: number
  usd_per_million?: ModelPrice
}
/**
 * US dollars per million tokens.
 */
export interface ModelPrice {
  /**
   * Fresh input.
   */
  input: number
  /**
   * Output.
   */
  output: number
  /**
   * Input read from the provider's cache. Default: the price of fresh input.
   */
  cached?: number
}
/**
 * Which requests, and where they go.
 */
export interface ManifestRoute {
  /**
   * Name of the route, unique; in headers, records and quotas.
   */
  name: string
  match: RouteMatch
  /**
   * How the first target is picked. The others follow in order, then the fallbacks.
   */
  strategy?: 'weighted' | 'priority' | 'least_latency' | 'least_cost' | 'sticky'
  /**
   * For `strategy: sticky`: what stays with one target. `credential`, `organization`, `user` (the field of the request) or `header:NAME`. Default: none; needed there and nowhere else.
   */
  sticky_by?: string
  /**
   * Where requests go.
   *
   * @minItems 1
   */
  targets: ManifestTarget[]
  /**
   * What is left when no target serves, in order: `provider/model`, split at the first slash. Default: none.
   *
   * @minItems 1
   */
  fallback?: string | string[]
  failover?: FailoverSettings
  /**
   * `any`, `self_hosted`, or a list of regions. Nothing on any path may leave it.
   */
  boundary?: ('any' | 'self_hosted') | string[]
  /**
   * What happens when a target cannot express the whole request: say so in a header, or skip the target.
   */
  on_loss?: 'declare' | 'refuse'
  /**
   * Names of policy chains, applied in order.
   */
  policies?: string[]
  audit?: AuditSettings
  /**
   * Start a second attempt when the first has given nothing by then. Milliseconds. Default: no second attempt while the first is under way.
   */
  hedge_after_ms?: number
}
/**
 * Which requests. Every condition must hold.
 */
export interface RouteMatch {
  /**
   * The model asked for: exact, a glob with `*` and `?`, or a list of both. Default: any.
   *
   * @minItems 1
   */
  model?: string | string[]
  /**
   * Names of credentials. Default: any.
   *
   * @minItems 1
   */
  credential?: string | string[]
  /**
   * Organizations of credentials. Default: any.
   *
   * @minItems 1
   */
  organization?: string | string[]
  /**
   * Header to the exact value, or a list of values. Names are compared without case. Default: any.
   */
  headers?: {
    /**
     * @minItems 1
     */
    [k: string]: string | string[]
  }
  /**
   * true: only streams; false: only plain requests. Default: both.
   */
  stream?: boolean
  /**
   * What the request must carry. Default: nothing in particular.
   *
   * @minItems 1
   */
  has?: ('tools' | 'images' | 'json_schema')[]
  semantic?: SemanticMatch
}
/**
 * Match by what the prompt is about (version 2026.09).
 */
export interface SemanticMatch {
  /**
   * Prompts that belong here.
   *
   * @minItems 1
   */
  examples: string[]
  /**
   * How close a prompt must be, 0 to 1.
   */
  threshold?: number
}
/**
 * One place a request can go.
 */
export interface ManifestTarget {
  /**
   * Name of a connection, or of a built-in provider.
   */
  provider: string
  /**
   * The model, as the provider spells it.
   */
  model: string
  /**
   * Share of requests. 0: only as failover. Default: 1 each, when no target of the route has one.
   */
  weight?: number
  /**
   * Time to the first token of a stream, or to the whole answer. Past it the next target runs. Milliseconds. Default: none.
   */
  max_latency_ms?: number
  /**
   * The longest one attempt may take until its first content. Default: a fair share of what is left of the deadline. Milliseconds.
   */
  attempt_timeout_ms?: number
  /**
   * Skip the target when its estimate is above this. Default: none.
   */
  max_usd_per_request?: number
  parameters?: TargetParameters
}
/**
 * Request fields this target is sent when the caller does not say; token limits are ceilings too.
 */
export interface TargetParameters {
  /**
   * The longest answer, in tokens: sent when the caller names none, and the most a caller can ask for. Default: what the caller asks for.
   */
  max_tokens?: number
  /**
   * The newer name of `max_tokens`: the same, for models that refuse the old one. Default: what the caller asks for.
   */
  max_completion_tokens?: number
  /**
   * How freely the next token is drawn, sent when the caller does not say. Default: the provider's own.
   */
  temperature?: number
  /**
   * From how much of the likeliest it is drawn, sent when the caller does not say. Default: the provider's own.
   */
  top_p?: number
  /**
   * From how many of the likeliest it is drawn, sent when the caller does not say; only where the provider knows it. Default: the provider's own.
   */
  top_k?: number
  /**
   * How much repetition is held back, sent when the caller does not say. Default: the provider's own.
   */
  frequency_penalty?: number
  /**
   * How much what was said already is held back, sent when the caller does not say. Default: the provider's own.
   */
  presence_penalty?: number
  /**
   * Seed of the draws, sent when the caller does not say. Default: the provider's own.
   */
  seed?: number
  /**
   * Texts that end the answer, sent when the caller names none. Default: none.
   *
   * @minItems 1
   */
  stop?: string | string[]
  /**
   * How much the model thinks first, sent when the caller does not say. Default: the provider's own.
   */
  reasoning_effort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh'
  /**
   * How long the answer is to be, sent when the caller does not say. Default: the provider's own.
   */
  verbosity?: 'low' | 'medium' | 'high'
  /**
   * May the model call several tools at once? Sent when the caller does not say. Default: the provider's own.
   */
  parallel_tool_calls?: boolean
  /**
   * Embeddings: how long each vector is to be, sent when the caller does not say. Default: the model's own length.
   */
  dimensions?: number
  /**
   * Embeddings: what the texts are for, in the same words for every provider that asks, sent when the caller does not say. Default: `document` where the provider must be told, nothing elsewhere.
   */
  input_type?: 'document' | 'query' | 'classification' | 'clustering'
  /**
   * Ollama's own: how the model is run and sampled, sent when the caller does not say. Default: as the model is configured there.
   */
  options?: {
    /**
     * The context window in tokens, and a ceiling. Default: the `context_window` of the model, where it is stated.
     */
    num_ctx?: number
    /**
     * Tokens of the beginning that are kept when the window is full. Default: as the model is configured there.
     */
    num_keep?: number
    /**
     * Tokens of the prompt that are read at once. Default: as the model is configured there.
     */
    num_batch?: number
    /**
     * Layers of the model on the graphics card. Default: as the model is configured there.
     */
    num_gpu?: number
    /**
     * The graphics card to use first. Default: as the model is configured there.
     */
    main_gpu?: number
    /**
     * Threads to compute with. Default: as the model is configured there.
     */
    num_thread?: number
    /**
     * Map the model's file into memory. Default: as the model is configured there.
     */
    use_mmap?: boolean
    /**
     * Leaves out tokens less likely than this share of the likeliest. Default: as the model is configured there.
     */
    min_p?: number
    /**
     * Leaves out tokens that are not typical. Default: as the model is configured there.
     */
    typical_p?: number
    /**
     * How far back repetition is looked for, in tokens. Default: as the model is configured there.
     */
    repeat_last_n?: number
    /**
     * How much a repeated token is held back; 1 is not at all. Default: as the model is configured there.
     */
    repeat_penalty?: number
  }
  /**
   * Ollama's own, before `reasoning_effort`. `false` for a model that cannot think and refuses to be asked. Default: as `reasoning_effort` says.
   */
  think?: boolean | string
  /**
   * Ollama's own: how long the model stays in memory, as a duration or in seconds, sent when the caller does not say. Default: Ollama's own.
   */
  keep_alive?: string | number
  /**
   * Ollama's own: let a prompt that is too long lose its beginning, instead of failing over. Default: Ollama's own.
   */
  truncate?: boolean
}
/**
 * When the next target runs, and for how long altogether.
 */
export interface FailoverSettings {
  /**
   * Classes of failure. Default: all of them.
   */
  on?: FailoverClass[]
  /**
   * Over all attempts; it ends with the first byte of an answer. Milliseconds.
   */
  deadline_ms?: number
}
/**
 * What the audit record keeps of prompt and answer.
 */
export interface AuditSettings {
  /**
   * The text, only its features, or neither. Without the text the record lacks what providers said of failures too, for they may repeat it.
   */
  content?: 'text' | 'features' | 'none'
}
/**
 * Browsers that may call the gateway from other origins.
 */
export interface CorsSettings {
  /**
   * Origins, or `*`.
   *
   * @minItems 1
   */
  origins: string[]
}
/**
 * A failure drill: what breaks when, what is assumed of targets nobody has recorded, and what must hold.
 */
export interface Scenario {
  /**
   * Name of the drill.
   */
  name: string
  /**
   * What it shows.
   */
  description?: string
  /**
   * What breaks.
   */
  faults?: Fault[]
  /**
   * How a target answers where there is no recording of it: target to assumption.
   */
  assume?: {
    [k: string]: Assumption
  }
  expect?: Expectation
}
/**
 * One thing that breaks: exactly one of `status`, `class`, `latency_multiplier`, `latency_ms`, `rate_limited`, `outage`, `cut_after_chunks`.
 */
export interface Fault {
  /**
   * `connection`, `connection/model`, `cloud`, `self_hosted`, or `*`.
   */
  target: string
  /**
   * When it begins: a time since the start (`10m`), or a moment. Default: the start.
   */
  from?: string
  /**
   * For how long. Default: until the end.
   */
  for?: string
  /**
   * Share of the calls it hits.
   */
  share?: number
  /**
   * The provider answers with this status.
   */
  status?: number
  /**
   * The attempt fails with this class.
   */
  class?:
    | 'server_error'
    | 'timeout'
    | 'latency'
    | 'rate_limited'
    | 'quota'
    | 'connection'
    | 'misconfigured'
    | 'context_length'
    | 'unsupported_by_target'
    | 'content_filtered'
    | 'invalid_request'
  /**
   * Everything takes this many times as long.
   */
  latency_multiplier?: number
  /**
   * Everything takes this much longer. Milliseconds.
   */
  latency_ms?: number
  /**
   * The provider answers 429.
   */
  rate_limited?: {
    /**
     * What it asks for. Milliseconds.
     */
    retry_after_ms?: number
  }
  /**
   * No connection at all.
   */
  outage?: true
  /**
   * Streams break off after this many chunks.
   */
  cut_after_chunks?: number
}
/**
 * How a target answers.
 */
export interface Assumption {
  /**
   * Until the first content. Milliseconds.
   */
  first_content_ms?: number
  /**
   * Until the end. Milliseconds.
   */
  total_ms: number
  /**
   * Tokens of an answer.
   */
  output_tokens?: number
}
/**
 * What must hold. Numbers are upper bounds.
 */
export interface Expectation {
  /**
   * Requests that got an error although they were no mistake of the caller.
   */
  lost?: number
  /**
   * Requests refused for a quota.
   */
  refused?: number
  /**
   * Half of the requests are answered within it. Milliseconds.
   */
  p50_ms?: number
  /**
   * 95 of 100 requests are answered within it. Milliseconds.
   */
  p95_ms?: number
  /**
   * 99 of 100 requests are answered within it. Milliseconds.
   */
  p99_ms?: number
  /**
   * Cost of all requests together.
   */
  usd?: number
  /**
   * No request left the boundary of its route.
   */
  boundary_kept?: true
  /**
   * Target to the share of requests it serves.
   */
  share?: {
    [k: string]: ShareBounds
  }
}
/**
 * Bounds of a share, 0 to 1.
 */
export interface ShareBounds {
  /**
   * At least.
   */
  at_least?: number
  /**
   * At most.
   */
  at_most?: number
}
/**
 * Written just before the first byte of a stream. Without a record of the same id, the process died while it was answering.
 */
export interface BeginLine {
  v: 1
  process: string
  seq: number
  prev: string
  kind: 'begin'
  record: BeginRecord
}
export interface BeginRecord {
  id: string
  arrived_at: string
  route: string
  target: string
}
/**
 * One request, whole.
 */
export interface RecordLine {
  v: 1
  process: string
  seq: number
  prev: string
  kind: 'record'
  record: RequestRecord
}
/**
 * One request: who asked, what was decided and why, what it cost. Times ending in `_us` are monotonic microseconds of the process.
 */
export interface RequestRecord {
  id: string
  /**
   * What the caller sent as x-request-id.
   */
  correlation_id?: string
  /**
   * Wall-clock time, ISO 8601.
   */
  arrived_at: string
  revision: string
  generation: number
  seed: string
  route?: string | null
  credential?: string
  organization?: string
  project?: string
  /**
   * What was asked for. Absent from records of versions that had chat only.
   */
  operation?: 'chat' | 'embeddings'
  model: string
  stream: boolean
  headers?: {
    [k: string]: string
  }
  sticky_seeds?: {
    [k: string]: string
  }
  features: {
    has: ('tools' | 'images' | 'json_schema')[]
    fields: string[]
    /**
     * Messages; of an embeddings request, the inputs.
     */
    messages: number
    prompt_characters: number
    images: number
    max_output_tokens: number | null
  }
  estimate: {
    input_tokens: number
    /**
     * Embeddings only: tokens of the longest input, which is what a context window has to hold.
     */
    longest_input_tokens?: number
    output_tokens: number | null
    family: 'characters-4'
  }
  /**
   * Every event of this process with a smaller seq stands in a record up to and including this one: what lets a reader put events back in order without reading to the end.
   */
  open_from_seq: number
  /**
   * Every event that was acted on: kind, seq, at_us, and the attempt it concerns or null.
   */
  events: [
    'arrived' | 'classified' | 'reserved' | 'refused' | 'firstContent' | 'ended' | 'timer' | 'callerGone',
    number,
    number,
    number | null
  ][]
  candidates: CandidateRecord[]
  attempts: AttemptRecord[]
  finish: {
    outcome: 'served' | 'broken' | 'failed' | 'abandoned'
    status: number
    code: string | null
    attempt: number | null
    retry_after_ms: number | null
    at_us: number
  }
  usage?: RecordedUsage
  cost_micro_usd?: number | null
  finish_reason?: string | null
  native_finish_reason?: string | null
  lost?: string[]
  /**
   * Where prompt and answer lie, and their digest; absent when the route keeps none.
   */
  content?: {
    segment: string
    offset: number
    length: number
    sha256: string
  }
}
export interface AttemptRecord {
  target: string
  pass: 'first' | 'late' | 'forced'
  limit: 'latency' | 'attempt_timeout' | 'share' | 'deadline'
  limit_us: number
  started_us: number
  first_content_us: number | null
  ended_us: number | null
  class: string | null
  status: number
  aborted_by: 'engine' | 'caller' | null
  retry_after_ms: number | null
  probe: boolean
  usage: RecordedUsage
  /**
   * What the provider said, key-shaped strings removed. Absent where `audit.content` is not `text`, since a provider may repeat the prompt.
   */
  message?: string
}
/**
 * Something that happened outside requests.
 */
export interface EventLine {
  v: 1
  process: string
  seq: number
  prev: string
  kind: 'event'
  record: ProcessEvent
}
export interface ProcessEvent {
  event:
    | 'started'
    | 'stopped'
    | 'generation'
    | 'load_refused'
    | 'source_lost'
    | 'source_empty'
    | 'source_damaged'
    | 'source_back'
    | 'breaker_opened'
    | 'breaker_closed'
    | 'cooling_down'
    | 'request_refused'
    | 'shedding_begin'
    | 'shedding_end'
    | 'spool_repaired'
    | 'gap'
  /**
   * Wall-clock time, ISO 8601.
   */
  at: string
  generation?: number
  revision?: string
  hash?: string
  /**
   * The resolved manifest of a generation; it holds references to secrets, never secrets.
   */
  manifest?: {
    [k: string]: unknown
  }
  missing_secrets?: string[]
  target?: string
  reason?: string | null
  until_us?: number | null
  status?: number
  code?: string
  /**
   * How many were turned away while load was shed.
   */
  refused?: number
  /**
   * Of a gap: when its first line was dropped, ISO 8601.
   */
  since?: string
  /**
   * Of a gap: lines that were never written, because the disk was full for longer than memory could stand in for it.
   */
  dropped?: {
    /**
     * Requests without a record.
     */
    records: number
    begins: number
    events: number
  }
  message?: string
}
