/** Streams: events in, strict chunks out. What a vendor does otherwise ends here; the writer keeps the promises. */
import { ChunkWriter } from '../../chat/emit-stream.ts'
import { readErrorValue } from '../../chat/error-body.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { isRecord, parseJson, recordOf, textOf } from '../../chat/loose.ts'
import { answerFailure } from '../../chat/wire-failure.ts'
import type { DecodeContext, StreamDecoder, StreamStep } from '../dialect.ts'
import { decodeEmbeddedError, embeddedFailure } from './errors.ts'
import { readFinishReason } from './finish.ts'
import { readHead } from './head.ts'
import { readAnnotations, readCitations, readContentParts, readLogprobs, readReasoning } from './parts.ts'
import { ToolSlots } from './tool-slots.ts'
import type { CountedUsage } from './usage.ts'
import { countsTokens, readUsage } from './usage.ts'

const leftBracket = 0x5b

/** More choices than any vendor gives; an index beyond it is taken for nonsense. */
const maxChoices = 128

export function openStream(context: DecodeContext): StreamDecoder {
  return new OpenAiChatStream(context)
}

class OpenAiChatStream implements StreamDecoder {
  private readonly writer: ChunkWriter
  private readonly extension: string | null
  /** The last usage seen, not yet read: some vendors repeat it on every event. */
  private rawUsage: LooseRecord | null = null
  private counted: CountedUsage | null = null
  private native: string | null = null
  private citations: LooseRecord | null = null
  private readonly slots: (ToolSlots | undefined)[] = []

  constructor(context: DecodeContext) {
    this.writer = new ChunkWriter(context)
    this.extension = context.quirks.streamExtension ?? null
  }

  push(data: string, eventName: string | null): StreamStep {
    const { writer } = this
    if (writer.isOver) return writer.step()
    if (data.charCodeAt(0) === leftBracket && data.trim() === '[DONE]') this.close(true)
    else this.takeEvent(data, eventName)
    return writer.step()
  }

  end(): StreamStep {
    if (!this.writer.isOver) this.close(false)
    return this.writer.step()
  }

  usage(): CountedUsage['tokens'] | null {
    return this.count()?.tokens ?? null
  }

  nativeFinishReason(): string | null {
    return this.native
  }

  // ---- events ----

  private takeEvent(data: string, eventName: string | null): void {
    const event = parseEvent(data)
    if (event === null) {
      this.takeOddEvent(data)
      return
    }
    const error = event['error']
    const { choices } = event
    if (eventName === 'error' || (error !== undefined && error !== null) || choices === undefined) {
      if (this.takeError(event, eventName)) return
    }
    const { writer } = this
    if (!writer.started) writer.identify(readHead(event))
    this.noteUsage(event)
    const padding = event['obfuscation']
    if (typeof padding === 'string') writer.pad(padding)
    if (event['citations'] !== undefined || event['search_results'] !== undefined) this.citations = event
    if (!Array.isArray(choices)) return
    for (let position = 0; position < choices.length; position += 1) this.takeChoice(choices[position], position)
  }

  /** An event that is no JSON object: nothing at all, a wrapped error, or rubbish. */
  private takeOddEvent(data: string): void {
    if (data.trim() === '') return
    const error = data.charCodeAt(0) === leftBracket ? decodeEmbeddedError(parseJson(data)) : null
    this.writer.fail(error ?? answerFailure('the provider sent a stream event that is not JSON'))
  }

  private takeError(event: LooseRecord, eventName: string | null): boolean {
    const failure =
      decodeEmbeddedError(event) ?? (eventName === 'error' ? embeddedFailure(readErrorValue(event)) : null)
    if (failure === null) return false
    this.writer.fail(failure)
    return true
  }

  private takeChoice(raw: unknown, position: number): void {
    if (!isRecord(raw)) return
    const { error, index: given, finish_reason: reason } = raw
    if (error !== undefined && error !== null) {
      this.writer.fail(embeddedFailure(readErrorValue(raw)))
      return
    }
    const index = isChoiceIndex(given) ? given : position
    // A whole message instead of a delta is a reply dressed up as a stream; beside a delta it only repeats the text.
    const delta = recordOf(raw['delta']) ?? recordOf(raw['message'])
    if (delta !== null) this.takeDelta(index, delta, raw['logprobs'])
    if (typeof reason === 'string' && reason !== '') this.finish(index, reason, raw)
  }

  // ---- text, reasoning, extras ----

