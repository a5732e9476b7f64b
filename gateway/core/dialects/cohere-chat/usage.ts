/**
 * Token counts. `tokens` is what went through the model, `billed_units` what is paid for: less, since the vendor's own
 * prompt around a request is free (recorded: 7 billed of 502). As with every other provider the tokens are counted, so a
 * cost reckoned from them is an upper bound. Recorded, 2026-11-24: pictures are counted apart (`image_tokens`: 518 beside
 * 501 input tokens, 522 billed), `reasoning_tokens` are part of the output, and `cached_tokens` stands beside `tokens`.
 */
import type { LooseRecord } from '../../chat/loose.ts'
import { countOf, recordOf } from '../../chat/loose.ts'
import type { TokenUsage } from '../../chat/usage.ts'

/** Takes a whole reply, or the last event's `delta`. Null when nothing was counted. */
export function readUsage(source: LooseRecord): TokenUsage | null {
  const usage = recordOf(source['usage'])
  const counts = [recordOf(usage?.['tokens']), recordOf(usage?.['billed_units'])].find(isCounted)
  if (usage === null || counts === undefined || counts === null) return null
  const input = countOf(counts['input_tokens'])
  const output = countOf(counts['output_tokens'])
  const inputTokens = (input ?? 0) + (countOf(counts['image_tokens']) ?? 0)
  const outputTokens = output ?? 0
  return {
    inputTokens,
    outputTokens,
    cachedTokens: Math.min(countOf(usage['cached_tokens']) ?? 0, inputTokens),
    reasoningTokens: Math.min(countOf(counts['reasoning_tokens']) ?? 0, outputTokens),
  }
}

function isCounted(counts: LooseRecord | null): boolean {
  return countOf(counts?.['input_tokens']) !== null || countOf(counts?.['output_tokens']) !== null
}
