/** Requests: the conversation, the tools and the limits in this language, under the rules of the model that is asked. */
import type { ChatCompletionRequest } from '../../../../schemas/index.ts'
import { EncodeNotes } from '../../chat/encode-notes.ts'
import type { ProviderFailure } from '../../chat/failure.ts'
import { isRecord, recordOf } from '../../chat/loose.ts'
import type { ToolChoice } from '../../chat/tool-choice.ts'
import { forcingInstruction, isForced } from '../../chat/tool-choice.ts'
import type { Thinking } from '../../models/claude-thinking.ts'
import { asksForBudget, encodeSampling, encodeThinking } from '../../models/claude-thinking.ts'
import type { EncodeTarget, WireRequest } from '../dialect.ts'
import type { AnswerFormat } from './answer-format.ts'
import { encodeFormat } from './answer-format.ts'
import { Conversation } from './conversation.ts'
import { limitMarks } from './marks.ts'
import type { ModelTraits } from './models.ts'
import { traitsOf } from './models.ts'
import { encodeOptions, encodeStop } from './options.ts'
import type { Block } from './parts.ts'
import { isMark, markBlocks, textBlocks } from './parts.ts'
import { encodeEffort } from './reasoning-effort.ts'
import type { EncodedTools, ToolSpec } from './tools.ts'
import { declareCalled, encodeTools } from './tools.ts'

type Body = Record<string, unknown>

/** Never changes the request: every attempt starts from what the caller sent. */
export function encode(
  request: ChatCompletionRequest,
  target: EncodeTarget,
): WireRequest | { readonly failure: ProviderFailure } {
  const notes = new EncodeNotes()
  const traits = traitsOf(target.model)
  const conversation = new Conversation(request, traits, notes)
  const hasBudget = traits.claude !== null && asksForBudget(request) && !conversation.lacksThoughts
  const canForce = traits.choices.size > 0 && !hasBudget
  const asked = encodeTools(request, traits, notes)
  const format = encodeFormat(request, { traits, tools: asked, canForce }, notes)
  const tools = settleTools(asked, { conversation, format, notes, canForce, traits })
  const model = encodeModel(request, { target, traits, notes, lacksThoughts: conversation.lacksThoughts, tools })
  conversation.finish(traits.prefill && !model.thinking.isOn)
  const toolBlocks = tools.tools.flatMap(({ blocks }) => blocks)
  const turns = conversation.turns.map(({ content }) => content)
  markWhole(request, turns)
  limitMarks([toolBlocks, conversation.system, ...turns], notes)
  const asWhole = request.stream === true && toolBlocks.length > 0 && !traits.streamedTools
  if (asWhole) notes.approximate('stream')
  const { failure } = notes
  if (failure !== null) return { failure }
  const body: Body = {
    messages: conversation.turns,
    ...(conversation.system.length > 0 && { system: conversation.system }),
    ...unlessEmpty('inferenceConfig', model.inferenceConfig),
    ...(toolBlocks.length > 0 && { toolConfig: { tools: toolBlocks, ...renderChoice(tools.choice) } }),
    ...unlessEmpty('outputConfig', renderOutput(model.thinking, format)),
    ...unlessEmpty('additionalModelRequestFields', model.additional),
    ...encodeOptions(request, notes),
  }
  return {
    body: JSON.stringify(body),
    sourceFrom: null,
    headers: null,
    ...(asWhole && { asWhole: true as const }),
    ...(notes.lost.size > 0 && { lost: [...notes.lost] }),
    ...(format.tool !== null && { answerTool: format.tool.name }),
    ...(usesOlderCalls(request) && { legacyCalls: true as const }),
  }
}

function unlessEmpty(key: string, fields: Body): Body {
  return Object.keys(fields).length > 0 ? { [key]: fields } : {}
}

