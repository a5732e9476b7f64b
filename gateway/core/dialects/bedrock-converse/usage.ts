/**
 * Token counts. `inputTokens` leaves out what was read from and written to the prompt cache, so the three are summed
 * (recorded: 10 in, 7,351 read, 4 out, 7,365 in total).
 */
import type { CompletionUsage, ServiceTier } from '../../../../schemas/index.ts'
import { renderUsage } from '../../chat/emit-usage.ts'
import { countOf, recordOf } from '../../chat/loose.ts'
import type { TokenUsage } from '../../chat/usage.ts'

export interface CountedUsage {
  readonly tokens: TokenUsage
  readonly wire: CompletionUsage
}

/** Null where nothing was counted. Reasoning is part of the output and not told apart. */
export function readUsage(usage: unknown): CountedUsage | null {
  const told = recordOf(usage)
  const input = countOf(told?.['inputTokens'])
  const output = countOf(told?.['outputTokens'])
  if (told === null || (input === null && output === null)) return null
  const cacheRead = countOf(told['cacheReadInputTokens']) ?? 0
  const cacheWrite = countOf(told['cacheWriteInputTokens'])
  const tokens: TokenUsage = {
    inputTokens: (input ?? 0) + cacheRead + (cacheWrite ?? 0),
    outputTokens: output ?? 0,
    cachedTokens: cacheRead,
    reasoningTokens: 0,
  }
  const prompt = cacheWrite === null ? {} : { cache_write_tokens: cacheWrite }
  return { tokens, wire: renderUsage(tokens, { prompt, completion: {} }) }
}

/** The tier that served the answer, in OpenAI's words; null for `reserved`, which OpenAI has no word for. */
export function readServiceTier(tier: unknown): ServiceTier {
  const type = recordOf(tier)?.['type']
  return type === 'default' || type === 'flex' || type === 'priority' ? type : null
}
