import { describe, expect, it } from 'vitest'
import type { ChatCompletion } from '../../../../schemas/index.ts'
import { validateChatCompletion } from '../../../../schemas/validate-chat-completion.ts'
import { decode } from './decode.ts'
import { context, last } from './testing/lines.ts'

type Fields = Readonly<Record<string, unknown>>

function completionOf(message: Fields, rest: Fields = {}): ChatCompletion {
  const decoded = decode(last(rest, message), context)
  if ('failure' in decoded) throw new Error(decoded.failure.message)
  expect(validateChatCompletion(decoded.completion)).toMatchObject({ valid: true })
  return decoded.completion
}

function failureOf(body: string) {
  const decoded = decode(body, context)
  if (!('failure' in decoded)) throw new Error('it was taken for an answer')
  return decoded.failure
}

const messageOf = (message: Fields, rest: Fields = {}) => completionOf(message, rest).choices[0]?.message
const finishOf = (message: Fields, rest: Fields = {}) => completionOf(message, rest).choices[0]?.finish_reason

describe('a whole reply', () => {
  it('is a completion', () => {
    expect(decode(last({}, { content: 'A clock.' }), context)).toEqual({
      completion: {
        id: context.fallbackId,
        object: 'chat.completion',
        created: 1_772_445_600,
        model: 'm-1',
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content: 'A clock.', refusal: null },
            logprobs: null,
            finish_reason: 'stop',
          },
        ],
        usage: {
          prompt_tokens: 12,
          completion_tokens: 7,
          total_tokens: 19,
          prompt_tokens_details: { cached_tokens: 0 },
          completion_tokens_details: { reasoning_tokens: 0 },
        },
      },
      usage: { inputTokens: 12, outputTokens: 7, cachedTokens: 0, reasoningTokens: 0 },
      nativeFinishReason: 'stop',
    })
  })

  it.each<[Fields, Fields]>([
    [{ content: '' }, { content: '' }],
    [{ content: null }, { content: '' }],
    [
      { content: 'a', thinking: 'hm' },
      { content: 'a', reasoning_content: 'hm' },
    ],
    [
      { content: '', thinking: 'hm' },
      { content: '', reasoning_content: 'hm' },
    ],
    [{ content: 'a', tool_calls: [] }, { content: 'a' }],
  ])('%j', (message, expected) => {
    expect(messageOf(message)).toEqual({ role: 'assistant', refusal: null, ...expected })
  })

  it.each<[Fields, string]>([
    [{ done_reason: 'length' }, 'length'],
    [{ done_reason: undefined }, 'stop'],
    [{ done: undefined, done_reason: undefined }, 'stop'],
  ])('ends by %j as %s', (rest, reason) => {
    expect(finishOf({ content: 'a' }, rest)).toBe(reason)
  })

  it('has calls, each with an id of its own', () => {
    const call = (id: string | undefined, name: string) => ({ id, function: { name, arguments: { a: [1] } } })
    const message = { tool_calls: [call('x', 'f'), call('x', 'g'), call(undefined, 'h')] }
    expect(messageOf(message)).toMatchObject({
      content: null,
      tool_calls: [
        { id: 'x', type: 'function', function: { name: 'f', arguments: '{"a":[1]}' } },
        { id: 'call_chatcmplfallback0001_0_1', function: { name: 'g' } },
        { id: 'call_chatcmplfallback0001_0_2', function: { name: 'h' } },
      ],
    })
    expect(finishOf(message)).toBe('tool_calls')
    expect(messageOf({ content: 'Wait.', ...message })?.content).toBe('Wait.')
  })

  it('has the first call in the older form, for those who know no other', () => {
    const call = (name: string) => ({ function: { name, arguments: {} } })
    const decoded = decode(last({}, { tool_calls: [call('f'), call('g')] }), { ...context, legacyCalls: true })
    if ('failure' in decoded) throw new Error(decoded.failure.message)
    expect(validateChatCompletion(decoded.completion)).toMatchObject({ valid: true })
    expect(decoded.completion.choices[0]).toMatchObject({
      message: { content: null, function_call: { name: 'f', arguments: '{}' } },
      finish_reason: 'function_call',
    })
    expect(decoded.completion.choices[0]?.message).not.toHaveProperty('tool_calls')
  })

  it('has no usage when the prompt was not counted', () => {
    expect(completionOf({ content: 'a' }, { prompt_eval_count: undefined })).not.toHaveProperty('usage')
  })

  it('has log probabilities', () => {
    const { choices } = completionOf({ content: 'a' }, { logprobs: [{ token: 'a', logprob: -0.5 }] })
    expect(choices[0]?.logprobs).toEqual({
      content: [{ token: 'a', logprob: -0.5, bytes: null, top_logprobs: [] }],
      refusal: null,
    })
  })
})

describe('no answer', () => {
  it.each<[string, string]>([
    ['', 'is not JSON'],
    ['<html>', 'is not JSON'],
    [`${last()}\n${last()}`, 'is not JSON'],
    ['[]', 'is not a chat reply'],
    ['null', 'is not a chat reply'],
    ['{}', 'an empty answer'],
    ['{"message":"hello","done":true}', 'an empty answer'],
    [last({ done: false }), 'a part of an answer'],
    [last({ done_reason: 'load' }), 'only loaded the model'],
    [last({}, { tool_calls: [{ function: { arguments: {} } }] }), 'a tool call without a name'],
    ['{"error":"unexpected EOF"}', 'unexpected EOF'],
    ['{"error":{"code":7}}', 'said nothing'],
    ['{"error":true}', 'the provider reported an error'],
  ])('%s', (body, words) => {
    const failure = failureOf(body)
    expect(failure).toMatchObject({ class: 'server_error', status: 200 })
    expect(failure.message).toContain(words)
  })
})
