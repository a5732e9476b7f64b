import { describe, expect, it } from 'vitest'
import type { RequestMessage } from '../../../../schemas/index.ts'
import {
  answered,
  called,
  calls,
  refusalOf,
  result,
  says,
  send,
  text,
  thinking,
  thought,
  user,
} from './testing/sent.ts'

const newest = 'claude-opus-5-5'

function turns(messages: RequestMessage[], model?: string): unknown {
  return send({ messages }, model === undefined ? {} : { model }).body['messages']
}

const turn = (role: string, ...content: object[]): object => ({ role, content })

describe('turns alternate', () => {
  it('messages of one role become one turn', () => {
    expect(turns([user('a'), user('b'), says('c'), says('d'), user('e')])).toEqual([
      turn('user', text('a'), text('b')),
      turn('assistant', text('c'), text('d')),
      turn('user', text('e')),
    ])
  })

  it('the first is the user, who is made to say something', () => {
    expect(turns([says('Welcome!'), user('Hi')])).toEqual([
      turn('user', text('Begin.')),
      turn('assistant', text('Welcome!')),
      turn('user', text('Hi')),
    ])
    expect(turns([{ role: 'system', content: 'Tell a joke.' }])).toEqual([turn('user', text('Begin.'))])
  })

  it('texts of nothing but white space are left out, and turns of nothing else', () => {
    expect(turns([user('a'), says(' \n'), user([{ type: 'text', text: '' }]), user('b')])).toEqual([
      turn('user', text('a'), text('b')),
    ])
  })

  it('a refusal and the text of a refusal part are what the assistant said', () => {
    const refusing: RequestMessage = { role: 'assistant', content: null, refusal: 'No.' }
    const parted: RequestMessage = { role: 'assistant', content: [{ type: 'refusal', refusal: 'Never.' }] }
    expect(turns([user('a'), refusing, user('b'), parted, user('c')])).toEqual([
      turn('user', text('a')),
      turn('assistant', text('No.')),
      turn('user', text('b')),
      turn('assistant', text('Never.')),
      turn('user', text('c')),
    ])
  })

  it('a role nobody knows is refused', () => {
    expect(refusalOf({ messages: [user('a'), { role: 'critic', content: 'b' }] })).toMatchObject({
      class: 'unsupported_by_target',
      param: 'messages[1].role',
    })
  })
})

describe('a conversation that ends with the assistant', () => {
  it('is gone on with by models that can, from its last letter', () => {
    expect(turns([user('a'), says('{ \n')], 'claude-haiku-4-5')).toEqual([
      turn('user', text('a')),
      turn('assistant', text('{')),
    ])
  })

  it.each(['claude-opus-4-6', 'claude-opus-5-5'])('is answered by %s, which cannot go on with it', (model) => {
    expect(turns([user('a'), says('b')], model)).toEqual([
      turn('user', text('a')),
      turn('assistant', text('b')),
      turn('user', text('Continue.')),
    ])
  })

  it('is answered while a budget is spent on thinking', () => {
    const { body } = send({ messages: [user('a'), says('b')], reasoning_effort: 'low' })
    // An assistant turn at the end would have to begin with a thought.
    expect(body).not.toHaveProperty('thinking')
    expect(body['messages']).toHaveLength(2)
  })

  it('with calls nobody answered is left to the provider to judge', () => {
    expect(turns([user('a'), calls('c1')], newest)).toEqual([turn('user', text('a')), turn('assistant', called('c1'))])
  })
})

