/** Replies to chat requests: read by the target's dialect, streamed or whole, into OpenAI's shapes. */
import { chunksOf } from '../../core/chat/chunks-of.ts'
import type { ProviderFailure } from '../../core/chat/failure.ts'
import type { DecodeContext, Dialect, StreamDecoder, WireErrorReply } from '../../core/dialects/dialect.ts'
import type { FrameReader } from '../../core/framing/frame-reader.ts'
import { openFraming } from '../../core/framing/index.ts'
import type { ReadReply, ReplyReader } from '../transport/reply-reader.ts'

export class ChatReader implements ReplyReader {
  readonly stream: boolean
  private readonly dialect: Dialect
  private readonly context: DecodeContext

  constructor(dialect: Dialect, context: DecodeContext, stream: boolean) {
    this.dialect = dialect
    this.context = context
    this.stream = stream
  }

  openStream(): { readonly frames: FrameReader; readonly decoder: StreamDecoder } {
    return { frames: openFraming(this.dialect.framing), decoder: this.dialect.openStream(this.context) }
  }

  decode(body: string): ReadReply | { readonly failure: ProviderFailure } {
    const decoded = this.dialect.decode(body, this.context)
    if ('failure' in decoded) return decoded
    const { completion, usage, nativeFinishReason } = decoded
    // A caller that asked for a stream gets one, whatever the provider made of it.
    if (this.stream) return { answer: null, chunks: chunksOf(completion, this.context), usage, nativeFinishReason }
    const text = JSON.stringify(completion)
    const answer = { body: text, kept: text, finishReason: completion.choices[0]?.finish_reason ?? null }
    return { answer, chunks: null, usage, nativeFinishReason }
  }

  decodeError(reply: WireErrorReply): ProviderFailure {
    return this.dialect.decodeError(reply)
  }
}
