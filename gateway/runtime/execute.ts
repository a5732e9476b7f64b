/**
 * Runs one request: carries the engine's commands out and tells it what happened. All that is decided is decided by
 * `step`; this file only knows how. Bytes go to the caller in the order they came, and the last of them only after the
 * record has been written.
 */
import type { ChatCompletionChunk } from '../../schemas/index.ts'
import { recordOf } from '../core/audit/record.ts'
import { ChunkRenderer } from '../core/chat/render-chunk.ts'
import type { ProviderFailure } from '../core/chat/failure.ts'
import type { TokenUsage } from '../core/chat/usage.ts'
import type { AttemptCommand, AttemptEnd, EngineEvent, FinishCommand, RequestFacts } from '../core/engine/events.ts'
import { newRequest, type RequestState } from '../core/engine/state.ts'
import { step } from '../core/engine/step.ts'
import { AnswerText } from './answer-text.ts'
import { envelopeOf } from './failure-reply.ts'
import { longestTimerMs } from './longest-timer.ts'
import { overheadOf } from './metrics/overhead.ts'
import { failCrowded } from './overload/crowded-provider.ts'
import type { Generation } from './reload/generations.ts'
import type { ClientRequest, Runtime } from './runtime.ts'
import type { LastBytes, ReplyHead, ReplySink } from './server/reply.ts'
import { tellHealth, tellMisconfigured, tellRequest } from './tell.ts'
import { Attempt, type AttemptListener, type AttemptResult } from './transport/attempt.ts'
import type { PlainAnswer } from './transport/reply-reader.ts'

/** An event without the stamp that only the execution can give it. */
type Happening = EngineEvent extends infer Event
  ? Event extends EngineEvent
    ? Omit<Event, 'atUs' | 'seq'>
    : never
  : never

export interface ExecutionRequest {
  readonly client: ClientRequest
  readonly facts: RequestFacts
  readonly generation: Generation
  readonly arrivedUs: number
}

export class Execution {
  private readonly runtime: Runtime
  private readonly request: ExecutionRequest
  private readonly reply: ReplySink
  private readonly state: RequestState
  private readonly failures: (ProviderFailure | undefined)[] = []
  private attempt: Attempt | null = null
  private timer: NodeJS.Timeout | null = null
  private lost: readonly string[] = []
  private result: AttemptResult | null = null
  private readonly answer = new AnswerText()
  private readonly chunks = new ChunkRenderer()
  /** Chunks of the attempt under way that must not be sent before the commit point. */
  private held: ChatCompletionChunk[] = []
  private committed = false
  private arrivalSeq = 0
  /** Our own share of the time until the answer's head; null until there is one. */
  private overheadUs: number | null = null

  constructor(runtime: Runtime, request: ExecutionRequest, reply: ReplySink) {
    this.runtime = runtime
    this.request = request
    this.reply = reply
    const { table, missingSecrets } = request.generation
    this.state = newRequest({ table, shared: runtime.process.shared, missingSecrets })
  }

  start(): void {
    const { facts, arrivedUs } = this.request
    this.arrivalSeq = this.runtime.process.nextSeq()
    this.runtime.process.opened(this.arrivalSeq)
    this.feed({ kind: 'arrived', facts, atUs: arrivedUs, seq: this.arrivalSeq })
  }

  /** The caller's connection is gone. */
  callerGone(): void {
    this.happened({ kind: 'callerGone' })
  }

  /** The caller can take more again. */
  resume(): void {
    this.attempt?.resume()
  }

  private happened(happening: Happening): void {
    const { process } = this.runtime
    this.feed({ ...happening, atUs: process.nowUs(), seq: process.nextSeq() })
  }

  private feed(event: EngineEvent): void {
    for (const command of step(this.state, event)) {
      switch (command.kind) {
        case 'attempt':
          this.startAttempt(command)
          break
        case 'abort':
          this.stopTimer()
          this.attempt?.abort()
          this.attempt = null
          this.held = []
          break
        case 'commit':
          this.stopTimer()
          this.commit()
          break
        case 'finish':
          this.finish(command)
          break
        case 'classify':
        case 'reserve':
        case 'settle':
          // A table that asks for these is refused when it is loaded, because nothing stands behind them yet.
          throw new Error(`the engine asked for "${command.kind}", which this version cannot do`)
        default:
          command satisfies never
      }
    }
  }

  private startAttempt(command: AttemptCommand): void {
    const { generation, client } = this.request
    const target = this.state.route?.candidates[command.candidate]
    if (target === undefined) throw new Error('the engine named a candidate that the route does not have')
    const prepared = generation.prepared(target)
    // What an attempt before this one sent and nobody saw must never stand in front of this one's answer.
    this.held = []
    this.lost = []
    const { features } = this.request.facts
    const encoded = failCrowded(this.runtime.process, target) ?? client.operation.encode(prepared, client, features)
    if ('failure' in encoded) return this.onFailed(command.attempt, encoded.failure, null)
    this.lost = encoded.lost
    const nowUs = this.runtime.process.nowUs()
    this.attempt = new Attempt(encoded.request, this.listenTo(command.attempt))
    const waitMs = Math.min(Math.max(0, Math.ceil((command.firstContentByUs - nowUs) / 1000)), longestTimerMs)
    this.timer = setTimeout(() => this.happened({ kind: 'timer', attempt: command.attempt }), waitMs)
    this.attempt.start()
  }

  private listenTo(attempt: number): AttemptListener {
    return {
      onChunks: (chunks, content) => this.onChunks(attempt, chunks, content),
      onServed: (result) => {
        this.result = result
        this.ended(attempt, { class: 'ok', usage: result.usage, status: 200, retryAfterMs: null })
      },
      onFailed: (failure, usage) => this.onFailed(attempt, failure, usage),
    }
  }

