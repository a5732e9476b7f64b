/**
 * Recorded embeddings: what each provider was sent, against what we would send it; and what it answered, through a
 * running gateway where this version can call it, against what the vendor's own client makes of the same bytes.
 */
import { Mistral } from '@mistralai/mistralai'
import { GoogleGenAI } from '@google/genai'
import { CohereClientV2 } from 'cohere-ai'
import { Ollama } from 'ollama'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeEmbeddings } from '../../gateway/core/embeddings/encode.ts'
import { readEmbeddingsShape } from '../../gateway/core/embeddings/features.ts'
import { embeddingsLanguages, embeddingsLossTableOf } from '../../gateway/core/embeddings/index.ts'
import type { EmbeddingsContext, EmbeddingsTarget } from '../../gateway/core/embeddings/language.ts'
import { unpackFloats } from '../../gateway/core/embeddings/vectors.ts'
import { embeddingsWireOf } from '../../gateway/core/embeddings/wire.ts'
import { findUnavailable } from '../../gateway/core/manifest/unavailable.ts'
import { providers } from '../../gateway/core/providers/index.ts'
import { embeddingsRecordingsOf } from '../../gateway/core/providers/recordings.ts'
import type { EmbeddingsRequest, ProviderId } from '../../schemas/index.ts'
import { validateEmbeddingsResponse } from '../../schemas/validate-embeddings-response.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { bodyOf, type Exchange, missingFixtures, readExchanges } from './fixtures.ts'
import { type Playback, recordingHeader, startPlayback } from './playback.ts'

const why = missingFixtures === null ? '' : ` (skipped: ${missingFixtures})`
const apis = [
  'openai-embeddings',
  'voyage-embeddings',
  'cohere-v2-embed',
  'gemini-embed',
  'vertex-predict',
  'ollama-embed',
]
const exchanges = apis.flatMap((api) => readExchanges(api))
const byId = (some: readonly Exchange[]) => some.map((exchange) => [exchange.id, exchange] as const)
const answered = exchanges.filter(({ response }) => response.status === 200)

function isProviderId(id: string): id is ProviderId {
  return Object.hasOwn(providers, id)
}

function providerOf({ provider }: Exchange) {
  if (!isProviderId(provider)) throw new Error(`a recording of nobody we know: ${provider}`)
  return providers[provider]
}

function targetOf(exchange: Exchange, model: string): EmbeddingsTarget {
  const wire = embeddingsWireOf(providerOf(exchange), model)
  if (wire === null) throw new Error(`${exchange.provider} has no embeddings`)
  const { language, path, quirks, maxInputs = null } = wire
  return { model, language, path, quirks, maxInputs, parameters: null, losses: embeddingsLossTableOf(wire) }
}

type Fields = Readonly<Record<string, unknown>>

/** The same request as an application would send it to us. */
const asHub: Readonly<Record<string, (body: Fields) => EmbeddingsRequest>> = {
  'openai-embeddings': (body) => ({ model: 'm', input: [], ...body }),
  'voyage-embeddings': ({ input, input_type, truncation, encoding_format }) =>
    ({ model: 'm', input, input_type, truncation, encoding_format }) as EmbeddingsRequest,
  'cohere-v2-embed': ({ texts, output_dimension }) =>
    ({ model: 'm', input: texts, dimensions: output_dimension ?? null }) as EmbeddingsRequest,
  'gemini-embed': ({ requests }) => {
    const all = requests as { content: { parts: [{ text: string }] }; outputDimensionality?: number }[]
    const [first] = all
    return {
      model: 'm',
      input: all.map(({ content }) => content.parts[0].text),
      dimensions: first?.outputDimensionality ?? null,
    }
  },
  'vertex-predict': ({ instances, parameters }) => {
    const { outputDimensionality = null } = (parameters ?? {}) as { outputDimensionality?: number }
    return {
      model: 'm',
      input: (instances as { content: string }[]).map(({ content }) => content),
      dimensions: outputDimensionality,
    }
  },
}

const withoutNulls = (body: Fields) => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))

describe.skipIf(missingFixtures !== null)(`what was recorded${why}`, () => {
  it.each(Object.values(providers))('is what is said of $id', ({ id }) => {
    const own = answered.filter(({ provider }) => provider === id)
    const asked = own.some(({ request, fidelity }) => request !== null && fidelity === 'recorded')
    expect(embeddingsRecordingsOf(id)).toBe(asked ? 'exchanges' : own.length > 0 ? 'replies' : 'none')
  })
})

