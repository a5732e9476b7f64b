/**
 * OpenAI's embeddings, and what two vendors who speak the same make of them. Refusals: OpenAI's of lengths for older
 * models and its envelope are recorded with other requests; Mistral's 422 for fields it does not know is recorded with
 * chat; Voyage's fields and limits are those of its API reference (https://docs.voyageai.com/reference/embeddings-api,
 * checked 2026-11-24), its wording is not known.
 */
import type { PlainReply } from '../exchange.ts'
import type { ChatRequest, Failure, Stamp } from '../wire.ts'
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
import { packed } from './vectors.ts'

interface Variant {
  readonly known: readonly string[]
  readonly lengthField: string
  readonly mostInputs: number | null
  readonly takesTokens: boolean
  readonly formats: readonly unknown[]
  readonly strange: (name: string) => Failure
  /** null: nothing else is looked at. */
  readonly judge: (fields: Fields) => string | null
  readonly usage: (tokens: number) => object
  /** Does an answer have an id? */
  readonly identified: boolean
  readonly fail: (failure: Failure) => PlainReply
}

function mannerOf(variant: Variant): Manner {
  return {
    isEmbeddings: (path) => path.endsWith('/embeddings'),
    modelOf: (request) => fieldsOf(request.body)['model'] ?? deploymentOf(request),
    read: (request) => read(request, variant),
    answer: (embedded, stamp) => answer(embedded, stamp, variant),
    fail: variant.fail,
  }
}

function deploymentOf({ path }: ChatRequest): string | undefined {
  const name = /\/openai\/deployments\/([^/]+)\//.exec(path)?.[1]
  return name === undefined ? undefined : decodeURIComponent(name)
}

function read(request: ChatRequest, variant: Variant): EmbeddingsReading {
  const fields = fieldsOf(request.body)
  const { input, encoding_format: format } = fields
  const model = fields['model'] ?? deploymentOf(request)
  const strange = strangeField(fields, variant.known)
  if (strange !== null) return { refused: variant.strange(strange) }
  if (typeof model !== 'string') return refuse('you must provide a model parameter')
  const inputs = readInput(input, variant)
  if (inputs === null) return refuse("'$.input' is invalid. Please check the API reference.")
  if (variant.mostInputs !== null && inputs.length > variant.mostInputs) {
    return refuse(`'$.input' is invalid: at most ${variant.mostInputs} inputs, found ${inputs.length}`)
  }
  if (!variant.formats.includes(format ?? null)) return refuse(`'${String(format)}' is not one of the formats`)
  const length = fields[variant.lengthField] ?? null
  if (length !== null && (typeof length !== 'number' || length < 1)) return refuse(`${variant.lengthField} is invalid`)
  if (length !== null && model.includes('ada-002')) return refuse('This model does not support specifying dimensions.')
  const problem = variant.judge(fields)
  if (problem !== null) return refuse(problem)
  return { ask: { model, inputs, dimensions: length, base64: format === 'base64' } }
}

function readInput(input: unknown, { takesTokens }: Variant): string[] | null {
  if (typeof input === 'string') return input === '' ? null : [input]
  if (!Array.isArray(input) || input.length === 0) return null
  const texts = textsIn(input)
  if (texts !== null) return texts.includes('') ? null : texts
  if (!takesTokens) return null
  if (input.every((item) => typeof item === 'number')) return [JSON.stringify(input)]
  const lists = input.every((item) => Array.isArray(item) && item.every((token) => typeof token === 'number'))
  return lists ? input.map((item) => JSON.stringify(item)) : null
}

function answer({ ask, vectors, tokens }: Embedded, { key }: Stamp, { usage, identified }: Variant): PlainReply {
  const data = vectors.map((vector, index) => ({
    object: 'embedding',
    index,
    embedding: ask.base64 ? packed(vector) : vector,
  }))
  const id = identified ? { id: key } : {}
  return {
    status: 200,
    body: JSON.stringify({ ...id, object: 'list', data, model: ask.model, usage: usage(sum(tokens)) }),
  }
}

function openaiError({ status, code, message }: Failure): PlainReply {
  const type = status === 429 ? 'rate_limit_error' : status >= 500 ? 'server_error' : 'invalid_request_error'
  const error = { message: message ?? `simulated ${status}`, type, param: null, code: code ?? null }
  return { status, body: JSON.stringify({ error }) }
}

export const openaiManner = mannerOf({
  known: ['model', 'input', 'encoding_format', 'dimensions', 'user'],
  lengthField: 'dimensions',
  mostInputs: 2048,
  takesTokens: true,
  formats: [null, 'float', 'base64'],
  strange: (name) => ({ status: 400, message: `Unrecognized request argument supplied: ${name}` }),
  judge: () => null,
  identified: false,
  usage: (tokens) => ({ prompt_tokens: tokens, total_tokens: tokens }),
  fail: openaiError,
})

export const mistralManner = mannerOf({
  known: ['model', 'input', 'encoding_format', 'output_dimension', 'output_dtype', 'metadata'],
  lengthField: 'output_dimension',
  mostInputs: null,
  takesTokens: false,
  formats: [null, 'float', 'base64'],
  strange: (name) => ({ status: 422, message: name }),
  judge: () => null,
  identified: true,
  usage: (tokens) => ({ prompt_tokens: tokens, total_tokens: tokens, completion_tokens: 0 }),
  fail: ({ status, message }) => ({
    status,
    body: JSON.stringify(
      status === 422
        ? { detail: [{ type: 'extra_forbidden', loc: ['body', message], msg: 'Extra inputs are not permitted' }] }
        : { object: 'error', message: message ?? `simulated ${status}`, type: 'error', param: null, code: null },
    ),
  }),
})

export const voyageManner = mannerOf({
  known: ['model', 'input', 'input_type', 'truncation', 'encoding_format', 'output_dimension', 'output_dtype'],
  lengthField: 'output_dimension',
  mostInputs: 1000,
  takesTokens: false,
  formats: [null, 'base64'],
  strange: (name) => ({ status: 400, message: `Argument '${name}' is not supported by our API.` }),
  judge({ input_type: type }) {
    const known = type === undefined || type === null || type === 'query' || type === 'document'
    return known ? null : `Value ${JSON.stringify(type)} provided for argument 'input_type' is not valid.`
  },
  identified: false,
  usage: (tokens) => ({ total_tokens: tokens }),
  fail: ({ status, message }) => ({ status, body: JSON.stringify({ detail: message ?? `simulated ${status}` }) }),
})
