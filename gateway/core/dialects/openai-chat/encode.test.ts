import { describe, expect, it } from 'vitest'
import type { ChatCompletionRequest, RequestMessage } from '../../../../schemas/index.ts'
import { providers } from '../../providers/index.ts'
import { dropped, each } from '../losses.ts'
import type { Quirks } from '../quirks.ts'
import type { TargetSpec } from '../testing/encode.ts'
import { encoded } from '../testing/encode.ts'
import { openaiChat } from './index.ts'

const messages: RequestMessage[] = [{ role: 'user', content: 'Hello.' }]
const plain: ChatCompletionRequest = { model: 'asked', messages }

/** Every test's request is frozen to the last leaf: an attempt that changes it would spoil the next one. */
function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  for (const inner of Object.values(value)) frozen(inner)
  return Object.freeze(value)
}

function sent(fields: Partial<ChatCompletionRequest>, target: TargetSpec = {}) {
  const request = frozen({ ...plain, ...fields })
  const { body, lost, headers } = encoded(openaiChat, request, { model: 'target', ...target })
  expect(headers).toBeNull()
  return { body: JSON.parse(body) as Record<string, unknown>, lost }
}

const withQuirks = (fields: Partial<ChatCompletionRequest>, quirks: Quirks) => sent(fields, { quirks })
const withParameters = (fields: Partial<ChatCompletionRequest>, parameters: Record<string, unknown>) =>
  sent(fields, { parameters }).body

describe('a request without quirks', () => {
  it('keeps everything but the model', () => {
    const fields = {
      temperature: 0.2,
      tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }],
      seed: null,
      vendor_field: { deep: [1] },
    }
    expect(sent(fields)).toEqual({ body: { model: 'target', messages, ...fields }, lost: [] })
  })

  it('asks for usage when it streams', () => {
    expect(sent({ stream: true }).body['stream_options']).toEqual({ include_usage: true })
    const stream_options = { include_usage: false, include_obfuscation: false }
    expect(sent({ stream: true, stream_options }).body['stream_options']).toEqual({
      include_usage: true,
      include_obfuscation: false,
    })
    expect(sent({ stream: true, stream_options: null }).body['stream_options']).toEqual({ include_usage: true })
  })

  it.each([{}, { stream: false }, { stream: null }])('asks for no usage when it does not: %j', (fields) => {
    expect('stream_options' in sent(fields).body).toBe(false)
  })
})

describe('words that JavaScript has a meaning for', () => {
  it.each(['constructor', '__proto__', 'toString'])('are sent as they are: %s', (tool_choice) => {
    const quirks = { values: { tool_choice: { required: 'any' } } }
    expect(withQuirks({ tool_choice }, quirks).body['tool_choice']).toBe(tool_choice)
    expect(withQuirks({ tool_choice: 'required' }, quirks).body['tool_choice']).toBe('any')
  })
})

describe('a provider that sends usage unasked', () => {
  it.each([{ stream: true }, { stream: false }, { stream_options: null }, { stream_options: { include_usage: true } }])(
    'is not asked: %j',
    (fields) => {
      expect(withQuirks(fields, { usageUnasked: true }).body).not.toHaveProperty('stream_options')
    },
  )
})

