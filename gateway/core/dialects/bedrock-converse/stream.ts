/**
 * Streams: named events that fill and close numbered blocks. Only blocks of tools are opened by an event of their own;
 * any other begins with its first delta. Usage comes behind the stop (all recorded). Chunks come from the writer; see
 * there.
 */
import type { ReasoningDetail } from '../../../../schemas/index.ts'
import type { MessageExtras } from '../../chat/emit-stream.ts'
import { ChunkWriter } from '../../chat/emit-stream.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { countOf, isRecord, parseJson, recordOf, textOf } from '../../chat/loose.ts'
import { betweenThoughts, redactedDetail, thoughtDetail } from '../../chat/signed-reasoning.ts'
import { Sources } from '../../chat/sources.ts'
import { argumentsText } from '../../chat/tool-calls.ts'
import type { TokenUsage } from '../../chat/usage.ts'
import { answerFailure } from '../../chat/wire-failure.ts'
import type { DecodeContext, StreamDecoder, StreamStep } from '../dialect.ts'
import { webAddressOf } from './citations.ts'
import { isTrouble, streamFailure } from './errors.ts'
import { malformedFailure, readFinishReason } from './finish.ts'
import { bedrockFormat } from './reasoning.ts'
import type { CountedUsage } from './usage.ts'
import { readServiceTier, readUsage } from './usage.ts'

export function openStream(context: DecodeContext): StreamDecoder {
  return new ConverseStream(context)
}

/** A block that is being filled. Blocks of other kinds are not kept: nothing of theirs reaches the caller. */
type OpenBlock =
  | { readonly type: 'text'; readonly start: number; readonly citations: unknown[] }
  | { readonly type: 'thought'; text: string; signature: string; readonly place: number }
  | { readonly type: 'tool'; readonly slot: number }
  | { readonly type: 'answer'; hasInput: boolean }
  | { readonly type: 'ignored' }

class ConverseStream implements StreamDecoder {
  private readonly writer: ChunkWriter
  private readonly answerTool: string | null
  private readonly inOlderForm: boolean
  private readonly blocks = new Map<number, OpenBlock>()
  private counted: CountedUsage | null = null
  private native: string | null = null
  /** Length of the text so far, in UTF-16 units. */
  private textLength = 0
  private hasText = false
  private hasReasoning = false
  private hasAnswer = false
  private calls = 0
  private readonly details: ReasoningDetail[] = []
  private readonly sources = new Sources(webAddressOf)

  constructor(context: DecodeContext) {
    this.writer = new ChunkWriter(context)
    this.answerTool = context.answerTool ?? null
    this.inOlderForm = context.legacyCalls === true
  }

  push(data: string, event: string | null): StreamStep {
    const { writer } = this
    if (!writer.isOver) {
      // An event that says nothing but its name has no payload.
      const payload = data === '' ? {} : parseJson(data)
      if (event !== null && isTrouble(event)) writer.fail(streamFailure(event, data))
      else if (isRecord(payload)) this.takeEvent(event ?? '', payload)
      else writer.fail(answerFailure('the provider sent an event that is not JSON'))
    }
    return writer.step()
  }

  end(): StreamStep {
    if (!this.writer.isOver) this.close(this.native !== null)
    return this.writer.step()
  }

  usage(): TokenUsage | null {
    return this.counted?.tokens ?? null
  }

  nativeFinishReason(): string | null {
    return this.native
  }

  // ---- events ----

  /** Events nobody knows yet are passed over, as the client passes them over. */
  private takeEvent(event: string, payload: LooseRecord): void {
    const index = countOf(payload['contentBlockIndex']) ?? 0
    switch (event) {
      case 'contentBlockDelta':
        this.takeDelta(index, recordOf(payload['delta']) ?? {})
        return
      case 'contentBlockStart':
        this.openBlock(index, recordOf(payload['start']) ?? {})
        return
      case 'contentBlockStop':
        this.closeBlock(index)
        return
      case 'messageStop':
        this.takeStop(textOf(payload['stopReason']))
        return
      case 'metadata':
        this.counted = readUsage(payload['usage']) ?? this.counted
        if (this.native !== null) this.close(true)
        else this.identify(payload)
        return
      default:
    }
  }

  /** Mostly too late to be told: the tier comes behind the stop. */
  private identify({ serviceTier }: LooseRecord): void {
    this.writer.identify({
      id: null,
      createdSeconds: null,
      model: null,
      systemFingerprint: null,
      serviceTier: readServiceTier(serviceTier),
    })
  }

  // ---- blocks ----

  private openBlock(index: number, { toolUse }: LooseRecord): void {
    this.closeBlock(index)
    if (isRecord(toolUse) && toolUse['type'] !== 'server_tool_use') this.openCall(index, toolUse)
    else this.blocks.set(index, { type: 'ignored' })
  }

