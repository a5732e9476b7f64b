/** The admin listener: what operators and their tools ask. On loopback; the traffic listener knows none of it. */
import type { FastifyInstance } from 'fastify'
import Fastify from 'fastify'
import { addHealth } from './app.ts'

export interface AdminOptions {
  readonly status: () => object
  readonly unreadyBecause: () => string | null
}

export function buildAdmin(options: AdminOptions): FastifyInstance {
  const app = Fastify({ logger: false, forceCloseConnections: true, exposeHeadRoutes: false })
  addHealth(app, options.unreadyBecause)
  app.get('/status', (_request, reply) => reply.send(options.status()))
  return app
}
