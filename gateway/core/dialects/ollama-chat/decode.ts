/** Whole replies: everything is checked, and a completion that validates strictly is built anew. */
import type { AnswerMessage, ChatCompletion, FunctionToolCall } from '../../../../schemas/index.ts'
import { renderUsage } from '../../chat/emit-usage.ts'
import { settleFinishReason } from '../../chat/finish-reason.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { parseExactJson } from '../../chat/exact-json.ts'
import { isRecord, recordOf, textOf } from '../../chat/loose.ts'
import { fallbackToolCallId } from '../../chat/tool-calls.ts'
import { answerFailure } from '../../chat/wire-failure.ts'
import type { DecodeContext, Decoded } from '../dialect.ts'
import { readCalls, readHead, readLogprobs } from './answer.ts'
import { decodeEmbeddedError } from './errors.ts'
import { readDoneReason } from './finish.ts'
import { readUsage } from './usage.ts'

export function decode(body: string, context: DecodeContext): Decoded {
  const reply = parseExactJson(body)
  if (reply === undefined) return { failure: answerFailure("the provider's answer is not JSON") }
  if (!isRecord(reply)) return { failure: answerFailure("the provider's answer is not a chat reply") }
  const error = decodeEmbeddedError(reply)
  if (error !== null) return { failure: error }
  const source = recordOf(reply['message'])
  if (source === null) return { failure: answerFailure('the provider sent an empty answer') }
  if (reply['done'] === false) return { failure: answerFailure('the provider sent a part of an answer') }
  const native = textOf(reply['done_reason'])
  const given = readDoneReason(native)
  if (typeof given !== 'string') return { failure: given }
  const calls = decodeToolCalls(source, context.fallbackId)
  if (calls === null) return { failure: answerFailure('the provider sent a tool call without a name') }
  const head = readHead(reply)
  const message = decodeMessage(source, calls, context.legacyCalls === true)
  const holds = { toolCalls: message.tool_calls !== undefined, functionCall: message.function_call !== undefined }
  const completion: ChatCompletion = {
    id: context.fallbackId,
    object: 'chat.completion',
    created: head.createdSeconds ?? context.createdSeconds,
    model: head.model ?? context.model,
    choices: [{ index: 0, message, logprobs: readLogprobs(reply), finish_reason: settleFinishReason(given, holds) }],
  }
  const usage = readUsage(reply)
  if (usage !== null) completion.usage = renderUsage(usage)
  return { completion, usage, nativeFinishReason: native }
}

// ---- text and reasoning ----

function decodeMessage(source: LooseRecord, calls: FunctionToolCall[], inOlderForm: boolean): AnswerMessage {
  const text = textOf(source['content'])
  // The server sends an empty text where there is none.
  const message: AnswerMessage = { role: 'assistant', content: text ?? (calls.length > 0 ? null : ''), refusal: null }
  const reasoning = textOf(source['thinking'])
  if (reasoning !== null) message.reasoning_content = reasoning
  const [first] = calls
  if (first === undefined) return message
  // The older form has one call only.
  if (inOlderForm) message.function_call = first.function
  else message.tool_calls = calls
  return message
}

// ---- tools ----

/** Null when one of them has no name. */
function decodeToolCalls(source: LooseRecord, answerId: string): FunctionToolCall[] | null {
  const calls: FunctionToolCall[] = []
  const ids = new Set([''])
  for (const call of readCalls(source)) {
    if (call === null) return null
    const id = ids.has(call.id) ? fallbackToolCallId(answerId, 0, calls.length) : call.id
    ids.add(id)
    calls.push({ id, type: 'function', function: { name: call.name, arguments: call.arguments } })
  }
  return calls
}