describe('system messages', () => {
  const system = (content: string, role = 'system'): RequestMessage => ({ role, content })

  it('stand at the top, in their order', () => {
    const { body, lost } = send({ messages: [system('a'), system('b', 'developer'), user('c')] })
    expect(body['system']).toEqual([text('a'), text('b')])
    expect(lost).toEqual([])
  })

  it('are moved to the top from the middle, and the caller is told', () => {
    const { body, lost } = send({ messages: [user('a'), says('b'), system('c', 'developer'), user('d')] })
    expect(body['system']).toEqual([text('c')])
    expect(body['messages']).toHaveLength(3)
    expect(lost).toEqual(['messages[developer];approximated'])
  })

  it('stay where they are with models that take them there', () => {
    const messages = [system('top'), user('a'), system('b'), says('c'), user('d'), system('e'), system('f')]
    const { body, lost } = send({ messages }, { model: newest })
    expect(body['system']).toEqual([text('top')])
    expect(body['messages']).toEqual([
      turn('user', text('a')),
      turn('system', text('b')),
      turn('assistant', text('c')),
      turn('user', text('d')),
      turn('system', text('e'), text('f')),
    ])
    expect(lost).toEqual([])
  })

  it('go to the next place there is: after a user turn', () => {
    const { body, lost } = send({ messages: [user('a'), says('b'), system('c'), user('d')] }, { model: newest })
    expect(body['messages']).toEqual([
      turn('user', text('a')),
      turn('assistant', text('b')),
      turn('user', text('d')),
      turn('system', text('c')),
    ])
    expect(lost).toEqual(['messages[system];approximated'])
  })

  it('go to the top when there is no place left', () => {
    const { body, lost } = send({ messages: [user('a'), calls('c1'), system('b')] }, { model: newest })
    expect(body['system']).toEqual([text('b')])
    expect(lost).toEqual(['messages[system];approximated'])
  })

  it('are text', () => {
    const image = { type: 'image_url', image_url: { url: 'https://example.test/a.png' } }
    expect(refusalOf({ messages: [{ role: 'system', content: [image] }, user('a')] }).param).toBe('messages[0]')
  })
})

describe('calls and results', () => {
  it('of several tools stand in one turn each, the results before any text and in the order they came', () => {
    const messages = [user('a'), calls('c1', 'c2'), user('hurry'), result('c2', 'two'), result('c1', ''), user('now')]
    expect(turns(messages)).toEqual([
      turn('user', text('a')),
      turn('assistant', called('c1'), called('c2')),
      turn('user', answered('c2', 'two'), answered('c1'), text('hurry'), text('now')),
    ])
  })

  it('may be images, whose marks stand on the result', () => {
    const mark = { type: 'ephemeral' }
    const parts = [
      { type: 'text', text: 'seen' },
      { type: 'image_url', image_url: { url: 'https://example.test/a.png' }, cache_control: mark },
    ]
    expect(turns([user('a'), calls('c1'), result('c1', parts)])).toMatchObject([
      {},
      {},
      {
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'c1',
            content: [text('seen'), { type: 'image', source: { type: 'url', url: 'https://example.test/a.png' } }],
            cache_control: mark,
          },
        ],
      },
    ])
  })

  it('find each other whatever their ids look like', () => {
    const messages = [user('a'), calls('functions.look:0', 'functions.look/0'), result('functions.look/0', 'x')]
    const ids = JSON.stringify(turns(messages)).match(/functions_look_0_[0-9a-f]{16}/g) ?? []
    expect(ids).toHaveLength(3)
    expect(ids[1]).toBe(ids[2])
    expect(ids[0]).not.toBe(ids[1])
  })

  it('find each other when ids are used again', () => {
    const messages = [user('a'), calls('c1'), result('c1', '1'), calls('c1'), result('c1', '2')]
    expect(turns(messages)).toMatchObject([
      {},
      { content: [{ id: 'c1' }] },
      { content: [{ tool_use_id: 'c1', content: '1' }] },
      { content: [{ id: 'c1_2' }] },
      { content: [{ tool_use_id: 'c1_2', content: '2' }] },
    ])
  })

  it('keep ids that belong to nothing, for the provider to say so', () => {
    expect(turns([user('a'), result('nobody', 'x')])).toEqual([turn('user', answered('nobody', 'x'), text('a'))])
  })

  it('of the older form are carried alike', () => {
    const older: RequestMessage = { role: 'assistant', content: null, function_call: { name: 'now', arguments: '' } }
    const replied: RequestMessage = { role: 'function', name: 'now', content: '10:00' }
    expect(turns([user('a'), older, replied, older, replied])).toEqual([
      turn('user', text('a')),
      turn('assistant', { type: 'tool_use', id: 'call_now', name: 'now', input: {} }),
      turn('user', answered('call_now', '10:00')),
      turn('assistant', { type: 'tool_use', id: 'call_now_2', name: 'now', input: {} }),
      turn('user', answered('call_now_2', '10:00')),
    ])
  })

  it.each(['[1]', '"x"', '{"a":', 'null'])(
    'with the arguments %s, which are no object, are carried as words',
    (bad) => {
      const message = { ...calls('c1'), tool_calls: [{ id: 'c1', function: { name: 'look', arguments: bad } }] }
      const { body, lost } = send({ messages: [user('a'), message, result('c1', 'x')] })
      expect(body['messages']).toMatchObject([{}, { content: [{ input: { arguments: bad } }] }, {}])
      expect(lost).toEqual(['messages[].tool_calls;approximated'])
    },
  )
})

