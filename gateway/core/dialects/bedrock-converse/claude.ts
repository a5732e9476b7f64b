/** Claude as it is served here: its maker's rules, and what this API never gave its first generations. */
import type { ModelTraits } from '../../models/claude.ts'
import { traitsOf } from '../../models/claude.ts'

export interface ClaudeTraits {
  readonly model: ModelTraits
  /** Since version 3: pictures and tools. */
  readonly isModern: boolean
  /**
   * Can it be told to make one call at most? Refused by older ones ("extraneous key [disable_parallel_tool_use] is not
   * permitted", anthropics/anthropic-sdk-python#739); taken since 4.5 (BerriAI/litellm#34347, tried there against the
   * API; both read 2026-11-24).
   */
  readonly singleCalls: boolean
}

const firstGenerations = /claude-(?:v?[12](?!\d)|instant)/
const modern = new Map<ModelTraits, ClaudeTraits>()
const first = new Map<ModelTraits, ClaudeTraits>()

/** The same object for models that are alike. */
export function claudeTraitsOf(name: string): ClaudeTraits {
  const model = traitsOf(name)
  const isModern = !firstGenerations.test(name)
  const known = isModern ? modern : first
  const traits = known.get(model) ?? { model, isModern, singleCalls: model.structuredOutputs }
  known.set(model, traits)
  return traits
}
