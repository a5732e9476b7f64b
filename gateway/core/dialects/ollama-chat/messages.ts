/** The conversation: one text a message, images beside it, calls with objects for arguments. */
import type { RequestContentPart, RequestMessage, RequestToolCall } from '../../../../schemas/index.ts'
import { plainBase64 } from '../../chat/base64.ts'
import type { ProviderFailure } from '../../chat/failure.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { parseExactJson } from '../../chat/exact-json.ts'
import { recordOf } from '../../chat/loose.ts'
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

const roles: ReadonlyMap<string, string> = new Map([
  ['system', 'system'],
  ['developer', 'system'],
  ['user', 'user'],
  ['assistant', 'assistant'],
  ['tool', 'tool'],
  ['function', 'tool'],
])

export interface EncodedMessages {
  readonly messages: WireMessage[]
  /** Did a call have arguments that are no JSON object? */
  readonly isWrapped: boolean
}

interface PlacedMessage {
  readonly message: RequestMessage
  /** Where it stands in the request, for errors. */
  readonly place: string
}

export function encodeMessages(messages: readonly RequestMessage[]): EncodedMessages | Failed {
  const encoded: WireMessage[] = []
  let calls: CallNames = noCalls
  let isWrapped = false
  const placed = messages.map((message, position) => ({ message, place: `messages[${position}]` }))
  for (const { message, place } of inOrderOfCalls(placed)) {
    const role = roles.get(message.role)
    if (role === undefined) return cannotExpress(place, 'the API does not know its role')
    const content = encodeContent(message, place)
    if ('failure' in content) return content
    const made = encodeCalls(message, place)
    if ('failure' in made) return made
    if (message.role === 'assistant') calls = namesOf(message)
    isWrapped ||= made.isWrapped
    const toolCalls = made.calls.length > 0 && { tool_calls: made.calls }
    encoded.push({ role, ...content, ...toolCalls, ...(role === 'tool' && answering(message, calls)) })
  }
  return { messages: encoded, isWrapped }
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
    into.images.push(plainBase64(image.base64))
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

interface EncodedCalls {
  readonly calls: readonly WireToolCall[]
  readonly isWrapped: boolean
}

function encodeCalls(
  { tool_calls: calls, function_call: older }: RequestMessage,
  place: string,
): EncodedCalls | Failed {
  const all: RequestToolCall[] = [...(calls ?? [])]
  if (older !== undefined && older !== null) all.push({ id: '', function: older })
  const encoded: WireToolCall[] = []
  let isWrapped = false
  for (const { id, function: called } of all) {
    if (called === undefined) return cannotExpress(`${place}.tool_calls`, 'a call without a function')
    const given = readArguments(called.arguments)
    isWrapped ||= given === null
    const input = given ?? { arguments: called.arguments }
    encoded.push({ ...(id !== '' && { id }), function: { name: called.name, arguments: input } })
  }
  return { calls: encoded, isWrapped }
}

/** Null when they are no object: a model's words that are none are handed back as words, for the loop to go on. */
function readArguments(text: string): LooseRecord | null {
  return text.trim() === '' ? {} : recordOf(parseExactJson(text))
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
function inOrderOfCalls(messages: readonly PlacedMessage[]): readonly PlacedMessage[] {
  const ordered: PlacedMessage[] = []
  let place: ReadonlyMap<string, number> = new Map()
  let results: PlacedMessage[] = []
  const putResults = (): void => {
    const rank = ({ message }: PlacedMessage): number => place.get(message.tool_call_id ?? '') ?? place.size
    for (const result of results.toSorted((one, other) => rank(one) - rank(other))) ordered.push(result)
    results = []
  }
  for (const placed of messages) {
    const { message } = placed
    if (message.role === 'tool' && place.size > 0) {
      results.push(placed)
      continue
    }
    putResults()
    ordered.push(placed)
    const calls = message.role === 'assistant' ? (message.tool_calls ?? []) : []
    place = new Map(calls.map((call, index) => [call.id, index]))
  }
  putResults()
  return ordered
}
