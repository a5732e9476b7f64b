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
  signatureOf,
  text,
  turn,
  user,
} from './testing/sent.ts'

const third = { model: 'gemini-3-flash' }
const contentsOf = (messages: RequestMessage[], spec = {}): unknown => send({ messages }, spec).body['contents']

describe('turns', () => {
  it('alternate, and what one speaker says in a row is one turn', () => {
    expect(contentsOf([user('a'), user([{ type: 'text', text: 'b' }]), says('c'), says('d'), user('e')])).toEqual([
      turn('user', text('a'), text('b')),
      turn('model', text('c'), text('d')),
      turn('user', text('e')),
    ])
  })

  it('begin with the user, who is given a word if need be', () => {
    expect(contentsOf([says('a'), user('b')])).toEqual([
      turn('user', text('Begin.')),
      turn('model', text('a')),
      turn('user', text('b')),
    ])
    expect(contentsOf([{ role: 'system', content: 's' }])).toEqual([turn('user', text('Begin.'))])
    expect(contentsOf([user('')])).toEqual([turn('user', text('Begin.'))])
  })

  it('end with the model where it goes on from there, and with the user where it does not', () => {
    const messages = [user('a'), says('b')]
    expect(contentsOf(messages)).toEqual([turn('user', text('a')), turn('model', text('b'))])
    expect(contentsOf(messages, { model: 'gemini-3.6-flash' })).toEqual([
      turn('user', text('a')),
      turn('model', text('b')),
      turn('user', text('Continue.')),
    ])
  })

  it('have no empty texts, and refusals and white space as they are', () => {
    const refused = { role: 'assistant', content: '', refusal: 'No.' }
    expect(
      contentsOf([
        user([
          { type: 'text', text: '' },
          { type: 'text', text: ' ' },
        ]),
        refused,
        user('b'),
      ]),
    ).toEqual([turn('user', text(' ')), turn('model', text('No.')), turn('user', text('b'))])
  })

  it('are of known roles', () => {
    expect(refusalOf({ messages: [{ role: 'critic', content: 'x' }] })).toMatchObject({
      class: 'unsupported_by_target',
      param: 'messages[0].role',
    })
  })
})

describe('system messages', () => {
  it('stand apart, and from the middle they move there, which is told', () => {
    const system = { role: 'system', content: 'a' }
    const developer = { role: 'developer', content: [{ type: 'text', text: 'b' }] }
    const first = send({ messages: [system, developer, user('c')] })
    expect(first.body['systemInstruction']).toEqual({ parts: [text('a'), text('b')] })
    expect(first.lost).toEqual([])
    const later = send({ messages: [user('c'), developer, user('d')] })
    expect(later.body['systemInstruction']).toEqual({ parts: [text('b')] })
    expect(later.body['contents']).toEqual([turn('user', text('c'), text('d'))])
    expect(later.lost).toEqual(['messages[developer];approximated'])
  })

  it('are text', () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }
    expect(refusalOf({ messages: [{ role: 'system', content: [image] }, user('a')] }).param).toBe('messages[0]')
  })
})

describe('results of calls', () => {
  const loop = [user('a'), calls('x', 'y', 'z')]

  it('follow in the order of the calls, whatever order they came in, and what the user says stands behind', () => {
    const messages = [...loop, result('z', '3'), result('x', '1'), result('y', '2'), user('b')]
    expect(contentsOf(messages)).toEqual([
      turn('user', text('a')),
      turn('model', called('x'), called('y'), called('z')),
      turn('user', answered('x', '1'), answered('y', '2'), answered('z', '3')),
      turn('user', text('b')),
    ])
  })

  it('belong to the call before them, though its id was there before', () => {
    const messages = [user('a'), calls('x'), result('x', '1'), calls('x'), result('x', '2')]
    expect(contentsOf(messages)).toEqual([
      turn('user', text('a')),
      turn('model', called('x')),
      turn('user', answered('x', '1')),
      turn('model', called('x')),
      turn('user', answered('x', '2')),
    ])
  })

  it('go by their ids where the wire has them', () => {
    const { body } = send({ messages: [user('a'), calls('x'), result('x', '1')] }, third)
    expect(body['contents']).toMatchObject([
      {},
      { parts: [{ functionCall: { id: 'x' } }] },
      { parts: [{ functionResponse: { id: 'x', name: 'look_x' } }] },
    ])
  })

  it('hold pictures where results may, and have them behind them where not', () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }
    const messages = [user('a'), calls('x'), result('x', [{ type: 'text', text: '1' }, image])]
    const part = { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }
    const older = send({ messages })
    expect(older.body['contents']).toMatchObject([{}, {}, turn('user', answered('x', '1')), turn('user', part)])
    expect(older.lost).toEqual(['messages[tool];approximated'])
    const newer = send({ messages }, third)
    expect(newer.body['contents']).toMatchObject([{}, {}, { parts: [{ functionResponse: { parts: [part] } }] }])
    expect(newer.lost).toEqual([])
  })

  it('answer a call, or are refused', () => {
    expect(refusalOf({ messages: [user('a'), result('x', '1')] })).toMatchObject({
      class: 'unsupported_by_target',
      param: 'messages[1]',
    })
    expect(refusalOf({ messages: [...loop, user('b'), result('x', '1')] }).param).toBe('messages[3]')
  })

  it('in the older form belong to the last call of the function, which waits for one', () => {
    const call = { role: 'assistant', content: null, function_call: { name: 'look_x', arguments: '{"id":"x"}' } }
    const found = { role: 'function', name: 'look_x', content: '1' }
    expect(contentsOf([user('a'), call, found])).toEqual([
      turn('user', text('a')),
      turn('model', called('x')),
      turn('user', answered('x', '1')),
    ])
    expect(refusalOf({ messages: [user('a'), call, user('b')] }).param).toBe('messages[1].function_call')
    expect(refusalOf({ messages: [user('a'), found] }).param).toBe('messages[1]')
  })
})

