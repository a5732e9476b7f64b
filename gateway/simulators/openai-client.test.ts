/** OpenAI's own client must read every healthy behaviour without complaint, or nothing tested against it counts. */
import OpenAI, { APIConnectionError, NotFoundError, RateLimitError } from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StyleName } from './openai-chat/styles.ts'
import { isStyleName, styleNames, styles } from './openai-chat/styles.ts'
import type { Simulator } from './simulator.ts'
import { startSimulator } from './simulator.ts'

const simulators = new Map<string, Simulator>()

beforeAll(async () => {
  for (const style of styleNames.filter(isStyleName)) {
    simulators.set(style, await startSimulator({ name: style, style }))
  }
})
afterAll(async () => {
  await Promise.all([...simulators.values()].map((simulator) => simulator.close()))
})

function simulatorOf(style: StyleName): Simulator {
  const simulator = simulators.get(style)
  if (simulator === undefined) throw new Error(`no simulator for ${style}`)
  return simulator
}

function clientOf(style: StyleName): OpenAI {
  return new OpenAI({
    apiKey: 'unused',
    baseURL: simulatorOf(style).baseUrl,
    maxRetries: 0,
    timeout: 5_000,
    logLevel: 'off',
  })
}

const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
} as const
const clock = { type: 'function', function: { name: 'get_time' } } as const
const prompt = (content: string) => [{ role: 'user', content } as const]

const allStyles = styleNames.filter(isStyleName)

describe.each(allStyles)('style %s', (style) => {
  const quirks = styles[style]

  test('create: an answer, with usage that adds up', async () => {
    const completion = await clientOf(style).chat.completions.create({ model: 'm-1', messages: prompt('Hello.') })
    expect(completion.model).toBe('m-1')
    expect(completion.choices[0]?.finish_reason).toBe('stop')
    expect(completion.choices[0]?.message.content).toMatch(/^[A-Z].*\.$/)
    const { usage } = completion
    expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0))
    expect(usage?.completion_tokens).toBeGreaterThan(0)
  })

  test('a stream says the same as the plain answer', async () => {
    const client = clientOf(style)
    const plain = await client.chat.completions.create({ model: 'm', messages: prompt('Hello.') })
    const stream = await client.chat.completions.create({ model: 'm', messages: prompt('Hello.'), stream: true })
    let text = ''
    const finishReasons: string[] = []
    for await (const chunk of stream) {
      const choice = chunk.choices[0]
      text += choice?.delta.content ?? ''
      if (choice?.finish_reason !== null && choice?.finish_reason !== undefined)
        finishReasons.push(choice.finish_reason)
    }
    expect(text).toBe(plain.choices[0]?.message.content)
    expect(finishReasons).toEqual(['stop'])
  })

  test('usage in a stream comes as the style sends it', async () => {
    const counts: number[] = []
    for (const include_usage of [false, true]) {
      const stream = await clientOf(style).chat.completions.create({
        model: 'm',
        messages: prompt('Hello.'),
        stream: true,
        stream_options: { include_usage },
      })
      let seen = 0
      for await (const chunk of stream) if (chunk.usage !== null && chunk.usage !== undefined) seen += 1
      counts.push(seen)
    }
    const inUsage = quirks.usage === 'x_groq' ? 0 : 1
    expect(counts).toEqual([quirks.usageUnasked ? inUsage : 0, inUsage])
  })

  test('parallel tool calls, one of a tool without arguments, then an answer that uses the results', async () => {
    const client = clientOf(style)
    const messages = prompt('Use get_weather and get_time.')
    const first = await client.chat.completions.create({ model: 'm', messages, tools: [weather, clock] })
    const message = first.choices[0]?.message
    expect(first.choices[0]?.finish_reason).toBe('tool_calls')
    const calls = (message?.tool_calls ?? []).map((call) => ('function' in call ? call.function : null))
    expect(calls.map((call) => call?.name)).toEqual(['get_weather', 'get_time'])
    expect(JSON.parse(calls[0]?.arguments ?? '')).toEqual({ city: expect.any(String) })
    expect(calls[1]?.arguments).toBe(quirks.noArguments)
    if (message === undefined) throw new Error('no message')
    const results = (message.tool_calls ?? []).map(
      (call, index) => ({ role: 'tool', tool_call_id: call.id, content: `result ${index}` }) as const,
    )
    const second = await client.chat.completions.create({
      model: 'm',
      messages: [...messages, message, ...results],
      tools: [weather, clock],
    })
    expect(second.choices[0]?.finish_reason).toBe('stop')
    expect(second.choices[0]?.message.content).toContain('The tool says: result 1')
  })

  test('reasoning stands where the style puts it', async () => {
    const simulator = simulatorOf(style)
    await simulator.behave({ next: [{ reply: { reasoning: 'let me think', text: 'four' } }] })
    const completion = await clientOf(style).chat.completions.create({ model: 'm', messages: prompt('2+2') })
    const message = JSON.stringify(completion.choices[0]?.message)
    if (quirks.reasoning === null) expect(message).not.toContain('let me think')
    else if (quirks.reasoning === 'parts')
      expect(message).toContain('"thinking":[{"type":"text","text":"let me think"}]')
    else expect(message).toContain(`"${quirks.reasoning}":"let me think"`)
  })

  test('an error is an APIError with the status and the words', async () => {
    await simulatorOf(style).behave({ next: [{ faults: [{ kind: 'status', status: 429, message: 'slow down' }] }] })
    const asking = clientOf(style).chat.completions.create({ model: 'm', messages: prompt('Hello.') })
    await expect(asking).rejects.toThrow(RateLimitError)
  })
})

