/**
 * Token counts. `input_tokens` leaves out what was read from and written to the prompt cache, so the three are summed
 * (types of the client: "Total input tokens in a request is the summation of `input_tokens`,
 * `cache_creation_input_tokens`, and `cache_read_input_tokens`", read 2026-11-23).
 */
import type { CompletionUsage } from '../../../../schemas/index.ts'
import { renderUsage } from '../../chat/emit-usage.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { countOf, recordOf } from '../../chat/loose.ts'
import type { TokenUsage } from '../../chat/usage.ts'

/** Counts as the provider gave them; null where it has not said. */
export interface UsageCounts {
  readonly input: number | null
  readonly output: number | null
  readonly cacheRead: number | null
  readonly cacheWrite: number | null
  readonly thinking: number | null
}

export const uncounted: UsageCounts = { input: null, output: null, cacheRead: null, cacheWrite: null, thinking: null }

/**
 * Adds what an event says to what was known. Counts are cumulative, so a later one stands for an earlier one; an event
 * that leaves a count out, or gives null, has nothing to say about it. Input may first be right in the last event
 * (recorded: 43 in `message_start`, 61 in `message_delta`).
 */
export function mergeCounts(known: UsageCounts, usage: unknown): UsageCounts {
  const told = recordOf(usage)
  if (told === null) return known
  const details = recordOf(told['output_tokens_details'])
  return {
    input: countOf(told['input_tokens']) ?? known.input,
    output: countOf(told['output_tokens']) ?? known.output,
    cacheRead: countOf(told['cache_read_input_tokens']) ?? known.cacheRead,
    cacheWrite: countOf(told['cache_creation_input_tokens']) ?? known.cacheWrite,
    thinking: countOf(details?.['thinking_tokens']) ?? known.thinking,
  }
}

export interface CountedUsage {
  readonly tokens: TokenUsage
  readonly wire: CompletionUsage
}

/** Null while nothing was counted. */
export function renderCounts({ input, output, cacheRead, cacheWrite, thinking }: UsageCounts): CountedUsage | null {
  if (input === null && output === null) return null
  const outputTokens = output ?? 0
  const tokens: TokenUsage = {
    inputTokens: (input ?? 0) + (cacheRead ?? 0) + (cacheWrite ?? 0),
    outputTokens,
    cachedTokens: cacheRead ?? 0,
    reasoningTokens: Math.min(thinking ?? 0, outputTokens),
  }
  const prompt = cacheWrite === null ? {} : { cache_write_tokens: cacheWrite }
  return { tokens, wire: renderUsage(tokens, { prompt, completion: {} }) }
}

/** The tier that served the answer, in OpenAI's words; null for `batch`, which OpenAI has no word for. */
export function readServiceTier(usage: LooseRecord | null): 'default' | 'priority' | null {
  const tier = usage?.['service_tier']
  if (tier === 'standard') return 'default'
  return tier === 'priority' ? 'priority' : null
}
