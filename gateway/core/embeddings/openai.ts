/**
 * OpenAI's own embeddings language, and what those who speak it make of it. Recorded from OpenAI, Azure, Mistral,
 * OpenRouter and Voyage; checked 2026-11-24. A reply may name its entries' places in any order, and may count tokens as
 * `prompt_tokens` or only as `total_tokens`.
 */
import type { EmbeddingsRequest } from '../../../schemas/index.ts'
import { countOf, isRecord, recordOf, textOf } from '../chat/loose.ts'
import { answerFailure } from '../chat/wire-failure.ts'
import { dropped, exact } from '../dialects/losses.ts'
import { answerOf } from './answer.ts'
import { decodeEmbeddingsError, readReply } from './errors.ts'
import { readInputType } from './input-type.ts'
import type {
  DecodedEmbeddings,
  EmbeddingsContext,
  EmbeddingsLanguage,
  EmbeddingsReply,
  EmbeddingsTarget,
  WireEmbeddings,
} from './language.ts'

export const openaiEmbeddings: EmbeddingsLanguage = {
  id: 'openai-embeddings',
  losses: {
    'input[tokens]': exact,
    dimensions: exact,
    'encoding_format[base64]': exact,
    user: exact,
    input_type: dropped('no field of its request'),
  },
  foreign: 'all',
  encode,
  decode,
  decodeError: decodeEmbeddingsError,
}

// ---- request ----

/** Fields nobody here knows pass through, so that a caller can use what a provider has and OpenAI has not. */
function encode(request: EmbeddingsRequest, { model, quirks }: EmbeddingsTarget): WireEmbeddings {
  const body: Record<string, unknown> = { ...request, model }
  const { inputType, lost } = readInputType(request.input_type, quirks)
  body['input_type'] = inputType
  // Numbers are what everyone sends unasked, and one or two refuse the word for it.
  body['encoding_format'] = quirks.signedBytes ?? (asksForBase64(request, quirks) ? 'base64' : undefined)
  for (const [from, to] of Object.entries(quirks.renames ?? {})) {
    body[to] = body[from] ?? body[to]
    body[from] = undefined
  }
  if (quirks.modelInPath === true) body['model'] = undefined
  return { body, lost }
}

function asksForBase64(request: EmbeddingsRequest, quirks: EmbeddingsTarget['quirks']): boolean {
  return request.encoding_format === 'base64' && quirks.floatsOnly !== true
}

// ---- reply ----

function decode({ body }: EmbeddingsReply, context: EmbeddingsContext): DecodedEmbeddings {
  const read = readReply(body)
  if ('failure' in read) return read
  const { data, usage, model } = read.reply
  if (!Array.isArray(data)) return { failure: answerFailure("the provider's answer holds no embeddings") }
  const vectors = inOrder(data)
  if (vectors === null) return { failure: answerFailure("the provider's embeddings are numbered twice, or wrongly") }
  const counted = recordOf(usage)
  const inputTokens = countOf(counted?.['prompt_tokens']) ?? countOf(counted?.['total_tokens'])
  return answerOf({ vectors, inputTokens, model: textOf(model) }, context)
}

/**
 * By the place each entry names, or where it stands when it names none. Null: two have one place, or one has none, or
 * names it in a way that nobody here can read: guessing would give a text the vector of another.
 */
function inOrder(entries: readonly unknown[]): unknown[] | null {
  const vectors = new Map<number, unknown>()
  for (const [position, entry] of entries.entries()) {
    if (!isRecord(entry)) return null
    const place = countOf(entry['index'] ?? position)
    if (place === null || place >= entries.length || vectors.has(place)) return null
    vectors.set(place, entry['embedding'])
  }
  return entries.map((_, place) => vectors.get(place))
}
