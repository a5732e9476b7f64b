/** The conversation: turns of text and images, calls with what the model planned, results by the id of their call. */
import type { RequestContentPart, RequestMessage, RequestToolCall } from '../../../../schemas/index.ts'
import type { EncodeNotes } from '../../chat/encode-notes.ts'
import { readDataUrl, readImage } from '../../chat/inline-data.ts'
import { parseJson, recordOf, textOf } from '../../chat/loose.ts'
import { ToolIds } from '../../chat/tool-ids.ts'
import type { ModelTraits } from './models.ts'
import { encodeToolName } from './tool-names.ts'

type WirePart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly thinking: string }
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string; readonly detail?: string } }

export interface WireMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  readonly content?: string | readonly WirePart[]
  readonly tool_calls?: readonly object[]
  readonly tool_plan?: string
  readonly tool_call_id?: string
}

/** "message must not be empty in a turn" (the vendor's page on errors, read 2026-11-24), so turns of nothing are not sent. */
export function encodeMessages(
  messages: readonly RequestMessage[],
  traits: ModelTraits,
  notes: EncodeNotes,
): WireMessage[] {
  const turns = new Turns(traits, notes)
  const encoded = messages.map((message, position) => turns.encode(message, `messages[${position}]`))
  const said = encoded.filter((message) => message !== null)
  if (said.length === 0) notes.refuse('messages', 'nothing is said in them')
  return said
}

/** Turns one after the other: results find their calls by ids that may have to be other ones here. */
class Turns {
  private readonly traits: ModelTraits
  private readonly notes: EncodeNotes
  private readonly ids = new ToolIds()

  constructor(traits: ModelTraits, notes: EncodeNotes) {
    this.traits = traits
    this.notes = notes
  }

  encode(message: RequestMessage, place: string): WireMessage | null {
    switch (message.role) {
      case 'system':
      case 'developer':
        return spoken('system', this.partsOf(message, place))
      case 'user':
        return spoken('user', this.partsOf(message, place))
      case 'assistant':
        return this.answer(message, place)
      case 'tool':
        return this.result(message, this.ids.forResult(message.tool_call_id ?? ''), place)
      case 'function': {
        const id = this.ids.forOlderResult(textOf(message['name']) ?? '')
        if (id === null) this.notes.refuse(place, 'no call of that function waits for a result')
        return this.result(message, id ?? '', place)
      }
      default:
        this.notes.refuse(place, 'the API does not know its role')
        return null
    }
  }

  // ---- text and images ----

  private partsOf({ role, content, refusal }: RequestMessage, place: string): WirePart[] {
    const parts: (WirePart | null)[] = []
    if (typeof content === 'string') parts.push({ type: 'text', text: content })
    else {
      for (const [position, part] of (content ?? []).entries()) {
        parts.push(this.partOf(part, role, `${place}.content[${position}]`))
      }
    }
    if (typeof refusal === 'string') parts.push({ type: 'text', text: refusal })
    return parts.filter((part) => part !== null).filter((part) => part.type !== 'text' || part.text !== '')
  }

  private partOf(part: RequestContentPart, role: string, place: string): WirePart | null {
    if (part.type === 'text') return { type: 'text', text: part.text ?? '' }
    if (part.type === 'refusal') return { type: 'text', text: part.refusal ?? '' }
    if (part.type !== 'image_url' || part.image_url === undefined) {
      this.notes.refuse(place, 'only text and images are read')
      return null
    }
    if (role !== 'user') {
      this.notes.refuse(place, 'images stand in turns of the user only')
      return null
    }
    const url = this.imageUrl(part.image_url.url, place)
    const { detail } = part.image_url
    const known = detail === 'low' || detail === 'high' || detail === 'auto'
    return url === null ? null : { type: 'image_url', image_url: { url, ...(known && { detail }) } }
  }

  private imageUrl(url: string, place: string): string | null {
    if (/^https?:\/\//i.test(url)) return url
    const data = readDataUrl(url)
    const image = data === null ? null : readImage(data)
    if (image !== null) return `data:${image.mediaType};base64,${image.base64}`
    this.notes.refuse(place, 'images are JPEG, PNG, GIF or WebP in a base64 `data:` URL, or at an http address')
    return null
  }

  // ---- answers and results ----

  /**
   * What the model thought goes where this model's own answers have it: in a block before the text, or in the plan of a
   * turn with calls.
   */
  private answer(message: RequestMessage, place: string): WireMessage | null {
    const parts = this.partsOf(message, place)
    const calls = this.callsOf(message, place)
    const thought = textOf(message.reasoning_content)
    if (thought !== null && this.traits.reasons) parts.unshift({ type: 'thinking', thinking: thought })
    if (calls.length === 0) return spoken('assistant', parts)
    const plan = thought !== null && !this.traits.reasons && { tool_plan: thought }
    return { role: 'assistant', ...(parts.length > 0 && { content: contentOf(parts) }), ...plan, tool_calls: calls }
  }

  private callsOf({ tool_calls: calls, function_call: older }: RequestMessage, place: string): object[] {
    const encoded = (calls ?? []).map((call) => this.call(call, this.ids.forCall(call.id), place))
    if (older !== undefined && older !== null) {
      encoded.push(this.call({ function: older }, this.ids.forOlderCall(older.name), place))
    }
    return encoded
  }

  private call({ function: called }: Pick<RequestToolCall, 'function'>, id: string, place: string): object {
    if (called === undefined) {
      this.notes.refuse(`${place}.tool_calls`, 'a call without a function')
      return {}
    }
    const name = encodeToolName(called.name)
    if (name === null) {
      this.notes.refuse(
        `${place}.tool_calls`,
        `names have letters, digits and _, unlike ${JSON.stringify(called.name)}`,
      )
    }
    return { id, type: 'function', function: { name, arguments: this.argumentsOf(called.arguments) } }
  }

  /** A model's words that are no JSON object are handed back as words, for the loop to go on. */
  private argumentsOf(text: string): string {
    if (text.trim() === '') return '{}'
    if (recordOf(parseJson(text)) !== null) return text
    this.notes.approximate('messages[].tool_calls')
    return JSON.stringify({ arguments: text })
  }

  private result(message: RequestMessage, id: string, place: string): WireMessage {
    return { role: 'tool', tool_call_id: id, content: contentOf(this.partsOf(message, place)) }
  }
}

/** Null for a turn in which nothing is said. */
function spoken(role: 'system' | 'user' | 'assistant', parts: readonly WirePart[]): WireMessage | null {
  return parts.length === 0 ? null : { role, content: contentOf(parts) }
}

/** One text stands for itself. */
function contentOf(parts: readonly WirePart[]): string | readonly WirePart[] {
  const [first] = parts
  if (first === undefined) return ''
  return parts.length === 1 && first.type === 'text' ? first.text : parts
}
