/** `targets[].parameters` of the manifest: the operator's defaults and ceilings. */

/** Two names for one thing; a ceiling under either name holds for both. */
const tokenLimits = ['max_completion_tokens', 'max_tokens'] as const

/**
 * A default fills what the caller left out (null counts as left out). A token limit is a ceiling as well: what the
 * caller asks for is lowered to it, under whichever of its two names it was asked. Changes the draft.
 */
export function applyParameters(draft: Record<string, unknown>, parameters: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (isTokenLimit(name) && typeof value === 'number') applyCeiling(draft, name, value)
    else if (draft[name] === undefined || draft[name] === null) draft[name] = value
  }
}

function applyCeiling(draft: Record<string, unknown>, name: string, ceiling: number): void {
  let asked = false
  for (const limit of tokenLimits) {
    const value = draft[limit]
    if (typeof value !== 'number') continue
    asked = true
    if (value > ceiling) draft[limit] = ceiling
  }
  if (!asked) draft[name] = ceiling
}

function isTokenLimit(name: string): name is (typeof tokenLimits)[number] {
  return name === 'max_tokens' || name === 'max_completion_tokens'
}
