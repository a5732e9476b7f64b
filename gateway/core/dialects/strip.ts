/** Takes out of a request what the loss table says cannot be carried, so that a dialect never sees it. */
import type { ChatCompletionRequest, RequestContentPart, RequestMessage, RequestTool } from '../../../schemas/index.ts'
import { isDataUrl, isPartOfEvery, isRequestField, wordOf } from '../chat/request-fields.ts'
import type { LossTable } from './losses.ts'
import { isRemoved } from './losses.ts'

/**
 * The request without what is dropped; the same object when nothing had to go. Top-level fields are set to undefined
 * rather than removed, so that a renderer of the caller's own text sees that they are to go. Values that ask for nothing
 * go as well: a provider that knows no `logprobs` refuses `logprobs: false` too. What is refused goes by the same rule,
 * since a request that makes use of it does not come here.
 */
export function stripRemoved(request: ChatCompletionRequest, table: LossTable): ChatCompletionRequest {
  const goes: Goes = (field) => isRemoved(table, field)
  const stripped: ChatCompletionRequest = { ...request }
  let changed = false
  const set = (name: string, value: unknown): void => {
    if (value === request[name]) return
    stripped[name] = value
    changed = true
  }
  for (const name of Object.keys(request)) {
    if (!partedFields.has(name) && goes(name)) set(name, undefined)
  }
  set('messages', stripMessages(request.messages, goes))
  if (Array.isArray(request.tools)) set('tools', goes('tools') ? undefined : stripTools(request.tools, goes))
  const word = wordOf(request.tool_choice)
  if (word !== null && word !== 'auto' && goes(`tool_choice[${word}]`)) set('tool_choice', undefined)
  const format = wordOf(request.response_format)
  if (format !== null && format !== 'text' && goes(`response_format[${format}]`)) {
    // The nearest thing that is left: any JSON instead of JSON of this schema.
    const nearest = format === 'json_schema' && !goes('response_format[json_object]')
    set('response_format', nearest ? { type: 'json_object' } : undefined)
  }
  return changed ? stripped : request
}

type Goes = (field: string) => boolean

/** Fields that are told apart by what they hold. */
const partedFields: ReadonlySet<string> = new Set(['model', 'messages', 'tools', 'tool_choice', 'response_format'])

// ---- messages ----

function stripMessages(messages: readonly RequestMessage[], goes: Goes): readonly RequestMessage[] {
  return mapChanged(messages, (message) => stripMessage(message, goes))
}

function stripMessage(message: RequestMessage, goes: Goes): RequestMessage | null {
  if (isRequestField(`messages[${message.role}]`) && goes(`messages[${message.role}]`)) return null
  const { content, tool_calls: calls } = message
  const kept: RequestMessage = { ...message }
  let changed = false
  for (const key of Object.keys(message)) {
    if (isPartOfEvery(message.role, key)) continue
    const name = key === 'cache_control' ? key : `messages[].${key}`
    if (!goes(isRequestField(name) ? name : 'messages[].other')) continue
    Reflect.deleteProperty(kept, key)
    changed = true
    // What a model refused with is all that it said: without it the turn would be empty, which some providers refuse.
    if (key === 'refusal' && isEmpty(content) && typeof message.refusal === 'string') kept.content = message.refusal
  }
  if (Array.isArray(content)) {
    const parts = mapChanged(content, (part) => stripPart(part, goes))
    if (parts !== content) {
      kept.content = [...parts]
      changed = true
    }
  }
  if (Array.isArray(calls) && kept.tool_calls === calls && goes('messages[].tool_calls[custom]')) {
    const functions = calls.filter((call) => call.type !== 'custom')
    if (functions.length !== calls.length) {
      kept.tool_calls = functions
      changed = true
    }
  }
  return changed ? kept : message
}

function isEmpty(content: RequestMessage['content']): boolean {
  return content === null || content === undefined || content.length === 0
}

function stripPart(part: RequestContentPart, goes: Goes): RequestContentPart | null {
  let kept = part
  if (part['cache_control'] !== undefined && goes('cache_control')) {
    const { cache_control: _mark, ...rest } = part
    kept = { ...rest, type: part.type }
  }
  switch (part.type) {
    case 'text':
      return kept
    case 'image_url': {
      const { url, detail } = part.image_url ?? {}
      const form = isDataUrl(url) ? 'data' : 'url'
      if (goes(`messages[].content[image_url].${form}`)) return null
      if (detail === undefined || url === undefined || !goes('messages[].content[image_url].detail')) return kept
      return { ...kept, image_url: { url } }
    }
    case 'file':
      return goes(`messages[].content[file].${part.file?.file_id === undefined ? 'file_data' : 'file_id'}`)
        ? null
        : kept
    case 'input_audio':
    case 'refusal':
      return goes(`messages[].content[${part.type}]`) ? null : kept
    default:
      return goes('messages[].content[other]') ? null : kept
  }
}

// ---- tools ----

function stripTools(tools: readonly RequestTool[], goes: Goes): readonly RequestTool[] {
  return mapChanged(tools, (tool) => {
    if (tool.type === 'custom' && goes('tools[custom]')) return null
    if (tool.type !== 'custom' && tool.type !== 'function' && goes('tools[other]')) return null
    let kept = tool
    if (tool['cache_control'] !== undefined && goes('cache_control')) {
      const { cache_control: _mark, ...rest } = tool
      kept = { ...rest, type: tool.type }
    }
    if (kept.function?.strict === undefined || !goes('tools[].strict')) return kept
    const { strict: _strict, ...declared } = kept.function
    return { ...kept, function: { ...declared, name: kept.function.name } }
  })
}

/** The same list when nothing changed; null takes one out. */
function mapChanged<Item>(items: readonly Item[], change: (item: Item) => Item | null): readonly Item[] {
  let changed = false
  const kept: Item[] = []
  for (const item of items) {
    const result = change(item)
    if (result !== item) changed = true
    if (result !== null) kept.push(result)
  }
  return changed ? kept : items
}
