/**
 * Asks what a manifest would have made of past traffic: the gateway's own engine, in virtual time, against outcomes
 * taken from the record, from what was recorded of the target, or from what a scenario says. An open loop: callers'
 * retries and providers' own slow-down under load are not in it.
 */
import type { Scenario } from '../../schemas/index.ts'
import type { RequestState } from '../../gateway/core/engine/state.ts'
import type { AttemptQuestion, SimulatedAttempt, VirtualRequest } from '../../gateway/core/engine/virtual.ts'
import { VirtualLoop } from '../../gateway/core/engine/virtual.ts'
import { drawUniform } from '../../gateway/core/routing/draw.ts'
import { SharedState } from '../../gateway/core/routing/shared-state.ts'
import type { CompiledTarget, RoutingTable } from '../../gateway/core/routing/table.ts'
import type { Evidence, Observation } from './evidence.ts'
import type { ActiveFault } from './faults.ts'
import { applyFault, assumptionFor, compileFaults, faultHits, outcomeOf } from './faults.ts'
import type { ReplayRequest } from './request.ts'
import { Tally } from './tally.ts'

export interface WhatIfOptions {
  readonly table: RoutingTable
  readonly evidence: Evidence
  readonly scenario: Scenario | null
  /** Assumptions of the command line; they stand before the scenario's, and behind everything recorded. */
  readonly assume: Scenario['assume']
  /** How many gateway processes share the traffic of a trace that names none. */
  readonly instances: number
  /** Told as each request finishes: the target that served it, or what became of it. */
  readonly finished: (request: ReplayRequest, served: string) => void
}

/** A target would be called of which nothing is known. */
export class NoEvidenceError extends Error {
  constructor(target: string) {
    super(
      `nothing was recorded of ${target}: say how it answers with --assume '${target}=FIRST/TOTAL' (such as 300ms/2s), or in a scenario under "assume"`,
    )
  }
}

/** An observation that was cut off at this time by us is taken as this many times as long, when nothing longer is known. */
const extrapolation = 2

export class WhatIf {
  readonly tally = new Tally()
  private readonly options: WhatIfOptions
  private readonly loops = new Map<string, VirtualLoop<ReplayRequest>>()
  private faults: readonly ActiveFault[] | null = null
  private startUs = 0

  constructor(options: WhatIfOptions) {
    this.options = options
  }

  /** Takes the next request, in order of arrival. */
  take(request: ReplayRequest): void {
    if (this.faults === null) {
      this.startUs = request.arrivedUs
      this.faults = compileFaults(this.options.scenario, this.startUs)
    }
    if (this.isUndecidable(request)) {
      this.tally.undecidable += 1
      return
    }
    this.loopOf(request).arrive({
      tag: request,
      facts: request.facts,
      arrivesUs: Math.max(0, request.arrivedUs - this.startUs),
      hangsUpAfterUs: request.hungUpAfterUs,
    })
  }

  end(): Tally {
    for (const loop of this.loops.values()) loop.drain()
    return this.tally
  }

  private loopOf(request: ReplayRequest): VirtualLoop<ReplayRequest> {
    const name = request.process === '' ? `instance ${request.index % this.options.instances}` : request.process
    let loop = this.loops.get(name)
    if (loop === undefined) {
      loop = new VirtualLoop({
        table: this.options.table,
        shared: new SharedState(),
        missingSecrets: new Set(),
        attempt: (question) => this.simulate(question),
        finished: (state, virtual) => this.finished(state, virtual),
      })
      this.loops.set(name, loop)
    }
    return loop
  }

  private finished(state: RequestState, { tag: request }: VirtualRequest<ReplayRequest>): void {
    state.shared.takeChanges()
    this.options.finished(request, this.tally.count(state, request))
  }