  private openCall(index: number, { toolUseId, name }: LooseRecord): void {
    if (textOf(name) === null) this.writer.fail(answerFailure('the provider sent a tool call without a name'))
    else if (name === this.answerTool) {
      // One answer was asked for; two texts of JSON in a row would be none.
      this.blocks.set(index, this.hasAnswer ? { type: 'ignored' } : { type: 'answer', hasInput: false })
      this.hasAnswer = true
    } else {
      const slot = this.calls
      this.calls += 1
      this.blocks.set(index, { type: 'tool', slot })
      this.writeCall(slot, { id: textOf(toolUseId) ?? '', name: textOf(name) ?? '', arguments: '' })
    }
  }

  private takeDelta(index: number, delta: LooseRecord): void {
    const { text, toolUse, reasoningContent, citation } = delta
    if (typeof text === 'string') {
      this.textBlock(index)
      this.takeText(text)
    } else if (isRecord(citation)) this.textBlock(index)?.citations.push(citation)
    else if (isRecord(reasoningContent)) this.takeReasoning(index, reasoningContent)
    else if (isRecord(toolUse)) this.takeInput(index, toolUse['input'])
  }

  /** Null where the number belongs to a block of another kind. */
  private textBlock(index: number): (OpenBlock & { type: 'text' }) | null {
    const open = this.blocks.get(index)
    if (open !== undefined) return open.type === 'text' ? open : null
    const block: OpenBlock = { type: 'text', start: this.textLength, citations: [] }
    this.blocks.set(index, block)
    return block
  }

  private takeText(text: string): void {
    if (text === '') return
    this.textLength += text.length
    this.hasText ||= text.trim() !== ''
    this.writer.text(0, text, null)
  }

  private takeReasoning(index: number, { text, signature, redactedContent }: LooseRecord): void {
    const redacted = textOf(redactedContent)
    if (redacted !== null) {
      this.details.push(redactedDetail(redacted, this.place, bedrockFormat))
      return
    }
    const open = this.blocks.get(index)
    const block: OpenBlock = open ?? { type: 'thought', text: '', signature: '', place: this.place }
    if (open === undefined) this.blocks.set(index, block)
    if (block.type !== 'thought') return
    if (typeof signature === 'string') block.signature += signature
    if (typeof text !== 'string' || text === '') return
    if (block.text === '' && this.hasReasoning) this.writer.reasoning(0, betweenThoughts)
    block.text += text
    this.hasReasoning = true
    this.writer.reasoning(0, text)
  }

  private takeInput(index: number, input: unknown): void {
    const block = this.blocks.get(index)
    // Some models' servers send it parsed.
    const json = isRecord(input) ? argumentsText(input) : textOf(input)
    if (json === null) return
    if (block?.type === 'tool') this.writeCall(block.slot, { id: '', name: '', arguments: json })
    else if (block?.type === 'answer') {
      block.hasInput = true
      this.takeText(json)
    } else if (block === undefined) {
      this.writer.fail(answerFailure('the provider sent the input of a tool call that it never began'))
    }
  }

  /** The older form has one call only. */
  private writeCall(slot: number, piece: { id: string; name: string; arguments: string }): void {
    if (!this.inOlderForm) this.writer.toolCall(0, slot, piece)
    else if (slot === 0) this.writer.functionCall(0, piece.name, piece.arguments)
  }

  private closeBlock(index: number): void {
    const block = this.blocks.get(index)
    if (block === undefined) return
    this.blocks.delete(index)
    if (block.type === 'text') this.sources.add(block.citations, block.start, this.textLength)
    else if (block.type === 'thought' && block.signature !== '') {
      this.details.push(thoughtDetail(block.text, block.signature, block.place))
    } else if (block.type === 'answer' && !block.hasInput) this.takeText('{}')
  }

  /** Where a thought will stand among the blocks when the message comes back. */
  private get place(): number {
    return this.details.length + Number(this.hasText) + this.calls
  }

  // ---- finish and usage ----

  private takeStop(native: string | null): void {
    if (native === null || this.native !== null) return
    this.native = native
    for (const index of this.blocks.keys()) this.closeBlock(index)
    const failure = malformedFailure(native)
    if (failure !== null) {
      this.writer.fail(failure)
      return
    }
    const extras = this.extras()
    if (extras !== null) this.writer.extras(0, extras)
    this.writer.finish(0, readFinishReason(native))
    if (this.counted !== null) this.close(true)
  }

  /** All of them at once: clients overwrite a field they do not know. */
  private extras(): MessageExtras | null {
    const { details, sources } = this
    const extras: MessageExtras = {
      ...(details.length > 0 && { reasoning_details: details }),
      ...(sources.annotations.length > 0 && { annotations: sources.annotations }),
      ...(sources.citations.length > 0 && { citations: sources.citations }),
    }
    return Object.keys(extras).length === 0 ? null : extras
  }

  private close(isExplicit: boolean): void {
    if (this.counted !== null) this.writer.countUsage(this.counted.wire)
    this.writer.end(isExplicit)
  }
}
