/**
 * The conversation in this language: system text apart, then turns that alternate between user and assistant, with the
 * results of tools in the user turn right after the calls. Rules of the API, from its reference, the types of its client
 * and its errors as users report them (read 2026-11-24): "A conversation must start with a user message"; roles
 * alternate; content is never empty and no text blank; the results of all calls of a turn stand together in the next
 * one; a turn with a document has a text as well; the models of some makers take no text beside results.
 */
import type { ChatCompletionRequest, RequestMessage, RequestToolCall } from '../../../../schemas/index.ts'
import type { EncodeNotes } from '../../chat/encode-notes.ts'
import { pastCallInput, pastCallName } from '../../chat/past-calls.ts'
import { isRecord, recordOf, textOf } from '../../chat/loose.ts'
import { weave } from '../../chat/signed-reasoning.ts'
import { ToolIds } from '../../chat/tool-ids.ts'
import { DocumentNames } from './document-names.ts'
import { parseExactJson } from '../../chat/exact-json.ts'
import type { ModelTraits } from './models.ts'
import type { Block, PartContext } from './parts.ts'
import { encodeContent, isBlank, isMark, markBlocks, textBlocks } from './parts.ts'
import { isThought, readThoughts } from './reasoning.ts'
import { longestToolName } from './tools.ts'

export interface Turn {
  readonly role: 'user' | 'assistant'
  content: Block[]
}

/** Said where the API wants words and nobody has said any. */
const opening = 'Begin.'
const goOn = 'Continue.'
const thanks = 'Thank you.'
const documentText = 'See the document.'
const noOutput = '(no output)'

/** "Member must have length less than or equal to 64" (run-llama/llama_index#22775, read 2026-11-24). */
const longestId = 64

/** Builds the turns; `finish` ends it and may be called once. */
export class Conversation {
  readonly system: Block[] = []
  turns: Turn[] = []
  private readonly ids = new ToolIds(longestId)
  private readonly notes: EncodeNotes
  private readonly traits: ModelTraits
  private readonly parts: PartContext
  /** Ids of calls in the older form. */
  private readonly olderCalls = new Set<string>()