  /** Does a route that could take this request ask for something that was not recorded? */
  private isUndecidable(request: ReplayRequest): boolean {
    if (request.unknown.size === 0) return false
    for (const { match } of this.options.table.findRoutes(request.facts.model)) {
      const asks =
        (match.has.length > 0 && request.unknown.has('features')) ||
        (match.headers.length > 0 && request.unknown.has('headers')) ||
        ((match.credentials !== null || match.organizations !== null) && request.unknown.has('credential'))
      if (asks) return true
      if (match.stream === null || match.stream === request.facts.features.stream) return false
    }
    return false
  }

  private simulate(question: AttemptQuestion<ReplayRequest>): SimulatedAttempt {
    const { request, target, atUs, earlierCalls } = question
    const { seed, features } = request.facts
    const draw = (purpose: number) => drawUniform(seed, target.drawHigh ^ purpose, target.drawLow + earlierCalls)
    let observation: Observation | null = null
    for (const active of this.faults ?? []) {
      if (!faultHits(active, target, atUs)) continue
      if (active.fault.share !== undefined && draw(active.number + 101) >= active.fault.share) continue
      const decided = outcomeOf(active.fault)
      if (decided === 'hangs') return this.hangs()
      if (decided !== null) {
        this.tally.evidence.scenario += 1
        return asAttempt(decided, features.stream)
      }
      observation = applyFault(observation ?? this.observe(request.tag, target, { earlierCalls, draw }), active.fault)
    }
    observation ??= this.observe(request.tag, target, { earlierCalls, draw })
    return asAttempt(observation, features.stream)
  }

  private hangs(): SimulatedAttempt {
    this.tally.evidence.scenario += 1
    const end = { class: 'timeout', usage: null, status: 0, retryAfterMs: null } as const
    return { firstContentAfterUs: null, endAfterUs: null, end }
  }

  /** Record first, then the target's distribution, then what was assumed. */
  private observe(request: ReplayRequest, target: CompiledTarget, call: CallDraw): Observation {
    const { evidence } = this.options
    const recorded = recordedCall(request, target.id, call.earlierCalls)
    if (recorded !== null && !recorded.censored) {
      this.tally.evidence.record += 1
      return recorded
    }
    const assumption =
      assumptionFor(this.options.assume, target) ?? assumptionFor(this.options.scenario?.assume, target)
    const drawn = recorded ?? evidence.draw(target.id, call.draw(1))
    if (drawn !== null && !drawn.censored) {
      this.tally.evidence.distribution += 1
      return drawn
    }
    if (drawn !== null) return this.longerThan(target, drawn, call)
    if (assumption === null) throw new NoEvidenceError(target.id)
    this.tally.evidence.assumed += 1
    return {
      firstContentUs: Math.round((assumption.first_content_ms ?? assumption.total_ms) * 1000),
      totalUs: Math.round(assumption.total_ms * 1000),
      censored: false,
      end: { class: 'ok', usage: null, status: 200, retryAfterMs: null },
    }
  }

  private longerThan(target: CompiledTarget, censored: Observation, call: CallDraw): Observation {
    const longer = this.options.evidence.drawLonger(target.id, censored.totalUs, call.draw(2))
    if (longer !== null) {
      this.tally.evidence.distribution += 1
      return longer
    }
    this.tally.evidence.extrapolated += 1
    const totalUs = censored.totalUs * extrapolation
    const end = { class: 'ok', usage: null, status: 200, retryAfterMs: null } as const
    return { firstContentUs: totalUs, totalUs, censored: false, end }
  }
}

interface CallDraw {
  readonly earlierCalls: number
  readonly draw: (purpose: number) => number
}

/** How the record shows the request's n-th call of this very target. */
function recordedCall(request: ReplayRequest, target: string, earlierCalls: number): Observation | null {
  return request.seen.filter((one) => one.target === target)[earlierCalls]?.observation ?? null
}

function asAttempt(observation: Observation, stream: boolean): SimulatedAttempt {
  const { firstContentUs, totalUs, end } = observation
  const hasContent = stream && (firstContentUs !== null || end.class === 'ok')
  return {
    firstContentAfterUs: hasContent ? Math.min(firstContentUs ?? totalUs, totalUs) : null,
    endAfterUs: totalUs,
    end,
  }
}
