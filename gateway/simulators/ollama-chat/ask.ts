/** Reads `POST /api/chat` as Ollama's server does. */
import type { Ask, AskedTool, Json, Turn } from '../answers/ask.ts'
import { chooseCalls, isJson, readConversation } from '../answers/ask.ts'
import { Refused, checkChatRequest, checkOptions, readThink } from './request.ts'

export interface ChatAsk {
  readonly ask: Ask
  /** No message: the model is only loaded, or with `keep_alive: 0` unloaded. */
  readonly onlyLoads: boolean
  readonly unloads: boolean
}

/** Throws `Refused`. */
export function readAsk(body: unknown): ChatAsk {
  checkChatRequest(body)
  const { model, messages, tools: given, options, top_logprobs: logprobs } = body
  if (typeof logprobs === 'number' && (logprobs < 0 || logprobs > 20)) {
    throw new Refused(400, 'top_logprobs must be between 0 and 20')
  }
  if (typeof model !== 'string' || model === '') throw new Refused(400, 'model is required')
  const reasoning = readThink(body['think'])
  const wishes = isJson(options) ? options : {}
  checkOptions(wishes)
  const turns = readTurns(messages)
  const conversation = readConversation(turns)
  const tools = readTools(given)
  const most = wishes['num_predict']
  const ask: Ask = {
    model,
    // Streaming is what it does unless it is told not to.
    stream: body['stream'] !== false,
    choices: 1,
    maxTokens: typeof most === 'number' && most > 0 ? Math.trunc(most) : null,
    stop: Array.isArray(wishes['stop']) ? wishes['stop'].map(String) : [],
    tools,
    calls: chooseCalls(tools, { choice: 'auto', parallel: true }, conversation.lastUserText),
    format: readFormat(body['format']),
    reasoning,
    conversation,
  }
  return { ask, onlyLoads: turns.length === 0, unloads: isZero(body['keep_alive']) }
}

const roles: ReadonlyMap<string, Turn['role']> = new Map([
  ['system', 'system'],
  ['user', 'user'],
  ['assistant', 'assistant'],
  ['tool', 'tool'],
] as const)

function readTurns(messages: unknown): readonly Turn[] {
  return (Array.isArray(messages) ? messages : []).filter(isJson).map((message) => {
    const given = message['role']
    const name = typeof given === 'string' ? given.toLowerCase() : ''
    const role = roles.get(name)
    if (role === undefined) {
      throw new Refused(400, `invalid role: ${name}, must be one of [system user assistant tool]`)
    }
    const { content, images } = message
    const text = typeof content === 'string' ? content : ''
    return { role, text, images: Array.isArray(images) ? images.map(String) : [] }
  })
}

function readTools(given: unknown): readonly AskedTool[] {
  return (Array.isArray(given) ? given : []).filter(isJson).flatMap((tool) => {
    const { name, parameters }: Json = isJson(tool['function']) ? tool['function'] : {}
    return typeof name === 'string' ? [{ name, parameters: isJson(parameters) ? parameters : null }] : []
  })
}

function readFormat(format: unknown): Ask['format'] {
  if (format === undefined || format === null || format === '') return { kind: 'text' }
  if (format === 'json') return { kind: 'json' }
  if (isJson(format)) return { kind: 'schema', schema: format }
  throw new Refused(500, `invalid format: ${JSON.stringify(format)}; expected "json" or a valid JSON Schema object`)
}

/** A duration of nothing: 0, "0", "0s". */
function isZero(keepAlive: unknown): boolean {
  return keepAlive === 0 || (typeof keepAlive === 'string' && /^0+(ms|s|m|h)?$/.test(keepAlive))
}
