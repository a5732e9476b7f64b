/** What to say: a pure function of the request, the behaviour and the seed. How it is written is `plain` and `stream`. */
import type { ScriptedReply, ScriptedToolCall } from '../behaviour.ts'
import { mix } from '../draw.ts'
import type { Ask, AskedTool } from './ask.ts'
import { valueForSchema } from './schema-value.ts'
import { countTokens, cutText, makeUpText } from './text.ts'

export interface AnswerToolCall {
  readonly id: string
  readonly name: string
  /** As text; '' when the tool takes none. */
  readonly arguments: string
}

export interface AnswerChoice {
  readonly index: number
  /** Pieces of the visible text; empty when there is none. */
  readonly text: readonly string[]
  readonly reasoning: readonly string[]
  readonly refusal: string | null
  readonly toolCalls: readonly AnswerToolCall[]
  readonly finishReason: string
}

export interface AnswerUsage {
  readonly promptTokens: number
  readonly completionTokens: number
  readonly cachedTokens: number
  readonly reasoningTokens: number
}

export interface Answer {
  readonly choices: readonly AnswerChoice[]
  readonly usage: AnswerUsage
}

export interface AnswerSource {
  readonly ask: Ask
  readonly seed: number
  /** Number of content pieces of a made-up text; null: by seed and prompt. */
  readonly chunks: number | null
  readonly reply: ScriptedReply | null
  /** Makes tool call ids unique between requests. */
  readonly request: number
}

const shortest = 16
const longestMore = 33

export function composeAnswer(source: AnswerSource): Answer {
  const choices = Array.from({ length: source.ask.choices }, (_, index) => composeChoice(source, index))
  return { choices, usage: countUsage(source, choices) }
}

function composeChoice(source: AnswerSource, index: number): AnswerChoice {
  const { ask, reply } = source
  const seed = mix(mix(source.seed, ask.promptHash), index)
  const reasoning = reply?.reasoning === undefined ? [] : cutText(reply.reasoning)
  const refusal = reply?.refusal ?? null
  const toolCalls = composeToolCalls(source, { seed, index })
  if (toolCalls.length > 0 || refusal !== null) {
    const text = reply?.text === undefined ? [] : cutText(reply.text)
    const finishReason = reply?.finishReason ?? (toolCalls.length > 0 ? 'tool_calls' : 'stop')
    return { index, text, reasoning, refusal, toolCalls, finishReason }
  }
  const whole = reply?.text === undefined ? composeText(source, seed) : cutText(reply.text)
  const stopped = stopAt(whole, ask.stop)
  const text = ask.maxTokens === null ? stopped : stopped.slice(0, ask.maxTokens)
  const finishReason = reply?.finishReason ?? (text.length < stopped.length ? 'length' : 'stop')
  return { index, text, reasoning, refusal, toolCalls, finishReason }
}

function composeText(source: AnswerSource, seed: number): readonly string[] {
  const { ask, chunks } = source
  if (ask.format.kind === 'schema') return cutText(JSON.stringify(valueForSchema(ask.format.schema, seed)))
  const made = makeUpText(seed, chunks ?? shortest + (seed % longestMore))
  if (ask.format.kind === 'json') return cutText(JSON.stringify({ answer: made.join('') }))
  return ask.toolResult === null ? made : [...cutText(`The tool says: ${ask.toolResult}`), '\n', ...made]
}

function composeToolCalls(source: AnswerSource, place: { seed: number; index: number }): readonly AnswerToolCall[] {
  const { ask, reply } = source
  const wanted: readonly (AskedTool | ScriptedToolCall)[] = reply === null ? ask.calls : (reply.toolCalls ?? [])
  return wanted.map((call, position) => ({
    id: `call_${hex(mix(place.seed, source.request))}${hex(mix(place.index, position + 1))}`,
    name: call.name,
    arguments: 'arguments' in call ? call.arguments : makeUpArguments(ask, call.name, mix(place.seed, position)),
  }))
}

function makeUpArguments(ask: Ask, name: string, seed: number): string {
  const parameters = ask.tools.find((tool) => tool.name === name)?.parameters ?? null
  const value = parameters === null ? {} : valueForSchema({ type: 'object', ...parameters }, seed)
  const text = JSON.stringify(value)
  return text === '{}' ? '' : text
}

/** The text before the first stop sequence, as the real ones leave it out. */
function stopAt(pieces: readonly string[], stops: readonly string[]): readonly string[] {
  if (stops.length === 0) return pieces
  const text = pieces.join('')
  const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0)
  if (ends.length === 0) return pieces
  let left = Math.min(...ends)
  const kept: string[] = []
  for (const piece of pieces) {
    if (left <= 0) break
    kept.push(piece.slice(0, left))
    left -= piece.length
  }
  return kept
}

function countUsage(source: AnswerSource, choices: readonly AnswerChoice[]): AnswerUsage {
  const scripted = source.reply?.usage
  if (scripted !== undefined) return { cachedTokens: 0, reasoningTokens: 0, ...scripted }
  let completionTokens = 0
  let reasoningTokens = 0
  for (const choice of choices) {
    reasoningTokens += choice.reasoning.length
    completionTokens += choice.text.length + choice.reasoning.length + (choice.refusal === null ? 0 : 1)
    for (const call of choice.toolCalls) completionTokens += countTokens(call.name.length + call.arguments.length)
  }
  const promptTokens = countTokens(source.ask.promptCharacters)
  return { promptTokens, completionTokens, cachedTokens: 0, reasoningTokens }
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0')
}
