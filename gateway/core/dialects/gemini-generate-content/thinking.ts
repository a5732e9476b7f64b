/**
 * How much the model is to think: a level from Gemini 3 on, before that a budget of tokens. Sending the other one, or
 * either to a model that knows none, is answered with 400 (https://ai.google.dev/gemini-api/docs/thinking, read
 * 2026-11-24). Thoughts count as output, so a budget must leave room for the answer.
 */
import type { ChatCompletionRequest } from '../../../../schemas/index.ts'
import type { LooseRecord } from '../../chat/loose.ts'
import type { ModelTraits, ThinkingBudgets, ThinkingLevel } from './models.ts'
import { nearestLevel } from './models.ts'

const levels: ReadonlyMap<string, ThinkingLevel> = new Map([
  ['none', 'MINIMAL'],
  ['minimal', 'MINIMAL'],
  ['low', 'LOW'],
  ['medium', 'MEDIUM'],
  ['high', 'HIGH'],
  ['xhigh', 'HIGH'],
  ['max', 'HIGH'],
])

/** Low, medium and high are what the maker's own OpenAI-compatible API makes of them (its page, read 2026-11-24). */
const budgets: ReadonlyMap<string, number> = new Map([
  ['none', 0],
  ['minimal', 512],
  ['low', 1024],
  ['medium', 8192],
  ['high', 24_576],
  ['xhigh', 32_768],
  ['max', 32_768],
])

/** Of a caller's limit so much may go into thinking; the rest is for the answer. */
const greatestShare = 0.8

/** `thinkingConfig`, or null where nothing is to be said; the caller's own stands in `generationConfig`. */
export function encodeThinking(
  { reasoning_effort: asked }: ChatCompletionRequest,
  { thinking }: ModelTraits,
  maxTokens: number | null,
): LooseRecord | null {
  if (asked === undefined || asked === null || thinking === null) return null
  const level = levels.get(asked)
  if (level === undefined) return null
  // Nobody is told thoughts that were not asked for.
  const told = asked === 'none' ? {} : { includeThoughts: true }
  if ('least' in thinking) return { ...told, thinkingBudget: budgetOf(asked, thinking, maxTokens) }
  return { ...told, thinkingLevel: nearestLevel(thinking, level) }
}

function budgetOf(asked: string, { least, greatest, canBeOff }: ThinkingBudgets, maxTokens: number | null): number {
  const wanted = budgets.get(asked) ?? 0
  if (wanted === 0 && canBeOff) return 0
  const room = maxTokens === null ? greatest : Math.floor(maxTokens * greatestShare)
  return Math.max(least, Math.min(wanted, greatest, room))
}
