/**
 * Writes an answer as SSE frames. What is the same on every chunk of an answer is rendered once, so that a chunk costs
 * little more than the escaping of its own text.
 */
import { mix } from '../draw.ts'
import type { Answer, AnswerChoice, AnswerToolCall } from '../answers/answer.ts'
import type { Stamp } from './plain.ts'
import { renderUsage, toolCallId } from './plain.ts'
import type { Style } from './styles.ts'

export interface StreamFrames {
  /** Before any content: roles, empty chunks. Sent at once. */
  readonly head: readonly string[]
  /** One frame a piece of content (text, reasoning, tool call). Paced. */
  readonly content: readonly string[]
  /** Finish reasons and usage. */
  readonly tail: readonly string[]
  readonly done: string
  /** Put between frames where comments are wanted. */
  readonly comment: string
}

export interface StreamAsk {
  readonly style: Style
  readonly stamp: Stamp
  readonly includeUsage: boolean
}

interface ChunkChoice {
  readonly index: number
  /** The inside of the delta. */
  readonly delta: string
  readonly finishReason?: string
}

/** Turns a choice's JSON (or none, for a chunk with empty `choices`) and further keys into one frame. */
type Frame = (choices: string, more?: string) => string

export function renderFrames(answer: Answer, ask: StreamAsk): StreamFrames {
  const { style } = ask
  const frame = frameWriter(ask)
  const perChoice = answer.choices.map((choice) => deltasOf(choice, style))
  const usage = JSON.stringify(renderUsage(answer.usage))
  const sendsUsage = ask.includeUsage || style.usageUnasked
  const onChoice = sendsUsage && style.usage === 'last_choice' ? `,"usage":${usage}` : ''
  const xGroq = sendsUsage && style.usage === 'x_groq' ? `,"x_groq":{"id":"req_${ask.stamp.id}","usage":${usage}}` : ''
  const content = interleave(perChoice, (index, delta) => frame(choiceJson({ index, delta }, style)))
  const tail: string[] = []
  const lastChoice = answer.choices.length - 1
  for (const choice of answer.choices) {
    const folded = style.finishOnLastContent && answer.choices.length === 1
    const delta = folded ? (perChoice[choice.index]?.at(-1) ?? '') : style.roleOnEveryChunk ? '"content":""' : ''
    if (folded) content.pop()
    const more = choice.index === lastChoice ? onChoice + xGroq : ''
    tail.push(frame(choiceJson({ index: choice.index, delta, finishReason: choice.finishReason }, style), more))
  }
  if (sendsUsage && style.usage === 'own_chunk') tail.push(frame('', `,"usage":${usage}`))
  const { newline } = style
  return {
    head: headFrames(answer, style, frame),
    content,
    tail,
    done: style.sendsDone ? `data: [DONE]${newline}${newline}` : '',
    comment: `: ${style.comment ?? 'keep-alive'}${newline}${newline}`,
  }
}

/** A `data:` frame with an error object, as it is sent inside a 200. */
export function renderErrorFrame(body: string, style: Style): string {
  return `data: ${body}${style.newline}${style.newline}`
}

/** A frame that breaks off inside its JSON. */
export function renderGarbageFrame(stamp: Stamp, { newline }: Style): string {
  return `data: {"id":"${stamp.id}","choi${newline}${newline}`
}

function frameWriter({ style, stamp, includeUsage }: StreamAsk): Frame {
  const object = style.chunkObject === null ? '' : `"object":${JSON.stringify(style.chunkObject)},`
  const tier = style.serviceTier ? ',"service_tier":"default"' : ''
  const print = style.fingerprint === undefined ? '' : `,"system_fingerprint":${JSON.stringify(style.fingerprint)}`
  const model = JSON.stringify(stamp.model)
  const start = `data: {"id":"${stamp.id}",${object}"created":${stamp.createdSeconds},"model":${model}${tier}${print},"choices":[`
  const sendsNull = style.usageNull === 'always' || (style.usageNull === 'when_asked' && includeUsage)
  const noUsage = sendsNull ? ',"usage":null' : ''
  const end = `}${style.newline}${style.newline}`
  let count = 0
  return (choices, more = '') => {
    count += 1
    const usage = more.includes('"usage":') ? '' : noUsage
    return `${start}${choices}]${more}${usage}${paddingKey(style, count)}${end}`
  }
}

