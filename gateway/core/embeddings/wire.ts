/** How a provider is asked for embeddings, as data: in which language, where, and what it does otherwise. */
import type { Loss } from '../dialects/losses.ts'
import type { EmbeddingsField } from './fields.ts'

export const embeddingsLanguageIds = [
  'openai-embeddings',
  'cohere-embed',
  'cohere-embed-invoke',
  'titan-embed-invoke',
  'gemini-embed',
  'vertex-predict',
  'ollama-embed',
] as const

export type EmbeddingsLanguageId = (typeof embeddingsLanguageIds)[number]

export type EmbeddingsLosses = Readonly<Partial<Record<EmbeddingsField, Loss>>>

/** What a provider does otherwise than the language it speaks. */
export interface EmbeddingsQuirks {
  /** Rows of the loss table that differ from the language's own. */
  readonly losses?: EmbeddingsLosses
  /** Request fields under another name. */
  readonly renames?: Readonly<Record<string, string>>
  /** Vectors come as numbers only; `encoding_format` is not sent, and base64 is made of them here. */
  readonly floatsOnly?: true
  /** Vectors come as base64 of signed bytes, under this word of `encoding_format`; they become numbers. */
  readonly signedBytes?: string
  /** Our words for `input_type` to the provider's; a word that is not there goes as the caller wrote it. */
  readonly inputTypes?: Readonly<Record<string, string>>
  /** What is said where the caller says nothing, because the provider must be told. */
  readonly inputType?: string
  /** Only these words for `input_type` are known; another one is left out, and the caller is told. */
  readonly inputTypesClosed?: true
  /** Fields OpenAI does not have that are passed on; absent: as the language has it. */
  readonly foreign?: readonly string[]
  /** The model stands in the path, so the body carries none. */
  readonly modelInPath?: true
}

export interface EmbeddingsWire {
  readonly language: EmbeddingsLanguageId
  /** What is appended to the base URL; the same names are filled in as in a provider's `chatPath`. */
  readonly path: string
  /** Only models with such names, and how a person would say it; absent: any. */
  readonly models?: { readonly names: RegExp; readonly words: string }
  /** As many inputs one request may have; absent: the provider states no number. */
  readonly maxInputs?: number
  readonly quirks: EmbeddingsQuirks
  /** The page these facts stand on, and the day they were last checked against it or what stands for it here. */
  readonly source: { readonly url: string; readonly checked: string }
}

interface Embedder {
  readonly embeddings?: readonly EmbeddingsWire[]
}

/** How this model is asked for embeddings; null: it cannot be. */
export function embeddingsWireOf({ embeddings }: Embedder, model: string): EmbeddingsWire | null {
  return embeddings?.find(({ models }) => models === undefined || models.names.test(model)) ?? null
}
