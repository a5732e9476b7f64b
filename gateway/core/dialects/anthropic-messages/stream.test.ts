import { describe, expect, it } from 'vitest'
import type { ChatCompletion } from '../../../../schemas/index.ts'
import { validateChatCompletionChunk } from '../../../../schemas/validate-chat-completion-chunk.ts'
import { foldChunks } from '../../chat/testing/fold-chunks.ts'
import type { DecodeContext, StreamDecoder, StreamStep } from '../dialect.ts'
import { noQuirks } from '../quirks.ts'
import { openStream } from './stream.ts'

const context: DecodeContext = {
  fallbackId: 'chatcmpl-fallback',
  createdSeconds: 7,
  model: 'fallback',
  includeUsage: true,
  quirks: noQuirks,
}

interface Heard {
  readonly steps: readonly StreamStep[]
  readonly last: StreamStep
  readonly decoder: StreamDecoder
}

/** Pushes the events; the bytes end after them. */
function hear(events: readonly object[], more: Partial<DecodeContext> = {}): Heard {
  const decoder = openStream({ ...context, ...more })
  const steps = [...events.map((event) => decoder.push(JSON.stringify(event), null)), decoder.end()]
  for (const chunk of steps.flatMap((step) => step.chunks)) {
    expect(validateChatCompletionChunk(chunk)).toMatchObject({ valid: true })
  }
  const last = steps.at(-1)
  if (last === undefined) throw new Error('no step')
  return { steps, last, decoder }
}

function folded(events: readonly object[], more: Partial<DecodeContext> = {}): ChatCompletion {
  const { steps, last } = hear(events, more)
  expect(last).toMatchObject({ failure: null, done: true })
  return foldChunks(steps.flatMap((step) => step.chunks))
}

const start = {
  type: 'message_start',
  message: { id: 'msg_1', model: 'm-1', usage: { input_tokens: 9, output_tokens: 1 } },
}
const stopped = (stop_reason: string, more: object = {}) => ({
  type: 'message_delta',
  delta: { stop_reason, ...more },
  usage: { output_tokens: 5 },
})
const over = { type: 'message_stop' }
const open = (index: number, content_block: object) => ({ type: 'content_block_start', index, content_block })
const delta = (index: number, fields: object) => ({ type: 'content_block_delta', index, delta: fields })
const close = (index: number) => ({ type: 'content_block_stop', index })
const ends = (stop_reason = 'end_turn') => [stopped(stop_reason), over]
const textBlock = (index: number, said: string) => [
  open(index, { type: 'text', text: '' }),
  delta(index, { type: 'text_delta', text: said }),
  close(index),
]
const tool = (index: number, id: string, input: object = {}, name = 'look') =>
  open(index, { type: 'tool_use', id, name, input })
const json = (index: number, partial_json: string) => delta(index, { type: 'input_json_delta', partial_json })

