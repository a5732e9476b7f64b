/** Requests: the conversation, the tools and the limits in this language, under the rules of the model that is asked. */
import type { ChatCompletionRequest } from '../../../../schemas/index.ts'
import { EncodeNotes } from '../../chat/encode-notes.ts'
import type { ProviderFailure } from '../../chat/failure.ts'
import type { EncodeTarget, WireRequest } from '../dialect.ts'
import { encodeFormat } from './answer-format.ts'
import type { WireMessage } from './messages.ts'
import { encodeMessages } from './messages.ts'
import { traitsOf } from './models.ts'
import { encodeOptions } from './options.ts'
import type { EncodedTools } from './tools.ts'
import { encodeTools, usesOlderCalls } from './tools.ts'

/** Never changes the request: every attempt starts from what the caller sent. */
export function encode(
  request: ChatCompletionRequest,
  target: EncodeTarget,
): WireRequest | { readonly failure: ProviderFailure } {
  const notes = new EncodeNotes()
  const traits = traitsOf(target.model)
  const messages = encodeMessages(request.messages, traits, notes)
  const tools = encodeTools(request, traits, notes)
  const format = encodeFormat(request, tools.tools !== undefined, notes)
  const options = settleSafety(encodeOptions(request, target, notes), tools, notes)
  const { failure } = notes
  if (failure !== null) return { failure }
  const body = {
    model: target.model,
    messages: format.instruction === null ? messages : instructed(messages, format.instruction),
    ...tools,
    ...(format.native !== null && { response_format: format.native }),
    ...options,
    stream: request.stream === true,
  }
  return {
    body: JSON.stringify(body),
    sourceFrom: null,
    headers: null,
    ...(notes.lost.size > 0 && { lost: [...notes.lost] }),
    ...(usesOlderCalls(request) && { legacyCalls: true as const }),
  }
}

/** What is said to the model instead of a field comes before everything else that is said. */
function instructed(messages: readonly WireMessage[], instruction: string): WireMessage[] {
  return [{ role: 'system', content: instruction }, ...messages]
}

/** "not yet configurable in combination with `tools` and `documents`" (types of the client): the caller is told. */
function settleSafety(
  options: Readonly<Record<string, unknown>>,
  { tools }: EncodedTools,
  notes: EncodeNotes,
): Readonly<Record<string, unknown>> {
  const { safety_mode: mode, ...rest } = options
  if (mode === undefined || (tools === undefined && options['documents'] === undefined)) return options
  notes.lost.add('safety_mode')
  return rest
}
