import { describe, expect, it } from 'vitest'
import type { ChatCompletionRequest } from '../../../../schemas/index.ts'
import { calls, result, says, send, thought, user } from './testing/sent.ts'

const tools = [{ type: 'function', function: { name: 'look' } }]

function asked(fields: Partial<ChatCompletionRequest>, model?: string): Record<string, unknown> {
  const { body } = send(fields, model === undefined ? {} : { model })
  const { thinking, output_config: output, max_tokens: limit } = body
  return { thinking, output, limit }
}

describe('reasoning_effort', () => {
  it.each([
    ['minimal', 1024],
    ['low', 2048],
    ['medium', 8192],
    ['high', 24_576],
    ['xhigh', 32_768],
  ])('%s is a budget of %i for models that take one', (reasoning_effort, budget) => {
    expect(asked({ reasoning_effort })).toEqual({
      thinking: { type: 'enabled', budget_tokens: budget },
      output: undefined,
      limit: 64_000,
    })
  })

  it.each([
    ['claude-opus-4-6', 'minimal', 'low'],
    ['claude-opus-4-6', 'xhigh', 'high'],
    ['claude-opus-5', 'medium', 'medium'],
    ['claude-sonnet-5-5', 'xhigh', 'xhigh'],
    ['claude-fable-5-2', 'max', 'max'],
  ])('for %s %s is the effort %s, with its thoughts to be read', (model, reasoning_effort, effort) => {
    expect(asked({ reasoning_effort }, model)).toEqual({
      thinking: { type: 'adaptive', display: 'summarized' },
      output: { effort },
      limit: 128_000,
    })
  })

  it.each([
    ['claude-haiku-4-5', undefined, undefined],
    ['claude-opus-4-8', undefined, undefined],
    ['claude-opus-5', { type: 'disabled' }, undefined],
    ['claude-sonnet-5-5', { type: 'between_tools' }, undefined],
    ['claude-opus-5-5', undefined, { effort: 'low' }],
    ['some-other-model', { type: 'disabled' }, undefined],
  ])('none is what is nearest to it for %s', (model, thinking, output) => {
    expect(asked({ reasoning_effort: 'none' }, model)).toMatchObject({ thinking, output })
  })

  it('is left out for models that do not think, and words nobody knows for all', () => {
    const { body, lost } = send({ reasoning_effort: 'high' }, { model: 'claude-3-5-haiku-latest' })
    expect([body['thinking'], lost]).toEqual([undefined, ['reasoning_effort']])
    expect(asked({ reasoning_effort: 'extreme' })).toMatchObject({ thinking: undefined })
  })

  it('leaves room for the answer, and needs room itself', () => {
    expect(asked({ reasoning_effort: 'high', max_completion_tokens: 10_000 })).toMatchObject({
      thinking: { budget_tokens: 8000 },
      limit: 10_000,
    })
    expect(asked({ reasoning_effort: 'high', max_tokens: 1279 })).toMatchObject({ thinking: undefined, limit: 1279 })
    expect(asked({ reasoning_effort: 'high', max_tokens: 1280 })).toMatchObject({ thinking: { budget_tokens: 1024 } })
  })

  it('gives way to a tool that must be called, where a budget is all there is', () => {
    const forced = { tools, tool_choice: 'required', reasoning_effort: 'high' }
    expect(send(forced).body).not.toHaveProperty('thinking')
    expect(send(forced).body).toMatchObject({ tool_choice: { type: 'any' } })
    expect(send(forced).lost).toEqual(['reasoning_effort;approximated'])
    expect(send(forced, { model: 'claude-opus-4-6' }).body).toMatchObject({
      thinking: { type: 'adaptive' },
      tool_choice: { type: 'any' },
    })
  })
})

describe('a tool loop', () => {
  const signed = { ...calls('c1'), reasoning_details: [thought('Hm.')] }
  const loop = (first: object) => [user('a'), { ...calls('c1'), ...first }, result('c1', 'x')]

  it('without its signed thoughts turns a budget off', () => {
    const { body, lost } = send({ messages: loop({}), tools, reasoning_effort: 'high' })
    expect(body).not.toHaveProperty('thinking')
    expect(lost).toEqual(['reasoning_effort;approximated'])
  })

  it('with them keeps it', () => {
    const { body } = send({ messages: loop(signed), tools, reasoning_effort: 'high' })
    expect(body).toMatchObject({ thinking: { type: 'enabled' } })
  })

  it('needs them in its first turn only: between tools such models do not think', () => {
    const longer = [...loop(signed), calls('c2'), result('c2', 'y')]
    expect(send({ messages: longer, tools, reasoning_effort: 'low' }).body).toHaveProperty('thinking')
    const other = [...loop({}), { ...calls('c2'), reasoning_details: [thought('Late.')] }, result('c2', 'y')]
    expect(send({ messages: other, tools, reasoning_effort: 'low' }).body).not.toHaveProperty('thinking')
  })

  it('that is over needs none', () => {
    const messages = [...loop({}), says('Done.'), user('More.')]
    expect(send({ messages, tools, reasoning_effort: 'low' }).body).toHaveProperty('thinking')
  })

  it('needs none of models that think adaptively', () => {
    const { body } = send({ messages: loop({}), tools, reasoning_effort: 'high' }, { model: 'claude-opus-5' })
    expect(body).toMatchObject({ thinking: { type: 'adaptive' } })
  })

  it("turns the caller's own budget off as well, and tells the caller", () => {
    const thinking = { type: 'enabled', budget_tokens: 2000 }
    const { body, lost } = send({ messages: loop({}), tools, thinking })
    expect(body).not.toHaveProperty('thinking')
    expect(lost).toEqual(['thinking;approximated'])
  })
})

