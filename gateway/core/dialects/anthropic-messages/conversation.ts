/**
 * The conversation in this language: system text apart, then turns that alternate between user and assistant, with the
 * results of tools in the user turn right after the calls. Rules of the API, from its reference and its errors (read
 * 2026-11-23): the first turn is the user's; a result must follow its call in the next turn, before any text; a system
 * turn stands only between a user turn and an assistant turn, or last; blank texts are refused.
 */
import type { ChatCompletionRequest, RequestMessage, RequestToolCall } from '../../../../schemas/index.ts'
import type { EncodeNotes } from '../../chat/encode-notes.ts'
import { pastCallInput, pastCallName } from '../../chat/past-calls.ts'
import { isRecord, textOf } from '../../chat/loose.ts'
import type { RequestField } from '../../chat/request-fields.ts'
import { weave } from '../../chat/signed-reasoning.ts'
import { ToolIds } from '../../chat/tool-ids.ts'
import type { ModelTraits } from '../../models/claude.ts'
import type { Block } from './parts.ts'
import { encodeContent, isBlank, textBlocks, withMark } from './parts.ts'
import { isThought, readThoughts } from './reasoning.ts'
import { longestToolName } from './tools.ts'

export interface Turn {
  readonly role: 'user' | 'assistant' | 'system'
  readonly content: Block[]
}

/** Said for a user who has not said anything, since the API wants a user turn at these places. */
const opening = 'Begin.'
const goOn = 'Continue.'

/** Builds the turns; `finish` ends it and may be called once. */
export class Conversation {
  readonly system: Block[] = []
  readonly turns: Turn[] = []
  private readonly ids = new ToolIds()
  private readonly notes: EncodeNotes
  private readonly traits: ModelTraits
  /** System messages that wait for a place among the turns, and the fields they were. */
  private waiting: Block[] = []
  private readonly waitingFields = new Set<RequestField>()
  /** Ids of calls in the older form. */
  private readonly olderCalls = new Set<string>()

  constructor(request: ChatCompletionRequest, traits: ModelTraits, notes: EncodeNotes) {
    this.notes = notes
    this.traits = traits
    for (const [index, message] of request.messages.entries()) this.take(message, `messages[${index}]`)
  }

  // ---- messages ----

  private take(message: RequestMessage, place: string): void {
    switch (message.role) {
      case 'system':
      case 'developer':
        this.takeSystem(message, place)
        return
      case 'user':
        this.append('user', marked(encodeContent(message.content, place, this.notes), message))
        return
      case 'assistant':
        this.append('assistant', marked(this.assistantBlocks(message, place), message))
        return
      case 'tool':
        this.append('user', [this.resultBlock(this.ids.forResult(message.tool_call_id ?? ''), message, place)])
        return
      case 'function':
        this.takeOlderResult(message, place)
        return
      default:
        this.notes.refuse(`${place}.role`, `no turn of a conversation here is of role "${message.role}"`)
    }
  }

  private takeSystem(message: RequestMessage, place: string): void {
    const blocks = marked(encodeContent(message.content, place, this.notes), message)
    if (blocks.length === 0) return
    if (blocks.some(({ type }) => type !== 'text')) this.notes.refuse(place, 'system messages are text')
    const field = message.role === 'developer' ? 'messages[developer]' : 'messages[system]'
    if (this.turns.length === 0) this.system.push(...blocks)
    else if (this.traits.systemTurns) {
      for (const block of blocks) this.waiting.push(block)
      this.waitingFields.add(field)
    } else {
      this.system.push(...blocks)
      this.notes.approximate(field)
    }
  }

  private append(role: 'user' | 'assistant', blocks: Block[]): void {
    if (blocks.length === 0) return
    if (role === 'assistant') this.placeWaiting()
    // The next place for a system turn is behind this one, so the message moves.
    else this.noteMove()
    const last = this.turns.at(-1)
    if (last?.role === role) for (const block of blocks) last.content.push(block)
    else this.turns.push({ role, content: blocks })
  }

  private placeWaiting(): void {
    if (this.waiting.length === 0 || this.turns.at(-1)?.role !== 'user') return
    this.turns.push({ role: 'system', content: this.waiting })
    this.waiting = []
    this.waitingFields.clear()
  }

  private noteMove(): void {
    for (const field of this.waitingFields) this.notes.approximate(field)
  }

  // ---- tools ----

  private assistantBlocks(message: RequestMessage, place: string): Block[] {
    const { refusal, function_call: older } = message
    const blocks = encodeContent(message.content, place, this.notes)
    if (typeof refusal === 'string') blocks.push(...textBlocks(refusal))
    for (const [index, call] of (message.tool_calls ?? []).entries()) {
      blocks.push(this.callBlock(call.function, this.ids.forCall(call.id), `${place}.tool_calls[${index}]`))
    }
    if (isRecord(older)) {
      const id = this.ids.forOlderCall(older.name)
      this.olderCalls.add(id)
      blocks.push(this.callBlock(older, id, `${place}.function_call`))
    }
    const thoughts = readThoughts(message.reasoning_details)
    if (thoughts.length === 0 && textOf(message.reasoning_content) !== null) {
      this.notes.leaveOut('messages[].reasoning_content')
    }
    if (thoughts.length < (message.reasoning_details ?? []).length) {
      if (thoughts.length === 0) this.notes.leaveOut('messages[].reasoning_details')
      else this.notes.approximate('messages[].reasoning_details')
    }
    return weave(thoughts, blocks)
  }