describe('thoughts', () => {
  it('come back where they stood', () => {
    const details = [thought('first', 0), thought('second', 2), thought('third', 4)]
    const message = { ...calls('c1', 'c2'), content: 'Let me look.', reasoning_details: details }
    expect(turns([user('a'), message, result('c1', 'x'), result('c2', 'y')])).toMatchObject([
      {},
      {
        content: [
          thinking('first'),
          text('Let me look.'),
          thinking('second'),
          called('c1'),
          thinking('third'),
          called('c2'),
        ],
      },
      {},
    ])
  })

  it('come back at the front when nothing says where they stood', () => {
    const { index: _index, ...placeless } = thought('a')
    const message = { ...says('b'), reasoning_details: [placeless, thought('far', 9)] }
    expect(turns([user('a'), message, user('c')])).toMatchObject([
      {},
      { content: [thinking('a'), text('b'), thinking('far')] },
      {},
    ])
  })

  it('come back unread', () => {
    const data = { type: 'reasoning.encrypted', data: 'secret', format: 'anthropic-claude-v1', index: 0 }
    const silent = { ...thought('', 1), text: null, signature: 'sig' }
    expect(turns([user('a'), { ...says('b'), reasoning_details: [data, silent] }, user('c')])).toMatchObject([
      {},
      {
        content: [
          { type: 'redacted_thinking', data: 'secret' },
          { type: 'thinking', thinking: '', signature: 'sig' },
          {},
        ],
      },
      {},
    ])
  })

  it('of another maker, or without a signature, are left out, and the caller is told', () => {
    const others = [
      { ...thought('a'), format: 'openai-responses-v1' },
      { ...thought('b'), signature: null },
      { type: 'reasoning.summary', summary: 'c', format: 'anthropic-claude-v1' },
    ]
    const message = { ...says('said'), reasoning_details: others, reasoning_content: 'a b c' }
    const { body, lost } = send({ messages: [user('a'), message, user('c')] })
    expect(body['messages']).toMatchObject([{}, { content: [text('said')] }, {}])
    expect(lost).toEqual(['messages[].reasoning_content', 'messages[].reasoning_details'])
  })

  it('that came back need no text beside them', () => {
    const message = { ...says('b'), reasoning_content: 'a', reasoning_details: [thought('a')] }
    expect(send({ messages: [user('a'), message, user('c')] }).lost).toEqual([])
    const { lost } = send({ messages: [user('a'), message, user('c')] }, { model: 'claude-3-5-haiku-latest' })
    expect(lost).toEqual(['messages[].reasoning_content', 'messages[].reasoning_details'])
  })
})
