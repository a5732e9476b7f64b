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
import { openServerSentEvents } from '../../framing/sse.ts'
import type { DecodeContext } from '../dialect.ts'
import { noQuirks } from '../quirks.ts'
import { decode } from './decode.ts'
import { openStream } from './stream.ts'
import type { Block } from './testing/manners.ts'
import { answers, bytesOf, manners, wholeReply } from './testing/manners.ts'
import { send, user } from './testing/sent.ts'
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
  const reader = openServerSentEvents()
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

  it('nor does it when every byte comes alone', () => {
    fc.assert(
      fc.property(answers, manners, (drawn, how) => {
        const bytes = bytesOf(drawn, how)
        const single = Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1))
        expect(chunksOf(single, context(true))).toEqual(chunksOf([bytes], context(true)))
      }),
      { numRuns: 50 },
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

  it('a stream cut before it says why it stopped is a failure', () => {
    fc.assert(
      fc.property(answers, manners, fc.nat(), (drawn, how, place) => {
        const bytes = bytesOf(drawn, how)
        const until = new TextDecoder('latin1').decode(bytes).lastIndexOf('"stop_reason":"')
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

/** What of an answer goes back: signed thoughts, one text, calls; blank texts are nothing. */
function returned(content: readonly Block[]): unknown[] {
  const said = content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('')
  const back: unknown[] = []
  let hasText = false
  let before = ''
  for (const block of content) {
    if (block.type === 'text') {
      before += block.text
      if (before.trim() === '' || hasText) continue
      hasText = true
      back.push({ type: 'text', text: said })
    } else if (block.type === 'thinking') {
      if (block.signature !== '') back.push(block)
    } else if (block.type !== 'server_tool_use') back.push(block)
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
        const called = drawn.findIndex(({ type }) => type === 'tool_use')
        const content = drawn.filter(({ type }, index) => called === -1 || index < called || type !== 'text')
        const whole = decode(wholeReply({ ...rest, content }), context(false))
        if ('failure' in whole) throw new Error(whole.failure.message)
        const [choice] = whole.completion.choices
        if (choice === undefined) throw new Error('no choice')
        const { body } = send(
          { messages: [user('a'), comingBack(choice.message), user('b')] },
          { model: 'claude-opus-5' },
        )
        const turns = body['messages'] as { role: string; content: unknown[] }[]
        const back = turns.find(({ role }) => role === 'assistant')?.content ?? []
        expect(back).toEqual(returned(content))
      }),
      { numRuns: 500 },
    )
  })
})
