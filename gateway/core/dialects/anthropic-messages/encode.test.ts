import { describe, expect, it } from 'vitest'
import { encoded } from '../testing/encode.ts'
import { anthropicMessages } from './index.ts'
import { requestWith, send } from './testing/sent.ts'

describe('a request', () => {
  it('holds the model, a limit and the turns, under the version it is written against', () => {
    const { body, sourceFrom, headers } = encoded(anthropicMessages, requestWith({}), { model: 'claude-opus-5' })
    expect(JSON.parse(body)).toEqual({
      model: 'claude-opus-5',
      max_tokens: 128_000,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello.' }] }],
    })
    expect([sourceFrom, headers]).toEqual([null, { 'anthropic-version': '2023-06-01' }])
  })

  it('is never changed', () => {
    const request = deepFreeze(
      requestWith({
        messages: [
          { role: 'system', content: 'a', cache_control: { type: 'ephemeral' } },
          { role: 'user', content: [{ type: 'text', text: 'b', cache_control: { type: 'ephemeral' } }] },
          { role: 'assistant', content: 'c  ' },
        ],
        tools: [{ type: 'function', function: { name: 'look', strict: true, parameters: { type: 'object' } } }],
        response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object', anyOf: [] } } },
      }),
    )
    expect(() => encoded(anthropicMessages, request)).not.toThrow()
  })

  it('is a stream only when asked for', () => {
    expect(send({ stream: true }).body['stream']).toBe(true)
    expect(send({ stream: false, stream_options: { include_usage: true } }).body).not.toHaveProperty('stream')
  })
})

describe('the limit', () => {
  it.each([
    ['what is asked for', { max_tokens: 100 }, {}, 100],
    ['its newer name first', { max_tokens: 100, max_completion_tokens: 200 }, {}, 200],
    ["the model's greatest where more is asked for", { max_tokens: 1_000_000 }, {}, 64_000],
    ["the catalogue's where nothing is", {}, { maxOutputTokens: 2000 }, 2000],
    ["the catalogue's where more is", { max_tokens: 3000 }, { maxOutputTokens: 2000 }, 2000],
    ["the catalogue's where it knows of more", { max_tokens: 90_000 }, { maxOutputTokens: 100_000 }, 90_000],
    ["the model's greatest where nothing is known", {}, {}, 64_000],
    ['4,096 where even that is not', {}, { model: 'some-model' }, 4096],
    ['what is asked for where nobody knows better', { max_tokens: 1_000_000 }, { model: 'some-model' }, 1_000_000],
  ])('is %s', (_what, fields, spec, expected) => {
    expect(send(fields, spec).body['max_tokens']).toBe(expected)
  })

  it('that is filled in leaves room for the prompt', () => {
    const filled = (characters: number): unknown => {
      const messages = [{ role: 'user', content: 'x'.repeat(characters) }]
      return send({ messages }, { maxOutputTokens: 64_000, contextWindow: 200_000 }).body['max_tokens']
    }
    expect(filled(1000)).toBe(64_000)
    // 125,000 tokens and a quarter more, by their letters; and four for the message.
    expect(filled(500_000)).toBe(200_000 - 156_255)
    expect(filled(5_000_000)).toBe(4096)
    expect(send({ max_tokens: 50_000 }, { maxOutputTokens: 64_000, contextWindow: 100 }).body['max_tokens']).toBe(
      50_000,
    )
  })
})

describe('marks of the prompt cache', () => {
  const mark = { cache_control: { type: 'ephemeral' } }
  const marked = (text: string) => ({ type: 'text', text, ...mark })

  it('are the last four', () => {
    const tools = [{ type: 'function', function: { name: 'look' }, ...mark }]
    const messages = [
      { role: 'system', content: [marked('a')] },
      { role: 'user', content: [marked('b'), marked('c')] },
      { role: 'assistant', content: 'd', ...mark },
      { role: 'user', content: [marked('e')] },
    ]
    const { body, lost } = send({ tools, messages })
    expect(JSON.stringify(body).split('"cache_control"')).toHaveLength(5)
    expect(body['tools']).toEqual([{ name: 'look', input_schema: { type: 'object', properties: {} } }])
    expect(lost).toEqual(['cache_control;approximated'])
    // One on the whole takes the place of one.
    const beside = send({ tools, messages, ...mark }).body
    expect(JSON.stringify(beside).split('"cache_control"')).toHaveLength(5)
    expect(beside['system']).toEqual([{ type: 'text', text: 'a' }])
    expect(send({ messages: messages.slice(1) }).lost).toEqual([])
  })

  it('stand on no thought', () => {
    const details = [{ type: 'reasoning.text', text: 'b', signature: 's', format: 'anthropic-claude-v1', index: 1 }]
    const message = { role: 'assistant', content: 'a', reasoning_details: details, ...mark }
    const { body } = send({ messages: [{ role: 'user', content: 'x' }, message, { role: 'user', content: 'y' }] })
    expect(body['messages']).toMatchObject([
      {},
      { content: [marked('a'), { type: 'thinking', thinking: 'b', signature: 's' }] },
      {},
    ])
    expect(JSON.stringify(body).split('"cache_control"')).toHaveLength(2)
  })
})

describe('options', () => {
  it.each(['constructor', '__proto__', 'toString'])('a tier called "%s" is none', (service_tier) => {
    expect(send({ service_tier }).body).not.toHaveProperty('service_tier')
  })

  it('stop sequences are a list, without those of white space alone', () => {
    expect(send({ stop: '###' })).toMatchObject({ body: { stop_sequences: ['###'] }, lost: [] })
    const { body, lost } = send({ stop: ['\n\n', 'END', ' '] })
    expect([body['stop_sequences'], lost]).toEqual([['END'], ['stop;approximated']])
    expect(send({ stop: ['\n'] }).body).not.toHaveProperty('stop_sequences')
  })

  it.each([
    ['user-1', 'user-1'],
    ['jane@example.test', expect.stringMatching(/^user_[0-9a-f]{16}$/) as string],
    ['+90 (555) 123-45-67', expect.stringMatching(/^user_[0-9a-f]{16}$/) as string],
    ['x'.repeat(300), expect.stringMatching(/^user_[0-9a-f]{16}$/) as string],
  ])('the user "%s" is told without naming a person', (user, expected) => {
    expect(send({ user }).body['metadata']).toEqual({ user_id: expected })
    expect(send({ user }).body).toEqual(send({ user }).body)
  })

  it('a safety identifier comes before the user', () => {
    expect(send({ user: 'a', safety_identifier: 'b' }).body['metadata']).toEqual({ user_id: 'b' })
  })

  it.each([
    ['priority', 'auto'],
    ['auto', 'auto'],
    ['default', 'standard_only'],
    ['flex', 'standard_only'],
    ['ultra', undefined],
  ])('the service tier %s is %s', (service_tier, expected) => {
    expect(send({ service_tier }).body['service_tier']).toBe(expected)
  })
})

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner)
    Object.freeze(value)
  }
  return value
}
