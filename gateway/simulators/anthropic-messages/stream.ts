/**
 * Writes an answer as named server-sent events, as recorded with claude-haiku-4-5 on 2026-08-19: a ping behind the
 * first block's start, blank space before each closing brace, an empty first piece of every tool's input.
 */
import type { Answer } from '../answers/answer.ts'
import { mix } from '../draw.ts'
import type { Failure, StreamFrames } from '../wire.ts'
import { renderError } from './errors.ts'
import type { Block, MessageStamp } from './message.ts'
import {
  blocksFor,
  messageStart,
  noStop,
  renderInputUsage,
  renderOutputUsage,
  renderUsage,
  stopFor,
} from './message.ts'

const argumentPiece = 12
const ping = 'event: ping\ndata: {"type": "ping"}\n\n'

/** Writes one event; counts them, for the blank space differs from one to the next. */
type Write = (type: string, rest: Readonly<Record<string, unknown>>) => string

export function renderFrames(answer: Answer, stamp: MessageStamp): StreamFrames {
  const write = eventWriter(stamp.seed)
  const [choice] = answer.choices
  const blocks = choice === undefined ? [] : blocksFor(choice, stamp)
  const content = blocks.flatMap((block, index) => blockEvents(block, index, write))
  const usage = renderUsage({ ...answer.usage, completionTokens: 1, reasoningTokens: 0 }, stamp)
  const start = write('message_start', { message: { ...messageStart(stamp), content: [], ...noStop, usage } })
  const stop = choice === undefined ? noStop : stopFor(choice)
  const total = { ...renderInputUsage(answer.usage, stamp), ...renderOutputUsage(answer.usage) }
  const [first, ...rest] = content
  // The first block is opened at once, as the real one opens it: a reader that takes it for content commits too early.
  return {
    head: start + (first?.opening ?? '') + ping,
    content: first === undefined ? [] : [first.rest, ...rest.map((part) => part.opening + part.rest)],
    tail: write('message_delta', { delta: stop, usage: total }),
    done: write('message_stop', {}),
    comment: ': keep-alive\n\n',
    comments: false,
  }
}

/** A stream that opens and closes a message with nothing in it. */
export function renderEmptyStream(stamp: MessageStamp): string {
  const write = eventWriter(stamp.seed)
  const usage = { input_tokens: 0, output_tokens: 0 }
  const message = { ...messageStart(stamp), content: [], ...noStop, usage }
  return write('message_start', { message }) + write('message_stop', {})
}

export function renderErrorEvent(failure: Failure, requestId: string): string {
  return `event: error\ndata: ${renderError(failure, requestId)}\n\n`
}

/** An event whose data breaks off inside its JSON. */
export const garbageEvent = 'event: content_block_delta\ndata: {"type":"content_block_delta","ind\n\n'

function eventWriter(seed: number): Write {
  let count = 0
  return (type, rest) => {
    count += 1
    const json = JSON.stringify({ type, ...rest })
    return `event: ${type}\ndata: ${json.slice(0, -1)}${' '.repeat(mix(seed, count) % 16)}}\n\n`
  }
}

/** A piece of content, and what opens its block where it is the first of one. */
interface Part {
  readonly opening: string
  readonly rest: string
}

function blockEvents(block: Block, index: number, write: Write): readonly Part[] {
  const opening = write('content_block_start', { index, content_block: emptyBlock(block) })
  const deltas = deltasOf(block).map((delta) => write('content_block_delta', { index, delta }))
  if (block.type === 'tool_use' || block.type === 'thinking') joinEnds(deltas, block.type)
  const closing = write('content_block_stop', { index })
  const parts = (deltas.length === 0 ? [''] : deltas).map((rest) => ({ opening: '', rest }))
  return parts.map((part, at) => ({
    opening: at === 0 ? opening : '',
    rest: at === parts.length - 1 ? part.rest + closing : part.rest,
  }))
}

/** The empty first piece of an input, and the signature, go out with their neighbour: alone they are no content. */
function joinEnds(deltas: string[], type: 'tool_use' | 'thinking'): void {
  if (deltas.length < 2) return
  const at = type === 'tool_use' ? 0 : deltas.length - 2
  deltas.splice(at, 2, deltas.slice(at, at + 2).join(''))
}

function emptyBlock(block: Block): Readonly<Record<string, unknown>> {
  switch (block.type) {
    case 'thinking':
      return { type: 'thinking', thinking: '', signature: '' }
    case 'redacted_thinking':
      return { type: 'redacted_thinking', data: block.data }
    case 'text':
      return { type: 'text', text: '' }
    case 'tool_use':
      return { type: 'tool_use', id: block.id, name: block.name, input: {}, caller: { type: 'direct' } }
    default:
      return block satisfies never
  }
}

function deltasOf(block: Block): readonly Readonly<Record<string, unknown>>[] {
  switch (block.type) {
    case 'thinking': {
      const thoughts = block.pieces.map((thinking) => ({ type: 'thinking_delta', thinking }))
      return [...thoughts, { type: 'signature_delta', signature: block.signature }]
    }
    case 'redacted_thinking':
      return []
    case 'text':
      return block.pieces.map((text) => ({ type: 'text_delta', text }))
    case 'tool_use': {
      const deltas = [{ type: 'input_json_delta', partial_json: '' }]
      for (let at = 0; at < block.arguments.length; at += argumentPiece) {
        deltas.push({ type: 'input_json_delta', partial_json: block.arguments.slice(at, at + argumentPiece) })
      }
      return deltas
    }
    default:
      return block satisfies never
  }
}
