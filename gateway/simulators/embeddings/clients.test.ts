/** Simulated embeddings as the vendors' own clients read them, and what is refused. */
import { BedrockRuntimeClient, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime'
import { GoogleGenAI } from '@google/genai'
import { Mistral } from '@mistralai/mistralai'
import { CohereClientV2 } from 'cohere-ai'
import { Ollama } from 'ollama'
import { Readable } from 'node:stream'
import OpenAI, { AzureOpenAI } from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Simulator, type SimulatorOptions, startSimulator } from '../simulator.ts'
import { tokensOf, vectorOf } from './vectors.ts'

const wishes = {
  openai: {},
  azure: { style: 'azure-openai' },
  mistral: { style: 'mistral' },
  voyage: { embeddings: 'voyage' },
  cohere: { wire: 'cohere-chat' },
  google: { wire: 'gemini-generate-content' },
  ollama: { wire: 'ollama-chat' },
  bedrock: { embeddings: 'bedrock' },
  claude: { wire: 'anthropic-messages' },
  silent: { embeddings: null },
} as const satisfies Record<string, Omit<SimulatorOptions, 'name'>>

/** As the client hands it to whatever carries it. */
interface SignedRequest {
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body?: unknown
}

const open = new Map<string, Simulator>()
const sim = (name: keyof typeof wishes): Simulator => {
  const found = open.get(name)
  if (found === undefined) throw new Error(`no simulator ${name}`)
  return found
}
beforeAll(async () => {
  for (const [name, wish] of Object.entries(wishes)) open.set(name, await startSimulator({ name, ...wish }))
})
afterAll(async () => {
  await Promise.all([...open.values()].map(async (one) => await one.close()))
})

const texts = ['Hello', 'a longer text']
const expected = (model: string, length?: number) => texts.map((text) => vectorOf(model, text, length))
const tokens = texts.map(tokensOf).reduce((sum, count) => sum + count, 0)

describe('the vendor’s own client', () => {
  it('of OpenAI', async () => {
    const client = new OpenAI({ baseURL: sim('openai').baseUrl, apiKey: 'k', maxRetries: 0 })
    const { data, usage } = await client.embeddings.create({ model: 'e', input: texts })
    expect(data.map(({ embedding }) => [...embedding])).toEqual(expected('e'))
    expect(usage).toEqual({ prompt_tokens: tokens, total_tokens: tokens })
    const floats = await client.embeddings.create({ model: 'e', input: texts, encoding_format: 'float', dimensions: 5 })
    expect(floats.data.map(({ embedding }) => embedding)).toEqual(expected('e', 5))
    await expect(client.embeddings.create({ model: 'e', input: '' })).rejects.toMatchObject({ status: 400 })
    await expect(
      client.embeddings.create({ model: 'text-embedding-ada-002', input: 'x', dimensions: 3 }),
    ).rejects.toMatchObject({ status: 400 })
  })

  it('of Azure', async () => {
    const client = new AzureOpenAI({
      endpoint: sim('azure').url,
      apiKey: 'k',
      apiVersion: '2024-10-21',
      deployment: 'e',
      maxRetries: 0,
    })
    const { data, model } = await client.embeddings.create({ model: 'e', input: texts })
    expect(data.map(({ embedding }) => [...embedding])).toEqual(expected('e'))
    expect(model).toBe('e')
  })

  it('of Mistral', async () => {
    const client = new Mistral({ apiKey: 'k', serverURL: sim('mistral').url })
    const { data, usage } = await client.embeddings.create({ model: 'e', inputs: texts, outputDimension: 5 })
    expect(data.map(({ embedding }) => embedding)).toEqual(expected('e', 5))
    expect(usage.promptTokens).toBe(tokens)
  })

  it('of Cohere', async () => {
    const client = new CohereClientV2({ token: 'k', environment: sim('cohere').url })
    const request = { model: 'e', texts, inputType: 'search_query' as const, embeddingTypes: ['float' as const] }
    const { embeddings, meta } = await client.embed({ ...request, outputDimension: 5 })
    expect(embeddings.float).toEqual(expected('e', 5))
    expect(meta?.billedUnits?.inputTokens).toBe(tokens)
    const many = Array.from({ length: 97 }, () => 'x')
    await expect(client.embed({ ...request, texts: many }, { maxRetries: 0 })).rejects.toMatchObject({
      statusCode: 400,
    })
  })

  it('of Google, for Gemini', async () => {
    const client = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: sim('google').url } })
    const config = { outputDimensionality: 5, taskType: 'RETRIEVAL_QUERY' }
    const { embeddings = [] } = await client.models.embedContent({ model: 'e', contents: texts, config })
    expect(embeddings.map(({ values }) => values)).toEqual(expected('e', 5))
  })

  it('of Ollama', async () => {
    const client = new Ollama({ host: sim('ollama').url })
    const { embeddings, prompt_eval_count } = await client.embed({ model: 'e', input: texts, dimensions: 5 })
    expect([embeddings, prompt_eval_count]).toEqual([expected('e', 5), tokens])
  })

  it('of AWS, for both families', async () => {
    const client = new BedrockRuntimeClient({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
      // Its own speaks HTTP/2 only, which no simulator does.
      requestHandler: {
        handle: async ({ method, path, headers, body }: SignedRequest) => {
          const reply = await fetch(sim('bedrock').url + path, { method, headers, body: String(body) })
          const bytes = Buffer.from(await reply.arrayBuffer())
          const response = {
            statusCode: reply.status,
            headers: Object.fromEntries(reply.headers),
            body: Readable.from([bytes]),
          }
          return { response }
        },
      },
    })
    const invoke = async (modelId: string, body: object): Promise<Record<string, unknown>> => {
      const reply = await client.send(new InvokeModelCommand({ modelId, body: JSON.stringify(body) }))
      return JSON.parse(reply.body.transformToString()) as Record<string, unknown>
    }
    const titan = 'amazon.titan-embed-text-v2:0'
    expect(await invoke(titan, { inputText: 'Hello', dimensions: 5, normalize: true })).toMatchObject({
      embedding: vectorOf(titan, 'Hello', 5),
      inputTextTokenCount: 2,
    })
    const cohere = 'cohere.embed-english-v3'
    const body = { texts, input_type: 'search_document', embedding_types: ['float'] }
    expect(await invoke(cohere, body)).toMatchObject({ embeddings: { float: expected(cohere) } })
    await expect(invoke(titan, { inputText: 'x', user: 'u' })).rejects.toMatchObject({ name: 'ValidationException' })
    await expect(invoke(cohere, { texts })).rejects.toMatchObject({ name: 'ValidationException' })
  })
})

