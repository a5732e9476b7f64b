/** What goes out for a request, parsed, for tests of encoding. */
import type { ChatCompletionRequest, RequestMessage } from '../../../../../schemas/index.ts'
import type { ProviderFailure } from '../../../chat/failure.ts'
import { encodeRequest, fieldsToEncode } from '../../encode-request.ts'
import type { TargetSpec } from '../../testing/encode.ts'
import { encoded, targetOf } from '../../testing/encode.ts'
import { geminiGenerateContent } from '../index.ts'

export interface Sent {
  readonly body: Readonly<Record<string, unknown>>
  /** `generationConfig`. */
  readonly config: Readonly<Record<string, unknown>>
  readonly lost: readonly string[]
  readonly legacyCalls: boolean
}

const model = 'gemini-2.5-flash'

/** A question of the user's, unless the fields say otherwise. */
export function requestWith(fields: Partial<ChatCompletionRequest>): ChatCompletionRequest {
  return { model: 'asked-model', messages: [user('Hello.')], ...fields }
}

export function send(fields: Partial<ChatCompletionRequest>, spec: TargetSpec = {}): Sent {
  const { body, lost, legacyCalls = false } = encoded(geminiGenerateContent, requestWith(fields), { model, ...spec })
  const parsed = JSON.parse(body) as Record<string, unknown> & { generationConfig?: Record<string, unknown> }
  return { body: parsed, config: parsed.generationConfig ?? {}, lost, legacyCalls }
}

/** Why it is not sent; throws when it is. */
export function refusalOf(fields: Partial<ChatCompletionRequest>, spec: TargetSpec = {}): ProviderFailure {
  const target = targetOf(geminiGenerateContent, { model, ...spec })
  const outcome = encodeRequest(geminiGenerateContent, fieldsToEncode(requestWith(fields)), target)
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
    function: { name: `look_${id}`, arguments: `{"id":"${id}"}` },
  }))
  return { role: 'assistant', content: null, tool_calls }
}

export function result(tool_call_id: string, content: RequestMessage['content']): RequestMessage {
  return { role: 'tool', tool_call_id, content: content ?? null }
}

export function signatureOf(id: string | null, index = 0): Record<string, unknown> {
  return { type: 'reasoning.encrypted', data: `sig-${id}`, format: 'google-gemini-v1', id, index }
}

// ---- turns ----

export const turn = (role: 'user' | 'model', ...parts: object[]): object => ({ role, parts })
export const text = (said: string): object => ({ text: said })
export const called = (id: string, more: object = {}): object => ({
  functionCall: { name: `look_${id}`, args: { id } },
  ...more,
})
export const answered = (id: string, output: string): object => ({
  functionResponse: { name: `look_${id}`, response: { output } },
})