  private takeDelta(index: number, delta: LooseRecord, rawLogprobs: unknown): void {
    const { writer } = this
    const { content, tool_calls: calls, refusal, function_call: functionCall } = delta
    const callsTools = Array.isArray(calls) && calls.length > 0
    writer.open(index, callsTools && typeof content !== 'string' ? null : '')
    const reasoning = readReasoning(delta)
    if (reasoning !== '') writer.reasoning(index, reasoning)
    const logprobs = rawLogprobs === undefined || rawLogprobs === null ? null : readLogprobs(rawLogprobs)
    let told = false
    if (typeof content === 'string') {
      if (content !== '') {
        writer.text(index, content, logprobs)
        told = true
      }
    } else if (Array.isArray(content)) this.takeParts(index, content)
    if (typeof refusal === 'string' && refusal !== '') {
      writer.refusal(index, refusal, told ? null : logprobs)
      told = true
    }
    if (logprobs !== null && !told) writer.logprobs(index, logprobs)
    if (callsTools) this.takeToolCalls(index, calls)
    if (isRecord(functionCall)) this.takeFunctionCall(index, functionCall)
    if (delta['annotations'] !== undefined) this.takeAnnotations(index, delta['annotations'])
  }

  private takeParts(index: number, content: readonly unknown[]): void {
    for (const part of readContentParts(content)) {
      if (part.kind === 'text') this.writer.text(index, part.text, null)
      else this.writer.reasoning(index, part.text)
    }
  }

  private takeAnnotations(index: number, value: unknown): void {
    const annotations = readAnnotations(value)
    if (annotations !== null && annotations.length > 0) this.writer.extras(index, { annotations })
  }

  // ---- tools ----

  private takeToolCalls(index: number, calls: readonly unknown[]): void {
    for (const raw of calls) {
      if (this.writer.isOver) return
      if (!isRecord(raw)) continue
      if (isRecord(raw['custom'])) {
        this.writer.fail(answerFailure("a custom tool call has no place in OpenAI's schema of streams"))
        return
      }
      const called = recordOf(raw['function']) ?? {}
      const name = textOf(called['name']) ?? ''
      let slots = this.slots[index]
      if (slots === undefined) {
        slots = new ToolSlots()
        this.slots[index] = slots
      }
      const piece = { id: textOf(raw['id']) ?? '', name, arguments: argumentsPiece(called['arguments']) }
      this.writer.toolCall(index, slots.slotOf(raw, name), piece)
    }
  }

  private takeFunctionCall(index: number, call: LooseRecord): void {
    this.writer.functionCall(index, textOf(call['name']) ?? '', argumentsPiece(call['arguments']))
  }

  // ---- finish and usage ----

  private finish(index: number, native: string, choice: LooseRecord): void {
    this.native = textOf(choice['native_finish_reason']) ?? native
    const reason = readFinishReason(native)
    if (typeof reason !== 'string') {
      this.writer.fail(reason)
      return
    }
    if (this.citations !== null) {
      const citations = readCitations(this.citations)
      this.citations = null
      if (citations !== null) this.writer.extras(index, { citations })
    }
    this.writer.finish(index, reason)
  }

  private noteUsage(event: LooseRecord): void {
    const { usage } = event
    if (isRecord(usage) && countsTokens(usage)) this.rawUsage = usage
    if (this.extension === null) return
    const own = event[this.extension]
    if (!isRecord(own)) return
    if (isRecord(own['usage']) && countsTokens(own['usage'])) this.rawUsage = own['usage']
    if (textOf(own['error']) !== null) this.writer.fail(embeddedFailure(readErrorValue(own)))
  }

  private count(): CountedUsage | null {
    if (this.rawUsage !== null) {
      this.counted = readUsage(this.rawUsage) ?? this.counted
      this.rawUsage = null
    }
    return this.counted
  }

  private close(explicit: boolean): void {
    const counted = this.count()
    if (counted !== null) this.writer.countUsage(counted.wire)
    this.writer.end(explicit)
  }
}

/** Null when the text is no JSON object. */
function parseEvent(data: string): LooseRecord | null {
  const value = parseJson(data)
  return isRecord(value) ? value : null
}

function isChoiceIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < maxChoices
}

/** In a stream nothing yet is an empty text; parsed arguments come whole. */
function argumentsPiece(value: unknown): string {
  if (typeof value === 'string') return value
  return value === undefined || value === null ? '' : JSON.stringify(value)
}
