/** Tokens of one answer, counted the way OpenAI counts them: cached inside input, reasoning inside output. */
export interface TokenUsage {
  readonly inputTokens: number
  readonly outputTokens: number
  /** Part of `inputTokens` that the provider read from its prompt cache. */
  readonly cachedTokens: number
  /** Part of `outputTokens` that was spent on reasoning. */
  readonly reasoningTokens: number
}

/** Prices in micro-USD per million tokens (so `input: 0.15` USD per million in a manifest is 150,000 here). */
export interface TokenPrice {
  readonly input: number
  readonly output: number
  readonly cached: number
}

/** Cost in whole micro-USD, rounded half up; cached tokens are charged at their own price, never twice. */
export function costMicroUsd(usage: TokenUsage, price: TokenPrice): number {
  const fresh = Math.max(0, usage.inputTokens - usage.cachedTokens)
  const total = fresh * price.input + usage.cachedTokens * price.cached + usage.outputTokens * price.output
  return Math.round(total / 1_000_000)
}