describe('parameters', () => {
  it.each<[string, Partial<ChatCompletionRequest>, Record<string, unknown>, Record<string, unknown>]>([
    ['fill what is absent', {}, { temperature: 0.1 }, { temperature: 0.1 }],
    ['fill what is null', { temperature: null }, { temperature: 0.1 }, { temperature: 0.1 }],
    ['yield to the caller', { temperature: 0 }, { temperature: 0.1 }, { temperature: 0 }],
    ["bring vendors' fields", {}, { safe_prompt: true }, { safe_prompt: true }],
    ['set a limit where there is none', {}, { max_tokens: 100 }, { max_tokens: 100 }],
    ['lower a limit', { max_tokens: 500 }, { max_tokens: 100 }, { max_tokens: 100 }],
    ['never raise a limit', { max_tokens: 50 }, { max_tokens: 100 }, { max_tokens: 50 }],
    [
      'lower a limit under its other name',
      { max_completion_tokens: 500 },
      { max_tokens: 100 },
      { max_completion_tokens: 100 },
    ],
    [
      'leave a lower limit under its other name',
      { max_tokens: 50 },
      { max_completion_tokens: 100 },
      { max_tokens: 50 },
    ],
    [
      'lower both names',
      { max_tokens: 500, max_completion_tokens: 50 },
      { max_tokens: 100 },
      { max_tokens: 100, max_completion_tokens: 50 },
    ],
    ['fill a limit that is null', { max_tokens: null }, { max_tokens: 100 }, { max_tokens: 100 }],
    ['are no ceiling for anything else', { n: 3, temperature: 2 }, { n: 1, temperature: 0 }, { n: 3, temperature: 2 }],
  ])('%s', (_name, fields, parameters, expected) => {
    expect(withParameters(fields, parameters)).toEqual({ model: 'target', messages, ...expected })
  })

  it("are renamed like the caller's fields", () => {
    const quirks: Quirks = { renames: { max_completion_tokens: 'max_tokens' } }
    const { body } = sent({ max_completion_tokens: 500 }, { quirks, parameters: { max_tokens: 100 } })
    expect(body).toEqual({ model: 'target', messages, max_tokens: 100 })
  })
})

describe('dropped fields', () => {
  const quirks: Quirks = {
    losses: each(
      [
        'n',
        'logit_bias',
        'logprobs',
        'response_format[json_object]',
        'response_format[json_schema]',
        'user',
        'tools',
        'tool_choice[required]',
        'tool_choice[function]',
      ],
      dropped(''),
    ),
  }

  it('are left out and told, in their order', () => {
    const { body, lost } = withQuirks({ user: 'u', logit_bias: { 1: 5 }, n: 2, temperature: 1 }, quirks)
    expect(body).toEqual({ model: 'target', messages, temperature: 1 })
    expect(lost).toEqual(['user', 'logit_bias', 'n'])
  })

  it.each<Partial<ChatCompletionRequest>>([
    { n: 1 },
    { n: null },
    { logit_bias: {} },
    { logprobs: false },
    { user: '' },
    { tools: [] },
  ])('are no loss when they ask for nothing: %j', (fields) => {
    expect(withQuirks(fields, quirks)).toEqual({ body: { model: 'target', messages }, lost: [] })
  })

  it.each<[Partial<ChatCompletionRequest>, string]>([
    [{ logprobs: true }, 'logprobs'],
    [{ response_format: { type: 'json_object' } }, 'response_format[json_object]'],
    [{ tool_choice: 'required' }, 'tool_choice[required]'],
    [{ tool_choice: { type: 'function', function: { name: 'f' } } }, 'tool_choice[function]'],
    [{ tools: [{ type: 'function' }] }, 'tools'],
  ])('are a loss when they ask for something: %j', (fields, lost) => {
    expect(withQuirks(fields, quirks)).toEqual({ body: { model: 'target', messages }, lost: [lost] })
  })

  it('stay where another value of the field is meant', () => {
    const fields = { response_format: { type: 'text' }, tool_choice: 'auto' }
    expect(withQuirks(fields, quirks)).toEqual({ body: { model: 'target', messages, ...fields }, lost: [] })
  })
})

