/** What broke this language once: odd replies and requests, each of them with what must become of it. */
import { describe, expect, it } from 'vitest'
import type { RequestMessage } from '../../../../schemas/index.ts'
import { validateChatCompletion } from '../../../../schemas/validate-chat-completion.ts'
import type { DecodeContext } from '../dialect.ts'
import { noQuirks } from '../quirks.ts'
import { decode } from './decode.ts'
import { signatureDetail } from './reasoning.ts'
import { openStream } from './stream.ts'
import { calls, result, send, user } from './testing/sent.ts'

const context: DecodeContext = {
  fallbackId: 'chatcmpl-1',
  createdSeconds: 5,
  model: 'm',
  includeUsage: false,
  quirks: noQuirks,
}

function stream(...events: object[]) {
  const decoder = openStream(context)
  const steps = [...events.map((event) => decoder.push(JSON.stringify(event), null)), decoder.end()]
  const deltas = steps.flatMap(({ chunks }) => chunks).flatMap(({ choices }) => choices.map(({ delta }) => delta))
  const pieces = deltas.flatMap((delta) => delta.tool_calls ?? [])
  return { arguments: pieces.map((call) => call.function?.arguments ?? '').join(''), end: steps.at(-1) }
}

const calling = (functionCall: object, finishReason?: string) => ({
  candidates: [{ content: { parts: [{ functionCall }] }, ...(finishReason !== undefined && { finishReason }) }],
})

describe('arguments in pieces', () => {
  it('that lie deeper than can be written are told, and break nothing', () => {
    const piece = { jsonPath: `$${'.a'.repeat(20_000)}`, stringValue: 'x' }
    const { end } = stream(calling({ name: 'f', partialArgs: [piece] }, 'STOP'))
    expect(end?.failure).toMatchObject({ class: 'server_error', message: expect.stringContaining('too deeply') })
  })

  it('may follow some that came whole', () => {
    const begun = calling({ name: 'f', args: { a: 1, b: 'x' }, willContinue: true })
    const piece = calling({ partialArgs: [{ jsonPath: '$.b', stringValue: 'y' }], willContinue: false }, 'STOP')
    expect(stream(begun, piece).arguments).toBe('{"a":1,"b":"y"}')
    expect(stream(begun, calling({}, 'STOP')).arguments).toBe('{"a":1,"b":"x"}')
  })
})

describe('a reply', () => {
  const saying = (text: string, more: object) => ({
    candidates: [{ content: { parts: [{ text }] }, finishReason: 'STOP', ...more }],
  })

  it('stays valid where a log probability is no number', () => {
    const reply = JSON.stringify(
      saying('a', { logprobsResult: { chosenCandidates: [{ token: 'a', logProbability: 'HUGE' }] } }),
    )
    const decoded = decode(reply.replace('"HUGE"', '-1e999'), context)
    if ('failure' in decoded) throw new Error(decoded.failure.message)
    expect(validateChatCompletion(JSON.parse(JSON.stringify(decoded.completion)))).toMatchObject({ valid: true })
  })

  it('has its sources at the right places, in the middle of characters and past the end too', () => {
    const segments = [{ endIndex: 1 }, { startIndex: 1, endIndex: 5 }, { startIndex: 5, endIndex: 99 }]
    const groundingMetadata = {
      groundingChunks: [{ web: { uri: 'https://example.test/', title: 't' } }],
      groundingSupports: segments.map((segment) => ({ segment, groundingChunkIndices: [0] })),
    }
    const decoded = decode(JSON.stringify(saying('ü🌍é', { groundingMetadata })), context)
    if ('failure' in decoded) throw new Error(decoded.failure.message)
    const places = decoded.completion.choices[0]?.message.annotations?.map(({ url_citation: place }) => [
      place.start_index,
      place.end_index,
    ])
    expect(places).toEqual([
      [0, 1],
      [1, 3],
      [3, 4],
    ])
  })

  it('that failed repeats no key, and no more words than an error has', () => {
    const said = `bad key AIzaSyA1234567890abcdefghijklmnopqrstuvw ${'so '.repeat(5000)}`
    const gaveUp = { candidates: [{ finishReason: 'MALFORMED_FUNCTION_CALL', finishMessage: said }] }
    const blocked = { promptFeedback: { blockReason: 'OTHER', blockReasonMessage: said } }
    for (const reply of [gaveUp, blocked]) {
      const decoded = decode(JSON.stringify(reply), context)
      const { message } = 'failure' in decoded ? decoded.failure : { message: '' }
      expect(message).toContain('[removed]')
      expect(message).not.toContain('AIza')
      expect(message.length).toBeLessThan(2200)
    }
  })

  it('with nothing said and no word why it ended is no answer', () => {
    const failure = { class: 'server_error', message: 'the provider sent an empty answer' }
    for (const parts of [[], [{}], 'none']) {
      expect(decode(JSON.stringify({ candidates: [{ content: { parts } }] }), context)).toMatchObject({ failure })
    }
  })

  it('may hold speech, whose type has parameters', () => {
    const inlineData = { mimeType: 'audio/L16;codec=pcm; rate=24000', data: 'AAAA' }
    const reply = { candidates: [{ content: { parts: [{ inlineData }] }, finishReason: 'STOP' }] }
    const content = '![](data:audio/L16;codec=pcm;rate=24000;base64,AAAA)'
    expect(decode(JSON.stringify(reply), context)).toMatchObject({
      completion: { choices: [{ message: { content } }] },
    })
  })

  it.each(['', '[DONE]', ' [DONE]'])('that is streamed may have %j behind it', (data) => {
    const decoder = openStream(context)
    decoder.push(JSON.stringify(saying('a', {})), null)
    expect(decoder.push(data, null)).toMatchObject({ failure: null })
    expect(decoder.end()).toMatchObject({ done: true })
  })

  it('that holds an error in words says them', () => {
    const failure = { class: 'misconfigured', message: 'Invalid API key.' }
    expect(decode('{"error":"Invalid API key."}', context)).toMatchObject({ failure })
    expect(openStream(context).push('{"error":"Invalid API key."}', null)).toMatchObject({ failure })
  })
})

