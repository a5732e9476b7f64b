/**
 * Google's two: `batchEmbedContents` of the Gemini API and `predict` of Vertex AI. Shapes: recorded. Limits: at most 100
 * requests in a batch (in its own words: https://github.com/geldata/gel/issues/9032); 250 texts, or one for the models
 * named gemini-embedding (https://cloud.google.com/vertex-ai/generative-ai/docs/embeddings/get-text-embeddings). Checked
 * 2026-11-24.
 */
import type { PlainReply } from '../exchange.ts'
import type { ChatRequest, Failure } from '../wire.ts'
import { type Embedded, type EmbeddingsReading, type Manner, fieldsOf, refuse, strangeField } from './manner.ts'

const taskTypes = [
  undefined,
  'TASK_TYPE_UNSPECIFIED',
  'RETRIEVAL_DOCUMENT',
  'RETRIEVAL_QUERY',
  'CLASSIFICATION',
  'CLUSTERING',
  'SEMANTIC_SIMILARITY',
  'QUESTION_ANSWERING',
  'FACT_VERIFICATION',
  'CODE_RETRIEVAL_QUERY',
]

const asksBatch = (path: string) => path.endsWith(':batchEmbedContents')
const asksPrediction = (path: string) => path.endsWith(':predict')

export const googleManner: Manner = {
  isEmbeddings: (path) => asksBatch(path) || asksPrediction(path),
  modelOf: ({ path }) => modelIn(path),
  read: (request) => (asksBatch(request.path) ? readBatch(request) : readPrediction(request)),
  answer: (embedded) => (asksBatch(embedded.path) ? answerBatch(embedded) : answerPrediction(embedded)),
  fail,
}

function modelIn(path: string): string {
  return decodeURIComponent(/\/models\/([^/:]+):/.exec(path)?.[1] ?? '')
}

function readBatch({ path, body }: ChatRequest): EmbeddingsReading {
  const model = modelIn(path)
  const { requests } = fieldsOf(body)
  if (!Array.isArray(requests) || requests.length === 0) return refuse('* BatchEmbedContentsRequest.requests: empty')
  if (requests.length > 100) {
    return refuse('* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch\n')
  }
  const inputs: string[] = []
  let dimensions: number | null = null
  for (const request of requests) {
    const fields = fieldsOf(request)
    const strange = strangeField(fields, ['model', 'content', 'taskType', 'title', 'outputDimensionality'])
    if (strange !== null) return refuse(`Invalid JSON payload received. Unknown name "${strange}": Cannot find field.`)
    if (fields['model'] !== `models/${model}`)
      return refuse('* BatchEmbedContentsRequest.requests[0].model: unexpected model name')
    if (!taskTypes.some((type) => type === fields['taskType'])) return refuse(`Invalid value at 'task_type'`)
    const { parts } = fieldsOf(fields['content'])
    const text = Array.isArray(parts) ? fieldsOf(parts[0])['text'] : undefined
    if (typeof text !== 'string') return refuse('* EmbedContentRequest.content: contents is not specified\n')
    inputs.push(text)
    if (typeof fields['outputDimensionality'] === 'number') dimensions = fields['outputDimensionality']
  }
  return { ask: { model, inputs, dimensions, base64: false } }
}

function answerBatch({ vectors }: Embedded): PlainReply {
  return { status: 200, body: JSON.stringify({ embeddings: vectors.map((values) => ({ values })) }) }
}

function readPrediction({ path, body }: ChatRequest): EmbeddingsReading {
  const model = modelIn(path)
  const { instances, parameters } = fieldsOf(body)
  if (!Array.isArray(instances) || instances.length === 0) return refuse('Empty instances.')
  const most = model.startsWith('gemini-embedding') ? 1 : 250
  if (instances.length > most) return refuse(`${instances.length} instance(s) is larger than the maximum of ${most}`)
  const inputs: string[] = []
  for (const instance of instances) {
    const fields = fieldsOf(instance)
    if (!taskTypes.some((type) => type === fields['task_type'])) return refuse('Invalid task_type')
    if (typeof fields['content'] !== 'string') return refuse('The text content is empty.')
    inputs.push(fields['content'])
  }
  const length = fieldsOf(parameters)['outputDimensionality']
  return { ask: { model, inputs, dimensions: typeof length === 'number' ? length : null, base64: false } }
}

function answerPrediction({ vectors, tokens, ask }: Embedded): PlainReply {
  const predictions = vectors.map((values, index) => ({
    embeddings: { values, statistics: { truncated: false, token_count: tokens[index] } },
  }))
  const billableCharacterCount = ask.inputs.join('').length
  return { status: 200, body: JSON.stringify({ predictions, metadata: { billableCharacterCount } }) }
}

function fail({ status, message }: Failure): PlainReply {
  const word = status === 429 ? 'RESOURCE_EXHAUSTED' : status >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT'
  return {
    status,
    body: JSON.stringify({ error: { code: status, message: message ?? `simulated ${status}`, status: word } }),
  }
}
