/**
 * Writes an answer as the events of ConverseStream, as recorded in 2026-08: only tools are opened by an event, every
 * event carries letters of padding under `p`, and usage comes behind the stop.
 */
import type { Answer } from '../answers/answer.ts'
import { mix } from '../draw.ts'
import type { Failure, StreamFrames } from '../wire.ts'
import { usualFor } from './errors.ts'
import { brokenFrame, eventFrame, exceptionFrame } from './frames.ts'
import type { Block, MessageStamp } from './message.ts'
import { blocksFor, renderMetrics, renderUsage, stopFor } from './message.ts'

const argumentPiece = 12

type Write = (name: string, payload: object) => string

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

function eventWriter(seed: number): Write {
  let count = 0
  return (name, payload) => {
    count += 1
    return eventFrame(name, { ...payload, p: letters.slice(0, 1 + (mix(seed, count) % letters.length)) })
  }
}

export function renderFrames(answer: Answer, stamp: MessageStamp): StreamFrames {
  const write = eventWriter(stamp.seed)
  const [choice] = answer.choices
  const head = write('messageStart', { role: 'assistant' })
  const blocks = choice === undefined ? [] : blocksFor(choice, stamp)
  const content = blocks.flatMap((block, index) => blockEvents(block, index, write))
  const stopReason = choice === undefined ? 'end_turn' : stopFor(choice)
  return {
    head,
    content,
    tail: write('messageStop', { stopReason }),
    done: write('metadata', {
      metrics: renderMetrics(stamp.timing, answer.usage.completionTokens),
      usage: renderUsage(answer.usage, stamp),
    }),
    comment: '',
    comments: false,
  }
}

/** The pieces of one block, what opens it with the first and what closes it with the last. */
function blockEvents(block: Block, contentBlockIndex: number, write: Write): string[] {
  const opening =
    block.kind === 'tool'
      ? write('contentBlockStart', { contentBlockIndex, start: { toolUse: { name: block.name, toolUseId: block.id } } })
      : ''
  const deltas = deltasOf(block).map((delta) => write('contentBlockDelta', { contentBlockIndex, delta }))
  const closing = write('contentBlockStop', { contentBlockIndex })
  // The signature is no content of its own.
  if (block.kind === 'reasoning' && block.signature !== null) deltas.splice(-2, 2, deltas.slice(-2).join(''))
  const parts = deltas.length === 0 ? [''] : deltas
  return parts.map((part, at) => (at === 0 ? opening : '') + part + (at === parts.length - 1 ? closing : ''))
}

function deltasOf(block: Block): readonly object[] {
  switch (block.kind) {
    case 'reasoning': {
      const { pieces, signature } = block
      const thoughts = pieces.map((text) => ({ reasoningContent: { text } }))
      return signature === null ? thoughts : [...thoughts, { reasoningContent: { signature } }]
    }
    case 'redacted':
      return [{ reasoningContent: { redactedContent: block.data } }]
    case 'text':
      return block.pieces.map((text) => ({ text }))
    case 'tool': {
      const whole = block.arguments === '' ? '{}' : block.arguments
      const pieces: object[] = []
      for (let at = 0; at < whole.length; at += argumentPiece) {
        pieces.push({ toolUse: { input: whole.slice(at, at + argumentPiece) } })
      }
      return pieces
    }
    default:
      return block satisfies never
  }
}

/** A stream that begins a message and ends. */
export function renderEmptyStream(): string {
  return eventFrame('messageStart', { role: 'assistant' })
}

/** As the exceptions of a stream are named: like their classes, and small at the beginning. */
export function renderException({ status, code, message }: Failure): string {
  const usual = usualFor(status)
  const type = code?.endsWith('Exception') === true ? code : usual.type
  return exceptionFrame(type.charAt(0).toLowerCase() + type.slice(1), { message: message ?? usual.message })
}

/** A frame whose payload breaks off inside its JSON. */
export const garbageFrame = brokenFrame('contentBlockDelta', '{"contentBlockIndex":0,"del')