describe.skipIf(missingFixtures !== null)(`what providers were sent${why}`, () => {
  const asked = exchanges.filter(({ request, fidelity }) => request !== null && fidelity === 'recorded')

  it('has some of each language that was recorded with its requests', () => {
    expect(new Set(asked.map(({ api }) => api))).toEqual(new Set(Object.keys(asHub)))
  })

  it.each(byId(asked))('%s', (_id, exchange) => {
    const { api, request } = exchange
    const recorded = request?.body ?? {}
    const inPath = /models\/([^:]+):/.exec(request?.path ?? '')?.[1]
    const model = typeof recorded['model'] === 'string' ? recorded['model'] : (inPath ?? '')
    const target = targetOf(exchange, model)
    const hub = asHub[api]?.(recorded)
    if (hub === undefined) throw new Error(`no way back from ${api}`)
    const shape = readEmbeddingsShape(hub)
    if (shape === null) throw new Error('a request that means nothing')
    const { fields, messages: inputs } = shape.features
    const encoded = encodeEmbeddings({ request: hub, fields, inputs }, target)
    if ('failure' in encoded) throw new Error(encoded.failure.message)
    expect(encoded.lost).toEqual([])
    // A deployment's name stands in the path; the model beside it is ignored.
    const { model: _ignored, ...rest } = recorded
    expect(JSON.parse(encoded.body)).toEqual(target.quirks.modelInPath === true ? rest : withoutNulls(recorded))
    // Whichever host and version stand before it, the path ends as ours does.
    if (target.quirks.modelInPath !== true) {
      expect(request?.path.endsWith(target.path.replace('{model}', model))).toBe(true)
    }
  })
})

// ---- replies ----

/** As the vendor's own client reads them; the recorded numbers where there is none here. */
async function byVendor(exchange: Exchange, playback: Playback): Promise<readonly (readonly number[])[]> {
  const headers = { [recordingHeader]: playback.load(exchange, { kind: 'whole' }) }
  const { url } = playback
  switch (exchange.api) {
    case 'openai-embeddings':
    case 'voyage-embeddings': {
      if (exchange.provider === 'mistral') {
        const fetcher = async (input: string | URL | Request, init?: RequestInit) => {
          const request = new Request(input, init)
          request.headers.set(recordingHeader, headers[recordingHeader] ?? '')
          return await fetch(request)
        }
        const { HTTPClient } = await import('@mistralai/mistralai/lib/http.js')
        const client = new Mistral({ apiKey: 'k', serverURL: url, httpClient: new HTTPClient({ fetcher }) })
        const { data } = await client.embeddings.create({ model: 'm', inputs: 'x' })
        return data.map(({ embedding }) => embedding ?? [])
      }
      const client = new OpenAI({ baseURL: url, apiKey: 'k', defaultHeaders: headers, maxRetries: 0 })
      const packed = JSON.stringify(exchange.response.body).includes('"embedding":"')
      const format = packed ? {} : { encoding_format: 'float' as const }
      const { data } = await client.embeddings.create({ model: 'm', input: 'x', ...format })
      return data.map(({ embedding }) => [...embedding])
    }
    case 'cohere-v2-embed': {
      const client = new CohereClientV2({ token: 'k', environment: url, headers })
      const { embeddings } = await client.embed({
        model: 'm',
        texts: ['x'],
        inputType: 'search_document',
        embeddingTypes: ['float'],
      })
      return embeddings.float ?? []
    }
    case 'gemini-embed': {
      const client = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: url, headers } })
      const { embeddings = [] } = await client.models.embedContent({ model: 'm', contents: ['x'] })
      return embeddings.map(({ values }) => values ?? [])
    }
    case 'ollama-embed':
      return (await new Ollama({ host: url, headers }).embed({ model: 'm', input: 'x' })).embeddings
    default: {
      const { predictions } = exchange.response.body as { predictions: { embeddings: { values: number[] } }[] }
      return predictions.map(({ embeddings }) => embeddings.values)
    }
  }
}

const float32 = (vectors: readonly (readonly number[])[]) =>
  vectors.map((vector) => vector.map((number) => Math.fround(number)))

/** Tokens as the reply counts them, looked for without knowing the language; null: it does not. */
function tokensIn({ response }: Exchange): number | null {
  const text = JSON.stringify(response.body)
  const found = /"(?:prompt_tokens|total_tokens|input_tokens|prompt_eval_count)":(\d+)/.exec(text)?.[1]
  if (found !== undefined) return Number(found)
  const counts = [...text.matchAll(/"token_count":(\d+)/g)].map(([, count]) => Number(count))
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0)
}

