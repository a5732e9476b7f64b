/** OpenAI's chat completions, and what servers that call themselves compatible make of them. */
import type { Answer } from '../answers/answer.ts'
import type { ChatRequest, Stamp as WireStamp, Wire, Writer } from '../wire.ts'
import { modelInBody } from '../wire.ts'
import { readAsk } from './ask.ts'
import type { WireError } from './errors.ts'
import { failures, renderErrorBody, usualError } from './errors.ts'
import type { Stamp } from './plain.ts'
import { renderCompletion, renderEmptyCompletion } from './plain.ts'
import { renderErrorFrame, renderFrames, renderGarbageFrame } from './stream.ts'
import type { Style } from './styles.ts'

export function openaiChat(style: Style): Wire {
  const errorReply = (error: WireError) => ({ status: error.status, body: renderErrorBody(style.errors, error) })
  return {
    name: 'openai-chat',
    basePath: style.basePath,
    streamType: 'text/event-stream; charset=utf-8',
    withoutFaults: [],
    failures,
    isChat: (path) => path.endsWith('/chat/completions'),
    modelOf: (request) => modelInBody(request) ?? deploymentOf(request, style),
    answerOther({ method, path, models, name }) {
      if (path === `${style.basePath}/models` && method === 'GET') {
        const data = (models ?? [`${name}-model`]).map((id) => ({ id, object: 'model', created: 0, owned_by: name }))
        return { status: 200, body: JSON.stringify({ object: 'list', data }) }
      }
      return errorReply({ ...usualError(404, { message: `Unknown request: ${method} ${path}` }), code: null })
    },
    read(request, stamp) {
      const { method, body } = request
      if (method !== 'POST') {
        return { reply: errorReply({ ...usualError(405, { message: `Unknown request: ${method}` }), code: null }) }
      }
      const reading = readAsk(body, deploymentOf(request, style))
      if ('error' in reading) return { reply: errorReply(reading.error) }
      const { ask, includeUsage } = reading
      return { ask, writer: writerFor(style, stampFor(style, ask.model, stamp), includeUsage) }
    },
    fail: (failure) => errorReply(usualError(failure.status, failure)),
    missingModel: (model) =>
      errorReply(
        usualError(404, { message: `The model \`${model}\` does not exist or you do not have access to it.` }),
      ),
  }
}

/** Azure names the deployment in the path, and then needs no model in the body. */
function deploymentOf({ path }: ChatRequest, { deployments }: Style): string | undefined {
  const name = deployments ? /\/openai\/deployments\/([^/]+)\//.exec(path)?.[1] : undefined
  return name === undefined ? undefined : decodeURIComponent(name)
}

function stampFor(style: Style, model: string, { key, atMs }: WireStamp): Stamp {
  return { id: style.idPrefix + key, createdSeconds: Math.floor(atMs / 1000), model }
}

function writerFor(style: Style, stamp: Stamp, includeUsage: boolean): Writer {
  return {
    plain: (answer) => renderCompletion(answer, style, stamp),
    stream(answer: Answer) {
      const { head, content, tail, done, comment } = renderFrames(answer, { style, stamp, includeUsage })
      return { head: head.join(''), content, tail: tail.join(''), done, comment, comments: style.comment !== null }
    },
    empty: {
      plain: renderEmptyCompletion(stamp),
      stream: style.sendsDone ? `data: [DONE]${style.newline}${style.newline}` : '',
    },
    errorFrame: (failure) =>
      renderErrorFrame(renderErrorBody(style.errors, usualError(failure.status, failure)), style),
    garbage: renderGarbageFrame(stamp, style),
  }
}
