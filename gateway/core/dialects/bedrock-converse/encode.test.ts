import { describe, expect, it } from 'vitest'
import type { ChatCompletionRequest, RequestMessage } from '../../../../schemas/index.ts'
import { encodeRequest, fieldsToEncode } from '../encode-request.ts'
import type { TargetSpec } from '../testing/encode.ts'
import { encoded, targetOf } from '../testing/encode.ts'
import { bedrockConverse } from './index.ts'

const haiku = 'us.anthropic.claude-haiku-4-5-20251001-v1:0'
const opus = 'us.anthropic.claude-opus-4-8'
const llama = 'us.meta.llama3-3-70b-instruct-v1:0'
const mistral = 'mistral.mistral-large-2407-v1:0'
const nova = 'us.amazon.nova-pro-v1:0'
const nova2 = 'us.amazon.nova-2-lite-v1:0'
const titan = 'amazon.titan-text-express-v1'

type Fields = Partial<ChatCompletionRequest>

function send(fields: Fields, spec: TargetSpec = { model: haiku }) {
  const wire = encoded(bedrockConverse, { model: 'm', messages: [user('Hi.')], ...fields }, spec)
  return { ...wire, body: JSON.parse(wire.body) as Record<string, unknown> }
}

function refused(fields: Fields, model = haiku): unknown {
  const request = { model: 'm', messages: [user('Hi.')], ...fields }
  const result = encodeRequest(bedrockConverse, fieldsToEncode(request), targetOf(bedrockConverse, { model }))
  return 'failure' in result ? [result.failure.class, result.failure.param] : null
}

const user = (content: NonNullable<RequestMessage['content']>): RequestMessage => ({ role: 'user', content })
const said = (content: string): RequestMessage => ({ role: 'assistant', content })
const calling = (...ids: string[]): RequestMessage => ({
  role: 'assistant',
  content: null,
  tool_calls: ids.map((id) => ({ id, type: 'function', function: { name: 'f', arguments: '{"a":1}' } })),
})
const result = (id: string, content: string): RequestMessage => ({ role: 'tool', tool_call_id: id, content })
const tool = (name: string) => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: {} } },
})
const spec = (name: string) => ({ toolSpec: { name, inputSchema: { json: { type: 'object', properties: {} } } } })

