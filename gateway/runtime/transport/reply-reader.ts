/** How the reply of one call is read: what an attempt needs to know of the operation it is part of. */
import type { ChatCompletionChunk } from '../../../schemas/index.ts'
import type { ProviderFailure } from '../../core/chat/failure.ts'
import type { TokenUsage } from '../../core/chat/usage.ts'
import type { StreamDecoder, WireErrorReply } from '../../core/dialects/dialect.ts'
import type { FrameReader } from '../../core/framing/frame-reader.ts'

/** The headers of a reply, lower-case names. Made when they are asked for: an answer mostly needs none of them. */
export type GiveHeaders = () => Readonly<Record<string, string | undefined>>

/** The answer to a caller who did not ask for a stream. */
export interface PlainAnswer {
  /** JSON, as the caller gets it. */
  readonly body: string
  /** What the audit trail keeps of it. */
  readonly kept: string
  readonly finishReason: string | null
}

/** Either an answer, or, for a caller who asked for a stream, the same as chunks. */
export type ReadReply = (
  | { readonly answer: PlainAnswer; readonly chunks: null }
  | { readonly answer: null; readonly chunks: readonly ChatCompletionChunk[] }
) & {
  readonly usage: TokenUsage | null
  readonly nativeFinishReason: string | null
}

export interface ReplyReader {
  /** Did the caller ask for a stream? Then a reply that is one is read as it comes. */
  readonly stream: boolean
  openStream(): { readonly frames: FrameReader; readonly decoder: StreamDecoder }
  decode(body: string, headers: GiveHeaders): ReadReply | { readonly failure: ProviderFailure }
  /** A status of 300 or above. */
  decodeError(reply: WireErrorReply): ProviderFailure
}