// ---- without a client of the vendor's here ----

async function post(url: string, body: unknown) {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('Voyage', () => {
  const ask = async (body: object) => await post(`${sim('voyage').baseUrl}/embeddings`, { model: 'e', ...body })

  it('answers, and counts only a total', async () => {
    const { body } = await ask({ input: texts, input_type: 'query', output_dimension: 5, truncation: true })
    expect(body['usage']).toEqual({ total_tokens: tokens })
    expect((body['data'] as { embedding: number[] }[]).map(({ embedding }) => embedding)).toEqual(expected('e', 5))
  })

  it.each([
    [{ input: 'x', dimensions: 5 }],
    [{ input: 'x', user: 'u' }],
    [{ input: 'x', encoding_format: 'float' }],
    [{ input: 'x', input_type: 'search_query' }],
    [{ input: [1, 2] }],
    [{ input: Array.from({ length: 1001 }, () => 'x') }],
  ])('refuses %j', async (body) => {
    expect(await ask(body)).toMatchObject({ status: 400, body: { detail: expect.any(String) } })
  })
})

describe('Vertex', () => {
  const ask = async (model: string, body: object) =>
    await post(`${sim('google').url}/v1/projects/p/locations/l/publishers/google/models/${model}:predict`, body)

  it('answers in predictions', async () => {
    const instances = texts.map((content) => ({ content, task_type: 'CLUSTERING' }))
    const { body } = await ask('e', { instances, parameters: { outputDimensionality: 5 } })
    const predictions = body['predictions'] as { embeddings: { values: number[] } }[]
    expect(predictions.map(({ embeddings }) => embeddings.values)).toEqual(expected('e', 5))
  })

  it('takes one text for some models, and no task it does not know', async () => {
    const instances = texts.map((content) => ({ content }))
    expect((await ask('gemini-embedding-001', { instances })).status).toBe(400)
    expect((await ask('e', { instances: [{ content: 'x', task_type: 'query' }] })).status).toBe(400)
  })
})

describe('Mistral', () => {
  it('refuses what it does not know with 422', async () => {
    const url = `${sim('mistral').baseUrl}/embeddings`
    for (const field of ['user', 'dimensions', 'input_type']) {
      expect(await post(url, { model: 'e', input: 'x', [field]: 'y' })).toMatchObject({ status: 422 })
    }
  })
})

describe('who has no embeddings', () => {
  it.each(['claude', 'silent'] as const)('%s says so by 404', async (name) => {
    expect((await post(`${sim(name).baseUrl}/embeddings`, { model: 'e', input: 'x' })).status).toBe(404)
  })
})
