/**
 * What a request asks for, read the way OpenAI's server reads it: strictly enough that a gateway which sends nonsense
 * is told so with a 400, as the real one would.
 */
import type { Ask, AskedTool, Json, Turn } from '../answers/ask.ts'
import { chooseCalls, isJson, readConversation } from '../answers/ask.ts'
import type { WireError } from './errors.ts'
import { usualError } from './errors.ts'

export type AskReading =
  | { readonly ask: Ask; /** Usage in streams was asked for. */ readonly includeUsage: boolean }
  | { readonly error: WireError }

const roles: ReadonlyMap<string, Turn['role']> = new Map([
  ['system', 'system'],
  ['developer', 'system'],
  ['user', 'user'],
  ['assistant', 'assistant'],
  ['tool', 'tool'],
  ['function', 'tool'],
] as const)

class Refused extends Error {
  readonly param: string | null
  constructor(param: string | null, message: string) {
    super(message)
    this.param = param
  }
}

/** `deployment` stands in the path and does for a model that the body leaves out. */
export function readAsk(body: unknown, deployment?: string): AskReading {
  try {
    return read(body, deployment)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { error: { ...usualError(400, { message: error.message }), param: error.param } }
  }
}

function read(body: unknown, deployment: string | undefined): { ask: Ask; includeUsage: boolean } {
  if (!isJson(body)) throw new Refused(null, 'We could not parse the JSON body of your request.')
  const { model = deployment, messages } = body
  if (typeof model !== 'string' || model === '') throw new Refused('model', 'you must provide a model parameter')
  if (!Array.isArray(messages)) throw new Refused('messages', "Missing required parameter: 'messages'.")
  const conversation = readConversation(readMessages(messages))
  const stream = flag(body, 'stream')
  const tools = readTools(body['tools'])
  checkOlderChoice(body)
  const ask: Ask = {
    model,
    stream,
    choices: wholeNumber(body, 'n', 128) ?? 1,
    maxTokens: wholeNumber(body, 'max_completion_tokens') ?? wholeNumber(body, 'max_tokens'),
    stop: readStop(body['stop']),
    tools,
    calls: readCalls(body, tools, conversation.lastUserText),
    format: readFormat(body['response_format']),
    reasoning: readReasoning(body['reasoning_effort']),
    conversation,
  }
  return { ask, includeUsage: readIncludeUsage(body['stream_options'], stream) }
}

function readMessages(messages: readonly unknown[]): readonly Turn[] {
  if (messages.length === 0) throw new Refused('messages', "Invalid 'messages': empty array.")
  let unanswered = new Set<unknown>()
  const turns = messages.map((message: unknown, index): Turn => {
    const at = `messages.[${index}]`
    if (!isJson(message)) throw new Refused(at, `Invalid type for '${at}': expected an object.`)
    const role = message['role']
    const turnRole = typeof role === 'string' ? roles.get(role) : undefined
    if (turnRole === undefined) throw new Refused(`${at}.role`, `Invalid value: '${String(role)}'.`)
    if (role === 'tool') {
      if (!unanswered.delete(message['tool_call_id'])) {
        throw new Refused(at, "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.")
      }
    } else if (unanswered.size > 0) {
      throw new Refused(at, "An assistant message with 'tool_calls' must be followed by tool messages for each call.")
    }
    if (role === 'assistant') unanswered = callIds(message['tool_calls'])
    return { role: turnRole, ...readContent(message['content'], `${at}.content`) }
  })
  if (unanswered.size === 0) return turns
  throw new Refused(
    'messages',
    "An assistant message with 'tool_calls' must be followed by tool messages for each call.",
  )
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

function readContent(content: unknown, at: string): Pick<Turn, 'text' | 'images'> {
  if (typeof content === 'string') return { text: content }
  if (content === null || content === undefined) return { text: '' }
  if (!Array.isArray(content)) throw new Refused(at, `Invalid type for '${at}': expected a string or an array.`)
  let text = ''
  const images: string[] = []
  for (const part of content) {
    if (!isJson(part) || typeof part['type'] !== 'string')
      throw new Refused(at, `Missing required parameter: '${at}.type'.`)
    if (part['type'] === 'text' && typeof part['text'] === 'string') text += part['text']
    else if (part['type'] === 'image_url' && isJson(part['image_url'])) images.push(imageOf(part['image_url']))
  }
  return { text, images }
}

function imageOf(image: Json): string {
  return String(image['url']).replace(/^data:[^,]*,/, '')
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

function readCalls(body: Json, tools: readonly AskedTool[], lastUserText: string | null): readonly AskedTool[] {
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
  const wish = { choice: readChoice(choice, tools), parallel: body['parallel_tool_calls'] !== false }
  return chooseCalls(tools, wish, lastUserText)
}

/** The older form of a choice: a word, or the name of one of `functions`. */
function checkOlderChoice({ functions, function_call: choice }: Json): void {
  if (choice === undefined || choice === null) return
  const known = Array.isArray(functions) ? functions.filter(isJson).map(({ name }) => name) : []
  if (known.length === 0) {
    throw new Refused('function_call', "'function_call' is only allowed when 'functions' are specified.")
  }
  if (isJson(choice) && !known.includes(choice['name'])) {
    throw new Refused(
      'function_call',
      `Invalid value for 'function_call': no function named '${String(choice['name'])}'.`,
    )
  }
}

function readChoice(choice: unknown, tools: readonly AskedTool[]): 'none' | 'auto' | 'any' | AskedTool {
  if (choice === 'none') return 'none'
  if (!isJson(choice)) return choice === 'required' ? 'any' : 'auto'
  const wanted = isJson(choice['function']) ? choice['function']['name'] : undefined
  const tool = tools.find((one) => one.name === wanted)
  if (tool === undefined) throw new Refused('tool_choice', `Tool choice '${String(wanted)}' not found in 'tools'.`)
  return tool
}

function readReasoning(effort: unknown): Ask['reasoning'] {
  if (effort === undefined || effort === null) return 'allowed'
  return effort === 'none' ? 'off' : 'asked'
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
