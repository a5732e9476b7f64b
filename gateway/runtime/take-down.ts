/** The end of a gateway: who is there may finish, whoever does not is cut off and recorded, and the spool is closed. */
import type { FastifyInstance } from 'fastify'
import type { Runtime } from './runtime.ts'
import type { ConnectionPools } from './transport/pools.ts'

const drainPollMs = 20
const cutOffWithinMs = 1000

export interface RunningParts {
  readonly runtime: Runtime
  readonly app: FastifyInstance
  readonly admin: FastifyInstance
  readonly pools: ConnectionPools
}

/** Throws `SpoolUnwrittenError` when the audit trail cannot be written to its end. */
export async function takeDown({ runtime, app, admin, pools }: RunningParts, drainTimeoutMs: number): Promise<void> {
  const { process, generations, spool } = runtime
  const endMs = performance.now() + drainTimeoutMs
  const isIdle = () => generations.inFlight() === 0 && process.answering === 0
  // Newcomers are served for a while yet, and told to call elsewhere next; the last of them has as long to finish.
  await waitUntil(isIdle, performance.now() + drainTimeoutMs / 2)
  let closed = false
  const listeners = Promise.all([app.close(), admin.close()]).finally(() => (closed = true))
  await waitUntil(() => {
    // A connection that a request leaves behind idle would keep its listener open.
    if (isIdle()) app.server.closeIdleConnections()
    return closed
  }, endMs)
  // Who has not finished by now is cut off; each is still settled and recorded, as its caller's connection closes.
  process.cuttingOff = true
  process.shedding.stop()
  process.overload.stop()
  app.server.closeAllConnections()
  await waitUntil(isIdle, performance.now() + cutOffWithinMs)
  await listeners
  generations.close()
  try {
    await pools.close()
  } finally {
    spool?.append('event', { event: 'stopped', at: process.wallClock(process.nowUs()) })
    spool?.close()
  }
}

/** `endMs`: by the monotonic clock, which nobody puts right in the middle of a drain. */
async function waitUntil(holds: () => boolean, endMs: number): Promise<void> {
  while (!holds() && performance.now() < endMs) await new Promise((resolve) => setTimeout(resolve, drainPollMs))
}
