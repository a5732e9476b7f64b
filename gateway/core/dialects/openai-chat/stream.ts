/** Streams: events in, strict chunks out. What a vendor does otherwise ends here; the writer keeps the promises. */
import type { Annotation, ReasoningDetail } from '../../../../schemas/index.ts'
import type { MessageExtras } from '../../chat/emit-stream.ts'
import { ChunkWriter } from '../../chat/emit-stream.ts'
import { readErrorBody, readErrorValue } from '../../chat/error-body.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { isRecord, parseJson, recordOf, textOf } from '../../chat/loose.ts'
import { answerFailure } from '../../chat/wire-failure.ts'
import type { DecodeContext, StreamDecoder, StreamStep } from '../dialect.ts'
import { decodeEmbeddedError, embeddedFailure } from './errors.ts'
import { readFinishReason, readNativeReason } from './finish.ts'
import { readHead } from './head.ts'
import {
  readAnnotations,
  readAudioPiece,
  readCitations,
  readContentParts,
  readLogprobs,
  readReasoning,
} from './parts.ts'
import { mergeReasoningDetails, readReasoningDetails } from './reasoning-details.ts'
import { ToolSlots } from './tool-slots.ts'
import type { CountedUsage } from './usage.ts'
import { countsTokens, readUsage } from './usage.ts'

const leftBracket = 0x5b

const isCustom = { isCustom: true } as const

/** More choices than any vendor gives; an index beyond it is taken for nonsense. */
const maxChoices = 128

export function openStream(context: DecodeContext): StreamDecoder {
  return new OpenAiChatStream(context)
}

/** What is told once, before the finish reason: clients overwrite what they do not know, so pieces would be lost. */
interface Gathered {
  readonly annotations: Annotation[]
  readonly details: ReasoningDetail[]
}

class OpenAiChatStream implements StreamDecoder {
  private readonly writer: ChunkWriter
  private readonly extension: string | null
  /** The last usage seen, not yet read: some vendors repeat it on every event. */
  private rawUsage: LooseRecord | null = null
  private counted: CountedUsage | null = null
  private native: string | null = null
  private citations: LooseRecord | null = null
  private readonly gathered: (Gathered | undefined)[] = []
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
      this.takeOddEvent(data, eventName)
      return
    }
    const error = event['error']
    const { choices } = event
    if (eventName === 'error' || (error !== undefined && error !== null) || !Array.isArray(choices)) {
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

  /** An event that is no JSON object: nothing at all, an error in a wrapper or in plain words, or rubbish. */
  private takeOddEvent(data: string, eventName: string | null): void {
    if (data.trim() === '') return
    const error = eventName === 'error' ? embeddedFailure(readErrorBody(data)) : decodeEmbeddedError(parseJson(data))
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
    const { error, index: given, usage } = raw
    if (error !== undefined && error !== null) {
      this.writer.fail(embeddedFailure(readErrorValue(raw)))
      return
    }
    const index = isChoiceIndex(given) ? given : position
    // A whole message instead of a delta is a reply dressed up as a stream; beside a delta it only repeats the text.
    const delta = recordOf(raw['delta']) ?? recordOf(raw['message'])
    if (delta !== null) this.takeDelta(index, delta, raw['logprobs'])
    // One vendor counts within the choice (https://github.com/earendil-works/pi/issues/2017, 2026-11-23).
    if (isRecord(usage) && countsTokens(usage)) this.rawUsage = usage
    const reason = readNativeReason(raw['finish_reason'])
    if (reason !== null) this.finish(index, reason, raw)
  }

  // ---- text, reasoning, extras ----

  private takeDelta(index: number, delta: LooseRecord, rawLogprobs: unknown): void {
    const { writer } = this
    const { content, tool_calls: calls, refusal, function_call: functionCall } = delta
    const callsTools = Array.isArray(calls) && calls.length > 0
    const tellsNoText = callsTools || isRecord(delta['audio'])
    writer.open(index, tellsNoText && typeof content !== 'string' ? null : '')
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
    this.takeExtras(index, delta)
  }

  private takeExtras(index: number, delta: LooseRecord): void {
    const { audio, annotations, reasoning_details: details } = delta
    const sound = audio === undefined ? null : readAudioPiece(audio)
    if (sound !== null) this.writer.audio(index, sound)
    if (annotations === undefined && details === undefined) return
    const gathered = this.gathered[index] ?? { annotations: [], details: [] }
    this.gathered[index] = gathered
    gathered.annotations.push(...(readAnnotations(annotations) ?? []))
    mergeReasoningDetails(gathered.details, readReasoningDetails(details) ?? [])
  }

  private takeParts(index: number, content: readonly unknown[]): void {
    for (const part of readContentParts(content)) {
      if (part.kind === 'text') this.writer.text(index, part.text, null)
      else this.writer.reasoning(index, part.text)
    }
  }

  private tellGathered(index: number): void {
    const { annotations = [], details = [] } = this.gathered[index] ?? {}
    this.gathered[index] = undefined
    const citations = this.citations === null ? null : readCitations(this.citations)
    this.citations = null
    const extras: MessageExtras = {
      ...(annotations.length > 0 && { annotations }),
      ...(citations !== null && { citations }),
      ...(details.length > 0 && { reasoning_details: details }),
    }
    if (Object.keys(extras).length > 0) this.writer.extras(index, extras)
  }

  // ---- tools ----

  private takeToolCalls(index: number, calls: readonly unknown[]): void {
    for (const raw of calls) {
      if (this.writer.isOver) return
      if (!isRecord(raw)) continue
      const custom = recordOf(raw['custom'])
      const called = custom ?? recordOf(raw['function']) ?? {}
      const name = textOf(called['name']) ?? ''
      let slots = this.slots[index]
      if (slots === undefined) {
        slots = new ToolSlots()
        this.slots[index] = slots
      }
      const text = argumentsPiece(called[custom === null ? 'arguments' : 'input'])
      const piece = { id: textOf(raw['id']) ?? '', name, arguments: text, ...(custom !== null && isCustom) }
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
    this.tellGathered(index)
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
    // A choice that ends here has no finish reason of its own.
    if (explicit && this.writer.started) for (const index of [0, ...this.gathered.keys()]) this.tellGathered(index)
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
