/**
 * How much the model is to think, and the sampling parameters that thinking shuts out. Rules of the API (its pages on
 * thinking and its errors, read 2026-11-23): a budget is at least 1,024 and below `max_tokens`; with a budget no tool
 * can be forced; while a model thinks, `temperature` must be 1, `top_k` unset and `top_p` at least 0.95.
 */
import type { ChatCompletionRequest } from '../../../schemas/index.ts'
import { isRecord, recordOf } from '../chat/loose.ts'
import type { EffortLevel, ModelTraits } from './claude.ts'
import { effortLevels, nearestEffort } from './claude.ts'
import type { EncodeNotes } from '../chat/encode-notes.ts'

export interface Thinking {
  /** Fields of the body; `effort` goes into `output_config`. */
  readonly thinking: unknown
  readonly effort: EffortLevel | null
  /** Will the model think because it was asked to? Models that think unasked take no sampling parameters anyway. */
  readonly isOn: boolean
}

export interface ThinkingLimits {
  readonly traits: ModelTraits
  /** The body's `max_tokens`. */
  readonly maxTokens: number
  /** Something in the conversation rules a thinking budget out. */
  readonly forbidsBudget: boolean
}

const unasked: Thinking = { thinking: undefined, effort: null, isOn: false }

/** The caller's own `thinking` comes first, unless the API would refuse it for the sake of the conversation. */
export function encodeThinking(request: ChatCompletionRequest, limits: ThinkingLimits, notes: EncodeNotes): Thinking {
  const own = recordOf(request['thinking'])
  if (own !== null) {
    const isOff = own['type'] === 'enabled' && limits.forbidsBudget
    if (isOff) notes.lost.add('thinking;approximated')
    const isOn = !isOff && (own['type'] === 'enabled' || own['type'] === 'adaptive')
    return { thinking: isOff ? undefined : own, effort: null, isOn }
  }
  const asked = request.reasoning_effort
  if (asked === undefined || asked === null || asked === '') return unasked
  if (asked === 'none') return leftOff(limits.traits)
  const level = asked === 'minimal' ? 'low' : effortLevels.find((known) => known === asked)
  if (level === undefined || limits.traits.thinking === 'none') return unasked
  return limits.traits.thinking === 'budget' ? byBudget(asked, limits) : byEffort(level, limits.traits)
}

function leftOff(traits: ModelTraits): Thinking {
  if (traits.off === 'omit') return unasked
  if (traits.off === 'never') return { ...unasked, effort: nearestEffort(traits, 'low') }
  return { ...unasked, thinking: { type: traits.off } }
}

/** Newer models say nothing of their thoughts unless asked to (`display`), and the caller has asked. */
function byEffort(level: EffortLevel, traits: ModelTraits): Thinking {
  return { thinking: { type: 'adaptive', display: 'summarized' }, effort: nearestEffort(traits, level), isOn: true }
}

const smallestBudget = 1024

/** Ours: the API has no levels here, and says that more than 32k brings little. */
const budgets: Readonly<Record<string, number>> = {
  minimal: smallestBudget,
  low: 2048,
  medium: 8192,
  high: 24_576,
  xhigh: 32_768,
  max: 32_768,
}

/** Of a caller's limit so much may go into thinking; the rest is for the answer. */
const greatestShare = 0.8

function byBudget(asked: string, { maxTokens, forbidsBudget }: ThinkingLimits): Thinking {
  const budget = Math.min(budgets[asked] ?? smallestBudget, Math.floor(maxTokens * greatestShare))
  if (forbidsBudget || budget < smallestBudget) return unasked
  return { thinking: { type: 'enabled', budget_tokens: budget }, effort: null, isOn: true }
}

/** Does the caller itself ask for a thinking budget? Then no tool can be forced. */
export function asksForBudget(request: ChatCompletionRequest): boolean {
  const { thinking } = request
  return isRecord(thinking) && thinking['type'] === 'enabled'
}

// ---- sampling ----

export interface Sampling {
  temperature?: number
  top_p?: number
  top_k?: number
}

const leastTopPWhileThinking = 0.95

/** What may be sent of the caller's sampling parameters; 1 is the API's own default for both, so it is not sent. */
export function encodeSampling(
  request: ChatCompletionRequest,
  { traits, isOn }: { readonly traits: ModelTraits; readonly isOn: boolean },
  notes: EncodeNotes,
): Sampling {
  const temperature = Math.min(request.temperature ?? 1, 1)
  const topP = request.top_p ?? 1
  const topK = request.top_k ?? null
  const sampling: Sampling = {}
  if (traits.sampling === 'none') {
    // The operator's own parameters: the caller's are gone already.
    if (temperature !== 1) notes.leaveOut('temperature')
    if (topP !== 1) notes.leaveOut('top_p')
    if (topK !== null) notes.leaveOut('top_k')
    return sampling
  }
  if (temperature !== 1) {
    if (isOn) notes.approximate('temperature')
    else sampling.temperature = temperature
  }
  if (topP !== 1) {
    const isBeside = traits.sampling === 'one' && sampling.temperature !== undefined
    if (isBeside || (isOn && topP < leastTopPWhileThinking)) notes.approximate('top_p')
    if (!isBeside) sampling.top_p = isOn ? Math.max(topP, leastTopPWhileThinking) : topP
  }
  if (topK !== null) {
    if (isOn) notes.approximate('top_k')
    else sampling.top_k = topK
  }
  return sampling
}
