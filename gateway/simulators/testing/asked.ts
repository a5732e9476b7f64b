/** A conversation and its answer in no vendor's language, to ask every wire the same. */

export interface Asked {
  readonly system?: string
  /** User and assistant by turns, the user first. */
  readonly said: readonly string[]
  readonly image?: string
  readonly tools?: readonly { readonly name: string; readonly schema: Schema }[]
  /** Results of the calls that the last user message led to. */
  readonly results?: readonly string[]
  readonly schema?: Schema
  readonly maxTokens?: number
  readonly stop?: string
  readonly thinks?: boolean
}

export interface Schema {
  readonly type: 'object'
  readonly properties: Readonly<Record<string, { readonly type: string }>>
  readonly required: string[]
  readonly additionalProperties: false
}

export interface Answered {
  readonly text: string
  readonly reasoning: string
  readonly calls: readonly { readonly name: string; readonly given: unknown }[]
  readonly ended: string
  readonly outputTokens: number
}

export const schemaOf = (...names: readonly string[]): Schema => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
  required: [...names],
  additionalProperties: false,
})