describe('calls', () => {
  it('have arguments that are objects, and names that may be called so', () => {
    const odd = (name: string, given: string) =>
      send({
        messages: [
          user('a'),
          {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: 'x', type: 'function', function: { name, arguments: given } }],
          },
          result('x', '1'),
        ],
      })
    const sent = odd('9 lives!', '[1]')
    expect(sent.body['contents']).toMatchObject([
      {},
      { parts: [{ functionCall: { name: '_9_lives_', args: { arguments: '[1]' } } }] },
      { parts: [{ functionResponse: { name: '_9_lives_' } }] },
    ])
    expect(sent.lost).toEqual(['messages[].tool_calls;approximated'])
    expect(odd('now', ' ').body['contents']).toMatchObject([{}, { parts: [{ functionCall: { args: {} } }] }, {}])
  })
})

describe('signatures', () => {
  const stand = { thoughtSignature: 'skip_thought_signature_validator' }
  const wire = (id: string, more: object = {}) => ({ functionCall: { id, name: `look_${id}`, args: { id } }, ...more })

  it('go back on the calls they came with', () => {
    const answer = { ...calls('x', 'y'), reasoning_details: [signatureOf('x'), signatureOf('y', 1)] }
    const sent = send({ messages: [user('a'), answer, result('x', '1'), result('y', '2')] }, third)
    expect(sent.body['contents']).toMatchObject([
      {},
      turn('model', wire('x', { thoughtSignature: 'sig-x' }), wire('y', { thoughtSignature: 'sig-y' })),
      {},
    ])
    expect(sent.lost).toEqual([])
  })

  it('of a text go back on the text, or on an empty one', () => {
    const details = { reasoning_details: [signatureOf(null)] }
    expect(contentsOf([user('a'), { ...says('b'), ...details }, user('c')])).toMatchObject([
      {},
      turn('model', { text: 'b', thoughtSignature: 'sig-null' }),
      {},
    ])
    const thought = { role: 'assistant', content: null, reasoning_content: 'Hm.', ...details }
    expect(contentsOf([user('a'), thought, user('c')])).toMatchObject([
      {},
      turn('model', { text: 'Hm.', thought: true }, { text: '', thoughtSignature: 'sig-null' }),
      {},
    ])
  })

  it('that are not there are made up for, once a turn, for models that insist on them', () => {
    const messages = [user('a'), calls('x', 'y'), result('x', '1'), result('y', '2'), calls('z'), result('z', '3')]
    expect(contentsOf(messages, third)).toMatchObject([
      {},
      turn('model', wire('x', stand), wire('y')),
      {},
      turn('model', wire('z', stand)),
      {},
    ])
    expect(JSON.stringify(contentsOf(messages))).not.toContain('skip_thought')
  })

  it('of other makers, and of calls that are not there, are left out, which is told', () => {
    const foreign = { type: 'reasoning.text', text: 'x', signature: 's', format: 'anthropic-claude-v1', index: 0 }
    const lostOf = (details: object[]) =>
      send({ messages: [user('a'), { ...says('b'), reasoning_details: details as [] }, user('c')] }, third).lost
    expect(lostOf([foreign])).toEqual(['messages[].reasoning_details'])
    expect(lostOf([signatureOf('gone')])).toEqual(['messages[].reasoning_details'])
    expect(lostOf([signatureOf(null), foreign])).toEqual(['messages[].reasoning_details;approximated'])
  })
})
