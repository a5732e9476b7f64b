/** Anthropic's Messages API: `POST /v1/messages` under the origin, and its list of models. */
import type { ChatRequest, Failure, Reading, Stamp, Wire, Writer } from '../wire.ts'
import { modelInBody } from '../wire.ts'
import type { MessagesAsk } from './ask.ts'
import { readAsk } from './ask.ts'
import { errorReply, failures } from './errors.ts'
import type { MessageStamp } from './message.ts'
import { longId, renderEmptyMessage, renderMessage } from './message.ts'
import type { Version } from './request.ts'
import { versions } from './request.ts'
import { Refused } from './shape.ts'
import { garbageEvent, renderEmptyStream, renderErrorEvent, renderFrames } from './stream.ts'

const chatPath = '/v1/messages'
const modelsPath = '/v1/models'

export function anthropicMessages(): Wire {
  const cached = new Set<number>()
  return {
    name: 'anthropic-messages',
    basePath: '',
    streamType: 'text/event-stream; charset=utf-8',
    withoutFaults: [],
    failures,
    isChat: (path) => path === chatPath,
    modelOf: modelInBody,
    answerOther({ method, path, models, name }, stamp) {
      const requestId = requestIdOf(stamp)
      if (path !== modelsPath || method !== 'GET') return errorReply({ status: 404 }, requestId)
      const data = (models ?? [`${name}-model`]).map((id) => ({
        type: 'model',
        id,
        display_name: id,
        created_at: '2026-01-01T00:00:00Z',
      }))
      const list = { data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null }
      return { status: 200, headers: { 'request-id': requestId }, body: JSON.stringify(list) }
    },
    read: (request, stamp) => read(request, stamp, cached),
    fail: (failure, stamp) => errorReply(failure, requestIdOf(stamp)),
    missingModel: (model, stamp) => errorReply({ status: 404, message: `model: ${model}` }, requestIdOf(stamp)),
  }
}

function requestIdOf({ key }: Stamp): string {
  return longId('req_01', `request ${key}`)
}

function read(request: ChatRequest, stamp: Stamp, cached: Set<number>): Reading {
  const requestId = requestIdOf(stamp)
  const version = versionOf(request)
  if (typeof version === 'object') return { reply: errorReply(version, requestId) }
  if (request.body === undefined) {
    return { reply: errorReply({ status: 400, message: 'The request body is not valid JSON' }, requestId) }
  }
  try {
    const reading = readAsk(request.body, { version, headers: request.headers, seed: stamp.seed, cached })
    return { ask: reading.ask, writer: writerFor(reading, stamp) }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { reply: errorReply({ status: 400, message: error.message }, requestId) }
  }
}

/**
 * What the real one demands before it looks at the body: a key, in its own header or (as `@anthropic-ai/sdk` sends it
 * since 1.0) as a bearer token, and a version it knows.
 */
function versionOf({ method, headers }: ChatRequest): Version | Failure {
  if (method !== 'POST') return { status: 405 }
  const key = headers['x-api-key'] ?? headers.authorization?.replace(/^Bearer ?/, '')
  if (key === undefined) return { status: 401, message: 'x-api-key header is required' }
  if (key === '') return { status: 401 }
  const asked = headers['anthropic-version']
  if (asked === undefined) return { status: 400, message: 'anthropic-version: header is required' }
  const version = versions.find((known) => known === asked)
  if (version === undefined) {
    return { status: 400, message: `anthropic-version: "${String(asked)}" is not a valid version` }
  }
  if (headers['content-type']?.startsWith('application/json') !== true) {
    return { status: 400, message: 'Content-Type: Only application/json is supported' }
  }
  return version
}

function writerFor({ ask, hidesThinking, cache }: MessagesAsk, stamp: Stamp): Writer {
  const { key, seed } = stamp
  const mark: MessageStamp = { id: longId('msg_01', key), model: ask.model, seed, hidesThinking, cache }
  const requestId = requestIdOf(stamp)
  return {
    headers: { 'request-id': requestId },
    plain: (answer) => renderMessage(answer, mark),
    stream: (answer) => renderFrames(answer, mark),
    empty: { plain: renderEmptyMessage(mark), stream: renderEmptyStream(mark) },
    errorFrame: (failure) => renderErrorEvent(failure, requestId),
    garbage: garbageEvent,
  }
}
