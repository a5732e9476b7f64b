/**
 * One attempt: a call to one target, its reply decoded into OpenAI's shapes. It reports to the execution what the
 * engine's events are made of; what that means for the request is not its business.
 */
import type { ChatCompletionChunk } from '../../../schemas/index.ts'
import type { ProviderFailure } from '../../core/chat/failure.ts'
import type { TokenUsage } from '../../core/chat/usage.ts'
import type { StreamDecoder, StreamStep } from '../../core/dialects/dialect.ts'
import { FrameTooLargeError, UnreadableFrameError, type FrameReader } from '../../core/framing/frame-reader.ts'
import type { PreparedTarget } from '../reload/generations.ts'
import type { CallListener, ReplyHeaders } from './call.ts'
import { Call } from './call.ts'
import type { Authenticator } from './authentication/authenticator.ts'
import { credentialsFailure } from './authentication/trouble.ts'
import { failed, transportFailure } from './failures.ts'
import type { PlainAnswer, ReplyReader } from './reply-reader.ts'
import { withoutSecrets } from './without-secrets.ts'

export interface AttemptRequest {
  readonly prepared: PreparedTarget
  readonly path: string
  readonly headers: readonly string[]
  readonly body: string | Uint8Array
  readonly reader: ReplyReader
}

export interface AttemptListener {
  /** Chunks of a stream, in order, each ready to be sent. `content`: the first visible thing is among them. */
  onChunks(chunks: readonly ChatCompletionChunk[], content: boolean): void
  /** The answer is whole. `answer` is null for streams. */
  onServed(result: AttemptResult): void
  onFailed(failure: ProviderFailure, usage: TokenUsage | null): void
}

export interface AttemptResult {
  readonly answer: PlainAnswer | null
  readonly usage: TokenUsage | null
  readonly nativeFinishReason: string | null
}

/** A reply larger than this is not an answer; it is cut off and counts as unreadable. */
const maxPlainBytes = 64 * 1024 * 1024

/** What a stream may send before its first content: all of it is held back until then. */
const maxHeldBytes = 16 * 1024 * 1024

export class Attempt implements CallListener {
  private readonly request: AttemptRequest
  private readonly listener: AttemptListener
  /** null until it is sent, which may take a while where we have to find out first who we are. */
  private call: Call | null = null
  private status = 0
  private headers: ReplyHeaders = {}
  private readonly parts: Buffer[] = []
  private size = 0
  private content = false
  private frames: FrameReader | null = null
  private decoder: StreamDecoder | null = null
  private over = false
  /** What this call carries beyond the target's own secrets. */
  private carried: readonly string[] = []

  constructor(request: AttemptRequest, listener: AttemptListener) {
    this.request = request
    this.listener = listener
  }

  start(): void {
    const { headers, prepared } = this.request
    if (prepared.authenticator === null) this.send(headers)
    else void this.identify(prepared.authenticator)
  }

  /** Nothing is sent before it is known who we are; an attempt that was given up meanwhile is never sent. */
  private async identify(authenticator: Authenticator): Promise<void> {
    const { path, headers, body } = this.request
    const identified = await orError(authenticator.identify({ method: 'POST', path, headers, body }))
    if (this.over) return
    if (identified instanceof Error) {
      this.fail(credentialsFailure(identified), false)
      return
    }
    this.carried = identified.secrets
    this.send(identified.headers)
  }

  private send(headers: readonly string[]): void {
    const { prepared, path, body } = this.request
    this.call = new Call({ pool: prepared.pool, path, headers, body }, this)
    this.call.start()
  }

  abort(): void {
    this.over = true
    this.call?.abort()
  }

  pause(): void {
    this.call?.pause()
  }

  resume(): void {
    this.call?.resume()
  }

  onHead(status: number, headers: ReplyHeaders): void {
    this.status = status
    this.headers = headers
    const { reader } = this.request
    if (status >= 300 || !reader.stream) return
    // Some servers answer a streamed request with one JSON body, an error among them; that is read as a plain reply.
    if (String(headers['content-type'] ?? '').includes('application/json')) return
    const { frames, decoder } = reader.openStream()
    this.frames = frames
    this.decoder = decoder
  }

  onData(bytes: Buffer): void {
    if (this.frames === null || this.decoder === null) {
      this.size += bytes.byteLength
      if (this.size <= maxPlainBytes) this.parts.push(bytes)
      else this.fail(failed('server_error', 'the reply is larger than 64 MiB'), true)
      return
    }
    try {
      this.decodeFrames(this.frames, this.decoder, bytes)
      if (!this.content) this.size += bytes.byteLength
      if (this.size > maxHeldBytes) this.fail(failed('server_error', 'the stream goes on and on without content'), true)
    } catch (error) {
      this.fail(unreadable(error), true)
    }
  }

