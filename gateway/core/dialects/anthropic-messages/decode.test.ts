import { describe, expect, it } from 'vitest'
import type { AnswerMessage } from '../../../../schemas/index.ts'
import { validateChatCompletion } from '../../../../schemas/validate-chat-completion.ts'
import type { DecodeContext, Decoded } from '../dialect.ts'
import { noQuirks } from '../quirks.ts'
import { decode } from './decode.ts'

const context: DecodeContext = {
  fallbackId: 'chatcmpl-fallback',
  createdSeconds: 7,
  model: 'fallback',
  includeUsage: false,
  quirks: noQuirks,
}

function decoded(fields: object, more: Partial<DecodeContext> = {}): Extract<Decoded, { completion: unknown }> {
  const reply = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm-1', stop_reason: 'end_turn', ...fields }
  const result = decode(JSON.stringify(reply), { ...context, ...more })
  if ('failure' in result) throw new Error(result.failure.message)
  expect(validateChatCompletion(result.completion)).toMatchObject({ valid: true })
  return result
}

function messageOf(content: unknown[], more: Partial<DecodeContext> = {}): AnswerMessage & { finish: string } {
  const [choice] = decoded({ content }, more).completion.choices
  if (choice === undefined) throw new Error('no choice')
  return { ...choice.message, finish: choice.finish_reason }
}

const text = (said: string, citations?: unknown[]) => ({ type: 'text', text: said, citations: citations ?? null })
const call = (id: string, input: unknown = {}) => ({ type: 'tool_use', id, name: 'look', input })

describe('a message', () => {
  it('is a completion of one choice', () => {
    expect(decoded({ content: [text('Hi'), text(' there')] })).toEqual({
      completion: {
        id: 'msg_1',
        object: 'chat.completion',
        created: 7,
        model: 'm-1',
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content: 'Hi there', refusal: null },
            logprobs: null,
            finish_reason: 'stop',
          },
        ],
      },
      usage: null,
      nativeFinishReason: 'end_turn',
    })
  })

  it('may leave out what it is', () => {
    const { completion } = decoded({ id: '', model: null, content: [text('Hi')] })
    expect([completion.id, completion.model]).toEqual(['chatcmpl-fallback', 'fallback'])
  })

  it('without text is an answer when it says why it stopped', () => {
    expect(messageOf([])).toMatchObject({ content: '', finish: 'stop' })
    expect(decode('{"type":"message","content":[]}', context)).toMatchObject({ failure: { class: 'server_error' } })
  })

  it.each(['', 'null', '[]', '"text"', '{"type":"message"}', '<html>'])('%j is none', (body) => {
    expect(decode(body, context)).toMatchObject({ failure: { class: 'server_error', status: 200 } })
  })
})

describe('why it stopped', () => {
  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['pause_turn', 'stop'],
    ['compaction', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['refusal', 'content_filter'],
    ['a_word_of_tomorrow', 'stop'],
    ['constructor', 'stop'],
    // Nothing was called, so nobody waits for a tool.
    ['tool_use', 'stop'],
  ])('%s is %s', (stop_reason, expected) => {
    const { completion, nativeFinishReason } = decoded({ content: [text('x')], stop_reason })
    expect([completion.choices[0]?.finish_reason, nativeFinishReason]).toEqual([expected, stop_reason])
  })

  it('a refusal has its explanation', () => {
    const stop_details = { type: 'refusal', category: 'cyber', explanation: 'Blocked.' }
    const { completion } = decoded({ content: [], stop_reason: 'refusal', stop_details })
    expect(completion.choices[0]).toMatchObject({ message: { refusal: 'Blocked.' }, finish_reason: 'content_filter' })
  })
})

