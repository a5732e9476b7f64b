/**
 * What a provider does otherwise than the language it speaks, as data. Every quirk is named here once and carried by
 * the providers that have it, each with a dated source in the provider's own file.
 */
export interface Quirks {
  /** Request fields the provider rejects or ignores; they are left out and reported as lost. */
  readonly drops?: readonly string[]
  /**
   * Message fields the provider rejects: `name`, or `user.name` for messages of one role. Left out and reported as
   * lost (`messages[].name`) when they held something.
   */
  readonly messageDrops?: readonly string[]
  /** Request fields under another name: OpenAI's name to the provider's. */
  readonly renames?: Readonly<Record<string, string>>
  /** Values under another name, per field: `{tool_choice: {required: 'any'}}`. */
  readonly values?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Request fields that must be a list, even for one value. */
  readonly lists?: readonly string[]
  /** The provider knows no `developer` role; such messages are sent as `system`, which OpenAI treats alike. */
  readonly developerAsSystem?: true
  /** `json_schema` is not understood; `json_object` is asked for instead and the schema reported as lost. */
  readonly jsonObjectOnly?: true
  /** Tool-call ids in the history must be exactly this many letters and digits; others are replaced, consistently. */
  readonly toolCallIdLength?: number
  /** The provider does not take `stream_options`; it sends usage unasked. */
  readonly usageUnasked?: true
  /** A field of stream events under which the provider's own `usage` and `error` stand. */
  readonly streamExtension?: string
  /** The model stands in the path, so the body carries none. */
  readonly modelInPath?: true
}

export const noQuirks: Quirks = {}