describe('what the client makes of OpenAI itself', () => {
  const client = () => clientOf('openai')

  test('stream(): tool calls are put together, arguments and all', async () => {
    const stream = client().chat.completions.stream({
      model: 'm',
      messages: prompt('Use get_weather and get_time.'),
      tools: [weather, clock],
      stream_options: { include_usage: true },
    })
    const final = await stream.finalChatCompletion()
    const calls = (final.choices[0]?.message.tool_calls ?? []).map((call) =>
      'function' in call ? call.function : null,
    )
    expect(calls.map((call) => call?.name)).toEqual(['get_weather', 'get_time'])
    expect(JSON.parse(calls[0]?.arguments ?? '')).toEqual({ city: expect.any(String) })
    expect(calls[1]?.arguments).toBe('{}')
    expect(final.choices[0]?.finish_reason).toBe('tool_calls')
    expect(final.usage?.completion_tokens).toBeGreaterThan(0)
  })

  test('runTools: a tool loop comes to its end', async () => {
    const asked: string[] = []
    const runner = client().chat.completions.runTools({
      model: 'm',
      messages: prompt('Use get_weather.'),
      tools: [
        {
          type: 'function',
          function: {
            name: 'get_weather',
            description: 'Weather',
            parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
            function: (text: string) => {
              asked.push(text)
              return 'sunny'
            },
          },
        },
      ],
    })
    expect(await runner.finalContent()).toContain('The tool says: sunny')
    expect(asked).toHaveLength(1)
  })

  test.each([
    ['none', []],
    ['required', ['get_weather']],
    [{ type: 'function', function: { name: 'get_time' } } as const, ['get_time']],
  ] as const)('tool_choice %j', async (tool_choice, names) => {
    const completion = await client().chat.completions.create({
      model: 'm',
      messages: prompt('Hello.'),
      tools: [weather, clock],
      tool_choice,
    })
    const calls = completion.choices[0]?.message.tool_calls ?? []
    expect(calls.map((call) => ('function' in call ? call.function.name : null))).toEqual(names)
  })

  test('parallel_tool_calls: false calls one', async () => {
    const completion = await client().chat.completions.create({
      model: 'm',
      messages: prompt('Use get_weather and get_time.'),
      tools: [weather, clock],
      parallel_tool_calls: false,
    })
    expect(completion.choices[0]?.message.tool_calls).toHaveLength(1)
  })

  test.each([false, true])('a JSON schema is kept (stream: %s)', async (stream) => {
    const schema = {
      type: 'object',
      properties: {
        name: { type: 'string' },
        age: { type: 'integer', minimum: 18, maximum: 20 },
        kind: { enum: ['a', 'b'] },
        tags: { type: 'array', items: { $ref: '#/$defs/tag' } },
      },
      $defs: { tag: { type: 'object', properties: { on: { type: 'boolean' } }, required: ['on'] } },
      required: ['name', 'age', 'kind', 'tags'],
    }
    const request = {
      model: 'm',
      messages: prompt('Who?'),
      response_format: { type: 'json_schema', json_schema: { name: 'person', schema } },
    } as const
    const completion = stream
      ? await client().chat.completions.stream(request).finalChatCompletion()
      : await client().chat.completions.create(request)
    const value: unknown = JSON.parse(completion.choices[0]?.message.content ?? '')
    expect(value).toEqual({
      name: expect.any(String),
      age: expect.any(Number),
      kind: expect.stringMatching(/^[ab]$/),
      tags: expect.arrayContaining([{ on: expect.any(Boolean) }]),
    })
  })

  test.each([false, true])('n choices differ and all end (stream: %s)', async (stream) => {
    const request = { model: 'm', messages: prompt('Hello.'), n: 3 } as const
    const completion = stream
      ? await client().chat.completions.stream(request).finalChatCompletion()
      : await client().chat.completions.create(request)
    expect(completion.choices.map((choice) => choice.index)).toEqual([0, 1, 2])
    expect(new Set(completion.choices.map((choice) => choice.message.content)).size).toBe(3)
    expect(completion.choices.every((choice) => choice.finish_reason === 'stop')).toBe(true)
  })

  test('max_tokens stops for length, with exactly so many tokens', async () => {
    const completion = await client().chat.completions.create({ model: 'm', messages: prompt('Hello.'), max_tokens: 5 })
    expect(completion.choices[0]?.finish_reason).toBe('length')
    expect(completion.usage?.completion_tokens).toBe(5)
  })

  test('stop sequences end the text before themselves', async () => {
    await simulatorOf('openai').behave({ next: [{ reply: { text: 'one two END three' } }] })
    const completion = await client().chat.completions.create({ model: 'm', messages: prompt('x'), stop: ['END'] })
    expect(completion.choices[0]?.message.content).toBe('one two ')
    expect(completion.choices[0]?.finish_reason).toBe('stop')
  })

  test('a refusal is a refusal', async () => {
    await simulatorOf('openai').behave({ next: [{ reply: { refusal: 'I will not.' } }] })
    const completion = await client().chat.completions.create({ model: 'm', messages: prompt('x') })
    expect(completion.choices[0]?.message).toMatchObject({ refusal: 'I will not.', content: null })
  })

  test('an error event in a stream is thrown', async () => {
    await simulatorOf('openai').behave({ next: [{ faults: [{ kind: 'error_event', after: 2, message: 'worn out' }] }] })
    const stream = await client().chat.completions.create({ model: 'm', messages: prompt('x'), stream: true })
    const reading = async () => {
      for await (const chunk of stream) expect(chunk.choices).toHaveLength(1)
    }
    await expect(reading()).rejects.toThrow('worn out')
  })

  test.each([
    { kind: 'cut', after: 2 },
    { kind: 'garbage', after: 2 },
  ] as const)('$kind in a stream is thrown', async (fault) => {
    await simulatorOf('openai').behave({ next: [{ faults: [fault] }] })
    const stream = await client().chat.completions.create({ model: 'm', messages: prompt('x'), stream: true })
    const reading = async () => {
      for await (const chunk of stream) expect(chunk.choices).toHaveLength(1)
    }
    await expect(reading()).rejects.toThrow()
  })

  test('a reset connection, and a model that is not there', async () => {
    const ask = () => client().chat.completions.create({ model: 'm', messages: prompt('x') })
    await simulatorOf('openai').behave({ next: [{ faults: [{ kind: 'reset' }] }, { models: ['other'] }] })
    await expect(ask()).rejects.toThrow(APIConnectionError)
    const error: unknown = await ask().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(NotFoundError)
    expect(error).toMatchObject({ code: 'model_not_found' })
  })

  test('usage can be scripted', async () => {
    const usage = { promptTokens: 50, completionTokens: 9, cachedTokens: 40, reasoningTokens: 3 }
    await simulatorOf('openai').behave({ next: [{ reply: { text: 'x', usage } }] })
    const completion = await client().chat.completions.create({ model: 'm', messages: prompt('x') })
    expect(completion.usage).toMatchObject({
      prompt_tokens: 50,
      completion_tokens: 9,
      total_tokens: 59,
      prompt_tokens_details: { cached_tokens: 40 },
      completion_tokens_details: { reasoning_tokens: 3 },
    })
  })

  test('models.list', async () => {
    const models = await client().models.list()
    expect(models.data.map((model) => model.id)).toEqual(['openai-model'])
  })
})
