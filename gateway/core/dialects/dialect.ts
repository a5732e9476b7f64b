/**
 * The seam between the hub (OpenAI's chat shapes) and one wire language. A dialect knows no URL, no key and no vendor
 * name; it has no clock and no randomness. What differs between vendors that speak the same language is a `Quirks`
 * value, which is data of the provider.
 */
import type { ChatCompletion, ChatCompletionChunk, ChatCompletionRequest } from '../../../schemas/index.ts'
import type { ProviderFailure } from '../chat/failure.ts'
import type { TokenUsage } from '../chat/usage.ts'
import type { DialectId } from '../providers/provider.ts'
import type { DialectLosses, ForeignFields, LossTable, OwnLosses } from './losses.ts'
import type { Quirks } from './quirks.ts'

export type Framing = 'sse' | 'ndjson' | 'aws-event-stream'

/** What `encode` must know of the target. */
export interface EncodeTarget {
  /** The model's name as the provider spells it. */
  readonly model: string
  readonly quirks: Quirks
  /** Defaults and ceilings of the manifest (`targets[].parameters`), already checked and applied before `encode`. */
  readonly parameters: Readonly<Record<string, unknown>> | null
  /** The rows of the language and of the provider, compiled once a target. */
  readonly losses: LossTable
  /** The longest answer the model can give, in tokens, where the manifest's catalogue says so; otherwise null. */
  readonly maxOutputTokens: number | null
  /** The context window in tokens, where the manifest's catalogue says so; otherwise null. */
  readonly contextWindow: number | null
  /** The route would rather have another target than leave something out (`on_loss: refuse`). */
  readonly refusesLoss?: true
}

/** What the caller sent, for dialects that can carry most of it over as it stands. */
export interface OriginalRequest {
  readonly request: ChatCompletionRequest
  /** The text `request` was parsed from. */
  readonly text: string
}

export interface WireRequest {
  /** The body to send, serialised; or its beginning, when `sourceFrom` says how it goes on. */
  readonly body: string
  /** The rest of the body is the caller's own bytes from this one on; null: `body` is all there is. */
  readonly sourceFrom: number | null
  /** Headers the wire language itself demands (never authentication). */
  readonly headers: Readonly<Record<string, string>> | null
  /** A tool of ours that stands for an answer of a given shape: its arguments are the answer's text. */
  readonly answerTool?: string
  /** The caller asked with `functions`, so calls must come back as `function_call`. */
  readonly legacyCalls?: true
  /** The caller wants a stream and this model cannot give one to this request: the whole answer must be asked for. */
  readonly asWhole?: true
  /** What became of values beyond what the loss table says of their fields; named as in `EncodedRequest.lost`. */
  readonly lost?: readonly string[]
}

/** Values a decoder needs to fill what a provider left out; they come from outside because core has no clock. */
export interface DecodeContext {
  /** Used as `id` when the provider gave none. */
  readonly fallbackId: string
  /** Unix seconds, used as `created` when the provider gave none. */
  readonly createdSeconds: number
  /** Used as `model` when the provider gave none. */
  readonly model: string
  /** Did the caller ask for `stream_options.include_usage`? */
  readonly includeUsage: boolean
  /** How many choices the caller asked for (`n`); absent: one. A stream that ends with fewer was cut. */
  readonly choices?: number
  /** From `WireRequest`, as is `legacyCalls`. */
  readonly answerTool?: string
  readonly legacyCalls?: true
  readonly quirks: Quirks
}

/** A plain answer: either a completion that validates strictly, or what went wrong inside the 200. */
export type Decoded =
  | {
      readonly completion: ChatCompletion
      readonly usage: TokenUsage | null
      readonly nativeFinishReason: string | null
    }
  | { readonly failure: ProviderFailure }

/**
 * What one frame gave. `chunks` are ready to be sent, each valid against OpenAI's schema. `content` says whether they
 * hold the first thing a caller would see (text, reasoning, refusal, tool call or finish reason): before it nothing is
 * committed. After `failure` or `done` the decoder wants no more frames.
 */
export interface StreamStep {
  readonly chunks: readonly ChatCompletionChunk[]
  readonly content: boolean
  readonly failure: ProviderFailure | null
  readonly done: boolean
}

export interface StreamDecoder {
  /** Takes the payload of one frame (for SSE: the joined `data:` lines and the event name, if one was sent). */
  push(data: string, event: string | null): StreamStep
  /**
   * The bytes have ended. Gives what is still owed (arguments of a tool without any, usage), or a `server_error` when
   * the stream stopped before its answer was complete.
   */
  end(): StreamStep
  /** Tokens counted so far; null when the provider has not said. */
  usage(): TokenUsage | null
  /** The provider's own word for why it stopped. */
  nativeFinishReason(): string | null
}

/** A reply with a status of 400 or above. */
export interface WireErrorReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

/** The models of a family from one version on until (not including) another. */
export interface ModelKind {
  readonly family: string
  /** null: the family has no versions. */
  readonly from: string | null
  /** null: no later version is known to be other. */
  readonly before: string | null
  /** The name of one of them, for `modelLosses`. */
  readonly model: string
}

export interface Dialect {
  readonly id: DialectId
  readonly framing: Framing
  /** What becomes of each part of OpenAI's request in this language. `encodeRequest` goes by it before `encode` runs. */
  readonly losses: DialectLosses
  /** Rows that are other for this model. Gives the same object for models that are alike, since tables are kept by it. */
  readonly modelLosses?: (model: string) => OwnLosses
  /** Every kind of model that `modelLosses` may tell apart, for documents; by family, and in it from the oldest on. */
  readonly modelKinds?: readonly ModelKind[]
  /** Top-level fields that OpenAI does not have and that this language carries as they are. */
  readonly foreign: ForeignFields
  /**
   * `request` holds nothing that the loss table calls dropped or refused, and the manifest's parameters. Gives a failure
   * for values (not fields) that this wire cannot express, such as an image format it does not know. Never changes the
   * request.
   */
  encode(
    request: ChatCompletionRequest,
    target: EncodeTarget,
    original: OriginalRequest | null,
  ): WireRequest | { readonly failure: ProviderFailure }
  decode(body: string, context: DecodeContext): Decoded
  openStream(context: DecodeContext): StreamDecoder
  decodeError(reply: WireErrorReply): ProviderFailure
}
