/**
 * A provider is data: who is called, where, how it is told who we are, and how it differs from the language it
 * speaks. Everything a file under `providers/` may say is here; a provider never imports a provider.
 */
import type { ProviderId } from '../../../schemas/index.ts'
import type { Quirks } from '../dialects/quirks.ts'

export const dialectIds = [
  'openai-chat',
  'anthropic-messages',
  'gemini-generate-content',
  'bedrock-converse',
  'cohere-chat',
  'ollama-chat',
] as const

export type DialectId = (typeof dialectIds)[number]

/** How a provider is told who we are. A closed set: a new scheme is a decision, not an option. */
export type AuthScheme =
  | { readonly scheme: 'bearer' }
  | { readonly scheme: 'header'; readonly name: string }
  | { readonly scheme: 'sigv4'; readonly service: string }
  | { readonly scheme: 'gcp-oauth' }
  | { readonly scheme: 'none' }

export type Deployment = 'cloud' | 'self_hosted'

/** How a provider is spoken to: in which language, where, and how it differs from that language. */
export interface ChatWire {
  /** null: an embeddings-only provider; it cannot be a target of a chat route. */
  readonly dialect: DialectId | null
  /** What is appended to the base URL. `{model}`, `{deployment}` and `{api_version}` are filled in, URL-encoded. */
  readonly chatPath: string
  /** The same for streams, where the language gives them a path of their own; absent: `chatPath`. */
  readonly streamPath?: string
  readonly quirks: Quirks
}

/** Models that a provider serves for somebody else, in that one's language. */
export interface ModelWire extends ChatWire {
  /** What their names begin with. */
  readonly modelPrefix: string
  readonly dialect: DialectId
}

export interface Provider extends ChatWire {
  readonly id: ProviderId
  readonly title: string
  /** What the vendor's own SDK calls its base URL; null when only the operator can know it. */
  readonly baseUrl: string | null
  /** Models that are spoken to in another way than the rest; absent: none. */
  readonly modelWires?: readonly ModelWire[]
  readonly auth: AuthScheme
  /** The environment variable the vendor's own tools read the key from; null when it needs none. */
  readonly keyVariable: string | null
  /** False when the key may be absent (a self-hosted server without one). */
  readonly keyRequired: boolean
  readonly deployment: Deployment
  /**
   * The vendor's own page on the facts above, and the day they were last checked: against that page, or against what
   * stands for it here (the vendor's client library, the recordings, the project's reference page).
   */
  readonly source: { readonly url: string; readonly checked: string }
}

/** How this model of the provider is spoken to; without a model, as most of them are. */
export function chatWireOf(provider: Provider, model: string | null): ChatWire {
  if (model === null) return provider
  return provider.modelWires?.find(({ modelPrefix }) => model.startsWith(modelPrefix)) ?? provider
}
