/**
 * Claude as Google serves it: the same language under other paths, with the model in the path and the version in the body
 * (https://platform.claude.com/docs/en/build-with-claude/claude-on-vertex-ai, checked 2026-11-24). What Google says itself,
 * of paths, keys and failures, it says its own way.
 */
import type { ChatRequest, Reading, Stamp, Wire } from '../wire.ts'

const path = /\/publishers\/anthropic\/models\/([^/:]+):(rawPredict|streamRawPredict)$/
const version = 'vertex-2023-10-16'

/** Google's wire, with the maker's beside it. */
export function withClaude(google: Wire, maker: Wire): Wire {
  return {
    ...google,
    isChat: (asked) => google.isChat(asked) || path.test(asked),
    modelOf: (request) => modelIn(request) ?? google.modelOf(request),
    read: (request, stamp) => (modelIn(request) === null ? google.read(request, stamp) : read(request, stamp, maker)),
  }
}

function modelIn({ path: asked }: ChatRequest): string | null {
  const [, model] = path.exec(asked) ?? []
  return model === undefined ? null : decodeURIComponent(model)
}

function read(request: ChatRequest, stamp: Stamp, maker: Wire): Reading {
  const refuse = (status: number, message: string): Reading => ({ reply: maker.fail({ status, message }, stamp) })
  const { body, headers } = request
  if (headers.authorization?.startsWith('Bearer ') !== true) return refuse(401, 'Request is missing a credential.')
  if (typeof body !== 'object' || body === null) return refuse(400, 'The request body is not valid JSON')
  const { anthropic_version: named, ...rest } = { anthropic_version: undefined, ...body }
  if (named !== version) return refuse(400, 'anthropic_version: Field required')
  if ('model' in rest) return refuse(400, 'model: Extra inputs are not permitted')
  const streams = path.exec(request.path)?.[2] === 'streamRawPredict'
  if (('stream' in rest && rest.stream === true) !== streams) return refuse(400, 'stream: does not fit the method')
  return maker.read(
    {
      ...request,
      body: { ...rest, model: modelIn(request) },
      headers: { ...headers, 'anthropic-version': '2023-06-01' },
    },
    stamp,
  )
}
