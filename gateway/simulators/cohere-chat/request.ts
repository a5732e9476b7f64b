/**
 * What `POST /v2/chat` takes: the types and limits of `cohere-ai` 8.1.0, the vendor's pages on errors and structured
 * outputs, and what its model pages say of each model (all read 2026-11-24).
 */
import type { Json } from '../answers/ask.ts'
import { isJson } from '../answers/ask.ts'
import type { Check } from './checks.ts'
import {
  byWord,
  fields,
  flag,
  integer,
  listOf,
  number,
  oneOf,
  orNull,
  record,
  refuse,
  Refused,
  text,
  textOr,
} from './checks.ts'

// ---- messages ----

const word: Check = () => {}
const textPart = fields({ type: word, text })
const image = fields({ type: word, image_url: fields({ url: text }, { detail: oneOf('auto', 'low', 'high') }) })
const thinkingPart = fields({ type: word, thinking: text })
const toolDocument = fields({ type: word, document: fields({ data: textOr(record) }, { id: text }) })

const call = fields({
  id: text,
  type: (value) => {
    if (value !== 'function') throw new Refused('tool call must be of type function')
  },
  function: fields({ name: text, arguments: text }),
})

const contentOf = (parts: Readonly<Record<string, Check>>): Check => textOr(listOf(byWord('type', parts)))

const message = byWord('role', {
  system: fields({ role: word, content: contentOf({ text: textPart }) }),
  user: fields({ role: word, content: contentOf({ text: textPart, image_url: image }) }),
  assistant: fields(
    { role: word },
    {
      content: orNull(contentOf({ text: textPart, thinking: thinkingPart })),
      tool_calls: orNull(listOf(call)),
      tool_plan: orNull(text),
      citations: orNull(listOf(record)),
    },
  ),
  tool: fields({ role: word, content: contentOf({ text: textPart, document: toolDocument }) }, { tool_call_id: text }),
})

// ---- tools ----

const toolName: Check = (value, path) => {
  text(value, path)
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(String(value))) return
  refuse(
    `tool names can only contain certain characters (A-Za-z0-9_) and can't begin with a digit (provided name: '${String(value)}').`,
  )
}

const tool = fields({
  type: oneOf('function'),
  function: fields({ name: toolName, parameters: record }, { description: text }),
})

// ---- the whole ----

const mostTokens = 2 ** 31

const chatRequest = fields(
  { messages: listOf(message) },
  {
    model: text,
    stream: flag,
    tools: listOf(tool),
    tool_choice: oneOf('REQUIRED', 'NONE'),
    strict_tools: flag,
    documents: listOf(textOr(fields({ data: record }, { id: text }))),
    citation_options: fields({}, { mode: oneOf('ENABLED', 'DISABLED', 'FAST', 'ACCURATE', 'OFF') }),
    response_format: fields({ type: oneOf('text', 'json_object') }, { json_schema: record, schema: record }),
    safety_mode: oneOf('CONTEXTUAL', 'STRICT', 'OFF'),
    max_tokens: integer(1, mostTokens),
    stop_sequences: listOf(text, 5),
    temperature: number(0, 1),
    seed: number(0, 2 ** 64),
    frequency_penalty: number(0, 1),
    presence_penalty: number(0, 1),
    k: integer(0, 500),
    p: number(0.01, 0.99),
    logprobs: flag,
    thinking: fields({ type: oneOf('enabled', 'disabled') }, { token_budget: integer(1) }),
    priority: integer(0),
  },
)

export function checkChatRequest(body: unknown): asserts body is Json {
  if (!isJson(body)) throw new Refused('invalid json syntax: a JSON object is expected')
  if (typeof body['model'] !== 'string' || body['model'] === '') {
    throw new Refused('a model parameter is required for this endpoint.')
  }
  chatRequest(body, '')
  checkMessages(listIn(body['messages']))
  checkTogether(body)
  checkModel(body, body['model'])
}

export function listIn(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isJson) : []
}

// ---- what fits together ----

