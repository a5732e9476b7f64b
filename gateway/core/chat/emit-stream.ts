/**
 * The one place where chunks are made. Dialects put loose deltas in, in the order the provider sent them; what comes
 * out is valid against OpenAI's schema and keeps the promises clients rely on:
 *
 * - id, `created` and model are the same in every chunk;
 * - each choice opens with its role once and ends with one finish reason of OpenAI's set; nothing follows that;
 * - tool calls are numbered 0, 1, 2 … per choice, each named once, its arguments text and never empty;
 * - `logprobs` is always there; usage comes exactly when asked for, once, last, in a chunk without choices.
 *
 * Every ordinary chunk of every stream passes through here, so it builds the objects that are sent and nothing else.
 */
import type {
  Annotation,
  AudioDelta,
  ChatCompletionChunk,
  ChunkChoice,
  Citation,
  CompletionUsage,
  FinishReason,
  Logprobs,
  ReasoningDetail,
} from '../../../schemas/index.ts'
import type { DecodeContext, StreamStep } from '../dialects/dialect.ts'
import type { ChoiceState, ToolState } from './choice-state.ts'
import { newChoice } from './choice-state.ts'
import type { AnswerHead } from './emit-head.ts'
import { ChunkHead } from './emit-head.ts'
import type { ProviderFailure } from './failure.ts'
import { settleFinishReason } from './finish-reason.ts'
import { announcedCall, continuedCall, fallbackToolCallId } from './tool-calls.ts'
import { answerFailure } from './wire-failure.ts'

/** A piece of a tool call. Empty texts mean "not in this piece". */
export interface ToolCallPiece {
  readonly id: string
  readonly name: string
  /** Of a custom call: its input. */
  readonly arguments: string
  readonly isCustom?: true
}

/** Parts of a message that no one waits for. Clients overwrite what they do not know, so each is sent whole, once. */
export interface MessageExtras {
  readonly annotations?: Annotation[]
  readonly citations?: Citation[]
  readonly reasoning_details?: ReasoningDetail[]
}

/** Ids are compared with those before them; far above what any model has ever called at once. */
const maxToolCalls = 1024

const quietStep: StreamStep = { chunks: [], content: false, failure: null, done: false }

export class ChunkWriter {
  private readonly head: ChunkHead
  private readonly includeUsage: boolean
  private readonly expectedChoices: number
  private readonly choices: (ChoiceState | undefined)[] = []
  private chunks: ChatCompletionChunk[] = []
  private content = false
  private usage: CompletionUsage | null = null
  private failure: ProviderFailure | null = null
  private over = false

  constructor(context: DecodeContext) {
    this.head = new ChunkHead(context)
    this.includeUsage = context.includeUsage
    this.expectedChoices = context.choices ?? 1
  }

  /** True once a choice was opened: from then on id, model and the like are fixed. */
  get started(): boolean {
    return this.choices.length > 0
  }

  /** After the end or a failure nothing more is taken. */
  get isOver(): boolean {
    return this.over
  }

  /** Notes what the provider says about the answer; the first word counts, and none after the first chunk. */
  identify(head: AnswerHead): void {
    if (!this.started) this.head.note(head)
  }

  /** OpenAI's padding against traffic analysis, to travel with the next chunk. */
  pad(padding: string): void {
    this.head.padding = padding
  }

  // ---- text, reasoning, extras ----

  /** Opens a choice with its role. `content` is null where calls follow, as OpenAI does it. Opens once only. */
  open(index: number, content: '' | null): void {
    if (this.choices[index] === undefined) this.openChoice(index, content)
  }

  text(index: number, text: string, logprobs: Logprobs | null): void {
    const choice = this.choices[index] ?? this.openChoice(index, '')
    if (choice.finished) return
    this.seen(choice)
    this.emit({ index, delta: { content: text }, logprobs, finish_reason: null })
  }

  reasoning(index: number, text: string): void {
    const choice = this.choices[index] ?? this.openChoice(index, '')
    if (choice.finished) return
    this.seen(choice)
    this.emit({ index, delta: { reasoning_content: text }, logprobs: null, finish_reason: null })
  }

  refusal(index: number, text: string, logprobs: Logprobs | null): void {
    const choice = this.choices[index] ?? this.openChoice(index, '')
    if (choice.finished) return
    this.seen(choice)
    this.emit({ index, delta: { refusal: text }, logprobs, finish_reason: null })
  }

  /** Log probabilities that came without text of their own. */
  logprobs(index: number, logprobs: Logprobs): void {
    const choice = this.choices[index] ?? this.openChoice(index, '')
    if (!choice.finished) this.emit({ index, delta: {}, logprobs, finish_reason: null })
  }

  audio(index: number, audio: AudioDelta): void {
    const choice = this.choices[index] ?? this.openChoice(index, null)
    if (choice.finished) return
    this.seen(choice)
    this.emit({ index, delta: { audio }, logprobs: null, finish_reason: null })
  }

  /** Sources, signed reasoning and the like. */
  extras(index: number, delta: MessageExtras): void {
    const choice = this.choices[index] ?? this.openChoice(index, '')
    if (!choice.finished) this.emit({ index, delta, logprobs: null, finish_reason: null })
  }

  // ---- tools ----

