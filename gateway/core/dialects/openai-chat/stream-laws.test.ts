/**
 * Laws that hold for every answer in every vendor's manner: an answer is drawn, and a manner of sending it; then the
 * cuts in the bytes must not matter, and the stream must fold to what the whole reply decodes to.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChatCompletion, ChatCompletionChunk } from '../../../../schemas/index.ts'
import { validateChatCompletionChunk } from '../../../../schemas/validate-chat-completion-chunk.ts'
import { validateChatCompletion } from '../../../../schemas/validate-chat-completion.ts'
import { foldChunks } from '../../chat/testing/fold-chunks.ts'
import { openServerSentEvents } from '../../framing/sse.ts'
import type { DecodeContext } from '../dialect.ts'
import { noQuirks } from '../quirks.ts'
import { decode } from './decode.ts'
import { openStream } from './stream.ts'
import { answers, bytesOf, manners, wholeReply } from './testing/manners.ts'
import { chunksIn, cutAt, settled, stepsThrough } from '../testing/stream-laws.ts'

// ---- decoding ----

const context = (includeUsage: boolean): DecodeContext => ({
  fallbackId: 'chatcmpl-fallback',
  createdSeconds: 1,
  model: 'fallback',
  includeUsage,
  quirks: noQuirks,
})

function chunksOf(reads: readonly Uint8Array[], includeUsage: boolean): ChatCompletionChunk[] {
  const reader = openServerSentEvents()
  const decoder = openStream(context(includeUsage))
  const steps = stepsThrough(reads, reader, decoder)
  return chunksIn(steps)
}

describe('for every answer and every manner of sending it', () => {
  it('the cuts in the bytes do not matter', () => {
    fc.assert(
      fc.property(answers, manners, fc.array(fc.nat(5000), { maxLength: 10 }), (drawn, how, places) => {
        const bytes = bytesOf(drawn, how)
        const reads = cutAt(bytes, places)
        expect(chunksOf(reads, true)).toEqual(chunksOf([bytes], true))
      }),
      { numRuns: 300 },
    )
  })

  it('nor does it when every byte comes alone', () => {
    fc.assert(
      fc.property(answers, manners, (drawn, how) => {
        const bytes = bytesOf(drawn, how)
        const single = Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1))
        expect(chunksOf(single, true)).toEqual(chunksOf([bytes], true))
      }),
      { numRuns: 50 },
    )
  })

  it('the stream folds to the whole reply, and all of it is valid', () => {
    fc.assert(
      fc.property(answers, manners, fc.boolean(), (drawn, how, includeUsage) => {
        const chunks = chunksOf([bytesOf(drawn, how)], includeUsage)
        for (const chunk of chunks) expect(validateChatCompletionChunk(chunk).valid).toBe(true)
        const whole = decode(wholeReply(drawn, how), context(includeUsage))
        if ('failure' in whole) throw new Error(whole.failure.message)
        expect(validateChatCompletion(whole.completion).valid).toBe(true)
        const { usage, ...rest } = whole.completion
        const expected: ChatCompletion = includeUsage && usage !== undefined ? { ...rest, usage } : rest
        expect(settled(foldChunks(chunks))).toEqual(settled(expected))
      }),
      { numRuns: 500 },
    )
  })

  // Of one choice: how many the caller asked for a decoder does not know, so a whole one of two looks complete to it.
  it('a stream cut before its finish reason is a failure', () => {
    const single = answers.map(({ choices, usage }) => ({ choices: choices.slice(0, 1), usage }))
    fc.assert(
      fc.property(single, manners, fc.nat(), (drawn, how, place) => {
        const bytes = bytesOf(drawn, how)
        const finishes = [...new TextDecoder('latin1').decode(bytes).matchAll(/"finish_reason":"/g)]
        const until = finishes.at(-1)?.index ?? 0
        const decoder = openStream(context(true))
        const reader = openServerSentEvents()
        const frames = [...reader.push(bytes.subarray(0, place % until)), ...reader.end()]
        const steps = [...frames.map((frame) => decoder.push(frame.data, frame.event)), decoder.end()]
        expect(steps.at(-1)?.failure?.class).toBe('server_error')
        expect(steps.some((step) => step.done)).toBe(false)
      }),
      { numRuns: 300 },
    )
  })
})
