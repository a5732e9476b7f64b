/**
 * The conversation in this language: system text apart, then turns of `user` and `model`. Rules of the API, from its
 * pages and its errors (read 2026-11-24): the results of one turn's calls follow it at once, as many as there were calls,
 * and belong to them by their order (and from Gemini 3 on by id); they carry the function's name; a turn with calls
 * follows a turn of the user's; newer models refuse a conversation that ends with a turn of their own.
 */
import type { ChatCompletionRequest, RequestMessage, RequestToolCall } from '../../../../schemas/index.ts'
import type { EncodeNotes } from '../../chat/encode-notes.ts'
import { isRecord, parseJson, textOf } from '../../chat/loose.ts'
import type { ModelTraits } from './models.ts'
import type { Part } from './parts.ts'
import { encodeContent, textParts } from './parts.ts'
import { foreignSignature, readSignatures } from './reasoning.ts'
import { functionName, longestFunctionName } from './tools.ts'

export interface Turn {
  readonly role: 'user' | 'model'
  readonly parts: Part[]
}

/** Said for a user who has not said anything, since the API wants a user turn at these places. */
const opening = 'Begin.'
const goOn = 'Continue.'

/** A call that waits for its result. */
interface Pending {
  /** As the caller calls it; null in the older form. */
  readonly id: string | null
  readonly givenName: string
  readonly name: string
  readonly wireId: string | null
  readonly place: string
  result: { readonly part: Part; readonly media: readonly Part[] } | null
}

/** Builds the turns; `finish` ends it and may be called once. */
export class Conversation {
  readonly system: Part[] = []
  readonly turns: Turn[] = []
  private readonly notes: EncodeNotes
  private readonly traits: ModelTraits
  private pending: Pending[] = []
  /** Those without a result, by what a result names, in their order: a caller may send thousands. */
  private readonly waiting = new Map<string, Pending[]>()

  constructor(request: ChatCompletionRequest, traits: ModelTraits, notes: EncodeNotes) {
    this.notes = notes
    this.traits = traits
    for (const [index, message] of request.messages.entries()) this.take(message, `messages[${index}]`)
  }

  // ---- messages ----

  private take(message: RequestMessage, place: string): void {
    const { role } = message
    if (role === 'tool' || role === 'function') {
      this.takeResult(message, place)
      return
    }
    if (role === 'system' || role === 'developer') {
      this.takeSystem(message, place)
      return
    }
    this.flushResults()
    if (role === 'user') this.append('user', encodeContent(message.content, place, this.notes))
    else if (role === 'assistant') this.append('model', this.modelParts(message, place))
    else this.notes.refuse(`${place}.role`, `no turn of a conversation here is of role "${role}"`)
  }

  private takeSystem(message: RequestMessage, place: string): void {
    const parts = encodeContent(message.content, place, this.notes)
    if (parts.length === 0) return
    if (parts.some((part) => part['text'] === undefined)) this.notes.refuse(place, 'system messages are text')
    if (this.turns.length > 0) {
      this.notes.approximate(message.role === 'developer' ? 'messages[developer]' : 'messages[system]')
    }
    for (const part of parts) this.system.push(part)
  }

  /** What a user says behind results stands in a turn of its own: a turn of results holds nothing else. */
  private append(role: Turn['role'], parts: Part[]): void {
    if (parts.length === 0) return
    const last = this.turns.at(-1)
    if (last?.role === role && !last.parts.some(isResult)) for (const part of parts) last.parts.push(part)
    else this.turns.push({ role, parts })
  }

  // ---- the model's turns ----

  private modelParts(message: RequestMessage, place: string): Part[] {
    const { refusal, function_call: older } = message
    const thought = textOf(message.reasoning_content)
    const said = encodeContent(message.content, place, this.notes)
    const parts: Part[] = thought === null ? said : [{ text: thought, thought: true }, ...said]
    if (typeof refusal === 'string') parts.push(...textParts(refusal))
    const isSigned = this.addCalls(message, place, parts)
    if (isRecord(older)) {
      const call = this.callPart(older, null, `${place}.function_call`)
      parts.push(isSigned || !this.traits.signsCalls ? call : { ...call, thoughtSignature: foreignSignature })
    }
    return parts
  }

  /** True when the turn's first call has a signature already, or needs none. */
  private addCalls(message: RequestMessage, place: string, parts: Part[]): boolean {
    const calls = message.tool_calls ?? []
    const { ofCalls, ofText } = readSignatures(message.reasoning_details)
    signTexts(parts, ofText)
    const used = new Set<string>()
    for (const [index, { id, function: called }] of calls.entries()) {
      const call = this.callPart(called, id, `${place}.tool_calls[${index}]`)
      const signature = ofCalls.get(id)
      if (signature !== undefined) used.add(id)
      const stand = index === 0 && this.traits.signsCalls ? foreignSignature : undefined
      const thoughtSignature = signature ?? stand
      parts.push(thoughtSignature === undefined ? call : { ...call, thoughtSignature })
    }
    const lost = (message.reasoning_details ?? []).length - ofText.length - used.size
    if (lost > 0 && ofText.length + used.size > 0) this.notes.approximate('messages[].reasoning_details')
    else if (lost > 0) this.notes.leaveOut('messages[].reasoning_details')
    return calls.length > 0
  }

