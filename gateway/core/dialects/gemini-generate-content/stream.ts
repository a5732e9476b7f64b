/**
 * Streams: each event is a piece of a reply, of the same shape. Nothing says that the answer is whole but its finish
 * reason, and that may stand on every event, so it counts only when the bytes have ended. Chunks come from the writer;
 * see there.
 */
import type { ChunkWriter as Writer } from '../../chat/emit-stream.ts'
import { ChunkWriter } from '../../chat/emit-stream.ts'
import type { ProviderFailure } from '../../chat/failure.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { countOf, isRecord, parseJson, textOf } from '../../chat/loose.ts'
import type { TokenUsage } from '../../chat/usage.ts'
import { answerFailure } from '../../chat/wire-failure.ts'
import type { DecodeContext, StreamDecoder, StreamStep } from '../dialect.ts'
import type { Listener } from './candidate.ts'
import { Candidate } from './candidate.ts'
import { readCreated } from './decode.ts'
import { embeddedFailure } from './errors.ts'
import { blockedPrompt, candidateFailure, readFinishReason } from './finish.ts'
import { readLogprobs } from './logprobs.ts'
import type { UsageCounts } from './usage.ts'
import { mergeCounts, readServiceTier, renderCounts, uncounted } from './usage.ts'

export function openStream(context: DecodeContext): StreamDecoder {
  return new ReplyStream(context)
}

/** More candidates than anybody can ask for. */
const mostCandidates = 128

interface OpenCandidate {
  readonly candidate: Candidate
  native: string | null
}

class ReplyStream implements StreamDecoder {
  private readonly writer: Writer
  private readonly context: DecodeContext
  private readonly candidates = new Map<number, OpenCandidate>()
  private counts: UsageCounts = uncounted
  private answerId: string | null = null

  constructor(context: DecodeContext) {
    this.writer = new ChunkWriter(context)
    this.context = context
  }

  push(data: string): StreamStep {
    const { writer } = this
    if (!writer.isOver && !isIdle(data)) {
      const event = parseJson(data)
      const failure = event === undefined ? notJson : embeddedFailure(event)
      if (failure !== null) writer.fail(failure)
      else if (isRecord(event)) this.takeEvent(event)
      else writer.fail(notJson)
    }
    return writer.step()
  }

  end(): StreamStep {
    const { writer } = this
    if (!writer.isOver) {
      for (const [index, { candidate, native }] of this.candidates) {
        if (native === null) continue
        candidate.end()
        const { extras } = candidate
        if (extras !== null) writer.extras(index, extras)
        writer.finish(index, readFinishReason(native))
      }
      const counted = renderCounts(this.counts)
      if (counted !== null) writer.countUsage(counted.wire)
      writer.end(false)
    }
    return writer.step()
  }

  usage(): TokenUsage | null {
    return renderCounts(this.counts)?.tokens ?? null
  }

  nativeFinishReason(): string | null {
    return this.candidates.get(0)?.native ?? null
  }

  // ---- events ----

  private takeEvent(event: LooseRecord): void {
    const { writer } = this
    const { usageMetadata, candidates } = event
    this.counts = mergeCounts(this.counts, usageMetadata)
    this.answerId ??= textOf(event['responseId'])
    if (!writer.started) {
      writer.identify({
        id: this.answerId,
        createdSeconds: readCreated(event),
        model: textOf(event['modelVersion']),
        systemFingerprint: null,
        serviceTier: readServiceTier(usageMetadata),
      })
    }
    if (Array.isArray(candidates) && candidates.length > 0) {
      for (const candidate of candidates) if (isRecord(candidate)) this.takeCandidate(candidate)
    } else {
      const blocked = blockedPrompt(event)
      if (blocked !== null) writer.fail(blocked)
    }
  }

  private takeCandidate(source: LooseRecord): void {
    const { writer } = this
    const failed = candidateFailure(source)
    if (failed !== null) writer.fail(failed)
    const index = countOf(source['index']) ?? 0
    if (writer.isOver || index >= mostCandidates) return
    const open = this.candidates.get(index) ?? this.openCandidate(index)
    open.candidate.take(source, this.answerId ?? this.context.fallbackId)
    open.native = textOf(source['finishReason']) ?? open.native
    const logprobs = source['logprobsResult'] === undefined ? null : readLogprobs(source['logprobsResult'])
    if (logprobs !== null) writer.logprobs(index, logprobs)
  }

  private openCandidate(index: number): OpenCandidate {
    const listener = new ChunkListener(index, this.writer, this.context.legacyCalls === true)
    const open = { candidate: new Candidate(index, listener), native: null }
    this.candidates.set(index, open)
    return open
  }
}

/** Sent by proxies in between: to keep a connection alive, and behind the last event. */
function isIdle(data: string): boolean {
  return data === '' || data.trim() === '[DONE]'
}

const notJson = answerFailure('the provider sent an event that is no JSON object')

/** Writes what a candidate's parts come to. */
class ChunkListener implements Listener {
  private readonly index: number
  private readonly writer: Writer
  private readonly inOlderForm: boolean

  constructor(index: number, writer: Writer, inOlderForm: boolean) {
    this.index = index
    this.writer = writer
    this.inOlderForm = inOlderForm
  }

  text(text: string): void {
    this.writer.text(this.index, text, null)
  }

  thought(text: string): void {
    this.writer.reasoning(this.index, text)
  }

  call(slot: number, call: Parameters<Listener['call']>[1]): void {
    if (!this.inOlderForm) this.writer.toolCall(this.index, slot, call)
    // The older form has one call only.
    else if (slot === 0) this.writer.functionCall(this.index, call.name, call.arguments)
  }

  callArguments(slot: number, json: string): void {
    if (!this.inOlderForm) this.writer.toolCall(this.index, slot, { id: '', name: '', arguments: json })
    else if (slot === 0) this.writer.functionCall(this.index, '', json)
  }

  fail(failure: ProviderFailure): void {
    this.writer.fail(failure)
  }
}
