/**
 * Ollama's `/api/embed`: https://docs.ollama.com/api/embed and its OpenAPI document, checked 2026-11-24; one reply is
 * recorded. Too long a text is cut without a word unless `truncate` is false; callers who want that told can send it.
 */
import type { EmbeddingsRequest } from '../../../schemas/index.ts'
import { countOf, textOf } from '../chat/loose.ts'
import { answerFailure } from '../chat/wire-failure.ts'
import { dropped, exact, exactly, refused } from '../dialects/losses.ts'
import { answerOf } from './answer.ts'
import { decodeEmbeddingsError, readReply } from './errors.ts'
import type {
  DecodedEmbeddings,
  EmbeddingsContext,
  EmbeddingsLanguage,
  EmbeddingsReply,
  EmbeddingsTarget,
  WireEmbeddings,
} from './language.ts'

export const ollamaEmbed: EmbeddingsLanguage = {
  id: 'ollama-embed',
  losses: {
    'input[tokens]': refused('texts only: its tokens are its own'),
    dimensions: exact,
    'encoding_format[base64]': exactly('made of the numbers, here'),
    user: dropped('no field of its request'),
    input_type: dropped('no field of its request'),
  },
  foreign: new Set(['truncate', 'keep_alive', 'options']),
  encode,
  decode,
  decodeError: decodeEmbeddingsError,
}

function encode(request: EmbeddingsRequest, { model }: EmbeddingsTarget): WireEmbeddings {
  const { encoding_format: _format, user: _user, input_type: _type, ...rest } = request
  return { body: { ...rest, model } }
}

function decode({ body }: EmbeddingsReply, context: EmbeddingsContext): DecodedEmbeddings {
  const read = readReply(body)
  if ('failure' in read) return read
  const { embeddings, prompt_eval_count: counted, model } = read.reply
  if (!Array.isArray(embeddings)) return { failure: answerFailure("the provider's answer holds no embeddings") }
  return answerOf({ vectors: embeddings, inputTokens: countOf(counted), model: textOf(model) }, context)
}
