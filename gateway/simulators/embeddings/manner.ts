/** The border between what simulated embeddings are and the API they are asked for through. */
import type { PlainReply } from '../exchange.ts'
import type { ChatRequest, Failure, Stamp } from '../wire.ts'

/** What is to be embedded, in no vendor's words. */
export interface EmbeddingsAsk {
  readonly model: string
  /** Token ids stand here as the text of their list. */
  readonly inputs: readonly string[]
  /** null: as long as the model makes them. */
  readonly dimensions: number | null
  readonly base64: boolean
}

export interface Embedded {
  /** Where it was asked for. */
  readonly path: string
  readonly ask: EmbeddingsAsk
  /** One for each input, in order. */
  readonly vectors: readonly (readonly number[])[]
  /** Tokens of each input. */
  readonly tokens: readonly number[]
}

export type EmbeddingsReading = { readonly ask: EmbeddingsAsk } | { readonly refused: Failure }

/** One vendor's embeddings API. */
export interface Manner {
  isEmbeddings(path: string): boolean
  /** As far as can be told before the request is read. */
  modelOf(request: ChatRequest): unknown
  /** As strictly as the vendor. */
  read(request: ChatRequest): EmbeddingsReading
  answer(embedded: Embedded, stamp: Stamp): PlainReply
  fail(failure: Failure): PlainReply
}

export type Fields = Readonly<Record<string, unknown>>

export function fieldsOf(body: unknown): Fields {
  return typeof body === 'object' && body !== null ? { ...body } : {}
}

export function refuse(message: string, status = 400): { readonly refused: Failure } {
  return { refused: { status, message } }
}

/** A list of texts; null when it is none. */
export function textsIn(value: unknown): string[] | null {
  if (!Array.isArray(value)) return null
  const texts = value.filter((item) => typeof item === 'string')
  return texts.length === value.length ? texts : null
}

/** A field that is there and none of these: its name; otherwise null. */
export function strangeField(fields: Fields, known: readonly string[]): string | null {
  return Object.keys(fields).find((name) => !known.includes(name)) ?? null
}

export function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
