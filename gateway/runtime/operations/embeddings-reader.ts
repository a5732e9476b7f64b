/** Replies to embeddings requests, read by the target's language into OpenAI's shape. */
import type { ProviderFailure } from '../../core/chat/failure.ts'
import type { StreamDecoder, WireErrorReply } from '../../core/dialects/dialect.ts'
import type { EmbeddingsContext, EmbeddingsLanguage } from '../../core/embeddings/language.ts'
import type { FrameReader } from '../../core/framing/frame-reader.ts'
import type { GiveHeaders, ReadReply, ReplyReader } from '../transport/reply-reader.ts'

export class EmbeddingsReader implements ReplyReader {
  readonly stream = false
  private readonly language: EmbeddingsLanguage
  private readonly context: EmbeddingsContext

  constructor(language: EmbeddingsLanguage, context: EmbeddingsContext) {
    this.language = language
    this.context = context
  }

  openStream(): { readonly frames: FrameReader; readonly decoder: StreamDecoder } {
    throw new Error('embeddings are never streamed')
  }

  decode(body: string, headers: GiveHeaders): ReadReply | { readonly failure: ProviderFailure } {
    const decoded = this.language.decode({ body, headers: headers() }, this.context)
    if ('failure' in decoded) return decoded
    const { response, usage, dimensions } = decoded
    const { data, model } = response
    // Of vectors the trail keeps their shape: see decision 0022.
    const kept = { object: response.object, model, embeddings: data.length, dimensions, format: this.context.format }
    const answer = { body: JSON.stringify(response), kept: JSON.stringify(kept), finishReason: null }
    return { answer, chunks: null, usage, nativeFinishReason: null }
  }

  decodeError(reply: WireErrorReply): ProviderFailure {
    return this.language.decodeError(reply)
  }
}
