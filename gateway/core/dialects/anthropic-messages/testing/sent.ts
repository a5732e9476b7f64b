/** What goes out for a request, parsed, for tests of encoding. */
import type { ChatCompletionRequest, RequestMessage } from '../../../../../schemas/index.ts'
import type { ProviderFailure } from '../../../chat/failure.ts'
import { encodeRequest, fieldsToEncode } from '../../encode-request.ts'
import type { TargetSpec } from '../../testing/encode.ts'
import { encoded, targetOf } from '../../testing/encode.ts'
import { anthropicMessages } from '../index.ts'

export interface Sent {
  readonly body: Readonly<Record<string, unknown>>
  readonly lost: readonly string[]
  readonly answerTool: string | null
}

const model = 'claude-haiku-4-5'

/** A question of the user's, unless the fields say otherwise. */
export function requestWith(fields: Partial<ChatCompletionRequest>): ChatCompletionRequest {
  return { model: 'asked-model', messages: [user('Hello.')], ...fields }
}

export function send(fields: Partial<ChatCompletionRequest>, spec: TargetSpec = {}): Sent {
  const { body, lost, answerTool = null } = encoded(anthropicMessages, requestWith(fields), { model, ...spec })
  return { body: JSON.parse(body) as Record<string, unknown>, lost, answerTool }
}

/** Why it is not sent; throws when it is. */
export function refusalOf(fields: Partial<ChatCompletionRequest>, spec: TargetSpec = {}): ProviderFailure {
  const target = targetOf(anthropicMessages, { model, ...spec })
  const outcome = encodeRequest(anthropicMessages, fieldsToEncode(requestWith(fields)), target)
  if ('failure' in outcome) return outcome.failure
  throw new Error(`sent: ${outcome.wire.body}`)
}

// ---- messages ----

export function user(content: RequestMessage['content']): RequestMessage {
  return { role: 'user', content: content ?? null }
}

export function says(content: string): RequestMessage {
  return { role: 'assistant', content }
}

export function calls(...ids: string[]): RequestMessage {
  const tool_calls = ids.map((id) => ({
    id,
    type: 'function',
    function: { name: 'look', arguments: `{"id":"${id}"}` },
  }))
  return { role: 'assistant', content: null, tool_calls }
}

export function result(tool_call_id: string, content: RequestMessage['content']): RequestMessage {
  return { role: 'tool', tool_call_id, content: content ?? null }
}

export function thought(text: string, index = 0): Record<string, unknown> {
  return { type: 'reasoning.text', text, signature: `sig:${text}`, format: 'anthropic-claude-v1', index }
}

// ---- blocks ----

export const text = (said: string): object => ({ type: 'text', text: said })
export const called = (id: string): object => ({ type: 'tool_use', id, name: 'look', input: { id } })
export const thinking = (said: string): object => ({ type: 'thinking', thinking: said, signature: `sig:${said}` })
export const answered = (id: string, content?: unknown): object => ({
  type: 'tool_result',
  tool_use_id: id,
  ...(content !== undefined && { content }),
})