describe('a stream', () => {
  it('is chunks of one answer', () => {
    expect(folded([start, ...textBlock(0, 'Hello'), ...textBlock(1, ' there'), ...ends()])).toEqual({
      id: 'msg_1',
      object: 'chat.completion',
      created: 7,
      model: 'm-1',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hello there', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: 9,
        completion_tokens: 5,
        total_tokens: 14,
        prompt_tokens_details: { cached_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
    })
  })

  it('commits with the first thing that is seen', () => {
    const { steps } = hear([
      start,
      { type: 'ping' },
      open(0, { type: 'text', text: '' }),
      ...textBlock(0, 'Hi'),
      ...ends(),
    ])
    expect(steps.map((step) => step.content)).toEqual([false, false, false, false, true, false, true, false, false])
  })

  it('passes over pings and what nobody knows yet', () => {
    const odd = [
      { type: 'ping' },
      { type: 'event_of_tomorrow', error_free: true },
      {},
      open(7, { type: 'block_of_tomorrow', text: 'x' }),
      delta(7, { type: 'text_delta', text: 'x' }),
      close(7),
      delta(8, { type: 'text_delta', text: 'x' }),
      delta(0, { type: 'delta_of_tomorrow' }),
      { type: 'content_block_delta', index: 0, delta: null },
    ]
    expect(folded([start, ...odd, ...textBlock(0, 'Hi'), ...odd, ...ends()]).choices[0]?.message.content).toBe('Hi')
  })

  it('goes on after an event that only counts', () => {
    const counting = { type: 'message_delta', delta: { stop_reason: null }, usage: { output_tokens: 2 } }
    const { choices, usage } = folded([start, ...textBlock(0, 'Hi'), counting, ...textBlock(1, '!'), ...ends()])
    expect(choices[0]?.message.content).toBe('Hi!')
    expect(usage?.completion_tokens).toBe(5)
  })

  it('ends with its last event, or with its bytes once it said why', () => {
    expect(hear([start, ...textBlock(0, 'Hi'), stopped('end_turn')]).last).toMatchObject({ failure: null, done: true })
    expect(hear([start, ...textBlock(0, 'Hi')]).last.failure).toMatchObject({ class: 'server_error' })
    expect(hear([start]).last.failure).toMatchObject({ class: 'server_error' })
    expect(hear([]).last.failure).toMatchObject({ class: 'server_error' })
  })

  it('that says that it is over and not why is whole, with all that was sent', () => {
    const thinking = open(0, { type: 'thinking', thinking: 'Hm.', signature: 'sig' })
    const [choice] = folded([start, thinking, tool(1, 'a', { x: 1 }), over]).choices
    expect(choice).toMatchObject({
      finish_reason: 'tool_calls',
      message: { reasoning_details: [{ text: 'Hm.' }], tool_calls: [{ function: { arguments: '{"x":1}' } }] },
    })
  })

  it('takes nothing after its end', () => {
    const { steps } = hear([start, ...textBlock(0, 'Hi'), ...ends(), ...textBlock(1, 'more')])
    expect(steps.slice(-4).flatMap((step) => step.chunks)).toEqual([])
  })

  it('with an event that cannot be read is broken', () => {
    const decoder = openStream(context)
    expect(decoder.push('{"type":', null).failure).toMatchObject({ class: 'server_error' })
  })

  it('with an error is over, before content and after it', () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }
    for (const before of [[start], [start, open(0, { type: 'text' }), delta(0, { type: 'text_delta', text: 'Hi' })]]) {
      const { steps, last } = hear([...before, error, ...ends()])
      expect(steps[before.length]).toMatchObject({
        failure: { class: 'server_error', message: 'Overloaded' },
        done: false,
      })
      expect(last.failure).toMatchObject({ message: 'Overloaded' })
    }
  })

  it('may begin again with the same answer, and not with another', () => {
    expect(folded([start, start, ...textBlock(0, 'Hi'), start, ...ends()]).choices[0]?.message.content).toBe('Hi')
    const other = { ...start, message: { ...start.message, id: 'msg_2' } }
    expect(hear([start, ...textBlock(0, 'Hi'), other]).last.failure).toMatchObject({ class: 'server_error' })
  })
})

describe('calls in a stream', () => {
  it('come in pieces, whole, or without input, and beside each other', () => {
    const events = [
      start,
      tool(0, 'a'),
      json(0, ''),
      tool(1, 'b', { city: 'İzmir' }),
      json(0, '{"x"'),
      tool(2, 'c'),
      json(0, ':1}'),
      close(0),
      close(1),
      close(2),
      ...ends('tool_use'),
    ]
    const [choice] = folded(events).choices
    expect(choice).toMatchObject({ message: { content: null }, finish_reason: 'tool_calls' })
    expect(choice?.message.tool_calls).toMatchObject([
      { id: 'a', function: { name: 'look', arguments: '{"x":1}' } },
      { id: 'b', function: { arguments: '{"city":"İzmir"}' } },
      { id: 'c', function: { arguments: '{}' } },
    ])
  })

  it('whose block is never closed have their input all the same', () => {
    const [choice] = folded([start, tool(0, 'a', { x: 1 }), tool(1, 'b'), ...ends('tool_use')]).choices
    expect(choice?.message.tool_calls).toMatchObject([
      { function: { arguments: '{"x":1}' } },
      { function: { arguments: '{}' } },
    ])
  })

  it('of a tool of ours are the answer, in pieces and whole', () => {
    const pieces = [tool(0, 'a', {}, 'person'), json(0, '{"name":'), json(0, '"John"}'), close(0)]
    const whole = [tool(0, 'a', { name: 'John' }, 'person'), close(0)]
    const empty = [tool(0, 'a', {}, 'person'), close(0)]
    const answers = [pieces, whole, empty].map((events) => {
      const [choice] = folded([start, ...events, ...ends('tool_use')], { answerTool: 'person' }).choices
      expect(choice?.finish_reason).toBe('stop')
      return choice?.message.content
    })
    expect(answers).toEqual(['{"name":"John"}', '{"name":"John"}', '{}'])
  })

  it('come back in the older form to those who asked in it, the first of them', () => {
    const events = [start, tool(0, 'a'), json(0, '{"x":1}'), close(0), tool(1, 'b'), json(1, '{}'), close(1)]
    const [choice] = folded([...events, ...ends('tool_use')], { legacyCalls: true }).choices
    expect(choice).toMatchObject({
      message: { function_call: { name: 'look', arguments: '{"x":1}' } },
      finish_reason: 'function_call',
    })
  })

  it('without a name are a broken answer', () => {
    expect(hear([start, tool(0, 'a', {}, '')]).last.failure).toMatchObject({ class: 'server_error' })
  })

  it('that ran at the provider are not told', () => {
    const events = [
      open(0, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }),
      json(0, '{}'),
      close(0),
    ]
    expect(folded([start, ...events, ...textBlock(1, 'Found.'), ...ends('pause_turn')]).choices[0]).toMatchObject({
      message: { content: 'Found.' },
      finish_reason: 'stop',
    })
  })
})

