/** Whole replies: everything is checked, and a completion that validates strictly is built anew. */
import type {
  AnswerFunctionCall,
  AnswerMessage,
  ChatCompletion,
  Choice,
  Citation,
  FinishReason,
  ToolCall,
} from '../../../../schemas/index.ts'
import type { ProviderFailure } from '../../chat/failure.ts'
import { settleFinishReason } from '../../chat/finish-reason.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { countOf, isRecord, parseJson, recordOf, textOf } from '../../chat/loose.ts'
import { argumentsText, fallbackToolCallId } from '../../chat/tool-calls.ts'
import { answerFailure } from '../../chat/wire-failure.ts'
import type { DecodeContext, Decoded } from '../dialect.ts'
import { decodeEmbeddedError } from './errors.ts'
import { readFinishReason, readNativeReason } from './finish.ts'
import { readHead } from './head.ts'
import { readAnnotations, readCitations, readContentParts, readLogprobs, readReasoning } from './parts.ts'
import { readReasoningDetails } from './reasoning-details.ts'
import { readUsage } from './usage.ts'

export function decode(body: string, context: DecodeContext): Decoded {
  const reply = parseJson(body)
  if (reply === undefined) return { failure: answerFailure("the provider's answer is not JSON") }
  const error = decodeEmbeddedError(reply)
  if (error !== null) return { failure: error }
  if (!isRecord(reply)) return { failure: answerFailure("the provider's answer is not a chat completion") }
  const head = readHead(reply)
  const id = head.id ?? context.fallbackId
  const choices: Choice[] = []
  const taken = new Set<number>()
  for (const [position, raw] of listOf(reply['choices']).entries()) {
    const choice = decodeChoice(raw, position, { id, citations: position === 0 ? readCitations(reply) : null })
    if (choice === null) continue
    if ('class' in choice) return { failure: choice }
    // Clients find a choice by its number; where several have the same one, they are numbered on.
    let { index } = choice
    for (let next = choices.length; taken.has(index); next += 1) index = next
    taken.add(index)
    choices.push(index === choice.index ? choice : { ...choice, index })
  }
  if (choices.length === 0) return { failure: answerFailure('the provider sent an empty answer') }
  const completion: ChatCompletion = {
    id,
    object: 'chat.completion',
    created: head.createdSeconds ?? context.createdSeconds,
    model: head.model ?? context.model,
    choices,
  }
  const usage = readUsage(reply['usage'])
  if (usage !== null) completion.usage = usage.wire
  if (head.serviceTier !== null) completion.service_tier = head.serviceTier
  if (head.systemFingerprint !== null) completion.system_fingerprint = head.systemFingerprint
  return { completion, usage: usage?.tokens ?? null, nativeFinishReason: nativeReason(listOf(reply['choices'])[0]) }
}

// ---- choices ----

interface Surroundings {
  /** The answer's id, to make ids of calls from. */
  readonly id: string
  /** Sources that stand beside the choices. */
  readonly citations: Citation[] | null
}

/** Null for a choice that holds neither a message nor a reason to stop. */
function decodeChoice(raw: unknown, position: number, around: Surroundings): Choice | ProviderFailure | null {
  if (!isRecord(raw)) return null
  const error = raw['error'] === undefined ? null : decodeEmbeddedError(raw)
  if (error !== null) return error
  const native = readNativeReason(raw['finish_reason'])
  const source = recordOf(raw['message']) ?? recordOf(raw['delta'])
  if (source === null && native === null) return null
  const given = native === null ? 'stop' : readFinishReason(native)
  if (typeof given !== 'string') return given
  const index = countOf(raw['index']) ?? position
  const calls = decodeToolCalls(source?.['tool_calls'], around.id, index)
  if (!Array.isArray(calls)) return calls
  const functionCall = calls.length === 0 ? decodeFunctionCall(source?.['function_call']) : null
  const message = decodeMessage(source ?? {}, around.citations)
  if (calls.length > 0) message.tool_calls = calls
  if (functionCall !== null) message.function_call = functionCall
  const finishReason = settle(given, calls, functionCall)
  return { index, message, logprobs: readLogprobs(raw['logprobs']), finish_reason: finishReason }
}

// ---- text, reasoning, extras ----

function decodeMessage(source: LooseRecord, around: Citation[] | null): AnswerMessage {
  const { content, refusal, audio } = source
  let text = typeof content === 'string' ? content : null
  let reasoning = readReasoning(source)
  if (Array.isArray(content)) {
    const parts = readContentParts(content)
    text = parts.map((part) => (part.kind === 'text' ? part.text : '')).join('')
    if (reasoning === '') reasoning = parts.map((part) => (part.kind === 'reasoning' ? part.text : '')).join('')
  }
  const message: AnswerMessage = { role: 'assistant', content: text, refusal: textOf(refusal) }
  if (reasoning !== '') message.reasoning_content = reasoning
  const annotations = readAnnotations(source['annotations'])
  if (annotations !== null) message.annotations = annotations
  const details = readReasoningDetails(source['reasoning_details'])
  if (details !== null) message.reasoning_details = details
  const citations = readCitations(source) ?? around
  if (citations !== null) message.citations = citations
  if (isAudio(audio)) message.audio = audio
  return message
}

function isAudio(value: unknown): value is NonNullable<AnswerMessage['audio']> {
  if (!isRecord(value) || Object.keys(value).length !== 4) return false
  const { id, data, transcript, expires_at: expires } = value
  return [id, data, transcript].every((part) => typeof part === 'string') && Number.isSafeInteger(expires)
}

// ---- tools ----

function decodeToolCalls(value: unknown, answerId: string, choice: number): ToolCall[] | ProviderFailure {
  const calls: ToolCall[] = []
  const ids = new Set<string>()
  for (const raw of listOf(value)) {
    if (!isRecord(raw)) continue
    const given = textOf(raw['id'])
    const id = given === null || ids.has(given) ? fallbackToolCallId(answerId, choice, calls.length) : given
    ids.add(id)
    const custom = recordOf(raw['custom'])
    const called = custom ?? recordOf(raw['function'])
    const name = textOf(called?.['name'])
    if (called === null || name === null) return answerFailure('the provider sent a tool call without a name')
    if (custom === null) {
      calls.push({ id, type: 'function', function: { name, arguments: argumentsText(called['arguments']) } })
    } else
      calls.push({
        id,
        type: 'custom',
        custom: { name, input: typeof custom['input'] === 'string' ? custom['input'] : '' },
      })
  }
  return calls
}

/** The older form of a call. */
function decodeFunctionCall(value: unknown): AnswerFunctionCall | null {
  const name = isRecord(value) ? textOf(value['name']) : null
  return name === null || !isRecord(value) ? null : { name, arguments: argumentsText(value['arguments']) }
}

// ---- finish ----

function settle(
  given: FinishReason,
  calls: readonly ToolCall[],
  functionCall: AnswerFunctionCall | null,
): FinishReason {
  return settleFinishReason(given, { toolCalls: calls.length > 0, functionCall: functionCall !== null })
}

function nativeReason(choice: unknown): string | null {
  if (!isRecord(choice)) return null
  return textOf(choice['native_finish_reason']) ?? readNativeReason(choice['finish_reason'])
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
