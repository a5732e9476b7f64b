/** Streams: named events that open, fill and close numbered blocks. Chunks come from the writer; see there. */
import type { ReasoningDetail } from '../../../../schemas/index.ts'
import type { MessageExtras } from '../../chat/emit-stream.ts'
import { ChunkWriter } from '../../chat/emit-stream.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { parseExactJson } from '../../chat/exact-json.ts'
import { countOf, isRecord, recordOf, textOf } from '../../chat/loose.ts'
import { betweenThoughts, redactedDetail, thoughtDetail } from '../../chat/signed-reasoning.ts'
import { Sources } from '../../chat/sources.ts'
import type { TokenUsage } from '../../chat/usage.ts'
import { answerFailure } from '../../chat/wire-failure.ts'
import type { DecodeContext, StreamDecoder, StreamStep } from '../dialect.ts'
import { embeddedFailure } from './errors.ts'
import { readFinishReason, readRefusal } from './finish.ts'
import type { UsageCounts } from './usage.ts'
import { mergeCounts, readServiceTier, renderCounts, uncounted } from './usage.ts'

export function openStream(context: DecodeContext): StreamDecoder {
  return new MessageStream(context)
}

/** A block that is being filled. Blocks of other types are not kept: nothing of theirs reaches the caller. */
type OpenBlock =
  | { readonly type: 'text'; readonly start: number; readonly citations: unknown[] }
  | { readonly type: 'thinking'; text: string; signature: string; readonly place: number }
  | { readonly type: 'tool'; readonly slot: number; readonly input: unknown; hasDeltas: boolean }
  | { readonly type: 'answer'; readonly input: unknown; hasDeltas: boolean }

class MessageStream implements StreamDecoder {
  private readonly writer: ChunkWriter
  private readonly answerTool: string | null
  private readonly inOlderForm: boolean
  private readonly blocks = new Map<number, OpenBlock>()
  private counts: UsageCounts = uncounted
  private native: string | null = null
  private messageId: string | null = null
  /** Length of the text so far, in UTF-16 units. */
  private textLength = 0
  private hasText = false
  private hasReasoning = false
  private hasAnswer = false
  private calls = 0
  private readonly details: ReasoningDetail[] = []
  private readonly sources = new Sources()

  constructor(context: DecodeContext) {
    this.writer = new ChunkWriter(context)
    this.answerTool = context.answerTool ?? null
    this.inOlderForm = context.legacyCalls === true
  }

  push(data: string): StreamStep {
    const { writer } = this
    if (!writer.isOver) {
      const event = parseExactJson(data)
      if (isRecord(event)) this.takeEvent(event)
      else writer.fail(answerFailure('the provider sent an event that is not JSON'))
    }
    return writer.step()
  }

  end(): StreamStep {
    if (!this.writer.isOver) this.close(false)
    return this.writer.step()
  }

  usage(): TokenUsage | null {
    return renderCounts(this.counts)?.tokens ?? null
  }

  nativeFinishReason(): string | null {
    return this.native
  }

  // ---- events ----

  /** The event's name is its type again. Types nobody knows yet are passed over, as the API asks its clients to. */
  private takeEvent(event: LooseRecord): void {
    switch (event['type']) {
      case 'content_block_delta':
        this.takeDelta(event)
        return
      case 'content_block_start':
        this.openBlock(countOf(event['index']) ?? 0, recordOf(event['content_block']) ?? {})
        return
      case 'content_block_stop':
        this.closeBlock(countOf(event['index']) ?? 0)
        return
      case 'message_start':
        this.takeStart(recordOf(event['message']) ?? {})
        return
      case 'message_delta':
        this.takeEnd(event)
        return
      case 'message_stop':
        // Mostly told already; a server that leaves the event before this one out has not.
        this.closeBlocks()
        this.tellExtras()
        this.close(true)
        return
      case 'error':
        this.writer.fail(embeddedFailure(event))
        return
      default:
        // An error without its type, as some servers in between send it.
        if (event['type'] === undefined && isRecord(event['error'])) this.writer.fail(embeddedFailure(event))
    }
  }

  private takeStart(message: LooseRecord): void {
    const id = textOf(message['id'])
    if (this.writer.started && id !== this.messageId) {
      this.writer.fail(answerFailure('the provider began another answer within the stream'))
      return
    }
    this.messageId = id
    this.counts = mergeCounts(this.counts, message['usage'])
    this.writer.identify({
      id,
      createdSeconds: null,
      model: textOf(message['model']),
      systemFingerprint: null,
      serviceTier: readServiceTier(recordOf(message['usage'])),
    })
  }

  // ---- blocks ----

