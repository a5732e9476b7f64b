/** One slow provider never takes the others' requests with it: it may have so many of all that are under way. */
import type { ProviderFailure } from '../../core/chat/failure.ts'
import type { CompiledTarget } from '../../core/routing/table.ts'
import type { ProcessState } from '../process-state.ts'
import { failed } from '../transport/failures.ts'

/** How long a provider that has its share is left alone. */
const leftAloneMs = 1000

/**
 * The failure of an attempt at a provider that has its share already, the attempt itself counted; null where it has
 * not. It is one of ours and no answer of the provider's, so it moves no breaker; the next target runs.
 */
export function failCrowded(
  { shared, overload }: ProcessState,
  { connection }: CompiledTarget,
): { readonly failure: ProviderFailure } | null {
  const { maxOpenPerProvider } = overload.limits
  if (shared.loadOf(connection).inFlight() <= maxOpenPerProvider) return null
  const message = `${maxOpenPerProvider} requests to this provider are under way here, and one provider may have no more`
  return { failure: { ...failed('rate_limited', message), retryAfterMs: leftAloneMs } }
}
