/** Whole replies: everything is checked, and a completion that validates strictly is built anew. */
import type { AnswerMessage, ChatCompletion, ReasoningDetail, ToolCall } from '../../../../schemas/index.ts'
import type { ProviderFailure } from '../../chat/failure.ts'
import { settleFinishReason } from '../../chat/finish-reason.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { isRecord, recordOf, textOf } from '../../chat/loose.ts'
import { betweenThoughts, redactedDetail, thoughtDetail } from '../../chat/signed-reasoning.ts'
import { Sources } from '../../chat/sources.ts'
import { argumentsText, fallbackToolCallId } from '../../chat/tool-calls.ts'
import { answerFailure } from '../../chat/wire-failure.ts'
import type { DecodeContext, Decoded } from '../dialect.ts'
import { webAddressOf } from './citations.ts'
import { embeddedFailure } from './errors.ts'
import { parseExactJson } from '../../chat/exact-json.ts'
import { malformedFailure, readFinishReason } from './finish.ts'
import { bedrockFormat } from './reasoning.ts'
import { readServiceTier, readUsage } from './usage.ts'

export function decode(body: string, context: DecodeContext): Decoded {
  const reply = parseExactJson(body)
  if (reply === undefined) return { failure: answerFailure("the provider's answer is not JSON") }
  if (!isRecord(reply)) return { failure: answerFailure("the provider's answer is not a message") }
  const { output } = reply
  const native = textOf(reply['stopReason'])
  const given = recordOf(recordOf(output)?.['message'])?.['content']
  const content = typeof given === 'string' ? [{ text: given }] : given
  if (!Array.isArray(content) && native === null) return { failure: embeddedFailure(reply) }
  const blocks: readonly unknown[] = Array.isArray(content) ? content : []
  const answer = new Answer(context)
  for (const block of blocks) if (isRecord(block)) answer.take(block)
  const failure = malformedFailure(native) ?? answer.failure
  if (failure !== null) return { failure }
  if (native === null && !answer.isSaid) return { failure: answerFailure('the provider sent an empty answer') }
  const message = answer.message(context.legacyCalls === true)
  const usage = readUsage(reply['usage'])
  const tier = readServiceTier(reply['serviceTier'])
  const holds = { toolCalls: message.tool_calls !== undefined, functionCall: message.function_call !== undefined }
  const completion: ChatCompletion = {
    id: context.fallbackId,
    object: 'chat.completion',
    created: context.createdSeconds,
    model: context.model,
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
  private readonly sources = new Sources(webAddressOf)

  constructor({ fallbackId, answerTool }: DecodeContext) {
    this.id = fallbackId
    this.answerTool = answerTool ?? null
  }

  /** Blocks of tools that ran at the provider have no place in OpenAI's answer; what they found is in the text. */
  take(block: LooseRecord): void {
    const { text, reasoningContent, toolUse, citationsContent } = block
    if (typeof text === 'string') this.takeText(text)
    else if (isRecord(reasoningContent)) this.takeThought(reasoningContent)
    else if (isRecord(toolUse)) this.takeCall(toolUse)
    else if (isRecord(citationsContent)) this.takeCited(citationsContent)
  }

  private takeText(text: string): void {
    this.text += text
    this.hasText ||= text.trim() !== ''
  }

  private takeThought({ reasoningText, redactedContent }: LooseRecord): void {
    const thought = recordOf(reasoningText)
    const said = textOf(thought?.['text']) ?? ''
    const signature = textOf(thought?.['signature'])
    const redacted = textOf(redactedContent)
    if (signature !== null) this.details.push(thoughtDetail(said, signature, this.place))
    if (redacted !== null) this.details.push(redactedDetail(redacted, this.place, bedrockFormat))
    if (said !== '') this.reasoning += this.reasoning === '' ? said : betweenThoughts + said
  }

  private takeCited({ content, citations }: LooseRecord): void {
    const start = this.text.length
    for (const piece of Array.isArray(content) ? content : []) this.takeText(textOf(recordOf(piece)?.['text']) ?? '')
    if (Array.isArray(citations)) this.sources.add(citations, start, this.text.length)
  }

  private takeCall({ toolUseId, name, input, type }: LooseRecord): void {
    if (type === 'server_tool_use') return
    if (typeof name !== 'string' || name === '') {
      this.failure ??= answerFailure('the provider sent a tool call without a name')
    } else if (name === this.answerTool) {
      // One answer was asked for; two texts of JSON in a row would be none.
      if (!this.hasAnswer) this.text += argumentsText(input)
      this.hasAnswer = true
      this.hasText = true
    } else {
      const called = { name, arguments: argumentsText(input) }
      const given = textOf(toolUseId)
      const isNew = given !== null && !this.ids.has(given)
      const own = isNew ? given : fallbackToolCallId(this.id, 0, this.calls.length)
      this.ids.add(own)
      this.calls.push({ id: own, type: 'function', function: called })
    }
  }

  get isSaid(): boolean {
    return this.text !== '' || this.reasoning !== '' || this.details.length > 0 || this.calls.length > 0
  }

  /** Where a thought will stand among the blocks when the message comes back. */
  private get place(): number {
    return this.details.length + Number(this.hasText) + this.calls.length
  }

  message(inOlderForm: boolean): AnswerMessage {
    const { text, calls, sources } = this
    const message: AnswerMessage = {
      role: 'assistant',
      content: text === '' && calls.length > 0 ? null : text,
      refusal: null,
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
