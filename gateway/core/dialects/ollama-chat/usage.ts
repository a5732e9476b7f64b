/** Token counts of the last line, or of the whole reply. */
import type { LooseRecord } from '../../chat/loose.ts'
import { countOf } from '../../chat/loose.ts'
import type { TokenUsage } from '../../chat/usage.ts'

/**
 * Null when the prompt is not counted: servers before July 2024 left `prompt_eval_count` out where the prompt was cached
 * (https://github.com/ollama/ollama/pull/5371), and half a count would be taken for the whole. A count that is zero is
 * not sent, so an answer of nothing has no `eval_count`. `prompt_eval_cached_count` (servers since 2026) is part of
 * the prompt. Reasoning is part of the output and not counted apart. Durations mean nothing to us. Checked 2026-11-23.
 */
export function readUsage(source: LooseRecord): TokenUsage | null {
  const inputTokens = countOf(source['prompt_eval_count']) ?? 0
  if (inputTokens === 0) return null
  return {
    inputTokens,
    outputTokens: countOf(source['eval_count']) ?? 0,
    cachedTokens: Math.min(countOf(source['prompt_eval_cached_count']) ?? 0, inputTokens),
    reasoningTokens: 0,
  }
}
