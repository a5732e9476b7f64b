/**
 * May this candidate be tried now? Asked just before each attempt, never remembered: what fixed the answer (a breaker,
 * a ceiling) may have changed since the last one. What speaks against the request itself is told before what protects
 * the provider, because only the latter may be overruled.
 */
import { inexpressible } from '../dialects/losses.ts'
import type { RequestFacts } from '../engine/events.ts'
import { lossesFor } from './operation.ts'
import { estimatedCost } from './order.ts'
import type { SharedState } from './shared-state.ts'
import type { CompiledRoute, CompiledTarget } from './table.ts'
import type { Verdict } from './verdict.ts'

/** Which connections lack a secret they need. Known to the driver, recorded with the generation. */
export type MissingSecrets = ReadonlySet<string>

export interface AdmissionContext {
  readonly facts: RequestFacts
  readonly shared: SharedState
  readonly missingSecrets: MissingSecrets
  readonly route: CompiledRoute
}

const admissible: Verdict = { verdict: 'admissible' }

export function admit(target: CompiledTarget, context: AdmissionContext, atUs: number): Verdict {
  const { facts, shared, missingSecrets, route } = context
  if (target.outsideBoundary) return { verdict: 'outside_boundary' }
  const losses = lossesFor(target, facts.operation)
  if (losses === null) return { verdict: 'unsupported_operation', operation: facts.operation }
  if (missingSecrets.has(target.connection.name)) return { verdict: 'secret_missing' }
  const fields = inexpressible(losses, facts.features.fields, route.refuseLoss)
  if (fields.length > 0) return { verdict: 'cannot_express', fields }
  const limit = overLimit(target, facts)
  if (limit !== null) return limit
  const { inputTokens, outputTokens } = facts.estimate
  const { ceilings } = target.connection
  const load = shared.loadOf(target.connection).verdict(ceilings, inputTokens + (outputTokens ?? 0), atUs)
  if (load !== null) return load
  return shared.healthOf(target).verdict(atUs) ?? admissible
}

function overLimit(target: CompiledTarget, facts: RequestFacts): Verdict | null {
  const { inputTokens, longestInputTokens, outputTokens } = facts.estimate
  if (facts.operation === 'embeddings') {
    const inputs = facts.features.messages
    const limit = target.embeddings?.maxInputs ?? null
    if (limit !== null && inputs > limit) return { verdict: 'too_many_inputs', inputs, limit }
  }
  if (target.contextWindow !== null) {
    const neededTokens = (longestInputTokens ?? inputTokens) + (outputTokens ?? 0)
    if (neededTokens > target.contextWindow) {
      return { verdict: 'context_too_long', neededTokens, windowTokens: target.contextWindow }
    }
  }
  if (target.maxMicroUsdPerRequest !== null) {
    const estimateMicroUsd = estimatedCost(target, facts)
    // A price nobody knows cannot be capped; lint says so, the caller is served.
    if (estimateMicroUsd !== null && estimateMicroUsd > target.maxMicroUsdPerRequest) {
      return { verdict: 'over_cost_cap', estimateMicroUsd, capMicroUsd: target.maxMicroUsdPerRequest }
    }
  }
  return null
}
