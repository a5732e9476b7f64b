import type { CompletionTokensDetails, PromptTokensDetails, CompletionUsage } from '../../../schemas/index.ts'
import type { TokenUsage } from './usage.ts'

/** Counts that only some providers give; they are passed on beside those we count ourselves. */
export interface UsageDetails {
  readonly prompt: PromptTokensDetails
  readonly completion: CompletionTokensDetails
}

/** Token counts in OpenAI's shape. The total is always the sum, whatever the provider made of it. */
export function renderUsage(tokens: TokenUsage, details: UsageDetails | null = null): CompletionUsage {
  return {
    prompt_tokens: tokens.inputTokens,
    completion_tokens: tokens.outputTokens,
    total_tokens: tokens.inputTokens + tokens.outputTokens,
    prompt_tokens_details: { ...details?.prompt, cached_tokens: tokens.cachedTokens },
    completion_tokens_details: { ...details?.completion, reasoning_tokens: tokens.reasoningTokens },
  }
}
