/**
 * Laws that hold for every answer in every manner of sending it: the cuts in the bytes must not matter, and the stream
 * must fold to what the whole reply decodes to. And what the caller gets of a thinking model's answer must become the
 * same blocks again when it comes back.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AnswerMessage, ChatCompletion, ChatCompletionChunk, RequestMessage } from '../../../../schemas/index.ts'
import { validateChatCompletionChunk } from '../../../../schemas/validate-chat-completion-chunk.ts'
import { validateChatCompletion } from '../../../../schemas/validate-chat-completion.ts'
import { foldChunks } from '../../chat/testing/fold-chunks.ts'
import { openAwsEventStream } from '../../framing/aws-event-stream.ts'
import { eventLines } from '../../framing/testing/event-messages.ts'
import type { DecodeContext } from '../dialect.ts'
import { noQuirks } from '../quirks.ts'
import { encoded } from '../testing/encode.ts'
import { decode } from './decode.ts'
import { bedrockConverse } from './index.ts'
import { openStream } from './stream.ts'
import type { Block } from './testing/manners.ts'
import { answers, bytesOf, linesOf, manners, wholeReply } from './testing/manners.ts'
import { chunksIn, cutAt, settled, stepsThrough } from '../testing/stream-laws.ts'

const context = (includeUsage: boolean, answerTool?: string): DecodeContext => ({
  fallbackId: 'chatcmpl-law',
  createdSeconds: 1,
  model: 'fallback',
  includeUsage,
  quirks: noQuirks,
  ...(answerTool !== undefined && { answerTool }),
})

function chunksOf(reads: readonly Uint8Array[], asked: DecodeContext): ChatCompletionChunk[] {
  const reader = openAwsEventStream()
  const decoder = openStream(asked)
  const steps = stepsThrough(reads, reader, decoder)
  return chunksIn(steps)
}

const tools = fc.constantFrom(undefined, 'answer')

describe('for every answer and every manner of sending it', () => {
  it('the cuts in the bytes do not matter', () => {
    fc.assert(
      fc.property(answers, manners, fc.array(fc.nat(5000), { maxLength: 10 }), (drawn, how, places) => {
        const bytes = bytesOf(drawn, how)
        const reads = cutAt(bytes, places)
        expect(chunksOf(reads, context(true))).toEqual(chunksOf([bytes], context(true)))
      }),
      { numRuns: 300 },
    )
  })

  it('the stream folds to the whole reply, and all of it is valid', () => {
    fc.assert(
      fc.property(answers, manners, fc.boolean(), tools, (drawn, how, includeUsage, answerTool) => {
        const asked = context(includeUsage, answerTool)
        const chunks = chunksOf([bytesOf(drawn, how)], asked)
        for (const chunk of chunks) expect(validateChatCompletionChunk(chunk).valid).toBe(true)
        const whole = decode(wholeReply(drawn), asked)
        if ('failure' in whole) throw new Error(whole.failure.message)
        expect(validateChatCompletion(whole.completion).valid).toBe(true)
        const { usage, ...rest } = whole.completion
        const expected: ChatCompletion = includeUsage && usage !== undefined ? { ...rest, usage } : rest
        expect(settled(foldChunks(chunks))).toEqual(settled(expected))
      }),
      { numRuns: 500 },
    )
  })

  it('a stream that ends before it says why it stopped is a failure, and an exception is one at any place', () => {
    fc.assert(
      fc.property(answers, manners, fc.nat(), fc.boolean(), (drawn, how, place, isTold) => {
        const lines = linesOf(drawn, how)
        const stop = lines.findIndex((line) => line.startsWith('messageStop'))
        const before = lines.slice(0, place % (stop + 1))
        const exception = 'exception:serviceUnavailableException {"message":"Gone."}'
        const decoder = openStream(context(true))
        const frames = openAwsEventStream().push(eventLines(isTold ? [...before, exception] : before))
        const steps = [...frames.map((frame) => decoder.push(frame.data, frame.event)), decoder.end()]
        expect(steps.find((step) => step.failure !== null)?.failure?.class).toBe('server_error')
        expect(steps.some((step) => step.done)).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  it('without its usage it is whole all the same', () => {
    fc.assert(
      fc.property(answers, manners, (drawn, how) => {
        const lines = linesOf(drawn, how).filter((line) => !line.startsWith('metadata'))
        const folded = foldChunks(chunksOf([eventLines(lines)], context(true)))
        expect(folded.usage).toBeUndefined()
      }),
      { numRuns: 50 },
    )
  })
})

/** What of an answer goes back: signed thoughts, one text, calls; blank texts are nothing. */
function returned(content: readonly Block[]): unknown[] {
  const textOf = (block: Block): string => {
    if ('text' in block) return block.text
    return 'citationsContent' in block ? block.citationsContent.content.map(({ text }) => text).join('') : ''
  }
  const said = content.map(textOf).join('')
  const back: unknown[] = []
  let hasText = false
  let before = ''
  for (const block of content) {
    if ('text' in block || 'citationsContent' in block) {
      before += textOf(block)
      if (before.trim() === '' || hasText) continue
      hasText = true
      back.push({ text: said })
    } else if ('toolUse' in block) {
      if (block.toolUse.type === undefined) back.push(block)
    } else if ('redactedContent' in block.reasoningContent) back.push(block)
    else if (block.reasoningContent.reasoningText.signature !== undefined) back.push(block)
  }
  return back
}

/** As a caller sends it: by way of JSON. */
function comingBack(message: AnswerMessage): RequestMessage {
  return JSON.parse(JSON.stringify(message)) as RequestMessage
}

describe('for every answer of a thinking model', () => {
  it('what comes back is what it said, block by block', () => {
    fc.assert(
      fc.property(answers, ({ content: drawn, ...rest }) => {
        // After its calls a model says nothing more, so OpenAI's form has no place for it.
        const called = drawn.findIndex((block) => 'toolUse' in block)
        const isText = (block: Block) => 'text' in block || 'citationsContent' in block
        const content = drawn.filter((block, index) => called === -1 || index < called || !isText(block))
        const whole = decode(wholeReply({ ...rest, content }), context(false))
        if ('failure' in whole) throw new Error(whole.failure.message)
        const [choice] = whole.completion.choices
        if (choice === undefined) throw new Error('no choice')
        const question = { role: 'user', content: 'a' }
        const request = { model: 'm', messages: [question, comingBack(choice.message), { ...question, content: 'b' }] }
        const { body } = encoded(bedrockConverse, request, { model: 'us.anthropic.claude-opus-4-8' })
        const turns = (JSON.parse(body) as { messages: { role: string; content: unknown[] }[] }).messages
        const back = turns.find(({ role }) => role === 'assistant')?.content ?? []
        expect(back).toEqual(returned(content))
      }),
      { numRuns: 500 },
    )
  })
})