describe('renamed fields and values', () => {
  const quirks: Quirks = {
    renames: { max_completion_tokens: 'max_tokens', seed: 'random_seed' },
    values: { tool_choice: { required: 'any' } },
    lists: ['stop'],
  }

  it.each<[Partial<ChatCompletionRequest>, Record<string, unknown>]>([
    [
      { max_completion_tokens: 5, seed: 7 },
      { max_tokens: 5, random_seed: 7 },
    ],
    [{ max_completion_tokens: 5, max_tokens: 9 }, { max_tokens: 5 }],
    [{ max_completion_tokens: null, max_tokens: 9 }, { max_tokens: 9 }],
    [{ random_seed: 3 }, { random_seed: 3 }],
    [{ tool_choice: 'required' }, { tool_choice: 'any' }],
    [{ tool_choice: 'auto' }, { tool_choice: 'auto' }],
    [{ tool_choice: { type: 'function' } }, { tool_choice: { type: 'function' } }],
    [{ stop: 'x' }, { stop: ['x'] }],
    [{ stop: ['x', 'y'] }, { stop: ['x', 'y'] }],
    [{ stop: null }, { stop: null }],
  ])('%j', (fields, expected) => {
    expect(withQuirks(fields, quirks)).toEqual({ body: { model: 'target', messages, ...expected }, lost: [] })
  })

  it('of two token limits the newer one counts, whatever it is called there', () => {
    const newest: Quirks = { renames: { max_tokens: 'max_completion_tokens' } }
    const sentLimit = (fields: Partial<ChatCompletionRequest>) => withQuirks(fields, newest).body
    expect(sentLimit({ max_completion_tokens: 5, max_tokens: 9 })).toEqual({
      model: 'target',
      messages,
      max_completion_tokens: 5,
    })
    expect(sentLimit({ max_completion_tokens: null, max_tokens: 9 })).toMatchObject({ max_completion_tokens: 9 })
    expect(sentLimit({ max_tokens: 9 })).toMatchObject({ max_completion_tokens: 9 })
  })
})

describe('other quirks', () => {
  it('leave the model to the path', () => {
    expect(withQuirks({}, { modelInPath: true }).body).toEqual({ messages })
  })

  it('do not ask for usage that comes unasked, nor call it lost', () => {
    const fields = { stream: true, stream_options: { include_usage: true } }
    expect(withQuirks(fields, { usageUnasked: true })).toEqual({
      body: { model: 'target', messages, stream: true },
      lost: [],
    })
  })

  it('ask for plain JSON where no schema is understood', () => {
    const response_format = { type: 'json_schema', json_schema: { name: 'n', schema: {} } }
    const quirks: Quirks = { losses: { 'response_format[json_schema]': dropped('') } }
    const { body, lost } = withQuirks({ response_format }, quirks)
    expect(body['response_format']).toEqual({ type: 'json_object' })
    expect(lost).toEqual(['response_format[json_schema]'])
    expect(withQuirks({ response_format: { type: 'json_object' } }, quirks).lost).toEqual([])
  })

  it('send developer messages as system messages', () => {
    const given: RequestMessage[] = [{ role: 'developer', content: 'Be brief.', name: 'd' }, ...messages]
    const { body, lost } = withQuirks({ messages: given }, { developerAsSystem: true })
    expect(body['messages']).toEqual([{ role: 'system', content: 'Be brief.', name: 'd' }, ...messages])
    expect(lost).toEqual([])
  })
})

describe('content that is required', () => {
  const given: RequestMessage[] = [
    { role: 'user', content: 'a' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
    },
    { role: 'assistant', content: [] },
    { role: 'assistant', refusal: 'no' },
  ]

  it('is an empty text where there is none', () => {
    const { body, lost } = withQuirks({ messages: given }, providers.xai.quirks)
    expect((body['messages'] as RequestMessage[]).map(({ content }) => content)).toEqual(['a', '', '', ''])
    expect(lost).toEqual([])
  })

  it('is left alone elsewhere', () => {
    expect(withQuirks({ messages: given }, { developerAsSystem: true }).body['messages']).toEqual(given)
  })
})

describe('dropped message fields', () => {
  const quirks: Quirks = {
    losses: each(['messages[].name', 'messages[].refusal', 'messages[].reasoning_content'], dropped('')),
  }

  it('are left out', () => {
    const given: RequestMessage[] = [
      { role: 'user', content: 'a', name: 'u', vendor: 'kept' },
      { role: 'assistant', content: 'b', refusal: 'no', reasoning_content: 'hm' },
      { role: 'tool', content: 'c', tool_call_id: 'x', name: 'f' },
    ]
    const { body, lost } = withQuirks({ messages: given }, quirks)
    expect(body['messages']).toEqual([
      { role: 'user', content: 'a', vendor: 'kept' },
      { role: 'assistant', content: 'b' },
      { role: 'tool', content: 'c', tool_call_id: 'x' },
    ])
    expect(lost).toEqual(['messages[].name', 'messages[].refusal', 'messages[].reasoning_content'])
  })

  it('are no loss when they hold nothing, such as what our own answers bring back', () => {
    const given: RequestMessage[] = [{ role: 'assistant', content: 'b', refusal: null, reasoning_content: '' }]
    expect(withQuirks({ messages: given }, quirks)).toEqual({
      body: { model: 'target', messages: [{ role: 'assistant', content: 'b' }] },
      lost: [],
    })
  })
})

