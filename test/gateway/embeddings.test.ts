/** `POST /v1/embeddings` through the real client: routed, failed over and recorded as chat is. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { replayRecorded, replayWhatIf } from '../../cli/replay/index.ts'
import { dialects } from '../../gateway/core/dialects/index.ts'
import { compileManifest } from '../../gateway/core/manifest/compile.ts'
import { readManifestValue } from '../../gateway/core/manifest/read.ts'
import { type Simulator, startSimulator } from '../../gateway/simulators/simulator.ts'
import { vectorOf } from '../../gateway/simulators/embeddings/vectors.ts'
import { validateEmbeddingsResponse } from '../../schemas/validate-embeddings-response.ts'
import { validateSpoolLine } from '../../schemas/validate-spool.ts'
import { spoolLines, startTestGateway, type TestGateway, until } from '../support/gateway.ts'

const sims: Record<string, Simulator> = {}
const open: TestGateway[] = []
const sim = (name: string): Simulator => {
  const found = sims[name]
  if (found === undefined) throw new Error(`no simulator ${name}`)
  return found
}

beforeAll(async () => {
  sims['first'] = await startSimulator({ name: 'first', seed: 1 })
  sims['second'] = await startSimulator({ name: 'second', seed: 2 })
  sims['voyage'] = await startSimulator({ name: 'voyage', seed: 3, embeddings: 'voyage' })
  sims['mistral'] = await startSimulator({ name: 'mistral', seed: 4, style: 'mistral' })
  sims['ollama'] = await startSimulator({ name: 'ollama', seed: 5, wire: 'ollama-chat' })
  sims['azure'] = await startSimulator({ name: 'azure', seed: 6, style: 'azure-openai' })
  sims['claude'] = await startSimulator({ name: 'claude', seed: 7, wire: 'anthropic-messages' })
  sims['cohere'] = await startSimulator({ name: 'cohere', seed: 8, wire: 'cohere-chat' })
  sims['google'] = await startSimulator({ name: 'google', seed: 9, wire: 'gemini-generate-content' })
  sims['bedrock'] = await startSimulator({ name: 'bedrock', seed: 10, embeddings: 'bedrock' })
})
afterAll(async () => {
  await Promise.all(Object.values(sims).map(async (one) => await one.close()))
})
afterEach(async () => {
  for (const one of Object.values(sims)) {
    await one.behave({ faults: [], next: [], tokensPerSecond: null, firstContentMs: 0 })
    one.clearRequests()
  }
  for (const gateway of open.splice(0)) await gateway.close()
})

const key = { env: 'TEST_KEY' }
const providers = () => ({
  first: { type: 'openai', base_url: sim('first').baseUrl, api_key: key },
  second: { type: 'openai', base_url: sim('second').baseUrl, api_key: key },
  plain: { type: 'openai-compatible', base_url: sim('second').baseUrl, api_key: key },
  voyage: { type: 'voyage', base_url: sim('voyage').baseUrl, api_key: key },
  mistral: { type: 'mistral', base_url: sim('mistral').baseUrl, api_key: key },
  ollama: { type: 'ollama', base_url: sim('ollama').baseUrl },
  azure: { type: 'azure-openai', base_url: sim('azure').baseUrl, api_key: key, api_version: '2024-10-21' },
  claude: { type: 'anthropic', base_url: sim('claude').baseUrl, api_key: key },
  cohere: { type: 'cohere', base_url: sim('cohere').baseUrl, api_key: key },
  gemini: { type: 'gemini', base_url: sim('google').url, api_key: key },
  vertex: {
    type: 'vertex',
    base_url: `${sim('google').url}/v1/projects/p/locations/eu`,
    auth: 'access_token',
    api_key: key,
  },
  ...(dialects['bedrock-converse'] !== undefined && {
    bedrock: { type: 'bedrock', base_url: sim('bedrock').url, region: 'eu-west-1', auth: 'bearer', api_key: key },
  }),
})

type Route = Readonly<Record<string, unknown>>

async function start(routes: readonly Route[], more: object = {}): Promise<TestGateway> {
  const manifest = JSON.stringify({ providers: providers(), ai_routes: routes, ...more })
  const gateway = await startTestGateway({ manifest })
  open.push(gateway)
  return gateway
}

const to = (...targets: readonly string[]): Route => ({
  name: 'vectors',
  match: { model: 'm' },
  strategy: 'priority',
  targets: targets.map((name) => ({ provider: name, model: 'e' })),
})

const post = async ({ gateway }: TestGateway, body: unknown, path = '/v1/embeddings') =>
  await fetch(`${gateway.url}${path}`, { method: 'POST', body: JSON.stringify(body) })
const errorOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string; message: string; param: string | null } }).error
const sent = (name: string) =>
  sim(name)
    .requests()
    .map(({ body, path }) => ({ body, path }))

const everyone = ['first', 'plain', 'voyage', 'mistral', 'ollama', 'azure', 'cohere', 'gemini', 'vertex']
/** They count no tokens. */
const uncounted = new Set(['gemini'])

