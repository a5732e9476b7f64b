/** Token counts: one meaning, many spellings. */
import type { CompletionUsage } from '../../../../schemas/index.ts'
import { renderUsage } from '../../chat/emit-usage.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import { countOf, isRecord, recordOf } from '../../chat/loose.ts'
import type { TokenUsage } from '../../chat/usage.ts'

export interface CountedUsage {
  readonly tokens: TokenUsage
  readonly wire: CompletionUsage
}

const promptDetails = ['audio_tokens', 'cache_write_tokens', 'image_tokens', 'text_tokens'] as const
const completionDetails = [
  'accepted_prediction_tokens',
  'audio_tokens',
  'rejected_prediction_tokens',
  'text_tokens',
] as const

/**
 * Reads a `usage` object; null when it counts nothing. Wire facts, all read in recordings (2026-11-23): cached tokens
 * stand in `prompt_tokens_details.cached_tokens`, in `prompt_cache_hit_tokens` or in `cached_tokens` at the top; some
 * servers report more cached than prompt tokens, and some leave reasoning out of `completion_tokens` while the total
 * holds it. Cached is part of the input here and reasoning part of the output, so both are put right.
 */
export function readUsage(raw: unknown): CountedUsage | null {
  if (!isRecord(raw)) return null
  const given = countOf(raw['completion_tokens']) ?? countOf(raw['output_tokens'])
  const total = countOf(raw['total_tokens'])
  const input = countOf(raw['prompt_tokens']) ?? countOf(raw['input_tokens']) ?? rest(total, given)
  if (input === null && given === null) return null
  const inputTokens = input ?? 0
  const promptGiven = recordOf(raw['prompt_tokens_details']) ?? recordOf(raw['input_tokens_details'])
  const completionGiven = recordOf(raw['completion_tokens_details']) ?? recordOf(raw['output_tokens_details'])
  const reasoning = countOf(completionGiven?.['reasoning_tokens']) ?? countOf(raw['reasoning_tokens']) ?? 0
  const counted = given ?? rest(total, inputTokens) ?? 0
  const outputTokens = total === inputTokens + counted + reasoning ? counted + reasoning : counted
  const cached =
    countOf(promptGiven?.['cached_tokens']) ??
    countOf(raw['prompt_cache_hit_tokens']) ??
    countOf(raw['cached_tokens']) ??
    0
  const tokens: TokenUsage = {
    inputTokens,
    outputTokens,
    cachedTokens: Math.min(cached, inputTokens),
    reasoningTokens: Math.min(reasoning, outputTokens),
  }
  const details = { prompt: pick(promptGiven, promptDetails), completion: pick(completionGiven, completionDetails) }
  return { tokens, wire: renderUsage(tokens, details) }
}

/** False for the empty object that some servers send where they have nothing to count. */
export function countsTokens(usage: LooseRecord): boolean {
  return typeof (usage['prompt_tokens'] ?? usage['completion_tokens'] ?? usage['input_tokens']) === 'number'
}

function rest(total: number | null, part: number | null): number | null {
  return total === null || part === null || part > total ? null : total - part
}

function pick<Name extends string>(source: LooseRecord | null, names: readonly Name[]): { [K in Name]?: number } {
  const picked: { [K in Name]?: number } = {}
  if (source === null) return picked
  for (const name of names) {
    const count = countOf(source[name])
    if (count !== null) picked[name] = count
  }
  return picked
}
