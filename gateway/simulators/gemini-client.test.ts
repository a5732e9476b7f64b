/** Google's own client must read everything the simulator says, in both its modes, or nothing tested against it counts. */
import { ApiError, FunctionCallingConfigMode, GoogleGenAI } from '@google/genai'
import type { Content, GenerateContentConfig, GenerateContentResponse, Part, Tool } from '@google/genai'
import { OAuth2Client } from 'google-auth-library'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { RequestPatch } from './behaviour.ts'
import type { Simulator } from './simulator.ts'
import { startSimulator } from './simulator.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator({ name: 'google', wire: 'gemini-generate-content' })
})
afterEach(() => simulator.behave({ faults: [], next: [], models: null }))
afterAll(() => simulator.close())

const next = (patch: RequestPatch) => simulator.behave({ next: [patch] })

/** The Gemini API with a key, and Vertex AI with a token. */
const services = {
  gemini: () => new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: simulator.baseUrl } }),
  vertex: () => {
    const authClient = new OAuth2Client()
    authClient.setCredentials({ access_token: 't', expiry_date: Number.MAX_SAFE_INTEGER })
    return new GoogleGenAI({
      vertexai: true,
      project: 'p',
      location: 'us-central1',
      googleAuthOptions: { authClient },
      httpOptions: { baseUrl: simulator.baseUrl },
    })
  },
}

const weather: Tool = {
  functionDeclarations: [
    {
      name: 'get_weather',
      parametersJsonSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
    { name: 'get_time' },
  ],
}
const model = 'gemini-3-flash-preview'
const says = (text: string): Content => ({ role: 'user', parts: [{ text }] })

interface Asked {
  readonly contents?: Content[]
  readonly config?: GenerateContentConfig
  readonly model?: string
}

/** What a caller makes of an answer, whether it came at once or in pieces. */
interface Heard {
  readonly text: string
  readonly thoughts: string
  readonly calls: unknown[]
  readonly finish: string | undefined
  readonly usage: unknown
  readonly parts: Part[]
}

function hear(pieces: readonly GenerateContentResponse[]): Heard {
  const parts = pieces.flatMap(({ candidates = [] }) => candidates[0]?.content?.parts ?? [])
  const last = pieces.at(-1)
  return {
    text: parts.map(({ text = '', thought }) => (thought === true ? '' : text)).join(''),
    thoughts: parts.map(({ text = '', thought }) => (thought === true ? text : '')).join(''),
    calls: parts.flatMap(({ functionCall: call }) =>
      call === undefined ? [] : [{ name: call.name, args: call.args }],
    ),
    finish: last?.candidates?.[0]?.finishReason,
    usage: last?.usageMetadata,
    parts,
  }
}

async function streamed(client: GoogleGenAI, asked: Parameters<GoogleGenAI['models']['generateContent']>[0]) {
  const pieces: GenerateContentResponse[] = []
  for await (const piece of await client.models.generateContentStream(asked)) pieces.push(piece)
  return pieces
}

/** The same request asked both ways; what comes in pieces must be what comes at once. */
async function ask(client: GoogleGenAI, asked: Asked = {}, patch: RequestPatch = {}): Promise<readonly [Heard, Heard]> {
  const request = { model, contents: [says('Hello.')], ...asked }
  await simulator.behave({ next: [patch, patch] })
  const plain = hear([await client.models.generateContent(request)])
  return [plain, hear(await streamed(client, request))]
}

describe.each(['gemini', 'vertex'] as const)('generateContent of %s, and its stream', (service) => {
  const client = () => services[service]()

  test('text, with usage', async () => {
    const [plain, pieces] = await ask(client())
    expect(plain.text).toMatch(/^[A-Z].*\.$/)
    expect(plain.finish).toBe('STOP')
    expect({ ...pieces, parts: [] }).toEqual({ ...plain, parts: [] })
    expect(plain.usage).toMatchObject({
      promptTokenCount: expect.any(Number),
      candidatesTokenCount: expect.any(Number),
    })
    expect(simulator.requests().at(-1)?.path).toMatch(
      service === 'gemini'
        ? /^\/v1beta\/models\/gemini-3-flash-preview:streamGenerateContent\?alt=sse$/
        : /^\/v1beta1\/projects\/p\/locations\/us-central1\/publishers\/google\/models\/.*\?alt=sse$/,
    )
  })

  test('parallel calls, one of a function without arguments', async () => {
    const asked = { contents: [says('Use get_weather and get_time.')], config: { tools: [weather] } }
    for (const { calls, finish } of await ask(client(), asked)) {
      expect(finish).toBe('STOP')
      expect(calls).toEqual([
        { name: 'get_weather', args: { city: expect.any(String) } },
        { name: 'get_time', args: {} },
      ])
    }
  })

  test('a loop of calls and results, with what the calls were signed with', async () => {
    const question = says('Use get_weather.')
    const config = { tools: [weather] }
    const [, { parts }] = await ask(client(), { contents: [question], config })
    const answer = { role: 'model', parts: parts.filter(({ functionCall }) => functionCall !== undefined) }
    const [{ functionCall: call = {}, thoughtSignature } = {}] = answer.parts
    expect([call.id, thoughtSignature]).toEqual([expect.any(String), expect.any(String)])
    const result = { functionResponse: { id: call.id ?? '', name: 'get_weather', response: { output: 'sunny' } } }
    const contents = [question, answer, { role: 'user', parts: [result] }]
    const [{ text }] = await ask(client(), { contents, config })
    expect(text).toContain('The tool says: sunny')
  })

  test('a forced call, and none', async () => {
    const forced = { mode: FunctionCallingConfigMode.ANY, allowedFunctionNames: ['get_time'] }
    const config = { tools: [weather], toolConfig: { functionCallingConfig: forced } }
    expect((await ask(client(), { config }))[0].calls).toEqual([{ name: 'get_time', args: {} }])
    const none = { tools: [weather], toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.NONE } } }
    expect((await ask(client(), { contents: [says('Use get_time.')], config: none }))[1].calls).toEqual([])
  })

  test('thoughts, counted beside the answer', async () => {
    const config = { thinkingConfig: { includeThoughts: true, thinkingBudget: 1024 } }
    const answers = await ask(client(), { model: 'gemini-2.5-flash', config })
    for (const { thoughts, text, usage } of answers) {
      expect([thoughts, text]).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)])
      expect(usage).toMatchObject({ thoughtsTokenCount: expect.any(Number), candidatesTokenCount: expect.any(Number) })
    }
    expect(answers[0].thoughts).toBe(answers[1].thoughts)
  })

  test('JSON of a schema, and any', async () => {
    const responseJsonSchema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] }
    const config = { responseMimeType: 'application/json', responseJsonSchema }
    for (const { text } of await ask(client(), { config })) {
      expect(JSON.parse(text)).toEqual({ name: expect.any(String) })
    }
    const [{ text }] = await ask(client(), { config: { responseMimeType: 'application/json' } })
    expect(JSON.parse(text)).toBeTypeOf('object')
  })

  test('a picture, a stop for length, several answers', async () => {
    const image = { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }
    const [seen] = await ask(client(), { contents: [{ role: 'user', parts: [{ text: 'What?' }, image] }] })
    expect(seen.text).toContain('I see 1 image.')
    for (const { finish } of await ask(client(), { config: { maxOutputTokens: 3 } })) expect(finish).toBe('MAX_TOKENS')
    const several = await client().models.generateContent({
      model: 'gemini-2.5-flash',
      contents: 'Hello.',
      config: { candidateCount: 2 },
    })
    expect(several.candidates?.map(({ index = 0 }) => index)).toEqual([0, 1])
  })

  test.each([
    [400, 'INVALID_ARGUMENT'],
    [403, 'PERMISSION_DENIED'],
    [429, 'RESOURCE_EXHAUSTED'],
    [503, 'UNAVAILABLE'],
  ])('a failure of %i, in the envelope', async (status, word) => {
    await simulator.behave({ faults: [{ kind: 'status', status, message: 'the sky is falling' }] })
    const asking = client().models.generateContent({ model, contents: 'Hi' })
    await expect(asking).rejects.toThrow(ApiError)
    await expect(asking).rejects.toMatchObject({ status, message: expect.stringContaining(word) as string })
    await expect(asking).rejects.toThrow('the sky is falling')
  })

  test('an error inside a stream', async () => {
    await next({ chunks: 9, faults: [{ kind: 'error_event', after: 2, message: 'the sky is falling' }] })
    await expect(streamed(client(), { model, contents: 'Hi' })).rejects.toThrow('the sky is falling')
  })

  test('a stream cut short', async () => {
    await next({ chunks: 9, faults: [{ kind: 'cut', after: 2 }] })
    await expect(streamed(client(), { model, contents: 'Hi' })).rejects.toThrow()
  })
})

