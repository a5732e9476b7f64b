/** Whole replies: everything is checked, and a completion that validates strictly is built anew. */
import type { AnswerMessage, ChatCompletion, FunctionToolCall } from '../../../../schemas/index.ts'
import { renderUsage } from '../../chat/emit-usage.ts'
import { settleFinishReason } from '../../chat/finish-reason.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { isRecord, parseJson, recordOf, textOf } from '../../chat/loose.ts'
import { argumentsText, fallbackToolCallId } from '../../chat/tool-calls.ts'
import { answerFailure } from '../../chat/wire-failure.ts'
import type { DecodeContext, Decoded } from '../dialect.ts'
import { betweenThoughts, contentParts, isNoInput, partsOf, readCitations, readLogprobs } from './answer.ts'
import { embeddedFailure } from './errors.ts'
import { readEnd } from './finish.ts'
import { decodeToolName } from './tool-names.ts'
import { readUsage } from './usage.ts'

export function decode(body: string, context: DecodeContext): Decoded {
  const reply = parseJson(body)
  if (reply === undefined) return { failure: answerFailure("the provider's answer is not JSON") }
  if (!isRecord(reply)) return { failure: answerFailure("the provider's answer is not a chat reply") }
  const native = textOf(reply['finish_reason'])
  const end = readEnd(reply)
  if (typeof end !== 'string') return { failure: end }
  const error = embeddedFailure(reply)
  if (error !== null) return { failure: error }
  const source = recordOf(reply['message'])
  if (source === null || (native === null && isBlank(source))) {
    return { failure: answerFailure('the provider sent an empty answer') }
  }
  const id = textOf(reply['id']) ?? context.fallbackId
  const calls = decodeToolCalls(source, id)
  if (calls === null) return { failure: answerFailure('the provider sent a tool call without a name') }
  const message = decodeMessage(source, calls, context.legacyCalls === true)
  const holds = { toolCalls: message.tool_calls !== undefined, functionCall: message.function_call !== undefined }
  const completion: ChatCompletion = {
    id,
    object: 'chat.completion',
    created: context.createdSeconds,
    model: context.model,
    choices: [
      {
        index: 0,
        message,
        logprobs: readLogprobs(reply['logprobs']),
        finish_reason: settleFinishReason(end, holds),
      },
    ],
  }
  const usage = readUsage(reply)
  if (usage !== null) completion.usage = renderUsage(usage)
  return { completion, usage, nativeFinishReason: native }
}

function isBlank({ content, tool_calls: calls, tool_plan: plan }: LooseRecord): boolean {
  return contentParts(content).length === 0 && partsOf(calls).length === 0 && textOf(plan) === null
}

// ---- text and reasoning ----

function decodeMessage(source: LooseRecord, calls: FunctionToolCall[], inOlderForm: boolean): AnswerMessage {
  const parts = contentParts(source['content'])
  const text = parts.map((part) => (typeof part['text'] === 'string' ? part['text'] : '')).join('')
  const message: AnswerMessage = {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    refusal: null,
  }
  const thoughts = [...parts.map((part) => textOf(part['thinking'])), textOf(source['tool_plan'])]
  const reasoning = thoughts.filter((thought) => thought !== null).join(betweenThoughts)
  if (reasoning !== '') message.reasoning_content = reasoning
  const citations = readCitations(source['citations'])
  if (citations.length > 0) message.citations = citations
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
  const ids = new Set<string>()
  for (const call of partsOf(source['tool_calls'])) {
    const called = recordOf(call['function'])
    const name = textOf(called?.['name'])
    if (called === null || name === null) return null
    const given = textOf(call['id'])
    const id = given === null || ids.has(given) ? fallbackToolCallId(answerId, 0, calls.length) : given
    ids.add(id)
    const input = argumentsText(called['arguments'])
    const text = isNoInput(input) ? '{}' : input
    calls.push({ id, type: 'function', function: { name: decodeToolName(name), arguments: text } })
  }
  return calls
}
