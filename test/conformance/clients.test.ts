/**
 * The clients that applications really use, in front of a gateway, against each wire language: whatever the provider
 * speaks, they must read the same thing. Each client is used as its own documentation shows.
 */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { HumanMessage, ToolMessage } from '@langchain/core/messages'
import { tool as langChainTool } from '@langchain/core/tools'
import { ChatOpenAI } from '@langchain/openai'
import { Agent, OpenAIChatCompletionsModel, run, setTracingDisabled, tool as agentTool } from '@openai/agents'
import { generateText, stepCountIs, streamText, tool as aiTool } from 'ai'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { RequestPatch } from '../../gateway/simulators/behaviour.ts'
import type { Stage } from './stage.ts'
import { openStage, served } from './stage.ts'

/** One provider of each wire language. */
const all = ['openai', 'anthropic', 'bedrock', 'ollama'] as const
const speakers = all.filter((id) => served.includes(id))

let stage: Stage
beforeAll(async () => {
  setTracingDisabled(true)
  stage = await openStage(speakers, { bedrock: 'us.anthropic.claude-haiku-4-5-20251001-v1:0' })
})
afterAll(async () => {
  await stage.close()
})

const askForTools = 'Use get_weather and get_time.'
const city = z.object({ city: z.string() })

/** What was called, in order of the calls' ends. */
function makeTools() {
  const called: string[] = []
  return {
    called,
    weather: ({ city: where }: { city: string }) => {
      called.push(`get_weather ${typeof where}`)
      return 'sunny'
    },
    time: () => {
      called.push('get_time')
      return 'noon'
    },
  }
}

/** Every client has to pass these; each is told in its own way. */
interface Client {
  readonly name: string
  text(model: string): Promise<string>
  streamedText(model: string): Promise<string>
  /** Runs the tools to the end and gives the last words. */
  toolLoop(model: string, tools: ReturnType<typeof makeTools>): Promise<string>
  streamedToolLoop(model: string, tools: ReturnType<typeof makeTools>): Promise<string>
  /** Why the answer stopped, in the client's own word, when it may have five tokens. */
  lengthStop(model: string): Promise<string | undefined>
  /** The reasoning that the client shows; null for one that has no place for it. */
  reasoning: ((model: string) => Promise<string | undefined>) | null
}

const baseUrl = () => `${stage.running.gateway.url}/v1`

function openaiOf(): OpenAI {
  return new OpenAI({ apiKey: 'sk-caller', baseURL: baseUrl(), maxRetries: 0 })
}

const weatherSchema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }

const openai: Client = {
  name: 'openai',
  text: async (model) => {
    const answer = await openaiOf().chat.completions.create({ model, messages: [{ role: 'user', content: 'Hello.' }] })
    return answer.choices[0]?.message.content ?? ''
  },
  streamedText: async (model) => {
    const stream = openaiOf().chat.completions.stream({ model, messages: [{ role: 'user', content: 'Hello.' }] })
    return (await stream.finalChatCompletion()).choices[0]?.message.content ?? ''
  },
  toolLoop: async (model, tools) => {
    const runner = openaiOf().chat.completions.runTools({ ...openaiTools(tools), model })
    return (await runner.finalContent()) ?? ''
  },
  streamedToolLoop: async (model, tools) => {
    const runner = openaiOf().chat.completions.runTools({ ...openaiTools(tools), model, stream: true })
    return (await runner.finalContent()) ?? ''
  },
  lengthStop: async (model) => {
    const messages = [{ role: 'user' as const, content: 'Hello.' }]
    const answer = await openaiOf().chat.completions.create({ model, messages, max_completion_tokens: 5 })
    return answer.choices[0]?.finish_reason
  },
  reasoning: async (model) => {
    const answer = await openaiOf().chat.completions.create({
      model,
      messages: [{ role: 'user', content: '2+2' }],
      reasoning_effort: 'low',
    })
    const message = answer.choices[0]?.message
    return message !== undefined && 'reasoning_content' in message ? String(message.reasoning_content) : undefined
  },
}

