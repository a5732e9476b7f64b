/**
 * What a request asks for, read the way OpenAI's server reads it: strictly enough that a gateway which sends nonsense
 * is told so with a 400, as the real one would.
 */
import { hashText } from '../draw.ts'
import type { WireError } from './errors.ts'
import { usualError } from './errors.ts'

type Json = Readonly<Record<string, unknown>>

export interface AskedTool {
  readonly name: string
  readonly parameters: Json | null
}

export interface Ask {
  readonly model: string
  readonly stream: boolean
  readonly includeUsage: boolean
  readonly choices: number
  readonly maxTokens: number | null
  readonly stop: readonly string[]
  readonly tools: readonly AskedTool[]
  /** Tools to be called: named by `tool_choice`, or mentioned in the last user message. */
  readonly calls: readonly AskedTool[]
  /** text: prose. json: any object. A schema: a value that fits it. */
  readonly format: { readonly kind: 'text' | 'json' } | { readonly kind: 'schema'; readonly schema: unknown }
  /** Text of the last message when it is a tool's result; the answer quotes it. */
  readonly toolResult: string | null
  readonly promptCharacters: number
  readonly promptHash: number
}

export type AskReading = { readonly ask: Ask } | { readonly error: WireError }

const roles = new Set(['system', 'developer', 'user', 'assistant', 'tool', 'function'])

class Refused extends Error {
  readonly param: string | null
  constructor(param: string | null, message: string) {
    super(message)
    this.param = param
  }
}

export function readAsk(body: unknown): AskReading {
  try {
    return { ask: read(body) }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { error: { ...usualError(400, { message: error.message }), param: error.param } }
  }
}

function read(body: unknown): Ask {
  if (!isJson(body)) throw new Refused(null, 'We could not parse the JSON body of your request.')
  const { model, messages } = body
  if (typeof model !== 'string' || model === '') throw new Refused('model', 'you must provide a model parameter')
  if (!Array.isArray(messages)) throw new Refused('messages', "Missing required parameter: 'messages'.")
  const prompt = readMessages(messages)
  const stream = flag(body, 'stream')
  const tools = readTools(body['tools'])
  return {
    model,
    stream,
    includeUsage: readIncludeUsage(body['stream_options'], stream),
    choices: wholeNumber(body, 'n', 128) ?? 1,
    maxTokens: wholeNumber(body, 'max_completion_tokens') ?? wholeNumber(body, 'max_tokens'),
    stop: readStop(body['stop']),
    tools,
    calls: chooseCalls(body, tools, prompt.lastUserText),
    format: readFormat(body['response_format']),
    toolResult: prompt.toolResult,
    promptCharacters: prompt.characters,
    promptHash: prompt.hash,
  }
}

interface Prompt {
  readonly characters: number
  readonly hash: number
  readonly lastUserText: string | null
  readonly toolResult: string | null
}

function readMessages(messages: readonly unknown[]): Prompt {
  if (messages.length === 0) throw new Refused('messages', "Invalid 'messages': empty array.")
  let characters = 0
  let hash = 0
  let lastRole: unknown
  let lastText = ''
  let unanswered = new Set<unknown>()
  for (const [index, message] of messages.entries()) {
    const at = `messages.[${index}]`
    if (!isJson(message)) throw new Refused(at, `Invalid type for '${at}': expected an object.`)
    lastRole = message['role']
    if (typeof lastRole !== 'string' || !roles.has(lastRole)) {
      throw new Refused(`${at}.role`, `Invalid value: '${String(lastRole)}'.`)
    }
    if (lastRole === 'tool') {
      if (!unanswered.delete(message['tool_call_id'])) {
        throw new Refused(at, "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.")
      }
    } else if (unanswered.size > 0) {
      throw new Refused(at, "An assistant message with 'tool_calls' must be followed by tool messages for each call.")
    }
    lastText = textOf(message['content'], `${at}.content`)
    characters += lastText.length
    hash = hashText(lastText, hash)
    if (lastRole === 'assistant') unanswered = callIds(message['tool_calls'])
  }
  const lastUserText = lastRole === 'user' ? lastText : null
  return { characters, hash, lastUserText, toolResult: lastRole === 'tool' ? lastText : null }
}

