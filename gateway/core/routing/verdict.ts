/** Why a candidate may or may not be tried, with the values behind it, so that `explain` needs no other state. */
import type { FailureClass } from '../chat/failure.ts'
import type { Operation } from './operation.ts'

export type Verdict =
  | { readonly verdict: 'admissible' }
  /** The breaker is open until then, or (null) half-open with its one probe under way. */
  | { readonly verdict: 'breaker_open'; readonly untilUs: number | null }
  | { readonly verdict: 'cooling_down'; readonly after: FailureClass; readonly untilUs: number }
  | {
      readonly verdict: 'ceiling_reached'
      readonly ceiling: 'requests_per_minute' | 'tokens_per_minute' | 'max_concurrent'
      readonly used: number
      readonly limit: number
      readonly retryAfterMs: number
    }
  | { readonly verdict: 'outside_boundary' }
  | { readonly verdict: 'over_cost_cap'; readonly estimateMicroUsd: number; readonly capMicroUsd: number }
  | { readonly verdict: 'context_too_long'; readonly neededTokens: number; readonly windowTokens: number }
  | { readonly verdict: 'cannot_express'; readonly fields: readonly string[] }
  /** The provider, or this model of it, does not answer such requests at all. */
  | { readonly verdict: 'unsupported_operation'; readonly operation: Operation }
  /** More inputs than one embeddings request to this target may have; they are never split without being asked to. */
  | { readonly verdict: 'too_many_inputs'; readonly inputs: number; readonly limit: number }
  | { readonly verdict: 'secret_missing' }

/** Only these protect the provider rather than the request; they never refuse a caller on their own. */
export function isHealthVerdict(verdict: Verdict): boolean {
  return verdict.verdict === 'breaker_open' || verdict.verdict === 'cooling_down'
}

/** The failure class a skipped candidate stands for when the final status is worked out. */
export function classOfVerdict(verdict: Verdict): FailureClass | null {
  switch (verdict.verdict) {
    case 'ceiling_reached':
      return 'quota'
    case 'context_too_long':
      return 'context_length'
    case 'cannot_express':
    case 'unsupported_operation':
    case 'too_many_inputs':
      return 'unsupported_by_target'
    case 'secret_missing':
      return 'misconfigured'
    case 'admissible':
    case 'breaker_open':
    case 'cooling_down':
    case 'outside_boundary':
    case 'over_cost_cap':
      return null
    default:
      return verdict satisfies never
  }
}
