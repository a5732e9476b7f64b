/** What to say: a pure function of the request, the behaviour and the seed. How it is written is each wire's own. */
import type { ScriptedReply, ScriptedToolCall } from '../behaviour.ts'
import { mix } from '../draw.ts'
import type { Ask, AskedTool } from './ask.ts'
import { valueForSchema } from './schema-value.ts'
import { countTokens, cutText, makeUpText } from './text.ts'

export interface AnswerToolCall {
  /** 16 hexadecimal digits; a wire makes its own kind of id of them. */
  readonly key: string
  readonly name: string
  /** As text; '' when the tool takes none. */
  readonly arguments: string
}

export interface AnswerChoice {
  readonly index: number
  /** Pieces of the visible text; empty when there is none. */
  readonly text: readonly string[]
  readonly reasoning: readonly string[]
  /** Reasoning the caller gets only in encrypted form, on the one wire that has such; null: none. */
  readonly hiddenReasoning: string | null
  readonly refusal: string | null
  readonly toolCalls: readonly AnswerToolCall[]
  /** OpenAI's word for it, or whatever the reply scripts. */
  readonly finishReason: string
  /** The stop sequence that ended the text. */
  readonly stoppedBy: string | null
}

export interface AnswerUsage {
  /** All tokens of the prompt, those read from and written to a cache included. */
  readonly promptTokens: number
  readonly completionTokens: number
  readonly cachedTokens: number
  readonly cacheWriteTokens: number
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
  const seed = mix(mix(source.seed, ask.conversation.hash), index)
  const limit = ask.maxTokens ?? Number.POSITIVE_INFINITY
  const reasoning = composeReasoning(source, seed).slice(0, limit)
  const hiddenReasoning = ask.reasoning === 'off' ? null : (reply?.redactedReasoning ?? null)
  const refusal = reply?.refusal ?? null
  const toolCalls = composeToolCalls(source, { seed, index })
  const thought = { index, reasoning, hiddenReasoning, refusal, toolCalls }
  if (toolCalls.length > 0 || refusal !== null) {
    const text = reply?.text === undefined ? [] : cutText(reply.text)
    const finishReason = reply?.finishReason ?? (toolCalls.length > 0 ? 'tool_calls' : 'stop')
    return { ...thought, text, finishReason, stoppedBy: null }
  }
  const whole = reply?.text === undefined ? composeText(source, seed) : cutText(reply.text)
  const stopped = stopAt(whole, ask.stop)
  const text = stopped.text.slice(0, limit - reasoning.length)
  const isShort = text.length < stopped.text.length
  const finishReason = reply?.finishReason ?? (isShort ? 'length' : 'stop')
  return { ...thought, text, finishReason, stoppedBy: isShort ? null : stopped.by }
}

const fewestThoughts = 6
const moreThoughts = 7
const reasoningPurpose = 0x7e45

function composeReasoning({ ask, reply }: AnswerSource, seed: number): readonly string[] {
  if (ask.reasoning === 'off') return []
  if (reply?.reasoning !== undefined) return cutText(reply.reasoning)
  if (ask.reasoning !== 'asked' || reply?.redactedReasoning !== undefined) return []
  return makeUpText(mix(seed, reasoningPurpose), fewestThoughts + (seed % moreThoughts))
}

function composeText(source: AnswerSource, seed: number): readonly string[] {
  const { ask, chunks } = source
  if (ask.format.kind === 'schema') return cutText(JSON.stringify(valueForSchema(ask.format.schema, seed)))
  const made = makeUpText(seed, chunks ?? shortest + (seed % longestMore))
  if (ask.format.kind === 'json') return cutText(JSON.stringify({ answer: made.join('') }))
  const { toolResult, images, documents } = ask.conversation
  const said: string[] = []
  if (toolResult !== null) said.push(`The tool says: ${toolResult}`)
  if (images > 0) said.push(`I see ${count(images, 'image')}.`)
  if (documents > 0) said.push(`I read ${count(documents, 'document')}.`)
  return [...said.flatMap((line) => [...cutText(line), '\n']), ...made]
}

function count(things: number, name: string): string {
  return things === 1 ? `1 ${name}` : `${things} ${name}s`
}

function composeToolCalls(source: AnswerSource, place: { seed: number; index: number }): readonly AnswerToolCall[] {
  const { ask, reply } = source
  const wanted: readonly (AskedTool | ScriptedToolCall)[] = reply === null ? ask.calls : (reply.toolCalls ?? [])
  return wanted.map((call, position) => ({
    key: hex(mix(place.seed, source.request)) + hex(mix(place.index, position + 1)),
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

/** The text before the first stop sequence, as the real ones leave it out, and which sequence it was. */
function stopAt(
  pieces: readonly string[],
  stops: readonly string[],
): { readonly text: readonly string[]; readonly by: string | null } {
  if (stops.length === 0) return { text: pieces, by: null }
  const text = pieces.join('')
  let left = Number.POSITIVE_INFINITY
  let by: string | null = null
  for (const stop of stops) {
    const at = text.indexOf(stop)
    if (at < 0 || at >= left) continue
    left = at
    by = stop
  }
  if (by === null) return { text: pieces, by }
  const kept: string[] = []
  for (const piece of pieces) {
    if (left <= 0) break
    kept.push(piece.slice(0, left))
    left -= piece.length
  }
  return { text: kept, by }
}

function countUsage(source: AnswerSource, choices: readonly AnswerChoice[]): AnswerUsage {
  const none = { cachedTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 }
  const scripted = source.reply?.usage
  if (scripted !== undefined) return { ...none, ...scripted }
  let completionTokens = 0
  let reasoningTokens = 0
  for (const choice of choices) {
    const thoughts = choice.reasoning.length + cutText(choice.hiddenReasoning ?? '').length
    reasoningTokens += thoughts
    completionTokens += choice.text.length + thoughts + (choice.refusal === null ? 0 : 1)
    for (const call of choice.toolCalls) completionTokens += countTokens(call.name.length + call.arguments.length)
  }
  const promptTokens = countTokens(source.ask.conversation.characters)
  return { ...none, promptTokens, completionTokens, reasoningTokens }
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0')
}
