import { describe, expect, it } from 'vitest'
import type { ChatCompletionRequest, RequestTool } from '../../../../schemas/index.ts'
import { refusalOf, send, text } from './testing/sent.ts'

const clock: RequestTool = { type: 'function', function: { name: 'now' } }
const weather: RequestTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Of a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } } },
  },
}
const tools = [weather, clock]
const asks = (fields: Partial<ChatCompletionRequest>, model = 'gemini-2.5-flash') => send(fields, { model })

describe('limits and sampling', () => {
  it('has nothing where nothing was asked for', () => {
    expect(asks({}).body).toEqual({ contents: [{ role: 'user', parts: [text('Hello.')] }] })
  })

  it('lowers the limit to what the model gives, or to what the manifest says it gives', () => {
    expect(asks({ max_tokens: 1e6 }).config).toEqual({ maxOutputTokens: 65_536 })
    expect(asks({ max_completion_tokens: 1e6, max_tokens: 5 }).config).toEqual({ maxOutputTokens: 65_536 })
    expect(asks({ max_tokens: 1e6 }, 'a-model').config).toEqual({ maxOutputTokens: 1e6 })
    expect(send({ max_tokens: 1e6 }, { maxOutputTokens: 100 }).config).toEqual({ maxOutputTokens: 100 })
  })

  it('has seeds in 32 bits, the same for the same', () => {
    expect(asks({ seed: 7 }).config).toEqual({ seed: 7 })
    expect(asks({ seed: -1 }).config).toEqual({ seed: -1 })
    expect(asks({ seed: 2 ** 31 }).config).toEqual({ seed: -(2 ** 31) })
    expect(asks({ seed: Number.MAX_SAFE_INTEGER }).config).toEqual({ seed: -1 })
  })

  it('has five stops at most, and none that is empty', () => {
    expect(asks({ stop: 'a' }).config).toEqual({ stopSequences: ['a'] })
    expect(asks({ stop: ['', ' '] }).config).toEqual({ stopSequences: [' '] })
    expect(asks({ stop: '' }).config).toEqual({})
    const many = asks({ stop: ['a', 'b', 'c', 'd', 'e', 'f'] })
    expect([many.config, many.lost]).toEqual([{ stopSequences: ['a', 'b', 'c', 'd', 'e'] }, ['stop;approximated']])
  })

  it('asks for several answers, and for probabilities', () => {
    expect(asks({ n: 3, logprobs: true, top_logprobs: 5 }).config).toEqual({
      candidateCount: 3,
      responseLogprobs: true,
      logprobs: 5,
    })
    expect(asks({ n: 1, logprobs: true }).config).toEqual({ responseLogprobs: true })
    expect(asks({ logprobs: false, top_logprobs: 0 }).config).toEqual({})
  })

  it("leaves out the operator's parameters that a model does not take, and says so", () => {
    const parameters = { temperature: 0.5, top_p: 0.5, presence_penalty: 1 }
    const sent = send({}, { model: 'gemini-3.8-flash', parameters })
    expect([sent.config, sent.lost]).toEqual([{}, ['temperature', 'top_p', 'presence_penalty']])
  })

  it('asks for a tier', () => {
    const tier = (service_tier: 'auto' | 'default' | 'flex' | 'priority') => asks({ service_tier }).body['serviceTier']
    expect([tier('auto'), tier('default'), tier('flex'), tier('priority')]).toEqual([
      undefined,
      'standard',
      'flex',
      'priority',
    ])
  })
})

