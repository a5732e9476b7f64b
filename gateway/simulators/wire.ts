/**
 * The border between what a simulated provider does and the language it does it in. A behaviour decides how fast it is,
 * what it says and what goes wrong; a wire reads requests as strictly as its vendor does and writes answers, errors and
 * broken streams the vendor's way. Everything in between (`answering.ts`) is the same for all.
 */
import type { IncomingHttpHeaders } from 'node:http'
import type { Scenario } from '../../schemas/index.ts'
import type { Answer } from './answers/answer.ts'
import type { Ask } from './answers/ask.ts'
import type { Fault, FaultKind } from './behaviour.ts'
import type { PlainReply } from './exchange.ts'

export type WireName =
  | 'openai-chat'
  | 'anthropic-messages'
  | 'bedrock-converse'
  | 'gemini-generate-content'
  | 'ollama-chat'
  | 'cohere-chat'

export interface Wire {
  readonly name: WireName
  /** What the vendor's own base URL has after the origin. */
  readonly basePath: string
  /** Content type of a stream. */
  readonly streamType: string
  /**
   * Streams are no text: every letter of a frame stands for one byte, and a stream that is cut is cut inside a frame.
   */
  readonly isBinary?: true
  /** Faults that cannot be told in this language. */
  readonly withoutFaults: readonly FaultKind[]
  /** What each class of failure looks like, for drills. */
  readonly failures: FailureFaults
  isChat(path: string): boolean
  /** The model a chat request is for, as far as can be told before it is read. */
  modelOf(request: ChatRequest): unknown
  /** Everything that is not a chat request: lists of models, and what is not there. */
  answerOther(request: OtherRequest, stamp: Stamp): PlainReply
  read(request: ChatRequest, stamp: Stamp): Reading
  /** A failure that a fault asks for, in the vendor's envelope and, where the fault has none, its words. */
  fail(failure: Failure, stamp: Stamp): PlainReply
  missingModel(model: string, stamp: Stamp): PlainReply
}

/** Faults by the class a caller would put them in. */
export type FailureFaults = Readonly<
  Record<NonNullable<NonNullable<Scenario['faults']>[number]['class']>, Readonly<Fault>>
>

export interface Failure {
  readonly status: number
  readonly code?: string
  readonly message?: string
}

export interface ChatRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** The query, without its question mark; absent: none. */
  readonly query?: string
  readonly headers: IncomingHttpHeaders
  /** Parsed; undefined when it was not JSON. */
  readonly body: unknown
  /** As it was sent, for wires that sign it. */
  readonly text?: string
}

export interface OtherRequest extends ChatRequest {
  /** Those there are; null: any. */
  readonly models: readonly string[] | null
  /** The simulator's own, for a model's name where any will do. */
  readonly name: string
}

/** What is known of a request before it is read. */
export interface Stamp {
  /** Unique among this simulator's requests; letters and digits. */
  readonly key: string
  readonly seed: number
  /** When the request came. Unix milliseconds. */
  readonly atMs: number
  readonly timing: Timing
}

/** What an answer that reports its own times says. */
export interface Timing {
  readonly loadMs: number
  readonly promptMs: number
  readonly tokenMs: number
}

export type Reading = (
  | { readonly ask: Ask; readonly writer: Writer }
  /** The vendor would refuse it; or, where it names a model, it asks for nothing to be generated. */
  | { readonly reply: PlainReply; readonly model?: string }
) & {
  /** The model is to leave memory afterwards. */
  readonly unloads?: boolean
}

/** Writes one answer. */
export interface Writer {
  /** Goes with every answer, plain or streamed. */
  readonly headers?: Readonly<Record<string, string>>
  plain(answer: Answer): string
  stream(answer: Answer): StreamFrames
  /** A 200 with neither choice nor finish reason. */
  readonly empty: { readonly plain: string; readonly stream: string }
  /** An error inside a stream. */
  errorFrame(failure: Failure): string
  /** A frame as the wire frames it, with something that is no JSON in it. */
  readonly garbage: string
}

export interface StreamFrames {
  /** Before any content. Sent at once. */
  readonly head: string
  /** One entry a piece of content (text, reasoning, tool call). Paced. */
  readonly content: readonly string[]
  /** Finish reason and usage. */
  readonly tail: string
  /** What says that the stream is whole. */
  readonly done: string
  /** Put between frames where comments are wanted; '' on a wire without. */
  readonly comment: string
  /** The vendor sends comments of its own accord. */
  readonly comments: boolean
}

/** Where most have it: in the body. */
export function modelInBody({ body }: ChatRequest): unknown {
  return typeof body === 'object' && body !== null && 'model' in body ? body.model : undefined
}
