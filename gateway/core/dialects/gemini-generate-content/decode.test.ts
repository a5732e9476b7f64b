import { describe, expect, it } from 'vitest'
import type { ChatCompletion } from '../../../../schemas/index.ts'
import { validateChatCompletion } from '../../../../schemas/validate-chat-completion.ts'
import type { ProviderFailure } from '../../chat/failure.ts'
import type { DecodeContext } from '../dialect.ts'
import { noQuirks } from '../quirks.ts'
import { decode } from './decode.ts'

const context: DecodeContext = {
  fallbackId: 'chatcmpl-1',
  createdSeconds: 5,
  model: 'm',
  includeUsage: false,
  quirks: noQuirks,
}

function read(reply: unknown, more: Partial<DecodeContext> = {}): ChatCompletion {
  const decoded = decode(JSON.stringify(reply), { ...context, ...more })
  if ('failure' in decoded) throw new Error(decoded.failure.message)
  expect(validateChatCompletion(decoded.completion)).toMatchObject({ valid: true })
  return decoded.completion
}

function failureOf(body: string): ProviderFailure {
  const decoded = decode(body, context)
  if ('failure' in decoded) return decoded.failure
  throw new Error(`read: ${JSON.stringify(decoded.completion)}`)
}

const saying = (...parts: object[]) => ({ candidates: [{ content: { parts, role: 'model' }, finishReason: 'STOP' }] })
const messageOf = (reply: unknown, more: Partial<DecodeContext> = {}) => read(reply, more).choices[0]?.message

describe('a reply', () => {
  it('has what the provider left out from us', () => {
    expect(read(saying({ text: 'a' }))).toEqual({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 5,
      model: 'm',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'a', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
    })
  })

  it('has a text of all its texts, and thoughts apart', () => {
    const reply = saying(
      { text: 'x', thought: true },
      { text: 'a' },
      { text: '' },
      { text: 'y', thought: true },
      { text: 'b' },
    )
    expect(messageOf(reply)).toMatchObject({ content: 'ab', reasoning_content: 'xy' })
  })

  it('has calls with ids of their own, unless the provider gave some, each once', () => {
    const call = (name: string, more: object = {}) => ({ functionCall: { name, ...more } })
    const reply = saying(call('f', { args: { a: [1] } }), call('g', { id: 'x' }), call('g', { id: 'x' }))
    expect(messageOf(reply)?.tool_calls).toEqual([
      { id: 'call_chatcmpl1_0_0', type: 'function', function: { name: 'f', arguments: '{"a":[1]}' } },
      { id: 'x', type: 'function', function: { name: 'g', arguments: '{}' } },
      { id: 'call_chatcmpl1_0_2', type: 'function', function: { name: 'g', arguments: '{}' } },
    ])
    expect(messageOf(reply, { legacyCalls: true })).toMatchObject({ function_call: { name: 'f' } })
  })

  it.each([
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['CONTINUATION', 'length'],
    ['SAFETY', 'content_filter'],
    ['RECITATION', 'content_filter'],
    ['SPII', 'content_filter'],
    ['OTHER', 'stop'],
    ['constructor', 'stop'],
  ])('%s is %s', (finishReason, finish) => {
    const [choice] = read({ candidates: [{ content: { parts: [{ text: 'a' }] }, finishReason }] }).choices
    expect(choice?.finish_reason).toBe(finish)
  })

  it('may be held back without a word', () => {
    expect(read({ candidates: [{ finishReason: 'SAFETY', index: 0 }] }).choices).toMatchObject([
      { message: { content: '' }, finish_reason: 'content_filter' },
    ])
  })

  it('has its counts summed the way they are counted', () => {
    const usageMetadata = {
      promptTokenCount: 10,
      candidatesTokenCount: 5,
      thoughtsTokenCount: 7,
      toolUsePromptTokenCount: 3,
      cachedContentTokenCount: 4,
      totalTokenCount: 25,
    }
    expect(read({ ...saying({ text: 'a' }), usageMetadata }).usage).toEqual({
      prompt_tokens: 13,
      completion_tokens: 12,
      total_tokens: 25,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 7 },
    })
    expect(read({ ...saying({ text: 'a' }), usageMetadata: { trafficType: 'ON_DEMAND' } }).usage).toBeUndefined()
  })

  it('has pictures in its text, and nothing that could break out of it', () => {
    const picture = (mimeType: string, data: string) => messageOf(saying({ inlineData: { mimeType, data } }))?.content
    expect(picture('image/png', 'AA==')).toBe('![](data:image/png;base64,AA==)')
    expect(picture('image/png', 'A)[x](y')).toBe('![](data:image/png;base64,Axy)')
    expect(picture('image/png)', 'AA==')).toBe('')
  })
})

describe('no answer', () => {
  it.each([
    ['', 'not JSON'],
    ['<html>', 'not JSON'],
    ['[]', 'not one'],
    ['"x"', 'not one'],
    ['{}', 'empty'],
    ['{"candidates":[]}', 'empty'],
    ['{"candidates":[{"index":0}]}', 'empty'],
    ['{"candidates":[{"content":{"role":"model"}}]}', 'empty'],
    ['{"candidates":[{"content":{"parts":[{"functionCall":{"args":{}}}]},"finishReason":"STOP"}]}', 'without a name'],
  ])('%s', (body, words) => {
    expect(failureOf(body)).toMatchObject({
      class: 'server_error',
      status: 200,
      message: expect.stringContaining(words) as string,
    })
  })

  it.each(['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'TOO_MANY_TOOL_CALLS', 'NO_IMAGE'])(
    '%s',
    (finishReason) => {
      const body = JSON.stringify({
        candidates: [{ content: { parts: [] }, finishReason, finishMessage: 'so it was' }],
      })
      expect(failureOf(body)).toMatchObject({
        class: 'server_error',
        code: finishReason,
        message: expect.stringContaining('so it was') as string,
      })
    },
  )

  it('is what a blocked prompt gets', () => {
    const body = JSON.stringify({ promptFeedback: { blockReason: 'MODEL_ARMOR', blockReasonMessage: 'not here' } })
    expect(failureOf(body)).toMatchObject({
      class: 'content_filtered',
      code: 'content_filter',
      message: 'the provider blocked the prompt: MODEL_ARMOR: not here',
    })
  })
})