describe('thinking', () => {
  const thinkingOf = (reasoning_effort: ChatCompletionRequest['reasoning_effort'], model: string, more = {}): unknown =>
    asks({ reasoning_effort: reasoning_effort ?? null, ...more }, model).config['thinkingConfig']
  const budget = (thinkingBudget: number) => ({ includeThoughts: true, thinkingBudget })
  const level = (thinkingLevel: string) => ({ includeThoughts: true, thinkingLevel })

  it.each([
    ['none', 'gemini-2.5-flash', { thinkingBudget: 0 }],
    ['none', 'gemini-2.5-pro', { thinkingBudget: 128 }],
    ['minimal', 'gemini-2.5-flash', budget(512)],
    ['low', 'gemini-2.5-flash', budget(1024)],
    ['medium', 'gemini-2.5-flash-lite', budget(8192)],
    ['high', 'gemini-2.5-pro', budget(24_576)],
    ['max', 'gemini-2.5-flash', budget(24_576)],
    ['xhigh', 'gemini-2.5-pro', budget(32_768)],
    ['none', 'gemini-3-flash', { thinkingLevel: 'MINIMAL' }],
    ['none', 'gemini-3.8-flash', { thinkingLevel: 'LOW' }],
    ['minimal', 'gemini-3.1-pro', level('LOW')],
    ['medium', 'gemini-3-pro', level('LOW')],
    ['medium', 'gemini-4-argon', level('MEDIUM')],
    ['max', 'gemini-3.6-flash', level('HIGH')],
    ['high', 'gemini-2.0-flash', undefined],
    ['high', 'gemma-3-27b-it', undefined],
    [null, 'gemini-3-flash', undefined],
  ] as const)('%s by %s', (effort, model, config) => {
    expect(thinkingOf(effort, model)).toEqual(config)
  })

  it('leaves room for an answer', () => {
    expect(thinkingOf('high', 'gemini-2.5-flash', { max_tokens: 1000 })).toEqual(budget(800))
    expect(thinkingOf('low', 'gemini-2.5-pro', { max_tokens: 10 })).toEqual(budget(128))
  })
})

