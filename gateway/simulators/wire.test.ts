/**
 * The styles against what they imitate: the same quirks are found, by the same look at the bytes, in a recorded
 * stream and in ours; and OpenAI's own style validates against OpenAI's schema. Skips where the recordings are absent
 * (`../shared/fixtures`).
 */
import { existsSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { afterEach, describe, expect, test } from 'vitest'
import type { ScriptedReply } from './behaviour.ts'
import type { StyleName } from './openai-chat/styles.ts'
import type { Simulator } from './simulator.ts'
import { startSimulator } from './simulator.ts'

const fixtures = new URL('../../../shared/fixtures/', import.meta.url)
const missing = existsSync(fixtures) ? false : 'no recordings in ../shared/fixtures'

let simulator: Simulator | null = null
afterEach(() => simulator?.close())

async function streamOf(style: StyleName, reply: ScriptedReply | null, includeUsage: boolean): Promise<string> {
  simulator = await startSimulator({ name: style, style, behaviour: { reply } })
  const response = await fetch(`${simulator.baseUrl}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({
      model: 'm',
      messages: [{ role: 'user', content: 'Hello.' }],
      stream: true,
      ...(includeUsage ? { stream_options: { include_usage: true } } : {}),
    }),
  })
  return response.text()
}

interface Chunk {
  readonly object?: unknown
  readonly usage?: unknown
  readonly x_groq?: unknown
  readonly choices: readonly {
    readonly finish_reason?: unknown
    readonly delta: {
      readonly role?: unknown
      readonly content?: unknown
      readonly tool_calls?: readonly { readonly index?: unknown; readonly function?: { readonly arguments?: string } }[]
    }
  }[]
}

function chunksOf(stream: string): readonly Chunk[] {
  return stream
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice('data: '.length)))
}

/** What is odd about a stream, in the words of the fixtures' own index. */
function quirksOf(stream: string): Record<string, boolean> {
  const chunks = chunksOf(stream)
  const choices = chunks.flatMap((chunk) => chunk.choices)
  const calls = choices.flatMap((choice) => choice.delta.tool_calls ?? [])
  return {
    crlf: stream.includes('\r\n'),
    'no-done': !stream.includes('data: [DONE]'),
    'comment-lines': /^:/m.test(stream),
    'empty-choices-first': chunks[0]?.choices.length === 0,
    'empty-choices-usage': chunks.slice(1).some((chunk) => chunk.choices.length === 0 && Boolean(chunk.usage)),
    'usage-on-choice-chunk': chunks.some((chunk) => chunk.choices.length > 0 && Boolean(chunk.usage)),
    'usage-null-on-chunks': chunks.some((chunk) => chunk.usage === null),
    x_groq: chunks.some((chunk) => chunk.x_groq !== undefined),
    'finish-reason-key-missing': choices.some((choice) => !('finish_reason' in choice)),
    'role-on-every-chunk': choices.every((choice) => choice.delta.role === 'assistant'),
    'content-array': choices.some((choice) => Array.isArray(choice.delta.content)),
    'object-missing': chunks.every((chunk) => chunk.object === undefined),
    'tool-index-missing': calls.some((call) => call.index === undefined),
    'arguments-in-first-tool-delta': (calls[0]?.function?.arguments ?? '') !== '',
  }
}

function recorded(id: string): string {
  return JSON.parse(readFileSync(new URL(`exchanges/${id}.json`, fixtures), 'utf8')).response.bodyText
}

const toolCall: ScriptedReply = { toolCalls: [{ name: 'weather', arguments: '{"location":"San Francisco"}' }] }
const text: ScriptedReply = { text: '1 2 3' }
const thought: ScriptedReply = { reasoning: 'First, think.', text: '144' }

const pairs: readonly {
  readonly style: StyleName
  readonly id: string
  readonly reply: ScriptedReply
  readonly usage?: true
}[] = [
  { style: 'openai', id: 'openai/openllmetry--openai-chat-completion-metrics-stream', reply: text },
  { style: 'openai', id: 'openai/openllmetry--langchain-agents-3', reply: toolCall },
  { style: 'azure-openai', id: 'azure-openai/openllmetry--openai-chat-async-streaming-1', reply: text },
  { style: 'azure-openai', id: 'azure-openai/vercel--azure-model-router-1-stream', reply: text, usage: true },
  { style: 'mistral', id: 'mistral/vercel--mistral-tool-call-stream', reply: toolCall },
  {
    style: 'mistral',
    id: 'mistral/rubyllm--mistral-hybrid-reasoning-streams-thinking-separately-from-content-1',
    reply: thought,
  },
  { style: 'groq', id: 'groq/openllmetry--groq-chat-streaming-legacy', reply: text },
  {
    style: 'deepseek',
    id: 'deepseek/rubyllm--function-calling-deepseek-deepseek-chat-can-use-tools-with-multi-turn-streaming-conversati-2',
    reply: text,
  },
  { style: 'xai', id: 'xai/vercel--xai-tool-call-stream-2', reply: toolCall, usage: true },
  {
    style: 'openrouter',
    id: 'openrouter/rubyllm--streaming-responses-openrouter-claude-haiku-4-5-supports-streaming-responses-1',
    reply: text,
  },
  {
    style: 'perplexity',
    id: 'perplexity/rubyllm--streaming-responses-perplexity-sonar-supports-streaming-responses-1',
    reply: text,
  },
  {
    style: 'gpustack',
    id: 'gpustack/rubyllm--streaming-responses-gpustack-qwen3-supports-streaming-responses-1',
    reply: text,
  },
  { style: 'moonshot', id: 'moonshot/vercel--moonshotai-stream-stream', reply: text },
]

describe.skipIf(missing)(`quirks as recorded${missing ? ` (${missing})` : ''}`, () => {
  test.each(pairs)('$style like $id', async ({ style, id, reply, usage }) => {
    const ours = quirksOf(await streamOf(style, reply, usage ?? false))
    expect(ours).toEqual(quirksOf(recorded(id)))
  })
})

describe.skipIf(missing)(`OpenAI's own schema${missing ? ` (${missing})` : ''}`, () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  formats.default(ajv)
  if (!missing) ajv.addSchema(JSON.parse(readFileSync(new URL('contracts/openai.schema.json', fixtures), 'utf8')))
  const replies: readonly [string, ScriptedReply | null][] = [
    ['text', null],
    ['a tool call', toolCall],
    ['a refusal', { refusal: 'No.' }],
  ]
  test.each(replies)('%s validates, plain and streamed', async (_, reply) => {
    const validateChunk = ajv.getSchema('openai-contract.schema.json#/$defs/CreateChatCompletionStreamResponse')
    for (const chunk of chunksOf(await streamOf('openai', reply, true))) {
      void validateChunk?.(chunk)
      expect(validateChunk?.errors).toBeNull()
    }
    const response = await fetch(`${simulator?.baseUrl ?? ''}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello.' }] }),
    })
    const validate = ajv.getSchema('openai-contract.schema.json#/$defs/CreateChatCompletionResponse')
    void validate?.(await response.json())
    expect(validate?.errors).toBeNull()
  })
})