  private callPart(called: RequestToolCall['function'], id: string | null, place: string): Part {
    if (called === undefined || called.name === '') this.notes.reject(place, 'it names no function')
    const { name: givenName = '', arguments: given = '' } = called ?? {}
    const name = this.wireName(givenName)
    const wireId = this.traits.signsCalls ? id : null
    const call: Pending = { id, givenName, name, wireId, place, result: null }
    this.pending.push(call)
    const key = resultKey(id, givenName)
    const alike = this.waiting.get(key)
    if (alike === undefined) this.waiting.set(key, [call])
    else alike.push(call)
    return { functionCall: { ...(wireId !== null && { id: wireId }), name, args: this.readArguments(given) } }
  }

  /** Calls of the past may have names that no function may have here; nobody looks for a function behind them. */
  private wireName(name: string): string {
    if (functionName.test(name) || name === '') return name
    this.notes.approximate('messages[].tool_calls')
    const plain = name.replace(/[^a-zA-Z0-9_.:-]/g, '_')
    return (/^[a-zA-Z_]/.test(plain) ? plain : `_${plain}`).slice(0, longestFunctionName)
  }

  /** The API takes an object only; a model's words that are none are handed back as words. */
  private readArguments(text: string): unknown {
    if (text.trim() === '') return {}
    const given = parseJson(text)
    if (!isRecord(given)) {
      this.notes.approximate('messages[].tool_calls')
      return { arguments: text }
    }
    if (!keepsDigits(text, given)) this.notes.approximate('messages[].tool_calls')
    return given
  }

  // ---- results ----

  private takeResult(message: RequestMessage, place: string): void {
    const { role, tool_call_id: id, name } = message
    const call = this.waiting.get(role === 'tool' ? resultKey(id ?? '', null) : resultKey(null, name ?? ''))?.shift()
    if (call === undefined) this.notes.refuse(place, 'a result of a call that nobody waits for')
    else call.result = this.encodeResult(message, call, place)
  }

  private encodeResult({ content }: RequestMessage, call: Pending, place: string): NonNullable<Pending['result']> {
    const parts = encodeContent(content, place, this.notes)
    const texts = parts.flatMap(({ text }) => (typeof text === 'string' ? [text] : []))
    const media = parts.filter(({ text }) => text === undefined)
    const isWithin = this.traits.mediaInResults
    if (media.length > 0 && !isWithin) this.notes.approximate('messages[tool]')
    const response = {
      ...(call.wireId !== null && { id: call.wireId }),
      name: call.name,
      response: { output: texts.join('\n') },
      ...(media.length > 0 && isWithin && { parts: media }),
    }
    return { part: { functionResponse: response }, media: isWithin ? [] : media }
  }

  /** In the order of the calls, whatever order they came in. */
  private flushResults(): void {
    const answered = this.pending.flatMap(({ result }) => (result === null ? [] : [result]))
    const open = this.pending.find(({ id, result }) => id === null && result === null)
    // OpenAI holds calls to their results in the newer form only; what it refuses itself is left to the provider.
    if (open !== undefined) this.notes.refuse(open.place, 'its result does not follow')
    this.pending = []
    this.waiting.clear()
    if (answered.length === 0) return
    this.turns.push({ role: 'user', parts: answered.map(({ part }) => part) })
    const media = answered.flatMap((result) => result.media)
    if (media.length > 0) this.turns.push({ role: 'user', parts: media })
  }

  // ---- the whole ----

  /** Ends the conversation. */
  finish(): void {
    this.flushResults()
    if (this.turns[0]?.role !== 'user') this.turns.unshift({ role: 'user', parts: textParts(opening) })
    const last = this.turns.at(-1)
    if (last?.role === 'model' && !this.traits.prefill && !last.parts.some(isCall)) {
      this.turns.push({ role: 'user', parts: textParts(goOn) })
    }
  }
}

/** Does every long number of a text stand in what was read from it? Those beyond 2^53 do not. */
function keepsDigits(text: string, read: unknown): boolean {
  const long = text.match(/\d{16,}/g)
  if (long === null) return true
  const written = new Set(JSON.stringify(read).match(/\d{16,}/g))
  return long.every((digits) => written.has(digits))
}

/** What a result calls its call: the id, in the older form the name. */
function resultKey(id: string | null, name: string | null): string {
  return id === null ? `name ${name ?? ''}` : `id ${id}`
}

function isResult(part: Part): boolean {
  return part['functionResponse'] !== undefined
}

function isCall(part: Part): boolean {
  return part['functionCall'] !== undefined
}

/** The first stands on the last text, as it did when the whole answer came at once; others on parts of their own. */
function signTexts(parts: Part[], signatures: readonly string[]): void {
  const [first, ...more] = signatures
  if (first === undefined) return
  const last = parts.at(-1)
  if (last !== undefined && last['thought'] !== true) last['thoughtSignature'] = first
  else parts.push({ text: '', thoughtSignature: first })
  for (const thoughtSignature of more) parts.push({ text: '', thoughtSignature })
}
