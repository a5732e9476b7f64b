/** How much the model is to reason, in the manner of its maker: fields beside those that all models share. */
import type { ChatCompletionRequest } from '../../../../schemas/index.ts'
import type { EncodeNotes } from '../../chat/encode-notes.ts'
import type { ModelTraits } from './models.ts'

type Fields = Readonly<Record<string, unknown>>

/** For makers other than Claude's. */
export function encodeEffort(request: ChatCompletionRequest, traits: ModelTraits, notes: EncodeNotes): Fields {
  const asked = request.reasoning_effort
  if (asked === undefined || asked === null || asked === '') return {}
  const { reasoning } = traits
  if (reasoning === 'nova') {
    return asked === 'none' ? {} : { reasoningConfig: { type: 'enabled', maxReasoningEffort: novaEffort(request) } }
  }
  if (reasoning === 'reasoning_effort') {
    const effort = nearest(asked)
    if (effort !== asked) notes.approximate('reasoning_effort')
    return { reasoning_effort: effort }
  }
  if (reasoning !== 'reasoning.effort') return {}
  // Newer ones refuse the least ("`minimal` is rejected on GPT-6", stdapi-ai/stdapi.ai#283, read 2026-11-24).
  if (asked === 'minimal') notes.approximate('reasoning_effort')
  return { reasoning: { effort: asked === 'minimal' ? 'low' : asked } }
}

/** The nearest of three. */
const steps: ReadonlyMap<string, string> = new Map([
  ['none', 'low'],
  ['minimal', 'low'],
  ['low', 'low'],
  ['high', 'high'],
  ['xhigh', 'high'],
  ['max', 'high'],
])

function nearest(asked: string): string {
  return steps.get(asked) ?? 'medium'
}

/**
 * With the greatest effort this maker refuses limits and sampling ("temperature, topP and maxTokens must be unset",
 * https://docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html, read 2026-11-24); what the caller
 * asked for in numbers goes before what it asked for in a word.
 */
function novaEffort(request: ChatCompletionRequest): string {
  const effort = nearest(request.reasoning_effort ?? '')
  const { temperature, top_p: topP, max_tokens: older, max_completion_tokens: newer } = request
  const hasNumbers = [temperature, topP, older, newer].some((value) => value !== undefined && value !== null)
  return effort === 'high' && hasNumbers ? 'medium' : effort
}
