/**
 * What a provider does otherwise than the language it speaks, as data. Every quirk is named here once and carried by
 * the providers that have it, each with a dated source in the provider's own file.
 */
import type { RequestField } from '../chat/request-fields.ts'
import type { Loss } from './losses.ts'

export interface Quirks {
  /** Rows of the loss table that differ from the language's own, each with what happens instead. */
  readonly losses?: Readonly<Partial<Record<RequestField, Loss>>>
  /** Request fields under another name: OpenAI's name to the provider's. */
  readonly renames?: Readonly<Record<string, string>>
  /** Values under another name, per field: `{tool_choice: {required: 'any'}}`. */
  readonly values?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Request fields that must be a list, even for one value. */
  readonly lists?: readonly string[]
  /** The provider knows no `developer` role; such messages are sent as `system`, which OpenAI treats alike. */
  readonly developerAsSystem?: true
  /** Tool-call ids in the history must be exactly this many letters and digits; others are replaced, consistently. */
  readonly toolCallIdLength?: number
  /** Tool-call ids in the history may have at most this many characters; longer ones are replaced, consistently. */
  readonly longestToolCallId?: number
  /**
   * Models of these names refuse a tool loop in which an answer does not say what was thought before it; where the
   * caller has nothing of the kind, as in a loop that another provider began, `placeholder` is sent for it.
   */
  readonly reasoningInToolLoops?: { readonly modelPrefixes: readonly string[]; readonly placeholder: string }
  /** Every message must have content; one without any, such as an answer that only calls, gets an empty text. */
  readonly contentRequired?: true
  /** The provider does not take `stream_options`; it sends usage unasked. */
  readonly usageUnasked?: true
  /** A field of stream events under which the provider's own `usage` and `error` stand. */
  readonly streamExtension?: string
  /** The model stands in the path, so the body carries none. */
  readonly modelInPath?: true
  /** The version of the API that the body names; no header does then. */
  readonly bodyVersion?: string
  /** Structured outputs are not to be had, though the model has them elsewhere. */
  readonly withoutStructuredOutputs?: true
}

export const noQuirks: Quirks = {}