  private openBlock(index: number, block: LooseRecord): void {
    const { type, text, thinking, signature, data, citations, input } = block
    switch (type) {
      case 'text':
        this.blocks.set(index, {
          type: 'text',
          start: this.textLength,
          citations: Array.isArray(citations) ? Array.from<unknown>(citations) : [],
        })
        this.takeText(textOf(text) ?? '')
        return
      case 'thinking': {
        const open: OpenBlock = { type: 'thinking', text: '', signature: textOf(signature) ?? '', place: this.place }
        this.blocks.set(index, open)
        this.takeThought(open, textOf(thinking) ?? '')
        return
      }
      case 'redacted_thinking':
        if (typeof data === 'string') this.details.push(redactedDetail(data, this.place))
        return
      case 'tool_use':
        this.openCall(index, block, input)
        return
      default:
        this.blocks.delete(index)
    }
  }

  private openCall(index: number, { id, name }: LooseRecord, input: unknown): void {
    if (textOf(name) === null) this.writer.fail(answerFailure('the provider sent a tool call without a name'))
    else if (name === this.answerTool) {
      // One answer was asked for; two texts of JSON in a row would be none.
      if (!this.hasAnswer) this.blocks.set(index, { type: 'answer', input, hasDeltas: false })
      this.hasAnswer = true
    } else {
      const slot = this.calls
      this.calls += 1
      this.blocks.set(index, { type: 'tool', slot, input, hasDeltas: false })
      this.writeCall(slot, { id: textOf(id) ?? '', name: textOf(name) ?? '', arguments: '' })
    }
  }

  private takeDelta(event: LooseRecord): void {
    const block = this.blocks.get(countOf(event['index']) ?? 0)
    const delta = event['delta']
    if (block === undefined || !isRecord(delta)) return
    if (block.type === 'text') {
      if (typeof delta['text'] === 'string') this.takeText(delta['text'])
      else if (delta['citation'] !== undefined) block.citations.push(delta['citation'])
    } else if (block.type === 'thinking') {
      if (typeof delta['thinking'] === 'string') this.takeThought(block, delta['thinking'])
      else if (typeof delta['signature'] === 'string') block.signature = delta['signature']
    } else if (typeof delta['partial_json'] === 'string' && delta['partial_json'] !== '') {
      block.hasDeltas = true
      this.takeInput(block, delta['partial_json'])
    }
  }

  private closeBlock(index: number): void {
    const block = this.blocks.get(index)
    if (block === undefined) return
    this.blocks.delete(index)
    if (block.type === 'text') this.sources.add(block.citations, block.start, this.textLength)
    else if (block.type === 'thinking') this.keepThought(block)
    else if (!block.hasDeltas) this.takeWholeInput(block)
  }

  private takeText(text: string): void {
    if (text === '') return
    this.textLength += text.length
    this.hasText ||= text.trim() !== ''
    this.writer.text(0, text, null)
  }

  private takeThought(block: OpenBlock & { type: 'thinking' }, text: string): void {
    if (text === '') return
    if (block.text === '' && this.hasReasoning) this.writer.reasoning(0, betweenThoughts)
    block.text += text
    this.hasReasoning = true
    this.writer.reasoning(0, text)
  }

  private keepThought({ text, signature, place }: OpenBlock & { type: 'thinking' }): void {
    if (signature !== '') this.details.push(thoughtDetail(text, signature, place))
  }

  // ---- tools ----

  private takeInput(block: OpenBlock & { type: 'tool' | 'answer' }, json: string): void {
    if (block.type === 'answer') this.takeText(json)
    else this.writeCall(block.slot, { id: '', name: '', arguments: json })
  }

  /** The input stood in the block's first event, or the tool takes none. */
  private takeWholeInput(block: OpenBlock & { type: 'tool' | 'answer' }): void {
    const isEmpty = !isRecord(block.input) || Object.keys(block.input).length === 0
    if (!isEmpty || block.type === 'answer') this.takeInput(block, isEmpty ? '{}' : JSON.stringify(block.input))
  }

  /** The older form has one call only. */
  private writeCall(slot: number, piece: { id: string; name: string; arguments: string }): void {
    if (!this.inOlderForm) this.writer.toolCall(0, slot, piece)
    else if (slot === 0) this.writer.functionCall(0, piece.name, piece.arguments)
  }

  /** Where a thought will stand among the blocks when the message comes back. */
  private get place(): number {
    return this.details.length + Number(this.hasText) + this.calls
  }

  // ---- finish and usage ----

  private takeEnd(event: LooseRecord): void {
    this.counts = mergeCounts(this.counts, event['usage'])
    const delta = recordOf(event['delta']) ?? {}
    const native = textOf(delta['stop_reason'])
    if (native === null) return
    this.native = native
    this.closeBlocks()
    const refusal = readRefusal(delta)
    if (refusal !== null) this.writer.refusal(0, refusal, null)
    this.tellExtras()
    this.writer.finish(0, readFinishReason(native))
  }

  private closeBlocks(): void {
    for (const index of this.blocks.keys()) this.closeBlock(index)
  }

  private tellExtras(): void {
    const extras = this.extras()
    if (extras !== null) this.writer.extras(0, extras)
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
    const counted = renderCounts(this.counts)
    if (counted !== null) this.writer.countUsage(counted.wire)
    this.writer.end(isExplicit)
  }
}
