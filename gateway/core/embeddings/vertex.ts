/**
 * Vertex AI's `predict` for text embeddings. Recorded (request and reply). At most 250 texts, and one for the models
 * named `gemini-embedding`: https://cloud.google.com/vertex-ai/generative-ai/docs/embeddings/get-text-embeddings, checked
 * 2026-11-24. Too long a text is cut there without a word unless `autoTruncate` is false; callers who want that told can
 * send it.
 */
import type { EmbeddingsRequest } from '../../../schemas/index.ts'
import { countOf, recordOf } from '../chat/loose.ts'
import { answerFailure } from '../chat/wire-failure.ts'
import { dropped, exactly, refused } from '../dialects/losses.ts'
import { answerOf } from './answer.ts'
import { decodeEmbeddingsError, readReply } from './errors.ts'
import { textsOf } from './fields.ts'
import { readInputType } from './input-type.ts'
import type {
  DecodedEmbeddings,
  EmbeddingsContext,
  EmbeddingsLanguage,
  EmbeddingsReply,
  EmbeddingsTarget,
  WireEmbeddings,
} from './language.ts'

export const vertexPredict: EmbeddingsLanguage = {
  id: 'vertex-predict',
  losses: {
    'input[tokens]': refused('texts only: its tokens are its own'),
    dimensions: exactly('as `outputDimensionality`'),
    'encoding_format[base64]': exactly('made of the numbers, here'),
    user: dropped('no field of its request'),
    input_type: exactly('as `task_type`'),
  },
  foreign: new Set(['title', 'autoTruncate']),
  encode,
  decode,
  decodeError: decodeEmbeddingsError,
}

function encode(request: EmbeddingsRequest, { quirks }: EmbeddingsTarget): WireEmbeddings {
  const { input, dimensions, title, autoTruncate } = request
  const { inputType, lost } = readInputType(request.input_type, quirks)
  const instances = (textsOf(input) ?? []).map((content) => ({ content, task_type: inputType, title }))
  const parameters = { outputDimensionality: dimensions ?? undefined, autoTruncate }
  const hasParameters = Object.values(parameters).some((value) => value !== undefined)
  return { body: { instances, ...(hasParameters && { parameters }) }, lost }
}

function decode({ body }: EmbeddingsReply, context: EmbeddingsContext): DecodedEmbeddings {
  const read = readReply(body)
  if ('failure' in read) return read
  const { predictions } = read.reply
  if (!Array.isArray(predictions)) return { failure: answerFailure("the provider's answer holds no embeddings") }
  const embeddings = predictions.map((prediction) => recordOf(recordOf(prediction)?.['embeddings']))
  const vectors = embeddings.map((embedding) => embedding?.['values'])
  return answerOf({ vectors, inputTokens: sumOf(embeddings.map(tokensOf)), model: null }, context)
}

function tokensOf(embedding: Readonly<Record<string, unknown>> | null): number | null {
  return countOf(recordOf(embedding?.['statistics'])?.['token_count'])
}

/** Null when one of them is not known: half a sum would be taken for the whole. */
function sumOf(counts: readonly (number | null)[]): number | null {
  let sum = 0
  for (const count of counts) {
    if (count === null) return null
    sum += count
  }
  return sum
}