/** A mark on the request as a whole stands at its end. */
function markWhole(request: ChatCompletionRequest, turns: readonly Block[][]): void {
  const last = turns.at(-1)
  const end = last?.at(-1)
  if (end !== undefined && !isMark(end)) last?.push(...markBlocks(request['cache_control']))
}

// ---- tools ----

interface ToolSurroundings {
  readonly conversation: Conversation
  readonly format: AnswerFormat
  readonly notes: EncodeNotes
  readonly canForce: boolean
  readonly traits: ModelTraits
}

const callNothing = 'Do not call any tool now. Answer in words.'

/** The tools as they are sent: with our own, and with what is said in the system prompt instead of a choice. */
function settleTools(asked: EncodedTools, around: ToolSurroundings): EncodedTools {
  const { conversation, format, traits } = around
  if (format.instruction !== null) conversation.system.push(...textBlocks(format.instruction))
  const isFree = asked.tools.length > 0 && asked.choice.type !== 'none'
  if (format.tool !== null) {
    const others = isFree ? asked.tools : declaredBefore(asked, conversation)
    const choice: ToolChoice =
      isFree || !traits.choices.has('tool') ? { type: 'any' } : { type: 'tool', name: format.tool.name }
    return { ...asked, tools: [...others, format.tool], choice, isSingle: true }
  }
  if (!isFree) return withoutCalls(asked, around)
  return isForced(asked.choice) ? settleForce(asked, asked.choice, around) : asked
}

/** "The toolConfig field must be defined when using toolUse and toolResult content blocks" (vxcontrol/pentagi#196). */
function declaredBefore(asked: EncodedTools, { calledTools }: Conversation): readonly ToolSpec[] {
  if (calledTools.length === 0) return []
  return asked.tools.length > 0 ? asked.tools : declareCalled(calledTools)
}

/** There is no word for "none": tools are left out, or where that is not allowed the model is asked not to use them. */
function withoutCalls(asked: EncodedTools, { conversation, notes }: ToolSurroundings): EncodedTools {
  const tools = [...declaredBefore(asked, conversation)]
  if (tools.length > 0) {
    conversation.system.push(...textBlocks(callNothing))
    if (asked.tools.length > 0) notes.approximate('tool_choice[none]')
  }
  return { ...asked, tools, choice: { type: 'auto' }, isSingle: false }
}

function settleForce(asked: EncodedTools, choice: ToolChoice, around: ToolSurroundings): EncodedTools {
  const { conversation, notes, canForce, traits } = around
  const field = choice.type === 'tool' ? 'tool_choice[function]' : 'tool_choice[required]'
  if (!canForce) {
    conversation.system.push(...textBlocks(forcingInstruction(choice)))
    notes.approximate(field)
    return { ...asked, choice: { type: 'auto' } }
  }
  if (choice.type !== 'tool' || traits.choices.has('tool')) return asked
  return { ...asked, tools: asked.tools.filter(({ name }) => name === choice.name), choice: { type: 'any' } }
}

/** Nothing where the API's default says the same. */
function renderChoice(choice: ToolChoice): Body {
  if (choice.type === 'any') return { toolChoice: { any: {} } }
  return choice.type === 'tool' ? { toolChoice: { tool: { name: choice.name } } } : {}
}

/** The caller knows calls in their older form only, so that is how it gets them. */
function usesOlderCalls({ functions, tools }: ChatCompletionRequest): boolean {
  return (functions?.length ?? 0) > 0 && (tools?.length ?? 0) === 0
}

// ---- the model ----

interface ModelSurroundings {
  readonly target: EncodeTarget
  readonly traits: ModelTraits
  readonly notes: EncodeNotes
  readonly lacksThoughts: boolean
  readonly tools: EncodedTools
}

/** What is said to the model itself, in fields for all models and in its maker's own. */
interface ModelFields {
  readonly inferenceConfig: Body
  readonly additional: Body
  readonly thinking: Thinking
}

const unasked: Thinking = { thinking: undefined, effort: null, isOn: false }

