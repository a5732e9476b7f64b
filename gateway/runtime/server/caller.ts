/** Who calls: the key a caller sends, looked up by its hash. The key itself is never kept, logged or compared as text. */
import { hash } from 'node:crypto'
import { GatewayError } from '../../core/chat/errors.ts'
import type { RoutingTable } from '../../core/routing/table.ts'
import type { Caller } from '../runtime.ts'

/** Nobody in particular: a gateway without credentials asks no one who they are. */
const anyone: Caller = { credential: null, organization: null, project: null }

/**
 * The caller behind an `authorization` header. Looking up a hash takes the same time whatever part of the key is right.
 * Throws `missing_api_key` or `invalid_api_key`.
 */
export function identifyCaller(authorization: string | undefined, table: RoutingTable, nowMs: number): Caller {
  if (table.credentials.size === 0) return anyone
  if (authorization === undefined || !/^bearer /i.test(authorization)) {
    throw new GatewayError('missing_api_key', 'Send your key as "Authorization: Bearer …".')
  }
  const credential = table.credentials.get(`sha256:${hash('sha256', authorization.slice(7).trim(), 'hex')}`)
  if (credential === undefined) throw new GatewayError('invalid_api_key', 'This key is not known here.')
  if (credential.disabled) throw new GatewayError('invalid_api_key', 'This key has been disabled.')
  if (credential.expiresAtMs !== null && nowMs >= credential.expiresAtMs) {
    throw new GatewayError('invalid_api_key', 'This key has expired.')
  }
  return { credential: credential.name, organization: credential.organization, project: credential.project }
}
