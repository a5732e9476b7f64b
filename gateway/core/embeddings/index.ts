/** The registry of embeddings languages, and the loss table of a provider's way of speaking one. */
import type { LossTable } from '../dialects/losses.ts'
import { cohereEmbed, cohereEmbedInvoke } from './cohere.ts'
import { isEmbeddingsField } from './fields.ts'
import { geminiEmbed } from './gemini.ts'
import type { EmbeddingsLanguage } from './language.ts'
import { ollamaEmbed } from './ollama.ts'
import { openaiEmbeddings } from './openai.ts'
import { titanEmbedInvoke } from './titan.ts'
import { vertexPredict } from './vertex.ts'
import type { EmbeddingsLanguageId, EmbeddingsWire } from './wire.ts'

export const embeddingsLanguages: Readonly<Record<EmbeddingsLanguageId, EmbeddingsLanguage>> = {
  'openai-embeddings': openaiEmbeddings,
  'cohere-embed': cohereEmbed,
  'cohere-embed-invoke': cohereEmbedInvoke,
  'titan-embed-invoke': titanEmbedInvoke,
  'gemini-embed': geminiEmbed,
  'vertex-predict': vertexPredict,
  'ollama-embed': ollamaEmbed,
}

/** One row for every part of the request. A provider's own rows stand before those of its language. */
export function embeddingsRowsOf({ language, quirks }: EmbeddingsWire): EmbeddingsLanguage['losses'] {
  return { ...embeddingsLanguages[language].losses, ...quirks.losses }
}

/** By the wire, so that a thousand targets need not hold a thousand of them. */
const lossTables = new WeakMap<EmbeddingsWire, LossTable>()

export function embeddingsLossTableOf(wire: EmbeddingsWire): LossTable {
  const known = lossTables.get(wire)
  if (known !== undefined) return known
  const rows = Object.entries(embeddingsRowsOf(wire)).filter(([, { fidelity }]) => fidelity !== 'exact')
  const removed = rows.filter(([, { fidelity }]) => fidelity !== 'approximated').map(([field]) => field)
  const { foreign } = embeddingsLanguages[wire.language]
  const table: LossTable = {
    rows: new Map(rows),
    removed: new Set(removed),
    foreign: wire.quirks.foreign === undefined ? foreign : new Set(wire.quirks.foreign),
    isPart: isEmbeddingsField,
  }
  lossTables.set(wire, table)
  return table
}