describe('the client', () => {
  it.each(everyone)('gets its vectors from %s', async (name) => {
    const { client } = await start([to(name)])
    // Its own way: it asks for base64 and makes numbers of it.
    const { data, object, model, usage } = await client.embeddings.create({ model: 'm', input: ['Hello', 'world!'] })
    expect(object).toBe('list')
    expect(data.map(({ embedding }) => [...embedding])).toEqual([vectorOf('e', 'Hello'), vectorOf('e', 'world!')])
    expect(data.map(({ index }) => index)).toEqual([0, 1])
    expect(model).toBe('e')
    const tokens = uncounted.has(name) ? 0 : 4
    expect(usage).toEqual({ prompt_tokens: tokens, total_tokens: tokens })
  })

  it.each(everyone)('gets numbers or base64 from %s', async (name) => {
    const gateway = await start([to(name)])
    for (const format of ['float', 'base64'] as const) {
      const response = await post(gateway, { model: 'm', input: 'Hello', encoding_format: format, dimensions: 12 })
      const body: unknown = await response.json()
      expect(validateEmbeddingsResponse(body)).toMatchObject({ valid: true })
      const [{ embedding }] = (body as { data: [{ embedding: unknown }] }).data
      const vector = vectorOf('e', 'Hello', 12)
      const packed = Buffer.from(Float32Array.from(vector).buffer).toString('base64')
      expect(embedding).toEqual(format === 'float' ? vector : packed)
    }
  })

  it('may send token ids where they are understood', async () => {
    const { client } = await start([to('first')])
    const { data } = await client.embeddings.create({ model: 'm', input: [[1, 2], [3]] })
    expect(data).toHaveLength(2)
    expect(sent('first')[0]?.body).toMatchObject({ input: [[1, 2], [3]] })
    const single = await client.embeddings.create({ model: 'm', input: [1, 2, 3] })
    expect(single.data).toHaveLength(1)
  })

  it('is told in headers who answered, and what was left out', async () => {
    const gateway = await start([to('voyage')])
    const response = await post(gateway, { model: 'm', input: 'Hello', user: 'u1', input_type: 'search_query', odd: 1 })
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-aigw-route': 'vectors',
      'x-aigw-target': 'voyage/e',
      'x-aigw-attempts': '1',
      'x-aigw-lost': 'user, odd',
      'x-request-id': expect.stringMatching(/^req_[0-9a-f]{16}$/),
    })
    expect(sent('voyage')).toEqual([
      { path: '/v1/embeddings', body: { model: 'e', input: 'Hello', input_type: 'query' } },
    ])
  })

  it('gets a clear error for what cannot be meant', async () => {
    const gateway = await start([to('first')])
    const wrong: readonly (readonly [object, string])[] = [
      [{ input: 'x' }, 'model'],
      [{ model: 'm' }, 'input'],
      [[], 'the body'],
      [{ model: 'm', input: [] }, 'input'],
      [{ model: 'm', input: 7 }, 'input'],
      [{ model: 'm', input: ['a', 1] }, 'input'],
      [{ model: 'm', input: [1, [2]] }, 'input'],
      [{ model: 'm', input: [[1], 2] }, 'input'],
      [{ model: 'm', input: [-1] }, 'input'],
      [{ model: 'm', input: 'x', dimensions: 0 }, 'dimensions'],
      [{ model: 'm', input: 'x', encoding_format: 'int8' }, 'encoding_format'],
    ]
    for (const [body, place] of wrong) {
      const response = await post(gateway, body)
      expect([response.status, body]).toEqual([400, body])
      expect((await errorOf(response)).message.startsWith(place)).toBe(true)
    }
    expect(sim('first').requests()).toEqual([])
  })
})

