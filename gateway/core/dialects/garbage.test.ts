/**
 * Decoders and what no provider should send: events in any order, missing, twice, spoilt. None may throw, each must come
 * to an end that is either whole or a failure, and whatever reached the caller until then keeps OpenAI's promises.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChatCompletionChunk, ChunkChoice } from '../../../schemas/index.ts'
import { validateChatCompletionChunk } from '../../../schemas/validate-chat-completion-chunk.ts'
import { validateChatCompletion } from '../../../schemas/validate-chat-completion.ts'
import { chunksOf } from '../chat/chunks-of.ts'
import { failureClasses } from '../chat/failure.ts'
import type { Frame } from '../framing/frame-reader.ts'
import type { DecodeContext, Dialect, StreamStep } from './dialect.ts'
import { dialects } from './index.ts'
import { noQuirks } from './quirks.ts'
import { wireEvents } from './testing/wire-events.ts'
import { wireReplies } from './testing/wire-replies.ts'

const contexts = fc.record({ includeUsage: fc.boolean(), isOlder: fc.boolean(), hasAnswerTool: fc.boolean() })

function contextOf({
  includeUsage,
  isOlder,
  hasAnswerTool,
}: ReturnType<typeof contexts.generate>['value']): DecodeContext {
  return {
    fallbackId: 'chatcmpl-1',
    createdSeconds: 1,
    model: 'm',
    includeUsage,
    quirks: noQuirks,
    ...(isOlder && { legacyCalls: true as const }),
    ...(hasAnswerTool && { answerTool: 'answer' }),
  }
}

interface Heard {
  readonly chunks: readonly ChatCompletionChunk[]
  readonly isWhole: boolean
  readonly isCounted: boolean
}

function hear(dialect: Dialect, frames: readonly Frame[], context: DecodeContext): Heard {
  const decoder = dialect.openStream(context)
  const steps: StreamStep[] = [...frames.map(({ data, event }) => decoder.push(data, event)), decoder.end()]
  const last = steps.findIndex((step) => step.done || step.failure !== null)
  expect(last, 'it comes to an end').not.toBe(-1)
  for (const step of steps.slice(last + 1)) expect(step.chunks).toEqual([])
  const end = steps[last]
  if (end?.failure !== null) expect(failureClasses).toContain(end?.failure.class)
  const firstContent = steps.findIndex((step) => step.content)
  for (const step of steps.slice(0, firstContent === -1 ? steps.length : firstContent)) {
    for (const { choices } of step.chunks) for (const choice of choices) expect(isSeen(choice)).toBe(false)
  }
  return {
    chunks: steps.flatMap((step) => step.chunks),
    isWhole: end?.done === true,
    isCounted: decoder.usage() !== null,
  }
}

function isSeen({ delta, finish_reason: finish }: ChunkChoice): boolean {
  const { content, refusal, reasoning_content: reasoning } = delta
  const says = [content, refusal, reasoning].some((words) => typeof words === 'string' && words !== '')
  return says || finish !== null || delta.tool_calls !== undefined || delta.function_call !== undefined
}

/** The promises about one choice that its chunks are held against, in their order. */
class Promises {
  private roles = 0
  private finished = false
  private readonly calls: { readonly id: string; arguments: string; readonly isCustom: boolean }[] = []
  private older: string | null = null

  take({ delta, finish_reason: finish }: ChunkChoice): void {
    expect(this.finished, 'nothing follows the finish reason').toBe(false)
    if (delta.role !== undefined) this.roles += 1
    expect(this.roles, 'one role, first').toBe(1)
    for (const call of delta.tool_calls ?? []) {
      const said = call.function?.arguments ?? call.custom?.input ?? ''
      const known = this.calls[call.index]
      if (known === undefined) {
        expect(call.index, 'numbers without a gap').toBe(this.calls.length)
        expect((call.function ?? call.custom)?.name, 'a name').toMatch(/./)
        expect(this.calls.map(({ id }) => id)).not.toContain(call.id)
        this.calls.push({ id: call.id ?? '', arguments: said, isCustom: call.custom !== undefined })
      } else {
        expect([call.id, call.function?.name], 'announced once').toEqual([undefined, undefined])
        known.arguments += said
      }
    }
    if (delta.function_call !== undefined) {
      expect(delta.function_call.name === undefined, 'named once').toBe(this.older !== null)
      expect(delta.function_call.name).not.toBe('')
      this.older = (this.older ?? '') + (delta.function_call.arguments ?? '')
    }
    if (finish !== null) this.finish(finish)
  }