  onEnd(): void {
    try {
      if (this.frames === null || this.decoder === null) this.endPlain()
      else this.endFrames(this.frames, this.decoder)
    } catch (error) {
      // Nobody above would hear of it, and the request would wait for its deadline.
      this.fail(unreadable(error), false)
    }
  }

  onError(error: Error): void {
    this.fail(transportFailure(error), false)
  }

  private endFrames(frames: FrameReader, decoder: StreamDecoder): void {
    for (const frame of frames.end()) {
      if (this.over) return
      if (this.take(decoder.push(frame.data, frame.event), decoder)) return
    }
    if (!this.over) this.take(decoder.end(), decoder)
  }

  private decodeFrames(frames: FrameReader, decoder: StreamDecoder, bytes: Buffer): void {
    let chunks: ChatCompletionChunk[] | null = null
    let content = false
    for (const frame of frames.push(bytes)) {
      const step = decoder.push(frame.data, frame.event)
      if (step.failure !== null || step.done) {
        if (chunks !== null) this.hand(chunks, content)
        if (!this.over) this.take(step, decoder)
        return
      }
      if (step.chunks.length === 0) continue
      content ||= step.content
      if (chunks === null) chunks = [...step.chunks]
      else chunks.push(...step.chunks)
    }
    if (chunks !== null) this.hand(chunks, content)
  }

  private hand(chunks: readonly ChatCompletionChunk[], content: boolean): void {
    this.content ||= content
    this.listener.onChunks(chunks, content)
  }

  /** Hands one step on. True once the attempt is over. */
  private take(step: StreamStep, decoder: StreamDecoder): boolean {
    if (step.chunks.length > 0) this.hand(step.chunks, step.content)
    if (this.over) return true
    if (step.failure !== null) {
      this.fail(step.failure, true, decoder.usage())
      return true
    }
    if (!step.done) return false
    this.over = true
    this.listener.onServed({
      answer: null,
      usage: decoder.usage(),
      nativeFinishReason: decoder.nativeFinishReason(),
    })
    return true
  }

  private endPlain(): void {
    const { reader } = this.request
    const coding = this.headers['content-encoding'] ?? 'identity'
    if (coding !== 'identity') {
      // Never asked for, so there is nothing to unpack it; its status tells what it can.
      const failure = reader.decodeError({ status: this.status, headers: flat(this.headers), body: '' })
      const message = `the provider answered ${this.status} in a coding nobody asked for`
      this.fail(this.status >= 300 ? { ...failure, message } : failed('server_error', message), false)
      return
    }
    const body = this.parts.length === 1 ? String(this.parts[0]) : Buffer.concat(this.parts).toString()
    if (this.status >= 300) {
      this.fail(reader.decodeError({ status: this.status, headers: flat(this.headers), body }), false)
      return
    }
    const decoded = reader.decode(body, () => flat(this.headers))
    if ('failure' in decoded) {
      this.fail(decoded.failure, false)
      return
    }
    this.over = true
    const { answer, chunks, usage, nativeFinishReason } = decoded
    if (chunks !== null) this.hand(chunks, true)
    this.listener.onServed({ answer, usage, nativeFinishReason })
  }

  private fail(failure: ProviderFailure, stillOpen: boolean, usage: TokenUsage | null = null): void {
    if (this.over) return
    this.over = true
    if (stillOpen) this.call?.abort()
    const { secrets, authenticator } = this.request.prepared
    const told = failure.status === 0 ? { ...failure, status: this.status } : failure
    if (this.status === 401 || this.status === 403) authenticator?.refused()
    this.listener.onFailed(
      withoutSecrets(told, this.carried.length === 0 ? secrets : [...this.carried, ...secrets]),
      usage,
    )
  }
}

async function orError<Value>(promise: Promise<Value>): Promise<Value | Error> {
  try {
    return await promise
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** A reply that broke its decoder: nested a hundred thousand deep, say, or one event without end. */
function unreadable(error: unknown): ProviderFailure {
  const isFraming = error instanceof FrameTooLargeError || error instanceof UnreadableFrameError
  const what = isFraming ? error.message : "the provider's answer cannot be read"
  return failed('server_error', what)
}

function flat(headers: ReplyHeaders): Record<string, string | undefined> {
  const flattened: Record<string, string | undefined> = {}
  for (const [name, value] of Object.entries(headers)) flattened[name] = Array.isArray(value) ? value.join(', ') : value
  return flattened
}
