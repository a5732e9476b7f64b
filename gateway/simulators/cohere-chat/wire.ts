/** Cohere's chat API, version 2: `POST /v2/chat` under the origin, and its list of models. */
import type { ChatRequest, OtherRequest, Reading, Stamp, Wire, Writer } from '../wire.ts'
import { modelInBody } from '../wire.ts'
import type { PlainReply } from '../exchange.ts'
import { readAsk } from './ask.ts'
import { Refused } from './checks.ts'
import { errorReply, failures } from './errors.ts'
import type { MessageStamp } from './message.ts'
import { renderMessage, uuidOf } from './message.ts'
import { garbageEvent, renderError, renderFrames } from './stream.ts'

const chatPath = '/v2/chat'
const modelsPath = '/v1/models'

export function cohereChat(): Wire {
  return {
    name: 'cohere-chat',
    basePath: '',
    streamType: 'text/event-stream',
    withoutFaults: [],
    failures,
    isChat: (path) => path === chatPath,
    modelOf: modelInBody,
    answerOther,
    read,
    fail: (failure, stamp) => errorReply(failure, idOf(stamp)),
    missingModel,
  }
}

function idOf({ key }: Stamp): string {
  return uuidOf(key)
}

function missingModel(model: string, stamp: Stamp): PlainReply {
  const hint = 'make sure the correct model ID was used and that you have access to the model.'
  return errorReply({ status: 404, message: `model '${model}' not found, ${hint}` }, idOf(stamp))
}

function answerOther({ method, path, models, name, headers }: OtherRequest, stamp: Stamp): PlainReply {
  if (method !== 'GET' || path !== modelsPath) return errorReply({ status: 404, message: 'not found' }, idOf(stamp))
  const refusal = keyRefusal(headers, stamp)
  if (refusal !== null) return refusal
  const list = (models ?? [`${name}-model`]).map((model) => ({
    name: model,
    endpoints: ['chat'],
    finetuned: false,
    context_length: 256_000,
  }))
  return { status: 200, body: JSON.stringify({ models: list, next_page_token: '' }) }
}

function keyRefusal(headers: ChatRequest['headers'], stamp: Stamp): PlainReply | null {
  const key = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
  if (key !== undefined) return null
  return errorReply({ status: 401, message: 'no api key supplied' }, idOf(stamp))
}

function read({ method, headers, body }: ChatRequest, stamp: Stamp): Reading {
  if (method !== 'POST') return { reply: errorReply({ status: 405, message: 'method not allowed' }, idOf(stamp)) }
  const refusal = keyRefusal(headers, stamp)
  if (refusal !== null) return { reply: refusal }
  try {
    const { ask, documents } = readAsk(body)
    return { ask, writer: writerFor({ id: idOf(stamp), documents }) }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { reply: errorReply({ status: 400, message: error.message }, idOf(stamp)) }
  }
}

function writerFor(mark: MessageStamp): Writer {
  const nothing = JSON.stringify({ id: mark.id, message: { role: 'assistant' } })
  return {
    plain: (answer) => renderMessage(answer, mark),
    stream: (answer) => renderFrames(answer, mark),
    empty: { plain: nothing, stream: '' },
    errorFrame: renderError,
    garbage: garbageEvent,
  }
}