describe('tool-call ids of a greatest length', () => {
  const history = (id: string): RequestMessage[] => [
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id, type: 'function', function: { name: 'f', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: id, content: 'r' },
  ]
  const historySent = (id: string): RequestMessage[] => {
    const { body } = withQuirks({ messages: history(id) }, { longestToolCallId: 40 })
    return body['messages'] as RequestMessage[]
  }

  it('stay when they fit, and are replaced in call and result alike when they do not', () => {
    const fits = `call-${'x'.repeat(35)}`
    expect(historySent(fits)).toEqual(history(fits))
    const [call, result] = historySent(`${fits}y`)
    expect(result?.tool_call_id).toMatch(/^[A-Za-z0-9]{40}$/)
    expect(call?.tool_calls?.[0]?.id).toBe(result?.tool_call_id)
    expect(historySent(`${fits}z`)[1]?.tool_call_id).not.toBe(result?.tool_call_id)
  })
})

describe('tool-call ids of a fixed length', () => {
  const history = (...ids: readonly string[]): RequestMessage[] => [
    {
      role: 'assistant',
      content: null,
      tool_calls: ids.map((id) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } })),
    },
    ...ids.map((id): RequestMessage => ({ role: 'tool', tool_call_id: id, content: 'r' })),
  ]
  const idsOf = (given: RequestMessage[]): string[] => {
    const { body } = withQuirks({ messages: given }, { toolCallIdLength: 9 })
    const [call, ...results] = body['messages'] as RequestMessage[]
    const called = (call?.tool_calls ?? []).map((one) => one.id)
    expect(results.map((result) => result.tool_call_id)).toEqual(called)
    return called
  }

  it('stay when they fit', () => {
    expect(idsOf(history('D681PevKs', 'abcdefgh9'))).toEqual(['D681PevKs', 'abcdefgh9'])
  })

  it('are replaced consistently, and differ as before', () => {
    const many = Array.from({ length: 500 }, (_unused, index) => `call_${index}`)
    const replaced = idsOf(history('call_DdmO9pD3xa9XTPNJ32zg2hcA', 'toolu_01', 'short', 'with-dash', ...many))
    expect(new Set(replaced).size).toBe(504)
    for (const id of replaced) expect(id).toMatch(/^[A-Za-z0-9]{9}$/)
    expect(idsOf(history('toolu_01'))).toEqual([replaced[1]])
  })
})

describe('reasoning in tool loops', () => {
  const loop: RequestMessage[] = [
    { role: 'user', content: 'a' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'call_1', content: 'r' },
    { role: 'assistant', content: 'b', reasoning_content: 'hm' },
    { role: 'assistant', content: 'c', reasoning_content: '' },
  ]
  const thoughts = (provider: 'deepseek' | 'moonshot' | 'vllm', model: string, given = loop) => {
    const { body, lost } = sent({ messages: given }, { model, quirks: providers[provider].quirks })
    expect(lost).toEqual([])
    return (body['messages'] as RequestMessage[]).map((message) => message.reasoning_content)
  }

  it.each([
    ['deepseek', 'deepseek-reasoner', ''],
    ['deepseek', 'deepseek-v4-pro', ''],
    ['moonshot', 'kimi-k2.6', ' '],
  ] as const)('%s %s gets %j where nothing is known, and what is known', (provider, model, filler) => {
    expect(thoughts(provider, model)).toEqual([undefined, filler, undefined, 'hm', filler])
  })

  it.each([
    ['deepseek', 'deepseek-chat'],
    ['moonshot', 'moonshot-v1-8k'],
    ['vllm', 'deepseek-reasoner'],
  ] as const)('%s %s gets what the caller sent', (provider, model) => {
    expect(thoughts(provider, model)).toEqual([undefined, undefined, undefined, 'hm', ''])
  })

  it('is filled in nowhere else', () => {
    const talk: RequestMessage[] = [
      { role: 'assistant', content: 'b' },
      { role: 'user', content: 'a' },
    ]
    expect(thoughts('deepseek', 'deepseek-reasoner', talk)).toEqual([undefined, undefined])
  })
})