describe('what is sent', () => {
  it('goes to the deployment, without a model', async () => {
    const { client } = await start([to('azure')])
    await client.embeddings.create({ model: 'm', input: 'Hello' })
    const [{ path, body } = { path: '', body: null }] = sent('azure')
    expect(path).toBe('/openai/deployments/e/embeddings?api-version=2024-10-21')
    expect(body).toEqual({ input: 'Hello', encoding_format: 'base64' })
  })

  it("has the target's parameters where the caller says nothing", async () => {
    const route = {
      ...to('voyage'),
      targets: [{ provider: 'voyage', model: 'e', parameters: { input_type: 'document', dimensions: 16 } }],
    }
    const gateway = await start([route])
    const first = (await (await post(gateway, { model: 'm', input: 'x' })).json()) as {
      data: [{ embedding: number[] }]
    }
    expect(first.data[0].embedding).toHaveLength(16)
    await post(gateway, { model: 'm', input: 'x', input_type: 'query', dimensions: 4 })
    expect(sent('voyage').map(({ body }) => body)).toEqual([
      { model: 'e', input: 'x', input_type: 'document', output_dimension: 16 },
      { model: 'e', input: 'x', input_type: 'query', output_dimension: 4 },
    ])
  })

  it("has the provider's own names, and nothing it would refuse", async () => {
    const gateway = await start([to('mistral')])
    const response = await post(gateway, {
      model: 'm',
      input: ['x'],
      dimensions: 8,
      user: 'u',
      encoding_format: 'float',
    })
    expect(response.status).toBe(200)
    expect(response.headers.get('x-aigw-lost')).toBe('user')
    expect(sent('mistral')[0]?.body).toEqual({ model: 'e', input: ['x'], output_dimension: 8 })
  })
})

describe('a model in the path', () => {
  it('of Gemini and Vertex', async () => {
    const targets = [{ provider: 'gemini', model: 'gemini-embedding-001' }]
    const gateway = await start([{ ...to(), targets }])
    await post(gateway, { model: 'm', input: ['a', 'b'], dimensions: 8, input_type: 'query', title: 't' })
    const request = (text: string) => ({
      model: 'models/gemini-embedding-001',
      content: { parts: [{ text }] },
      taskType: 'RETRIEVAL_QUERY',
      title: 't',
      outputDimensionality: 8,
    })
    expect(sent('google')).toEqual([
      {
        path: '/v1beta/models/gemini-embedding-001:batchEmbedContents',
        body: { requests: [request('a'), request('b')] },
      },
    ])
    sim('google').clearRequests()
    const other = await start([{ ...to(), targets: [{ provider: 'vertex', model: 'text-embedding-005' }] }])
    await post(other, { model: 'm', input: 'a', dimensions: 8, input_type: 'passage', autoTruncate: false })
    expect(sent('google')).toEqual([
      {
        path: '/v1/projects/p/locations/eu/publishers/google/models/text-embedding-005:predict',
        body: {
          instances: [{ content: 'a', task_type: 'RETRIEVAL_DOCUMENT' }],
          parameters: { outputDimensionality: 8, autoTruncate: false },
        },
      },
    ])
  })

  it('of which one text is taken at a time, and one that has no embeddings at all', async () => {
    const models = ['gemini-embedding-001', 'claude-sonnet-4-5']
    const gateway = await start([{ ...to(), targets: models.map((model) => ({ provider: 'vertex', model })) }])
    const response = await post(gateway, { model: 'm', input: ['a', 'b'] })
    expect(response.status).toBe(400)
    const { message } = await errorOf(response)
    expect(message).toContain('vertex/gemini-embedding-001: it takes 1 input at once, and there are 2')
    expect(message).toContain('vertex/claude-sonnet-4-5: it answers no embeddings requests')
    expect(sim('google').requests()).toEqual([])
  })

  it.runIf(dialects['bedrock-converse'] !== undefined)('of Bedrock, each family in its own language', async () => {
    const targets = (model: string) => [{ provider: 'bedrock', model }]
    const titan = await start([{ ...to(), targets: targets('amazon.titan-embed-text-v2:0') }])
    const one = await titan.client.embeddings.create({ model: 'm', input: 'Hello', dimensions: 4 })
    expect([...(one.data[0]?.embedding ?? [])]).toEqual(vectorOf('amazon.titan-embed-text-v2:0', 'Hello', 4))
    expect(one.usage.prompt_tokens).toBe(2)
    const cohere = await start([{ ...to(), targets: targets('eu.cohere.embed-v4:0') }])
    const two = await cohere.client.embeddings.create({ model: 'm', input: ['Hello', 'x'] })
    expect(two.data).toHaveLength(2)
    // In a header, and nowhere else.
    expect(two.usage.prompt_tokens).toBe(3)
    expect(sent('bedrock')).toEqual([
      { path: '/model/amazon.titan-embed-text-v2%3A0/invoke', body: { inputText: 'Hello', dimensions: 4 } },
      {
        path: '/model/eu.cohere.embed-v4%3A0/invoke',
        body: { input_type: 'search_document', embedding_types: ['float'], texts: ['Hello', 'x'] },
      },
    ])
  })
})