function callIds(calls: unknown): Set<unknown> {
  if (!Array.isArray(calls)) return new Set()
  for (const call of calls) {
    const details = isJson(call) ? call['function'] : undefined
    if (!isJson(details) || typeof details['arguments'] !== 'string') {
      throw new Refused('messages', "Invalid type for 'tool_calls': function.arguments must be a string.")
    }
  }
  return new Set(calls.map((call: Json) => call['id']))
}

function textOf(content: unknown, at: string): string {
  if (typeof content === 'string') return content
  if (content === null || content === undefined) return ''
  if (!Array.isArray(content)) throw new Refused(at, `Invalid type for '${at}': expected a string or an array.`)
  let text = ''
  for (const part of content) {
    if (!isJson(part) || typeof part['type'] !== 'string')
      throw new Refused(at, `Missing required parameter: '${at}.type'.`)
    if (part['type'] === 'text' && typeof part['text'] === 'string') text += part['text']
    else if (part['type'] === 'image_url' && isJson(part['image_url'])) text += String(part['image_url']['url'])
  }
  return text
}

function readTools(value: unknown): readonly AskedTool[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new Refused('tools', "Invalid type for 'tools': expected an array.")
  return value.map((tool: unknown, index) => {
    const details = isJson(tool) ? tool['function'] : undefined
    if (!isJson(details) || typeof details['name'] !== 'string') {
      throw new Refused(`tools[${index}].function`, `Missing required parameter: 'tools[${index}].function'.`)
    }
    const { name, parameters } = details
    return { name, parameters: isJson(parameters) ? parameters : null }
  })
}

/** Which tools the simulator calls: what `tool_choice` forces, else those the last user message speaks of by name. */
function chooseCalls(body: Json, tools: readonly AskedTool[], lastUserText: string | null): readonly AskedTool[] {
  const choice = body['tool_choice']
  if (tools.length === 0) {
    if (choice !== undefined && choice !== null) {
      throw new Refused(
        'tool_choice',
        "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
      )
    }
    return []
  }
  if (choice === 'none') return []
  if (isJson(choice)) {
    const wanted = isJson(choice['function']) ? choice['function']['name'] : undefined
    const tool = tools.find((one) => one.name === wanted)
    if (tool === undefined) throw new Refused('tool_choice', `Tool choice '${String(wanted)}' not found in 'tools'.`)
    return [tool]
  }
  const said = lastUserText?.toLowerCase().replaceAll('_', ' ') ?? ''
  const mentioned = tools.filter((tool) => said.includes(tool.name.toLowerCase().replaceAll('_', ' ')))
  const called = mentioned.length === 0 && choice === 'required' ? tools.slice(0, 1) : mentioned
  return body['parallel_tool_calls'] === false ? called.slice(0, 1) : called
}

function readIncludeUsage(options: unknown, stream: boolean): boolean {
  if (options === undefined || options === null) return false
  if (!stream)
    throw new Refused('stream_options', "The 'stream_options' parameter is only allowed when 'stream' is enabled.")
  return isJson(options) && options['include_usage'] === true
}

function readFormat(value: unknown): Ask['format'] {
  if (!isJson(value) || value['type'] === 'text') return { kind: 'text' }
  if (value['type'] === 'json_object') return { kind: 'json' }
  const details = value['json_schema']
  if (value['type'] !== 'json_schema' || !isJson(details) || typeof details['name'] !== 'string') {
    throw new Refused('response_format', "Missing required parameter: 'response_format.json_schema'.")
  }
  return { kind: 'schema', schema: details['schema'] }
}

function readStop(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

function flag(body: Json, name: string): boolean {
  const value = body[name]
  if (value === undefined || value === null) return false
  if (typeof value !== 'boolean') throw new Refused(name, `Invalid type for '${name}': expected a boolean.`)
  return value
}

function wholeNumber(body: Json, name: string, most = Number.MAX_SAFE_INTEGER): number | null {
  const value = body[name]
  if (value === undefined || value === null) return null
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > most) {
    throw new Refused(name, `Invalid value for '${name}': expected an integer of 1 to ${most}.`)
  }
  return value
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
