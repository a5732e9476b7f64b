/**
 * Laws that hold for every answer in every manner of sending it: the cuts in the bytes do not matter, and the stream
 * folds to what the whole reply decodes to.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChatCompletion, ChatCompletionChunk } from '../../../../schemas/index.ts'
import { validateChatCompletionChunk } from '../../../../schemas/validate-chat-completion-chunk.ts'
import { validateChatCompletion } from '../../../../schemas/validate-chat-completion.ts'
import { foldChunks } from '../../chat/testing/fold-chunks.ts'
import { openServerSentEvents } from '../../framing/sse.ts'
import type { DecodeContext, StreamStep } from '../dialect.ts'
import { noQuirks } from '../quirks.ts'
import { decode } from './decode.ts'
import { openStream } from './stream.ts'
import type { Answer } from './testing/manners.ts'
import { answers, bytesOf, manners, wholeReply } from './testing/manners.ts'
import { chunksIn, cutAt, settled, stepsThrough } from '../testing/stream-laws.ts'

function contextOf({ candidates }: Answer, includeUsage: boolean): DecodeContext {
  return {
    fallbackId: 'chatcmpl-law',
    createdSeconds: 1,
    model: 'm',
    includeUsage,
    choices: candidates.length,
    quirks: noQuirks,
  }
}

function stepsOf(reads: readonly Uint8Array[], context: DecodeContext): StreamStep[] {
  const reader = openServerSentEvents()
  const decoder = openStream(context)
  return stepsThrough(reads, reader, decoder)
}

function chunksOf(reads: readonly Uint8Array[], context: DecodeContext): ChatCompletionChunk[] {
  const steps = stepsOf(reads, context)
  return chunksIn(steps)
}

describe('for every answer and every manner of sending it', () => {
  it('the cuts in the bytes do not matter', () => {
    fc.assert(
      fc.property(answers, manners, fc.array(fc.nat(5000), { maxLength: 10 }), (drawn, how, places) => {
        const bytes = bytesOf(drawn, how)
        const context = contextOf(drawn, true)
        const reads = cutAt(bytes, places)
        expect(chunksOf(reads, context)).toEqual(chunksOf([bytes], context))
      }),
      { numRuns: 300 },
    )
  })

  it('nor does it when every byte comes alone', () => {
    fc.assert(
      fc.property(answers, manners, (drawn, how) => {
        const bytes = bytesOf(drawn, how)
        const context = contextOf(drawn, true)
        const single = Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1))
        expect(chunksOf(single, context)).toEqual(chunksOf([bytes], context))
      }),
      { numRuns: 50 },
    )
  })

  it('the stream folds to the whole reply, and all of it is valid', () => {
    fc.assert(
      fc.property(answers, manners, fc.boolean(), (drawn, how, includeUsage) => {
        const context = contextOf(drawn, includeUsage)
        const chunks = chunksOf([bytesOf(drawn, how)], context)
        for (const chunk of chunks) expect(validateChatCompletionChunk(chunk).valid).toBe(true)
        const whole = decode(wholeReply(drawn, how), context)
        if ('failure' in whole) throw new Error(whole.failure.message)
        expect(validateChatCompletion(whole.completion).valid).toBe(true)
        const { usage, ...rest } = whole.completion
        const expected: ChatCompletion = includeUsage && usage !== undefined ? { ...rest, usage } : rest
        expect(settled(foldChunks(chunks))).toEqual(settled(expected))
      }),
      { numRuns: 500 },
    )
  })

  it('a stream that ends before any finish reason is a failure', () => {
    fc.assert(
      fc.property(answers, manners, fc.nat(), (drawn, how, place) => {
        const bytes = bytesOf(drawn, how)
        const start = new TextDecoder('latin1').decode(bytes).indexOf('"finishReason"')
        const steps = stepsOf([bytes.subarray(0, place % start)], contextOf(drawn, true))
        expect(steps.at(-1)?.failure?.class).toBe('server_error')
        expect(steps.some((step) => step.done)).toBe(false)
      }),
      { numRuns: 300 },
    )
  })
})
