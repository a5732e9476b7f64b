/** The traffic listener: what callers and load balancers can reach. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Fastify from 'fastify'
import type { GatewayErrorCode } from '../../core/chat/errors.ts'
import { GatewayError, gatewayErrors, renderError } from '../../core/chat/errors.ts'
import { renderSeed } from '../../core/routing/draw.ts'
import type { Runtime } from '../runtime.ts'
import { identifyCaller } from './caller.ts'
import { serveChatCompletion } from './chat-completions.ts'
import { sendError } from './reply.ts'

const maxBodyBytes = 32 * 1024 * 1024

/** A body larger than this is read only of a caller whose key is known. */
const maxStrangersBytes = 64 * 1024

/** How long a request may take to come in whole. */
const requestTimeoutMs = 300_000

export interface AppOptions {
  readonly runtime: Runtime
  /** Ready for traffic? Null when it is, else why not. */
  readonly unreadyBecause: () => string | null
  /** Host names that may be asked for in open mode; null: any (credentials are declared, or `--allow-open`). */
  readonly allowedHosts: () => ReadonlySet<string> | null
}

export function buildApp(options: AppOptions): FastifyInstance {
  const { runtime } = options
  const app = Fastify({
    logger: false,
    bodyLimit: maxBodyBytes,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    requestTimeout: requestTimeoutMs,
    // Who got through before the listener closed is served.
    return503OnClosing: false,
    clientErrorHandler: refuseUnparsed,
    frameworkErrors: (error, _request, reply) => refuse(runtime, reply, asGatewayError(runtime, error)),
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.addHook('onRequest', (request, reply, done) => {
    try {
      // A caller that keeps its connection would come back to a gateway that is gone.
      if (options.unreadyBecause() === 'draining') reply.raw.shouldKeepAlive = false
      const hosts = options.allowedHosts()
      if (hosts !== null) requireLocal(request.raw, hosts)
      if (mayBeLarge(request.raw)) requireKnownCaller(runtime, request.raw)
      done()
    } catch (error) {
      done(asGatewayError(runtime, error))
    }
  })
  app.post('/v1/chat/completions', (request, reply) => chat(runtime, request, reply))
  app.get('/v1/models', (request, reply) => listModels(runtime, request, reply))
  addHealth(app, options.unreadyBecause)
  app.setNotFoundHandler((request, reply) => refuse(runtime, reply, notFound(request)))
  app.setErrorHandler((error, _request, reply) => refuse(runtime, reply, asGatewayError(runtime, error)))
  return app
}

/** `/healthz` and `/readyz`: open to everyone, and silent about everything else. */
export function addHealth(app: FastifyInstance, unreadyBecause: () => string | null): void {
  app.get('/healthz', (_request, reply) => reply.send({ status: 'ok' }))
  app.get('/readyz', (_request, reply) => {
    const ready = unreadyBecause() === null
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' })
  })
}

function chat(runtime: Runtime, request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack()
  const arrivedUs = runtime.process.nowUs()
  const seed = runtime.process.nextSeed()
  const id = `req_${renderSeed(seed)}`
  const rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  try {
    serveChatCompletion(runtime, { request: request.raw, response: reply.raw, rawBody, id, seed, arrivedUs })
  } catch (error) {
    answerError(runtime, reply.raw, { error: asGatewayError(runtime, error), requestId: id })
  }
}

function listModels(runtime: Runtime, request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack()
  const requestId = `req_${renderSeed(runtime.process.nextSeed())}`
  try {
    const generation = runtime.generations.current()
    if (generation === null) throw new GatewayError('not_ready', 'No manifest has been published yet.')
    identifyCaller(request.headers.authorization, generation.table, Date.now())
    const data = generation.modelNames.map((id) => ({ id, object: 'model', created: 0, owned_by: 'aigw' }))
    reply.raw.writeHead(200, { 'content-type': 'application/json', 'x-request-id': requestId })
    reply.raw.end(JSON.stringify({ object: 'list', data }))
  } catch (error) {
    answerError(runtime, reply.raw, { error: asGatewayError(runtime, error), requestId })
  }
}

function notFound(request: FastifyRequest): GatewayError {
  const path = request.url.split('?')[0] ?? ''
  if (path === '/v1/chat/completions') {
    return new GatewayError('method_not_allowed', `${request.method} is not possible here; send POST.`)
  }
  return new GatewayError('unknown_path', `There is no ${request.method} ${path} here.`)
}

function refuse(runtime: Runtime, reply: FastifyReply, error: GatewayError): void {
  reply.hijack()
  answerError(runtime, reply.raw, { error, requestId: `req_${renderSeed(runtime.process.nextSeed())}` })
}

/** Answers, logs and records a refusal that no execution knows of. */
function answerError(
  runtime: Runtime,
  response: ServerResponse,
  refusal: { readonly error: GatewayError; readonly requestId: string },
): void {
  const { error, requestId } = refusal
  const { status, code, message } = error
  const level = status >= 500 ? 'error' : 'warn'
  runtime.log({ level, event: 'request_refused', message, fields: { id: requestId, status, code } })
  const answer = () => sendError(response, { status, envelope: renderError(error), requestId })
  if (runtime.spool === null || runtime.spool.status().failing) answer()
  else {
    const at = runtime.process.wallClock(runtime.process.nowUs())
    runtime.spool.append('event', { event: 'request_refused', at, status, code }, answer)
  }
}

/** Fastify's own errors (a body too large, say) and bugs, as errors of our table. */
function asGatewayError(runtime: Runtime, error: unknown): GatewayError {
  if (error instanceof GatewayError) return error
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  const code: GatewayErrorCode =
    status === 413 ? 'request_too_large' : status < 500 ? 'invalid_request' : 'internal_error'
  if (code === 'internal_error') {
    const stack = error instanceof Error ? error.stack : String(error)
    runtime.log({ level: 'error', event: 'bug', message: 'an error nobody expected', fields: { stack } })
    return new GatewayError(code, 'Something went wrong inside the gateway.')
  }
  return new GatewayError(code, error instanceof Error ? error.message : 'The request cannot be read.')
}

/**
 * In open mode a name that leads here is not enough (any web site can have one), and neither is ours: a browser lets
 * every page post to it, and says which page it was.
 */
function requireLocal({ headers }: IncomingMessage, hosts: ReadonlySet<string>): void {
  const host = hostOf(headers.host ?? '')
  if (!hosts.has(host)) throw new GatewayError('host_not_allowed', `The host "${host}" is not served here.`)
  const { origin } = headers
  if (origin === undefined || hosts.has(hostOf(origin.replace(/^[a-z]+:\/\//, '')))) return
  throw new GatewayError(
    'host_not_allowed',
    'Pages of other sites are not served here while no credentials are declared.',
  )
}

function hostOf(authority: string): string {
  const host = authority.toLowerCase()
  return host.startsWith('[') ? host.slice(0, host.indexOf(']') + 1) : (host.split(':')[0] ?? '')
}

function mayBeLarge({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > maxStrangersBytes
}

function requireKnownCaller(runtime: Runtime, request: IncomingMessage): void {
  const table = runtime.generations.current()?.table
  if (table !== undefined) identifyCaller(request.headers.authorization, table, Date.now())
}

/** What Node could not read as HTTP. Once anything has been answered on the connection, it may only be cut. */
function refuseUnparsed(error: Error & { code?: string }, socket: Socket): void {
  if (socket.writable && socket.bytesWritten === 0) {
    const [status, message] = unparsed[error.code ?? ''] ?? ['400 Bad Request', 'This is not HTTP.']
    const { type } = gatewayErrors.invalid_request
    const body = JSON.stringify(renderError({ message, type, param: null, code: 'invalid_request' }))
    const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`
    socket.write(`${head}connection: close\r\n\r\n${body}`)
  }
  socket.destroySoon()
}

const unparsed: Readonly<Record<string, readonly [status: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request took too long to come.'],
}
