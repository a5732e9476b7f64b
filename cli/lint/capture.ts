/**
 * What recorded traffic says about a manifest, counted once for all rules: which route each request comes to, what each
 * candidate there could not carry over, and how fast each target answered when it was last asked. What was not recorded
 * is not guessed: such a request is left out and counted.
 */
import { lossOf } from '../../gateway/core/dialects/losses.ts'
import { lossesFor } from '../../gateway/core/routing/operation.ts'
import { matchRoute, needsClassification } from '../../gateway/core/routing/match.ts'
import type { CompiledTarget, RoutingTable } from '../../gateway/core/routing/table.ts'
import type { ReplayRequest } from '../replay/request.ts'

export interface TargetLosses {
  /** Requests of the route that would lose something at this candidate, or that it would refuse. */
  requests: number
  /** By field, as `readFields` names it. */
  readonly fields: Map<string, number>
}

export interface RouteTraffic {
  /** Requests that came to the route and of which it is known what they asked for. */
  requests: number
  /** By the candidate's position. Candidates that lose nothing are not there. */
  readonly losses: Map<number, TargetLosses>
}

export interface TargetSpeed {
  /** Attempts that came to a first content or an answer. */
  answers: number
  /** The fastest of them, in milliseconds. */
  fastestMs: number
}

export interface CaptureSummary {
  readonly requests: number
  /** Requests of which it is not known where they would go. */
  readonly undecidable: number
  /** By the route's position. */
  readonly routes: ReadonlyMap<number, RouteTraffic>
  /** Requests that no route takes, by the model they asked for; the most frequent ones. */
  readonly unrouted: ReadonlyMap<string, number>
  /** By `connection/model`. */
  readonly speeds: ReadonlyMap<string, TargetSpeed>
}

/** Callers can ask for anything; more names than this are not told apart. */
const mostModels = 1_000

/** Reads the whole capture; memory does not grow with it. */
export async function summariseCapture(
  table: RoutingTable,
  requests: AsyncIterable<ReplayRequest>,
): Promise<CaptureSummary> {
  const routes = new Map<number, RouteTraffic>()
  const unrouted = new Map<string, number>()
  const speeds = new Map<string, TargetSpeed>()
  let read = 0
  let undecidable = 0
  for await (const request of requests) {
    read += 1
    noteSpeeds(request, speeds)
    if (needsClassification(table, request.facts) || asksForUnknown(table, request)) {
      undecidable += 1
      continue
    }
    const route = matchRoute(table, request.facts, null)
    if (route === null) {
      const { model } = request.facts
      if (unrouted.has(model) || unrouted.size < mostModels) unrouted.set(model, (unrouted.get(model) ?? 0) + 1)
      continue
    }
    // Which parts a request had may not be recorded even where its features are.
    if (request.unknown.has('features') || request.unknown.has('fields')) continue
    const traffic = routes.get(route.index) ?? { requests: 0, losses: new Map<number, TargetLosses>() }
    routes.set(route.index, traffic)
    traffic.requests += 1
    for (const target of route.candidates) noteLosses(target, request, traffic)
  }
  return { requests: read, undecidable, routes, unrouted, speeds }
}

/** Does a route that could take this request ask for something that was not recorded? */
function asksForUnknown(table: RoutingTable, { facts, unknown }: ReplayRequest): boolean {
  if (unknown.size === 0) return false
  for (const { match } of table.findRoutes(facts.model)) {
    const asks =
      (match.has.length > 0 && unknown.has('features')) ||
      (match.headers.length > 0 && unknown.has('headers')) ||
      ((match.credentials !== null || match.organizations !== null) && unknown.has('credential'))
    if (asks) return true
    if (match.stream === null || match.stream === facts.features.stream) return false
  }
  return false
}

function noteLosses(target: CompiledTarget, { facts }: ReplayRequest, { losses }: RouteTraffic): void {
  const table = lossesFor(target, facts.operation)
  // What a target does not answer at all it does not lose a part of either.
  if (table === null) return
  const lost = facts.features.fields.filter((field) => {
    const { fidelity } = lossOf(table, field)
    return fidelity === 'dropped' || fidelity === 'refused'
  })
  if (lost.length === 0) return
  const own = losses.get(target.index) ?? { requests: 0, fields: new Map<string, number>() }
  losses.set(target.index, own)
  own.requests += 1
  for (const field of lost) own.fields.set(field, (own.fields.get(field) ?? 0) + 1)
}

function noteSpeeds({ facts, seen }: ReplayRequest, speeds: Map<string, TargetSpeed>): void {
  for (const { target, observation } of seen) {
    if (observation === null || observation.censored || observation.end.class !== 'ok') continue
    // A latency target is held against the first content of a stream, and against the whole of a plain answer.
    const us = facts.features.stream ? (observation.firstContentUs ?? observation.totalUs) : observation.totalUs
    const known = speeds.get(target)
    if (known === undefined) {
      speeds.set(target, { answers: 1, fastestMs: us / 1_000 })
      continue
    }
    known.answers += 1
    known.fastestMs = Math.min(known.fastestMs, us / 1_000)
  }
}
