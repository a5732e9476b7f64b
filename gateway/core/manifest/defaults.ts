/** What a setting is when the manifest does not say: the numbers of the design, in the manifest's own units. */
import type { HealthOverrides } from '../../../schemas/index.ts'

export const defaultHealth: Required<HealthOverrides> = {
  consecutive_failures: 5,
  failure_ratio: 0.5,
  minimum_requests: 20,
  window_ms: 30_000,
  open_ms: 15_000,
  max_open_ms: 120_000,
  rate_limited_ms: 5_000,
  max_rate_limited_ms: 60_000,
  quota_ms: 60_000,
  misconfigured_ms: 30_000,
}

export const defaultConnectTimeoutMs = 10_000
export const defaultIdleTimeoutMs = 120_000
/** What OpenAI's clients wait. */
export const defaultDeadlineMs = 600_000
/** How close a prompt must be to an example, from 0 to 1. */
export const defaultSemanticThreshold = 0.75
