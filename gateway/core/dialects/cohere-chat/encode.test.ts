/** What of a value, not of a field, is carried, changed or refused. Plain cases are golden files. */
import { describe, expect, it } from 'vitest'
import type { ChatCompletionRequest, RequestMessage } from '../../../../schemas/index.ts'
import { encodeRequest, fieldsToEncode } from '../encode-request.ts'
import type { TargetSpec } from '../testing/encode.ts'
import { encoded, targetOf } from '../testing/encode.ts'
import { cohereChat } from './index.ts'

const question: RequestMessage = { role: 'user', content: 'What ticks?' }

function sent(
  fields: Partial<ChatCompletionRequest>,
  spec: TargetSpec = {},
): Record<string, unknown> & { lost: unknown } {
  const { body, lost } = encoded(cohereChat, { model: 'm', messages: [question], ...fields }, spec)
  return { ...(JSON.parse(body) as Record<string, unknown>), lost }
}

function refusal(fields: Partial<ChatCompletionRequest>) {
  const request = { model: 'm', messages: [question], ...fields }
  const result = encodeRequest(cohereChat, fieldsToEncode(request), targetOf(cohereChat, {}))
  return 'failure' in result ? result.failure : null
}

const declared = (name: string, parameters?: object) => ({
  type: 'function',
  function: { name, ...(parameters !== undefined && { parameters: { ...parameters } }) },
})

describe('sampling', () => {
  it.each<[Partial<ChatCompletionRequest>, object]>([
    [{ temperature: 1 }, { temperature: 1, lost: [] }],
    [{ temperature: 2 }, { temperature: 1, lost: ['temperature;approximated'] }],
    [{ top_p: 1 }, { p: 0.99, lost: [] }],
    [{ top_p: 0 }, { p: 0.01 }],
    [{ frequency_penalty: -1 }, { frequency_penalty: 0, lost: ['frequency_penalty;approximated'] }],
    [{ presence_penalty: 1.5 }, { presence_penalty: 1, lost: ['presence_penalty;approximated'] }],
    [{ seed: -7 }, { seed: 7, lost: [] }],
    [{ stop: ['', 'a'] }, { stop_sequences: ['a'], lost: [] }],
    [
      { stop: ['a', 'b', 'c', 'd', 'e', 'f'] },
      { stop_sequences: ['a', 'b', 'c', 'd', 'e'], lost: ['stop;approximated'] },
    ],
    [
      { reasoning_effort: 'medium', max_tokens: 100 },
      { thinking: { type: 'enabled', token_budget: 80 }, max_tokens: 100 },
    ],
    [{ reasoning_effort: 'none' }, { thinking: { type: 'disabled' } }],
    [{ reasoning_effort: 'high' }, { thinking: { type: 'enabled' } }],
  ])('%j', (fields, expected) => {
    expect(sent(fields)).toMatchObject(expected)
  })

  it('an answer is never longer than the catalogue says, nor of no tokens', () => {
    expect(sent({ max_tokens: 9000 }, { maxOutputTokens: 4000 })).toMatchObject({ max_tokens: 4000 })
    expect(refusal({ max_tokens: 0 })).toMatchObject({ class: 'unsupported_by_target', param: 'max_tokens' })
  })

  it('a level of reasoning that nobody knows is refused', () => {
    expect(refusal({ reasoning_effort: 'constructor' })?.param).toBe('reasoning_effort')
  })
})

describe('turns', () => {
  it('in which nothing is said are not sent', () => {
    const messages = [{ role: 'system', content: '' }, { role: 'assistant', content: [] }, question]
    expect(sent({ messages }).messages).toEqual([question])
    expect(refusal({ messages: [{ role: 'user', content: '' }] })).toMatchObject({ param: 'messages' })
  })

  it('of the system stay where they stand', () => {
    const messages = [question, { role: 'assistant', content: 'A clock.' }, { role: 'developer', content: 'Be brief.' }]
    expect(sent({ messages }).messages).toEqual([...messages.slice(0, 2), { role: 'system', content: 'Be brief.' }])
  })

  it.each(['ftp://example.test/a.png', 'data:image/tiff;base64,AAAA', 'data:,x'])('no picture from %s', (url) => {
    const messages = [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }]
    expect(refusal({ messages })).toMatchObject({
      class: 'unsupported_by_target',
      param: 'messages[0].content[0]',
    })
  })

  it('with ids that are used again find their results all the same', () => {
    const round = (content: string): RequestMessage[] => [
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: '0', type: 'function', function: { name: 'f', arguments: '' } }],
      },
      { role: 'tool', tool_call_id: '0', content },
    ]
    const { messages } = sent({ messages: [question, ...round('one'), ...round('two')] })
    expect(messages).toMatchObject([
      {},
      { tool_calls: [{ id: '0', function: { arguments: '{}' } }] },
      { tool_call_id: '0', content: 'one' },
      { tool_calls: [{ id: '0_2' }] },
      { tool_call_id: '0_2', content: 'two' },
    ])
  })

  it('hand words back that a model took for arguments', () => {
    const calls = [{ id: 'a', type: 'function', function: { name: 'f', arguments: 'now!' } }]
    expect(sent({ messages: [question, { role: 'assistant', content: null, tool_calls: calls }] })).toMatchObject({
      messages: [{}, { tool_calls: [{ function: { arguments: '{"arguments":"now!"}' } }] }],
      lost: ['messages[].tool_calls;approximated'],
    })
  })

  it('a result in the older form without a call is refused', () => {
    expect(refusal({ messages: [question, { role: 'function', name: 'f', content: 'x' }] })?.param).toBe('messages[1]')
  })
})

