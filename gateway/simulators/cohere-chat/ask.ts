/** Reads `POST /v2/chat` as Cohere's server does. */
import type { Ask, AskedTool, Json, ToolWish, Turn } from '../answers/ask.ts'
import { chooseCalls, isJson, readConversation } from '../answers/ask.ts'
import { checkChatRequest, listIn } from './request.ts'

export interface ChatAsk {
  readonly ask: Ask
  /** Ids of the documents that an answer can cite. */
  readonly documents: readonly string[]
}

/** Throws `Refused`. */
export function readAsk(body: unknown): ChatAsk {
  checkChatRequest(body)
  const documents = Array.isArray(body['documents']) ? body['documents'] : []
  const conversation = readConversation(turnsOf(listIn(body['messages']), documents))
  const tools = readTools(listIn(body['tools']))
  const most = body['max_tokens']
  const ask: Ask = {
    model: String(body['model']),
    stream: body['stream'] === true,
    choices: 1,
    maxTokens: typeof most === 'number' ? most : null,
    stop: Array.isArray(body['stop_sequences']) ? body['stop_sequences'].map(String) : [],
    tools,
    calls: chooseCalls(tools, { choice: choiceOf(body['tool_choice']), parallel: true }, conversation.lastUserText),
    format: readFormat(body['response_format']),
    reasoning: reasoningOf(body['thinking']),
    conversation,
  }
  return { ask, documents: documents.map((document, index) => idOf(document, index)) }
}

function idOf(document: unknown, index: number): string {
  return isJson(document) && typeof document['id'] === 'string' ? document['id'] : `doc:${index}`
}

/** Documents stand beside the conversation; they count as the last user's. */
function turnsOf(messages: readonly Json[], documents: readonly unknown[]): readonly Turn[] {
  const turns = messages.map(turnOf)
  const last = turns.at(-1)
  if (documents.length === 0 || last === undefined) return turns
  const texts = documents.map((document) => (typeof document === 'string' ? document : JSON.stringify(document)))
  return [...turns.slice(0, -1), { ...last, documents: texts }]
}

function turnOf({ role, content }: Json): Turn {
  const parts = listIn(content)
  const texts = parts.map((part) => {
    if (typeof part['text'] === 'string') return part['text']
    const { document } = part
    return isJson(document) ? JSON.stringify(document['data']) : ''
  })
  const images = parts.flatMap(({ image_url: image }) =>
    isJson(image) ? [String(image['url']).replace(/^data:[^,]*,/, '')] : [],
  )
  const said = typeof content === 'string' ? content : texts.join('')
  const speaker = role === 'system' || role === 'assistant' || role === 'tool' ? role : 'user'
  return { role: speaker, text: said, images }
}

function readTools(tools: readonly Json[]): readonly AskedTool[] {
  return tools.flatMap(({ function: declared }) => {
    const { name, parameters }: Json = isJson(declared) ? declared : {}
    return typeof name === 'string' ? [{ name, parameters: isJson(parameters) ? parameters : null }] : []
  })
}

function choiceOf(word: unknown): ToolWish['choice'] {
  if (word === 'NONE') return 'none'
  return word === 'REQUIRED' ? 'any' : 'auto'
}

function readFormat(format: unknown): Ask['format'] {
  if (!isJson(format) || format['type'] !== 'json_object') return { kind: 'text' }
  const schema = format['json_schema'] ?? format['schema']
  return schema === undefined ? { kind: 'json' } : { kind: 'schema', schema }
}

function reasoningOf(thinking: unknown): Ask['reasoning'] {
  if (!isJson(thinking)) return 'allowed'
  return thinking['type'] === 'disabled' ? 'off' : 'asked'
}
