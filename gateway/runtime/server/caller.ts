/** Who calls: the key a caller sends, looked up by its hash. The key itself is never kept, logged or compared as text. */
import { hash, timingSafeEqual } from 'node:crypto'
import { GatewayError } from '../../core/chat/errors.ts'
import { standingOf } from '../../core/routing/credential-standing.ts'
import type { RoutingTable } from '../../core/routing/table.ts'
import type { Caller } from '../runtime.ts'

/** Nobody in particular: a gateway without credentials asks no one who they are. */
const anyone: Caller = { credential: null, organization: null, project: null }

export type CallerProblem = 'unknown' | 'disabled' | 'expired'

/**
 * A key that is not let in. Why is for the operator: whoever tries keys must not learn that one was right once, so the
 * caller's answer is the same each time.
 */
export class CallerRefused extends GatewayError {
  readonly problem: CallerProblem
  /** Whose key it is; null when nobody's. */
  readonly credential: string | null

  constructor(problem: CallerProblem, credential: string | null) {
    super('invalid_api_key', 'This key is not valid here.')
    this.name = 'CallerRefused'
    this.problem = problem
    this.credential = credential
  }
}

/**
 * The caller behind an `authorization` header. Throws `missing_api_key`, or `CallerRefused` (`invalid_api_key`).
 *
 * What is looked up is a hash, which nobody can steer, and what is found is compared in constant time; for a key that
 * nobody has, the same work is done with a hash of nothing. So the time taken says nothing about any part of a key.
 */
export function identifyCaller(authorization: string | undefined, table: RoutingTable, nowMs: number): Caller {
  if (table.credentials.size === 0) return anyone
  if (authorization === undefined || !/^bearer /i.test(authorization)) {
    throw new GatewayError('missing_api_key', 'Send your key as "Authorization: Bearer …".')
  }
  const digest = hash('sha256', authorization.slice(7).trim(), 'buffer')
  const found = table.credentials.get(`sha256:${digest.toString('hex')}`)
  const isSame = timingSafeEqual(digest, bytesOf(found?.keyHash ?? nobodysHash))
  if (found === undefined || !isSame) throw new CallerRefused('unknown', null)
  const standing = standingOf(found, nowMs)
  if (standing !== 'valid') throw new CallerRefused(standing, found.name)
  return { credential: found.name, organization: found.organization, project: found.project }
}

const nobodysHash = `sha256:${'0'.repeat(64)}`

function bytesOf(keyHash: string): Buffer {
  return Buffer.from(keyHash.slice('sha256:'.length), 'hex')
}