  private onChunks(attempt: number, chunks: readonly ChatCompletionChunk[], content: boolean): void {
    if (this.committed) return this.send(chunks)
    this.held.push(...chunks)
    if (content) this.happened({ kind: 'firstContent', attempt })
  }

  private onFailed(attempt: number, failure: ProviderFailure, usage: TokenUsage | null): void {
    this.failures[attempt] = failure
    if (failure.class === 'misconfigured') tellMisconfigured(this.runtime, this.state, { attempt, failure })
    const { class: failed, status, retryAfterMs } = failure
    this.ended(attempt, { class: failed, usage, status, retryAfterMs })
  }

  private ended(attempt: number, end: AttemptEnd): void {
    this.stopTimer()
    this.attempt = null
    this.happened({ kind: 'ended', attempt, ...end })
  }

  private commit(): void {
    this.committed = true
    this.overheadUs = overheadOf(this.state, this.runtime.process.nowUs())
    if (!this.request.facts.features.stream) return
    const { client, arrivedUs } = this.request
    const { route } = this.state
    const target = this.state.attempts.at(-1)?.candidate.target.id ?? ''
    const open = () => this.reply.openStream(this.head(200, null))
    const { spool, process } = this.runtime
    if (spool === null) open()
    else {
      const begin = { id: client.id, arrived_at: process.wallClock(arrivedUs), route: route?.name ?? '', target }
      spool.append('begin', begin, open)
    }
    const { held } = this
    this.held = []
    this.send(held)
  }

  private send(chunks: readonly ChatCompletionChunk[]): void {
    let text = ''
    for (const chunk of chunks) {
      this.answer.add(chunk)
      text += `data: ${this.chunks.render(chunk)}\n\n`
    }
    if (!this.reply.write(text)) this.attempt?.pause()
  }

  private finish(command: FinishCommand): void {
    this.stopTimer()
    this.runtime.process.finished(this.arrivalSeq)
    const { spool } = this.runtime
    const last = this.lastBytes(command)
    if (spool === null) this.close(last)
    else {
      const prompt = this.request.client.rawBody
      const content = this.state.route?.auditContent === 'text' ? { prompt, answer: last.answer } : null
      spool.appendRequest(this.record(), content, () => this.close(last))
    }
    const cut = command.outcome === 'abandoned' && this.runtime.process.cuttingOff
    const ending = { cut, overheadUs: this.overheadUs }
    this.runtime.process.counts.finished(this.state, ending)
    tellHealth(this.runtime)
    const { client, generation } = this.request
    tellRequest(this.runtime, this.state, { ...ending, id: client.id, generation, lost: this.lost })
    this.runtime.generations.release(generation, cut)
  }

  /** What still has to go to the caller, made before the record is written and sent after it. */
  private lastBytes(command: FinishCommand): LastBytes {
    const streaming = this.committed && this.request.facts.features.stream
    switch (command.outcome) {
      case 'abandoned':
        return { kind: 'nothing', answer: this.answer.render() }
      case 'served': {
        if (streaming) return { kind: 'stream', text: 'data: [DONE]\n\n', answer: this.answer.render() }
        const { body, kept } = this.plainAnswer()
        return { kind: 'plain', head: this.head(200, null), body, answer: kept }
      }
      case 'broken': {
        const event = JSON.stringify(envelopeOf(command, this.state, this.failures))
        return { kind: 'stream', text: `data: ${event}\n\n`, answer: this.answer.render() }
      }
      case 'failed': {
        const body = JSON.stringify(envelopeOf(command, this.state, this.failures))
        return { kind: 'plain', head: this.head(command.status, command), body, answer: body }
      }
      default:
        return command.outcome satisfies never
    }
  }

  private plainAnswer(): PlainAnswer {
    const answer = this.result?.answer
    if (answer === null || answer === undefined) throw new Error('a plain answer was served without a body')
    return answer
  }

  private close(last: LastBytes): void {
    if (last.kind === 'plain') this.reply.sendPlain(last.head, last.body)
    else if (last.kind === 'stream') this.reply.endStream(last.text)
    else this.reply.drop()
  }

  private record() {
    const { client, generation, arrivedUs } = this.request
    const completed = this.result?.answer?.finishReason
    return recordOf(this.state, {
      id: client.id,
      correlationId: client.correlationId,
      arrivedAt: this.runtime.process.wallClock(arrivedUs),
      revision: generation.revision,
      generation: generation.number,
      project: client.caller.project,
      messages: this.failures.map((failure) => failure?.message),
      finishReason: completed ?? this.answer.finishReason,
      nativeFinishReason: this.result?.nativeFinishReason ?? null,
      lost: this.lost,
      oldestOpenSeq: this.runtime.process.oldestOpenSeq(),
    })
  }

  private head(status: number, failed: FinishCommand | null): ReplyHead {
    const { client, generation } = this.request
    const served = this.state.attempts.at(-1)
    this.overheadUs = overheadOf(this.state, this.runtime.process.nowUs())
    return {
      status,
      requestId: client.id,
      route: this.state.route?.name ?? null,
      target: failed === null ? (served?.candidate.target.id ?? null) : null,
      revision: generation.revision,
      attempts: this.state.attempts.length,
      overheadMs: this.overheadUs / 1000,
      lost: failed === null ? this.lost : [],
      retryAfterMs: failed?.retryAfterMs ?? null,
      // A route that is exhausted has tried everything there is: OpenAI's clients must not call again on their own.
      exhausted: failed !== null && this.state.route !== null && failed.status >= 429,
    }
  }

  private stopTimer(): void {
    if (this.timer === null) return
    clearTimeout(this.timer)
    this.timer = null
  }
}
