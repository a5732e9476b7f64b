/** Requests: the hub speaks this language already, so encoding is a copy and what the provider does otherwise. */
import type { ChatCompletionRequest, RequestMessage, RequestToolCall } from '../../../../schemas/index.ts'
import type { EncodeTarget, OriginalRequest, WireRequest } from '../dialect.ts'
import type { Quirks } from '../quirks.ts'
import { renderDraft } from './splice.ts'

/** The request as it is being rewritten; fields set to undefined are not sent. */
type Draft = Record<string, unknown>

/**
 * Never changes the request: every attempt starts from what the caller sent. Fields nobody here knows pass through, so
 * that a caller can use what a provider has and OpenAI has not.
 */
export function encode(
  request: ChatCompletionRequest,
  target: EncodeTarget,
  original: OriginalRequest | null,
): WireRequest {
  const { quirks, model } = target
  const draft: Draft = { ...request, model }
  askForUsage(draft, request, quirks)
  const { longestToolCallId: longest } = quirks
  const isRewritten = rewritesMessages(quirks) || (longest !== undefined && hasLongIds(request.messages, longest))
  const messages = fillReasoning(isRewritten ? encodeMessages(request.messages, quirks) : request.messages, target)
  if (messages !== request.messages) draft['messages'] = messages
  if (quirks.values !== undefined) translateValues(draft, quirks.values)
  if (quirks.lists !== undefined) listFields(draft, quirks.lists)
  if (quirks.renames !== undefined) renameFields(draft, quirks.renames)
  if (quirks.modelInPath === true) draft['model'] = undefined
  return { ...renderDraft(draft, original), headers: null }
}

// ---- fields ----

/** Usage is always wanted, for quota and audit; whether the caller sees it is decided when chunks are made. */
function askForUsage(draft: Draft, request: ChatCompletionRequest, quirks: Quirks): void {
  if (quirks.usageUnasked === true) draft['stream_options'] = undefined
  else if (request.stream === true) draft['stream_options'] = { ...request.stream_options, include_usage: true }
}

function translateValues(draft: Draft, values: NonNullable<Quirks['values']>): void {
  for (const [field, words] of Object.entries(values)) {
    const value = draft[field]
    if (typeof value === 'string' && Object.hasOwn(words, value)) draft[field] = words[value]
  }
}

function listFields(draft: Draft, fields: readonly string[]): void {
  for (const field of fields) if (typeof draft[field] === 'string') draft[field] = [draft[field]]
}

/**
 * Where both names are there, the one that is OpenAI's wins: it is the one that was meant for any provider. Of the token
 * limits both are; there the newer one wins, as in every other language.
 */
function renameFields(draft: Draft, renames: NonNullable<Quirks['renames']>): void {
  for (const [from, to] of Object.entries(renames)) {
    if (draft[from] === undefined) continue
    const stays = to === 'max_completion_tokens' && typeof draft[to] === 'number'
    if (!stays && (draft[from] !== null || draft[to] === undefined)) draft[to] = draft[from]
    draft[from] = undefined
  }
}

// ---- messages ----

function rewritesMessages(quirks: Quirks): boolean {
  return quirks.developerAsSystem === true || quirks.toolCallIdLength !== undefined || quirks.contentRequired === true
}

/** Rare, and looked for first: messages that stay as they are need not be written out again. */
function hasLongIds(messages: readonly RequestMessage[], longest: number): boolean {
  return messages.some(
    ({ tool_calls: calls, tool_call_id: id }) =>
      (typeof id === 'string' && id.length > longest) || (calls ?? []).some((call) => call.id.length > longest),
  )
}

function encodeMessages(messages: readonly RequestMessage[], quirks: Quirks): RequestMessage[] {
  return messages.map((message) => {
    let encoded = message
    if (quirks.developerAsSystem === true && message.role === 'developer') encoded = { ...encoded, role: 'system' }
    if (quirks.contentRequired === true && isEmpty(message.content)) encoded = { ...encoded, content: '' }
    const { toolCallIdLength: length, longestToolCallId: longest } = quirks
    if (length !== undefined) encoded = shortenIds(encoded, (id) => shortId(id, length))
    if (longest !== undefined) {
      encoded = shortenIds(encoded, (id) => (id.length > longest ? shortId(id, longest) : id))
    }
    return encoded
  })
}

function isEmpty(content: RequestMessage['content']): boolean {
  return content === null || content === undefined || (Array.isArray(content) && content.length === 0)
}

/** In a tool loop only: elsewhere the models that ask for it ignore what they are sent. */
function fillReasoning(
  messages: readonly RequestMessage[],
  { quirks, model }: EncodeTarget,
): readonly RequestMessage[] {
  const { reasoningInToolLoops: wanted } = quirks
  if (wanted === undefined || !wanted.modelPrefixes.some((prefix) => model.startsWith(prefix))) return messages
  if (!messages.some(({ tool_calls: calls }) => (calls ?? []).length > 0)) return messages
  return messages.map((message) =>
    lacksReasoning(message) ? { ...message, reasoning_content: wanted.placeholder } : message,
  )
}

function lacksReasoning({ role, reasoning_content: reasoning }: RequestMessage): boolean {
  return role === 'assistant' && (typeof reasoning !== 'string' || reasoning === '')
}

// ---- tools ----

/** The same id always becomes the same id, so calls and results still find each other. */
function shortenIds(message: RequestMessage, shorten: (id: string) => string): RequestMessage {
  const { tool_calls: calls, tool_call_id: id } = message
  const shortened = { ...message }
  if (typeof id === 'string') shortened.tool_call_id = shorten(id)
  if (Array.isArray(calls)) shortened.tool_calls = calls.map((call) => withId(call, shorten(call.id)))
  return shortened
}

function withId(call: RequestToolCall, id: string): RequestToolCall {
  return { ...call, id }
}

const idLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Ids that fit stay. Others are hashed (FNV-1a, two runs of 32 bits): a history is too short for chance to matter. */
function shortId(id: string, length: number): string {
  if (id.length === length && /^[A-Za-z0-9]+$/.test(id)) return id
  let high = 0x811c9dc5
  let low = 0x01000193
  for (let position = 0; position < id.length; position += 1) {
    high = Math.imul(high ^ id.charCodeAt(position), 0x01000193)
    low = Math.imul(low ^ id.charCodeAt(position), 0x85ebca6b)
  }
  let short = ''
  for (let position = 0; position < length; position += 1) {
    const half = position % 2 === 0 ? high : low
    short += idLetters.charAt((half >>> 0) % idLetters.length)
    if (position % 2 === 0) high = Math.imul(high ^ (high >>> 15), 0x2c1b3c6d) + position
    else low = Math.imul(low ^ (low >>> 13), 0x297a2d39) + position
  }
  return short
}
