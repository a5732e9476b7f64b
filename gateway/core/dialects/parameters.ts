/** `targets[].parameters` of the manifest: the operator's defaults and ceilings, under OpenAI's names. */
import type { ChatCompletionRequest } from '../../../schemas/index.ts'

/** Two names for one thing; a ceiling under either name holds for both. */
const tokenLimits = ['max_completion_tokens', 'max_tokens'] as const

/**
 * A default fills what the caller left out (null counts as left out). A token limit is a ceiling as well: what the
 * caller asks for is lowered to it, under whichever of its two names it was asked.
 */
export function applyParameters(
  request: ChatCompletionRequest,
  parameters: Readonly<Record<string, unknown>>,
): ChatCompletionRequest {
  const draft: ChatCompletionRequest = { ...request }
  for (const [name, value] of Object.entries(parameters)) {
    if (isTokenLimit(name) && typeof value === 'number') applyCeiling(draft, name, value)
    else if (draft[name] === undefined || draft[name] === null) draft[name] = value
  }
  return draft
}

type TokenLimit = (typeof tokenLimits)[number]

function applyCeiling(draft: ChatCompletionRequest, name: TokenLimit, ceiling: number): void {
  let asked = false
  for (const limit of tokenLimits) {
    const value = draft[limit]
    if (typeof value !== 'number') continue
    asked = true
    if (value > ceiling) draft[limit] = ceiling
  }
  if (!asked) draft[name] = ceiling
}

function isTokenLimit(name: string): name is TokenLimit {
  return name === 'max_tokens' || name === 'max_completion_tokens'
}