describe('the conversation', () => {
  it('alternates, begins and ends with the user, and leaves blank texts out', () => {
    const messages = [said('Hello.'), user('a'), user(' '), user('b'), said('c'), said('d')]
    expect(send({ messages }, { model: llama }).body['messages']).toEqual([
      { role: 'user', content: [{ text: 'Begin.' }] },
      { role: 'assistant', content: [{ text: 'Hello.' }] },
      { role: 'user', content: [{ text: 'a' }, { text: 'b' }] },
      { role: 'assistant', content: [{ text: 'c' }, { text: 'd' }] },
      { role: 'user', content: [{ text: 'Continue.' }] },
    ])
  })

  it('lets an answer go on where the model can', () => {
    const messages = [user('a'), said('{ ')]
    expect(send({ messages }, { model: nova }).body['messages']).toEqual([
      { role: 'user', content: [{ text: 'a' }] },
      { role: 'assistant', content: [{ text: '{' }] },
    ])
    expect(send({ messages }, { model: opus }).body['messages']).toHaveLength(3)
  })

  it('has system text at the top, told where it was moved, or first where the model has none', () => {
    const messages = [{ role: 'system', content: 'A.' }, user('a'), { role: 'developer', content: 'B.' }]
    expect(send({ messages })).toMatchObject({
      body: { system: [{ text: 'A.' }, { text: 'B.' }], messages: [{ role: 'user', content: [{ text: 'a' }] }] },
      lost: ['messages[developer];approximated'],
    })
    const { body } = send({ messages }, { model: titan })
    expect(body).not.toHaveProperty('system')
    expect(body['messages']).toEqual([{ role: 'user', content: [{ text: 'A.' }, { text: 'B.' }, { text: 'a' }] }])
  })

  it('has the results of one turn together and first, in any order', () => {
    const messages = [user('a'), calling('x', 'y'), result('y', '2'), user('And?'), result('x', '1')]
    const turns = send({ messages, tools: [tool('f')] }).body['messages']
    expect(turns).toMatchObject([
      {},
      { content: [{ toolUse: { toolUseId: 'x', name: 'f', input: { a: 1 } } }, { toolUse: { toolUseId: 'y' } }] },
      {
        content: [
          { toolResult: { toolUseId: 'y', content: [{ text: '2' }] } },
          { toolResult: { toolUseId: 'x', content: [{ text: '1' }] } },
          { text: 'And?' },
        ],
      },
    ])
  })

  it('parts results from words where the model demands it', () => {
    const messages = [user('a'), calling('x'), result('x', '1'), user('And?')]
    const { body, lost } = send({ messages, tools: [tool('f')] }, { model: llama })
    expect(body['messages']).toMatchObject([
      { role: 'user' },
      { role: 'assistant' },
      { role: 'user', content: [{ toolResult: {} }] },
      { role: 'assistant', content: [{ text: 'Thank you.' }] },
      { role: 'user', content: [{ text: 'And?' }] },
    ])
    expect(lost).toContain('messages[tool];approximated')
  })

  it('has results as JSON where the model demands it, and never an empty one', () => {
    const turns = (content: string, model: string) => {
      const messages = [user('a'), calling('x'), result('x', content)]
      return (send({ messages, tools: [tool('f')] }, { model }).body['messages'] as { content: unknown[] }[])[2]
        ?.content
    }
    expect(turns('{"a":1}', mistral)).toMatchObject([{ toolResult: { content: [{ json: { a: 1 } }] } }])
    expect(turns('12 °C', mistral)).toMatchObject([{ toolResult: { content: [{ json: { result: '12 °C' } }] } }])
    expect(turns(' ', haiku)).toMatchObject([{ toolResult: { content: [{ text: '(no output)' }] } }])
  })

  it('makes ids that are taken there, the same for a call and its result', () => {
    const long = 'x'.repeat(80)
    const messages = [user('a'), calling('functions.f:0', long), result(long, '2'), result('functions.f:0', '1')]
    const [, call, results] = send({ messages, tools: [tool('f')] }).body['messages'] as {
      content: Record<string, { toolUseId: string }>[]
    }[]
    const made = call?.content.map(({ toolUse }) => toolUse?.toolUseId ?? '') ?? []
    for (const id of made) expect(id).toMatch(/^[a-zA-Z0-9_-]{1,64}$/)
    expect(results?.content.map(({ toolResult }) => toolResult?.toolUseId)).toEqual(made.toReversed())
  })

  it('has documents by names of their own, with words beside them', () => {
    const file = (filename: string, file_data: string) => ({ type: 'file', file: { filename, file_data } })
    const pdf = 'data:application/pdf;base64,JVBERi0='
    const parts = [
      file('a/b?.pdf', pdf),
      file('a/b!.pdf', pdf),
      file('n.csv', 'data:text/csv;base64,YSxi'),
      file('c.py', 'data:text/x-python;base64,YQ=='),
    ]
    expect(send({ messages: [user(parts)] }).body['messages']).toEqual([
      {
        role: 'user',
        content: [
          { document: { format: 'pdf', name: 'a b', source: { bytes: 'JVBERi0=' } } },
          { document: { format: 'pdf', name: 'a b 2', source: { bytes: 'JVBERi0=' } } },
          { document: { format: 'csv', name: 'n', source: { bytes: 'YSxi' } } },
          { document: { format: 'txt', name: 'c', source: { bytes: 'YQ==' } } },
          { text: 'See the document.' },
        ],
      },
    ])
  })

  it('has pictures by what their bytes say, sound for the models that hear, and refuses the rest by its place', () => {
    const image = (url: string) => [user([{ type: 'image_url', image_url: { url } }])]
    const png = { image: { format: 'png', source: { bytes: 'iVBORw0KGgo=' } } }
    expect(send({ messages: image('data:image/jpeg;base64,iVBORw0KGgo') }).body['messages']).toMatchObject([
      { content: [png] },
    ])
    expect(refused({ messages: image('data:image/tiff;base64,AAAA') })).toEqual([
      'unsupported_by_target',
      'messages[0].content[0]',
    ])
    expect(refused({ messages: image('https://example.test/a.png') })).toEqual([
      'unsupported_by_target',
      'messages[].content[image_url].url',
    ])
    expect(refused({ messages: image('data:image/png;base64,iVBORw0KGgo=') }, llama)).not.toBeNull()
    const sound = [user([{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }])]
    expect(send({ messages: sound }, { model: 'mistral.voxtral-mini-3b-2507' }).body['messages']).toMatchObject([
      { content: [{ audio: { format: 'wav', source: { bytes: 'AAAA' } } }] },
    ])
    expect(refused({ messages: sound })).toEqual(['unsupported_by_target', 'messages[].content[input_audio]'])
  })

  it('has marks of the cache behind what they mark, four at most and the last ones', () => {
    const mark = { cache_control: { type: 'ephemeral' } }
    const text = (some: string) => ({ type: 'text', text: some, ...mark })
    const messages = [
      { role: 'system', content: [text('S')] },
      user([text('a'), text('b'), { ...text('c'), cache_control: { type: 'ephemeral', ttl: '1h' } }]),
    ]
    const tools = [{ ...tool('f'), ...mark }]
    const point = { cachePoint: { type: 'default' } }
    const { body, lost } = send({ messages, tools })
    expect(body).toMatchObject({
      toolConfig: { tools: [spec('f')] },
      system: [{ text: 'S' }, point],
      messages: [
        { content: [{ text: 'a' }, point, { text: 'b' }, point, { text: 'c' }, { cachePoint: { ttl: '1h' } }] },
      ],
    })
    expect(lost).toEqual(['cache_control;approximated'])
    const outside = send({ tools }, { model: nova })
    expect(outside.body['toolConfig']).toEqual({ tools: [spec('f')] })
    expect(outside.lost).toEqual(['cache_control;approximated'])
    const whole = send({ cache_control: { type: 'ephemeral' } })
    expect(whole.body['messages']).toEqual([{ role: 'user', content: [{ text: 'Hi.' }, point] }])
  })
})

