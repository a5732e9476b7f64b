/** Streams: events that open, fill and close the parts of one message. Chunks come from the writer; see there. */
import type { Citation } from '../../../../schemas/index.ts'
import { ChunkWriter } from '../../chat/emit-stream.ts'
import { renderUsage } from '../../chat/emit-usage.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { countOf, isRecord, parseJson, recordOf, textOf } from '../../chat/loose.ts'
import { argumentsText } from '../../chat/tool-calls.ts'
import type { TokenUsage } from '../../chat/usage.ts'
import { answerFailure } from '../../chat/wire-failure.ts'
import type { DecodeContext, StreamDecoder, StreamStep } from '../dialect.ts'
import { betweenThoughts, contentParts, isNoInput, partsOf, readCitations, readLogprobs } from './answer.ts'
import { embeddedFailure } from './errors.ts'
import { readEnd } from './finish.ts'
import { decodeToolName } from './tool-names.ts'
import { readUsage } from './usage.ts'

export function openStream(context: DecodeContext): StreamDecoder {
  return new CohereChatStream(context)
}

/** A call whose arguments are coming. What may yet turn out to be `null` is held back. */
interface OpenCall {
  readonly slot: number
  held: string
  /** How `held` begins, without white space before it. */
  word: string
  isFlowing: boolean
}

class CohereChatStream implements StreamDecoder {
  private readonly writer: ChunkWriter
  private readonly inOlderForm: boolean
  private counted: TokenUsage | null = null
  private native: string | null = null
  /** Where the last thought came from: a part of the content, or the plan; null before the first. */
  private thinksIn: number | 'plan' | null = null
  private readonly open = new Map<number, OpenCall>()
  private calls = 0
  private readonly citations: Citation[] = []

  constructor(context: DecodeContext) {
    this.writer = new ChunkWriter(context)
    this.inOlderForm = context.legacyCalls === true
  }

  push(data: string): StreamStep {
    const { writer } = this
    if (!writer.isOver) {
      const event = parseJson(data)
      if (isRecord(event)) this.takeEvent(event)
      // Sent behind the last event, where nothing is looked at any more.
      else if (data.trim() !== '[DONE]') writer.fail(answerFailure('the provider sent an event that is not JSON'))
    }
    return writer.step()
  }

  end(): StreamStep {
    this.writer.end(false)
    return this.writer.step()
  }

  usage(): TokenUsage | null {
    return this.counted
  }

  nativeFinishReason(): string | null {
    return this.native
  }

  // ---- events ----

  /** The event's name is its type again. Types nobody knows yet are passed over. */
  private takeEvent(event: LooseRecord): void {
    const delta = recordOf(event['delta']) ?? {}
    const message = recordOf(delta['message']) ?? {}
    const index = countOf(event['index']) ?? 0
    switch (event['type']) {
      case 'message-start':
        this.identify(event)
        return
      case 'content-start':
      case 'content-delta':
        for (const part of contentParts(message['content'])) this.takePart(index, part, event['logprobs'])
        return
      case 'tool-plan-delta':
        this.takeThought('plan', message['tool_plan'])
        return
      case 'tool-call-start':
        this.openCall(index, message)
        return
      case 'tool-call-delta':
        for (const call of partsOf(message['tool_calls'])) this.takeArguments(index, recordOf(call['function']))
        return
      case 'tool-call-end':
        this.closeCall(index)
        return
      case 'citation-start':
        for (const citation of readCitations(message['citations'])) this.citations.push(citation)
        return
      case 'message-end':
        this.finish(delta)
        return
      default: {
        const failure = event['type'] === undefined || event['type'] === 'error' ? embeddedFailure(event) : null
        if (failure !== null) this.writer.fail(failure)
      }
    }
  }

  private identify(event: LooseRecord): void {
    const unsaid = { createdSeconds: null, model: null, systemFingerprint: null, serviceTier: null }
    this.writer.identify({ ...unsaid, id: textOf(event['id']) })
  }

  // ---- text and reasoning ----

  private takePart(index: number, part: LooseRecord, rawLogprobs: unknown): void {
    this.takeThought(index, part['thinking'])
    const text = textOf(part['text'])
    const logprobs = rawLogprobs === undefined ? null : readLogprobs(rawLogprobs)
    if (text !== null) this.writer.text(0, text, logprobs)
    else if (logprobs !== null) this.writer.logprobs(0, logprobs)
  }

  private takeThought(place: number | 'plan', value: unknown): void {
    const text = textOf(value)
    if (text === null) return
    if (this.thinksIn !== null && this.thinksIn !== place) this.writer.reasoning(0, betweenThoughts)
    this.thinksIn = place
    this.writer.reasoning(0, text)
  }

  // ---- tools ----

  private openCall(index: number, message: LooseRecord): void {
    const [call] = partsOf(message['tool_calls'])
    const called = recordOf(call?.['function'])
    const name = textOf(called?.['name'])
    if (call === undefined || name === null) {
      this.writer.fail(answerFailure('the provider sent a tool call without a name'))
      return
    }
    this.closeCall(index)
    const opened: OpenCall = { slot: this.calls, held: '', word: '', isFlowing: false }
    this.calls += 1
    this.open.set(index, opened)
    this.write(opened, { id: textOf(call['id']) ?? '', name: decodeToolName(name), arguments: '' })
    this.takeArguments(index, called)
  }

  private takeArguments(index: number, called: LooseRecord | null): void {
    const given = called?.['arguments']
    // Some servers send them parsed.
    const text = isRecord(given) ? argumentsText(given) : textOf(given)
    if (text === null) return
    const call = this.open.get(index)
    if (call === undefined) {
      this.writer.fail(answerFailure('the provider sent a tool call without a name'))
      return
    }
    if (call.isFlowing) {
      this.write(call, { id: '', name: '', arguments: text })
      return
    }
    call.held += text
    // Only its beginning is looked at with every piece, however long it gets.
    call.word = (call.word + text).trimStart().slice(0, 'null '.length)
    if ('null'.startsWith(call.word.trimEnd())) return
    call.isFlowing = true
    this.write(call, { id: '', name: '', arguments: call.held })
  }

  private closeCall(index: number): void {
    const call = this.open.get(index)
    if (call === undefined) return
    this.open.delete(index)
    if (call.isFlowing) return
    // Told now: clients take the pieces of one call to be done with when those of the next begin.
    this.write(call, { id: '', name: '', arguments: isNoInput(call.held) ? '{}' : call.held })
  }

  /** The older form has one call only. */
  private write({ slot }: OpenCall, piece: { id: string; name: string; arguments: string }): void {
    if (!this.inOlderForm) this.writer.toolCall(0, slot, piece)
    else if (slot === 0) this.writer.functionCall(0, piece.name, piece.arguments)
  }

  // ---- finish and usage ----

  private finish(delta: LooseRecord): void {
    const { writer } = this
    this.native = textOf(delta['finish_reason'])
    this.counted = readUsage(delta)
    const reason = readEnd(delta)
    if (typeof reason !== 'string') {
      writer.fail(reason)
      return
    }
    for (const index of this.open.keys()) this.closeCall(index)
    // All of them at once: clients overwrite a field they do not know.
    if (this.citations.length > 0) writer.extras(0, { citations: this.citations })
    // Without a word about the end, only what was said makes it an answer.
    if (this.native !== null) writer.finish(0, reason)
    if (this.counted !== null) writer.countUsage(renderUsage(this.counted))
    writer.end(true)
  }
}
