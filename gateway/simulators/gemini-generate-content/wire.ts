/**
 * Google's `generateContent`, at the Gemini API's paths and at Vertex AI's; the model and whether the answer is streamed
 * stand in the path. Streams are server-sent events, with CRLF.
 */
import { createHash } from 'node:crypto'
import type { PlainReply } from '../exchange.ts'
import type { ChatRequest, OtherRequest, Reading, Stamp, Wire, Writer } from '../wire.ts'
import type { ContentAsk } from './ask.ts'
import { readAsk } from './ask.ts'
import { errorEvent, errorReply, failures, invalidKey } from './errors.ts'
import type { ReplyStamp } from './reply.ts'
import { garbageEvent, renderFrames, renderNothing, renderReply } from './reply.ts'
import { Refused } from './shape.ts'

export function geminiGenerateContent(): Wire {
  return {
    name: 'gemini-generate-content',
    basePath: '',
    streamType: 'text/event-stream',
    withoutFaults: [],
    failures,
    isChat: (path) => placeOf(path) !== null,
    modelOf: ({ path }) => placeOf(path)?.model,
    answerOther,
    read,
    fail: errorReply,
    missingModel,
  }
}

// ---- paths ----

interface Place {
  readonly model: string
  readonly stream: boolean
  readonly isVertex: boolean
}

const geminiPath = /^\/v1(?:beta|alpha)?\/models\/([^/:]+):(generateContent|streamGenerateContent)$/
const vertexPath =
  /^\/v1(?:beta1)?(?:\/projects\/[^/]+\/locations\/[^/]+)?\/publishers\/google\/models\/([^/:]+):(generateContent|streamGenerateContent)$/

function placeOf(path: string): Place | null {
  const isVertex = vertexPath.test(path)
  const [, model, method] = (isVertex ? vertexPath : geminiPath).exec(path) ?? []
  if (model === undefined) return null
  return { model: decodeURIComponent(model), stream: method === 'streamGenerateContent', isVertex }
}

function missingModel(model: string): PlainReply {
  const message = `models/${model} is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.`
  return errorReply({ status: 404, message })
}

// ---- requests ----

function read(request: ChatRequest, stamp: Stamp): Reading {
  const place = placeOf(request.path)
  if (place === null || request.method !== 'POST') return { reply: errorReply({ status: 404 }) }
  const refusal = place.isVertex ? vertexRefusal(request) : keyRefusal(request)
  if (refusal !== null) return { reply: refusal }
  if (request.body === undefined) {
    return { reply: errorReply({ status: 400, message: 'Invalid JSON payload received. Unexpected end of string.' }) }
  }
  const asksEvents = new URLSearchParams(request.query ?? '').get('alt') === 'sse'
  if (place.stream && !asksEvents) {
    // The real one streams a list then; nobody who could be tested here reads it.
    return { reply: errorReply({ status: 400, message: 'The simulator streams with alt=sse only.' }) }
  }
  try {
    const reading = readAsk(request.body, { ...place, seed: stamp.seed })
    return { ask: reading.ask, writer: writerFor(reading, place, stamp) }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { reply: errorReply({ status: 400, message: error.message }) }
  }
}

const noCaller =
  "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API."

/** A key in a header or in the address, or a token. */
function keyRefusal({ headers, query }: ChatRequest): PlainReply | null {
  if (headers.authorization !== undefined) return null
  const key = headers['x-goog-api-key'] ?? new URLSearchParams(query ?? '').get('key')
  if (key === undefined || key === null) return errorReply({ status: 403, message: noCaller })
  return key === '' ? invalidKey() : null
}

const noCredential =
  'Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.'

/** A token; without a project in the path a key will do. */
function vertexRefusal({ headers, path }: ChatRequest): PlainReply | null {
  const token = /^Bearer .+$/.test(headers.authorization ?? '')
  const key = !path.includes('/projects/') && headers['x-goog-api-key'] !== undefined
  return token || key ? null : errorReply({ status: 401, message: noCredential })
}

function writerFor({ ask, rules, tellsLogprobs }: ContentAsk, { isVertex }: Place, stamp: Stamp): Writer {
  const { key, seed, atMs } = stamp
  const id = createHash('sha256').update(key).digest('base64url').slice(0, 23)
  const thinks = ask.reasoning === 'asked'
  const mark: ReplyStamp = { id, model: ask.model, seed, atMs, rules, isVertex, thinks, tellsLogprobs }
  return {
    plain: (answer) => renderReply(answer, mark),
    stream: (answer) => renderFrames(answer, mark),
    empty: renderNothing(mark),
    errorFrame: errorEvent,
    garbage: garbageEvent,
  }
}

// ---- everything else ----

function answerOther({ method, path, headers, query, models, name }: OtherRequest): PlainReply {
  const [, version, one] = /^\/(v1(?:beta)?)\/models(?:\/([^/]+))?$/.exec(path) ?? []
  if (version === undefined || method !== 'GET') return errorReply({ status: 404 })
  const key = headers['x-goog-api-key'] ?? new URLSearchParams(query ?? '').get('key')
  if (key === undefined || key === null) return errorReply({ status: 403, message: noCaller })
  if (key === '') return invalidKey()
  const known = models ?? (one === undefined ? [`${name}-model`] : [decodeURIComponent(one)])
  const list = known.map((model) => ({
    name: `models/${model}`,
    version: '001',
    displayName: model,
    inputTokenLimit: 1_048_576,
    outputTokenLimit: 65_536,
    supportedGenerationMethods: ['generateContent', 'countTokens'],
  }))
  if (one === undefined) return { status: 200, body: JSON.stringify({ models: list }) }
  const found = list.find((model) => model.name === `models/${decodeURIComponent(one)}`)
  return found === undefined ? missingModel(one) : { status: 200, body: JSON.stringify(found) }
}