describe('tools', () => {
  const tools = [tool('f'), tool('g')]
  const toolConfig = (fields: Fields, model = haiku) => send({ tools, ...fields }, { model }).body['toolConfig']

  it.each<[string, NonNullable<ChatCompletionRequest['tool_choice']>, unknown]>([
    ['auto', 'auto', undefined],
    ['required', 'required', { any: {} }],
    ['a function', { type: 'function', function: { name: 'g' } }, { tool: { name: 'g' } }],
  ])('are chosen between: %s', (_what, tool_choice, toolChoice) => {
    expect(toolConfig({ tool_choice })).toEqual({
      tools: [spec('f'), spec('g')],
      ...(toolChoice !== undefined && { toolChoice }),
    })
  })

  it('are left out for "none", unless some were called before', () => {
    expect(toolConfig({ tool_choice: 'none' })).toBeUndefined()
    const messages = [user('a'), calling('x'), result('x', '1')]
    const { body, lost } = send({ tools, tool_choice: 'none', messages })
    expect(body).toMatchObject({
      toolConfig: { tools: [{}, {}] },
      system: [{ text: 'Do not call any tool now. Answer in words.' }],
    })
    expect(lost).toEqual(['tool_choice[none];approximated'])
    // The caller has none any more, and the API wants to hear of those that were called.
    expect(send({ messages }).body['toolConfig']).toEqual({ tools: [spec('f')] })
  })

  it('are forced by what the model knows', () => {
    const tool_choice = { type: 'function', function: { name: 'g' } }
    expect(toolConfig({ tool_choice }, mistral)).toEqual({ tools: [spec('g')], toolChoice: { any: {} } })
    const { body, lost } = send({ tools, tool_choice: 'required' }, { model: llama })
    expect(body).toMatchObject({ system: [{ text: 'Answer with a call of at least one of your tools.' }] })
    expect(body['toolConfig']).toEqual({ tools: [spec('f'), spec('g')] })
    expect(lost).toEqual(['tool_choice[required];approximated'])
  })

  it('are called one at a time where the model can be told so', () => {
    const single = (fields: Fields, model = haiku) =>
      send({ tools, parallel_tool_calls: false, ...fields }, { model }).body['additionalModelRequestFields']
    expect(single({})).toEqual({ tool_choice: { type: 'auto', disable_parallel_tool_use: true } })
    expect(single({ tool_choice: 'required' })).toEqual({ tool_choice: { disable_parallel_tool_use: true } })
    expect(single({}, nova)).toBeUndefined()
  })

  it('are refused by names that cannot be, and a choice of none is the caller’s mistake', () => {
    expect(refused({ tools: [tool('a.b')] })).toEqual(['unsupported_by_target', 'tools[0].function.name'])
    expect(refused({ tools: [tool('x'.repeat(65))] })).toEqual(['unsupported_by_target', 'tools[0].function.name'])
    expect(refused({ tools: [tool('f'), tool('f')] })).toEqual(['unsupported_by_target', 'tools[1].function.name'])
    expect(refused({ tools, tool_choice: { type: 'function', function: { name: 'h' } } })).toEqual([
      'invalid_request',
      'tool_choice',
    ])
    expect(refused({ tools }, titan)).toEqual(['unsupported_by_target', 'tools'])
  })

  it('are asked for in one piece where the model cannot stream calls', () => {
    expect(send({ tools, stream: true }, { model: llama })).toMatchObject({
      asWhole: true,
      lost: ['stream;approximated'],
    })
    expect(send({ tools, stream: true })).not.toHaveProperty('asWhole')
    expect(send({ stream: true }, { model: llama })).not.toHaveProperty('asWhole')
    expect(send({ tools }, { model: llama })).not.toHaveProperty('asWhole')
  })

  it('may be strict where the schema allows it', () => {
    const strict = (schema: object) => [
      { type: 'function', function: { name: 'f', strict: true, parameters: { ...schema } } },
    ]
    const closed = {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      additionalProperties: false,
    }
    expect(send({ tools: strict(closed) })).toMatchObject({
      body: { toolConfig: { tools: [{ toolSpec: { strict: true } }] } },
      lost: [],
    })
    const open = send({ tools: strict({ type: 'object', properties: { a: { not: {} } } }) })
    expect(open.lost).toEqual(['tools[].strict;approximated'])
    expect(open.body).not.toHaveProperty('toolConfig.tools.0.toolSpec.strict')
  })
})