  constructor(request: ChatCompletionRequest, traits: ModelTraits, notes: EncodeNotes) {
    this.notes = notes
    this.traits = traits
    this.parts = { notes, traits, names: new DocumentNames() }
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
        this.append('user', this.marked(encodeContent(message.content, place, this.parts), message))
        return
      case 'assistant':
        this.append('assistant', this.marked(this.assistantBlocks(message, place), message))
        return
      case 'tool':
        this.append('user', this.resultBlocks(this.ids.forResult(message.tool_call_id ?? ''), message, place))
        return
      case 'function':
        this.takeOlderResult(message, place)
        return
      default:
        this.notes.refuse(`${place}.role`, `no turn of a conversation here is of role "${message.role}"`)
    }
  }

  private takeSystem(message: RequestMessage, place: string): void {
    const blocks = this.marked(encodeContent(message.content, place, this.parts), message)
    if (blocks.some((block) => !('text' in block) && !isMark(block))) {
      this.notes.refuse(place, 'system messages are text')
    }
    if (blocks.length === 0) return
    for (const block of blocks) this.system.push(block)
    if (this.turns.length === 0) return
    this.notes.approximate(message.role === 'developer' ? 'messages[developer]' : 'messages[system]')
  }

  /** A mark on a whole message stands behind its last block. */
  private marked(blocks: Block[], message: RequestMessage): Block[] {
    const last = blocks.at(-1)
    if (last === undefined || isThought(last) || isMark(last)) return blocks
    return [...blocks, ...markBlocks(message['cache_control'])]
  }

  private append(role: Turn['role'], blocks: readonly Block[]): void {
    if (blocks.length === 0) return
    const last = this.turns.at(-1)
    if (last?.role === role) for (const block of blocks) last.content.push(block)
    else this.turns.push({ role, content: [...blocks] })
  }

  // ---- tools ----

  private assistantBlocks(message: RequestMessage, place: string): Block[] {
    const { refusal, function_call: older } = message
    const blocks = encodeContent(message.content, place, this.parts)
    if (typeof refusal === 'string') blocks.push(...textBlocks(refusal))
    for (const [index, call] of (message.tool_calls ?? []).entries()) {
      blocks.push(this.callBlock(call.function, this.ids.forCall(call.id), `${place}.tool_calls[${index}]`))
    }
    if (isRecord(older)) {
      const id = this.ids.forOlderCall(older.name)
      this.olderCalls.add(id)
      blocks.push(this.callBlock(older, id, `${place}.function_call`))
    }
    return this.withThoughts(message, blocks)
  }

  private withThoughts(message: RequestMessage, blocks: Block[]): Block[] {
    if (this.traits.reasoning !== 'claude') return blocks
    const { reasoning_details: details } = message
    const thoughts = readThoughts(details)
    if (thoughts.length === 0 && textOf(message.reasoning_content) !== null) {
      this.notes.leaveOut('messages[].reasoning_content')
    }
    if (thoughts.length < (details ?? []).length) {
      if (thoughts.length === 0) this.notes.leaveOut('messages[].reasoning_details')
      else this.notes.approximate('messages[].reasoning_details')
    }
    return weave(thoughts, blocks)
  }

  private callBlock(called: RequestToolCall['function'], id: string, place: string): Block {
    if (called === undefined || called.name === '') this.notes.reject(place, 'it names no function')
    const { name = '', arguments: given = '' } = called ?? {}
    return {
      toolUse: {
        toolUseId: id,
        name: pastCallName(name, longestToolName, this.notes),
        input: pastCallInput(given, this.notes),
      },
    }
  }

  private takeOlderResult(message: RequestMessage, place: string): void {
    const id = this.ids.forOlderResult(message.name ?? '')
    if (id === null) this.notes.refuse(place, 'a result of a function that nobody waits for')
    else this.append('user', this.resultBlocks(id, message, place))
  }

  /** Marks stand behind a result, not in it. */
  private resultBlocks(id: string, message: RequestMessage, place: string): Block[] {
    const parts = encodeContent(message.content, place, this.parts)
    const said = parts.filter((part) => !isMark(part))
    const mark = parts.find(isMark)
    const content = this.traits.jsonResults ? said.map(asJson) : said
    const result = { toolResult: { toolUseId: id, content: content.length === 0 ? [{ text: noOutput }] : content } }
    return mark === undefined ? this.marked([result], message) : [result, mark]
  }

  // ---- the whole ----

  /** Is the conversation in a tool loop whose first assistant turn does not begin with a thought? See Claude's rule. */
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
    const uses = this.turns.flatMap(({ content }) => content.map((block) => recordOf(block['toolUse'])))
    return [...new Set(uses.flatMap((use) => textOf(use?.['name']) ?? []))]
  }

  /** Ends the conversation. `prefill`: may it end with an assistant turn, for the answer to go on with? */
  finish(prefill: boolean): void {
    if (this.turns[0]?.role !== 'user') this.turns.unshift({ role: 'user', content: textBlocks(opening) })
    if (!this.traits.system) this.moveSystem()
    const last = this.turns.at(-1)
    if (last?.role === 'assistant' && !last.content.some(isCall)) {
      if (prefill) trimEnd(last)
      else this.turns.push({ role: 'user', content: textBlocks(goOn) })
    }
    this.turns = this.turns.flatMap((turn) => this.settle(turn))
    if (!this.pairsOlderCalls()) this.notes.refuse('messages', 'a function was called and its result does not follow')
  }

  /** What a model without a system prompt is told first. */
  private moveSystem(): void {
    const [first] = this.turns
    if (first !== undefined) first.content = [...this.system.splice(0), ...first.content]
  }

  private settle(turn: Turn): Turn[] {
    if (turn.role === 'assistant') return [turn]
    const { results, others } = apart(turn.content)
    if (others.some((block) => 'document' in block) && !others.some((block) => 'text' in block)) {
      others.push({ text: documentText })
    }
    turn.content = [...results, ...others]
    if (!this.traits.resultsApart || results.length === 0 || others.length === 0) return [turn]
    this.notes.approximate('messages[tool]')
    return [
      { role: 'user', content: results },
      { role: 'assistant', content: [{ text: thanks }] },
      { role: 'user', content: others },
    ]
  }

  /** OpenAI holds calls to their results only in the newer form; what it refuses itself is left to the provider. */
  private pairsOlderCalls(): boolean {
    return this.turns.every(({ content }, index) => {
      const calls = content.flatMap((block) => this.olderId(block['toolUse']))
      const next = calls.length === 0 ? [] : (this.turns[index + 1]?.content ?? [])
      const results = next.flatMap((block) => this.olderId(block['toolResult']))
      return calls.length === results.length && calls.every((id) => results.includes(id))
    })
  }

  private olderId(block: unknown): string[] {
    const id = textOf(recordOf(block)?.['toolUseId'])
    return id !== null && this.olderCalls.has(id) ? [id] : []
  }
}

function isResult(block: Block): boolean {
  return 'toolResult' in block
}

function isCall(block: Block): boolean {
  return 'toolUse' in block
}

/** Results with the marks right behind them, and everything else. */
function apart(content: readonly Block[]): { results: Block[]; others: Block[] } {
  const results: Block[] = []
  const others: Block[] = []
  for (const [index, block] of content.entries()) {
    const before = content[index - 1]
    const marksResult = isMark(block) && before !== undefined && isResult(before)
    if (isResult(block) || marksResult) results.push(block)
    else others.push(block)
  }
  return { results, others }
}

/** Some models read results as JSON only: an object as it is, anything else as one. */
function asJson(part: Block): Block {
  if (typeof part['text'] !== 'string') return part
  return { json: recordOf(parseExactJson(part['text'])) ?? { result: part['text'] } }
}

/** An answer that goes on from white space is refused ("final assistant content cannot end with trailing whitespace"). */
function trimEnd(turn: Turn): void {
  const last = turn.content.at(-1)
  if (typeof last?.['text'] === 'string' && !isBlank(last['text'])) {
    turn.content.splice(-1, 1, { text: last['text'].trimEnd() })
  }
}