describe('who may ask', () => {
  const post = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${simulator.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ contents: [says('Hi')] }),
    })
  const path = '/v1beta/models/gemini-2.5-flash:generateContent'
  const vertexPath = `/v1/projects/p/locations/eu/publishers/google/models/gemini-2.5-flash:generateContent`

  test('whoever has a key, in the header or in the address, or a token', async () => {
    expect((await post(path, { 'x-goog-api-key': 'k' })).status).toBe(200)
    expect((await post(`${path}?key=k`)).status).toBe(200)
    expect((await post(path, { authorization: 'Bearer t' })).status).toBe(200)
    expect((await post(vertexPath, { authorization: 'Bearer t' })).status).toBe(200)
  })

  test('and nobody else: a missing key is a 403, a bad one a 400, a missing token a 401', async () => {
    expect((await post(path)).status).toBe(403)
    const bad = await post(path, { 'x-goog-api-key': '' })
    expect([bad.status, await bad.json()]).toMatchObject([400, { error: { details: [{ reason: 'API_KEY_INVALID' }] } }])
    expect((await post(vertexPath)).status).toBe(401)
    expect((await post(vertexPath, { 'x-goog-api-key': 'k' })).status).toBe(401)
  })

  test('a model that is there', async () => {
    await simulator.behave({ models: ['gemini-3-flash'] })
    const client = services.gemini()
    await expect(client.models.generateContent({ model, contents: 'Hi' })).rejects.toMatchObject({ status: 404 })
    const listed = []
    for await (const one of await client.models.list()) listed.push(one.name)
    expect(listed).toEqual(['models/gemini-3-flash'])
    expect((await client.models.get({ model: 'gemini-3-flash' })).name).toBe('models/gemini-3-flash')
    await expect(client.models.get({ model: 'gone' })).rejects.toMatchObject({ status: 404 })
  })
})
