/** Requests: the conversation, the tools and `generationConfig`, under the rules of the model that is asked. */
import type { ChatCompletionRequest } from '../../../../schemas/index.ts'
import { EncodeNotes } from '../../chat/encode-notes.ts'
import type { ProviderFailure } from '../../chat/failure.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { recordOf } from '../../chat/loose.ts'
import type { EncodeTarget, WireRequest } from '../dialect.ts'
import type { AnswerFormat } from './answer-format.ts'
import { encodeFormat } from './answer-format.ts'
import { Conversation } from './conversation.ts'
import { ownFields } from './losses.ts'
import type { ModelTraits } from './models.ts'
import { traitsOf } from './models.ts'
import { textParts } from './parts.ts'
import { encodeThinking } from './thinking.ts'
import type { EncodedTools } from './tools.ts'
import { encodeTools } from './tools.ts'

type Body = Record<string, unknown>

/** Never changes the request: every attempt starts from what the caller sent. Model and stream stand in the path. */
export function encode(
  request: ChatCompletionRequest,
  target: EncodeTarget,
): WireRequest | { readonly failure: ProviderFailure } {
  const notes = new EncodeNotes()
  const traits = traitsOf(target.model)
  const conversation = new Conversation(request, traits, notes)
  conversation.finish()
  const tools = encodeTools(request, traits, notes)
  const hasTools = tools.functions.length > 0 || tools.own.length > 0
  const format = encodeFormat(request, traits.toolsBesideJson || !hasTools, notes)
  if (format.instruction !== null) conversation.system.push(...textParts(format.instruction))
  const generationConfig = configOf(request, { target, traits, format }, notes)
  const { failure } = notes
  if (failure !== null) return { failure }
  const body: Body = {
    contents: conversation.turns,
    ...(conversation.system.length > 0 && { systemInstruction: { parts: conversation.system } }),
    ...renderTools(tools),
    ...(Object.keys(generationConfig).length > 0 && { generationConfig }),
    ...encodeOptions(request),
  }
  return {
    body: JSON.stringify(body),
    sourceFrom: null,
    headers: null,
    ...(notes.lost.size > 0 && { lost: [...notes.lost] }),
    ...(usesOlderCalls(request) && { legacyCalls: true as const }),
  }
}

function renderTools({ functions, own, config }: EncodedTools): Body {
  const tools = [...(functions.length > 0 ? [{ functionDeclarations: functions }] : []), ...own]
  return {
    ...(tools.length > 0 && { tools }),
    ...(config !== null && { toolConfig: { functionCallingConfig: config } }),
  }
}

/** The caller knows calls in their older form only, so that is how it gets them. */
function usesOlderCalls({ functions, tools }: ChatCompletionRequest): boolean {
  return (functions?.length ?? 0) > 0 && (tools?.length ?? 0) === 0
}

// ---- generationConfig ----

interface Surroundings {
  readonly target: EncodeTarget
  readonly traits: ModelTraits
  readonly format: AnswerFormat
}

/** What the caller says of `generationConfig` itself stands. */
function configOf(request: ChatCompletionRequest, around: Surroundings, notes: EncodeNotes): Body {
  const { target, traits, format } = around
  const { n, seed, logprobs, top_logprobs: alternatives } = request
  const maxOutputTokens = maxTokensOf(request, target, traits)
  const stopSequences = encodeStop(request.stop, notes)
  const thinkingConfig = encodeThinking(request, traits, maxOutputTokens)
  const config: LooseRecord = {
    maxOutputTokens,
    ...encodeSampling(request, traits, notes),
    candidateCount: typeof n === 'number' && n > 1 ? n : null,
    stopSequences: stopSequences.length > 0 ? stopSequences : null,
    seed: Number.isFinite(seed) ? lastBits(Number(seed)) : null,
    responseLogprobs: logprobs === true ? true : null,
    logprobs: logprobs === true && typeof alternatives === 'number' && alternatives > 0 ? alternatives : null,
    thinkingConfig,
    ...format.config,
    ...recordOf(request['generationConfig']),
  }
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null && value !== undefined))
}

/** A limit above the model's own is refused; the manifest's catalogue knows better than we do. */
function maxTokensOf(request: ChatCompletionRequest, target: EncodeTarget, traits: ModelTraits): number | null {
  const asked = request.max_completion_tokens ?? request.max_tokens ?? null
  const greatest = target.maxOutputTokens ?? traits.maxOutputTokens
  return asked === null || greatest === null ? asked : Math.min(asked, greatest)
}

/** What the loss table drops for the caller may still come from the operator's own parameters. */
function encodeSampling(request: ChatCompletionRequest, traits: ModelTraits, notes: EncodeNotes): LooseRecord {
  const { temperature, top_p: topP, top_k: topK } = request
  const { presence_penalty: presencePenalty, frequency_penalty: frequencyPenalty } = request
  if (!traits.sampling) {
    if (isSet(temperature)) notes.leaveOut('temperature')
    if (isSet(topP)) notes.leaveOut('top_p')
    if (isSet(topK)) notes.leaveOut('top_k')
  }
  if (!traits.penalties) {
    if (isSet(presencePenalty)) notes.leaveOut('presence_penalty')
    if (isSet(frequencyPenalty)) notes.leaveOut('frequency_penalty')
  }
  return {
    ...(traits.sampling && { temperature, topP, topK }),
    ...(traits.penalties && { presencePenalty, frequencyPenalty }),
  }
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** "The set of character sequences (up to 5) that will stop output generation" (its reference, read 2026-11-24). */
const mostStops = 5

function encodeStop(stop: ChatCompletionRequest['stop'], notes: EncodeNotes): string[] {
  const asked = (typeof stop === 'string' ? [stop] : (stop ?? [])).filter((sequence) => sequence !== '')
  if (asked.length > mostStops) notes.approximate('stop')
  return asked.slice(0, mostStops)
}

/** A seed is an `int32` there; the same seed gives the same one. */
function lastBits(seed: number): number {
  return Number(BigInt.asIntN(32, BigInt(Math.trunc(seed))))
}

// ---- options ----

function encodeOptions(request: ChatCompletionRequest): Body {
  const options: Body = {}
  for (const field of ownFields) {
    const value = request[field]
    if (value !== undefined && value !== null) options[field] = value
  }
  const tier = serviceTiers.get(request.service_tier ?? '')
  if (tier !== undefined) options['serviceTier'] = tier
  return options
}

/** https://ai.google.dev/gemini-api/docs/optimization, read 2026-11-24; `auto` is what no word asks for as well. */
const serviceTiers: ReadonlyMap<string, string> = new Map([
  ['default', 'standard'],
  ['flex', 'flex'],
  ['priority', 'priority'],
])
