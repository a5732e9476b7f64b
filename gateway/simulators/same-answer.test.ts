/** The same conversation gets the same answer on every wire, so that a test can compare providers. */
import Anthropic from '@anthropic-ai/sdk'
import { Ollama } from 'ollama'
import OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Behaviour, ScriptedReply } from './behaviour.ts'
import { healthy } from './behaviour.ts'
import type { Simulator } from './simulator.ts'
import { startSimulator } from './simulator.ts'
import { askBedrock } from './testing/ask-bedrock.ts'
import { askGemini } from './testing/ask-gemini.ts'
import type { Answered, Asked } from './testing/asked.ts'
import { schemaOf } from './testing/asked.ts'

let openai: Simulator
let anthropic: Simulator
let ollama: Simulator
let gemini: Simulator
let bedrock: Simulator
const all = () => [openai, anthropic, ollama, gemini, bedrock]
beforeAll(async () => {
  // DeepSeek's manner, for OpenAI's own never shows what it thought.
  openai = await startSimulator({ name: 'openai', style: 'deepseek', seed: 7 })
  anthropic = await startSimulator({ name: 'anthropic', wire: 'anthropic-messages', seed: 7 })
  ollama = await startSimulator({ name: 'ollama', wire: 'ollama-chat', seed: 7 })
  gemini = await startSimulator({ name: 'gemini', wire: 'gemini-generate-content', seed: 7 })
  bedrock = await startSimulator({ name: 'bedrock', wire: 'bedrock-converse', seed: 7 })
})
afterAll(() => Promise.all(all().map((simulator) => simulator.close())))

const callId = (index: number) => `call_${index}`
const roleOf = (index: number) => (index % 2 === 0 ? 'user' : 'assistant')

async function askOpenai(asked: Asked): Promise<Answered> {
  const client = new OpenAI({ apiKey: 'any', baseURL: openai.baseUrl, maxRetries: 0 })
  const { tools = [], results = [], image, schema } = asked
  const said = asked.said.map((text, index): OpenAI.ChatCompletionMessageParam => {
    if (image === undefined || index < asked.said.length - 1) return { role: roleOf(index), content: text }
    const url = `data:image/png;base64,${image}`
    return {
      role: 'user',
      content: [
        { type: 'text', text },
        { type: 'image_url', image_url: { url } },
      ],
    }
  })
  const calls = results.map((_, index) => ({
    id: callId(index),
    type: 'function' as const,
    function: { name: tools[index]?.name ?? '', arguments: '{}' },
  }))
  const loop: OpenAI.ChatCompletionMessageParam[] =
    results.length === 0
      ? []
      : [
          { role: 'assistant', content: null, tool_calls: calls },
          ...results.map((content, index) => ({ role: 'tool' as const, tool_call_id: callId(index), content })),
        ]
  const completion = await client.chat.completions.create({
    model: 'm',
    messages: [
      ...(asked.system === undefined ? [] : [{ role: 'system' as const, content: asked.system }]),
      ...said,
      ...loop,
    ],
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(
            (tool) => ({ type: 'function', function: { name: tool.name, parameters: { ...tool.schema } } }) as const,
          ),
        }),
    ...(schema === undefined
      ? {}
      : { response_format: { type: 'json_schema', json_schema: { name: 's', schema: { ...schema } } } as const }),
    ...(asked.maxTokens === undefined ? {} : { max_completion_tokens: asked.maxTokens }),
    ...(asked.stop === undefined ? {} : { stop: asked.stop }),
    ...(asked.thinks === true ? { reasoning_effort: 'low' as const } : {}),
  })
  return readCompletion(completion)
}

