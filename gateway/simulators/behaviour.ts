/**
 * How a simulated provider behaves: its pace, and what goes wrong, on whichever wire it speaks. A behaviour is a plain
 * value that can be changed while the simulator runs, for the next few requests only (`next`), or for one request
 * (header `x-simulator`).
 */

/** Which requests a fault hits. */
interface Shared {
  /** Chance, 0 to 1; absent: always. */
  readonly share?: number
  /** Only requests for this model. */
  readonly model?: string
}

/** Faults that decide how an answer ends. Of several that hit the same request, the first in the list wins. */
export type EndingFault =
  /** An error reply in the wire's envelope. `code` is OpenAI's; on Anthropic's wire the error's type. */
  | ({
      readonly kind: 'status'
      readonly status: number
      readonly code?: string
      readonly message?: string
      readonly retryAfterSeconds?: number
    } & Shared)
  /** The connection is reset (RST) as soon as the request has been read. */
  | ({ readonly kind: 'reset' } & Shared)
  /** Nothing is ever answered. */
  | ({ readonly kind: 'hang' } & Shared)
  /** A 200 with neither choice nor finish reason. */
  | ({ readonly kind: 'empty' } & Shared)
  /** A 200 with this body (an HTML page by default) in place of JSON or events. */
  | ({ readonly kind: 'unreadable'; readonly body?: string } & Shared)
  /** An error object inside the 200: after so many content chunks of a stream, or in place of a plain answer. */
  | ({
      readonly kind: 'error_event'
      readonly after?: number
      readonly code?: string
      readonly message?: string
    } & Shared)
  /** The socket is destroyed after so many content chunks of a stream, or half-way through a plain answer. */
  | ({ readonly kind: 'cut'; readonly after?: number } & Shared)
  /** As `cut`, but the socket stays open and silent. */
  | ({ readonly kind: 'stall'; readonly after?: number } & Shared)
  /** A frame that is no JSON after so many content chunks of a stream, which then goes on; a plain answer is broken JSON. */
  | ({ readonly kind: 'garbage'; readonly after?: number } & Shared)

/** Faults that go together with any ending. */
export type AccompanyingFault =
  /** All waiting times are multiplied, and the first content comes so much later. */
  | ({ readonly kind: 'slow'; readonly factor?: number; readonly extraMs?: number } & Shared)
  /** SSE comment lines before the first content and between chunks. NDJSON has none. */
  | ({ readonly kind: 'comments' } & Shared)
  /** The stream ends without its last frame: `[DONE]`, `message_stop`, or the line that says `done`. */
  | ({ readonly kind: 'no_done' } & Shared)

export type Fault = EndingFault | AccompanyingFault
export type FaultKind = Fault['kind']

export interface ScriptedToolCall {
  readonly name: string
  /** The arguments as text; absent: made up to fit the tool's schema. */
  readonly arguments?: string
}

/** What to answer, in place of what the simulator would make up. Absent parts are made up or left out. */
export interface ScriptedReply {
  readonly text?: string
  readonly reasoning?: string
  /** Reasoning nobody may read: encrypted on Anthropic's wire, left out on the others. */
  readonly redactedReasoning?: string
  readonly refusal?: string
  readonly toolCalls?: readonly ScriptedToolCall[]
  /** OpenAI's word, put into the wire's own, or a word of the wire itself (`pause_turn`). */
  readonly finishReason?: string
  readonly usage?: {
    /** All of the prompt, what is read from or written to a cache included. */
    readonly promptTokens: number
    readonly completionTokens: number
    readonly cachedTokens?: number
    readonly cacheWriteTokens?: number
    readonly reasoningTokens?: number
  }
}

export interface Behaviour {
  /** The models there are; null: any name will do. Asking for another is told as the vendor tells it. */
  readonly models: readonly string[] | null
  /** How long a model that nobody has asked for yet takes to load, before its first content. */
  readonly loadMs: number
  /** From the request's last byte to the first content (streams), or added to the whole answer (plain). */
  readonly firstContentMs: number
  /** Pace after the first content; a plain answer takes as long as its tokens would. null: no waiting. */
  readonly tokensPerSecond: number | null
  /** 0 to 1: each wait is drawn from within this share around its value. */
  readonly jitter: number
  /** Content pieces (tokens) in a made-up text; null: between 16 and 48, by seed and prompt. */
  readonly chunks: number | null
  readonly reply: ScriptedReply | null
  readonly faults: readonly Fault[]
  /** true: no connection is accepted until changed; a number: for so many milliseconds. Cannot be per request. */
  readonly refuseConnections: boolean | number
}

export type BehaviourPatch = Partial<Behaviour> & {
  /** One entry per coming request, used up in order. */
  readonly next?: readonly RequestPatch[]
}

/** What may be different for one request. */
export type RequestPatch = Partial<Omit<Behaviour, 'refuseConnections'>>

export const healthy: Behaviour = {
  models: null,
  loadMs: 0,
  firstContentMs: 0,
  tokensPerSecond: null,
  jitter: 0,
  chunks: null,
  reply: null,
  faults: [],
  refuseConnections: false,
}
