/** A whole answer as a stream, for callers that asked for one where the provider answered with the whole. */
import type { ChatCompletion, ChatCompletionChunk, Choice, ToolCall } from '../../../schemas/index.ts'
import type { DecodeContext } from '../dialects/dialect.ts'
import type { MessageExtras } from './emit-stream.ts'
import { ChunkWriter } from './emit-stream.ts'

/** The chunks of a completion that validates strictly, ready to be sent; usage is among them when it was asked for. */
export function chunksOf(completion: ChatCompletion, context: DecodeContext): readonly ChatCompletionChunk[] {
  const writer = new ChunkWriter(context)
  writer.identify({
    id: completion.id,
    createdSeconds: completion.created,
    model: completion.model,
    systemFingerprint: completion.system_fingerprint ?? null,
    serviceTier: completion.service_tier ?? null,
  })
  for (const choice of completion.choices) writeChoice(writer, choice)
  if (completion.usage !== undefined) writer.countUsage(completion.usage)
  writer.end(true)
  return writer.step().chunks
}

function writeChoice(writer: ChunkWriter, { index, message, logprobs, finish_reason: reason }: Choice): void {
  const { content, refusal, reasoning_content: reasoning, tool_calls: calls = [], function_call: call, audio } = message
  writer.open(index, content === null ? null : '')
  if (reasoning !== undefined && reasoning !== '') writer.reasoning(index, reasoning)
  const tellsText = content !== null && content !== ''
  if (tellsText) writer.text(index, content, logprobs)
  if (refusal !== null && refusal !== '') writer.refusal(index, refusal, tellsText ? null : logprobs)
  else if (!tellsText && logprobs !== null) writer.logprobs(index, logprobs)
  if (audio !== undefined && audio !== null) writer.audio(index, audio)
  for (const [slot, one] of calls.entries()) writer.toolCall(index, slot, pieceOf(one))
  if (call !== undefined) writer.functionCall(index, call.name, call.arguments)
  const extras = extrasOf(message)
  if (Object.keys(extras).length > 0) writer.extras(index, extras)
  writer.finish(index, reason)
}

function pieceOf(call: ToolCall): Parameters<ChunkWriter['toolCall']>[2] {
  const { id } = call
  if (call.type === 'custom') return { id, name: call.custom.name, arguments: call.custom.input, isCustom: true }
  return { id, name: call.function.name, arguments: call.function.arguments }
}

function extrasOf({ annotations, citations, reasoning_details: details }: Choice['message']): MessageExtras {
  return {
    ...(annotations !== undefined && annotations.length > 0 && { annotations }),
    ...(citations !== undefined && citations.length > 0 && { citations }),
    ...(details !== undefined && details.length > 0 && { reasoning_details: details }),
  }
}