describe('calls', () => {
  it('have their input as text', () => {
    expect(messageOf([call('a', { city: 'İzmir' }), call('b'), call('', null)])).toMatchObject({
      content: null,
      finish: 'tool_calls',
      tool_calls: [
        { id: 'a', type: 'function', function: { name: 'look', arguments: '{"city":"İzmir"}' } },
        { id: 'b', function: { arguments: '{}' } },
        { id: 'call_msg1_0_2', function: { arguments: '{}' } },
      ],
    })
  })

  it('of one id get another', () => {
    const { tool_calls: made = [] } = messageOf([call('a'), call('a'), call('call_msg1_0_2')])
    expect(made.map(({ id }) => id)).toEqual(['a', 'call_msg1_0_1', 'call_msg1_0_2'])
  })

  it('of a tool of ours are the answer', () => {
    const answer = { type: 'tool_use', id: 'a', name: 'person', input: { name: 'John' } }
    expect(messageOf([answer], { answerTool: 'person' })).toEqual({
      role: 'assistant',
      content: '{"name":"John"}',
      refusal: null,
      finish: 'stop',
    })
  })

  it('of a tool of ours are one answer, however often it was called', () => {
    const answer = (name: string) => ({ type: 'tool_use', id: name, name: 'person', input: { name } })
    expect(messageOf([answer('John'), answer('Jane')], { answerTool: 'person' }).content).toBe('{"name":"John"}')
  })

  it('come back in the older form to those who asked in it', () => {
    const message = messageOf([call('a', { x: 1 }), call('b')], { legacyCalls: true })
    expect(message).toMatchObject({ function_call: { name: 'look', arguments: '{"x":1}' }, finish: 'function_call' })
    expect(message).not.toHaveProperty('tool_calls')
  })

  it('that ran at the provider are no calls of the caller', () => {
    const blocks = [
      { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
      { type: 'web_search_tool_result', tool_use_id: 's', content: [] },
      text('Found.'),
      { type: 'block_of_tomorrow', text: 'x' },
    ]
    expect(messageOf(blocks)).toMatchObject({ content: 'Found.', finish: 'stop' })
  })

  it('without a name are a broken answer', () => {
    const body = JSON.stringify({ content: [{ type: 'tool_use', id: 'a', input: {} }], stop_reason: 'tool_use' })
    expect(decode(body, context)).toMatchObject({ failure: { class: 'server_error' } })
  })
})

describe('thoughts', () => {
  const thinking = (said: string, signature: string) => ({ type: 'thinking', thinking: said, signature })

  it('are read as reasoning and kept with their signatures and places', () => {
    const blocks = [
      thinking('One.', 's1'),
      { type: 'redacted_thinking', data: 'd' },
      text('Let me look.'),
      thinking('Two.', 's2'),
      call('a'),
      thinking('', 's3'),
      call('b'),
    ]
    expect(messageOf(blocks)).toMatchObject({
      reasoning_content: 'One.\n\nTwo.',
      reasoning_details: [
        { type: 'reasoning.text', text: 'One.', signature: 's1', format: 'anthropic-claude-v1', index: 0 },
        { type: 'reasoning.encrypted', data: 'd', format: 'anthropic-claude-v1', index: 1 },
        { type: 'reasoning.text', text: 'Two.', signature: 's2', format: 'anthropic-claude-v1', index: 3 },
        { type: 'reasoning.text', text: '', signature: 's3', format: 'anthropic-claude-v1', index: 5 },
      ],
    })
  })

  it('without a signature are read and not kept', () => {
    const message = messageOf([thinking('One.', ''), text('x')])
    expect(message.reasoning_content).toBe('One.')
    expect(message).not.toHaveProperty('reasoning_details')
  })
})

describe('sources', () => {
  it('are given as they are, and web pages with the place they stand for', () => {
    const page = {
      type: 'web_search_result_location',
      url: 'https://example.test/a b?q=é',
      title: 'A',
      cited_text: 'x',
    }
    const passage = { type: 'char_location', cited_text: 'y', document_index: 0 }
    const message = messageOf([
      text('Hello. '),
      text('It rains.', [page, passage]),
      text(' Bye.', [{ url: 'mailto:a' }]),
    ])
    expect(message.citations).toEqual([page, passage, { url: 'mailto:a' }])
    expect(message.annotations).toEqual([
      {
        type: 'url_citation',
        url_citation: { start_index: 7, end_index: 16, url: 'https://example.test/a%20b?q=%C3%A9', title: 'A' },
      },
    ])
  })
})

describe('usage', () => {
  it('counts what was read from the cache and written to it as input', () => {
    const usage = {
      input_tokens: 10,
      cache_creation_input_tokens: 200,
      cache_read_input_tokens: 3000,
      output_tokens: 50,
      output_tokens_details: { thinking_tokens: 20 },
      service_tier: 'priority',
    }
    const result = decoded({ content: [text('x')], usage })
    expect(result.usage).toEqual({ inputTokens: 3210, outputTokens: 50, cachedTokens: 3000, reasoningTokens: 20 })
    expect(result.completion).toMatchObject({
      service_tier: 'priority',
      usage: {
        prompt_tokens: 3210,
        completion_tokens: 50,
        total_tokens: 3260,
        prompt_tokens_details: { cached_tokens: 3000, cache_write_tokens: 200 },
        completion_tokens_details: { reasoning_tokens: 20 },
      },
    })
  })

  it.each([
    ['standard', 'default'],
    ['batch', undefined],
    [null, undefined],
  ])('of the tier %s is of %s', (service_tier, expected) => {
    const { completion } = decoded({ content: [text('x')], usage: { input_tokens: 1, output_tokens: 1, service_tier } })
    expect(completion.service_tier).toBe(expected)
  })

  it('may be missing in part', () => {
    const counted = (usage: unknown) => decoded({ content: [text('x')], usage }).usage
    expect(counted({ output_tokens: 5 })).toMatchObject({ inputTokens: 0, outputTokens: 5 })
    expect(counted({ input_tokens: null })).toBeNull()
    expect(counted('much')).toBeNull()
  })
})
