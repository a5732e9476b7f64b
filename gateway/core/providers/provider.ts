/**
 * A provider is data: who is called, where, how it is told who we are, and how it differs from the language it
 * speaks. Everything a file under `providers/` may say is here; a provider never imports a provider.
 */
import type { ProviderId } from '../../../schemas/index.ts'
import type { Quirks } from '../dialects/quirks.ts'
import type { EmbeddingsWire } from '../embeddings/wire.ts'

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
  /** `orEntra`: or with a token of Microsoft Entra ID, as a bearer. */
  | { readonly scheme: 'header'; readonly name: string; readonly orEntra?: true }
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
  /** Absent: the provider's own. */
  readonly check?: ProviderCheck
}

/** A list of the models there are, in the reply of a check or at a path of its own. */
export interface ModelList {
  /** Where it is asked for; absent: the check's own reply holds it. */
  readonly path?: string
  /** The key of the reply that holds the list; null: the reply is the list. */
  readonly key: string | null
  /** The key of an entry that holds its name. */
  readonly name: string
  /** What names begin with there, and not in a request. */
  readonly prefix?: string
  /** What stands behind a name in the list when a request leaves it out. */
  readonly suffix?: string
  /** Where a model can be asked for that goes by another name too; `{model}` is filled in. */
  readonly byName?: string
  /** Models that are not on it may be there all the same. */
  readonly incomplete?: true
}

/**
 * The cheapest call that shows whether address and key are right, for `aigw providers check`. `GET` and `POST` are paths
 * after the base URL, with the same names filled in as in `chatPath`; `chat` is a question of one word, answered in one
 * token, as the gateway itself would ask it of a target's model.
 */
export type ProviderCheck = (
  | {
      readonly call: 'GET'
      readonly path: string
      readonly headers?: Readonly<Record<string, string>>
      readonly models?: ModelList
    }
  | {
      readonly call: 'POST'
      readonly path: string
      /** JSON; `{model}` is filled in. */
      readonly body: string
      /** What is asked about when no target names a model; absent: nothing is asked then. */
      readonly model?: string
    }
  | { readonly call: 'chat' }
) & {
  /** What one check costs, in words. */
  readonly costs: string
  readonly source: { readonly url: string; readonly checked: string }
}

/** An address that depends on where the models run; `{region}` and `{project}` are filled in. */
export interface RegionalAddress {
  readonly origin: string
  /** Regions whose origin is another. */
  readonly origins?: Readonly<Record<string, string>>
  /** What comes after the origin, before the path of a call; '' for nothing. */
  readonly path: string
}

export interface Provider extends ChatWire {
  readonly id: ProviderId
  readonly title: string
  /** What the vendor's own SDK calls its base URL; null when only the operator can know it. */
  readonly baseUrl: string | null
  /** What stands for a base URL that is not given, where a region tells it. Absent: nothing does. */
  readonly regional?: RegionalAddress
  /** The provider as it is at base URLs that end in another way. Absent: it is the same at all of them. */
  readonly variants?: readonly { readonly baseUrlEnd: string; readonly provider: Provider }[]
  /** What a target's model names is a deployment of one, by a name of the operator's own. */
  readonly deploysModels?: true
  /** Models that are spoken to in another way than the rest; absent: none. */
  readonly modelWires?: readonly ModelWire[]
  /** How it is asked for embeddings: the first whose models match; absent: it has none. */
  readonly embeddings?: readonly EmbeddingsWire[]
  readonly auth: AuthScheme
  /** The environment variable the vendor's own tools read the key from; null when it needs none. */
  readonly keyVariable: string | null
  /** False when the key may be absent (a self-hosted server without one). */
  readonly keyRequired: boolean
  readonly deployment: Deployment
  readonly check: ProviderCheck
  /**
   * The vendor's own page on the facts above, and the day they were last checked: against that page, or against what
   * stands for it here (the vendor's client library, the recordings, the project's reference page).
   */
  readonly source: { readonly url: string; readonly checked: string }
}

/** The provider as it is at this address. */
export function providerAt(provider: Provider, baseUrl: string | undefined): Provider {
  if (baseUrl === undefined || provider.variants === undefined) return provider
  const address = baseUrl.replace(/\/+$/, '')
  return provider.variants.find(({ baseUrlEnd }) => address.endsWith(baseUrlEnd))?.provider ?? provider
}

/** How this model of the provider is spoken to; without a model, as most of them are. */
export function chatWireOf(provider: Provider, model: string | null): ChatWire {
  if (model === null) return provider
  return provider.modelWires?.find(({ modelPrefix }) => model.startsWith(modelPrefix)) ?? provider
}

/** How it is found out whether this model of the provider can be asked. */
export function checkOf(provider: Provider, model: string): ProviderCheck {
  const wire = provider.modelWires?.find(({ modelPrefix }) => model.startsWith(modelPrefix))
  return wire?.check ?? provider.check
}
