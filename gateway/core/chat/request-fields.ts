/**
 * The parts of OpenAI's request that a wire may or may not be able to carry. Mostly its top-level fields; where a wire
 * may carry one half of a field and not the other, the halves stand for themselves (`response_format[json_schema]`:
 * the field with that type or value; `messages[].name`: that field of any message).
 */
import type { ChatCompletionRequest, RequestContentPart, RequestMessage } from '../../../schemas/index.ts'
import { isNeutral } from './neutral.ts'

export const requestFields = [
  'messages[system]',
  'messages[developer]',
  'messages[tool]',
  'messages[function]',
  'messages[].name',
  'messages[].refusal',
  'messages[].reasoning_content',
  'messages[].reasoning_details',
  'messages[].annotations',
  'messages[].citations',
  'messages[].audio',
  'messages[].tool_calls',
  'messages[].tool_calls[custom]',
  'messages[].function_call',
  'messages[].other',
  'messages[].content[image_url].data',
  'messages[].content[image_url].url',
  'messages[].content[image_url].detail',
  'messages[].content[input_audio]',
  'messages[].content[file].file_data',
  'messages[].content[file].file_id',
  'messages[].content[refusal]',
  'messages[].content[other]',
  'cache_control',
  'tools',
  'tools[].strict',
  'tools[custom]',
  'tools[other]',
  'tool_choice[none]',
  'tool_choice[required]',
  'tool_choice[function]',
  'tool_choice[allowed_tools]',
  'tool_choice[custom]',
  'parallel_tool_calls',
  'functions',
  'function_call',
  'response_format[json_object]',
  'response_format[json_schema]',
  'stream',
  'stream_options',
  'max_tokens',
  'max_completion_tokens',
  'n',
  'stop',
  'temperature',
  'top_p',
  'top_k',
  'frequency_penalty',
  'presence_penalty',
  'seed',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'reasoning_effort',
  'verbosity',
  'modalities',
  'audio',
  'prediction',
  'moderation',
  'web_search_options',
  'service_tier',
  'store',
  'metadata',
  'user',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_retention',
  'prompt_cache_options',
] as const

export type RequestField = (typeof requestFields)[number]

const knownFields: ReadonlySet<string> = new Set(requestFields)
const topLevelFields: ReadonlySet<string> = new Set(requestFields.filter((name) => !name.includes('[')))

export function isRequestField(name: string): name is RequestField {
  return knownFields.has(name)
}

/**
 * The parts that a request makes use of, in a stable order, each once: `RequestField`s, and the names of top-level
 * fields that OpenAI does not have. What asks for nothing (null, an empty list, OpenAI's own default) is not there.
 * Bounded, whatever the caller sends, since records, logs and headers carry it: see `foreignName`.
 */
export function readFields(request: ChatCompletionRequest): string[] {
  const fields = new Set<string>()
  let foreign = 0
  for (const name of Object.keys(request)) {
    if (name === 'model' || isNeutral(name, request[name])) continue
    if (name === 'messages') for (const message of request.messages) readMessage(message, fields)
    else if (name === 'tools') readTools(request, fields)
    else if (name === 'tool_choice') fields.add(`tool_choice[${plainWord(request.tool_choice)}]`)
    else if (name === 'response_format') fields.add(`response_format[${plainWord(request.response_format)}]`)
    else if (topLevelFields.has(name)) fields.add(name)
    else {
      foreign += 1
      fields.add(foreign > mostForeign ? otherName : foreignName(name))
    }
  }
  return [...fields]
}

/** What stands for a name that is not written down. */
const otherName = 'other'

/** Nobody asks for so much; whoever sends more is told of the rest as one. */
const mostForeign = 32

/**
 * A name as languages give them to fields. Anything else could be a text, and what is in a text is the caller's own: it
 * becomes `other`.
 */
export function foreignName(name: string): string {
  return /^[A-Za-z0-9_.-]{1,64}$/.test(name) ? name : otherName
}

// ---- messages ----

const markedRoles: ReadonlySet<string> = new Set(['system', 'developer', 'tool', 'function'])

/** Fields that are part of every message. */
const plainMessageFields: ReadonlySet<string> = new Set(['role', 'content', 'tool_call_id'])

/** Is the field part of every message of that role? The older form of a tool's result names its function. */
export function isPartOfEvery(role: string, key: string): boolean {
  return plainMessageFields.has(key) || (key === 'name' && role === 'function')
}

function readMessage(message: RequestMessage, fields: Set<string>): void {
  const { role, content } = message
  if (markedRoles.has(role)) fields.add(`messages[${role}]`)
  for (const key of Object.keys(message)) {
    if (isPartOfEvery(role, key)) continue
    const value = message[key]
    if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue
    const name = `messages[].${key}`
    if (key === 'cache_control') fields.add(key)
    else fields.add(knownFields.has(name) ? name : 'messages[].other')
  }
  for (const call of message.tool_calls ?? []) if (call.type === 'custom') fields.add('messages[].tool_calls[custom]')
  if (Array.isArray(content)) for (const part of content) readPart(part, fields)
}

function readPart(part: RequestContentPart, fields: Set<string>): void {
  if (part['cache_control'] !== undefined) fields.add('cache_control')
  switch (part.type) {
    case 'text':
      return
    case 'image_url': {
      const { url, detail } = part.image_url ?? {}
      fields.add(`messages[].content[image_url].${isDataUrl(url) ? 'data' : 'url'}`)
      if (detail !== undefined && detail !== null && detail !== 'auto')
        fields.add('messages[].content[image_url].detail')
      return
    }
    case 'file':
      fields.add(`messages[].content[file].${typeof part.file?.file_id === 'string' ? 'file_id' : 'file_data'}`)
      return
    case 'input_audio':
    case 'refusal':
      fields.add(`messages[].content[${part.type}]`)
      return
    default:
      fields.add('messages[].content[other]')
  }
}

export function isDataUrl(url: unknown): boolean {
  return typeof url === 'string' && url.slice(0, 5).toLowerCase() === 'data:'
}

// ---- tools and choices ----

function readTools(request: ChatCompletionRequest, fields: Set<string>): void {
  for (const tool of request.tools ?? []) {
    if (tool.type === 'function') fields.add('tools')
    else fields.add(tool.type === 'custom' ? 'tools[custom]' : 'tools[other]')
    if (tool.function?.strict === true) fields.add('tools[].strict')
    if (tool['cache_control'] !== undefined) fields.add('cache_control')
  }
}

type Choice = string | { readonly type: string } | null | undefined

/** A choice is a word, or an object that says its word under `type`; null when there is none. */
export function wordOf(choice: Choice): string | null {
  return typeof choice === 'string' ? choice : (choice?.type ?? null)
}

/** For records: what is no plain word is not written down. */
function plainWord(choice: Choice): string {
  const word = wordOf(choice) ?? ''
  return /^[a-z_]{1,32}$/.test(word) ? word : 'other'
}
