/**
 * All there is to say of a provider, gathered from the registry, its language and its loss table. The same value is shown
 * by `aigw providers` and written to `docs/providers/`.
 */
import type { ProviderId } from '../../schemas/index.ts'
import { type RequestField, isRequestField } from '../../gateway/core/chat/request-fields.ts'
import type { Dialect } from '../../gateway/core/dialects/dialect.ts'
import { dialects } from '../../gateway/core/dialects/index.ts'
import type { Fidelity, Loss, OwnLosses } from '../../gateway/core/dialects/losses.ts'
import { rowsOf } from '../../gateway/core/dialects/losses.ts'
import { findUnavailable } from '../../gateway/core/manifest/unavailable.ts'
import { providers } from '../../gateway/core/providers/index.ts'
import type { AuthScheme, ChatWire, ModelWire, Provider, ProviderCheck } from '../../gateway/core/providers/provider.ts'
import { chatWireOf, checkOf } from '../../gateway/core/providers/provider.ts'
import { type Recordings, recordingsOf } from '../../gateway/core/providers/recordings.ts'
import { rowsByModel } from './by-model.ts'
import { tellDifferences } from './differences.ts'
import { type EmbeddingsDescription, describeEmbeddings } from './embeddings.ts'
import { type PartGroup, groupOf, partGroups } from './parts.ts'

export interface LossRow {
  readonly part: RequestField
  readonly fidelity: Fidelity
  /** Half a sentence; empty where it is obvious. */
  readonly how: string
  /** Only values above this one are affected; null: all are. */
  readonly above: number | null
  /** `provider`: it does otherwise than others of its language; `model`: this model does. */
  readonly from: 'language' | 'provider' | 'model'
}

/** A row that is other for some models. */
export interface ModelLossRow extends LossRow {
  readonly models: readonly string[]
}

export interface LossGroup {
  readonly title: PartGroup
  readonly rows: readonly LossRow[]
}

/** Models that are spoken to in another way than the rest. */
export interface OtherWire extends Pick<ChatWire, 'chatPath'> {
  /** What their names begin with. */
  readonly modelPrefix: string
  readonly dialect: NonNullable<ChatWire['dialect']>
  /** null: the same as `chatPath`. */
  readonly streamPath: string | null
}

export interface ProviderDescription {
  readonly id: ProviderId
  readonly title: string
  /** null: no chat. */
  readonly dialect: Provider['dialect']
  readonly deployment: Provider['deployment']
  readonly baseUrl: string | null
  /** What stands for a base URL of its own, with `{region}` and `{project}` in it; null: nothing does. */
  readonly regionalUrl: string | null
  readonly chatPath: string
  /** null: the same as `chatPath`. */
  readonly streamPath: string | null
  /** Empty where a model is given: then all of this is about its wire. */
  readonly otherWires: readonly OtherWire[]
  readonly check: ProviderCheck
  readonly keyVariable: string | null
  readonly keyRequired: boolean
  /** How the key, or what stands for it, travels: half a sentence. */
  readonly authentication: string
  readonly source: Provider['source']
  readonly recordings: Recordings
  /** Empty: it has none. */
  readonly embeddings: readonly EmbeddingsDescription[]
  /** null: this version serves it; otherwise one sentence why it does not. */
  readonly unavailable: string | null
  readonly differences: readonly string[]
  /** Every part of a request; null where this version does not speak the language. */
  readonly losses: readonly LossGroup[] | null
  /** The model that `losses` are for; null: for those that have no row of their own. */
  readonly model: string | null
  /** Rows of `losses` that are other for some models; empty where a model is given. */
  readonly byModel: readonly ModelLossRow[]
  /** Top-level fields OpenAI does not have that are passed on. */
  readonly foreign: 'all' | readonly string[]
}

export function describeProviders(): ProviderDescription[] {
  return Object.values(providers).map((provider) => describeProvider(provider))
}

