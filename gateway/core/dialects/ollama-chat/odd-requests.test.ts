/** What OpenAI takes and this server would stumble over, or take for something else. */
import { describe, expect, it } from 'vitest'
import type { ChatCompletionRequest, RequestMessage } from '../../../../schemas/index.ts'
import { encodeRequest, fieldsToEncode } from '../encode-request.ts'
import { encoded, targetOf } from '../testing/encode.ts'
import { ollamaChat } from './index.ts'

const user: RequestMessage = { role: 'user', content: 'Hello.' }

function bodyOf(fields: Partial<ChatCompletionRequest>): Record<string, unknown> {
  return JSON.parse(encoded(ollamaChat, { model: 'm', messages: [user], ...fields }).body) as Record<string, unknown>
}

function failureOf(fields: Partial<ChatCompletionRequest>): unknown {
  const request = { model: 'm', messages: [user], ...fields }
  const result = encodeRequest(ollamaChat, fieldsToEncode(request), targetOf(ollamaChat, {}))
  return 'failure' in result ? result.failure : null
}

describe('limits', () => {
  it.each<[string | string[], unknown]>([
    ['', undefined],
    [[''], undefined],
    [['', 'END'], { stop: ['END'] }],
    ['\n', { stop: ['\n'] }],
  ])('an empty stop sequence would stop every answer at once: %j', (stop, options) => {
    expect(bodyOf({ stop })['options']).toEqual(options)
  })

  it.each(['max_tokens', 'max_completion_tokens'])('an answer of no tokens (%s) would have no limit', (name) => {
    expect(failureOf({ [name]: 0 })).toMatchObject({ class: 'unsupported_by_target', param: 'max_tokens' })
    expect(bodyOf({ [name]: 1 })['options']).toEqual({ num_predict: 1 })
  })
})

describe('images', () => {
  it('are sent in the strict form of base64', () => {
    const content = [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgoA\nAA_-B' } }]
    expect(bodyOf({ messages: [{ role: 'user', content }] })['messages']).toMatchObject([
      { images: ['iVBORw0KGgoAAA/+B'] },
    ])
  })
})

describe('words', () => {
  it.each(['constructor', '__proto__', 'toString'])('a role called "%s" is none', (role) => {
    expect(failureOf({ messages: [user, { role, content: 'a' }] })).toMatchObject({ param: 'messages[1]' })
  })

  it.each(['constructor', '__proto__', 'very'])('an effort called "%s" is none', (reasoning_effort) => {
    expect(failureOf({ reasoning_effort })).toMatchObject({ param: 'reasoning_effort' })
  })

  it.each(['high', 'xhigh', 'max'])('the greatest effort that every server knows is high: %s', (reasoning_effort) => {
    expect(bodyOf({ reasoning_effort })['think']).toBe('high')
  })
})

describe('schemas of arguments', () => {
  const parametersOf = (parameters: Record<string, unknown> | null) => {
    const [tool] = bodyOf({ tools: [{ type: 'function', function: { name: 'f', parameters } }] })['tools'] as [
      { function: { parameters: unknown } },
    ]
    return tool.function.parameters
  }
  const empty = { type: 'object', properties: {} }

  it.each<[string, Record<string, unknown> | null, unknown]>([
    ['none', null, empty],
    ['no keywords', {}, empty],
    ['nothing said', { type: null, properties: null, required: null }, { ...empty, required: null }],
    ['an object or nothing', { type: ['object', 'null'], properties: {} }, empty],
    ['anything', { properties: { a: true, b: {} } }, { type: 'object', properties: { a: {}, b: {} } }],
    [
      'anything inside',
      { properties: { a: { properties: { b: false } }, c: { anyOf: [true, { type: ['string', 'null'] }] } } },
      {
        type: 'object',
        properties: { a: { properties: { b: {} } }, c: { anyOf: [{}, { type: ['string', 'null'] }] } },
      },
    ],
    [
      'keywords of any kind',
      {
        properties: { a: { type: 'string', enum: ['x'], description: 'A.', pattern: '^x' } },
        required: ['a'],
        $defs: {},
      },
      {
        type: 'object',
        properties: { a: { type: 'string', enum: ['x'], description: 'A.', pattern: '^x' } },
        required: ['a'],
        $defs: {},
      },
    ],
  ])('are sent as the server reads them: %s', (_what, parameters, expected) => {
    expect(parametersOf(parameters)).toEqual(expected)
  })

  it.each<[string, Record<string, unknown>]>([
    ['a type of numbers', { properties: { a: { type: 5 } } }],
    ['a list of anything', { type: ['array', 'string'] }],
    ['a list for properties', { properties: [] }],
    ['text for a property', { properties: { a: 'string' } }],
    ['a required property', { required: true }],
    ['a description of its own', { properties: { a: { description: {} } } }],
    ['an enum of one', { properties: { a: { enum: 'x' } } }],
    ['alternatives of text', { properties: { a: { anyOf: ['x'] } } }],
    ['one alternative', { properties: { a: { anyOf: {} } } }],
    ['deep inside', { properties: { a: { properties: { b: { properties: 1 } } } } }],
  ])('are refused where it could not read them: %s', (_what, parameters) => {
    expect(failureOf({ tools: [{ type: 'function', function: { name: 'f', parameters } }] })).toMatchObject({
      class: 'unsupported_by_target',
      param: 'tools',
    })
  })
})

describe('long loops', () => {
  const ids = Array.from({ length: 20_000 }, (_, place) => `call_${place}`)
  const calls = ids.map((id) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } }))
  const results = ids.map((id) => ({ role: 'tool', tool_call_id: id, content: id }))

  it('get their results in order, however many there are', () => {
    const messages = [user, { role: 'assistant', content: null, tool_calls: calls }, ...results.toReversed()]
    const sent = bodyOf({ messages })['messages'] as { content: string }[]
    expect(sent.slice(2).map(({ content }) => content)).toEqual(ids)
  })

  it('tell where something was wrong by the place in the request', () => {
    const odd = { role: 'tool', tool_call_id: 'call_0', content: [{ type: 'image_url', image_url: { url: 'data:x' } }] }
    const messages = [
      user,
      { role: 'assistant', content: null, tool_calls: calls.slice(0, 2) },
      results[1] ?? user,
      odd,
    ]
    expect(failureOf({ messages })).toMatchObject({ param: 'messages[3].content[0]' })
  })
})