describe('failing over', () => {
  it.each([
    [{ kind: 'status', status: 500 }, 'server_error'],
    [{ kind: 'status', status: 429, retryAfterSeconds: 1 }, 'rate_limited'],
    [{ kind: 'status', status: 401 }, 'misconfigured'],
    [{ kind: 'empty' }, 'server_error'],
    [{ kind: 'unreadable' }, 'server_error'],
    [{ kind: 'garbage' }, 'server_error'],
    [{ kind: 'cut' }, 'connection'],
    [{ kind: 'reset' }, 'connection'],
    [{ kind: 'error_event' }, 'server_error'],
  ] as const)('goes on after %o', async (fault, failure) => {
    const gateway = await start([to('first', 'second')])
    await sim('first').behave({ faults: [fault] })
    const response = await post(gateway, { model: 'm', input: 'Hello' })
    expect([response.status, response.headers.get('x-aigw-target')]).toEqual([200, 'second/e'])
    const [record] = await gateway.records()
    expect(record?.attempts.map((attempt) => attempt.class)).toEqual([failure, 'ok'])
  })

  it('goes on when a target is late, and when it answers in another length than asked', async () => {
    const late = {
      ...to('first', 'second'),
      targets: [
        { provider: 'first', model: 'e', max_latency_ms: 50 },
        { provider: 'second', model: 'e' },
      ],
    }
    const gateway = await start([late])
    await sim('first').behave({ firstContentMs: 2000 })
    const response = await post(gateway, { model: 'm', input: 'Hello' })
    expect([response.status, response.headers.get('x-aigw-target')]).toEqual([200, 'second/e'])
    const [record] = await gateway.records()
    expect(record?.attempts.map((attempt) => attempt.class)).toEqual(['latency', 'ok'])
  })

  it('ends with the words of the last, in the envelope', async () => {
    const gateway = await start([to('first', 'second')])
    for (const name of ['first', 'second']) {
      await sim(name).behave({ faults: [{ kind: 'status', status: 503, message: 'out of breath' }] })
    }
    const response = await post(gateway, { model: 'm', input: 'Hello' })
    expect([response.status, response.headers.get('x-should-retry')]).toEqual([502, 'false'])
    const { code, message } = await errorOf(response)
    expect(code).toBe('all_targets_failed')
    expect(message).toContain('first/e: server_error, second/e: server_error')
    expect(message).toContain('out of breath')
  })

  it("gives the caller's own mistake straight back", async () => {
    const gateway = await start([to('first', 'second')])
    const response = await post(gateway, { model: 'm', input: '' })
    expect(response.status).toBe(400)
    expect((await errorOf(response)).message).toContain('$.input')
    expect(sim('second').requests()).toEqual([])
  })

  it('aborts the call when the caller hangs up', async () => {
    const gateway = await start([to('first')])
    await sim('first').behave({ faults: [{ kind: 'hang' }] })
    const controller = new AbortController()
    const call = fetch(`${gateway.gateway.url}/v1/embeddings`, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', input: 'x' }),
      signal: controller.signal,
    })
    await until('the provider was called', () => sim('first').requests().length === 1)
    controller.abort()
    await expect(call).rejects.toThrow()
    await until('the provider saw it', () => sim('first').stats().aborted > 0)
    const [record] = await gateway.records()
    expect(record).toMatchObject({ operation: 'embeddings', finish: { outcome: 'abandoned' } })
  })
})

