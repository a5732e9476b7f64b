/** Answers one chat request, on any wire: what to say, at which moment, and with which fault. */
import type { Answer } from './answers/answer.ts'
import { composeAnswer } from './answers/answer.ts'
import type { Behaviour, EndingFault } from './behaviour.ts'
import type { Exchange, PlainReply } from './exchange.ts'
import { breakOff, sendPlain, sendStream } from './exchange.ts'
import type { FaultPlan } from './faults.ts'
import type { ChatRequest, Stamp, StreamFrames, Wire, Writer } from './wire.ts'

export interface ChatTask {
  readonly request: ChatRequest
  readonly behaviour: Behaviour
  readonly plan: FaultPlan
  readonly wire: Wire
  readonly stamp: Stamp
  /** The simulator's; the same seed and conversation make the same answer. */
  readonly seed: number
  /** Forgets that a model was loaded. */
  unload(model: string): void
}

/** What an unwell proxy in front of a model server sends with a 200. */
const unreadableBody = '<html>\n<head><title>502 Bad Gateway</title></head>\n<body>nginx</body>\n</html>\n'

/** Where comment lines stand: before the chunk in the middle of every eight. */
const commentEvery = 8
const commentAt = 4

export function answerChat(exchange: Exchange, task: ChatTask): void {
  const { wire, stamp } = task
  const { ending } = task.plan
  if (ending?.kind === 'reset') return breakOff(exchange, 'reset')
  if (ending?.kind === 'hang') return
  if (ending?.kind === 'status') {
    const reply = wire.fail(ending, stamp)
    const retryAfter = ending.retryAfterSeconds
    const headers = retryAfter === undefined ? reply.headers : { ...reply.headers, 'retry-after': String(retryAfter) }
    return sendPlain(exchange, headers === undefined ? reply : { ...reply, headers })
  }
  const reading = wire.read(task.request, stamp)
  const model = 'ask' in reading ? reading.ask.model : reading.model
  const { models, chunks, reply } = task.behaviour
  if (model !== undefined && models?.includes(model) === false) {
    return sendPlain(exchange, wire.missingModel(model, stamp))
  }
  if (model !== undefined && reading.unloads === true) task.unload(model)
  if ('reply' in reading) return sendPlain(exchange, reading.reply)
  const { ask, writer } = reading
  const answer = composeAnswer({ ask, seed: task.seed, chunks, reply, request: exchange.record.number })
  if (ask.stream) streamAnswer(exchange, task, { writer, answer, ending })
  else plainAnswer(exchange, task, { writer, answer, ending })
}

interface Composed {
  readonly writer: Writer
  readonly answer: Answer
  readonly ending: EndingFault | null
}

function plainAnswer(exchange: Exchange, task: ChatTask, { writer, answer, ending }: Composed): void {
  const { headers = {} } = writer
  if (ending?.kind === 'empty') return sendPlain(exchange, { status: 200, headers, body: writer.empty.plain })
  if (ending?.kind === 'unreadable') return sendPlain(exchange, unreadable(ending.body))
  if (ending?.kind === 'error_event') {
    return sendPlain(exchange, { ...task.wire.fail(errorEvent(ending), task.stamp), status: 200 })
  }
  const body = writer.plain(answer)
  const tokens = answer.usage.completionTokens
  if (ending?.kind === 'garbage') return sendPlain(exchange, { status: 200, headers, body: body.slice(0, -2), tokens })
  const broken = ending?.kind === 'cut' || ending?.kind === 'stall' ? ending.kind : null
  sendPlain(exchange, { status: 200, headers, body, tokens }, broken)
}

function streamAnswer(exchange: Exchange, task: ChatTask, { writer, answer, ending }: Composed): void {
  if (ending?.kind === 'unreadable') return sendPlain(exchange, unreadable(ending.body))
  const { streamType, isBinary = false } = task.wire
  const start = { contentType: streamType, isBinary, headers: writer.headers ?? {} }
  if (ending?.kind === 'empty') {
    return sendStream(exchange, { ...start, head: '', content: [], tail: writer.empty.stream, broken: null })
  }
  const frames = withComments(writer.stream(answer), task.plan)
  const tail = frames.tail + (task.plan.omitDone ? '' : frames.done)
  const whole = { ...start, head: frames.head, content: frames.content, tail, broken: null }
  const after = ending !== null && 'after' in ending ? (ending.after ?? 0) : 0
  const before = frames.content.slice(0, after)
  if (ending?.kind === 'error_event') {
    return sendStream(exchange, { ...whole, content: before, tail: writer.errorFrame(errorEvent(ending)) })
  }
  if (ending?.kind === 'garbage') {
    return sendStream(exchange, { ...whole, content: [...before, writer.garbage, ...frames.content.slice(after)] })
  }
  const breaks = ending?.kind === 'cut' || ending?.kind === 'stall'
  sendStream(exchange, breaks ? { ...whole, broken: { how: ending.kind, after } } : whole)
}

function withComments(frames: StreamFrames, { comments }: FaultPlan): StreamFrames {
  if (!comments && !frames.comments) return frames
  const { comment } = frames
  const content = frames.content.map((frame, at) => (at % commentEvery === commentAt ? comment + frame : frame))
  return { ...frames, head: comment + frames.head, content }
}

function errorEvent({ code, message }: { readonly code?: string; readonly message?: string }) {
  return { status: 500, ...(code === undefined ? {} : { code }), ...(message === undefined ? {} : { message }) }
}

function unreadable(body = unreadableBody): PlainReply {
  return { status: 200, body, contentType: 'text/html' }
}
