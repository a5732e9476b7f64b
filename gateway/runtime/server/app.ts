/** The traffic listener: what callers and load balancers can reach. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Fastify from 'fastify'
import type { GatewayErrorCode } from '../../core/chat/errors.ts'
import { GatewayError, gatewayErrors, renderError } from '../../core/chat/errors.ts'
import { renderSeed } from '../../core/routing/draw.ts'
import type { Runtime } from '../runtime.ts'
import { makeRoom } from '../overload/overload.ts'
import { tellRefusal } from '../tell.ts'
import { makeAdmission } from './admission.ts'
import { CallerRefused, identifyCaller } from './caller.ts'
import { readChat } from './chat-completions.ts'
import { readEmbeddings } from './embeddings.ts'
import { type ReadBody, serveExchange } from './exchange.ts'
import { defaultLimits, type ListenerLimits } from './limits.ts'
import { Listener } from './listener.ts'
import type { ListenerCertificate } from './listener-certificate.ts'
import { findModel, listModels, modelInPath } from './models.ts'
import { sendError } from './reply.ts'

export interface AppOptions {
  readonly runtime: Runtime
  /** Ready for traffic? Null when it is, else why not. */
  readonly unreadyBecause: () => string | null
  /** Host names that may be asked for in open mode; null: any (credentials are declared, or `--allow-open`). */
  readonly allowedHosts: () => ReadonlySet<string> | null
  readonly limits?: Partial<ListenerLimits>
  /** Absent or null: plain HTTP. */
  readonly certificate?: ListenerCertificate | null
}

export function buildApp(options: AppOptions): FastifyInstance {
  const { runtime, certificate = null, unreadyBecause } = options
  const limits = { ...defaultLimits, ...options.limits }
  const listener = new Listener({
    limits,
    certificate,
    onRefused: (code) => tellUnrouted(runtime, code),
    onStalled: () => tellStalled(runtime),
  })
  const app = Fastify({
    logger: false,
    serverFactory: listener.createServer,
    bodyLimit: limits.maxBodyBytes,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    // Who got through before the listener closed is served.
    return503OnClosing: false,
    clientErrorHandler: listener.refuseUnparsed,
    frameworkErrors: (error, _request, reply) => refuse(runtime, reply, asGatewayError(runtime, error)),
  })
  app.addHook('preClose', (done) => {
    listener.endHandshakes()
    done()
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  const admit = makeAdmission({
    limits,
    isSurplus: listener.isSurplus,
    isDraining: () => unreadyBecause() === 'draining',
    allowedHosts: options.allowedHosts,
    isHalfFull: () => runtime.process.overload.isHalfFull(),
    makeRoom: (request, response) => makeRoom(runtime.process.overload, request, response),
    requireKnownCaller: (request) => requireKnownCaller(runtime, request),
  })
  app.addHook('onRequest', (request, reply, done) => {
    try {
      admit(request.raw, reply.raw)
      done()
    } catch (error) {
      done(asGatewayError(runtime, error))
    }
  })
  for (const [path, readBody] of Object.entries(endpoints)) {
    app.post(path, (request, reply) => serve(runtime, { request, reply, readBody }))
  }
  app.get('/v1/models', (request, reply) => answerModels(runtime, request, reply))
  app.get('/v1/models/*', (request, reply) => answerModels(runtime, request, reply))
  addHealth(app, unreadyBecause)
  app.setNotFoundHandler((request, reply) => refuse(runtime, reply, notFound(request)))
  app.setErrorHandler((error, _request, reply) => refuse(runtime, reply, asGatewayError(runtime, error)))
  return app
}

/** `/healthz` and `/readyz`: open to everyone, and silent about everything else. */
export function addHealth(app: FastifyInstance, unreadyBecause: () => string | null): void {
  // Some load balancers ask by HEAD.
  const method = ['GET', 'HEAD']
  app.route({ method, url: '/healthz', handler: (_request, reply) => reply.send({ status: 'ok' }) })
  app.route({
    method,
    url: '/readyz',
    handler: (_request, reply) => {
      const ready = unreadyBecause() === null
      return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' })
    },
  })
}

/** What is answered by calling providers. */
const endpoints: Readonly<Record<string, ReadBody>> = {
  '/v1/chat/completions': readChat,
  '/v1/embeddings': readEmbeddings,
}

interface Incoming {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly readBody: ReadBody
}

function serve(runtime: Runtime, { request, reply, readBody }: Incoming): void {
  reply.hijack()
  const arrivedUs = runtime.process.nowUs()
  const seed = runtime.process.nextSeed()
  const id = `req_${renderSeed(seed)}`
  const rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  try {
    const exchange = { request: request.raw, response: reply.raw, rawBody, id, seed, arrivedUs }
    serveExchange(runtime, exchange, readBody)
  } catch (error) {
    answerError(runtime, reply.raw, { error: asGatewayError(runtime, error), requestId: id })
  }
}

/** The list, or, with a name behind it, the one model. */
function answerModels(runtime: Runtime, request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack()
  const requestId = `req_${renderSeed(runtime.process.nextSeed())}`
  try {
    const generation = runtime.generations.current()
    if (generation === null) throw new GatewayError('not_ready', 'No manifest has been published yet.')
    const caller = identifyCaller(request.headers.authorization, generation.table, Date.now())
    const name = modelInPath(request.url)
    const answer = name === null ? listModels(generation.table, caller) : findModel(generation.table, caller, name)
    const headers = ['content-type', 'application/json', 'x-request-id', requestId]
    reply.raw.writeHead(200, [...headers, 'x-aigw-revision', generation.revision])
    reply.raw.end(JSON.stringify(answer))
  } catch (error) {
    answerError(runtime, reply.raw, { error: asGatewayError(runtime, error), requestId })
  }
}

function tellStalled({ log }: Runtime): void {
  const message = 'a caller has taken nothing of its answer for too long, or next to nothing, and was left'
  log({ level: 'warn', event: 'caller_stalled', message })
}

/** A refusal below the routes; it has been answered. */
function tellUnrouted(runtime: Runtime, code: GatewayErrorCode): void {
  const requestId = `req_${renderSeed(runtime.process.nextSeed())}`
  tellRefusal(runtime, { requestId, status: gatewayErrors[code].status, code })
}

function notFound(request: FastifyRequest): GatewayError {
  const path = request.url.split('?')[0] ?? ''
  const method = Object.hasOwn(endpoints, path) ? 'POST' : /^\/v1\/models(?:\/.+)?$/.test(path) ? 'GET' : null
  if (method !== null) {
    return new GatewayError('method_not_allowed', `${request.method} is not possible here; send ${method}.`)
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
  const { status, code } = error
  const key = error instanceof CallerRefused ? { problem: error.problem, credential: error.credential } : undefined
  const isTold = tellRefusal(runtime, { requestId, status, code, ...(key !== undefined && { key }) })
  const answer = () => sendError(response, { status, envelope: renderError(error), requestId })
  if (runtime.spool === null || !isTold) answer()
  else {
    const at = runtime.process.wallClock(runtime.process.nowUs())
    const reason =
      key === undefined ? {} : { reason: `${key.problem} key${key.credential === null ? '' : ` of ${key.credential}`}` }
    runtime.spool.append('event', { event: 'request_refused', at, status, code, ...reason }, answer)
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

function requireKnownCaller(runtime: Runtime, request: IncomingMessage): void {
  const table = runtime.generations.current()?.table
  if (table !== undefined) identifyCaller(request.headers.authorization, table, Date.now())
}
