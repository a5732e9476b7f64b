/**
 * The admin listener: what operators and their tools ask. On loopback anybody who is on this machine may, under a name
 * of this machine; with a token only who has it may, wherever the listener is. The traffic listener knows none of it.
 */
import { hash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply } from 'fastify'
import Fastify from 'fastify'
import { GatewayError, type GatewayErrorCode, renderError } from '../../core/chat/errors.ts'
import { requireLocal } from './admission.ts'
import { addHealth } from './app.ts'
import { defaultLimits } from './limits.ts'
import { Listener } from './listener.ts'
import type { ListenerCertificate } from './listener-certificate.ts'

export interface AdminOptions {
  readonly status: () => object
  /** Prometheus' text format, and its content type. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>
  readonly unreadyBecause: () => string | null
  /** The token that must be sent, read anew each time because its file may have been replaced; null: none is needed. */
  readonly token: (() => string | null) | null
  /** Names of this machine: without a token no other host may be asked for. */
  readonly localHosts: ReadonlySet<string>
  /** Told of whoever was not let in. */
  readonly onRefused: (code: GatewayErrorCode) => void
  /** Null: plain HTTP. */
  readonly certificate: ListenerCertificate | null
}

/** These say nothing but yes or no, and whoever decides where traffic goes has no token. */
const openPaths: ReadonlySet<string> = new Set(['/healthz', '/readyz'])

export function buildAdmin(options: AdminOptions): FastifyInstance {
  const { certificate } = options
  const listener = new Listener({ limits: defaultLimits, certificate, onRefused: () => {}, onStalled: () => {} })
  const app = Fastify({
    logger: false,
    serverFactory: listener.createServer,
    clientErrorHandler: listener.refuseUnparsed,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
  })
  app.addHook('onRequest', (request, reply, done) => {
    try {
      if (!openPaths.has(pathOf(request.url))) requireOperator(request.raw, options)
      done()
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      options.onRefused(error.code)
      refuse(reply, error)
    }
  })
  addHealth(app, options.unreadyBecause)
  app.get('/status', (_request, reply) => reply.send(options.status()))
  app.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await options.metrics()
    return await reply.type(contentType).send(text)
  })
  app.setNotFoundHandler((request, reply) => {
    refuse(reply, new GatewayError('unknown_path', `There is no ${request.method} ${pathOf(request.url)} here.`))
  })
  return app
}

function requireOperator(request: IncomingMessage, { token, localHosts }: AdminOptions): void {
  if (token === null) {
    requireLocal(request, localHosts)
    return
  }
  const { authorization } = request.headers
  if (authorization === undefined || !/^bearer /i.test(authorization)) {
    throw new GatewayError('missing_api_key', 'Send the admin token as "Authorization: Bearer …".')
  }
  const wanted = token()
  if (wanted === null || !isSame(authorization.slice(7).trim(), wanted)) {
    throw new GatewayError('invalid_api_key', 'This is not the admin token.')
  }
}

/** Takes the same time whatever part is right, and however long either is. */
function isSame(left: string, right: string): boolean {
  return timingSafeEqual(hash('sha256', left, 'buffer'), hash('sha256', right, 'buffer'))
}

function refuse(reply: FastifyReply, error: GatewayError): void {
  if (error.status === 401) void reply.header('www-authenticate', 'Bearer')
  void reply.code(error.status).send(renderError(error))
}

function pathOf(url: string): string {
  return url.split('?')[0] ?? ''
}
