/** Ollama's own API: `POST /api/chat`, and what a client asks before it chats. No key, as on one's own machine. */
import { isJson } from '../answers/ask.ts'
import type { PlainReply } from '../exchange.ts'
import type { ChatRequest, OtherRequest, Reading, Stamp, Wire, Writer } from '../wire.ts'
import { modelInBody } from '../wire.ts'
import { readAsk } from './ask.ts'
import { errorReply, errorText, failures, jsonReply } from './errors.ts'
import type { ChatStamp } from './message.ts'
import { renderChat, renderFrames, renderGarbage, renderNothing } from './message.ts'
import { Refused } from './request.ts'

const chatPath = '/api/chat'

export function ollamaChat(): Wire {
  return {
    name: 'ollama-chat',
    basePath: '',
    streamType: 'application/x-ndjson',
    withoutFaults: ['comments'],
    failures,
    isChat: (path) => path === chatPath,
    modelOf: modelInBody,
    answerOther,
    read,
    fail: errorReply,
    missingModel,
  }
}

/** The server has two spellings of it; this is the one with the hint, which clients look for. */
function missingModel(model: string): PlainReply {
  return errorReply({ status: 404, message: `model "${model}" not found, try pulling it first` })
}

function read({ method, headers, body }: ChatRequest, stamp: Stamp): Reading {
  if (method !== 'POST') return { reply: notAllowed }
  if (body === undefined) {
    const isEmpty = headers['content-length'] === '0'
    const message = isEmpty ? 'missing request body' : 'invalid character looking for beginning of value'
    return { reply: errorReply({ status: 400, message }) }
  }
  try {
    const { ask, onlyLoads, unloads } = readAsk(body)
    const mark = { model: ask.model, atMs: stamp.atMs, timing: stamp.timing }
    if (!onlyLoads) return { ask, unloads, writer: writerFor(mark) }
    return { reply: jsonReply(renderNothing(mark, unloads ? 'unload' : 'load')), model: ask.model, unloads }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { reply: errorReply({ status: error.status, message: error.message }) }
  }
}

function writerFor(mark: ChatStamp): Writer {
  return {
    plain: (answer) => renderChat(answer, mark),
    stream: (answer) => renderFrames(answer, mark),
    empty: { plain: renderNothing(mark, null), stream: '' },
    errorFrame: (failure) => `${JSON.stringify({ error: errorText(failure) })}\n`,
    garbage: renderGarbage(mark),
  }
}

const notAllowed: PlainReply = { status: 405, contentType: 'text/plain', body: '405 method not allowed' }

function answerOther({ method, path, body, models, name }: OtherRequest): PlainReply {
  switch (`${method} ${path}`) {
    case 'GET /':
      return { status: 200, contentType: 'text/plain; charset=utf-8', body: 'Ollama is running' }
    case 'GET /api/version':
      return jsonReply(JSON.stringify({ version: '0.0.0-simulated' }))
    case 'GET /api/tags':
      return jsonReply(JSON.stringify({ models: (models ?? [`${name}-model`]).map(summaryOf) }))
    case 'POST /api/show':
      return showModel(body, models)
    default:
      return { status: 404, contentType: 'text/plain', body: '404 page not found' }
  }
}

const details = {
  parent_model: '',
  format: 'gguf',
  family: 'simulated',
  families: ['simulated'],
  parameter_size: '8B',
  quantization_level: 'Q4_K_M',
}
const modified = '2026-01-01T00:00:00Z'

function summaryOf(model: string) {
  return { name: model, model, modified_at: modified, size: 4_000_000_000, digest: '0'.repeat(64), details }
}

function showModel(body: unknown, models: readonly string[] | null): PlainReply {
  const model = isJson(body) ? (body['model'] ?? body['name']) : undefined
  if (typeof model !== 'string' || model === '') return errorReply({ status: 400, message: 'model is required' })
  if (models?.includes(model) === false) return errorReply({ status: 404, message: `model '${model}' not found` })
  const capabilities = ['completion', 'tools', 'thinking', 'vision']
  const shown = { details, model_info: { 'general.architecture': 'simulated' }, capabilities, modified_at: modified }
  return jsonReply(JSON.stringify({ ...shown, template: '{{ .Prompt }}' }))
}