describe('tools', () => {
  const declared = [
    {
      name: 'get_weather',
      description: 'Of a city.',
      parametersJsonSchema: { type: 'object', properties: { city: { type: 'string' } } },
    },
    { name: 'now' },
  ]
  const callingOf = (fields: Partial<ChatCompletionRequest>): unknown => asks({ tools, ...fields }).body['toolConfig']
  const mode = (word: string, ...allowedFunctionNames: string[]) => ({
    functionCallingConfig: { mode: word, ...(allowedFunctionNames.length > 0 && { allowedFunctionNames }) },
  })

  it('are declared together, those without parameters without a schema', () => {
    expect(asks({ tools }).body['tools']).toEqual([{ functionDeclarations: declared }])
    const empty = {
      type: 'function',
      function: { name: 'now', parameters: { type: 'object', properties: {}, required: [] } },
    }
    expect(asks({ tools: [empty] }).body['tools']).toEqual([{ functionDeclarations: [{ name: 'now' }] }])
  })

  it('are chosen between in every form', () => {
    expect(callingOf({})).toBeUndefined()
    expect(callingOf({ tool_choice: 'auto' })).toBeUndefined()
    expect(callingOf({ tool_choice: 'none' })).toEqual(mode('NONE'))
    expect(callingOf({ tool_choice: 'required' })).toEqual(mode('ANY'))
    expect(callingOf({ tool_choice: { type: 'function', function: { name: 'now' } } })).toEqual(mode('ANY', 'now'))
    expect(callingOf({ tools: [], functions: [{ name: 'now' }], function_call: { name: 'now' } })).toEqual(
      mode('ANY', 'now'),
    )
    expect(callingOf({ tools: [], functions: [{ name: 'now' }], function_call: 'none' })).toEqual(mode('NONE'))
  })

  it('are held to their schemas where they are strict and the model can', () => {
    const strict = [{ ...weather, function: { ...weather.function, name: 'get_weather', strict: true } }]
    expect(callingOf({ tools: strict })).toEqual(mode('VALIDATED'))
    expect(callingOf({ tools: strict, tool_choice: 'required' })).toEqual(mode('ANY'))
    expect(asks({ tools: strict }, 'gemini-2.0-flash').lost).toEqual(['tools[].strict'])
  })

  it('are only those that are allowed', () => {
    const allowed = (how: string) => ({
      type: 'allowed_tools',
      allowed_tools: { mode: how, tools: [{ type: 'function', function: { name: 'now' } }] },
    })
    const sent = asks({ tools, tool_choice: allowed('required') }).body
    expect(sent).toMatchObject({ tools: [{ functionDeclarations: [{ name: 'now' }] }], toolConfig: mode('ANY') })
    expect(callingOf({ tool_choice: allowed('auto') })).toBeUndefined()
  })

  it("may be the language's own, in two spellings", () => {
    const own = [{ type: 'google_search', google_search: { excludeDomains: ['a.test'] } }, { type: 'codeExecution' }]
    expect(asks({ tools: [...own, clock] }).body['tools']).toEqual([
      { functionDeclarations: [{ name: 'now' }] },
      { googleSearch: { excludeDomains: ['a.test'] } },
      { codeExecution: {} },
    ])
    expect(refusalOf({ tools: [{ type: 'web_search' }] })).toMatchObject({
      class: 'unsupported_by_target',
      param: 'tools[0]',
    })
  })

  it.each<[string, Partial<ChatCompletionRequest>, string, string]>([
    ['two of one name', { tools: [clock, clock] }, 'unsupported_by_target', 'tools[1].function.name'],
    [
      'a name with a space',
      { tools: [{ type: 'function', function: { name: 'a b' } }] },
      'unsupported_by_target',
      'tools[0].function.name',
    ],
    [
      'a name that begins with a digit',
      { functions: [{ name: '1a' }] },
      'unsupported_by_target',
      'functions[0].function.name',
    ],
    [
      'arguments that are a list',
      { tools: [{ type: 'function', function: { name: 'a', parameters: { type: 'array' } } }] },
      'unsupported_by_target',
      'tools[0].function.parameters',
    ],
    [
      'a choice of none of them',
      { tools, tool_choice: { type: 'function', function: { name: 'gone' } } },
      'invalid_request',
      'tool_choice',
    ],
  ])('are refused: %s', (_name, fields, failureClass, param) => {
    expect(refusalOf(fields)).toMatchObject({ class: failureClass, param })
  })

  it('of the older form have their calls come back in it', () => {
    expect(asks({ functions: [{ name: 'now' }] }).legacyCalls).toBe(true)
    expect(asks({ functions: [{ name: 'now' }], tools }).legacyCalls).toBe(false)
  })
})

describe('the shape of the answer', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } } }
  const json_schema = { name: 'a', schema }

  it('is a matter of the model where no tools are', () => {
    expect(asks({ response_format: { type: 'json_object' } }).config).toEqual({ responseMimeType: 'application/json' })
    expect(asks({ response_format: { type: 'json_schema', json_schema } }).config).toEqual({
      responseMimeType: 'application/json',
      responseJsonSchema: schema,
    })
    expect(asks({ response_format: { type: 'json_schema', json_schema: { name: 'a' } } }).config).toEqual({
      responseMimeType: 'application/json',
    })
    expect(asks({ response_format: { type: 'text' } }).config).toEqual({})
  })

  it('is asked for in words beside tools, where the model takes one of the two', () => {
    const sent = asks({ tools, response_format: { type: 'json_schema', json_schema } })
    expect(sent.config).toEqual({})
    expect(JSON.stringify(sent.body['systemInstruction'])).toContain(
      JSON.stringify(JSON.stringify(schema)).slice(1, -1),
    )
    expect(sent.lost).toEqual(['response_format[json_schema];approximated'])
    expect(asks({ tools, response_format: { type: 'json_object' } }).lost).toEqual([
      'response_format[json_object];approximated',
    ])
    const newer = asks({ tools, response_format: { type: 'json_schema', json_schema } }, 'gemini-3-flash')
    expect([newer.config['responseJsonSchema'], newer.lost]).toEqual([schema, []])
  })
})
