/**
 * Amazon's Titan text embeddings through InvokeModel: one text a request. Facts, checked 2026-11-24:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html (`inputText`, `dimensions`
 * and `normalize` from version 2 on, `embedding` and `inputTextTokenCount` in the reply). Not recorded.
 */
import type { EmbeddingsRequest } from '../../../schemas/index.ts'
import { countOf } from '../chat/loose.ts'
import { dropped, exact, exactly, refused } from '../dialects/losses.ts'
import { answerOf, countOfText } from './answer.ts'
import { decodeEmbeddingsError, readReply } from './errors.ts'
import { textsOf } from './fields.ts'
import type {
  DecodedEmbeddings,
  EmbeddingsContext,
  EmbeddingsLanguage,
  EmbeddingsReply,
  WireEmbeddings,
} from './language.ts'

export const titanEmbedInvoke: EmbeddingsLanguage = {
  id: 'titan-embed-invoke',
  losses: {
    'input[tokens]': refused('texts only: its tokens are its own'),
    dimensions: exact,
    'encoding_format[base64]': exactly('made of the numbers, here'),
    user: dropped('no field of its request'),
    input_type: dropped('its models embed documents and queries alike'),
  },
  foreign: new Set(['normalize']),
  encode,
  decode,
  decodeError: decodeEmbeddingsError,
}

function encode(request: EmbeddingsRequest): WireEmbeddings {
  const { input, dimensions, normalize } = request
  const [inputText] = textsOf(input) ?? []
  return { body: { inputText, dimensions: dimensions ?? undefined, normalize } }
}

function decode({ body, headers }: EmbeddingsReply, context: EmbeddingsContext): DecodedEmbeddings {
  const read = readReply(body)
  if ('failure' in read) return read
  const { embedding, inputTextTokenCount } = read.reply
  const inputTokens = countOf(inputTextTokenCount) ?? countOfText(headers['x-amzn-bedrock-input-token-count'])
  return answerOf({ vectors: [embedding], inputTokens, model: null }, context)
}
