/** Tool calls of streams: vendors number, name and cut them in every way there is. */
import { describe, expect, it } from 'vitest'
import { foldChunks } from '../../chat/testing/fold-chunks.ts'
import { call, decode, delta, deltas, finish, more, named } from './testing/streams.ts'

describe('tools', () => {
  it('open with null content, as OpenAI does it', () => {
    const { chunks } = decode([named(0, 'call_a', 'f'), more(0, '{}'), finish('tool_calls'), '[DONE]'])
    expect(deltas(chunks)).toEqual([
      { role: 'assistant', content: null, refusal: null },
      { tool_calls: [{ index: 0, id: 'call_a', type: 'function', function: { name: 'f', arguments: '' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{}' } }] },
      {},
    ])
  })

  it.each<[string, readonly string[], readonly (readonly [string, string, string])[]]>([
    [
      'pieces by index',
      [named(0, 'a', 'f'), named(1, 'b', 'g'), more(0, '{"x"'), more(1, '{"y":1}'), more(0, ':1}')],
      [
        ['a', 'f', '{"x":1}'],
        ['b', 'g', '{"y":1}'],
      ],
    ],
    ['everything in the first piece', [named(0, 'a', 'f', '{"x":1}')], [['a', 'f', '{"x":1}']]],
    [
      'no index, an id each',
      [named(undefined, 'a', 'f', '{"x":1}'), named(undefined, 'b', 'g', '{"y":1}')],
      [
        ['a', 'f', '{"x":1}'],
        ['b', 'g', '{"y":1}'],
      ],
    ],
    [
      'no index, pieces by id',
      [named(undefined, 'a', 'f'), more(undefined, '{"x"', 'a'), more(undefined, ':1}', 'a')],
      [['a', 'f', '{"x":1}']],
    ],
    [
      'no index, no id',
      [named(undefined, undefined, 'f', '{"x":'), more(undefined, '1}'), named(undefined, undefined, 'g', '{}')],
      [
        ['call_chatcmpl1_0_0', 'f', '{"x":1}'],
        ['call_chatcmpl1_0_1', 'g', '{}'],
      ],
    ],
    ['index from 1', [named(1, 'a', 'f'), more(1, '{}')], [['a', 'f', '{}']]],
    [
      'indexes with a gap',
      [named(3, 'a', 'f', '{}'), named(7, 'b', 'g', '{}')],
      [
        ['a', 'f', '{}'],
        ['b', 'g', '{}'],
      ],
    ],
    [
      'every call numbered 0',
      [named(0, 'a', 'f', '{"x":1}'), named(0, 'b', 'g', '{"y":1}')],
      [
        ['a', 'f', '{"x":1}'],
        ['b', 'g', '{"y":1}'],
      ],
    ],
    ['index null', [call({ index: null, id: 'a', function: { name: 'f', arguments: '{}' } })], [['a', 'f', '{}']]],
    ['name and id on every piece', [named(0, 'a', 'f', '{"x"'), named(0, 'a', 'f', ':1}')], [['a', 'f', '{"x":1}']]],
    ['another id on every piece', [named(0, 'a', 'f', '{"x"'), more(0, ':1}', 'b')], [['a', 'f', '{"x":1}']]],
    [
      'empty id and name on later pieces',
      [named(0, 'a', 'f', '{"x"'), named(0, '', '', ':1}')],
      [['a', 'f', '{"x":1}']],
    ],
    [
      'the name after the id',
      [call({ index: 0, id: 'a', function: {} }), call({ index: 0, function: { name: 'f', arguments: '{}' } })],
      [['a', 'f', '{}']],
    ],
    ['arguments before the name', [more(0, '{"x"', 'a'), named(0, undefined, 'f', ':1}')], [['a', 'f', '{"x":1}']]],
    ['arguments as an object', [named(0, 'a', 'f', { x: 1 })], [['a', 'f', '{"x":1}']]],
    ['no arguments', [named(0, 'a', 'f')], [['a', 'f', '{}']]],
    ['null arguments', [named(0, 'a', 'f', null)], [['a', 'f', '{}']]],
    [
      'no arguments for one of two',
      [named(0, 'a', 'f'), named(1, 'b', 'g', '{"y":1}')],
      [
        ['a', 'f', '{}'],
        ['b', 'g', '{"y":1}'],
      ],
    ],
    [
      'two calls with one id',
      [named(0, 'a', 'f', '{}'), named(1, 'a', 'g', '{}')],
      [
        ['a', 'f', '{}'],
        ['call_chatcmpl1_0_1', 'g', '{}'],
      ],
    ],
    [
      'several in one event',
      [
        delta({
          tool_calls: [
            { index: 0, id: 'a', function: { name: 'f', arguments: '{}' } },
            { index: 1, id: 'b', function: { name: 'g', arguments: '{}' } },
          ],
        }),
      ],
      [
        ['a', 'f', '{}'],
        ['b', 'g', '{}'],
      ],
    ],
  ])('%s', (_name, events, expected) => {
    const { chunks, last } = decode([...events, finish('tool_calls'), '[DONE]'])
    expect(last.failure).toBeNull()
    const [choice] = foldChunks(chunks).choices
    expect(choice?.finish_reason).toBe('tool_calls')
    const calls = choice?.message.tool_calls ?? []
    expect(calls.map((one) => one.type === 'function' && [one.id, one.function.name, one.function.arguments])).toEqual(
      expected,
    )
  })

  it('keep text that came before them', () => {
    const { chunks } = decode([
      delta({ content: 'Let me look.' }),
      named(0, 'a', 'f', '{}'),
      finish('tool_calls'),
      '[DONE]',
    ])
    const [choice] = foldChunks(chunks).choices
    expect(choice?.message).toMatchObject({ content: 'Let me look.', tool_calls: [{ id: 'a' }] })
  })

  it('without a name are a failure, not a call to nothing', () => {
    const { last } = decode([more(0, '{}', 'a'), finish('tool_calls'), '[DONE]'])
    expect(last).toMatchObject({ done: false, failure: { class: 'server_error', status: 200 } })
  })

  it('of the custom kind have an input, which may be empty', () => {
    const custom = (index: number, fields: object, id?: string) =>
      call({ index, ...(id !== undefined && { id, type: 'custom' }), custom: fields })
    const { chunks, last } = decode([
      custom(0, { name: 'shell', input: '' }, 'a'),
      custom(0, { input: 'ls ' }),
      custom(0, { input: '-l' }),
      custom(1, { name: 'date' }, 'b'),
      named(2, 'c', 'f'),
      finish('tool_calls'),
      '[DONE]',
    ])
    expect(last.done).toBe(true)
    expect(foldChunks(chunks).choices[0]?.message.tool_calls).toEqual([
      { id: 'a', type: 'custom', custom: { name: 'shell', input: 'ls -l' } },
      { id: 'b', type: 'custom', custom: { name: 'date', input: '' } },
      { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } },
    ])
  })

  it('of the older form go through', () => {
    const { chunks } = decode([
      delta({ role: 'assistant', content: null, function_call: { name: 'f', arguments: '' } }),
      delta({ function_call: { arguments: '{"x":1}' } }),
      finish('stop'),
      '[DONE]',
    ])
    const [choice] = foldChunks(chunks).choices
    expect(choice).toMatchObject({
      message: { function_call: { name: 'f', arguments: '{"x":1}' } },
      finish_reason: 'function_call',
    })
  })

  it('of the older form get their empty arguments', () => {
    const late = [delta({ function_call: {} }), delta({ function_call: { arguments: '{"x"' } })]
    const name = delta({ function_call: { name: 'f', arguments: ':1}' } })
    const whole = decode([...late, name, finish('function_call'), '[DONE]'])
    expect(foldChunks(whole.chunks).choices[0]?.message.function_call).toEqual({ name: 'f', arguments: '{"x":1}' })
    expect(decode([...late, finish('function_call'), '[DONE]']).last.failure).toMatchObject({ class: 'server_error' })
    const { chunks } = decode([delta({ function_call: { name: 'f' } }), finish('function_call'), '[DONE]'])
    expect(foldChunks(chunks).choices[0]?.message.function_call).toEqual({ name: 'f', arguments: '{}' })
  })
})