describe('an answer to go on with', () => {
  it('is none for a model that is to think: the user asks it to go on', () => {
    const begun = { ...says('Once upon'), reasoning_details: [thought('a')] }
    const last = (fields: object): unknown =>
      (send({ messages: [user('x'), begun], ...fields }).body['messages'] as unknown[]).at(-1)
    expect(last({})).toMatchObject({ role: 'assistant' })
    expect(last({ reasoning_effort: 'low' })).toEqual({ role: 'user', content: [{ type: 'text', text: 'Continue.' }] })
  })
})

describe("the caller's own thinking", () => {
  it('passes through and comes before an effort', () => {
    const thinking = { type: 'enabled', budget_tokens: 5000 }
    expect(asked({ thinking, reasoning_effort: 'high' })).toMatchObject({ thinking, output: undefined })
  })

  it('comes before a tool that must be called', () => {
    const thinking = { type: 'enabled', budget_tokens: 5000 }
    const { body, lost } = send({ tools, tool_choice: { type: 'function', function: { name: 'look' } }, thinking })
    expect(body).toMatchObject({ thinking, system: [{ text: expect.stringContaining('"look"') as string }] })
    expect(body).not.toHaveProperty('tool_choice')
    expect(lost).toEqual(['tool_choice[function];approximated'])
  })

  it('of output_config stands', () => {
    const output_config = { effort: 'max' }
    expect(asked({ output_config, reasoning_effort: 'low' }, 'claude-opus-5')).toMatchObject({
      output: { effort: 'max' },
    })
  })
})

describe('sampling', () => {
  const sampled = (fields: Partial<ChatCompletionRequest>, model?: string): [unknown, readonly string[]] => {
    const { body, lost } = send(fields, model === undefined ? {} : { model })
    const { temperature, top_p, top_k } = body
    return [{ temperature, top_p, top_k }, lost]
  }
  const nothing = { temperature: undefined, top_p: undefined, top_k: undefined }

  it('is carried, a temperature above 1 as 1, which is the default', () => {
    expect(sampled({ temperature: 0.2, top_k: 5 })).toEqual([{ ...nothing, temperature: 0.2, top_k: 5 }, []])
    expect(sampled({ temperature: 0 })).toEqual([{ ...nothing, temperature: 0 }, []])
    expect(sampled({ temperature: 1.7 })).toEqual([nothing, ['temperature;approximated']])
    expect(sampled({ top_p: 0.5 })).toEqual([{ ...nothing, top_p: 0.5 }, []])
  })

  it('is one of the two where both are refused', () => {
    expect(sampled({ temperature: 0.2, top_p: 0.5 })).toEqual([
      { ...nothing, temperature: 0.2 },
      ['top_p;approximated'],
    ])
    expect(sampled({ temperature: 0.2, top_p: 0.5 }, 'claude-3-5-haiku-latest')).toEqual([
      { ...nothing, temperature: 0.2, top_p: 0.5 },
      [],
    ])
    expect(sampled({ temperature: 1, top_p: 0.5 })).toEqual([{ ...nothing, top_p: 0.5 }, []])
  })

  it('is left out while the model thinks, save a top_p near 1', () => {
    const all = { temperature: 0.2, top_p: 0.5, top_k: 5, reasoning_effort: 'low' }
    const [sent, lost] = sampled(all)
    expect(sent).toEqual({ ...nothing, top_p: 0.95 })
    expect(lost).toEqual([
      'reasoning_effort;approximated',
      'temperature;approximated',
      'top_p;approximated',
      'top_k;approximated',
    ])
    expect(sampled({ top_p: 0.98, reasoning_effort: 'low' }, 'claude-sonnet-4-6')[0]).toEqual({
      ...nothing,
      top_p: 0.98,
    })
  })

  it("is left out for models that take none, the operator's parameters as well", () => {
    const all = { temperature: 0.2, top_p: 0.5, top_k: 5 }
    expect(sampled(all, 'claude-opus-4-7')).toEqual([nothing, ['temperature', 'top_p', 'top_k']])
    const { body, lost } = send({}, { model: 'claude-opus-5', parameters: all })
    expect(body).not.toHaveProperty('temperature')
    expect(lost).toEqual(['temperature', 'top_p', 'top_k'])
  })
})