describe('requests to the providers of this language', () => {
  const everything: ChatCompletionRequest = frozen({
    ...plain,
    messages: [
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content: 'a', name: 'u' },
      {
        role: 'assistant',
        content: null,
        refusal: null,
        reasoning_content: 'hm',
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'r' },
    ],
    stream: true,
    seed: 7,
    stop: 'x',
    max_completion_tokens: 5,
    logprobs: true,
    logit_bias: { 1: 1 },
    frequency_penalty: 0.5,
    response_format: { type: 'json_schema', json_schema: { name: 'n', schema: {} } },
  })

  const lossesOf = (provider: keyof typeof providers) =>
    encoded(openaiChat, everything, { model: 'm', quirks: providers[provider].quirks })

  it.each([
    ['openai', ['messages[].reasoning_content']],
    ['openrouter', []],
    ['deepseek', ['response_format[json_schema]']],
    ['groq', ['messages[].name', 'messages[].reasoning_content', 'logprobs', 'logit_bias']],
    ['mistral', ['messages[].name', 'messages[].reasoning_content', 'logprobs', 'logit_bias']],
    ['tgi', ['logit_bias']],
    ['cerebras', ['messages[].reasoning_content', 'logit_bias', 'frequency_penalty']],
  ] as const)('%s loses %j', (provider, lost) => {
    expect(lossesOf(provider).lost).toEqual(lost)
  })

  it.each(['openai', 'azure-openai'] as const)('%s gets no id of more than 40 characters', (provider) => {
    const id = `call_${'x'.repeat(60)}`
    const { body } = sent(
      {
        messages: [
          {
            role: 'assistant',
            content: null,
            tool_calls: [{ id, type: 'function', function: { name: 'f', arguments: '{}' } }],
          },
          { role: 'tool', tool_call_id: id, content: 'r' },
        ],
      },
      { quirks: providers[provider].quirks },
    )
    const [call, result] = body['messages'] as RequestMessage[]
    expect(result?.tool_call_id).toMatch(/^\w{40}$/)
    expect(call?.tool_calls?.[0]?.id).toBe(result?.tool_call_id)
  })

  it.each(['openai', 'azure-openai', 'mistral', 'groq', 'cerebras'] as const)(
    '%s refuses parameters it does not know, so `top_k` stays behind',
    (provider) => {
      const { body, lost } = sent({ top_k: 40 }, { quirks: providers[provider].quirks })
      expect([body['top_k'], lost]).toEqual([undefined, ['top_k']])
    },
  )

  it.each(['required', { type: 'function', function: { name: 'f' } }] as const)(
    'zhipu knows `auto` only, so %j stays behind',
    (tool_choice) => {
      const tools = [{ type: 'function', function: { name: 'f', parameters: {} } }] as const
      const { body, lost } = sent({ tools: [...tools], tool_choice }, { quirks: providers.zhipu.quirks })
      expect([body['tool_choice'], lost.length]).toEqual([undefined, 1])
      expect(sent({ tools: [...tools], tool_choice: 'auto' }, { quirks: providers.zhipu.quirks }).lost).toEqual([])
    },
  )

  it('mistral gets what its own request type has', () => {
    expect(JSON.parse(lossesOf('mistral').body)).toEqual({
      model: 'm',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'a' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            { id: expect.stringMatching(/^\w{9}$/), type: 'function', function: { name: 'f', arguments: '{}' } },
          ],
        },
        { role: 'tool', tool_call_id: expect.stringMatching(/^\w{9}$/), content: 'r' },
      ],
      stream: true,
      stop: 'x',
      random_seed: 7,
      max_tokens: 5,
      frequency_penalty: 0.5,
      response_format: everything.response_format,
    })
  })
})
