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
import { openNdjson } from '../../framing/ndjson.ts'
import type { StreamStep } from '../dialect.ts'
import { decode } from './decode.ts'
import { openStream } from './stream.ts'
import { answers, bytesOf, manners, wholeReply } from './testing/answers.ts'
import { context } from './testing/lines.ts'
import { chunksIn, cutAt, settled, stepsThrough } from '../testing/stream-laws.ts'

function stepsOf(reads: readonly Uint8Array[], includeUsage: boolean): StreamStep[] {
  const reader = openNdjson()
  const decoder = openStream({ ...context, includeUsage })
  return stepsThrough(reads, reader, decoder)
}

function chunksOf(reads: readonly Uint8Array[], includeUsage: boolean): ChatCompletionChunk[] {
  const steps = stepsOf(reads, includeUsage)
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

  it('a stream cut before its last line is whole is a failure', () => {
    fc.assert(
      fc.property(answers, manners, fc.nat(), (drawn, how, place) => {
        const bytes = bytesOf(drawn, how)
        // The object of the last line is the last thing that is not a line end.
        const whole = new TextDecoder('latin1').decode(bytes).trimEnd().length
        const steps = stepsOf([bytes.subarray(0, place % whole)], true)
        expect(steps.at(-1)?.failure?.class).toBe('server_error')
        expect(steps.some((step) => step.done)).toBe(false)
      }),
      { numRuns: 300 },
    )
  })
})
