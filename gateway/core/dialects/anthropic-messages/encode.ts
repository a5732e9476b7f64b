/** Requests: the conversation, the tools and the limits in this language, under the rules of the model that is asked. */
import type { ChatCompletionRequest } from '../../../../schemas/index.ts'
import { EncodeNotes } from '../../chat/encode-notes.ts'
import type { ProviderFailure } from '../../chat/failure.ts'
import { estimateTokens, readFeatures } from '../../chat/features.ts'
import { isRecord, recordOf } from '../../chat/loose.ts'
import { forcingInstruction, isForced } from '../../chat/tool-choice.ts'
import type { Thinking } from '../../models/claude-thinking.ts'
import { asksForBudget, encodeSampling, encodeThinking } from '../../models/claude-thinking.ts'
import type { ModelTraits } from '../../models/claude.ts'
import { traitsOf } from '../../models/claude.ts'
import type { EncodeTarget, WireRequest } from '../dialect.ts'
import type { Quirks } from '../quirks.ts'
import type { AnswerFormat } from './answer-format.ts'
import { encodeFormat } from './answer-format.ts'
import { Conversation } from './conversation.ts'
import { userId } from './ids.ts'
import { ownFields } from './losses.ts'
import { limitMarks, mostMarksBeside } from './marks.ts'
import { isBlank, textBlocks } from './parts.ts'
import type { EncodedTools } from './tools.ts'
import { canForce, declareCalled, encodeTools, renderChoice } from './tools.ts'

/** The version of the API that this is written against; the client sends the same (1.12.0, read 2026-11-23). */
const headers = { 'anthropic-version': '2023-06-01' }

type Body = Record<string, unknown>

/** Never changes the request: every attempt starts from what the caller sent. */
export function encode(
  request: ChatCompletionRequest,
  target: EncodeTarget,
): WireRequest | { readonly failure: ProviderFailure } {
  const notes = new EncodeNotes()
  const { quirks } = target
  const traits = traitsUnder(quirks, target.model)
  const conversation = new Conversation(request, traits, notes)
  const hasBudget = asksForBudget(request) && !conversation.lacksThoughts
  const asked = encodeTools(request, notes)
  const format = encodeFormat(request, { traits, tools: asked, hasBudget }, notes)
  const tools = settleTools(asked, { conversation, format, notes, canForce: canForce(traits, hasBudget) })
  const maxTokens = maxTokensOf(request, target, traits)
  const forbidsBudget = conversation.lacksThoughts || isForced(tools.choice)
  const thinking = encodeThinking(request, { traits, maxTokens, forbidsBudget }, notes)
  conversation.finish(traits.prefill && !thinking.isOn)
  const blocks = [...tools.tools, ...conversation.system, ...conversation.turns.flatMap(({ content }) => content)]
  limitMarks(blocks, mostMarksBeside(request['cache_control']), notes)
  const { failure } = notes
  if (failure !== null) return { failure }
  const body: Body = {
    ...(quirks.bodyVersion !== undefined && { anthropic_version: quirks.bodyVersion }),
    ...(quirks.modelInPath !== true && { model: target.model }),
    max_tokens: maxTokens,
    ...(conversation.system.length > 0 && { system: conversation.system }),
    messages: conversation.turns,
    ...renderTools(tools),
    ...encodeSampling(request, { traits, isOn: thinking.isOn }, notes),
    ...encodeOptions(request, notes),
    ...renderOutput(request, thinking, format),
  }
  return {
    body: JSON.stringify(body),
    sourceFrom: null,
    headers: quirks.bodyVersion === undefined ? headers : null,
    ...(notes.lost.size > 0 && { lost: [...notes.lost] }),
    ...(format.tool !== null && { answerTool: String(format.tool.declaration['name']) }),
    ...(usesOlderCalls(request) && { legacyCalls: true as const }),
  }
}

/** What a model can do where it is served. */
function traitsUnder({ withoutStructuredOutputs }: Quirks, model: string): ModelTraits {
  const traits = traitsOf(model)
  return withoutStructuredOutputs === true ? { ...traits, structuredOutputs: false } : traits
}

// ---- limits ----

/** What is asked for when nobody knows what the model can give: every model of this language gives as much. */
const fallbackMaxTokens = 4096

/** Prompts of code and of other scripts have more tokens than an estimate by their letters says. */
const estimateMargin = 1.25

