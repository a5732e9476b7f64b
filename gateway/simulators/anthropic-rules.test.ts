/** What Anthropic's API would refuse is refused, so that a gateway which encodes nonsense is told so. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Simulator } from './simulator.ts'
import { startSimulator } from './simulator.ts'

let simulator: Simulator
let other: Simulator
beforeAll(async () => {
  simulator = await startSimulator({ name: 'anthropic', wire: 'anthropic-messages' })
  other = await startSimulator({ name: 'other', wire: 'anthropic-messages', seed: 2 })
})
afterAll(async () => {
  await simulator.close()
  await other.close()
})

type Json = Readonly<Record<string, unknown>>

interface Answered {
  readonly status: number
  readonly message: string
  readonly content: readonly Json[]
}

async function ask(more: Json, headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
  const request = { model: 'claude-haiku-4-5', max_tokens: 4_000, messages: [user('Hello.')], ...more }
  const response = await fetch(`${simulator.url}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'k', 'anthropic-version': '2023-06-01', ...headers },
    body: JSON.stringify(Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined))),
  })
  const body: unknown = await response.json()
  if (!isJson(body)) throw new Error('the answer is no object')
  const error = isJson(body['error']) ? body['error'] : {}
  const content = Array.isArray(body['content']) ? body['content'].filter(isJson) : []
  return { status: response.status, message: String(error['message']), content }
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const user = (content: unknown): Json => ({ role: 'user', content })
const assistant = (content: unknown): Json => ({ role: 'assistant', content })
const call = (id: string, more: Json = {}): Json => ({ type: 'tool_use', id, name: 'f', input: {}, ...more })
const result = (id: string, more: Json = {}): Json => ({ type: 'tool_result', tool_use_id: id, content: 'r', ...more })
const text = (words: string): Json => ({ type: 'text', text: words })
const image = (source: Json): Json => user([{ type: 'image', source }])
const tool: Json = { name: 'f', input_schema: { type: 'object' } }
const thinking = { type: 'enabled', budget_tokens: 1_024 }
const format = (schema: Json) => ({ output_config: { format: { type: 'json_schema', schema } } })
const closed = (properties: Json) => ({ type: 'object', properties, additionalProperties: false })

describe('shape', () => {
  test.each<[string, Json, string]>([
    ['no max_tokens', { max_tokens: undefined }, 'max_tokens: Field required'],
    ['no model', { model: undefined }, 'model: Field required'],
    ['no messages', { messages: undefined }, 'messages: Field required'],
    ['OpenAI’s stop', { stop: ['x'] }, 'stop: Extra inputs are not permitted'],
    [
      'OpenAI’s name on a message',
      { messages: [{ ...user('x'), name: 'n' }] },
      'messages.0.name: Extra inputs are not permitted',
    ],
    [
      'a role of OpenAI’s',
      { messages: [{ role: 'tool', content: 'x' }] },
      "messages.0.role: Input should be 'user', 'assistant' or 'system'",
    ],
    ['content null', { messages: [user(null)] }, 'messages.0.content: Input should be a valid list'],
    [
      'an unknown block',
      { messages: [user([{ type: 'image_url' }])] },
      "messages.0.content.0: Input tag 'image_url' found using 'type'",
    ],
    [
      'an index on a call',
      { messages: [user('x'), assistant([call('a', { index: 0 })])] },
      'messages.1.content.0.tool_use.index: Extra inputs',
    ],
    [
      'arguments as text',
      { messages: [user('x'), assistant([call('a', { input: '{}' })])] },
      'tool_use.input: Input should be a valid dictionary',
    ],
    [
      'an odd call id',
      { messages: [user('x'), assistant([call('a.b')])] },
      "tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'",
    ],
    ['a temperature of OpenAI’s range', { temperature: 1.5 }, 'temperature: Input should be less than or equal to 1'],
    ['max_tokens as text', { max_tokens: '100' }, 'max_tokens: Input should be a valid integer'],
    ['metadata of OpenAI’s', { metadata: { team: 'x' } }, 'metadata.team: Extra inputs are not permitted'],
    ['service tier of OpenAI’s', { service_tier: 'flex' }, "service_tier: Input should be 'auto' or 'standard_only'"],
    [
      'a tool in OpenAI’s form',
      { tools: [{ type: 'function', function: { name: 'f' } }] },
      'tools.0.custom.name: Field required',
    ],
    [
      'a schema without type',
      { tools: [{ name: 'f', input_schema: {} }] },
      'tools.0.custom.input_schema.type: Field required',
    ],
    [
      'a choice at the top',
      { tools: [{ name: 'f', input_schema: { type: 'object', anyOf: [] } }] },
      'does not support oneOf, allOf, or anyOf',
    ],
    [
      'a tool name with a dot',
      { tools: [{ ...tool, name: 'a.b' }] },
      'tools.0.custom.name: String should match pattern',
    ],
    ['tool_choice as text', { tools: [tool], tool_choice: 'auto' }, 'tool_choice: Input should be a valid dictionary'],
    [
      'a choice without name',
      { tools: [tool], tool_choice: { type: 'tool' } },
      'tool_choice.tool.name: Field required',
    ],
    [
      'a small budget',
      { thinking: { type: 'enabled', budget_tokens: 100 } },
      'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024',
    ],
    [
      'a budget where there is none',
      { thinking: { type: 'adaptive', budget_tokens: 2_000 } },
      'thinking.adaptive.budget_tokens: Extra inputs',
    ],
    [
      'a data URL as base64',
      { messages: [image({ type: 'base64', media_type: 'image/png', data: 'data:image/png;base64,AAAA' })] },
      'Invalid base64 data',
    ],
    [
      'an odd media type',
      { messages: [image({ type: 'base64', media_type: 'image/bmp', data: 'AAAA' })] },
      "base64.media_type: Input should be 'image/png'",
    ],
    [
      'another picture than it says',
      { messages: [image({ type: 'base64', media_type: 'image/png', data: '/9j/AAAA' })] },
      'appears to be a image/jpeg image',
    ],
    [
      'a picture over http',
      { messages: [image({ type: 'url', url: 'http://x.y/z' })] },
      'Only HTTPS URLs are supported',
    ],
    [
      'output_format without its beta',
      { output_format: { type: 'json_schema', schema: closed({}) } },
      'output_format: Extra inputs',
    ],
  ])('%s', async (_, more, message) => {
    expect(await ask(more)).toMatchObject({ status: 400, message: expect.stringContaining(message) })
  })
})

describe('what goes with what', () => {
  test.each<[string, Json, string]>([
    ['more tokens than the model gives', { max_tokens: 100_000 }, 'max_tokens: 100000 > 64000'],
    [
      'a budget beyond max_tokens',
      { thinking: { type: 'enabled', budget_tokens: 4_000 } },
      '`max_tokens` must be greater than `thinking.budget_tokens`',
    ],
    ['temperature and top_p', { temperature: 0.5, top_p: 0.5 }, '`temperature` and `top_p` cannot both be specified'],
    ['temperature while thinking', { thinking, temperature: 0.5 }, '`temperature` may only be set to 1'],
    ['top_p while thinking', { thinking, top_p: 0.5 }, '`top_p` must be greater than or equal to 0.95'],
    ['top_k while thinking', { thinking, top_k: 5 }, '`top_k` must be unset'],
    [
      'a forced call while thinking',
      { thinking, tools: [tool], tool_choice: { type: 'any' } },
      'Thinking may not be enabled when tool_choice forces tool use.',
    ],
    [
      'tool_choice without tools',
      { tool_choice: { type: 'auto' } },
      'tool_choice may only be specified while providing tools',
    ],
    ['a tool that is not there', { tools: [tool], tool_choice: { type: 'tool', name: 'g' } }, "Tool 'g' not found"],
    ['two tools of a name', { tools: [tool, tool] }, 'tools: Tool names must be unique.'],
    [
      'an argument with a name of its own kind',
      { tools: [{ name: 'f', input_schema: { type: 'object', properties: { 'filter[id]': {} } } }] },
      "tools.0.custom.input_schema.properties: Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'",
    ],
    [
      'adaptive thinking, too new',
      { thinking: { type: 'adaptive' } },
      'adaptive thinking is not supported on this model',
    ],
    ['thinking, too old', { model: 'claude-3-5-haiku-20241022', thinking }, 'does not support thinking'],
    [
      'manual thinking, too old',
      { model: 'claude-opus-5', thinking },
      '"thinking.type.enabled" is not supported for this model',
    ],
    [
      'temperature, too old',
      { model: 'claude-opus-4-8', temperature: 0.5 },
      '`temperature` is deprecated for this model.',
    ],
    ['effort', { output_config: { effort: 'low' } }, 'does not support the effort parameter'],
    ['blank stop sequences', { stop_sequences: ['\n'] }, 'each stop sequence must contain non-whitespace'],
    [
      'an open object',
      format({ type: 'object', properties: {} }),
      "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false",
    ],
    [
      'bounds',
      format(closed({ age: { type: 'integer', minimum: 1, maximum: 9 } })),
      "For 'integer' type, properties maximum, minimum are not supported",
    ],
    [
      'lengths',
      format(closed({ a: { type: 'array', items: { type: 'string', minLength: 2 } } })),
      "For 'string' type, property 'minLength' is not supported",
    ],
    [
      'counts',
      format(closed({ a: { type: 'array', minItems: 3 } })),
      "For 'array' type, 'minItems' values other than 0 or 1",
    ],
    [
      'a strict tool with bounds',
      { tools: [{ name: 'f', strict: true, input_schema: closed({ a: { type: 'number', minimum: 1 } }) }] },
      "property 'minimum' is not supported",
    ],
    ['an empty system', { system: [text('')] }, 'system: text content blocks must be non-empty'],
    [
      'five cache marks',
      { system: Array.from({ length: 5 }, () => ({ ...text('x'), cache_control: { type: 'ephemeral' } })) },
      'A maximum of 4 blocks with cache_control may be provided. Found 5.',
    ],
  ])('%s', async (_, more, message) => {
    expect(await ask(more)).toMatchObject({ status: 400, message: expect.stringContaining(message) })
  })

  test.each<[string, Json]>([
    [
      'defaults where only defaults are taken',
      { model: 'claude-opus-5', temperature: 1, thinking: { type: 'adaptive' } },
    ],
    ['effort where there is some', { model: 'claude-sonnet-4-6', output_config: { effort: 'high' } }],
    ['a name nobody knows counts as 4.5', { model: 'some-model', temperature: 0.2, thinking: { type: 'disabled' } }],
    ['a tool of the vendor’s own', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
    ['a tool choice of none', { tools: [tool], tool_choice: { type: 'none' } }],
    [
      'a tool choice beside tools of the vendor’s alone',
      { tools: [{ type: 'web_search_20250305', name: 'web_search' }], tool_choice: { type: 'auto' } },
    ],
    [
      'a forced call with adaptive thinking',
      { model: 'claude-opus-4-8', thinking: { type: 'adaptive' }, tools: [tool], tool_choice: { type: 'any' } },
    ],
    [
      'an argument of any name, inside another',
      {
        tools: [
          {
            name: 'f',
            input_schema: { type: 'object', properties: { a: { type: 'object', properties: { $b: {} } } } },
          },
        ],
      },
    ],
  ])('taken: %s', async (_, more) => {
    expect(await ask(more)).toMatchObject({ status: 200 })
  })

  test('the newer version of the API has no sampling parameters at all', async () => {
    const newer = { 'anthropic-version': '2026-10-21' }
    expect(await ask({}, newer)).toMatchObject({ status: 200 })
    for (const more of [{ temperature: 1 }, { top_p: 1 }, { top_k: 1 }]) {
      const message = `${Object.keys(more).join('')}: Extra inputs are not permitted`
      expect(await ask(more, newer)).toMatchObject({ status: 400, message })
      expect(await ask(more)).toMatchObject({ status: 200 })
    }
    const document = { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'x' } }
    const inAssistant = { messages: [user('x'), assistant([document, text('y')]), user('z')] }
    const cited = { messages: [user([{ ...text('x'), citations: [{ type: 'char_location' }] }])] }
    for (const more of [inAssistant, cited]) {
      expect(await ask(more, newer)).toMatchObject({ status: 400 })
      expect(await ask(more)).toMatchObject({ status: 200 })
    }
  })
})

describe('the conversation', () => {
  const pair = [user('x'), assistant([call('a')]), user([result('a')])]
  test.each<[string, readonly Json[], string]>([
    ['nothing', [], 'messages: at least one message is required'],
    ['the assistant begins', [assistant('x')], 'messages: first message must use the "user" role'],
    [
      'system among the messages',
      [user('x'), { role: 'system', content: 'y' }],
      "role 'system' is not supported on this model",
    ],
    ['an empty message', [user('')], 'messages.0: all messages must have non-empty content'],
    ['an empty text', [user([text('')])], 'messages: text content blocks must be non-empty'],
    ['a blank text', [user(' \n')], 'messages: text content blocks must contain non-whitespace text'],
    [
      'an empty text in a result',
      [user('x'), assistant([call('a')]), user([result('a', { content: [text('')] })])],
      'text content blocks must be non-empty',
    ],
    [
      'a prefill that ends in a blank',
      [user('x'), assistant('y ')],
      'final assistant content cannot end with trailing whitespace',
    ],
    ['a call of the user’s', [user([call('a')])], '`tool_use` blocks can only be in `assistant` messages'],
    [
      'a result of the assistant’s',
      [...pair, assistant([result('a')])],
      '`tool_result` blocks can only be in `user` messages',
    ],
    [
      'a call without result',
      [user('x'), assistant([call('a')]), user('y')],
      'messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: a.',
    ],
    ['a call at the end', [user('x'), assistant([call('a')])], 'without `tool_result` blocks immediately after: a.'],
    [
      'one of two results',
      [user('x'), assistant([call('a'), call('b')]), user([result('a')])],
      'immediately after: b.',
    ],
    [
      'results in two messages',
      [user('x'), assistant([call('a'), call('b')]), user([result('a')]), user([result('b')])],
      'immediately after: b.',
    ],
    [
      'text before the result',
      [user('x'), assistant([call('a')]), user([text('y'), result('a')])],
      'immediately after: a.',
    ],
    [
      'a result nobody asked for',
      [user([result('z')])],
      'messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: z.',
    ],
    [
      'a result twice',
      [user('x'), assistant([call('a')]), user([result('a'), result('a')])],
      'each `tool_use` must have a single result',
    ],
    ['an id twice', [...pair, assistant([call('a')]), user([result('a')])], 'messages: `tool_use` ids must be unique'],
  ])('%s', async (_, messages, message) => {
    expect(await ask({ messages })).toMatchObject({ status: 400, message: expect.stringContaining(message) })
  })

  test('a prefill ends with the older models; system turns begin with the newer', async () => {
    const messages = [user('x'), assistant('y')]
    expect(await ask({ messages })).toMatchObject({ status: 200 })
    expect(await ask({ messages, model: 'claude-sonnet-4-6' })).toMatchObject({
      status: 400,
      message: 'This model does not support assistant message prefill. The conversation must end with a user message.',
    })
    const guided = [user('x'), { role: 'system', content: 'Be brief.' }]
    expect(await ask({ messages: guided, model: 'claude-opus-4-8' })).toMatchObject({ status: 200 })
    const misplaced = [user('x'), assistant('y'), { role: 'system', content: 'Be brief.' }]
    expect(await ask({ messages: misplaced, model: 'claude-opus-4-8' })).toMatchObject({ status: 400 })
  })

  test('turns of one role may follow each other, as long as no result is split off', async () => {
    expect(await ask({ messages: [user('x'), user('y'), assistant('z'), assistant('w'), user('v')] })).toMatchObject({
      status: 200,
    })
  })

  describe('with thinking', () => {
    const tools = [tool]
    const question = user('Use f.')
    const loop = async () => {
      const { content } = await ask({ thinking, tools, messages: [question] })
      const id = String(content[1]?.['id'])
      return { content, messages: (said: readonly Json[]) => [question, assistant(said), user([result(id)])] }
    }

    test('a tool loop goes on with the thinking it began with', async () => {
      const { content, messages } = await loop()
      expect(content.map((block) => block['type'])).toEqual(['thinking', 'tool_use'])
      expect(await ask({ thinking, tools, messages: messages(content) })).toMatchObject({ status: 200 })
    })

    test('without its thinking it is refused, unless thinking is off or adaptive', async () => {
      const { content, messages } = await loop()
      const bare = messages(content.slice(1))
      expect(await ask({ thinking, tools, messages: bare })).toMatchObject({
        status: 400,
        message: expect.stringContaining(
          'messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`.',
        ),
      })
      expect(await ask({ tools, messages: bare })).toMatchObject({ status: 200 })
      const adaptive = { model: 'claude-opus-5', thinking: { type: 'adaptive' }, tools, messages: bare }
      expect(await ask(adaptive)).toMatchObject({ status: 200 })
    })

    test('once the loop is over, older turns need none', async () => {
      expect(await ask({ thinking, messages: [user('x'), assistant('y'), user('z')] })).toMatchObject({ status: 200 })
    })

    test.each<[string, (block: Json) => Json]>([
      ['another text', (block) => ({ ...block, thinking: `${String(block['thinking'])}!` })],
      ['another signature', (block) => ({ ...block, signature: 'c2lnbmF0dXJl' })],
      ['none', (block) => ({ ...block, signature: '' })],
    ])('a signature is only good for its own text: %s', async (_, change) => {
      const { content, messages } = await loop()
      const said = content.map((block, at) => (at === 0 ? change(block) : block))
      expect(await ask({ thinking, tools, messages: messages(said) })).toMatchObject({
        status: 400,
        message: 'messages.1.content.0: Invalid `signature` in `thinking` block',
      })
    })

    test('a signature of another provider is none', async () => {
      const { content, messages } = await loop()
      const response = await fetch(`${other.url}/v1/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': 'k', 'anthropic-version': '2023-06-01' },
        body: JSON.stringify({ model: 'm', max_tokens: 4_000, thinking, tools, messages: messages(content) }),
      })
      expect(response.status).toBe(400)
      expect(await response.text()).toContain('Invalid `signature`')
    })

    test('encrypted thinking comes back as it was', async () => {
      const reply = { redactedReasoning: 'hidden', text: 'four' }
      await simulator.behave({ next: [{ reply }] })
      const { content } = await ask({ thinking })
      const messages = (said: readonly Json[]) => [user('x'), assistant(said), user('y')]
      expect(await ask({ thinking, messages: messages(content) })).toMatchObject({ status: 200 })
      const forged = [{ ...content[0], data: 'AAAA' }, ...content.slice(1)]
      expect(await ask({ thinking, messages: messages(forged) })).toMatchObject({
        status: 400,
        message: 'messages.1.content.0: Invalid `data` in `redacted_thinking` block',
      })
    })
  })
})

test('other paths and methods are refused in the envelope', async () => {
  for (const [path, status] of [
    ['/v1/none', 404],
    ['/v1/messages', 405],
  ] as const) {
    const response = await fetch(simulator.url + path)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ type: 'error', request_id: expect.stringMatching(/^req_/) })
  }
})