function readCompletion(completion: OpenAI.ChatCompletion): Answered {
  const [choice] = completion.choices
  const message = choice?.message
  const reasoning = message !== undefined && 'reasoning_content' in message ? String(message.reasoning_content) : ''
  return {
    text: message?.content ?? '',
    reasoning,
    calls: (message?.tool_calls ?? []).map((call) => {
      if (!('function' in call)) throw new Error('not a function')
      return { name: call.function.name, given: JSON.parse(call.function.arguments) }
    }),
    ended: choice?.finish_reason === 'length' ? 'length' : 'stop',
    outputTokens: completion.usage?.completion_tokens ?? 0,
  }
}

async function askAnthropic(asked: Asked): Promise<Answered> {
  const client = new Anthropic({ apiKey: 'any', baseURL: anthropic.baseUrl, maxRetries: 0 })
  const { tools = [], results = [], image, schema } = asked
  const said = asked.said.map((text, index): Anthropic.MessageParam => {
    if (image === undefined || index < asked.said.length - 1) return { role: roleOf(index), content: text }
    const source = { type: 'base64', media_type: 'image/png', data: image } as const
    return {
      role: 'user',
      content: [
        { type: 'text', text },
        { type: 'image', source },
      ],
    }
  })
  const loop: Anthropic.MessageParam[] =
    results.length === 0
      ? []
      : [
          {
            role: 'assistant',
            content: results.map((_, index) => ({
              type: 'tool_use',
              id: callId(index),
              name: tools[index]?.name ?? '',
              input: {},
            })),
          },
          {
            role: 'user',
            content: results.map((content, index) => ({ type: 'tool_result', tool_use_id: callId(index), content })),
          },
        ]
  const message = await client.messages.create({
    model: 'm',
    max_tokens: asked.maxTokens ?? 8_000,
    messages: [...said, ...loop],
    ...(asked.system === undefined ? {} : { system: asked.system }),
    ...(tools.length === 0
      ? {}
      : { tools: tools.map(({ name, schema: input }) => ({ name, input_schema: { ...input } })) }),
    ...(schema === undefined ? {} : { output_config: { format: { type: 'json_schema', schema: { ...schema } } } }),
    ...(asked.stop === undefined ? {} : { stop_sequences: [asked.stop] }),
    ...(asked.thinks === true ? { thinking: { type: 'enabled', budget_tokens: 1_024 } } : {}),
  })
  return {
    text: message.content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    reasoning: message.content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''),
    calls: message.content.flatMap((block) =>
      block.type === 'tool_use' ? [{ name: block.name, given: block.input }] : [],
    ),
    ended: message.stop_reason === 'max_tokens' ? 'length' : 'stop',
    outputTokens: message.usage.output_tokens,
  }
}

async function askOllama(asked: Asked): Promise<Answered> {
  const client = new Ollama({ host: ollama.baseUrl })
  const { tools = [], results = [], image, schema } = asked
  const said = asked.said.map((content, index) => ({
    role: roleOf(index),
    content,
    ...(image === undefined || index < asked.said.length - 1 ? {} : { images: [image] }),
  }))
  const calls = results.map((_, index) => ({ function: { name: tools[index]?.name ?? '', arguments: {} } }))
  const loop =
    results.length === 0
      ? []
      : [
          { role: 'assistant', content: '', tool_calls: calls },
          ...results.map((content) => ({ role: 'tool', content })),
        ]
  const answer = await client.chat({
    model: 'm',
    messages: [...(asked.system === undefined ? [] : [{ role: 'system', content: asked.system }]), ...said, ...loop],
    tools: tools.map(({ name, schema: given }) => ({ type: 'function', function: { name, parameters: { ...given } } })),
    ...(schema === undefined ? {} : { format: schema }),
    options: {
      ...(asked.maxTokens === undefined ? {} : { num_predict: asked.maxTokens }),
      ...(asked.stop === undefined ? {} : { stop: [asked.stop] }),
    },
    ...(asked.thinks === true ? { think: true } : {}),
  })
  return {
    text: answer.message.content,
    reasoning: answer.message.thinking ?? '',
    calls: (answer.message.tool_calls ?? []).map((call) => ({
      name: call.function.name,
      given: call.function.arguments,
    })),
    ended: answer.done_reason === 'length' ? 'length' : 'stop',
    outputTokens: answer.eval_count,
  }
}