/** The API demands a limit, and refuses one above the model's own; the manifest's catalogue knows better than we do. */
function maxTokensOf(request: ChatCompletionRequest, target: EncodeTarget, traits: ModelTraits): number {
  const greatest = target.maxOutputTokens ?? traits.maxOutputTokens
  const asked = request.max_completion_tokens ?? request.max_tokens ?? null
  if (asked !== null) return greatest === null ? asked : Math.min(asked, greatest)
  const filled = greatest ?? fallbackMaxTokens
  return Math.max(Math.min(filled, roomLeft(request, target)), Math.min(filled, fallbackMaxTokens))
}

/**
 * What the window leaves for an answer, as near as can be told. Models before the generation 4.5 refuse a request whose
 * limit does not fit behind its prompt ("input length and `max_tokens` exceed context limit", checked 2026-11-23), and
 * nobody asked for the limit that is filled in.
 */
function roomLeft(request: ChatCompletionRequest, { contextWindow }: EncodeTarget): number {
  if (contextWindow === null) return Number.POSITIVE_INFINITY
  const { inputTokens } = estimateTokens(readFeatures(request))
  return Math.max(0, contextWindow - Math.ceil(inputTokens * estimateMargin))
}

// ---- tools ----

interface ToolSurroundings {
  readonly conversation: Conversation
  readonly format: AnswerFormat
  readonly notes: EncodeNotes
  readonly canForce: boolean
}

/** The tools as they are sent: with our own, and with what is said in the system prompt instead of a choice. */
function settleTools(asked: EncodedTools, around: ToolSurroundings): EncodedTools {
  const { conversation, format, notes } = around
  if (format.instruction !== null) conversation.system.push(...textBlocks(format.instruction))
  if (format.tool !== null) {
    return { ...asked, tools: [...asked.tools, format.tool.declaration], choice: format.tool.choice, isSingle: true }
  }
  if (asked.tools.length === 0) {
    return { ...asked, tools: declareCalled(conversation.calledTools), choice: { type: 'none' } }
  }
  if (!isForced(asked.choice) || around.canForce) return asked
  conversation.system.push(...textBlocks(forcingInstruction(asked.choice)))
  notes.approximate(asked.choice.type === 'tool' ? 'tool_choice[function]' : 'tool_choice[required]')
  return { ...asked, choice: { type: 'auto' } }
}

function renderTools(tools: EncodedTools): Body {
  if (tools.tools.length === 0) return {}
  const choice = renderChoice(tools.choice, tools)
  return { tools: tools.tools, ...(choice !== undefined && { tool_choice: choice }) }
}

/** The caller knows calls in their older form only, so that is how it gets them. */
function usesOlderCalls({ functions, tools }: ChatCompletionRequest): boolean {
  return (functions?.length ?? 0) > 0 && (tools?.length ?? 0) === 0
}

// ---- options ----

function encodeOptions(request: ChatCompletionRequest, notes: EncodeNotes): Body {
  const options: Body = {}
  for (const field of ownFields) {
    const value = request[field]
    if (value !== undefined && value !== null) options[field] = value
  }
  if (request.stream === true) options['stream'] = true
  const stops = encodeStop(request.stop, notes)
  if (stops.length > 0) options['stop_sequences'] = stops
  const user = request.safety_identifier ?? request.user
  if (typeof user === 'string' && user !== '') options['metadata'] = { user_id: userId(user) }
  const tier = serviceTiers.get(request.service_tier ?? '')
  if (tier !== undefined) options['service_tier'] = tier
  return options
}

/** "each stop sequence must contain non-whitespace" (the API's error, checked 2026-11-23). */
function encodeStop(stop: ChatCompletionRequest['stop'], notes: EncodeNotes): string[] {
  const asked = typeof stop === 'string' ? [stop] : (stop ?? [])
  const sent = asked.filter((sequence) => !isBlank(sequence))
  if (asked.some((sequence) => sequence !== '' && isBlank(sequence))) notes.approximate('stop')
  return sent
}

/** `auto` uses the priority capacity an organisation has bought, as OpenAI's `priority` does. */
const serviceTiers: ReadonlyMap<string, string> = new Map([
  ['auto', 'auto'],
  ['priority', 'auto'],
  ['default', 'standard_only'],
  ['flex', 'standard_only'],
  ['standard_only', 'standard_only'],
])

/** What the caller says of `output_config` itself stands. */
function renderOutput(request: ChatCompletionRequest, { thinking, effort }: Thinking, { native }: AnswerFormat): Body {
  const own = recordOf(request['output_config'])
  const config = {
    ...(effort !== null && { effort }),
    ...(native !== undefined && { format: native }),
    ...own,
  }
  return {
    ...(isRecord(thinking) && { thinking }),
    ...(Object.keys(config).length > 0 && { output_config: config }),
  }
}
