/**
 * Bedrock's Converse API: `POST /model/{id}/converse` and `/converse-stream` under the origin. The model and the wish for
 * a stream stand in the path; streams are binary.
 */
import type { PlainReply } from '../exchange.ts'
import type { ChatRequest, Reading, Stamp, Wire, Writer } from '../wire.ts'
import type { ConverseAsk } from './ask.ts'
import { readAsk } from './ask.ts'
import { errorReply, failures } from './errors.ts'
import { renderMessage, renderNothing } from './message.ts'
import { rulesFor } from './models.ts'
import { Refused } from './shape.ts'
import { refusalOf } from './signing.ts'
import { garbageFrame, renderEmptyStream, renderException, renderFrames } from './stream.ts'

export function bedrockConverse(): Wire {
  return {
    name: 'bedrock-converse',
    basePath: '',
    streamType: 'application/vnd.amazon.eventstream',
    isBinary: true,
    // The framing has no comments.
    withoutFaults: ['comments'],
    failures,
    isChat: (path) => placeOf(path) !== null,
    modelOf: ({ path }) => placeOf(path)?.model,
    answerOther: (_request, stamp) =>
      errorReply({ status: 404, message: 'Not Found' }, stamp, 'UnknownOperationException'),
    read,
    fail: (failure, stamp) => errorReply(failure, stamp),
    missingModel,
  }
}

interface Place {
  readonly model: string
  readonly stream: boolean
}

function placeOf(path: string): Place | null {
  const [, model, method] = /^\/model\/([^/]+)\/(converse|converse-stream)$/.exec(path) ?? []
  if (model === undefined) return null
  return { model: decoded(model), stream: method === 'converse-stream' }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** As others met it: 400 with words about the identifier, not 404. */
function missingModel(_model: string, stamp: Stamp): PlainReply {
  return errorReply({ status: 400, message: 'The provided model identifier is invalid.' }, stamp)
}

function read(request: ChatRequest, stamp: Stamp): Reading {
  const place = placeOf(request.path)
  if (place === null || request.method !== 'POST') {
    return { reply: errorReply({ status: 404, message: 'Not Found' }, stamp, 'UnknownOperationException') }
  }
  const refusal = refusalOf(request, stamp)
  if (refusal !== null) return { reply: refusal }
  if (request.body === undefined) {
    return {
      reply: errorReply({ status: 400, message: 'Could not parse request body' }, stamp, 'SerializationException'),
    }
  }
  try {
    const reading = readAsk(request.body, { ...place, seed: stamp.seed })
    return { ask: reading.ask, writer: writerFor(reading, stamp) }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { reply: errorReply({ status: 400, message: error.message }, stamp) }
  }
}

function writerFor({ ask, hasCache }: ConverseAsk, { key, seed, timing }: Stamp): Writer {
  const mark = { seed, signs: rulesFor(ask.model).claude !== null, hasCache, timing }
  return {
    headers: { 'x-amzn-requestid': key },
    plain: (answer) => renderMessage(answer, mark),
    stream: (answer) => renderFrames(answer, mark),
    empty: { plain: renderNothing(), stream: renderEmptyStream() },
    errorFrame: renderException,
    garbage: garbageFrame,
  }
}
