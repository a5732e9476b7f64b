/**
 * What an answer means, whatever its form. Read here in two ways that share nothing with the gateway: from the raw
 * bytes of a provider that speaks OpenAI's language more or less, and from what the gateway made of them.
 */
import type { ChatCompletion } from '../../schemas/index.ts'

export interface Meaning {
  readonly choices: readonly ChoiceMeaning[]
  readonly usage: UsageMeaning | null
}

export interface ChoiceMeaning {
  readonly text: string
  readonly reasoning: string
  readonly refusal: string
  readonly calls: readonly { readonly name: string; readonly arguments: unknown }[]
  readonly functionCall: { readonly name: string; readonly arguments: unknown } | null
  /** Did the model end its turn, was it cut, or does it wait for tools? */
  readonly finish: 'done' | 'cut' | 'tools' | 'filtered' | 'none'
}

export interface UsageMeaning {
  readonly input: number
  readonly output: number
  readonly cached: number
  readonly reasoning: number
}

// ---- the raw side: everything is `any` on purpose, since nothing about it is certain ----

// oxlint-disable typescript/no-explicit-any -- raw provider JSON

export function meaningOfReply(body: any): Meaning {
  return {
    choices: body.choices.map((choice: any) => {
      const { message } = choice
      const calls = (message.tool_calls ?? []).map((call: any) => ({
        name: call.function.name,
        arguments: parsed(call.function.arguments),
      }))
      const old = message.function_call
      return {
        text: rawText(message.content, 'text'),
        reasoning: message.reasoning_content || message.reasoning || rawText(message.content, 'thinking'),
        refusal: message.refusal ?? '',
        calls,
        functionCall: old ? { name: old.name, arguments: parsed(old.arguments) } : null,
        finish: rawFinish(choice.finish_reason, calls.length > 0 || Boolean(old)),
      }
    }),
    usage: rawUsage(body.usage),
  }
}

/** Reads a stream by splitting its text: no reader of ours, no rule of ours. */
export function meaningOfStream(text: string): Meaning {
  const events: any[] = text
    .split(/\r\n|\n|\r/)
    .filter((line) => line.startsWith('data:') && !line.includes('[DONE]'))
    .map((line) => JSON.parse(line.slice('data:'.length)))
  const choices: any[] = []
  let usage: any = null
  for (const event of events) {
    usage = event.usage ?? event.x_groq?.usage ?? usage
    for (const { index, delta, finish_reason: finish } of event.choices) {
      choices[index] ??= { text: '', reasoning: '', refusal: '', calls: [], finish: null }
      const choice = choices[index]
      choice.text += rawText(delta.content, 'text')
      choice.reasoning += delta.reasoning_content || delta.reasoning || rawText(delta.content, 'thinking')
      choice.refusal += delta.refusal ?? ''
      choice.finish = finish ?? choice.finish
      for (const piece of delta.tool_calls ?? []) {
        const key = piece.index ?? choice.calls.length
        choice.calls[key] ??= { name: '', arguments: '' }
        choice.calls[key].name += piece.function.name ?? ''
        choice.calls[key].arguments += piece.function.arguments ?? ''
      }
    }
  }
  return {
    choices: choices.map((choice) => {
      const calls = choice.calls.filter(Boolean).map((call: any) => ({ ...call, arguments: parsed(call.arguments) }))
      return { ...choice, calls, functionCall: null, finish: rawFinish(choice.finish, calls.length > 0) }
    }),
    usage: rawUsage(usage),
  }
}

function rawText(content: any, type: 'text' | 'thinking'): string {
  if (typeof content === 'string') return type === 'text' ? content : ''
  const parts = (content ?? []).filter((part: any) => part.type === type)
  if (type === 'text') return parts.map((part: any) => part.text).join('')
  return parts.flatMap((part: any) => part.thinking.map((inner: any) => inner.text)).join('')
}

function rawFinish(reason: any, tools: boolean): ChoiceMeaning['finish'] {
  if (reason === 'length') return 'cut'
  if (reason === 'content_filter') return 'filtered'
  if (typeof reason !== 'string') return 'none'
  return tools ? 'tools' : 'done'
}

/** The total is right in every recording, so output is what is left of it after the prompt. */
function rawUsage(usage: any): UsageMeaning | null {
  if (!usage) return null
  const cached = usage.prompt_tokens_details?.cached_tokens ?? usage.prompt_cache_hit_tokens ?? usage.cached_tokens ?? 0
  return {
    input: usage.prompt_tokens,
    output: usage.total_tokens - usage.prompt_tokens,
    cached: Math.min(cached, usage.prompt_tokens),
    reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
  }
}

function parsed(text: string): unknown {
  return text === '' ? {} : JSON.parse(text)
}

// ---- our side ----

export function meaningOfCompletion(completion: ChatCompletion): Meaning {
  return {
    choices: completion.choices.map(({ message, finish_reason: finish }) => ({
      text: message.content ?? '',
      reasoning: message.reasoning_content ?? '',
      refusal: message.refusal ?? '',
      calls: (message.tool_calls ?? []).map((call) => {
        if (call.type !== 'function') throw new Error('no recording holds a custom tool call')
        return { name: call.function.name, arguments: JSON.parse(call.function.arguments) as unknown }
      }),
      functionCall:
        message.function_call === undefined
          ? null
          : { name: message.function_call.name, arguments: JSON.parse(message.function_call.arguments) as unknown },
      finish: finishMeaning(finish),
    })),
    usage: usageMeaning(completion.usage),
  }
}

function finishMeaning(finish: string): ChoiceMeaning['finish'] {
  if (finish === 'length') return 'cut'
  if (finish === 'content_filter') return 'filtered'
  return finish === 'stop' ? 'done' : 'tools'
}

function usageMeaning(usage: ChatCompletion['usage']): UsageMeaning | null {
  if (usage === undefined) return null
  return {
    input: usage.prompt_tokens,
    output: usage.completion_tokens,
    cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
    reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
  }
}
