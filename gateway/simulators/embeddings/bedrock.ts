/**
 * Embeddings through Bedrock's InvokeModel: the body is the model's own. Shapes and limits:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html and
 * model-parameters-embed.html; the header with the count: https://github.com/vercel/ai/pull/15973. Checked 2026-11-24.
 */
import { fail, readTexts } from './cohere.ts'
import { type Manner, fieldsOf, refuse, strangeField, sum } from './manner.ts'

function modelIn(path: string): string {
  return decodeURIComponent(/\/model\/([^/]+)\/invoke$/.exec(path)?.[1] ?? '')
}

function isCohere(model: string): boolean {
  return model.includes('cohere.embed')
}

export const bedrockManner: Manner = {
  isEmbeddings: (path) => /\/model\/[^/]+\/invoke$/.test(path),
  modelOf: ({ path }) => modelIn(path),
  read({ path, body }) {
    const model = modelIn(path)
    const fields = fieldsOf(body)
    if (isCohere(model)) {
      const known = ['texts', 'input_type', 'embedding_types', 'output_dimension', 'truncate', 'max_tokens']
      const strange = strangeField(fields, known)
      return strange === null
        ? readTexts(fields, model)
        : refuse(`Malformed input request: #: extraneous key [${strange}]`)
    }
    const strange = strangeField(fields, ['inputText', 'dimensions', 'normalize', 'embeddingTypes'])
    if (strange !== null) return refuse(`Malformed input request: #: extraneous key [${strange}] is not permitted`)
    const { inputText, dimensions = null } = fields
    if (typeof inputText !== 'string' || inputText === '')
      return refuse('Malformed input request: expected minLength: 1')
    if (dimensions !== null && typeof dimensions !== 'number') return refuse('Malformed input request: dimensions')
    return { ask: { model, inputs: [inputText], dimensions, base64: false } }
  },
  answer({ ask, vectors, tokens }, { key }) {
    const headers = { 'x-amzn-bedrock-input-token-count': String(sum(tokens)) }
    const body = isCohere(ask.model)
      ? { id: key, texts: ask.inputs, embeddings: { float: vectors }, response_type: 'embeddings_by_type' }
      : { embedding: vectors[0], embeddingsByType: { float: vectors[0] }, inputTextTokenCount: sum(tokens) }
    return { status: 200, headers, body: JSON.stringify(body) }
  },
  fail(failure) {
    const type = failure.status === 429 ? 'ThrottlingException' : 'ValidationException'
    return { ...fail(failure), headers: { 'x-amzn-errortype': type } }
  },
}