/** Every wire's answer, in one order. */
const askAll = (asked: Asked): Promise<Answered[]> =>
  Promise.all([
    askOpenai(asked),
    askAnthropic(asked),
    askOllama(asked),
    askGemini(gemini.baseUrl, asked),
    askBedrock(bedrock.baseUrl, asked),
  ])

const tools = [
  { name: 'get_weather', schema: schemaOf('city') },
  { name: 'get_time', schema: schemaOf() },
]

interface Case {
  readonly name: string
  readonly asked: Asked
  readonly expected: RegExp
  readonly behaviour?: Partial<Behaviour>
}

const results = ['sunny', 'noon']
const cases: readonly Case[] = [
  { name: 'text', asked: { said: ['Hello.'] }, expected: /"text":"[A-Z]/ },
  {
    name: 'a system prompt and several turns',
    asked: { system: 'Be brief.', said: ['Hello.', 'Hi.', 'And?'] },
    expected: /"ended":"stop"/,
  },
  { name: 'a long answer', asked: { said: ['More.'] }, expected: /"outputTokens":300/, behaviour: { chunks: 300 } },
  { name: 'one call', asked: { said: ['Use get_weather.'], tools }, expected: /"get_weather","given":\{"city":"\w/ },
  { name: 'no arguments', asked: { said: ['Use get_time.'], tools }, expected: /"name":"get_time","given":\{\}/ },
  {
    name: 'parallel calls',
    asked: { said: ['Use get_weather and get_time.'], tools },
    expected: /get_weather.*get_time/,
  },
  {
    name: 'the results of calls',
    asked: { said: ['Use get_weather and get_time.'], tools, results },
    expected: /The tool says: noon/,
  },
  {
    name: 'a schema',
    asked: { said: ['Who?'], schema: schemaOf('name', 'city') },
    expected: /"text":"\{\\"name\\":\\"\w+\\",\\"city\\":/,
  },
  { name: 'reasoning', asked: { said: ['Think.'], thinks: true }, expected: /"reasoning":"[A-Z]/ },
  {
    name: 'reasoning before a call',
    asked: { said: ['Use get_weather.'], tools, thinks: true },
    expected: /"reasoning":"[A-Z].*get_weather/,
  },
  { name: 'a length stop', asked: { said: ['Hello.'], maxTokens: 5 }, expected: /"ended":"length","outputTokens":5/ },
  {
    name: 'a stop sequence',
    asked: { said: ['Hello.'], stop: 'END' },
    expected: /"text":"one "/,
    behaviour: { reply: { text: 'one END two' } },
  },
  { name: 'a picture', asked: { said: ['Look.'], image: 'iVBORw0KGgo=' }, expected: /I see 1 image\./ },
]

test.each(cases)('$name', async ({ asked, expected, behaviour = {} }) => {
  await Promise.all(all().map((simulator) => simulator.behave({ ...healthy, ...behaviour })))
  const [first, ...others] = await askAll(asked)
  expect(JSON.stringify(first)).toMatch(expected)
  for (const other of others) expect(other).toEqual(first)
})

test('a script is followed on every wire', async () => {
  const reply: ScriptedReply = {
    text: 'Let me see.',
    toolCalls: [{ name: 'get_weather', arguments: '{"city":"Oslo"}' }],
    usage: { promptTokens: 9, completionTokens: 4 },
  }
  await Promise.all(all().map((simulator) => simulator.behave({ ...healthy, reply })))
  const asked = { said: ['Anything.'], tools }
  const answers = await askAll(asked)
  const calls = [{ name: 'get_weather', given: { city: 'Oslo' } }]
  for (const answer of answers) {
    expect(answer).toEqual({ text: 'Let me see.', reasoning: '', calls, ended: 'stop', outputTokens: 4 })
  }
})
