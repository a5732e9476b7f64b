/** What a client makes of a stream, for tests of anything that emits one. */
import type { ChatCompletion, ChatCompletionChunk } from '../../../../schemas/index.ts'

/**
 * Folds chunks the way a client does, and throws where a client would stumble: a second role, a gap in the numbers of
 * calls, a name or id twice, anything after a finish reason, anything after usage.
 */
export function foldChunks(chunks: readonly ChatCompletionChunk[]): ChatCompletion {
  const first = chunks[0]
  if (first === undefined) throw new Error('a stream without chunks')
  const choices: Folded[] = []
  let usage: ChatCompletion['usage']
  for (const chunk of chunks) {
    if (usage !== undefined) throw new Error('something came after usage')
    if (chunk.id !== first.id || chunk.created !== first.created || chunk.model !== first.model) {
      throw new Error('id, created or model changed within the stream')
    }
    if (chunk.choices.length === 0 && (chunk.usage === null || chunk.usage === undefined))
      throw new Error('an empty chunk')
    if (chunk.usage !== null && chunk.usage !== undefined) {
      if (chunk.choices.length > 0) throw new Error('usage beside choices')
      usage = chunk.usage
    }
    for (const choice of chunk.choices) foldChoice((choices[choice.index] ??= newFolded()), choice)
  }
  const completion: ChatCompletion = {
    id: first.id,
    object: 'chat.completion',
    created: first.created,
    model: first.model,
    choices: choices.map((choice, index) => {
      if (choice.finish === null) throw new Error('a choice without a finish reason')
      return { index, message: choice.message, logprobs: choice.logprobs, finish_reason: choice.finish }
    }),
  }
  if (usage !== undefined) completion.usage = usage
  if (first.system_fingerprint !== undefined) completion.system_fingerprint = first.system_fingerprint
  if (first.service_tier !== undefined) completion.service_tier = first.service_tier
  return completion
}

type Chunked = ChatCompletionChunk['choices'][number]
type Message = ChatCompletion['choices'][number]['message']

interface Folded {
  opened: boolean
  readonly message: Message
  logprobs: ChatCompletion['choices'][number]['logprobs']
  finish: ChatCompletion['choices'][number]['finish_reason'] | null
}

function newFolded(): Folded {
  const message: Message = { role: 'assistant', content: null, refusal: null }
  return { opened: false, message, logprobs: null, finish: null }
}

function foldChoice(folded: Folded, { delta, logprobs, finish_reason: finish }: Chunked): void {
  const { message } = folded
  if (folded.finish !== null) throw new Error('something came after a finish reason')
  if (folded.opened === (delta.role !== undefined)) throw new Error('a role twice, or none at the start')
  folded.opened = true
  foldText(message, delta)
  for (const call of delta.tool_calls ?? []) foldCall((message.tool_calls ??= []), call)
  if (delta.function_call !== undefined) {
    foldFunction((message.function_call ??= { name: '', arguments: '' }), delta.function_call)
  }
  if (logprobs !== null) {
    folded.logprobs = {
      content: joined(folded.logprobs?.content, logprobs.content),
      refusal: joined(folded.logprobs?.refusal, logprobs.refusal),
    }
  }
  folded.finish = finish
}

function foldText(message: Message, delta: Chunked['delta']): void {
  if (typeof delta.content === 'string') message.content = (message.content ?? '') + delta.content
  if (typeof delta.refusal === 'string') message.refusal = (message.refusal ?? '') + delta.refusal
  if (delta.reasoning_content !== undefined) {
    message.reasoning_content = (message.reasoning_content ?? '') + delta.reasoning_content
  }
  if (delta.audio !== undefined) message.audio = foldAudio(message.audio ?? null, delta.audio)
  // As the `openai` client does with what it does not know: the last one stays.
  if (delta.reasoning_details !== undefined) message.reasoning_details = delta.reasoning_details
  if (delta.annotations !== undefined) message.annotations = [...(message.annotations ?? []), ...delta.annotations]
  if (delta.citations !== undefined) message.citations = [...(message.citations ?? []), ...delta.citations]
}

function foldAudio(
  before: NonNullable<Message['audio']> | null,
  piece: NonNullable<Chunked['delta']['audio']>,
): NonNullable<Message['audio']> {
  return {
    id: piece.id ?? before?.id ?? '',
    expires_at: piece.expires_at ?? before?.expires_at ?? 0,
    data: (before?.data ?? '') + (piece.data ?? ''),
    transcript: (before?.transcript ?? '') + (piece.transcript ?? ''),
  }
}

function foldFunction(
  call: NonNullable<Message['function_call']>,
  piece: NonNullable<Chunked['delta']['function_call']>,
): void {
  if (piece.name !== undefined && call.name !== '') throw new Error('a function named twice')
  call.name += piece.name ?? ''
  call.arguments += piece.arguments ?? ''
}

function joined<One>(before: One[] | null | undefined, after: One[] | null): One[] | null {
  return after === null ? (before ?? null) : [...(before ?? []), ...after]
}

type CallDelta = NonNullable<Chunked['delta']['tool_calls']>[number]

function foldCall(calls: NonNullable<Message['tool_calls']>, call: CallDelta): void {
  const known = calls[call.index]
  if (known === undefined) {
    if (call.index !== calls.length) throw new Error('the numbers of calls have a gap')
    calls.push(announced(call))
    return
  }
  if (call.id !== undefined || (call.function ?? call.custom)?.name !== undefined) {
    throw new Error('a call announced twice')
  }
  if (known.type === 'function') known.function.arguments += call.function?.arguments ?? ''
  else known.custom.input += call.custom?.input ?? ''
}

function announced({ id, type, function: called, custom }: CallDelta): NonNullable<Message['tool_calls']>[number] {
  const name = (called ?? custom)?.name
  if (id === undefined || id === '' || name === undefined || name === '') throw new Error('a nameless call')
  if (type === 'custom') return { id, type, custom: { name, input: custom?.input ?? '' } }
  return { id, type: 'function', function: { name, arguments: called?.arguments ?? '' } }
}