/** Without a model: of most of its models, what differs between them, and which are spoken to in another language. */
export function describeProvider(provider: Provider, model: string | null = null): ProviderDescription {
  const wire = chatWireOf(provider, model)
  const dialect = wire.dialect === null ? undefined : dialects[wire.dialect]
  const { foreign = 'all' } = dialect ?? {}
  const own = wire.quirks.losses ?? {}
  const ofModel = model === null ? {} : (dialect?.modelLosses?.(model) ?? {})
  return {
    id: provider.id,
    title: provider.title,
    dialect: wire.dialect,
    deployment: provider.deployment,
    baseUrl: provider.baseUrl,
    regionalUrl: provider.regional === undefined ? null : provider.regional.origin + provider.regional.path,
    chatPath: wire.chatPath,
    streamPath: wire.streamPath ?? null,
    otherWires: model === null ? (provider.modelWires ?? []).map(otherWireOf) : [],
    check: model === null ? provider.check : checkOf(provider, model),
    keyVariable: provider.keyVariable,
    keyRequired: provider.keyRequired,
    authentication: tellAuthentication(provider.auth, provider.keyRequired),
    source: provider.source,
    // They are of what a provider is mostly asked for.
    recordings: wire === provider ? recordingsOf(provider.id) : 'none',
    embeddings: describeEmbeddings(provider, model),
    unavailable: reasonUnavailable(provider, model),
    differences: tellDifferences(wire.quirks),
    losses: dialect === undefined ? null : groupRows(rowsOf(dialect, { ...ofModel, ...own }), { own, ofModel }),
    model,
    byModel: dialect === undefined || model !== null ? [] : modelRows(dialect, own),
    foreign: foreign === 'all' ? 'all' : [...foreign].toSorted(),
  }
}

function otherWireOf({ modelPrefix, dialect, chatPath, streamPath }: ModelWire): OtherWire {
  return { modelPrefix, dialect, chatPath, streamPath: streamPath ?? null }
}

interface Origins {
  readonly own: OwnLosses
  readonly ofModel: OwnLosses
}

function groupRows(rows: Readonly<Record<RequestField, Loss>>, { own, ofModel }: Origins): LossGroup[] {
  const origin = (part: RequestField) => {
    if (own[part] !== undefined) return 'provider'
    return ofModel[part] === undefined ? 'language' : 'model'
  }
  return partGroups.map((title) => ({
    title,
    rows: parts
      .filter((part) => groupOf[part] === title)
      .map((part) => ({ ...rowOf(part, rows[part]), from: origin(part) })),
  }))
}

const parts = Object.keys(groupOf).filter(isRequestField)

function rowOf(part: RequestField, { fidelity, how, above }: Loss): Omit<LossRow, 'from'> {
  return { part, fidelity, how, above: above ?? null }
}

/** A provider's own row holds whatever the model. */
function modelRows(dialect: Dialect, own: OwnLosses): ModelLossRow[] {
  return rowsByModel(dialect)
    .filter(({ part }) => own[part] === undefined)
    .map(({ part, loss, models }) => ({ ...rowOf(part, loss), from: 'model' as const, models }))
    .toSorted((left, right) => parts.indexOf(left.part) - parts.indexOf(right.part))
}

/** Asked of the rule by which a gateway refuses to load a manifest, so that the two cannot differ. */
function reasonUnavailable(provider: Provider, asked: string | null): string | null {
  const { id } = provider
  const model = asked ?? 'any'
  const targets = [{ provider: id, model }]
  const [finding] = findUnavailable({ ai_routes: [{ name: 'any', match: { model: 'any' }, targets }] })
  return finding === undefined ? null : `${finding.message}.`
}

function tellAuthentication(auth: AuthScheme, keyRequired: boolean): string {
  const condition = keyRequired ? '' : ', where it asks for one'
  switch (auth.scheme) {
    case 'bearer':
      return `as \`authorization: Bearer\`${condition}`
    case 'header':
      return `in the header \`${auth.name}\`${condition}`
    case 'sigv4':
      return 'or AWS credentials, by which each request is signed'
    case 'gcp-oauth':
      return 'or what its surroundings give, for an access token'
    case 'none':
      return 'no key is sent'
    default:
      return auth satisfies never
  }
}