function openaiTools({ weather, time }: ReturnType<typeof makeTools>) {
  return {
    messages: [{ role: 'user' as const, content: askForTools }],
    tools: [
      {
        type: 'function' as const,
        function: { name: 'get_weather', function: weather, parse: city.parse.bind(city), parameters: weatherSchema },
      },
      {
        type: 'function' as const,
        function: { name: 'get_time', function: time, parameters: { type: 'object', properties: {} } },
      },
    ].map(withParse),
  }
}

/** The helper hands over parsed arguments where it is given a parser. */
function withParse(tool: { readonly function: { readonly name: string; parse?: unknown } }): never {
  const parse = (text: string): unknown => JSON.parse(text)
  // The union of tools with different arguments has no common type in the client.
  return { ...tool, function: { ...tool.function, parse } } as never
}

const vercel: Client = {
  name: 'ai with @ai-sdk/openai-compatible',
  text: async (model) => (await generateText({ model: vercelModel(model), prompt: 'Hello.', maxRetries: 0 })).text,
  streamedText: async (model) => {
    const result = streamText({ model: vercelModel(model), prompt: 'Hello.', maxRetries: 0, onError: () => {} })
    let text = ''
    for await (const part of result.fullStream) {
      if (part.type === 'text-delta') text += part.text
      if (part.type === 'error') throw part.error
    }
    return text
  },
  toolLoop: async (model, tools) => {
    const result = await generateText({ ...vercelTools(tools), model: vercelModel(model), maxRetries: 0 })
    return result.text
  },
  streamedToolLoop: async (model, tools) => {
    const result = streamText({ ...vercelTools(tools), model: vercelModel(model), maxRetries: 0 })
    return await result.text
  },
  lengthStop: async (model) => {
    const result = await generateText({ model: vercelModel(model), prompt: 'Hello.', maxOutputTokens: 5 })
    return result.finishReason
  },
  reasoning: async (model) => {
    const result = await generateText({
      model: vercelModel(model),
      prompt: '2+2',
      providerOptions: { aigw: { reasoningEffort: 'low' } },
    })
    return result.reasoningText
  },
}

const vercelModel = (model: string) => createOpenAICompatible({ name: 'aigw', baseURL: baseUrl(), apiKey: 'k' })(model)

function vercelTools({ weather, time }: ReturnType<typeof makeTools>) {
  return {
    prompt: askForTools,
    stopWhen: stepCountIs(3),
    tools: {
      get_weather: aiTool({ inputSchema: city, execute: async (input: { city: string }) => weather(input) }),
      get_time: aiTool({ inputSchema: z.object({}), execute: async () => time() }),
    },
  }
}

const langChain: Client = {
  name: '@langchain/openai',
  text: async (model) => (await langChainModel(model).invoke('Hello.')).text,
  streamedText: async (model) => {
    let text = ''
    for await (const chunk of await langChainModel(model).stream('Hello.')) text += chunk.text
    return text
  },
  toolLoop: (model, tools) => langChainLoop(model, tools, false),
  streamedToolLoop: (model, tools) => langChainLoop(model, tools, true),
  lengthStop: async (model) => {
    const answer = await langChainModel(model, { maxTokens: 5 }).invoke('Hello.')
    return String(answer.response_metadata['finish_reason'])
  },
  reasoning: null,
}

function langChainModel(model: string, more: { readonly maxTokens?: number } = {}): ChatOpenAI {
  return new ChatOpenAI({ model, apiKey: 'k', configuration: { baseURL: baseUrl() }, maxRetries: 0, ...more })
}

async function langChainLoop(model: string, own: ReturnType<typeof makeTools>, streamed: boolean): Promise<string> {
  const byName = {
    get_weather: langChainTool((input: { city: string }) => own.weather(input), { name: 'get_weather', schema: city }),
    get_time: langChainTool(() => own.time(), { name: 'get_time', schema: z.object({}) }),
  }
  const bound = langChainModel(model).bindTools(Object.values(byName))
  const question = new HumanMessage(askForTools)
  let first = null
  if (!streamed) first = await bound.invoke([question])
  else for await (const chunk of await bound.stream([question])) first = first === null ? chunk : first.concat(chunk)
  if (first === null) throw new Error('nothing came')
  const results: ToolMessage[] = []
  for (const call of first.tool_calls ?? []) {
    const asked = { ...call, type: 'tool_call' as const }
    const result: unknown =
      call.name === 'get_weather'
        ? await byName.get_weather.invoke({ ...asked, args: city.parse(call.args) })
        : await byName.get_time.invoke({ ...asked, args: {} })
    if (!(result instanceof ToolMessage)) throw new Error('a tool gave no message')
    results.push(result)
  }
  // The results in the other order: each says whose it is.
  return (await bound.invoke([question, first, ...results.toReversed()])).text
}

