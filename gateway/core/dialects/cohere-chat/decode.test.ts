/** Odd answers, plain and streamed. Plain cases are golden files. */
import { describe, expect, it } from 'vitest'
import type { DecodeContext } from '../dialect.ts'
import { noQuirks } from '../quirks.ts'
import { decode } from './decode.ts'
import { decodeError } from './errors.ts'
import { openStream } from './stream.ts'

const context: DecodeContext = {
  fallbackId: 'chatcmpl-1',
  createdSeconds: 7,
  model: 'asked',
  includeUsage: false,
  quirks: noQuirks,
}

const reply = (fields: object) => JSON.stringify({ id: 'r', ...fields })
const said = { role: 'assistant', content: [{ type: 'text', text: 'x' }] }

describe('why the model stopped', () => {
  it.each([
    ['COMPLETE', 'stop'],
    ['STOP_SEQUENCE', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['ERROR_LIMIT', 'length'],
    ['ERROR_TOXIC', 'content_filter'],
    ['TOMORROW', 'stop'],
    // Without a call, nobody waits for a result.
    ['TOOL_CALL', 'stop'],
  ])('%s is %s', (native, finish) => {
    const decoded = decode(reply({ message: said, finish_reason: native }), context)
    expect(decoded).toMatchObject({ completion: { choices: [{ finish_reason: finish }] }, nativeFinishReason: native })
  })

  it.each([
    ['ERROR', 'server_error'],
    ['USER_CANCEL', 'server_error'],
    ['TIMEOUT', 'timeout'],
  ])('%s is no answer, plain or streamed', (native, failureClass) => {
    const expected = { class: failureClass, status: 200, code: native }
    expect(decode(reply({ message: said, finish_reason: native }), context)).toMatchObject({ failure: expected })
    const event = { type: 'message-end', delta: { finish_reason: native } }
    expect(openStream(context).push(JSON.stringify(event), null).failure).toMatchObject(expected)
  })
})

describe('an answer', () => {
  it('tells the probability of a piece as the product of its tokens', () => {
    const logprobs = [
      { text: 'x', token_ids: [1, 2], logprobs: [-1, -0.5] },
      { text: '', token_ids: [], logprobs: [] },
    ]
    const expected = { content: [{ token: 'x', logprob: -1.5, bytes: null, top_logprobs: [] }], refusal: null }
    expect(decode(reply({ message: said, finish_reason: 'COMPLETE', logprobs }), context)).toMatchObject({
      completion: { choices: [{ logprobs: expected }] },
    })
    const delta = { message: { content: { text: 'x' } } }
    const event = { type: 'content-delta', index: 0, delta, logprobs: logprobs[0] }
    expect(openStream(context).push(JSON.stringify(event), null).chunks.at(-1)?.choices[0]?.logprobs).toEqual(expected)
  })

  it('is counted by what is billed where nothing else is told', () => {
    const usage = { billed_units: { input_tokens: 3, output_tokens: 4 } }
    const decoded = decode(reply({ message: said, finish_reason: 'COMPLETE', usage }), context)
    expect(decoded).toMatchObject({ usage: { inputTokens: 3, outputTokens: 4, cachedTokens: 0 } })
  })

  it('comes in the older form where it was asked for so', () => {
    const calls = [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }]
    const message = { role: 'assistant', tool_calls: calls }
    const older = { ...context, legacyCalls: true as const }
    expect(decode(reply({ message, finish_reason: 'TOOL_CALL' }), older)).toMatchObject({
      completion: { choices: [{ finish_reason: 'function_call', message: { function_call: { name: 'f' } } }] },
    })
  })

  it.each(['', '[]', '{}', '{"id":"r","message":{"role":"assistant"}}'])('%s is none', (body) => {
    expect(decode(body, context)).toMatchObject({ failure: { class: 'server_error', status: 200 } })
  })
})

describe('a stream', () => {
  it('passes over events that nobody knows', () => {
    const decoder = openStream(context)
    for (const type of ['debug', 'content-citation', 'citation-end']) {
      expect(decoder.push(JSON.stringify({ type, prompt: 'x' }), type)).toMatchObject({ chunks: [], failure: null })
    }
  })

  it.each([
    ['{"message":"internal server error"}', 'internal server error'],
    ['{"type":"error","error":{"message":"overloaded"}}', 'overloaded'],
    ['{"type":"error","error":{}}', 'said nothing'],
    ['oops', 'the provider sent an event that is not JSON'],
    ['{"type":"tool-call-delta","index":3,"delta":{"message":{"tool_calls":{"function":{"arguments":"{"}}}}}', 'name'],
  ])('%s ends it', (data, words) => {
    const { failure } = openStream(context).push(data, null)
    expect(failure).toMatchObject({ class: 'server_error', status: 200 })
    expect(failure?.message).toContain(words)
  })

  it('takes an index as great as it likes for a number of a call', () => {
    const decoder = openStream(context)
    const call = { id: 'a', type: 'function', function: { name: 'f', arguments: '' } }
    const event = { type: 'tool-call-start', index: 2 ** 39, delta: { message: { tool_calls: call } } }
    const { chunks } = decoder.push(JSON.stringify(event), null)
    expect(chunks.at(-1)?.choices[0]?.delta.tool_calls).toMatchObject([{ index: 0, id: 'a' }])
    const end = decoder.push(JSON.stringify({ type: 'message-end', delta: { finish_reason: 'TOOL_CALL' } }), null)
    expect(end).toMatchObject({ done: true })
  })
})

describe('a refusal', () => {
  it.each([
    [401, 'invalid api token', 'misconfigured'],
    [402, 'add a payment method', 'quota'],
    [404, "model 'x' not found", 'misconfigured'],
    [400, "model 'x' not found", 'misconfigured'],
    [422, 'invalid request', 'invalid_request'],
    [400, 'invalid request: response_format is not supported with RAG.', 'unsupported_by_target'],
    [422, 'your request resulted in an invalid tool generation', 'server_error'],
    [429, 'You are using a Trial key, which is limited to 20 API calls / minute.', 'rate_limited'],
    [429, 'You are using a Trial key, which is limited to 1,000 API calls / month.', 'quota'],
    [498, 'blocked', 'content_filtered'],
    [499, 'cancelled', 'server_error'],
    [503, 'unavailable', 'server_error'],
    [504, 'timed out', 'server_error'],
  ])('of %i with "%s" is %s', (status, message, failureClass) => {
    const failure = decodeError({ status, headers: {}, body: JSON.stringify({ id: 'e', message }) })
    expect(failure).toMatchObject({ class: failureClass, status, message })
  })
})
