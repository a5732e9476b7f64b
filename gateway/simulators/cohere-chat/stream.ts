/** Writes an answer as typed events, in the order of the recordings; `[DONE]` ends them. */
import type { Answer } from '../answers/answer.ts'
import { cutText } from '../answers/text.ts'
import type { Failure, StreamFrames } from '../wire.ts'
import { errorText } from './errors.ts'
import type { MessageParts, MessageStamp } from './message.ts'
import { callOf, partsOf, usageOf } from './message.ts'

type Fields = Readonly<Record<string, unknown>>

function event(type: string, fields: Fields): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`
}

export function renderFrames(answer: Answer, stamp: MessageStamp): StreamFrames {
  const parts = partsOf(answer, stamp)
  const delta = { finish_reason: parts.finishReason, usage: usageOf(answer) }
  return {
    head: renderStart(stamp),
    content: contentOf(parts),
    tail: event('message-end', { delta }),
    done: 'data: [DONE]\n\n',
    comment: ': ping\n\n',
    comments: false,
  }
}

function renderStart({ id }: MessageStamp): string {
  const message = { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] }
  return `event: message-start\ndata: ${JSON.stringify({ id, type: 'message-start', delta: { message } })}\n\n`
}

function contentOf(parts: MessageParts): readonly string[] {
  const { thinking, text, plan, calls, citations } = parts
  const texts = thinking.length > 0 ? 1 : 0
  const plans = plan.map((piece) => event('tool-plan-delta', { delta: { message: { tool_plan: piece } } }))
  return [
    ...blockOf('thinking', thinking, 0),
    ...withCitations(blockOf('text', text, texts), citations),
    ...plans,
    ...calls.flatMap((call, index) => callEvents(callOf(call, call.arguments), index)),
  ]
}

/** What opens and closes a block goes out with its neighbour: alone it is no content. */
function blockOf(type: 'thinking' | 'text', pieces: readonly string[], index: number): string[] {
  const events = pieces.map((piece) =>
    event('content-delta', { index, delta: { message: { content: { [type]: piece } } } }),
  )
  const opening = event('content-start', { index, delta: { message: { content: { type, [type]: '' } } } })
  return joined(opening, events, event('content-end', { index }))
}

function withCitations(events: readonly string[], citations: readonly object[]): readonly string[] {
  const cited = citations.map(
    (citation, index) =>
      event('citation-start', { index, delta: { message: { citations: citation } } }) +
      event('citation-end', { index }),
  )
  return events.map((one, at) => (at === 0 ? one + cited.join('') : one))
}

function callEvents({ id, type, function: called }: ReturnType<typeof callOf>, index: number): readonly string[] {
  const events = cutText(called.arguments).map((piece) =>
    event('tool-call-delta', { index, delta: { message: { tool_calls: { function: { arguments: piece } } } } }),
  )
  const call = { id, type, function: { name: called.name, arguments: '' } }
  const opening = event('tool-call-start', { index, delta: { message: { tool_calls: call } } })
  // A tool that takes none has no deltas at all.
  const closing = event('tool-call-end', { index })
  return events.length === 0 ? [opening + closing] : joined(opening, events, closing)
}

function joined(opening: string, events: readonly string[], closing: string): string[] {
  return events.map((one, at) => {
    const isLast = at === events.length - 1
    return (at === 0 ? opening : '') + one + (isLast ? closing : '')
  })
}

/** As recorded: the last event says that there was an error, and the status stays 200. */
export function renderError(failure: Failure): string {
  const { code = 'INTERNAL_SERVER_ERROR' } = failure
  const error = errorText(failure)
  return event('message-end', { delta: { finish_reason: 'ERROR', usage: {}, error, error_type: code } })
}

export const garbageEvent = 'event: content-delta\ndata: {"type":"content-delta","ind\n\n'
