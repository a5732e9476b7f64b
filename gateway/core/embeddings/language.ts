/**
 * The seam between the hub (OpenAI's embeddings shapes) and one embeddings language. As a dialect, a language knows no
 * URL, no key and no vendor's name; it has no clock and no randomness.
 */
import type { EmbeddingsRequest, EmbeddingsResponse } from '../../../schemas/index.ts'
import type { ProviderFailure } from '../chat/failure.ts'
import type { TokenUsage } from '../chat/usage.ts'
import type { WireErrorReply } from '../dialects/dialect.ts'
import type { ForeignFields, Loss, LossTable } from '../dialects/losses.ts'
import type { EmbeddingsField } from './fields.ts'
import type { EmbeddingsLanguageId, EmbeddingsQuirks } from './wire.ts'

/** What `encode` must know of the target. */
export interface EmbeddingsTarget {
  /** The model's name as the provider spells it. */
  readonly model: string
  readonly language: EmbeddingsLanguageId
  /** The path after the base URL, with model and version filled in. */
  readonly path: string
  readonly quirks: EmbeddingsQuirks
  /** As many inputs one request may have; null: no number is known. */
  readonly maxInputs: number | null
  /** `dimensions` and `input_type` of the manifest's `parameters`. */
  readonly parameters: Readonly<Record<string, unknown>> | null
  /** The rows of the language and of the provider, compiled once a target. */
  readonly losses: LossTable
  /** The route would rather have another target than leave something out (`on_loss: refuse`). */
  readonly refusesLoss?: true
}

/** What the answer has to look like; from the request as it was sent, the manifest's parameters in it. */
export interface EmbeddingsContext {
  /** How many vectors there must be. */
  readonly inputs: number
  /** How long each has to be; null: as the model has it. */
  readonly dimensions: number | null
  readonly format: 'float' | 'base64'
  /** Used as `model` where the provider names none. */
  readonly model: string
  readonly quirks: EmbeddingsQuirks
}

/** A body, as the object it is before it is written out. */
export interface WireEmbeddings {
  readonly body: Readonly<Record<string, unknown>>
  /** Values that could not be carried, beyond what the loss table says of their fields. */
  readonly lost?: readonly string[]
}

export interface EmbeddingsReply {
  readonly body: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** An answer that validates strictly, or what went wrong inside the 200. */
export type DecodedEmbeddings =
  | { readonly response: EmbeddingsResponse; readonly usage: TokenUsage | null; readonly dimensions: number }
  | { readonly failure: ProviderFailure }

export interface EmbeddingsLanguage {
  readonly id: EmbeddingsLanguageId
  /** One row for every part of the request; tsc names those that are missing. */
  readonly losses: Readonly<Record<EmbeddingsField, Loss>>
  /** Top-level fields that OpenAI does not have and that this language carries as they are. */
  readonly foreign: ForeignFields
  /** `request` holds nothing that the loss table calls dropped or refused, and the manifest's parameters. */
  encode(request: EmbeddingsRequest, target: EmbeddingsTarget): WireEmbeddings | { readonly failure: ProviderFailure }
  decode(reply: EmbeddingsReply, context: EmbeddingsContext): DecodedEmbeddings
  decodeError(reply: WireErrorReply): ProviderFailure
}