const agents: Client = {
  name: '@openai/agents',
  text: async (model) => String((await run(agentOf(model), 'Hello.')).finalOutput),
  streamedText: async (model) => {
    const result = await run(agentOf(model), 'Hello.', { stream: true })
    let text = ''
    for await (const piece of result.toTextStream()) text += piece
    await result.completed
    return text
  },
  toolLoop: async (model, tools) => String((await run(agentOf(model, tools), askForTools)).finalOutput),
  streamedToolLoop: async (model, tools) => {
    const result = await run(agentOf(model, tools), askForTools, { stream: true })
    await result.completed
    return String(result.finalOutput)
  },
  lengthStop: async (model) => {
    const agent = new Agent({ name: 'a', model: agentModel(model), modelSettings: { maxTokens: 5 } })
    const result = await run(agent, 'Hello.')
    // It keeps no finish reason; a text that was cut short says the same.
    return String(result.finalOutput).endsWith('.') ? 'stop' : 'length'
  },
  reasoning: null,
}

const agentModel = (model: string) => new OpenAIChatCompletionsModel(openaiOf(), model)

function agentOf(model: string, tools?: ReturnType<typeof makeTools>): Agent {
  const own = tools ?? makeTools()
  return new Agent({
    name: 'assistant',
    model: agentModel(model),
    tools:
      tools === undefined
        ? []
        : [
            agentTool({
              name: 'get_weather',
              description: 'w',
              parameters: city,
              execute: (input) => own.weather(input),
            }),
            agentTool({ name: 'get_time', description: 't', parameters: z.object({}), execute: () => own.time() }),
          ],
  })
}

const clients = [openai, vercel, langChain, agents]

/** What the simulator of this provider does with the next request. */
async function next(model: string, ...patches: readonly RequestPatch[]): Promise<void> {
  await stage.simulator(model as (typeof speakers)[number]).behave({ next: patches })
}

describe.each(speakers)('%s behind the gateway', (model) => {
  describe.each(clients)('$name', (client) => {
    test('a text, and the same text as a stream', async () => {
      const text = await client.text(model)
      expect(text).toMatch(/^[A-Z].*\.$/)
      expect(await client.streamedText(model)).toBe(text)
    })

    test.each(['toolLoop', 'streamedToolLoop'] as const)('%s: parallel tools, one without arguments', async (loop) => {
      const tools = makeTools()
      const answer = await client[loop](model, tools)
      expect(tools.called.toSorted()).toEqual(['get_time', 'get_weather string'])
      expect(answer).toMatch(/sunny|noon/)
    })

    test('an answer that was cut off for its length', async () => {
      expect(await client.lengthStop(model)).toBe('length')
    })

    test.runIf(client.reasoning !== null)('reasoning', async () => {
      await next(model, { reply: { reasoning: 'let me think', text: 'four' } })
      // OpenAI's own chat API keeps its reasoning to itself.
      expect(await client.reasoning?.(model)).toBe(model === 'openai' ? undefined : 'let me think')
    })

    test('a stream that breaks is an error, never a short answer', async () => {
      await next(model, { chunks: 20, faults: [{ kind: 'cut', after: 3 }] })
      await expect(client.streamedText(model)).rejects.toThrow()
      // And the next one is well.
      expect(await client.streamedText(model)).toMatch(/\.$/)
    })

    test('an error of the provider is one of the client, with its words', async () => {
      await next(model, { faults: [{ kind: 'status', status: 400, message: 'the sky is falling' }] })
      await expect(client.text(model)).rejects.toThrow(/the sky is falling/)
    })
  })
})
