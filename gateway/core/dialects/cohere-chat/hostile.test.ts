/** What broke this language once: odd replies and requests, each of them with what must become of it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { validateChatCompletion } from '../../../../schemas/validate-chat-completion.ts'
import type { DecodeContext } from '../dialect.ts'
import { noQuirks } from '../quirks.ts'
import { encoded } from '../testing/encode.ts'
import { decode } from './decode.ts'
import { cohereChat } from './index.ts'
import { openStream } from './stream.ts'
import { decodeToolName, encodeToolName } from './tool-names.ts'

const context: DecodeContext = {
  fallbackId: 'chatcmpl-1',
  createdSeconds: 7,
  model: 'asked',
  includeUsage: false,
  quirks: noQuirks,
}

function stream(...events: object[]) {
  const decoder = openStream(context)
  const steps = events.map((event) => decoder.push(JSON.stringify(event), null))
  const choices = steps.flatMap(({ chunks }) => chunks).flatMap((chunk) => chunk.choices)
  const calls = choices.flatMap(({ delta }) => delta.tool_calls ?? [])
  return {
    text: choices.map(({ delta }) => delta.content ?? '').join(''),
    arguments: calls.map((call) => call.function?.arguments ?? '').join(''),
    citations: choices.flatMap(({ delta }) => delta.citations ?? []),
    finish: choices.at(-1)?.finish_reason ?? null,
    end: steps.at(-1),
  }
}

const end = (finish_reason?: string) => ({ type: 'message-end', delta: { finish_reason } })
const begin = (given: unknown) => ({
  type: 'tool-call-start',
  index: 0,
  delta: { message: { tool_calls: { id: 'c', type: 'function', function: { name: 'f', arguments: given } } } },
})
const goOn = (given: unknown) => ({
  type: 'tool-call-delta',
  index: 0,
  delta: { message: { tool_calls: { function: { arguments: given } } } },
})

describe('a stream', () => {
  it('may send arguments parsed', () => {
    expect(stream(begin({ a: 1 }), end('TOOL_CALL')).arguments).toBe('{"a":1}')
    expect(stream(begin(''), goOn({ a: 1 }), end('TOOL_CALL')).arguments).toBe('{"a":1}')
  })

  it.each([
    [['nu', 'll'], '{}'],
    [[' ', '\n'], '{}'],
    [['null', ' '], '{}'],
    [['null', '  1'], 'null  1'],
    [[' [1', ',2]'], ' [1,2]'],
    [['nul'], 'nul'],
  ])('whose arguments come as %j gives %s', (pieces, expected) => {
    expect(stream(begin(''), ...pieces.map(goOn), end('TOOL_CALL')).arguments).toBe(expected)
  })

  it('hands on arguments that are no object as they come, and holds none back', () => {
    const decoder = openStream(context)
    decoder.push(JSON.stringify(begin('[')), null)
    expect(decoder.push(JSON.stringify(goOn('1,')), null).chunks).toHaveLength(1)
  })

  it('may send a text for its only part', () => {
    const said = { type: 'content-delta', index: 0, delta: { message: { content: 'Tick.' } } }
    expect(stream(said, end('COMPLETE'))).toMatchObject({ text: 'Tick.', finish: 'stop' })
  })

  it('that ends with nothing said and no word why is no answer', () => {
    expect(stream({ type: 'message-end' }).end).toMatchObject({ done: false, failure: { class: 'server_error' } })
    expect(stream(end('COMPLETE')).end).toMatchObject({ done: true })
    const said = { type: 'content-delta', index: 0, delta: { message: { content: { text: 'Tick.' } } } }
    expect(stream(said, { type: 'message-end' })).toMatchObject({ finish: 'stop', end: { done: true } })
  })

  it('may have more sources than a stack has room for', () => {
    const citations = Array.from({ length: 300_000 }, (_, place) => ({ start: place }))
    const told = { type: 'citation-start', index: 0, delta: { message: { citations } } }
    expect(stream(told, end('COMPLETE')).citations).toHaveLength(300_000)
  })
})

describe('a reply', () => {
  it('may be a text', () => {
    const body = JSON.stringify({ message: { content: 'Tick.' }, finish_reason: 'COMPLETE' })
    expect(decode(body, context)).toMatchObject({ completion: { choices: [{ message: { content: 'Tick.' } }] } })
  })

  it('that ended with an error in many words tells some of them', () => {
    const decoded = decode(JSON.stringify({ finish_reason: 'ERROR', error: 'so '.repeat(9000) }), context)
    const { message } = 'failure' in decoded ? decoded.failure : { message: '' }
    expect([message.slice(0, 5), message.length < 2200]).toEqual(['so so', true])
  })

  it('is counted by what is billed where its tokens are not told', () => {
    const usage = { tokens: {}, billed_units: { input_tokens: 5, output_tokens: 3 } }
    const body = JSON.stringify({ message: { content: 'x' }, finish_reason: 'COMPLETE', usage })
    expect(decode(body, context)).toMatchObject({ usage: { inputTokens: 5, outputTokens: 3 } })
  })

  it('stays valid where log probabilities add up to no number', () => {
    const logprobs = [{ text: 'x', logprobs: [-1e308, -1e308] }]
    const message = { content: [{ type: 'text', text: 'x' }] }
    const decoded = decode(JSON.stringify({ message, logprobs, finish_reason: 'COMPLETE' }), context)
    if ('failure' in decoded) throw new Error(decoded.failure.message)
    expect(validateChatCompletion(JSON.parse(JSON.stringify(decoded.completion)))).toMatchObject({ valid: true })
  })
})

describe('a request', () => {
  it('has names of tools that come back as they were, or is refused', () => {
    const names = fc.array(fc.constantFrom('-', '_', '__dash', 'dash', 'dash__', 'a'), { minLength: 1 })
    fc.assert(
      fc.property(names, (parts) => {
        const name = parts.join('')
        const spelt = encodeToolName(name)
        if (spelt !== null) expect(decodeToolName(spelt)).toBe(name)
      }),
    )
    expect([encodeToolName('__dash-x'), encodeToolName('a-b')]).toEqual([null, 'a__dash__b'])
  })

  it('with a `top_p` below the least is told so', () => {
    const lost = (top_p: number) =>
      encoded(cohereChat, { model: 'm', messages: [{ role: 'user', content: 'Hi.' }], top_p }).lost
    expect([lost(0), lost(0.01)]).toEqual([['top_p;approximated'], []])
  })
})