function encodeModel(request: ChatCompletionRequest, around: ModelSurroundings): ModelFields {
  const fields = around.traits.claude === null ? encodeOthers(request, around) : encodeClaude(request, around)
  const stops = encodeStop(request.stop, around.notes)
  const own = recordOf(request['additionalModelRequestFields'])
  return {
    ...fields,
    inferenceConfig: { ...fields.inferenceConfig, ...(stops.length > 0 && { stopSequences: stops }) },
    additional: { ...fields.additional, ...own },
  }
}

function encodeOthers(request: ChatCompletionRequest, { target, traits, notes }: ModelSurroundings): ModelFields {
  const { temperature, top_p: topP, top_k: topK } = request
  const maxTokens = askedTokens(request, target.maxOutputTokens)
  if (isRecord(request['thinking'])) notes.lost.add('thinking')
  return {
    inferenceConfig: {
      ...(maxTokens !== null && { maxTokens }),
      ...(typeof temperature === 'number' && { temperature: Math.min(temperature, 1) }),
      ...(typeof topP === 'number' && { topP }),
    },
    additional: {
      ...(typeof topK === 'number' && renderTopK(traits.topK, topK)),
      ...encodeEffort(request, traits, notes),
    },
    thinking: unasked,
  }
}

function renderTopK(place: ModelTraits['topK'], topK: number): Body {
  if (place === 'inferenceConfig.topK') return { inferenceConfig: { topK } }
  return place === null ? {} : { [place]: topK }
}

/** What a model is taken to give where nobody knows. */
const fallbackMaxTokens = 4096

function encodeClaude(request: ChatCompletionRequest, around: ModelSurroundings): ModelFields {
  const { target, traits, notes, lacksThoughts, tools } = around
  const { claude } = traits
  if (claude === null) return { inferenceConfig: {}, additional: {}, thinking: unasked }
  const greatest = target.maxOutputTokens ?? claude.model.maxOutputTokens
  const asked = askedTokens(request, greatest)
  const limits = {
    traits: claude.model,
    maxTokens: asked ?? greatest ?? fallbackMaxTokens,
    forbidsBudget: lacksThoughts || isForced(tools.choice),
  }
  const thinking = encodeThinking(request, limits, notes)
  const own = recordOf(thinking.thinking)
  // A budget must be below the limit, and what the limit is when there is none nobody says.
  const maxTokens = own?.['type'] === 'enabled' ? limits.maxTokens : asked
  const {
    temperature,
    top_p: topP,
    top_k: topK,
  } = encodeSampling(request, { traits: claude.model, isOn: thinking.isOn }, notes)
  return {
    inferenceConfig: {
      ...(maxTokens !== null && { maxTokens }),
      ...(temperature !== undefined && { temperature }),
      ...(topP !== undefined && { topP }),
    },
    additional: {
      ...(topK !== undefined && { top_k: topK }),
      ...(own !== null && { thinking: own }),
      ...(tools.isSingle && tools.tools.length > 0 && claude.singleCalls && singleCall(tools.choice)),
    },
    thinking,
  }
}

/**
 * Merged by the API with the choice in `toolConfig`, whose word must then not be said twice ("conflicting tool_choice",
 * BerriAI/litellm#36536); where there is none it must be said here (#34347; both read 2026-11-24).
 */
function singleCall({ type }: ToolChoice): Body {
  const single = { disable_parallel_tool_use: true }
  return { tool_choice: type === 'auto' ? { type, ...single } : single }
}

function askedTokens(request: ChatCompletionRequest, greatest: number | null): number | null {
  const asked = request.max_completion_tokens ?? request.max_tokens ?? null
  return asked === null || greatest === null ? asked : Math.min(asked, greatest)
}

function renderOutput({ effort }: Thinking, { native }: AnswerFormat): Body {
  return { ...(native !== undefined && { textFormat: native }), ...(effort !== null && { effort }) }
}
