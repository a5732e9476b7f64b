/**
 * Gemini's `batchEmbedContents`. Recorded (request and reply); at most 100 requests in a batch, in the words of its own
 * refusal (https://github.com/geldata/gel/issues/9032). It counts no tokens; a count is read where one stands. Checked
 * 2026-11-24 against https://ai.google.dev/api/embeddings as its own client has it (`@google/genai`).
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

export const geminiEmbed: EmbeddingsLanguage = {
  id: 'gemini-embed',
  losses: {
    'input[tokens]': refused('texts only: its tokens are its own'),
    dimensions: exactly('as `outputDimensionality`'),
    'encoding_format[base64]': exactly('made of the numbers, here'),
    user: dropped('no field of its request'),
    input_type: exactly('as `taskType`'),
  },
  foreign: new Set(['title']),
  encode,
  decode,
  decodeError: decodeEmbeddingsError,
}

function encode(request: EmbeddingsRequest, { model, quirks }: EmbeddingsTarget): WireEmbeddings {
  const { input, dimensions, title } = request
  const { inputType, lost } = readInputType(request.input_type, quirks)
  const requests = (textsOf(input) ?? []).map((text) => ({
    model: `models/${model}`,
    content: { parts: [{ text }] },
    taskType: inputType,
    title,
    outputDimensionality: dimensions ?? undefined,
  }))
  return { body: { requests }, lost }
}

function decode({ body }: EmbeddingsReply, context: EmbeddingsContext): DecodedEmbeddings {
  const read = readReply(body)
  if ('failure' in read) return read
  const { embeddings, usageMetadata } = read.reply
  if (!Array.isArray(embeddings)) return { failure: answerFailure("the provider's answer holds no embeddings") }
  const vectors = embeddings.map((embedding) => recordOf(embedding)?.['values'])
  const inputTokens = countOf(recordOf(usageMetadata)?.['promptTokenCount'])
  return answerOf({ vectors, inputTokens, model: null }, context)
}
