/** Whole replies: everything is checked, and a completion that validates strictly is built anew. */
import type { AnswerMessage, ChatCompletion, Choice, FunctionToolCall } from '../../../../schemas/index.ts'
import type { ProviderFailure } from '../../chat/failure.ts'
import { settleFinishReason } from '../../chat/finish-reason.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { countOf, isRecord, parseJson, textOf } from '../../chat/loose.ts'
import { answerFailure } from '../../chat/wire-failure.ts'
import type { DecodeContext, Decoded } from '../dialect.ts'
import type { Listener } from './candidate.ts'
import { Candidate } from './candidate.ts'
import { embeddedFailure } from './errors.ts'
import { blockedPrompt, candidateFailure, readFinishReason } from './finish.ts'
import { readLogprobs } from './logprobs.ts'
import { mergeCounts, readServiceTier, renderCounts, uncounted } from './usage.ts'

export function decode(body: string, context: DecodeContext): Decoded {
  const reply = parseJson(body)
  if (reply === undefined) return { failure: answerFailure("the provider's answer is not JSON") }
  const error = embeddedFailure(reply)
  if (error !== null) return { failure: error }
  if (!isRecord(reply)) return { failure: answerFailure("the provider's answer is not one") }
  const candidates = candidatesOf(reply)
  if (candidates.length === 0) {
    return { failure: blockedPrompt(reply) ?? answerFailure('the provider sent an empty answer') }
  }
  const id = textOf(reply['responseId']) ?? context.fallbackId
  const choices: Choice[] = []
  for (const candidate of candidates) {
    const choice = decodeCandidate(candidate, choices.length, { id, context })
    if ('failure' in choice) return choice
    choices.push(choice)
  }
  const { usageMetadata } = reply
  const usage = renderCounts(mergeCounts(uncounted, usageMetadata))
  const tier = readServiceTier(usageMetadata)
  const completion: ChatCompletion = {
    id,
    object: 'chat.completion',
    created: readCreated(reply) ?? context.createdSeconds,
    model: textOf(reply['modelVersion']) ?? context.model,
    choices,
  }
  if (usage !== null) completion.usage = usage.wire
  if (tier !== null) completion.service_tier = tier
  return {
    completion,
    usage: usage?.tokens ?? null,
    nativeFinishReason: textOf(candidates[0]?.['finishReason']),
  }
}

/** Those that hold something, or say that they hold nothing; by their numbers. */
function candidatesOf({ candidates }: LooseRecord): LooseRecord[] {
  if (!Array.isArray(candidates)) return []
  return candidates
    .filter(isRecord)
    .filter(({ content, finishReason }) => isRecord(content) || textOf(finishReason) !== null)
    .toSorted((one, other) => (countOf(one['index']) ?? 0) - (countOf(other['index']) ?? 0))
}

/** Unix seconds; null when the reply does not say (only Vertex AI does). Reads the text, not the clock. */
export function readCreated(reply: LooseRecord): number | null {
  const said = textOf(reply['createTime'])
  const createdMs = said === null ? Number.NaN : Date.parse(said)
  return createdMs >= 1000 ? Math.floor(createdMs / 1000) : null
}

interface Answering {
  readonly id: string
  readonly context: DecodeContext
}

function decodeCandidate(
  source: LooseRecord,
  index: number,
  { id, context }: Answering,
): Choice | { readonly failure: ProviderFailure } {
  const failed = candidateFailure(source)
  if (failed !== null) return { failure: failed }
  const answer = new Answer()
  const candidate = new Candidate(index, answer)
  candidate.take(source, id)
  candidate.end()
  if (answer.failure !== null) return { failure: answer.failure }
  const message: AnswerMessage = {
    ...answer.message(context.legacyCalls === true),
    ...candidate.extras,
  }
  const native = textOf(source['finishReason'])
  if (native === null && !answer.isSaid) return { failure: answerFailure('the provider sent an empty answer') }
  const holds = { toolCalls: message.tool_calls !== undefined, functionCall: message.function_call !== undefined }
  const finish = settleFinishReason(readFinishReason(native), holds)
  return { index, message, logprobs: readLogprobs(source['logprobsResult']), finish_reason: finish }
}

/** Gathers the parts of one candidate. */
class Answer implements Listener {
  failure: ProviderFailure | null = null
  private said = ''
  private reasoning = ''
  private readonly calls: FunctionToolCall[] = []

  text(text: string): void {
    this.said += text
  }

  thought(text: string): void {
    this.reasoning += text
  }

  call(_slot: number, { id, name, arguments: json }: Parameters<Listener['call']>[1]): void {
    this.calls.push({ id, type: 'function', function: { name, arguments: json } })
  }

  callArguments(slot: number, json: string): void {
    const call = this.calls[slot]
    if (call !== undefined) call.function.arguments = json
  }

  fail(failure: ProviderFailure): void {
    this.failure ??= failure
  }

  get isSaid(): boolean {
    return this.said !== '' || this.reasoning !== '' || this.calls.length > 0
  }

  message(inOlderForm: boolean): AnswerMessage {
    const { said, reasoning, calls } = this
    const [first] = calls
    const message: AnswerMessage = {
      role: 'assistant',
      content: said === '' && first !== undefined ? null : said,
      refusal: null,
    }
    if (reasoning !== '') message.reasoning_content = reasoning
    if (first === undefined) return message
    // The older form has one call only.
    if (inOlderForm) message.function_call = first.function
    else message.tool_calls = calls
    return message
  }
}
