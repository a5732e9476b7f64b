/** What broke this language once: odd replies and requests, each of them with what must become of it. */
import { describe, expect, it, vi } from 'vitest'
import type { ChatCompletionRequest } from '../../../../schemas/index.ts'
import type { DecodeContext } from '../dialect.ts'
import { noQuirks } from '../quirks.ts'
import { encoded } from '../testing/encode.ts'
import { decode } from './decode.ts'
import { DocumentNames } from './document-names.ts'
import { parseExactJson } from '../../chat/exact-json.ts'
import { decodeError, streamFailure } from './errors.ts'
import { bedrockConverse } from './index.ts'
import { openStream } from './stream.ts'

const haiku = 'us.anthropic.claude-haiku-4-5-20251001-v1:0'
const mistral = 'mistral.mistral-large-2407-v1:0'
const titan = 'amazon.titan-text-express-v1'

const context: DecodeContext = {
  fallbackId: 'chatcmpl-1',
  createdSeconds: 1,
  model: 'm',
  includeUsage: false,
  quirks: noQuirks,
}

function sent(messages: ChatCompletionRequest['messages'], model = haiku) {
  return encoded(bedrockConverse, { model: 'm', messages }, { model })
}

const exact = '{"id":12345678901234567890,"at":[-9007199254740993],"half":0.5,"text":"12345678901234567890"}'

describe('numbers beyond 2^53', () => {
  it('keep their digits in the arguments of a whole reply', () => {
    const body = `{"output":{"message":{"content":[{"toolUse":{"toolUseId":"a","name":"f","input":${exact}}}]}},"stopReason":"tool_use"}`
    const called = { function: { name: 'f', arguments: exact } }
    expect(decode(body, context)).toMatchObject({ completion: { choices: [{ message: { tool_calls: [called] } }] } })
  })

  it('keep their digits in calls of the past, and in results that are sent as JSON', () => {
    const call = { id: 'a', type: 'function', function: { name: 'f', arguments: exact } }
    const messages: ChatCompletionRequest['messages'] = [
      { role: 'user', content: 'Hi.' },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'a', content: exact },
    ]
    const { body, lost } = sent(messages, mistral)
    expect(body).toContain(`"input":${exact}`)
    expect(body).toContain(`{"json":${exact}}`)
    expect(lost).toEqual([])
  })

  it('make nothing readable of what is no JSON', () => {
    expect(parseExactJson('{"a":12345678901234567890')).toBeUndefined()
    expect(parseExactJson('{"a":1}')).toEqual({ a: 1 })
  })
})

describe('a stream', () => {
  function stream(input: unknown, more: Partial<DecodeContext> = {}) {
    const decoder = openStream({ ...context, ...more })
    const events: [string, object][] = [
      ['contentBlockStart', { contentBlockIndex: 0, start: { toolUse: { toolUseId: 'a', name: 'f' } } }],
      ['contentBlockDelta', { contentBlockIndex: 0, delta: { toolUse: { input } } }],
      ['messageStop', { stopReason: 'tool_use' }],
    ]
    const steps = events.map(([name, payload]) => decoder.push(JSON.stringify(payload), name))
    return steps.flatMap(({ chunks }) => chunks).flatMap(({ choices }) => choices.map(({ delta }) => delta))
  }

  it('may hold events of nothing but a name', () => {
    const decoder = openStream(context)
    expect(decoder.push('', 'event-of-tomorrow')).toMatchObject({ failure: null })
  })

  it('may send the input of a call parsed', () => {
    const calls = stream({ a: 1 }).flatMap((delta) => delta.tool_calls ?? [])
    expect(calls.map((call) => call.function?.arguments ?? '').join('')).toBe('{"a":1}')
    const texts = stream({ a: 1 }, { answerTool: 'f' }).map((delta) => delta.content ?? '')
    expect(texts.join('')).toBe('{"a":1}')
  })
})

describe('a reply', () => {
  const reply = (content: unknown, stopReason?: string) =>
    decode(JSON.stringify({ output: { message: { content } }, stopReason }), context)

  it('with nothing said and no word why it ended is no answer', () => {
    const failure = { class: 'server_error', message: 'the provider sent an empty answer' }
    for (const content of [[], [{}], [{ text: '' }]]) expect(reply(content)).toMatchObject({ failure })
    expect(reply([{}], 'end_turn')).toMatchObject({ completion: { choices: [{ finish_reason: 'stop' }] } })
  })

  it('may be a text', () => {
    const message = { content: 'Tick.' }
    expect(reply('Tick.', 'end_turn')).toMatchObject({ completion: { choices: [{ message }] } })
  })
})

describe('an error', () => {
  const many = 'so '.repeat(9000)

  it('has no more words than any other', () => {
    const plain = decodeError({ status: 400, headers: {}, body: JSON.stringify({ Message: many }) })
    const streamed = streamFailure('exception:modelStreamErrorException', JSON.stringify({ originalMessage: many }))
    for (const { message } of [plain, streamed]) {
      expect(message).toContain('so so')
      expect(message.length).toBeLessThan(2200)
    }
  })

  it('without words is told by its name', () => {
    const { message } = streamFailure('error:InternalFailure', '{"message":""}')
    expect(message).toBe('the provider reported InternalFailure')
  })
})

describe('a request', () => {
  it.each([haiku, titan])('may have more system texts than a stack has room for (%s)', (model) => {
    const content = Array.from({ length: 200_000 }, () => ({ type: 'text', text: 'a' }))
    const { body } = sent(
      [
        { role: 'system', content },
        { role: 'user', content: 'last' },
      ],
      model,
    )
    expect(body.split('"text":"a"')).toHaveLength(200_001)
    expect(body.indexOf('"last"')).toBeGreaterThan(0)
  })

  it('finds names for documents that are alike without trying all of them', () => {
    const names = new DocumentNames()
    const looks = vi.spyOn(Set.prototype, 'has')
    const given = Array.from({ length: 300 }, () => names.nameOf('a.pdf'))
    const count = looks.mock.calls.length
    looks.mockRestore()
    expect(count).toBeLessThan(1000)
    expect(new Set(given).size).toBe(300)
    expect([given[0], given[1], given.at(-1)]).toEqual(['a', 'a 2', 'a 300'])
    expect([names.nameOf('b 2.pdf'), names.nameOf('b.pdf'), names.nameOf('b.pdf')]).toEqual(['b 2', 'b', 'b 3'])
  })
})
