/** What a check can find, and what each of it says to whoever set the connection up. */
import type { ProviderId } from '../../../schemas/index.ts'

/**
 * - ok: the call was answered, and every model that targets name is there;
 * - model_unknown, model_unlisted: the connection is well, but not every target of it; unlisted where the list is known
 *   to be incomplete;
 * - key_missing, no_credentials, key_refused: nothing to send, no token or signature to be had, or the provider does not
 *   take it;
 * - not_found: something answers there, and knows nothing of the call: the address is wrong;
 * - rate_limited, quota: the provider answers, and not this account now;
 * - dns, tcp, tls, proxy, timeout: how far the connection came;
 * - refused, failing, unreadable: an answer that fits nothing above: 4xx, 5xx, or a 200 with something else in it;
 * - unchecked: there was nothing to ask about.
 */
export const checkOutcomes = [
  'ok',
  'model_unknown',
  'model_unlisted',
  'key_missing',
  'no_credentials',
  'key_refused',
  'not_found',
  'rate_limited',
  'quota',
  'dns',
  'tcp',
  'tls',
  'proxy',
  'timeout',
  'refused',
  'failing',
  'unreadable',
  'unchecked',
] as const

export type CheckOutcome = (typeof checkOutcomes)[number]

/** What one call showed; `null` help: there is nothing to do about it here. */
export interface CheckFinding {
  readonly outcome: CheckOutcome
  /** One sentence, with no key in it. */
  readonly message: string
  readonly help: string | null
  /** HTTP status; null without an answer. */
  readonly status: number | null
}

export interface ConnectionCheck extends CheckFinding {
  readonly connection: string
  readonly type: ProviderId
  /** What was called: `GET https://host/path`, without anything secret; null when nothing was. */
  readonly call: string | null
  /** Milliseconds of the first call; null when nothing was called. */
  readonly ms: number | null
  /** What it costs, in words. */
  readonly costs: string
  /** Models that targets name, and whether each is there; null: this check does not tell. */
  readonly models: readonly { readonly model: string; readonly found: boolean | null }[]
}

const passing: ReadonlySet<CheckOutcome> = new Set(['rate_limited', 'model_unlisted', 'unchecked'])

/** How much it weighs; null: nothing is wrong. What may pass by itself, or may not be wrong at all, is a warning. */
export function severityOf(outcome: CheckOutcome): 'error' | 'warning' | null {
  if (outcome === 'ok') return null
  return passing.has(outcome) ? 'warning' : 'error'
}
