/** The conversation: one text a message, images beside it, calls with objects for arguments. */
import type { RequestContentPart, RequestMessage, RequestToolCall } from '../../../../schemas/index.ts'
import type { ProviderFailure } from '../../chat/failure.ts'
import { isRecord, parseJson } from '../../chat/loose.ts'
import { cannotExpress } from './inexpressible.ts'

export interface WireMessage {
  readonly role: string
  readonly content: string
  readonly thinking?: string
  /** Base64. */
  readonly images?: readonly string[]
  readonly tool_calls?: readonly WireToolCall[]
  readonly tool_name?: string
  readonly tool_call_id?: string
}

interface WireToolCall {
  readonly id?: string
  readonly function: { readonly name: string; readonly arguments: object }
}

type Failed = { readonly failure: ProviderFailure }

const roles: Readonly<Record<string, string>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
  function: 'tool',
}

export function encodeMessages(messages: readonly RequestMessage[]): { messages: WireMessage[] } | Failed {
  const encoded: WireMessage[] = []
  let calls: CallNames = noCalls
  for (const [position, message] of inOrderOfCalls(messages).entries()) {
    const place = `messages[${position}]`
    const role = roles[message.role]
    if (role === undefined) return cannotExpress(place, 'the API does not know its role')
    const content = encodeContent(message, place)
    if ('failure' in content) return content
    const made = encodeCalls(message, place)
    if ('failure' in made) return made
    if (message.role === 'assistant') calls = namesOf(message)
    encoded.push({ role, ...content, ...made, ...(role === 'tool' && answering(message, calls)) })
  }
  return { messages: encoded }
}

// ---- text, images ----

/** What the server itself puts between two texts of one speaker (`template/template.go`, checked 2026-11-23). */
const betweenTexts = '\n\n'

type Content = Pick<WireMessage, 'content' | 'thinking' | 'images'>

function encodeContent(message: RequestMessage, place: string): Content | Failed {
  const { content, refusal, reasoning_content: reasoning } = message
  const texts: string[] = []
  const images: string[] = []
  if (typeof content === 'string') texts.push(content)
  else if (Array.isArray(content)) {
    for (const [position, part] of content.entries()) {
      const failed = takePart(part, `${place}.content[${position}]`, { texts, images })
      if (failed !== null) return failed
    }
  }
  if (typeof refusal === 'string') texts.push(refusal)
  return {
    content: texts.filter((text) => text !== '').join(betweenTexts),
    ...(typeof reasoning === 'string' && reasoning !== '' && { thinking: reasoning }),
    ...(images.length > 0 && { images }),
  }
}

function takePart(part: RequestContentPart, place: string, into: { texts: string[]; images: string[] }): Failed | null {
  if (part.type === 'text' && part.text !== undefined) into.texts.push(part.text)
  else if (part.type === 'refusal' && part.refusal !== undefined) into.texts.push(part.refusal)
  else if (part.type === 'image_url' && part.image_url !== undefined) {
    const image = readDataUrl(part.image_url.url)
    if (image === null) return cannotExpress(place, 'an image is a `data:` URL in base64')
    if (!imageTypes.has(image.mediaType))
      return cannotExpress(place, `images are PNG, JPEG or WebP, not ${image.mediaType}`)
    into.images.push(image.base64)
  }
  return null
}

/** Those that the server's own translation of OpenAI's requests lets through (`openai/openai.go`, checked 2026-11-23). */
const imageTypes: ReadonlySet<string> = new Set(['', 'image/png', 'image/jpeg', 'image/jpg', 'image/webp'])

/** Null when it is none, or not in base64. */
function readDataUrl(url: string): { mediaType: string; base64: string } | null {
  const comma = url.indexOf(',')
  const head = comma === -1 ? '' : url.slice(0, comma)
  const [, mediaType = '', rest = ''] = /^data:([^;]*)(.*)$/is.exec(head) ?? []
  if (!/;base64$/i.test(rest)) return null
  return { mediaType: mediaType.toLowerCase(), base64: url.slice(comma + 1) }
}

// ---- tools ----

function encodeCalls(message: RequestMessage, place: string): Pick<WireMessage, 'tool_calls'> | Failed {
  const { tool_calls: calls, function_call: older } = message
  const encoded: WireToolCall[] = []
  for (const [position, call] of (calls ?? []).entries()) {
    const made = encodeCall(call, `${place}.tool_calls[${position}]`)
    if ('failure' in made) return made
    encoded.push(made)
  }
  if (older !== undefined && older !== null) {
    const made = encodeCall({ id: '', function: older }, `${place}.function_call`)
    if ('failure' in made) return made
    encoded.push(made)
  }
  return encoded.length === 0 ? {} : { tool_calls: encoded }
}

function encodeCall({ id, function: called }: RequestToolCall, place: string): WireToolCall | Failed {
  if (called === undefined) return cannotExpress(place, 'a call without a function')
  const given = called.arguments.trim() === '' ? {} : parseJson(called.arguments)
  if (!isRecord(given)) return cannotExpress(`${place}.function.arguments`, 'they are no JSON object')
  return { ...(id !== '' && { id }), function: { name: called.name, arguments: given } }
}

/** The calls of the answer before, by id; and the one that was made in the older form, which has none. */
interface CallNames {
  readonly byId: ReadonlyMap<string, string>
  readonly older: string | null
}

const noCalls: CallNames = { byId: new Map(), older: null }

function namesOf({ tool_calls: calls, function_call: older }: RequestMessage): CallNames {
  const named = (calls ?? []).map((call): [string, string] => [call.id, call.function?.name ?? ''])
  return { byId: new Map(named), older: older?.name ?? null }
}

/** Servers before ids go by the name; newer ones by the id. */
function answering(message: RequestMessage, calls: CallNames): Pick<WireMessage, 'tool_name' | 'tool_call_id'> {
  const { role, tool_call_id: id } = message
  const name = role === 'function' ? calls.older : (calls.byId.get(id ?? '') ?? null)
  return {
    ...(name !== null && name !== '' && { tool_name: name }),
    ...(typeof id === 'string' && id !== '' && { tool_call_id: id }),
  }
}

/**
 * Most models' templates show results without saying which call each belongs to, so that only their order tells: results
 * are put in the order of the calls. What belongs to no call stays behind those that do.
 */
function inOrderOfCalls(messages: readonly RequestMessage[]): readonly RequestMessage[] {
  const ordered: RequestMessage[] = []
  let place: ReadonlyMap<string, number> = new Map()
  let from = -1
  for (const message of messages) {
    if (message.role === 'tool' && from !== -1) {
      let at = ordered.length
      while (at > from && rank(ordered[at - 1], place) > rank(message, place)) at -= 1
      ordered.splice(at, 0, message)
      continue
    }
    ordered.push(message)
    const calls = message.role === 'assistant' ? (message.tool_calls ?? []) : []
    place = new Map(calls.map((call, index) => [call.id, index]))
    from = calls.length === 0 ? -1 : ordered.length
  }
  return ordered
}

function rank(message: RequestMessage | undefined, place: ReadonlyMap<string, number>): number {
  return place.get(message?.tool_call_id ?? '') ?? place.size
}