describe('tools', () => {
  it.each(['with.dot', '1st', 'a__dash__b', 'ü'])('%s is no name here', (name) => {
    expect(refusal({ tools: [declared(name)] })).toMatchObject({ class: 'unsupported_by_target', param: 'tools' })
  })

  it('that are allowed are sent alone, and demanded where they are', () => {
    const tools = [declared('f'), declared('g')]
    const choice = (mode: string) => ({ type: 'allowed_tools', allowed_tools: { mode, tools: [declared('g')] } })
    expect(sent({ tools, tool_choice: choice('required') })).toMatchObject({
      tools: [{ function: { name: 'g' } }],
      tool_choice: 'REQUIRED',
    })
    expect(sent({ tools, tool_choice: choice('auto') })).not.toHaveProperty('tool_choice')
  })

  it('a choice of one that is not there is the caller’s mistake', () => {
    const tool_choice = { type: 'function', function: { name: 'g' } }
    expect(refusal({ tools: [declared('f')], tool_choice })).toMatchObject({
      class: 'invalid_request',
      param: 'tool_choice',
    })
  })

  it('of older models are left out where none may be called', () => {
    const fields = { tools: [declared('f')], tool_choice: 'none' }
    expect(sent(fields, { model: 'command-r-08-2024' })).not.toHaveProperty('tools')
    expect(sent(fields)).toMatchObject({ tool_choice: 'NONE', tools: [{}] })
  })

  it('are strict only where each demands an argument', () => {
    const strict = (parameters: object) => ({
      tools: [{ type: 'function', function: { name: 'f', strict: true, parameters: { ...parameters } } }],
    })
    const model = 'command-r7b-12-2024'
    const properties = { a: { type: 'string' } }
    expect(sent(strict({ type: 'object', properties, required: ['a'] }), { model })).toHaveProperty(
      'strict_tools',
      true,
    )
    const loose = sent(strict({ type: 'object', properties }), { model })
    expect(loose).not.toHaveProperty('strict_tools')
    expect(loose.lost).toContain('tools[].strict')
  })
})

describe('an answer of a given shape', () => {
  const asked = (schema: object) => ({
    response_format: { type: 'json_schema', json_schema: { name: 's', schema: { ...schema } } },
  })
  const near = 'response_format[json_schema];approximated'

  it('loses limits that the API does not know, and says so', () => {
    const age = { type: 'integer', minimum: 0 }
    const schema = { type: 'object', properties: { age, at: { type: 'string', format: 'date' } }, required: ['age'] }
    const { response_format: format, lost } = sent(asked(schema))
    expect(format).toMatchObject({ json_schema: { properties: { age: { type: 'integer' }, at: { format: 'date' } } } })
    expect(JSON.stringify(format)).not.toContain('minimum')
    expect(lost).toEqual([near])
  })

  it.each<[string, object]>([
    ['nothing is required', { type: 'object', properties: { a: {} } }],
    ['it is no object', { type: 'array', items: {} }],
    ['it is a sum', { type: 'object', properties: {}, required: ['a'], allOf: [{}] }],
    [
      'something inside is so',
      { type: 'object', properties: { a: { type: 'object', properties: {} } }, required: ['a'] },
    ],
  ])('is asked for in words where %s', (_why, schema) => {
    const { response_format: format, messages, lost } = sent(asked(schema))
    expect(format).toEqual({ type: 'json_object' })
    expect(messages).toMatchObject([{ role: 'system' }, question])
    expect(JSON.stringify(messages)).toContain(JSON.stringify(JSON.stringify(schema)).slice(1, -1))
    expect(lost).toEqual([near])
  })

  it('is asked for in words beside tools and documents', () => {
    const schema = { type: 'object', properties: { a: {} }, required: ['a'] }
    for (const beside of [{ tools: [declared('f')] }, { documents: ['Clocks tick.'] }]) {
      const whole = sent({ ...asked(schema), ...beside })
      expect(whole).not.toHaveProperty('response_format')
      expect(whole.messages).toMatchObject([{ role: 'system' }, question])
      expect(whole.lost).toContain(near)
    }
  })
})
