/** Calls and their results, where ids, names or one of the two are not as this language wants them. */
import { describe, expect, it } from 'vitest'
import type { RequestMessage } from '../../../../schemas/index.ts'
import { calls, refusalOf, result, says, send, user } from './testing/sent.ts'

interface Block {
  readonly type: string
  readonly id?: string
  readonly tool_use_id?: string
  readonly content?: unknown
}

function blocksOf(messages: RequestMessage[]): Block[] {
  const turns = send({ messages }).body['messages'] as { content: Block[] }[]
  return turns.flatMap(({ content }) => content)
}

/** The text of each result by the id of its call, in the order of the calls. */
function pairsOf(messages: RequestMessage[]): (readonly [unknown, unknown])[] {
  const blocks = blocksOf(messages)
  const results = new Map(blocks.map((block) => [block.tool_use_id, block.content]))
  return blocks.flatMap(({ type, id }) => (type === 'tool_use' ? [[id, results.get(id)] as const] : []))
}

const older = (name: string, given = '{}'): RequestMessage => ({
  role: 'assistant',
  content: null,
  function_call: { name, arguments: given },
})
const olderResult = (name: string, content: string): RequestMessage => ({ role: 'function', name, content })

describe('calls of one id', () => {
  it('in one answer get their results in order', () => {
    expect(pairsOf([user('a'), calls('x', 'x'), result('x', '1'), result('x', '2')])).toEqual([
      ['x', '1'],
      ['x_2', '2'],
    ])
  })

  it('in several answers get the results that follow each', () => {
    const messages = [user('a'), calls('x', 'y'), result('y', '1'), result('x', '2'), calls('x'), result('x', '3')]
    expect(pairsOf(messages)).toEqual([
      ['x', '2'],
      ['y', '1'],
      ['x_2', '3'],
    ])
  })

  it('never take the id of another', () => {
    const messages = [user('a'), calls('x_2', 'x', 'x'), result('x_2', '1'), result('x', '2'), result('x', '3')]
    expect(pairsOf(messages)).toEqual([
      ['x_2', '1'],
      ['x', '2'],
      ['x_3', '3'],
    ])
  })

  it('are told apart however many there are', () => {
    const ids = Array.from({ length: 30_000 }, () => 'x')
    const pairs = pairsOf([user('a'), calls(...ids), ...ids.map((id, place) => result(id, `${place}`))])
    expect(new Set(pairs.map(([id]) => id)).size).toBe(ids.length)
    expect(pairs.every(([, content], place) => content === `${place}`)).toBe(true)
  })
})

describe('results', () => {
  it.each(['', ' ', '\n\t', null])('of nothing (%j) have no content, since blank texts are refused', (content) => {
    const [, , block] = blocksOf([user('a'), calls('x'), result('x', content)])
    expect(block).toEqual({ type: 'tool_result', tool_use_id: 'x' })
  })

  it('have one mark for all their parts', () => {
    const mark = { type: 'ephemeral' }
    const part = { type: 'text', text: 'b' }
    const messages = [user('a'), calls('x'), result('x', [part, { ...part, cache_control: mark }])]
    const [, , block] = blocksOf(messages)
    expect(block).toEqual({ type: 'tool_result', tool_use_id: 'x', content: [part, part], cache_control: mark })
  })
})

describe('calls of the past', () => {
  it.each(['with.dot', 'with space', 'x'.repeat(200)])('by the name %s are renamed, and the caller is told', (name) => {
    const call = { id: 'x', type: 'function', function: { name, arguments: '{}' } }
    const messages = [user('a'), { role: 'assistant', content: null, tool_calls: [call] }, result('x', 'b')]
    const { body, lost } = send({ messages })
    const [, turn] = body['messages'] as { content: { name: string }[] }[]
    expect(turn?.content[0]?.name).toMatch(/^[a-zA-Z0-9_-]{1,128}$/)
    expect(body['tools']).toMatchObject([{ name: turn?.content[0]?.name }])
    expect(lost).toEqual(['messages[].tool_calls;approximated'])
  })

  it('that name no function are nobody’s', () => {
    const messages = [user('a'), { role: 'assistant', content: null, tool_calls: [{ id: 'x' }] }, result('x', 'b')]
    expect(refusalOf({ messages })).toMatchObject({ class: 'invalid_request', param: 'messages[1].tool_calls[0]' })
  })
})

describe('the older form', () => {
  it('pairs each call with the next result of its function', () => {
    const messages = [user('a'), older('f'), olderResult('f', '1'), older('g'), olderResult('g', '2'), older('f')]
    expect(pairsOf([...messages, olderResult('f', '3'), says('b'), user('c')])).toEqual([
      ['call_f', '1'],
      ['call_g', '2'],
      ['call_f_2', '3'],
    ])
  })

  // OpenAI takes all of these, so another target may.
  it.each<[string, RequestMessage[]]>([
    ['a result of nothing', [user('a'), olderResult('f', '1')]],
    ['a result of a call in the newer form', [user('a'), calls('x'), result('x', '1'), olderResult('look', '2')]],
    ['two results of one call', [user('a'), older('f'), olderResult('f', '1'), olderResult('f', '2')]],
    [
      'a result that comes again',
      [user('a'), older('f'), olderResult('f', '1'), says('b'), user('c'), olderResult('f', '2')],
    ],
    ['a call without a result', [user('a'), older('f')]],
    ['a result that comes too late', [user('a'), older('f'), user('b'), says('c'), olderResult('f', '1')]],
  ])('is left to others with %s', (_what, messages) => {
    expect(refusalOf({ messages })).toMatchObject({ class: 'unsupported_by_target' })
  })
})