describe('a target that cannot', () => {
  it('has no embeddings: it is passed over', async () => {
    const gateway = await start([to('claude', 'first')])
    const response = await post(gateway, { model: 'm', input: 'Hello' })
    expect([response.status, response.headers.get('x-aigw-target')]).toEqual([200, 'first/e'])
    const [record] = await gateway.records()
    expect(record?.candidates[0]).toEqual({
      target: 'claude/e',
      tried: false,
      verdict: 'unsupported_operation',
      operation: 'embeddings',
    })
  })

  it('has none, and is the only one: the caller is told, by 400', async () => {
    const gateway = await start([to('claude')])
    const response = await post(gateway, { model: 'm', input: 'Hello' })
    expect(response.status).toBe(400)
    expect(await errorOf(response)).toMatchObject({
      code: 'unsupported_by_target',
      param: 'model',
      message: 'No target of route "vectors" could serve this request (claude/e: it answers no embeddings requests).',
    })
    expect(sim('claude').requests()).toEqual([])
  })

  it('has embeddings only: a chat request is told the same', async () => {
    const gateway = await start([to('voyage')])
    const chat = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] }
    const response = await post(gateway, chat, '/v1/chat/completions')
    expect(response.status).toBe(400)
    expect((await errorOf(response)).message).toContain('voyage/e: it answers no chat requests')
  })

  it('knows no token ids: it is passed over, whatever on_loss says', async () => {
    const gateway = await start([to('voyage', 'first')])
    const response = await post(gateway, { model: 'm', input: [1, 2, 3] })
    expect([response.status, response.headers.get('x-aigw-target')]).toEqual([200, 'first/e'])
    const alone = await start([to('voyage')])
    const refused = await post(alone, { model: 'm', input: [1, 2, 3] })
    expect(refused.status).toBe(400)
    expect(await errorOf(refused)).toMatchObject({ code: 'unsupported_by_target', param: 'input[tokens]' })
  })

  it('would leave something out: under on_loss: refuse it is passed over', async () => {
    const gateway = await start([{ ...to('voyage', 'first'), on_loss: 'refuse' }])
    const response = await post(gateway, { model: 'm', input: 'x', user: 'u1' })
    expect([response.headers.get('x-aigw-target'), response.headers.get('x-aigw-lost')]).toEqual(['first/e', null])
    const [record] = await gateway.records()
    expect(record?.candidates[0]).toMatchObject({ verdict: 'cannot_express', fields: ['user'] })
  })

  it('would leave a value out: under on_loss: refuse the next one is asked', async () => {
    const route = { ...to('voyage', 'plain'), on_loss: 'refuse' }
    const body = { model: 'm', input: 'x', input_type: 'clustering' }
    const declared = await post(await start([to('voyage')]), body)
    expect([declared.status, declared.headers.get('x-aigw-lost')]).toEqual([200, 'input_type'])
    sim('voyage').clearRequests()
    const refused = await post(await start([route]), body)
    // The next one is told the caller's word as it stands, and knows it no better: its own words come back.
    expect(refused.status).toBe(400)
    expect(sim('voyage').requests()).toEqual([])
    expect(sent('second')[0]?.body).toMatchObject({ input_type: 'clustering' })
  })

  it('takes fewer inputs at once: they are not split, and the number is told', async () => {
    const many = Array.from({ length: 1001 }, (_, index) => `text ${index}`)
    const gateway = await start([to('voyage', 'first')])
    const response = await post(gateway, { model: 'm', input: many })
    expect([response.status, response.headers.get('x-aigw-target')]).toEqual([200, 'first/e'])
    const [record] = await gateway.records()
    expect(record?.candidates[0]).toMatchObject({ verdict: 'too_many_inputs', inputs: 1001, limit: 1000 })
    const alone = await post(await start([to('voyage')]), { model: 'm', input: many })
    expect(alone.status).toBe(400)
    const { message, param } = await errorOf(alone)
    expect([message, param]).toEqual([
      'No target of route "vectors" could serve this request (voyage/e: it takes 1000 inputs at once, and there are 1001).',
      'input',
    ])
    expect(sim('voyage').requests()).toEqual([])
  })

  it('is not ruled out by the sum of the inputs, only by one that is too long', async () => {
    const models = { 'first/e': { context_window: 100 } }
    const gateway = await start([to('first')], { models })
    const short = await post(gateway, { model: 'm', input: Array.from({ length: 50 }, () => 'x'.repeat(40)) })
    expect(short.status).toBe(200)
    const long = await post(gateway, { model: 'm', input: ['x', 'y'.repeat(404)] })
    expect(long.status).toBe(400)
    expect((await errorOf(long)).code).toBe('context_length_exceeded')
  })
})

