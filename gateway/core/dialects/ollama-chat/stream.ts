/** Streams: lines in, strict chunks out. Each line is a piece of the answer; the last one says so, and counts. */
import { ChunkWriter } from '../../chat/emit-stream.ts'
import { renderUsage } from '../../chat/emit-usage.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { parseExactJson } from '../../chat/exact-json.ts'
import { isRecord, textOf } from '../../chat/loose.ts'
import type { TokenUsage } from '../../chat/usage.ts'
import { answerFailure } from '../../chat/wire-failure.ts'
import type { DecodeContext, StreamDecoder, StreamStep } from '../dialect.ts'
import { readCalls, readHead, readLogprobs } from './answer.ts'
import { decodeEmbeddedError } from './errors.ts'
import { readDoneReason } from './finish.ts'
import { readUsage } from './usage.ts'

export function openStream(context: DecodeContext): StreamDecoder {
  return new OllamaChatStream(context)
}

class OllamaChatStream implements StreamDecoder {
  private readonly writer: ChunkWriter
  private counted: TokenUsage | null = null
  private native: string | null = null
  /** Every call comes whole, so each is a new one. */
  private calls = 0
  private readonly inOlderForm: boolean

  constructor(context: DecodeContext) {
    this.writer = new ChunkWriter(context)
    this.inOlderForm = context.legacyCalls === true
  }

  push(data: string): StreamStep {
    const { writer } = this
    if (writer.isOver) return writer.step()
    const line = parseExactJson(data)
    if (isRecord(line)) this.takeLine(line)
    else writer.fail(answerFailure('the provider sent a line that is no JSON object'))
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

  // ---- lines ----

  private takeLine(line: LooseRecord): void {
    const { writer } = this
    const error = decodeEmbeddedError(line)
    if (error !== null) {
      writer.fail(error)
      return
    }
    if (!writer.started) writer.identify(readHead(line))
    const { message } = line
    if (isRecord(message)) this.takeMessage(message, line)
    if (line['done'] === true) this.finish(line)
  }

  // ---- text, reasoning, tools ----

  private takeMessage(message: LooseRecord, line: LooseRecord): void {
    const { writer } = this
    const reasoning = textOf(message['thinking'])
    if (reasoning !== null) writer.reasoning(0, reasoning)
    const text = textOf(message['content'])
    const logprobs = line['logprobs'] === undefined ? null : readLogprobs(line)
    if (text !== null) writer.text(0, text, logprobs)
    else if (logprobs !== null) writer.logprobs(0, logprobs)
    if (message['tool_calls'] !== undefined) this.takeToolCalls(message)
  }

  private takeToolCalls(message: LooseRecord): void {
    for (const call of readCalls(message)) {
      if (call === null) this.writer.fail(answerFailure('the provider sent a tool call without a name'))
      else if (!this.inOlderForm) this.writer.toolCall(0, this.calls, call)
      // The older form has one call only.
      else if (this.calls === 0) this.writer.functionCall(0, call.name, call.arguments)
      this.calls += 1
    }
  }

  // ---- finish and usage ----

  private finish(line: LooseRecord): void {
    const { writer } = this
    this.native = textOf(line['done_reason'])
    this.counted = readUsage(line)
    const reason = readDoneReason(this.native)
    if (typeof reason !== 'string') {
      writer.fail(reason)
      return
    }
    writer.finish(0, reason)
    if (this.counted !== null) writer.countUsage(renderUsage(this.counted))
    writer.end(true)
  }
}