const paddingText = 'abcdefghijklmnopqrstuvwxyz0123456789'

function paddingKey(style: Style, count: number): string {
  if (style.padding === null) return ''
  return `,"${style.padding}":"${paddingText.slice(0, 1 + (mix(count, 17) % paddingText.length))}"`
}

function headFrames(answer: Answer, style: Style, frame: Frame): string[] {
  const head: string[] = []
  if (style.emptyFirstChunk) {
    const empty = '{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[]}'
    head.push(`data: ${empty}${style.newline}${style.newline}`)
  }
  for (const choice of answer.choices) {
    const text = choice.toolCalls.length > 0 ? 'null' : '""'
    const refusal = style.strictKeys ? ',"refusal":null' : ''
    const delta = `${style.roleOnEveryChunk ? '' : '"role":"assistant",'}"content":${text}${refusal}`
    head.push(frame(choiceJson({ index: choice.index, delta }, style)))
  }
  return head
}

function choiceJson(choice: ChunkChoice, style: Style): string {
  const { index, delta, finishReason } = choice
  const role = style.roleOnEveryChunk ? `"role":"assistant"${delta === '' ? '' : ','}` : ''
  const logprobs = style.strictKeys ? ',"logprobs":null' : ''
  let finish = ''
  if (finishReason !== undefined) finish = `,"finish_reason":${JSON.stringify(finishReason)}`
  else if (style.finishReasonKey === 'always') finish = ',"finish_reason":null'
  return `{"index":${index},"delta":{${role}${delta}}${logprobs}${finish}}`
}

/** The inside of each delta of a choice, in order: reasoning, refusal, text, tool calls. */
function deltasOf(choice: AnswerChoice, style: Style): string[] {
  const deltas: string[] = []
  for (const piece of choice.reasoning) {
    if (style.reasoning === 'parts') {
      deltas.push(`"content":[{"type":"thinking","thinking":[{"type":"text","text":${JSON.stringify(piece)}}]}]`)
    } else if (style.reasoning !== null) {
      deltas.push(`"${style.reasoning}":${JSON.stringify(piece)}`)
    }
  }
  if (choice.refusal !== null) deltas.push(`"refusal":${JSON.stringify(choice.refusal)}`)
  for (const piece of choice.text) {
    const text = JSON.stringify(piece)
    deltas.push(style.contentParts ? `"content":[{"type":"text","text":${text}}]` : `"content":${text}`)
  }
  for (const [position, call] of choice.toolCalls.entries()) deltas.push(...toolDeltas(call, position, style))
  return deltas
}

const argumentPiece = 12

function toolDeltas(call: AnswerToolCall, position: number, style: Style): string[] {
  const index = style.toolIndex ? `"index":${position},` : ''
  const type = style.toolType ? '"type":"function",' : ''
  const whole = call.arguments === '' ? style.noArguments : call.arguments
  const first = style.toolArguments === 'whole' ? whole : ''
  const named = `"function":{"name":${JSON.stringify(call.name)},"arguments":${JSON.stringify(first)}}`
  const deltas = [`"tool_calls":[{${index}"id":"${toolCallId(call, style)}",${type}${named}}]`]
  if (style.toolArguments === 'whole') return deltas
  for (let at = 0; at < whole.length; at += argumentPiece) {
    const piece = JSON.stringify(whole.slice(at, at + argumentPiece))
    deltas.push(`"tool_calls":[{${index}"function":{"arguments":${piece}}}]`)
  }
  return deltas
}

/** Choices take turns, as OpenAI's own server sends them. */
function interleave(perChoice: readonly string[][], write: (choice: number, delta: string) => string): string[] {
  const frames: string[] = []
  const most = Math.max(...perChoice.map((deltas) => deltas.length))
  for (let at = 0; at < most; at += 1) {
    for (const [choice, deltas] of perChoice.entries()) {
      const delta = deltas[at]
      if (delta !== undefined) frames.push(write(choice, delta))
    }
  }
  return frames
}