describe('thoughts in a stream', () => {
  const thinking = (index: number, said: string[], signature: string | null) => [
    open(index, { type: 'thinking', thinking: '' }),
    ...said.map((piece) => delta(index, { type: 'thinking_delta', thinking: piece })),
    ...(signature === null ? [] : [delta(index, { type: 'signature_delta', signature })]),
    close(index),
  ]

  it('flow as reasoning; what is signed comes once, before the end', () => {
    const events = [
      start,
      ...thinking(0, ['On', 'e.'], 's1'),
      open(1, { type: 'redacted_thinking', data: 'd' }),
      close(1),
      ...textBlock(2, 'Let me look.'),
      ...thinking(3, ['Two.'], 's2'),
      tool(4, 'a'),
      close(4),
      ...thinking(5, [], 's3'),
      ...ends('tool_use'),
    ]
    const { steps } = hear(events)
    const deltas = steps.flatMap((step) => step.chunks).flatMap(({ choices }) => choices.map((choice) => choice.delta))
    const told = deltas.filter((one) => one.reasoning_details !== undefined)
    expect(told).toHaveLength(1)
    expect(told[0]?.reasoning_details).toEqual([
      { type: 'reasoning.text', text: 'One.', signature: 's1', format: 'anthropic-claude-v1', index: 0 },
      { type: 'reasoning.encrypted', data: 'd', format: 'anthropic-claude-v1', index: 1 },
      { type: 'reasoning.text', text: 'Two.', signature: 's2', format: 'anthropic-claude-v1', index: 3 },
      { type: 'reasoning.text', text: '', signature: 's3', format: 'anthropic-claude-v1', index: 5 },
    ])
    expect(folded(events).choices[0]?.message.reasoning_content).toBe('One.\n\nTwo.')
  })

  it('without a signature are not kept', () => {
    const [choice] = folded([start, ...thinking(0, ['One.'], null), ...textBlock(1, 'x'), ...ends()]).choices
    expect(choice?.message.reasoning_content).toBe('One.')
    expect(choice?.message).not.toHaveProperty('reasoning_details')
  })

  it('may come whole with their first event', () => {
    const block = { type: 'thinking', thinking: 'One.', signature: 's' }
    const [choice] = folded([start, open(0, block), close(0), ...textBlock(1, 'x'), ...ends()]).choices
    expect(choice?.message).toMatchObject({ reasoning_content: 'One.', reasoning_details: [{ signature: 's' }] })
  })
})

describe('the end of a stream', () => {
  it('has the explanation of a refusal', () => {
    const stop_details = { type: 'refusal', explanation: 'Blocked.' }
    const [choice] = folded([start, stopped('refusal', { stop_details }), over]).choices
    expect(choice).toMatchObject({ message: { content: '', refusal: 'Blocked.' }, finish_reason: 'content_filter' })
  })

  it('has the sources, with the places they stand for', () => {
    const citation = { type: 'web_search_result_location', url: 'https://example.test/', title: null }
    const events = [
      ...textBlock(0, 'Hello. '),
      open(1, { type: 'text', text: '', citations: [] }),
      delta(1, { type: 'citations_delta', citation }),
      delta(1, { type: 'text_delta', text: 'It rains.' }),
      close(1),
    ]
    expect(folded([start, ...events, ...ends()]).choices[0]?.message).toMatchObject({
      citations: [citation],
      annotations: [{ url_citation: { start_index: 7, end_index: 16, url: 'https://example.test/', title: '' } }],
    })
  })

  it('has the last counts, where they were told', () => {
    const begun = {
      ...start,
      message: { ...start.message, usage: { input_tokens: 43, cache_read_input_tokens: 100, output_tokens: 1 } },
    }
    const ended = {
      ...stopped('end_turn'),
      usage: { input_tokens: 61, cache_read_input_tokens: null, output_tokens: 2 },
    }
    const { decoder, last } = hear([begun, ...textBlock(0, 'Hi'), ended])
    expect(decoder.usage()).toEqual({ inputTokens: 161, outputTokens: 2, cachedTokens: 100, reasoningTokens: 0 })
    expect(last.chunks).toMatchObject([{ choices: [], usage: { prompt_tokens: 161, completion_tokens: 2 } }])
    expect(decoder.nativeFinishReason()).toBe('end_turn')
    expect(hear([begun, ...textBlock(0, 'Hi'), ended], { includeUsage: false }).last.chunks).toEqual([])
  })

  it('knows nothing where nothing was told', () => {
    const { decoder } = hear([{ type: 'message_start', message: {} }, ...textBlock(0, 'Hi')])
    expect([decoder.usage(), decoder.nativeFinishReason()]).toEqual([null, null])
  })
})