  /** `slot` tells the calls of one choice apart: any small number, the same for every piece of a call. */
  toolCall(index: number, slot: number, piece: ToolCallPiece): void {
    const choice = this.choices[index] ?? this.openChoice(index, null)
    if (choice.finished) return
    let tool = choice.tools[slot]
    if (tool === undefined) {
      if (choice.tools.length >= maxToolCalls) {
        this.fail(answerFailure(`the provider made more than ${maxToolCalls} tool calls`))
        return
      }
      tool = { id: '', index: null, pending: '', hasArguments: false, isCustom: piece.isCustom === true }
      choice.tools[slot] = tool
    }
    if (tool.index !== null) {
      if (piece.arguments !== '') this.emitArguments(choice, tool, piece.arguments)
      return
    }
    if (tool.id === '') tool.id = piece.id
    tool.pending += piece.arguments
    if (piece.name !== '') this.announceTool(choice, tool, piece.name)
  }

  /** The older form of a tool call. */
  functionCall(index: number, name: string, argumentsPiece: string): void {
    const choice = this.choices[index] ?? this.openChoice(index, null)
    if (choice.finished) return
    const first = choice.functionCall === 'none'
    if (first && name === '') {
      choice.unnamed += argumentsPiece
      return
    }
    const text = first ? choice.unnamed + argumentsPiece : argumentsPiece
    choice.unnamed = ''
    this.seen(choice)
    if (!first && text === '') return
    choice.functionCall = text === '' ? 'named' : 'with_arguments'
    const call = first ? { name, arguments: text } : { arguments: text }
    this.emit({ index, delta: { function_call: call }, logprobs: null, finish_reason: null })
  }

  // ---- finish and usage ----

  finish(index: number, reason: FinishReason): void {
    const choice = this.choices[index] ?? this.openChoice(index, '')
    if (choice.finished || !this.settleTools(choice)) return
    const holds = { toolCalls: choice.toolCount > 0, functionCall: choice.functionCall !== 'none' }
    this.emit({ index, delta: {}, logprobs: null, finish_reason: settleFinishReason(reason, holds) })
    choice.finished = true
    this.content = true
  }

  /** The last count wins: some providers repeat it, growing, on every event. */
  countUsage(usage: CompletionUsage): void {
    this.usage = usage
  }

  fail(failure: ProviderFailure): void {
    if (this.over) return
    this.failure = failure
    this.over = true
  }

  /**
   * Ends the answer. With `explicit` the provider said that it is whole, so a choice without a finish reason gets one;
   * otherwise the bytes just ended, and only finish reasons can tell a whole answer from one that was cut.
   */
  end(explicit: boolean): void {
    if (this.over) return
    const open = this.choices.filter((choice) => choice?.finished === false)
    if (this.choices.some((choice) => choice?.finished === true || choice?.content === true)) {
      const isMissing = open.length > 0 || this.choices.length < this.expectedChoices
      if (isMissing && !explicit) this.fail(answerFailure('the stream ended before the answer was complete'))
      for (const choice of open) if (choice !== undefined && !this.over) this.finish(choice.index, 'stop')
    } else this.fail(answerFailure('the provider sent an empty answer'))
    if (this.over) return
    if (this.includeUsage && this.usage !== null) this.chunks.push(this.head.usageChunk(this.usage))
    this.over = true
  }

  /** Hands out what has gathered since the last step. */
  step(): StreamStep {
    if (this.chunks.length === 0 && !this.over) return quietStep
    const { chunks, content, failure } = this
    this.chunks = []
    this.content = false
    return { chunks, content, failure, done: this.over && failure === null }
  }

  private openChoice(index: number, content: '' | null): ChoiceState {
    const choice = newChoice(index)
    this.choices[index] = choice
    this.emit({ index, delta: { role: 'assistant', content, refusal: null }, logprobs: null, finish_reason: null })
    return choice
  }

  private seen(choice: ChoiceState): void {
    choice.content = true
    this.content = true
  }

  private announceTool(choice: ChoiceState, tool: ToolState, name: string): void {
    tool.index = choice.toolCount
    choice.toolCount += 1
    const taken = choice.tools.some((other) => other !== tool && other !== undefined && other.id === tool.id)
    if (tool.id === '' || taken) tool.id = fallbackToolCallId(this.head.answerId, choice.index, tool.index)
    tool.hasArguments = tool.pending !== ''
    this.seen(choice)
    const { index, isCustom, id } = tool
    const delta = { tool_calls: [announcedCall({ index, isCustom }, { id, name }, tool.pending)] }
    this.emit({ index: choice.index, delta, logprobs: null, finish_reason: null })
  }

  private emitArguments(choice: ChoiceState, tool: ToolState, text: string): void {
    const { index, isCustom } = tool
    if (index === null) return
    tool.hasArguments = true
    this.content = true
    const delta = { tool_calls: [continuedCall({ index, isCustom }, text)] }
    this.emit({ index: choice.index, delta, logprobs: null, finish_reason: null })
  }

  /** Gives every call that took no arguments an empty object. False when a call cannot be used at all. */
  private settleTools(choice: ChoiceState): boolean {
    for (const tool of choice.tools) {
      if (tool === undefined) continue
      if (tool.index === null) {
        this.fail(answerFailure('the provider sent a tool call without a name'))
        return false
      }
      if (!tool.hasArguments && !tool.isCustom) this.emitArguments(choice, tool, '{}')
    }
    if (choice.unnamed !== '') {
      this.fail(answerFailure('the provider sent a function call without a name'))
      return false
    }
    if (choice.functionCall === 'named') this.functionCall(choice.index, '', '{}')
    return true
  }

  private emit(choice: ChunkChoice): void {
    this.chunks.push(this.head.chunk(choice))
  }
}
