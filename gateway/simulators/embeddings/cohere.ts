/**
 * Cohere's `/v2/embed`, and the same request through Bedrock's InvokeModel. Shapes: recorded; limits and required fields:
 * Cohere's own client (`V2EmbedRequest`), checked 2026-11-24. Wordings of refusals are near, not exact.
 */
import type { PlainReply } from '../exchange.ts'
import type { Failure } from '../wire.ts'
import {
  type Embedded,
  type EmbeddingsReading,
  type Fields,
  type Manner,
  fieldsOf,
  refuse,
  strangeField,
  sum,
  textsIn,
} from './manner.ts'

const inputTypes: ReadonlySet<string> = new Set(['search_document', 'search_query', 'classification', 'clustering'])
const mostTexts = 96

/** What both ways of asking have in common. */
export function readTexts(fields: Fields, model: string): EmbeddingsReading {
  const { texts, input_type: type, embedding_types: types, output_dimension: length = null } = fields
  const inputs = textsIn(texts)
  if (inputs === null || inputs.length === 0) return refuse('invalid request: texts must be provided')
  if (inputs.length > mostTexts) {
    return refuse(`invalid request: total number of texts must be at most ${mostTexts} - received ${inputs.length}`)
  }
  if (typeof type !== 'string' || !inputTypes.has(type)) {
    return refuse('invalid request: valid input_type must be provided with the provided model')
  }
  if (types !== undefined && !(Array.isArray(types) && types.length === 1 && types[0] === 'float')) {
    return refuse('only float embeddings are simulated')
  }
  if (length !== null && typeof length !== 'number') return refuse('invalid request: output_dimension must be a number')
  return { ask: { model, inputs, dimensions: length, base64: false } }
}

export function fail({ status, message }: Failure): PlainReply {
  return { status, body: JSON.stringify({ message: message ?? `simulated ${status}` }) }
}

export const cohereManner: Manner = {
  isEmbeddings: (path) => path.endsWith('/v2/embed'),
  modelOf: ({ body }) => fieldsOf(body)['model'],
  read({ body }) {
    const fields = fieldsOf(body)
    const known = ['model', 'texts', 'input_type', 'embedding_types', 'output_dimension', 'truncate', 'max_tokens']
    const strange = strangeField(fields, known)
    if (strange !== null) return refuse(`unknown field: parameter '${strange}' is not a valid field`, 422)
    const { model } = fields
    return typeof model === 'string' ? readTexts(fields, model) : refuse('invalid request: model must be provided')
  },
  answer({ ask, vectors, tokens }: Embedded, { key }) {
    const meta = { api_version: { version: '2' }, billed_units: { input_tokens: sum(tokens) } }
    const body = {
      id: key,
      texts: ask.inputs,
      embeddings: { float: vectors },
      meta,
      response_type: 'embeddings_by_type',
    }
    return { status: 200, body: JSON.stringify(body) }
  },
  fail,
}
