/**
 * What the four clients do beyond a question and a tool: answers of a given shape, forced and single calls, handing over
 * between agents, and hanging up in the middle of a stream. Against one provider of each wire language.
 */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { ChatOpenAI } from '@langchain/openai'
import { Agent, OpenAIChatCompletionsModel, run, setTracingDisabled, tool as agentTool } from '@openai/agents'
import { generateText, Output, streamText, tool as aiTool } from 'ai'
import OpenAI from 'openai'
import { zodResponseFormat } from 'openai/helpers/zod'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { until } from '../support/gateway.ts'
import type { Stage } from './stage.ts'
import { openStage } from './stage.ts'

const speakers = ['openai', 'anthropic', 'bedrock', 'ollama'] as const

let stage: Stage
beforeAll(async () => {
  setTracingDisabled(true)
  stage = await openStage(speakers, { bedrock: 'us.anthropic.claude-haiku-4-5-20251001-v1:0' })
})
afterAll(async () => {
  await stage.close()
})

const person = z.object({ name: z.string(), age: z.int(), tags: z.array(z.string()), note: z.string().nullable() })
const isPerson = { name: expect.any(String) as string, age: expect.any(Number) as number }
const city = z.object({ city: z.string() })
const question = [{ role: 'user' as const, content: 'Use get_weather and get_time.' }]

const baseUrl = () => `${stage.running.gateway.url}/v1`
const client = () => new OpenAI({ apiKey: 'k', baseURL: baseUrl(), maxRetries: 0 })
const vercel = (model: string) =>
  createOpenAICompatible({ name: 'aigw', baseURL: baseUrl(), apiKey: 'k', supportsStructuredOutputs: true })(model)
const langChain = (model: string) =>
  new ChatOpenAI({ model, apiKey: 'k', configuration: { baseURL: baseUrl() }, maxRetries: 0 })
const agentModel = (model: string) => new OpenAIChatCompletionsModel(client(), model)

const functions = ['get_weather', 'get_time'].map((name) => ({
  type: 'function' as const,
  function: { name, parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
}))

describe.each(speakers)('%s behind the gateway', (model) => {
  /** Ollama cannot be told how many calls to make, or that it must make one. */
  const canForce = model !== 'ollama'

  describe('an answer of a given shape', () => {
    test('openai: parse, plain and streamed', async () => {
      const body = { model, messages: question, response_format: zodResponseFormat(person, 'person') }
      const plain = await client().chat.completions.parse(body)
      expect(plain.choices[0]?.message.parsed).toMatchObject(isPerson)
      const streamed = await client().chat.completions.stream(body).finalChatCompletion()
      expect(streamed.choices[0]?.message.parsed).toEqual(plain.choices[0]?.message.parsed)
    })

    test('ai: Output.object, plain and streamed', async () => {
      const asked = { model: vercel(model), output: Output.object({ schema: person }), prompt: 'Who?', maxRetries: 0 }
      const { output } = await generateText(asked)
      expect(output).toMatchObject(isPerson)
      const streamed = streamText(asked)
      let pieces = 0
      for await (const _piece of streamed.partialOutputStream) pieces += 1
      expect(await streamed.output).toEqual(output)
      expect(pieces).toBeGreaterThan(1)
    })

    test('@langchain/openai: withStructuredOutput, by schema and by a function', async () => {
      const bySchema = langChain(model).withStructuredOutput(person, { name: 'person', method: 'jsonSchema' })
      expect(await bySchema.invoke('Who?')).toMatchObject(isPerson)
      const byFunction = langChain(model).withStructuredOutput(person, { name: 'person', method: 'functionCalling' })
      // It has to be asked in words where it cannot be forced.
      expect(await byFunction.invoke('Use person.')).toMatchObject(isPerson)
    })

    test('@openai/agents: outputType', async () => {
      const agent = new Agent({ name: 'clerk', model: agentModel(model), outputType: person })
      expect((await run(agent, 'Who?')).finalOutput).toMatchObject(isPerson)
      const streamed = await run(agent, 'Who?', { stream: true })
      await streamed.completed
      expect(streamed.finalOutput).toMatchObject(isPerson)
    })
  })

  describe('calls', () => {
    test('one at a time', async () => {
      const { choices } = await client().chat.completions.create({
        model,
        messages: question,
        tools: functions,
        parallel_tool_calls: false,
      })
      expect(choices[0]?.message.tool_calls).toHaveLength(canForce ? 1 : 2)
    })

    test.runIf(canForce)('demanded, or of one tool', async () => {
      const tools = {
        get_weather: aiTool({ inputSchema: city, execute: async () => 'sunny' }),
        get_time: aiTool({ inputSchema: city, execute: async () => 'noon' }),
      }
      const asked = { model: vercel(model), prompt: 'Hello.', tools, maxRetries: 0 }
      const required = await generateText({ ...asked, toolChoice: 'required' })
      expect(required.toolCalls).not.toEqual([])
      expect(required.finishReason).toBe('tool-calls')
      const named = streamText({ ...asked, toolChoice: { type: 'tool', toolName: 'get_time' } })
      expect((await named.toolCalls).map(({ toolName }) => toolName)).toEqual(['get_time'])
    })

    test('none, though there are tools', async () => {
      const bound = langChain(model).bindTools(functions, { tool_choice: 'none' })
      const answer = await bound.invoke('Use get_weather.')
      expect(answer.tool_calls).toEqual([])
      expect(answer.text).toMatch(/\.$/)
    })

    test('that hand over to another agent, who answers', async () => {
      const weather = agentTool({ name: 'get_weather', description: 'w', parameters: city, execute: () => 'sunny' })
      const expert = new Agent({ name: 'expert', model: agentModel(model), tools: [weather] })
      const clerk = Agent.create({ name: 'clerk', model: agentModel(model), handoffs: [expert] })
      const result = await run(clerk, 'Use transfer_to_expert and get_weather.')
      expect(result.lastAgent?.name).toBe('expert')
      expect(String(result.finalOutput)).toMatch(/The tool says|\.$/)
    })
  })

  test('a caller that hangs up in the middle ends the call to the provider', async () => {
    await stage.simulator(model).behave({ next: [{ chunks: 400, tokensPerSecond: 100 }] })
    const before = stage.simulator(model).stats().aborted
    const stream = await client().chat.completions.create({ model, messages: question, stream: true })
    let seen = 0
    for await (const chunk of stream) {
      seen += chunk.choices.length
      if (seen > 3) break
    }
    await until('the provider is hung up on', () => stage.simulator(model).stats().aborted > before)
    expect(stage.simulator(model).requests().at(-1)?.aborted?.chunksSent).toBeLessThan(400)
  })
})
