/** Which route takes a request: the first, in manifest order, whose every condition holds. */
import type { RequestFacts } from '../engine/events.ts'
import type { CompiledMatch, CompiledRoute, RoutingTable } from './table.ts'

/** The first matching route, or null. `classified` names the semantic route a classifier chose, once there is one. */
export function matchRoute(table: RoutingTable, facts: RequestFacts, classified: string | null): CompiledRoute | null {
  for (const route of table.findRoutes(facts.model)) {
    if (route.semantic && route.name !== classified) continue
    if (conditionsHold(route.match, facts)) return route
  }
  return null
}

/** Could a semantic route still take this request? Then a classifier has to be asked first. */
export function needsClassification(table: RoutingTable, facts: RequestFacts): boolean {
  for (const route of table.findRoutes(facts.model)) {
    if (!conditionsHold(route.match, facts)) continue
    return route.semantic
  }
  return false
}

function conditionsHold(match: CompiledMatch, facts: RequestFacts): boolean {
  if (match.credentials !== null && (facts.credential === null || !match.credentials.has(facts.credential)))
    return false
  if (match.organizations !== null && (facts.organization === null || !match.organizations.has(facts.organization))) {
    return false
  }
  if (match.stream !== null && match.stream !== facts.features.stream) return false
  for (const feature of match.has) if (!facts.features.has.includes(feature)) return false
  for (const { name, values } of match.headers) {
    const value = facts.headers[name]
    if (value === undefined || !values.has(value)) return false
  }
  return true
}