describe('a request', () => {
  const many = Array.from({ length: 200_000 }, () => ({ type: 'text', text: 'a' }))

  it.each(['system', 'assistant'])('may have more texts of the role %s than a stack has room for', (role) => {
    const { body } = send({ messages: [user('Hi.'), { role, content: many, reasoning_content: 'why' }, user('Yes?')] })
    expect(JSON.stringify(body).split('"text":"a"')).toHaveLength(200_001)
  })

  it('whose arguments hold a number beyond 2^53 is told so', () => {
    const call = (given: string): RequestMessage => ({
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: given } }],
    })
    const lost = (given: string) => send({ messages: [user('Hi.'), call(given), result('a', 'x')] }).lost
    expect(lost('{"id":12345678901234567890}')).toEqual(['messages[].tool_calls;approximated'])
    expect(lost('{"id":"12345678901234567890","b":1234567890123456}')).toEqual([])
  })

  it('finds the calls of thousands of results in any order', () => {
    const ids = Array.from({ length: 20_000 }, (_, place) => String(place))
    const results = ids.toReversed().map((id) => result(id, id))
    const { body } = send({ messages: [user('Hi.'), calls(...ids), ...results] })
    const { contents } = body as { contents: { parts: { functionResponse?: { name: string } }[] }[] }
    const names = contents.at(-1)?.parts.map((part) => part.functionResponse?.name)
    expect(names).toEqual(ids.map((id) => `look_${id}`))
  })

  it('gives results of calls with one id to them in their order', () => {
    const { body } = send({ messages: [user('Hi.'), calls('a', 'a'), result('a', 'one'), result('a', 'two')] })
    const { contents } = body as { contents: { parts: { functionResponse?: { response: object } }[] }[] }
    const outputs = contents.at(-1)?.parts.map((part) => part.functionResponse?.response)
    expect(outputs).toEqual([{ output: 'one' }, { output: 'two' }])
  })

  it('tells that signatures of others go, however many calls share one of its own', () => {
    const foreign = { type: 'reasoning.text', text: 'x', signature: 's', format: 'another', index: 0 }
    const details = [foreign, signatureDetail('S', 'a', 0)]
    const both = { ...calls('a', 'a'), reasoning_details: details.map((detail) => ({ ...detail })) }
    const { lost } = send({ messages: [user('Hi.'), both, result('a', 'one'), result('a', 'two')] })
    expect(lost).toEqual(['messages[].reasoning_details;approximated'])
  })
})