describe.skipIf(missingFixtures !== null)(`what providers answered${why}`, () => {
  let playback: Playback
  let gateway: TestGateway
  const callable = [...new Set(answered.map(({ provider }) => provider))].filter((provider) => {
    const ai_routes = [{ name: 'r', match: { model: 'm' }, targets: [{ provider, model: 'm' }] }]
    return (
      findUnavailable({ ai_routes }).length === 0 &&
      isProviderId(provider) &&
      providers[provider].auth.scheme !== 'gcp-oauth'
    )
  })
  beforeAll(async () => {
    playback = await startPlayback()
    const connection = (type: string) => ({
      type,
      base_url: playback.url,
      forward_headers: [recordingHeader],
      ...(type === 'azure-openai' && { api_version: '2024-10-21' }),
      ...(type !== 'ollama' && { api_key: { env: 'TEST_KEY' } }),
    })
    gateway = await startTestGateway({
      manifest: JSON.stringify({
        providers: Object.fromEntries(callable.map((name) => [name, connection(name)])),
        ai_routes: callable.map((name) => ({
          name,
          match: { model: name },
          targets: [{ provider: name, model: 'the-model' }],
        })),
      }),
    })
  })
  afterAll(async () => {
    await gateway.close()
    await playback.close()
  })

  it('was recorded of nine APIs or so, and most of them can be called', () => {
    expect(answered.length).toBeGreaterThanOrEqual(19)
    expect(callable).toEqual(
      expect.arrayContaining(['openai', 'azure-openai', 'mistral', 'voyage', 'openrouter', 'ollama']),
    )
  })

  describe.each(byId(answered))('%s', (_id, exchange) => {
    const inputs = (vectors: readonly unknown[]) => vectors.map((_vector, index) => `text ${index}`)

    it('is read as its vendor reads it', async () => {
      const expected = await byVendor(exchange, playback)
      const { quirks, language } = targetOf(exchange, 'the-model')
      const context: EmbeddingsContext = {
        inputs: expected.length,
        dimensions: null,
        format: 'float',
        model: 'the-model',
        quirks,
      }
      const decoded = embeddingsLanguages[language].decode({ body: bodyOf(exchange), headers: {} }, context)
      if ('failure' in decoded) throw new Error(decoded.failure.message)
      expect(validateEmbeddingsResponse(decoded.response)).toMatchObject({ valid: true })
      expect(decoded.response.data.map(({ embedding }) => embedding)).toEqual(expected)
      expect(decoded.usage?.inputTokens ?? null).toBe(tokensIn(exchange))
      const packed = embeddingsLanguages[language].decode(
        { body: bodyOf(exchange), headers: {} },
        { ...context, format: 'base64' },
      )
      if ('failure' in packed) throw new Error(packed.failure.message)
      const unpacked = packed.response.data.map(({ embedding }) => unpackFloats(String(embedding)))
      expect(unpacked).toEqual(float32(expected))
    })

    it.runIf(callable.includes(exchange.provider))('comes through the gateway', async () => {
      const expected = await byVendor(exchange, playback)
      const name = playback.load(exchange, { kind: 'pieces' })
      const defaultHeaders = { [recordingHeader]: name }
      const client = new OpenAI({
        baseURL: `${gateway.gateway.url}/v1`,
        apiKey: 'sk-caller',
        defaultHeaders,
        maxRetries: 0,
      })
      const { data, usage } = await client.embeddings.create({ model: exchange.provider, input: inputs(expected) })
      expect(data.map(({ embedding }) => [...embedding])).toEqual(float32(expected))
      expect(usage.prompt_tokens).toBe(tokensIn(exchange) ?? 0)
    })
  })

  it('refuses a bad key as such', async () => {
    const [refused, ...more] = exchanges.filter(({ response }) => response.status >= 400)
    expect([refused?.provider, more]).toEqual(['azure-openai', []])
    if (refused === undefined) return
    const defaultHeaders = { [recordingHeader]: playback.load(refused, { kind: 'whole' }) }
    const client = new OpenAI({ baseURL: `${gateway.gateway.url}/v1`, apiKey: 'k', defaultHeaders, maxRetries: 0 })
    const call = client.embeddings.create({ model: 'azure-openai', input: 'x' })
    await expect(call).rejects.toMatchObject({ status: 502, code: 'all_targets_failed' })
    const told = gateway.logs.filter(({ event }) => event === 'target_misconfigured')
    expect(told.map(({ fields }) => fields)).toMatchObject([{ target: 'azure-openai/the-model', status: 401 }])
  })
})
