/**
 * What texts are embedded for. OpenAI's request has no word for it and half of the providers ask, each in its own words,
 * so there is one set of words here that means the same at every target: `document` and `query` for search, and
 * `classification` and `clustering`. A vendor's own word is understood too, so that a caller who knows only one vendor
 * is not answered in another sense by the next target.
 */
import type { EmbeddingsQuirks } from './wire.ts'

/** Words of vendors (of their API references and client libraries, checked 2026-11-24), in lower case, to ours. */
const meanings: Readonly<Record<string, string>> = {
  search_document: 'document',
  retrieval_document: 'document',
  passage: 'document',
  search_query: 'query',
  retrieval_query: 'query',
}

/** The word for this provider; null when it has none for it. */
export function inputTypeFor(written: string, { inputTypes = {}, inputTypesClosed }: EmbeddingsQuirks): string | null {
  const lower = written.toLowerCase()
  const word = Object.hasOwn(meanings, lower) ? (meanings[lower] ?? lower) : lower
  const own = Object.hasOwn(inputTypes, word) ? inputTypes[word] : undefined
  if (own !== undefined) return own
  if (Object.values(inputTypes).includes(written)) return written
  return inputTypesClosed === true ? null : written
}

/** The provider's word for what the caller said, or for what has to be said where nothing was; and what was lost. */
export function readInputType(
  said: unknown,
  quirks: EmbeddingsQuirks,
): { readonly inputType: string | undefined; readonly lost: readonly string[] } {
  const given = typeof said === 'string' && said !== '' ? inputTypeFor(said, quirks) : undefined
  const fallback = quirks.inputType === undefined ? undefined : (inputTypeFor(quirks.inputType, quirks) ?? undefined)
  return given === null ? { inputType: fallback, lost: ['input_type'] } : { inputType: given ?? fallback, lost: [] }
}

/** Google's words (`TaskType` of https://ai.google.dev/api/embeddings, checked 2026-11-24). */
export const taskTypes: Readonly<Record<string, string>> = {
  document: 'RETRIEVAL_DOCUMENT',
  query: 'RETRIEVAL_QUERY',
  classification: 'CLASSIFICATION',
  clustering: 'CLUSTERING',
  semantic_similarity: 'SEMANTIC_SIMILARITY',
  question_answering: 'QUESTION_ANSWERING',
  fact_verification: 'FACT_VERIFICATION',
  code_retrieval_query: 'CODE_RETRIEVAL_QUERY',
}

/** Cohere's words (`EmbedInputType` of its own client, checked 2026-11-24), wherever its models run. */
export const searchTypes: Readonly<Record<string, string>> = {
  document: 'search_document',
  query: 'search_query',
  classification: 'classification',
  clustering: 'clustering',
}
