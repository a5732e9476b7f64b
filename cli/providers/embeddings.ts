/** All there is to say of how a provider is asked for embeddings, gathered from its rows and its languages' tables. */
import type { Fidelity } from '../../gateway/core/dialects/losses.ts'
import { type EmbeddingsField, embeddingsFields } from '../../gateway/core/embeddings/fields.ts'
import { embeddingsLossTableOf, embeddingsRowsOf } from '../../gateway/core/embeddings/index.ts'
import { type EmbeddingsWire, embeddingsWireOf } from '../../gateway/core/embeddings/wire.ts'
import type { Provider } from '../../gateway/core/providers/provider.ts'

/** How a provider, or some models of it, is asked for embeddings. */
export interface EmbeddingsDescription {
  readonly language: EmbeddingsWire['language']
  readonly path: string
  /** Which models, in words; null: any. */
  readonly models: string | null
  /** null: no number is known. */
  readonly maxInputs: number | null
  /** One for each part of a request. */
  readonly rows: readonly EmbeddingsRow[]
  /** Top-level fields OpenAI does not have that are passed on. */
  readonly foreign: 'all' | readonly string[]
  readonly source: Provider['source']
}

export interface EmbeddingsRow {
  readonly part: EmbeddingsField
  readonly fidelity: Fidelity
  /** Half a sentence; empty where it is obvious. */
  readonly how: string
}

/** Without a model: of all of them. Empty: it has none. */
export function describeEmbeddings(provider: Provider, model: string | null): EmbeddingsDescription[] {
  if (model === null) return (provider.embeddings ?? []).map(describeWire)
  const wire = embeddingsWireOf(provider, model)
  return wire === null ? [] : [describeWire(wire)]
}

function describeWire(wire: EmbeddingsWire): EmbeddingsDescription {
  const rows = embeddingsRowsOf(wire)
  const { foreign } = embeddingsLossTableOf(wire)
  return {
    language: wire.language,
    path: wire.path,
    models: wire.models?.words ?? null,
    maxInputs: wire.maxInputs ?? null,
    rows: embeddingsFields.map((part) => ({ part, fidelity: rows[part].fidelity, how: rows[part].how })),
    foreign: foreign === 'all' ? 'all' : [...foreign].toSorted(),
    source: wire.source,
  }
}