describe('an answer of a given shape', () => {
  const schema = {
    type: 'object',
    properties: { name: { type: 'string' } },
    required: ['name'],
    additionalProperties: false,
  }
  const response_format = { type: 'json_schema', json_schema: { name: 'my shape', schema } }

  it('is asked for as such where the model knows it', () => {
    const jsonSchema = { schema: JSON.stringify(schema), name: 'my_shape' }
    expect(send({ response_format }).body['outputConfig']).toEqual({
      textFormat: { type: 'json_schema', structure: { jsonSchema } },
    })
  })

  it('is a tool that must be called, or words', () => {
    const asTool = send({ response_format }, { model: nova })
    expect(asTool).toMatchObject({
      answerTool: 'my_shape',
      body: { toolConfig: { toolChoice: { tool: { name: 'my_shape' } } } },
    })
    const beside = send({ response_format, tools: [tool('my_shape')] }, { model: nova })
    expect(beside).toMatchObject({ answerTool: 'my_shape_2', body: { toolConfig: { toolChoice: { any: {} } } } })
    const inWords = send({ response_format }, { model: llama })
    expect(inWords).not.toHaveProperty('answerTool')
    expect(JSON.stringify(inWords.body['system'])).toContain('It must be valid against this JSON schema')
    for (const { lost } of [asTool, beside, inWords])
      expect(lost).toEqual(['response_format[json_schema];approximated'])
    const anyJson = send({ response_format: { type: 'json_object' } })
    expect(JSON.stringify(anyJson.body['system'])).toContain('one JSON object and nothing else')
  })
})