  private finish(reason: string): void {
    this.finished = true
    for (const call of this.calls) if (!call.isCustom) expect(call.arguments).not.toBe('')
    expect(this.older).not.toBe('')
    if (reason === 'tool_calls') expect(this.calls).not.toEqual([])
    if (reason === 'stop') expect(this.calls).toEqual([])
  }

  get isFinished(): boolean {
    return this.finished
  }
}

function checkPromises({ chunks, isWhole, isCounted }: Heard, { includeUsage }: DecodeContext): void {
  const choices = new Map<number, Promises>()
  const [first] = chunks
  for (const [position, chunk] of chunks.entries()) {
    expect(validateChatCompletionChunk(chunk)).toMatchObject({ valid: true })
    expect([chunk.id, chunk.created, chunk.model]).toEqual([first?.id, first?.created, first?.model])
    if (chunk.choices.length === 0) expect([position, includeUsage]).toEqual([chunks.length - 1, true])
    for (const choice of chunk.choices) {
      const promises = choices.get(choice.index) ?? new Promises()
      choices.set(choice.index, promises)
      promises.take(choice)
    }
  }
  if (!isWhole) return
  expect(choices.size).toBeGreaterThan(0)
  for (const promises of choices.values()) expect(promises.isFinished).toBe(true)
  expect(chunks.some((chunk) => chunk.choices.length === 0)).toBe(includeUsage && isCounted)
}

/** Where events have names, an event is drawn with its own. */
function isNamed(event: unknown): event is [string, unknown] {
  return Array.isArray(event) && event.length === 2 && typeof event[0] === 'string'
}

function frameOf(event: unknown, name: string | null): Frame {
  return { data: typeof event === 'string' ? event : JSON.stringify(event), event: name }
}

describe.each(Object.values(dialects))('$id', (dialect) => {
  const events = wireEvents[dialect.id]

  it('is asked with events of its own', () => {
    expect(events).toBeDefined()
  })

  it('ends every stream and keeps the promises', () => {
    const ends = new Set<boolean>()
    fc.assert(
      fc.property(fc.array(events ?? fc.nat(), { maxLength: 14 }), contexts, (drawn, how) => {
        const frames = drawn.map((event) => (isNamed(event) ? frameOf(event[1], event[0]) : frameOf(event, null)))
        const context = contextOf(how)
        const heard = hear(dialect, frames, context)
        checkPromises(heard, context)
        ends.add(heard.isWhole)
      }),
      { numRuns: 800 },
    )
    expect(ends.size).toBe(2)
  })

  it('reads whatever it is answered, as a completion or as a failure', () => {
    const outcomes = new Set<boolean>()
    fc.assert(
      fc.property(wireReplies[dialect.id] ?? fc.nat(), contexts, (drawn, how) => {
        const body = JSON.stringify(drawn)
        const context = contextOf(how)
        const decoded = dialect.decode(body, context)
        outcomes.add('failure' in decoded)
        if ('failure' in decoded) expect(failureClasses).toContain(decoded.failure.class)
        else {
          expect(validateChatCompletion(decoded.completion)).toMatchObject({ valid: true })
          const { choices } = decoded.completion
          expect(new Set(choices.map(({ index }) => index)).size).toBe(choices.length)
          for (const { message } of choices) {
            const ids = (message.tool_calls ?? []).map(({ id }) => id)
            expect(new Set(ids).size).toBe(ids.length)
          }
          for (const chunk of chunksOf(decoded.completion, context)) {
            expect(validateChatCompletionChunk(chunk)).toMatchObject({ valid: true })
          }
        }
        expect(failureClasses).toContain(dialect.decodeError({ status: 400, headers: {}, body }).class)
      }),
      { numRuns: 500 },
    )
    expect(outcomes.size).toBe(2)
  })
})
