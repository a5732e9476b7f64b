import { describe, expect, it } from 'vitest'
import type { ChatCompletionRequest } from '../../../../schemas/index.ts'
import { encoded } from '../testing/encode.ts'
import { anthropicMessages } from './index.ts'
import { calls, refusalOf, requestWith, result, says, send, user } from './testing/sent.ts'

const declared = (name: string, rest: object = {}) => ({ type: 'function', function: { name, ...rest } })
const tools = [declared('look'), declared('listen')]
const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }

function sentTools(...given: object[]): unknown {
  return send({ tools: given as NonNullable<ChatCompletionRequest['tools']> }).body['tools']
}

describe('tools', () => {
  it('are carried with their schema', () => {
    expect(sentTools(declared('look', { description: 'Looks.', parameters: schema }))).toEqual([
      { name: 'look', description: 'Looks.', input_schema: schema },
    ])
  })

  it('without parameters, a description or a type take an empty object', () => {
    const empty = { type: 'object', properties: {} }
    expect(sentTools(declared('a'), declared('b', { description: '', parameters: {} }))).toEqual([
      { name: 'a', input_schema: empty },
      { name: 'b', input_schema: empty },
    ])
    expect(sentTools(declared('a', { parameters: { properties: { x: {} } } }))).toMatchObject([
      { input_schema: { type: 'object', properties: { x: {} } } },
    ])
  })

  it.each(['filter[id]', '$top', 'Account Number', 'a'.repeat(65)])(
    'with an argument called "%s" are refused, at the top only',
    (name) => {
      const inner = { type: 'object', properties: { [name]: { type: 'string' } } }
      const given = [declared('look', { parameters: inner })]
      expect(refusalOf({ tools: given })).toMatchObject({
        class: 'unsupported_by_target',
        param: 'tools[0].function.parameters',
      })
      const nested = [declared('look', { parameters: { type: 'object', properties: { inner } } })]
      expect(send({ tools: nested }).body['tools']).toMatchObject([{ input_schema: { properties: { inner } } }])
    },
  )

  it('of one name are refused', () => {
    expect(refusalOf({ tools: [...tools, declared('look')] })).toMatchObject({
      class: 'unsupported_by_target',
      param: 'tools[2].function.name',
    })
  })

  it('with a choice of schemas at the root become one object', () => {
    const variant = (name: string, required: string[]) => ({ properties: { [name]: { type: 'string' } }, required })
    const parameters = {
      anyOf: [variant('a', ['a', 'kind']), variant('b', ['kind'])],
      required: ['id'],
      properties: { id: {} },
    }
    const { body, lost } = send({ tools: [declared('look', { parameters })] })
    expect(body['tools']).toMatchObject([
      {
        input_schema: {
          type: 'object',
          properties: { id: {}, a: { type: 'string' }, b: { type: 'string' } },
          required: ['id', 'kind'],
        },
      },
    ])
    expect(lost).toEqual(['tools;approximated'])
    const strict = send({ tools: [declared('look', { parameters, strict: true })] })
    expect(strict.body['tools']).toEqual(body['tools'])
    expect(strict.lost).toEqual(['tools[].strict;approximated', 'tools;approximated'])
    expect(
      sentTools(declared('look', { parameters: { allOf: [variant('a', ['a']), variant('b', ['b'])] } })),
    ).toMatchObject([{ input_schema: { required: ['a', 'b'] } }])
  })

  it.each(['a b', 'server.tool', '', 'x'.repeat(129)])('named "%s" are refused', (name) => {
    expect(refusalOf({ tools: [declared('ok'), declared(name)] })).toMatchObject({
      class: 'unsupported_by_target',
      param: 'tools[1].function.name',
    })
  })

  it('whose input is no object, or of unknown types, are refused', () => {
    expect(refusalOf({ tools: [declared('a', { parameters: { type: 'array' } })] }).param).toBe(
      'tools[0].function.parameters',
    )
    expect(refusalOf({ tools: [{ type: 'web_search_preview' }] }).param).toBe('tools[0]')
    expect(refusalOf({ tools: [{ type: 'custom', custom: { name: 'a' } }] }).param).toBe('tools[custom]')
  })

  it("of the language's own pass through, as do its fields on others", () => {
    const own = { type: 'web_search_20250305', name: 'web_search', max_uses: 3 }
    const examples = { input_examples: [{ city: 'İzmir' }], defer_loading: true }
    expect(sentTools(own, { ...declared('look'), ...examples })).toMatchObject([own, { name: 'look', ...examples }])
  })

  it('of the older form come back in it', () => {
    const request = requestWith({ functions: [{ name: 'look', parameters: schema }], function_call: { name: 'look' } })
    const { body, legacyCalls } = encoded(anthropicMessages, request, { model: 'claude-haiku-4-5' })
    expect(JSON.parse(body)).toMatchObject({
      tools: [{ name: 'look', input_schema: schema }],
      tool_choice: { type: 'tool', name: 'look', disable_parallel_tool_use: true },
    })
    expect(legacyCalls).toBe(true)
  })

  it('that were called are declared even where there are none any more, and cannot be called', () => {
    const messages = [user('a'), calls('c1', 'c2'), result('c1', 'x'), result('c2', 'y'), says('b'), user('c')]
    expect(send({ messages }).body).toMatchObject({
      tools: [{ name: 'look', input_schema: { type: 'object' } }],
      tool_choice: { type: 'none' },
    })
    expect(send({}).body).not.toHaveProperty('tools')
  })

  it('that search the web are one of its own', () => {
    const web_search_options = {
      search_context_size: 'low',
      user_location: { type: 'approximate', approximate: { city: 'İzmir', country: 'TR' } },
    }
    expect(send({ web_search_options }).body['tools']).toEqual([
      {
        type: 'web_search_20250305',
        name: 'web_search',
        user_location: { type: 'approximate', city: 'İzmir', country: 'TR' },
      },
    ])
  })
})