describe('reasoning and limits', () => {
  const additional = (fields: Fields, model = haiku) => send(fields, { model }).body['additionalModelRequestFields']

  it('are asked for in the manner of each maker', () => {
    expect(additional({ reasoning_effort: 'low' })).toEqual({ thinking: { type: 'enabled', budget_tokens: 2048 } })
    const adaptive = send({ reasoning_effort: 'high' }, { model: opus }).body
    expect(adaptive).toMatchObject({
      outputConfig: { effort: 'high' },
      additionalModelRequestFields: { thinking: { type: 'adaptive' } },
    })
    expect(additional({ reasoning_effort: 'minimal' }, nova2)).toEqual({
      reasoningConfig: { type: 'enabled', maxReasoningEffort: 'low' },
    })
    expect(additional({ reasoning_effort: 'high', max_tokens: 100 }, nova2)).toMatchObject({
      reasoningConfig: { maxReasoningEffort: 'medium' },
    })
    expect(additional({ reasoning_effort: 'none' }, nova2)).toBeUndefined()
    expect(additional({ reasoning_effort: 'xhigh' }, 'openai.gpt-oss-20b-1:0')).toEqual({ reasoning_effort: 'high' })
    expect(additional({ reasoning_effort: 'minimal' }, 'openai.gpt-6-sol')).toEqual({ reasoning: { effort: 'low' } })
    expect(additional({ reasoning_effort: 'high' }, llama)).toBeUndefined()
  })

  it('has a limit above the budget, and no forced tool beside it', () => {
    expect(send({ reasoning_effort: 'low' }).body['inferenceConfig']).toEqual({ maxTokens: 64_000 })
    expect(send({ reasoning_effort: 'high', max_tokens: 10_000 }).body).toMatchObject({
      inferenceConfig: { maxTokens: 10_000 },
      additionalModelRequestFields: { thinking: { budget_tokens: 8000 } },
    })
    expect(additional({ reasoning_effort: 'low', tools: [tool('f')], tool_choice: 'required' })).toBeUndefined()
  })

  it('puts every parameter where it is known', () => {
    const sampling = { temperature: 1.5, top_p: 0.9, top_k: 5, stop: ['END', ' '], max_tokens: 100_000 }
    expect(send(sampling, { model: nova2, maxOutputTokens: 5000 }).body).toMatchObject({
      inferenceConfig: { maxTokens: 5000, temperature: 1, topP: 0.9, stopSequences: ['END'] },
      additionalModelRequestFields: { inferenceConfig: { topK: 5 } },
    })
    expect(additional({ top_k: 5 })).toEqual({ top_k: 5 })
    expect(additional({ top_k: 5 }, 'cohere.command-r-v1:0')).toEqual({ k: 5 })
    expect(send({ max_tokens: 100_000 }).body['inferenceConfig']).toEqual({ maxTokens: 64_000 })
    expect(send({}).body).not.toHaveProperty('inferenceConfig')
  })

  it('says so where a thought of another or a wish of another cannot be carried', () => {
    const thought = {
      ...said('b'),
      reasoning_content: 'Hm.',
      reasoning_details: [{ type: 'reasoning.text', text: 'Hm.', format: 'google-gemini-v1' }],
    }
    const messages = [user('a'), thought, user('c')]
    expect(send({ messages }).lost).toEqual(['messages[].reasoning_content', 'messages[].reasoning_details'])
    expect(send({ thinking: { type: 'enabled', budget_tokens: 2000 } }, { model: nova }).lost).toEqual(['thinking'])
  })

  it('carries metadata and the tier', () => {
    const metadata = { team: 'shop', note: 'naïve', long: 'x'.repeat(257) }
    expect(send({ metadata, service_tier: 'flex' })).toMatchObject({
      body: { requestMetadata: { team: 'shop' }, serviceTier: { type: 'flex' } },
      lost: ['metadata;approximated'],
    })
    expect(send({ service_tier: 'scale' }).lost).toEqual(['service_tier'])
  })
})
