/**
 * Token counts. The total is the sum of four: the prompt (what was read from a cache is part of it), what the provider's
 * own tools put into it, the candidates, and the thoughts, which are not part of the candidates (comments on
 * `GenerateContentResponseUsageMetadata` in the client's types, 2.32.0, and every recording; read 2026-11-24).
 */
import type { CompletionUsage } from '../../../../schemas/index.ts'
import { renderUsage } from '../../chat/emit-usage.ts'
import { countOf, recordOf } from '../../chat/loose.ts'
import type { TokenUsage } from '../../chat/usage.ts'

/** Counts as the provider gave them; null where it has not said. */
export interface UsageCounts {
  readonly prompt: number | null
  readonly toolUse: number | null
  readonly candidates: number | null
  readonly thoughts: number | null
  readonly cached: number | null
}

export const uncounted: UsageCounts = { prompt: null, toolUse: null, candidates: null, thoughts: null, cached: null }

/** Nearly every event of a stream counts anew; a later count stands for an earlier one, and one left out says nothing. */
export function mergeCounts(known: UsageCounts, usage: unknown): UsageCounts {
  const told = recordOf(usage)
  if (told === null) return known
  return {
    prompt: countOf(told['promptTokenCount']) ?? known.prompt,
    toolUse: countOf(told['toolUsePromptTokenCount']) ?? known.toolUse,
    candidates: countOf(told['candidatesTokenCount']) ?? known.candidates,
    thoughts: countOf(told['thoughtsTokenCount']) ?? known.thoughts,
    cached: countOf(told['cachedContentTokenCount']) ?? known.cached,
  }
}

export interface CountedUsage {
  readonly tokens: TokenUsage
  readonly wire: CompletionUsage
}

/** Null while the prompt was not counted: then half the count would be taken for the whole. */
export function renderCounts({ prompt, toolUse, candidates, thoughts, cached }: UsageCounts): CountedUsage | null {
  if (prompt === null) return null
  const inputTokens = prompt + (toolUse ?? 0)
  const tokens: TokenUsage = {
    inputTokens,
    outputTokens: (candidates ?? 0) + (thoughts ?? 0),
    cachedTokens: Math.min(cached ?? 0, inputTokens),
    reasoningTokens: thoughts ?? 0,
  }
  return { tokens, wire: renderUsage(tokens) }
}

/** The tier that served the answer, in OpenAI's words. */
export function readServiceTier(usage: unknown): 'default' | 'flex' | 'priority' | null {
  const tier = recordOf(usage)?.['serviceTier']
  if (tier === 'standard') return 'default'
  return tier === 'flex' || tier === 'priority' ? tier : null
}
