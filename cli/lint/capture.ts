/**
 * What recorded traffic says about a manifest, counted once for all rules: which route each request comes to, what each
 * candidate there could not carry over, and how fast each target answered when it was last asked. What was not recorded
 * is not guessed: such a request is left out and counted. A record says which parts a request had and not what stood in
 * them, so what only a value brings about (an image format nobody reads, say) is not foreseen.
 */
import { foreignName, isRequestField } from '../../gateway/core/chat/request-fields.ts'
import { type Loss, inexpressible, lossOf, refused } from '../../gateway/core/dialects/losses.ts'
import { lossesFor } from '../../gateway/core/routing/operation.ts'
import { matchRoute, needsClassification } from '../../gateway/core/routing/match.ts'
import type { CompiledRoute, CompiledTarget, RoutingTable } from '../../gateway/core/routing/table.ts'
import type { ReplayRequest } from '../replay/request.ts'

/** What becomes of one part of the requests that ask for it, at one candidate. */
export interface PartLoss {
  readonly fidelity: 'approximated' | 'dropped' | 'refused'
  /** Half a sentence; empty where it is obvious. */
  readonly how: string
  /** Only values above this one are affected, and a record keeps no values; null: all are. */
  readonly above: number | null
  requests: number
}

export interface RouteTraffic {
  /** Requests that came to the route and of which it is known what they asked for. */
  requests: number
  /** Those that no candidate can express, so that they would be answered 400. */
  unserved: number
  /** By the candidate's position, then by part, as `readFields` names it. Candidates that lose nothing are not there. */
  readonly losses: Map<number, Map<string, PartLoss>>
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
    const traffic = routes.get(route.index) ?? {
      requests: 0,
      unserved: 0,
      losses: new Map<number, Map<string, PartLoss>>(),
    }
    routes.set(route.index, traffic)
    traffic.requests += 1
    for (const target of route.candidates) noteLosses(target, request, traffic)
    if (route.candidates.every((target) => isSkipped(target, request, route))) traffic.unserved += 1
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

/** There are fewer parts than this; names that callers make up could be any number. */
const mostParts = 200

function noteLosses(target: CompiledTarget, { facts }: ReplayRequest, { losses }: RouteTraffic): void {
  const table = lossesFor(target, facts.operation)
  const own = losses.get(target.index) ?? new Map<string, PartLoss>()
  const note = (part: string, { fidelity, how, above }: Loss): void => {
    if (fidelity === 'exact') return
    losses.set(target.index, own)
    const counted = own.get(part)
    if (counted !== undefined) counted.requests += 1
    else if (own.size < mostParts) own.set(part, { fidelity, how, above: above ?? null, requests: 1 })
  }
  if (table === null) note(facts.operation, refused(`it cannot be asked for ${facts.operation}`))
  // Records of others may hold any text.
  else for (const field of facts.features.fields) note(knownName(field), lossOf(table, field))
}

function knownName(field: string): string {
  return isRequestField(field) ? field : foreignName(field)
}

/** By the rule that the engine goes by. */
function isSkipped(target: CompiledTarget, { facts }: ReplayRequest, { refuseLoss }: CompiledRoute): boolean {
  const table = lossesFor(target, facts.operation)
  return table === null || inexpressible(table, facts.features.fields, refuseLoss).length > 0
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
