/** `GET /v1/models` and `GET /v1/models/{name}`: the names that a caller may ask for. */
import type { Model, ModelList } from '../../../schemas/index.ts'
import { GatewayError } from '../../core/chat/errors.ts'
import type { CompiledRoute, RoutingTable } from '../../core/routing/table.ts'
import type { Caller } from '../runtime.ts'

/** The names that routes open to this caller spell out, in the order of the manifest. A pattern names nothing. */
export function listModels(table: RoutingTable, caller: Caller): ModelList {
  const names = new Set<string>()
  for (const route of table.routes) {
    if (!isOpenTo(route, caller)) continue
    for (const model of route.match.models) if (!/[*?]/.test(model)) names.add(model)
  }
  return { object: 'list', data: [...names].map(describe) }
}

/**
 * A name that some route open to this caller takes, spelt out or by a pattern: whoever looks before asking must not be
 * told that there is no such model. Throws `route_not_found`, as a request for it would.
 */
export function findModel(table: RoutingTable, caller: Caller, name: string): Model {
  if (table.findRoutes(name).some((route) => isOpenTo(route, caller))) return describe(name)
  throw new GatewayError('route_not_found', `No route takes the model "${name}".`, 'model')
}

/** Conditions on the request itself (headers, streaming, features) are not known here, and shut nobody out. */
function isOpenTo({ match }: CompiledRoute, { credential, organization }: Caller): boolean {
  if (match.credentials !== null && (credential === null || !match.credentials.has(credential))) return false
  return match.organizations === null || (organization !== null && match.organizations.has(organization))
}

/** When a model was made is its provider's to know: 0, since the field must be a number. */
function describe(id: string): Model {
  return { id, object: 'model', created: 0, owned_by: 'aigw' }
}

/** What stands behind `/v1/models/`, decoded; null: nothing does. Names may hold slashes, encoded or not. */
export function modelInPath(url: string): string | null {
  const [path = ''] = url.split('?')
  const written = path.slice('/v1/models/'.length)
  if (written === '') return null
  try {
    return decodeURIComponent(written)
  } catch {
    return written
  }
}
