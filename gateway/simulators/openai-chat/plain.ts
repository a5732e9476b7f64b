/** Writes an answer as one `chat.completion` document. */
import type { Answer, AnswerChoice, AnswerToolCall, AnswerUsage } from '../answers/answer.ts'
import type { Style } from './styles.ts'

/** What stands on every document or chunk of one answer. */
export interface Stamp {
  readonly id: string
  readonly createdSeconds: number
  readonly model: string
}

export function renderCompletion(answer: Answer, style: Style, stamp: Stamp): string {
  return JSON.stringify({
    id: stamp.id,
    object: 'chat.completion',
    created: stamp.createdSeconds,
    model: stamp.model,
    choices: answer.choices.map((choice) => renderChoice(choice, style)),
    usage: renderUsage(answer.usage),
    ...(style.serviceTier ? { service_tier: 'default' } : {}),
    ...(style.fingerprint === undefined ? {} : { system_fingerprint: style.fingerprint }),
    ...(style.usage === 'x_groq' ? { x_groq: { id: `req_${stamp.id}` } } : {}),
  })
}

/** A 200 that holds no answer. */
export function renderEmptyCompletion(stamp: Stamp): string {
  return JSON.stringify({
    id: stamp.id,
    object: 'chat.completion',
    created: stamp.createdSeconds,
    model: stamp.model,
    choices: [],
  })
}

export function renderUsage(usage: AnswerUsage): Record<string, unknown> {
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.promptTokens + usage.completionTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedTokens, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }
}

function renderChoice(choice: AnswerChoice, style: Style): Record<string, unknown> {
  const reasoning = choice.reasoning.join('')
  const asField = reasoning !== '' && style.reasoning !== null && style.reasoning !== 'parts'
  const message = {
    role: 'assistant',
    content: renderContent(choice, style),
    ...(asField && style.reasoning !== null ? { [style.reasoning]: reasoning } : {}),
    ...(choice.toolCalls.length > 0 ? { tool_calls: choice.toolCalls.map((call) => renderToolCall(call, style)) } : {}),
    ...(style.strictKeys || choice.refusal !== null ? { refusal: choice.refusal } : {}),
    ...(style.strictKeys ? { annotations: [] } : {}),
  }
  return {
    index: choice.index,
    message,
    ...(style.strictKeys ? { logprobs: null } : {}),
    finish_reason: choice.finishReason,
  }
}

function renderContent(choice: AnswerChoice, style: Style): unknown {
  const text = choice.text.join('')
  const thinks = style.reasoning === 'parts' && choice.reasoning.length > 0
  if (!thinks && !style.contentParts) {
    return text === '' && (choice.toolCalls.length > 0 || choice.refusal !== null) ? null : text
  }
  const thinking = { type: 'thinking', thinking: [{ type: 'text', text: choice.reasoning.join('') }], closed: true }
  return [...(thinks ? [thinking] : []), { type: 'text', text }]
}

/** The last digits of a key are those that tell its calls apart. */
export function toolCallId({ key }: AnswerToolCall, { toolIds }: Style): string {
  return toolIds === 'nine' ? key.slice(-9) : `call_${key}`
}

function renderToolCall(call: AnswerToolCall, style: Style): Record<string, unknown> {
  return {
    id: toolCallId(call, style),
    ...(style.toolType ? { type: 'function' } : {}),
    function: { name: call.name, arguments: call.arguments === '' ? style.noArguments : call.arguments },
  }
}
