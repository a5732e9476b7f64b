/**
 * Cohere's embed API, version 2, and the same request as Bedrock's InvokeModel takes it (texts, `input_type` and
 * `embedding_types` alike; without a model, the token count in a header). Facts: recordings; Cohere's own client
 * (`V2EmbedRequest`: at most 96 texts, `input_type` required from v3 models on, `output_dimension` from v4 on);
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html; the header as vercel/ai#15973 and
 * langchain4j#5057 report it. All checked 2026-11-24.
 */
import type { EmbeddingsRequest } from '../../../schemas/index.ts'
import { countOf, recordOf } from '../chat/loose.ts'
import { answerFailure } from '../chat/wire-failure.ts'
import { dropped, exact, exactly, refused } from '../dialects/losses.ts'
import { answerOf, countOfText } from './answer.ts'
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

const losses: EmbeddingsLanguage['losses'] = {
  'input[tokens]': refused('texts only: its tokens are its own'),
  dimensions: exactly('as `output_dimension`'),
  'encoding_format[base64]': exactly('made of the numbers, here'),
  user: dropped('no field of its request'),
  input_type: exact,
}

export const cohereEmbed: EmbeddingsLanguage = {
  id: 'cohere-embed',
  losses,
  foreign: new Set(['truncate', 'max_tokens', 'priority']),
  encode,
  decode: (reply, context) => decode(reply, context, billedTokens),
  decodeError: decodeEmbeddingsError,
}

export const cohereEmbedInvoke: EmbeddingsLanguage = {
  ...cohereEmbed,
  id: 'cohere-embed-invoke',
  foreign: new Set(['truncate', 'max_tokens']),
  decode: (reply, context) => decode(reply, context, headerTokens),
}

// ---- request ----

function encode(request: EmbeddingsRequest, { model, quirks }: EmbeddingsTarget): WireEmbeddings {
  const { inputType, lost } = readInputType(request.input_type, quirks)
  const {
    input,
    dimensions,
    user: _user,
    encoding_format: _format,
    input_type: _said,
    model: _asked,
    ...rest
  } = request
  const body = {
    ...(quirks.modelInPath !== true && { model }),
    input_type: inputType,
    embedding_types: ['float'],
    output_dimension: dimensions ?? undefined,
    texts: textsOf(input),
    ...rest,
  }
  return { body, lost }
}

// ---- reply ----

type CountTokens = (reply: EmbeddingsReply, value: Readonly<Record<string, unknown>>) => number | null

function decode(reply: EmbeddingsReply, context: EmbeddingsContext, countTokens: CountTokens): DecodedEmbeddings {
  const read = readReply(reply.body)
  if ('failure' in read) return read
  const { embeddings } = read.reply
  // Where only one type can be meant, the list may stand without its name.
  const vectors = Array.isArray(embeddings) ? embeddings : recordOf(embeddings)?.['float']
  if (!Array.isArray(vectors)) return { failure: answerFailure("the provider's answer holds no embeddings") }
  return answerOf({ vectors, inputTokens: countTokens(reply, read.reply), model: null }, context)
}

/** What is billed; no other count is given. */
const billedTokens: CountTokens = (_reply, { meta }) =>
  countOf(recordOf(recordOf(meta)?.['billed_units'])?.['input_tokens'])

const headerTokens: CountTokens = ({ headers }) => countOfText(headers['x-amzn-bedrock-input-token-count'])