describe('the trail', () => {
  it('has one record, with what went in counted, and the vectors only as a shape', async () => {
    const models = { 'first/e': { usd_per_million: { input: 10, output: 1000 } } }
    const gateway = await start([to('first')], { models })
    const { client } = gateway
    await client.embeddings.create({ model: 'm', input: ['Hello', 'a text of ours'], user: 'u1' })
    const line = gateway.logs.find(({ event }) => event === 'request')
    expect(line?.fields).toMatchObject({
      operation: 'embeddings',
      target: 'first/e',
      model: 'm',
      input_tokens: 6,
      output_tokens: 0,
      status: 200,
    })
    const metrics = await (await fetch(`${gateway.gateway.adminUrl}/metrics`)).text()
    const records = await gateway.records()
    expect(records).toHaveLength(1)
    expect(records[0]).toMatchObject({
      operation: 'embeddings',
      stream: false,
      features: {
        messages: 2,
        prompt_characters: 19,
        fields: ['user', 'encoding_format[base64]'],
        max_output_tokens: 0,
      },
      estimate: { input_tokens: 6, longest_input_tokens: 4, output_tokens: 0 },
      usage: { input: 6, output: 0, cached: 0, reasoning: 0 },
      cost_micro_usd: 60,
      finish_reason: null,
    })
    for (const spooled of await spoolLines(gateway.spool)) {
      expect(validateSpoolLine(spooled)).toMatchObject({ valid: true })
    }
    const content = await contentOf(gateway)
    expect(content).toContain('a text of ours')
    expect(content).toContain(`"embeddings":2,"dimensions":8,"format":"base64"`)
    expect(content).not.toContain(Buffer.from(Float32Array.from(vectorOf('e', 'Hello')).buffer).toString('base64'))
    expect(metrics).toContain(
      'gen_ai_server_request_duration_seconds_count{gen_ai_operation_name="embeddings",aigw_route="vectors",gen_ai_provider_name="openai",gen_ai_request_model="e",aigw_target="first/e"} 1',
    )
    expect(metrics).toMatch(/gen_ai_client_token_usage_sum\{gen_ai_operation_name="embeddings".*input".*\} 6/)
    expect(metrics).not.toMatch(/gen_ai_client_token_usage_sum\{gen_ai_operation_name="embeddings".*output"/)
  })

  it('counts chat and embeddings of one target apart, and its calls together', async () => {
    const gateway = await start([to('first')])
    await (await post(gateway, { model: 'm', input: 'x' })).text()
    const chat = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] }
    await (await post(gateway, chat, '/v1/chat/completions')).text()
    const metrics = await (await fetch(`${gateway.gateway.adminUrl}/metrics`)).text()
    expect(metrics).toContain('aigw_attempts_total{aigw_target="first/e",aigw_class="ok"} 2')
    for (const operation of ['chat', 'embeddings']) {
      expect(metrics).toMatch(
        new RegExp(`gen_ai_client_operation_duration_seconds_count\\{gen_ai_operation_name="${operation}"[^}]*\\} 1\n`),
      )
    }
  })

  it('keeps no text where the route says so', async () => {
    const gateway = await start([{ ...to('first'), audit: { content: 'features' } }])
    await (await post(gateway, { model: 'm', input: 'a text of ours' })).text()
    await gateway.gateway.close()
    expect(await contentOf(gateway)).not.toContain('a text of ours')
  })
})

/** Every line of every file of the spool, content segments too. */
async function contentOf({ spool, gateway }: TestGateway): Promise<string> {
  await gateway.close()
  const files = readdirSync(spool, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`, 'utf8')).join('\n')
}

describe('replay', () => {
  const routes = [to('first', 'voyage')]
  const traffic = async (gateway: TestGateway): Promise<void> => {
    for (const body of [
      { model: 'm', input: 'plain' },
      { model: 'm', input: 'with a user', user: 'u' },
      { model: 'm', input: [1, 2, 3] },
      { model: 'm', input: Array.from({ length: 1001 }, () => 'x') },
    ]) {
      expect((await post(gateway, body)).status).toBe(200)
    }
    const chat = { model: 'm', messages: [{ role: 'user', content: 'Hello' }], seed: 1 }
    expect((await post(gateway, chat, '/v1/chat/completions')).status).toBe(200)
  }
  const tableOf = (ai_routes: readonly Route[]) => {
    const { manifest, diagnostics } = readManifestValue({ providers: providers(), ai_routes })
    if (manifest === null) throw new Error(JSON.stringify(diagnostics))
    return compileManifest(manifest)
  }
  const whatIf = async (capture: string, ai_routes: readonly Route[]) =>
    await replayWhatIf({
      capture,
      manifest: { name: 'new', table: tableOf(ai_routes) },
      against: null,
      scenario: null,
      assume: { '*': { total_ms: 10 } },
      seed: 1,
      instances: 1,
      model: null,
      stream: false,
      progress: () => {},
      tellCutOff: () => {},
    })

  it('decides every embeddings request again as it was decided', async () => {
    const gateway = await start([to('claude', 'first')])
    await traffic(gateway)
    await gateway.gateway.close()
    expect(await replayRecorded(gateway.spool)).toMatchObject({ requests: 5, equal: 5, different: 0, undecidable: 0 })
  })

  it('says what another manifest would have made of them, and of chat', async () => {
    const gateway = await start(routes)
    await traffic(gateway)
    await gateway.gateway.close()
    const { sides } = await whatIf(gateway.spool, [to('voyage', 'mistral')])
    const { fates, targets, losses } = sides[0]?.tally ?? {}
    // Token ids are for neither of them; a thousand and one inputs are for one, and chat for the other.
    expect(fates).toMatchObject({ served: 4, lost: 1 })
    expect(targets?.get('voyage/e')).toMatchObject({ served: 2 })
    expect(targets?.get('mistral/e')).toMatchObject({ served: 2 })
    const parts = losses
      ?.parts()
      .map(({ target, part, fate }) => `${target} ${part} ${fate}`)
      .toSorted()
    expect(parts).toEqual([
      'mistral/e input[tokens] skipped',
      'voyage/e input[tokens] skipped',
      'voyage/e user dropped',
    ])
  })

  it('reads a capture that somebody else wrote, by its operation', async () => {
    const line = (more: object) =>
      JSON.stringify({
        v: 1,
        at: '2026-11-24T00:00:00.000Z',
        model: 'm',
        features: { fields: [], messages: 2 },
        ...more,
      })
    const gateway = await start(routes)
    const file = `${gateway.folder}/capture.ndjson`
    const estimate = { input_tokens: 9000, longest_input_tokens: 10, output_tokens: 0, family: 'characters-4' }
    writeFileSync(file, [line({ operation: 'embeddings', estimate }), line({})].join('\n'))
    const { sides } = await whatIf(file, [to('voyage', 'first')])
    expect(sides[0]?.tally.targets.get('voyage/e')).toMatchObject({ served: 1 })
    expect(sides[0]?.tally.targets.get('first/e')).toMatchObject({ served: 1 })
  })
})