function checkMessages(messages: readonly Json[]): void {
  if (messages.length === 0) refuse('messages must not be empty')
  const called = new Set<unknown>()
  for (const { role, content, tool_calls: calls, tool_call_id: answered } of messages) {
    const isEmpty = content === '' || content === null || content === undefined || listIsEmpty(content)
    if (isEmpty && role !== 'tool' && listIn(calls).length === 0)
      throw new Refused('message must not be empty in a turn')
    for (const { id } of listIn(calls)) {
      if (called.has(id)) throw new Refused('cannot have duplicate tool ids')
      called.add(id)
    }
    if (role !== 'tool') continue
    if (answered === undefined || answered === '') throw new Refused('tool call id must be provided with tool message')
    if (!called.has(answered)) throw new Refused('tool call id not found in previous tool calls')
  }
}

function listIsEmpty(content: unknown): boolean {
  return Array.isArray(content) && content.length === 0
}

function checkTogether(body: Json): void {
  const { tools, documents, response_format: format, tool_choice: choice, strict_tools: strict } = body
  const hasTools = listIn(tools).length > 0
  const hasDocuments = Array.isArray(documents) && documents.length > 0
  if (choice !== undefined && !hasTools) refuse('tool_choice needs tools')
  if (strict === true) checkStrict(listIn(tools))
  if ((hasTools || hasDocuments) && body['safety_mode'] !== undefined) {
    refuse('safety_mode cannot be used with tools or documents')
  }
  if (!isJson(format) || format['type'] === 'text') return
  if (hasDocuments) refuse('response_format is not supported with RAG.')
  if (hasTools) refuse('response_format is not supported with tools.')
  const schema = format['json_schema'] ?? format['schema']
  if (schema !== undefined) checkSchema(schema, true)
}

function checkStrict(tools: readonly Json[]): void {
  for (const { function: declared } of tools) {
    const parameters = isJson(declared) ? declared['parameters'] : null
    const required = isJson(parameters) ? parameters['required'] : null
    if (!Array.isArray(required) || required.length === 0) refuse('strict tools need at least one required parameter')
  }
}

/** Everything the page on structured outputs lists as unsupported. */
const unsupported = new Set([
  'allOf',
  'oneOf',
  'not',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
])
const formats = new Set(['date-time', 'uuid', 'date', 'time'])

function checkSchema(schema: unknown, isRoot = false): void {
  if (!isJson(schema)) {
    if (isRoot) throw new Refused('schema must be an object')
    return
  }
  const { type, required, properties, format, pattern } = schema
  if (isRoot && type !== 'object') throw new Refused('schema must be an object')
  for (const key of Object.keys(schema)) if (unsupported.has(key)) refuse(`schema keyword ${key} is not supported`)
  if (typeof format === 'string' && !formats.has(format)) refuse(`schema format ${format} is not supported`)
  if (typeof pattern === 'string' && /[$^]|\?[=!]/.test(pattern)) refuse(`schema pattern ${pattern} is not supported`)
  if (type === 'object' && (!Array.isArray(required) || required.length === 0)) {
    refuse('every object of a schema must have at least one required field')
  }
  for (const inner of Object.values(isJson(properties) ? properties : {})) checkSchema(inner)
  checkSchema(schema['items'])
  for (const inner of listIn(schema['anyOf'])) checkSchema(inner)
}

// ---- by model ----

function checkModel(body: Json, model: string): void {
  const isCommand = model.startsWith('command')
  const readsImages = !isCommand || /^command-a-(plus|vision)/.test(model)
  const reasons = !isCommand || /^command-a-(plus|reasoning)/.test(model)
  const parts = listIn(body['messages']).flatMap(({ content }) => listIn(content))
  if (!readsImages && parts.some(({ type }) => type === 'image_url')) refuse(`model '${model}' does not support images`)
  const { thinking } = body
  if (!reasons && isJson(thinking)) refuse(`model '${model}' does not support thinking`)
  const choosesTools = !isCommand || /^command-(a|r7b)/.test(model)
  if (!choosesTools && body['tool_choice'] !== undefined) refuse(`tool_choice is not supported for model '${model}'`)
  const isStrict = model.startsWith('command-r')
  if (!isStrict && body['strict_tools'] === true) refuse(`strict_tools is not supported for model '${model}'`)
}
