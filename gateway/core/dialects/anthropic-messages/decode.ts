/** Whole replies: everything is checked, and a completion that validates strictly is built anew. */
import type { AnswerMessage, ChatCompletion, ReasoningDetail, ToolCall } from '../../../../schemas/index.ts'
import type { ProviderFailure } from '../../chat/failure.ts'
import { settleFinishReason } from '../../chat/finish-reason.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { parseExactJson } from '../../chat/exact-json.ts'
import { isRecord, recordOf, textOf } from '../../chat/loose.ts'
import { betweenThoughts, redactedDetail, thoughtDetail } from '../../chat/signed-reasoning.ts'
import { Sources } from '../../chat/sources.ts'
import { argumentsText, fallbackToolCallId } from '../../chat/tool-calls.ts'
import { answerFailure } from '../../chat/wire-failure.ts'
import type { DecodeContext, Decoded } from '../dialect.ts'
import { embeddedFailure } from './errors.ts'
import { readFinishReason, readRefusal } from './finish.ts'
import { mergeCounts, readServiceTier, renderCounts, uncounted } from './usage.ts'

export function decode(body: string, context: DecodeContext): Decoded {
  const reply = parseExactJson(body)
  if (reply === undefined) return { failure: answerFailure("the provider's answer is not JSON") }
  if (!isRecord(reply)) return { failure: answerFailure("the provider's answer is not a message") }
  const { type, error, content } = reply
  if (type === 'error' || isRecord(error)) return { failure: embeddedFailure(reply) }
  const native = textOf(reply['stop_reason'])
  if (!Array.isArray(content) || (content.length === 0 && native === null)) {
    return { failure: answerFailure('the provider sent an empty answer') }
  }
  const id = textOf(reply['id']) ?? context.fallbackId
  const answer = new Answer(id, context.answerTool ?? null)
  for (const block of content) if (isRecord(block)) answer.take(block)
  if (answer.failure !== null) return { failure: answer.failure }
  const message = answer.message(readRefusal(reply), context.legacyCalls === true)
  const usage = renderCounts(mergeCounts(uncounted, reply['usage']))
  const tier = readServiceTier(recordOf(reply['usage']))
  const holds = { toolCalls: message.tool_calls !== undefined, functionCall: message.function_call !== undefined }
  const completion: ChatCompletion = {
    id,
    object: 'chat.completion',
    created: context.createdSeconds,
    model: textOf(reply['model']) ?? context.model,
    choices: [
      { index: 0, message, logprobs: null, finish_reason: settleFinishReason(readFinishReason(native), holds) },
    ],
  }
  if (usage !== null) completion.usage = usage.wire
  if (tier !== null) completion.service_tier = tier
  return { completion, usage: usage?.tokens ?? null, nativeFinishReason: native }
}

/** One answer, block by block. */
class Answer {
  failure: ProviderFailure | null = null
  private readonly id: string
  private readonly answerTool: string | null
  private hasAnswer = false
  private hasText = false
  private text = ''
  private reasoning = ''
  private readonly details: ReasoningDetail[] = []
  private readonly calls: (ToolCall & { type: 'function' })[] = []
  private readonly ids = new Set<string>()
  private readonly sources = new Sources()

  constructor(id: string, answerTool: string | null) {
    this.id = id
    this.answerTool = answerTool
  }

  /** Blocks of tools that ran at the provider have no place in OpenAI's answer; what they found is in the text. */
  take(block: LooseRecord): void {
    const { type, text, thinking, signature, data, citations } = block
    if (type === 'text' && typeof text === 'string') {
      const start = this.text.length
      this.text += text
      this.hasText ||= text.trim() !== ''
      if (Array.isArray(citations)) this.sources.add(citations, start, this.text.length)
    } else if (type === 'thinking') {
      this.takeThought(textOf(thinking) ?? '', textOf(signature))
    } else if (type === 'redacted_thinking' && typeof data === 'string') {
      this.details.push(redactedDetail(data, this.place))
    } else if (type === 'tool_use') this.takeCall(block)
  }

  private takeThought(thinking: string, signature: string | null): void {
    if (signature !== null) this.details.push(thoughtDetail(thinking, signature, this.place))
    if (thinking !== '') this.reasoning += this.reasoning === '' ? thinking : betweenThoughts + thinking
  }

  private takeCall({ id, name, input }: LooseRecord): void {
    if (typeof name !== 'string' || name === '') {
      this.failure ??= answerFailure('the provider sent a tool call without a name')
    } else if (name === this.answerTool) {
      // One answer was asked for; two texts of JSON in a row would be none.
      if (!this.hasAnswer) this.text += argumentsText(input)
      this.hasAnswer = true
      this.hasText = true
    } else {
      const called = { name, arguments: argumentsText(input) }
      const given = textOf(id)
      const isNew = given !== null && !this.ids.has(given)
      const own = isNew ? given : fallbackToolCallId(this.id, 0, this.calls.length)
      this.ids.add(own)
      this.calls.push({ id: own, type: 'function', function: called })
    }
  }

  /** Where a thought will stand among the blocks when the message comes back. */
  private get place(): number {
    return this.details.length + Number(this.hasText) + this.calls.length
  }

  message(refusal: string | null, inOlderForm: boolean): AnswerMessage {
    const { text, calls, sources } = this
    const message: AnswerMessage = {
      role: 'assistant',
      content: text === '' && calls.length > 0 ? null : text,
      refusal,
    }
    if (this.reasoning !== '') message.reasoning_content = this.reasoning
    if (this.details.length > 0) message.reasoning_details = this.details
    const [first] = calls
    if (inOlderForm && first !== undefined) message.function_call = first.function
    else if (calls.length > 0) message.tool_calls = calls
    if (sources.annotations.length > 0) message.annotations = sources.annotations
    if (sources.citations.length > 0) message.citations = sources.citations
    return message
  }
}