describe('strict tools', () => {
  const strict = (name: string, parameters: object) => declared(name, { strict: true, parameters })

  it('are strict, their schema closed', () => {
    const { body, lost } = send({ tools: [strict('look', schema)] })
    expect(body['tools']).toEqual([
      { name: 'look', input_schema: { ...schema, additionalProperties: false }, strict: true },
    ])
    expect(lost).toEqual([])
  })

  it('are not where the model has none', () => {
    const { body, lost } = send({ tools: [strict('look', schema)] }, { model: 'claude-sonnet-4-0' })
    expect(body['tools']).toEqual([{ name: 'look', input_schema: schema }])
    expect(lost).toEqual(['tools[].strict'])
  })

  it('are not beyond what one request may hold, nor with a schema that cannot be', () => {
    const many = Array.from({ length: 21 }, (_, index) => strict(`t${index}`, schema))
    const { body, lost } = send({ tools: many })
    expect(JSON.stringify(body).match(/"strict":true/g)).toHaveLength(20)
    expect(lost).toEqual(['tools[].strict;approximated'])
    const map = { type: 'object', properties: { all: { type: 'object', additionalProperties: { type: 'string' } } } }
    expect(send({ tools: [strict('look', map)] }).body['tools']).toEqual([{ name: 'look', input_schema: map }])
  })
})

describe('the choice', () => {
  const allowed = (mode: string) => ({ type: 'allowed_tools', allowed_tools: { mode, tools: [declared('listen')] } })
  const single = { disable_parallel_tool_use: true }
  const named = { type: 'function', function: { name: 'look' } }

  it.each<[string, Partial<ChatCompletionRequest>, unknown]>([
    ['is left to the model', {}, undefined],
    ['auto', { tool_choice: 'auto' }, undefined],
    ['none', { tool_choice: 'none', parallel_tool_calls: false }, { type: 'none' }],
    ['required', { tool_choice: 'required' }, { type: 'any' }],
    ['a tool', { tool_choice: named }, { type: 'tool', name: 'look' }],
    ['one at a time', { parallel_tool_calls: false }, { type: 'auto', ...single }],
    ['exactly one', { tool_choice: 'required', parallel_tool_calls: false }, { type: 'any', ...single }],
    ['an unknown word', { tool_choice: 'whatever' }, undefined],
  ])('%s', (_what, fields, expected) => {
    const { body } = send({ tools, ...fields })
    expect(body['tools']).toHaveLength(2)
    expect(body['tool_choice']).toEqual(expected)
  })

  it.each([
    ['auto', undefined],
    ['required', { type: 'any' }],
  ])('of allowed tools (%s) sends no others', (mode, expected) => {
    const { body } = send({ tools, tool_choice: allowed(mode) })
    expect(body['tools']).toMatchObject([{ name: 'listen' }])
    expect(body['tool_choice']).toEqual(expected)
  })

  it("of a function may name it at the top, as another of OpenAI's APIs has it", () => {
    const { body } = send({ tools, tool_choice: { type: 'function', name: 'look' } })
    expect(body['tool_choice']).toEqual({ type: 'tool', name: 'look' })
  })

  it.each<NonNullable<ChatCompletionRequest['tool_choice']>>([
    { type: 'function', function: { name: 'smell' } },
    { type: 'function' },
    { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'x' } }] } },
    { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [] } },
  ])('of nothing there is: %j', (tool_choice) => {
    expect(refusalOf({ tools, tool_choice })).toMatchObject({ class: 'invalid_request', param: 'tool_choice' })
  })

  it('of nothing there is, in the older form', () => {
    const functions = [{ name: 'look' }]
    expect(refusalOf({ functions, function_call: { name: 'smell' } })).toMatchObject({ class: 'invalid_request' })
  })

  it('is not sent without tools', () => {
    expect(send({ tool_choice: 'required', parallel_tool_calls: false }).body).not.toHaveProperty('tool_choice')
  })

  it.each([
    ['required', 'tool_choice[required];approximated', 'at least one of your tools'],
    [named, 'tool_choice[function];approximated', 'the tool "look"'],
  ])('is asked for in words of models that cannot be forced', (tool_choice, told, words) => {
    const { body, lost } = send({ tools, tool_choice, parallel_tool_calls: false }, { model: 'claude-opus-5-5' })
    expect(body['tool_choice']).toEqual({ type: 'auto', ...single })
    expect(body['system']).toMatchObject([{ text: expect.stringContaining(words) as string }])
    expect(lost).toEqual([told])
  })
})
