/** Answers one chat request: what to say, on which wire, and with which fault. */
import type { Behaviour, EndingFault } from '../behaviour.ts'
import { mix } from '../draw.ts'
import type { Exchange } from '../exchange.ts'
import { breakOff, sendPlain, sendStream } from '../exchange.ts'
import type { FaultPlan } from '../faults.ts'
import type { Answer } from './answer.ts'
import { composeAnswer } from './answer.ts'
import type { Ask } from './ask.ts'
import { readAsk } from './ask.ts'
import type { WireError } from './errors.ts'
import { renderErrorBody, usualError } from './errors.ts'
import type { Stamp } from './plain.ts'
import { renderCompletion, renderEmptyCompletion } from './plain.ts'
import { renderErrorFrame, renderFrames } from './stream.ts'
import type { Style } from './styles.ts'

export interface ChatTask {
  /** Parsed; undefined when it was not JSON. */
  readonly body: unknown
  readonly behaviour: Behaviour
  readonly plan: FaultPlan
  readonly style: Style
  readonly seed: number
}

/** What an unwell proxy in front of a model server sends with a 200. */
const unreadableBody = '<html>\n<head><title>502 Bad Gateway</title></head>\n<body>nginx</body>\n</html>\n'

/** Where comment lines stand: before the chunk in the middle of every eight. */
const commentEvery = 8
const commentAt = 4

export function answerChat(exchange: Exchange, task: ChatTask): void {
  const { ending } = task.plan
  if (ending?.kind === 'reset') return breakOff(exchange, 'reset')
  if (ending?.kind === 'hang') return
  if (ending?.kind === 'status') {
    const retryAfter = ending.retryAfterSeconds
    const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }
    return sendError(exchange, task, { error: usualError(ending.status, ending), headers })
  }
  const reading = readAsk(task.body)
  if ('error' in reading) return sendError(exchange, task, { error: reading.error, headers: {} })
  const { ask } = reading
  const number = exchange.record.number
  const stamp: Stamp = {
    id: `${task.style.idPrefix}${mix(task.seed, number).toString(16).padStart(8, '0')}${number.toString(36)}`,
    createdSeconds: Math.floor(exchange.record.at / 1000),
    model: ask.model,
  }
  const { chunks, reply } = task.behaviour
  const answer = composeAnswer({ ask, seed: task.seed, chunks, reply, request: number })
  if (ask.stream) streamAnswer(exchange, task, { ask, answer, stamp, ending })
  else plainAnswer(exchange, task, { ask, answer, stamp, ending })
}

interface Composed {
  readonly ask: Ask
  readonly answer: Answer
  readonly stamp: Stamp
  readonly ending: EndingFault | null
}

function plainAnswer(exchange: Exchange, task: ChatTask, { answer, stamp, ending }: Composed): void {
  if (ending?.kind === 'empty') return sendPlain(exchange, { status: 200, body: renderEmptyCompletion(stamp) })
  if (ending?.kind === 'unreadable') return sendUnreadable(exchange, ending.body)
  if (ending?.kind === 'error_event') {
    return sendPlain(exchange, { status: 200, body: renderErrorBody(task.style.errors, usualError(500, ending)) })
  }
  const body = renderCompletion(answer, task.style, stamp)
  const broken = ending?.kind === 'cut' || ending?.kind === 'stall' ? ending.kind : null
  sendPlain(exchange, { status: 200, body, tokens: answer.usage.completionTokens }, broken)
}

function streamAnswer(exchange: Exchange, task: ChatTask, { ask, answer, stamp, ending }: Composed): void {
  if (ending?.kind === 'unreadable') return sendUnreadable(exchange, ending.body)
  const { style, plan } = task
  const frames = renderFrames(answer, { style, stamp, includeUsage: ask.includeUsage })
  const done = plan.omitDone ? '' : frames.done
  if (ending?.kind === 'empty') return sendStream(exchange, { head: '', content: [], tail: done, broken: null })
  const comment = plan.comments || style.comment !== null ? frames.comment : ''
  const content = frames.content.map((frame, at) => (at % commentEvery === commentAt ? comment + frame : frame))
  const head = comment + frames.head.join('')
  if (ending?.kind === 'error_event') {
    const tail = renderErrorFrame(renderErrorBody(style.errors, usualError(500, ending)), style)
    return sendStream(exchange, { head, content: content.slice(0, ending.after ?? 0), tail, broken: null })
  }
  const tail = frames.tail.join('') + done
  const breaks = ending?.kind === 'cut' || ending?.kind === 'stall'
  sendStream(exchange, { head, content, tail, broken: breaks ? { how: ending.kind, after: ending.after ?? 0 } : null })
}

function sendUnreadable(exchange: Exchange, body = unreadableBody): void {
  sendPlain(exchange, { status: 200, body, contentType: 'text/html' })
}

function sendError(
  exchange: Exchange,
  task: ChatTask,
  reply: { readonly error: WireError; readonly headers: Readonly<Record<string, string>> },
): void {
  const body = renderErrorBody(task.style.errors, reply.error)
  sendPlain(exchange, { status: reply.error.status, body, headers: reply.headers })
}