  private callBlock(called: RequestToolCall['function'], id: string, place: string): Block {
    if (called === undefined || called.name === '') this.notes.reject(place, 'it names no function')
    const { name = '', arguments: given = '' } = called ?? {}
    return {
      type: 'tool_use',
      id,
      name: pastCallName(name, longestToolName, this.notes),
      input: pastCallInput(given, this.notes),
    }
  }

  private takeOlderResult(message: RequestMessage, place: string): void {
    const id = this.ids.forOlderResult(message.name ?? '')
    if (id === null) this.notes.refuse(place, 'a result of a function that nobody waits for')
    else this.append('user', [this.resultBlock(id, message, place)])
  }

  /** Marks inside a result are refused, so they stand on the result. */
  private resultBlock(id: string, message: RequestMessage, place: string): Block {
    const { content } = message
    const block: Block = { type: 'tool_result', tool_use_id: id }
    let mark = message['cache_control']
    if (typeof content === 'string') {
      if (!isBlank(content)) block['content'] = content
    } else {
      const parts = encodeContent(content, place, this.notes)
      for (const part of parts) {
        mark ??= part['cache_control']
        Reflect.deleteProperty(part, 'cache_control')
      }
      if (parts.length > 0) block['content'] = parts
    }
    return withMark(block, mark)
  }

  // ---- the whole ----

  /**
   * Is the conversation in a tool loop whose first assistant turn does not begin with a thought? With a thinking budget
   * that is refused: "When `thinking` is enabled, a final `assistant` message must start with a thinking block
   * (preceeding the lastmost set of `tool_use` and `tool_result` blocks)" (the API's words, as
   * https://github.com/anthropics/claude-cookbooks shows them, 2026-11-23). Adaptive thinking has no such rule
   * (https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking, the same day).
   */
  get lacksThoughts(): boolean {
    let first: Turn | null = null
    for (const turn of this.turns.toReversed()) {
      if (turn.role === 'user' && !turn.content.some(isResult)) break
      if (turn.role === 'assistant') first = turn
    }
    return first !== null && !isThought(first.content[0])
  }

  /** Names of the tools that were called, each once. */
  get calledTools(): string[] {
    const names = new Set<string>()
    for (const { content } of this.turns) {
      for (const { type, name } of content) if (type === 'tool_use' && typeof name === 'string') names.add(name)
    }
    return [...names]
  }

  /** Ends the conversation. `prefill`: may it end with an assistant turn, for the answer to go on with? */
  finish(prefill: boolean): void {
    if (!this.turns.some(({ role }) => role === 'user') || this.turns[0]?.role !== 'user') {
      this.turns.unshift({ role: 'user', content: textBlocks(opening) })
    }
    const last = this.turns.at(-1)
    if (last?.role === 'assistant' && !last.content.some(isCall)) {
      if (prefill) trimEnd(last.content)
      else this.turns.push({ role: 'user', content: textBlocks(goOn) })
    }
    this.placeWaiting()
    for (const block of this.waiting) this.system.push(block)
    this.noteMove()
    for (const { role, content } of this.turns) if (role === 'user') resultsFirst(content)
    if (!this.pairsOlderCalls()) this.notes.refuse('messages', 'a function was called and its result does not follow')
  }

  /** OpenAI holds calls to their results only in the newer form; what it refuses itself is left to the provider. */
  private pairsOlderCalls(): boolean {
    return this.turns.every(({ content }, index) => {
      const calls = content.flatMap(({ type, id }) => (type === 'tool_use' && this.isOlder(id) ? [id] : []))
      const next = calls.length === 0 ? [] : (this.turns[index + 1]?.content ?? [])
      const results = next.flatMap(({ tool_use_id: id }) => (this.isOlder(id) ? [id] : []))
      return calls.length === results.length && calls.every((id) => results.includes(id))
    })
  }

  private isOlder(id: unknown): boolean {
    return typeof id === 'string' && this.olderCalls.has(id)
  }
}

/** A mark on a whole message stands on its last block; thoughts take none. */
function marked(blocks: Block[], message: RequestMessage): Block[] {
  const index = blocks.findLastIndex((block) => !isThought(block))
  const last = blocks[index]
  if (last === undefined || !isRecord(message['cache_control'])) return blocks
  return blocks.with(index, withMark(last, message['cache_control']))
}

function isResult({ type }: Block): boolean {
  return type === 'tool_result'
}

function isCall({ type }: Block): boolean {
  return type === 'tool_use'
}

function resultsFirst(content: Block[]): void {
  if (!content.some(isResult)) return
  content.sort((a, b) => Number(isResult(b)) - Number(isResult(a)))
}

/** An answer that goes on from white space is refused ("final assistant content cannot end with trailing whitespace"). */
function trimEnd(content: Block[]): void {
  const last = content.at(-1)
  if (last?.['type'] === 'text' && typeof last['text'] === 'string') last['text'] = last['text'].trimEnd()
}
