/** AWS's own client must read everything the simulator says, or nothing tested against it counts. */
import type { ContentBlock, ConverseCommandInput, Tool } from '@aws-sdk/client-bedrock-runtime'
import {
  InternalServerException,
  ModelErrorException,
  ResourceNotFoundException,
  ServiceUnavailableException,
  ThrottlingException,
  ValidationException,
} from '@aws-sdk/client-bedrock-runtime'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { BedrockCaller, FoldedStream } from '../../test/support/bedrock-client.ts'
import { bedrockClient, converse, converseStream, foldEvents } from '../../test/support/bedrock-client.ts'
import type { RequestPatch } from './behaviour.ts'
import { simulatedKeys } from './bedrock-converse/signing.ts'
import type { Simulator } from './simulator.ts'
import { startSimulator } from './simulator.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator({ name: 'bedrock', wire: 'bedrock-converse' })
})
afterEach(() => simulator.behave({ faults: [], next: [], models: null }))
afterAll(() => simulator.close())

const client = (caller: Omit<BedrockCaller, 'endpoint'> = {}) =>
  bedrockClient({ endpoint: simulator.baseUrl, ...caller })
const next = (patch: RequestPatch) => simulator.behave({ next: [patch] })

const modelId = 'us.anthropic.claude-haiku-4-5-20251001-v1:0'
const spec = (name: string, properties: object): Tool => ({
  toolSpec: { name, inputSchema: { json: { type: 'object', properties: { ...properties } } } },
})
const weather = spec('get_weather', { city: { type: 'string' } })
const clock = spec('get_time', {})
const says = (...content: ContentBlock[]) => ({ role: 'user' as const, content })

interface Read {
  readonly content: readonly ContentBlock[]
  readonly stopReason: string | undefined
  readonly inputTokens: number | undefined
  readonly outputTokens: number | undefined
}

type Asked = Partial<ConverseCommandInput>

/** The same request asked both ways. */
async function ask(more: Asked = {}, patch: RequestPatch = {}): Promise<readonly [Read, Read]> {
  const input = { modelId, messages: [says({ text: 'Hello.' })], ...more }
  await simulator.behave({ next: [patch, patch] })
  const plain = await converse(client(), input)
  const streamed = told(foldEvents(await converseStream(client(), input)))
  const { stopReason, usage } = plain
  const content = plain.output?.message?.content ?? []
  return [{ content, stopReason, inputTokens: usage?.inputTokens, outputTokens: usage?.outputTokens }, streamed]
}

function told({ content, stopReason, usage }: FoldedStream): Read {
  return { content, stopReason, inputTokens: usage?.inputTokens, outputTokens: usage?.outputTokens }
}

const textOf = ({ content }: Pick<Read, 'content'>) => content.map(({ text }) => text ?? '').join('')

describe('Converse and ConverseStream', () => {
  test('text, with usage', async () => {
    const [plain, streamed] = await ask()
    expect(textOf(plain)).toMatch(/^[A-Z].*\.$/)
    expect(plain).toMatchObject({ stopReason: 'end_turn', outputTokens: expect.any(Number) })
    expect(streamed).toEqual(plain)
  })

  test('parallel calls, one of a tool without arguments', async () => {
    const messages = [says({ text: 'Use get_weather and get_time.' })]
    for (const read of await ask({ messages, toolConfig: { tools: [weather, clock] } })) {
      expect(read.stopReason).toBe('tool_use')
      expect(read.content).toMatchObject([
        { toolUse: { name: 'get_weather', input: { city: expect.any(String) } } },
        { toolUse: { name: 'get_time', input: {} } },
      ])
    }
  })

  test('the tool loop comes to its end, thinking and all', async () => {
    const question = says({ text: 'Use get_weather.' })
    const more = {
      toolConfig: { tools: [weather] },
      inferenceConfig: { maxTokens: 4000 },
      additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1024 } },
    }
    const [, first] = await ask({ ...more, messages: [question] })
    expect(first.content).toMatchObject([{ reasoningContent: {} }, { toolUse: { name: 'get_weather' } }])
    const toolUseId = first.content[1]?.toolUse?.toolUseId
    const result = says({ toolResult: { toolUseId, content: [{ text: 'sunny' }] } })
    const turns = [question, { role: 'assistant' as const, content: [...first.content] }, result]
    for (const read of await ask({ ...more, messages: turns })) expect(textOf(read)).toContain('The tool says: sunny')
  })

  test('encrypted reasoning, a picture, a document and an answer of a given shape', async () => {
    const thinking = {
      inferenceConfig: { maxTokens: 4000 },
      additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1024 } },
    }
    await next({ reply: { redactedReasoning: 'nobody knows', text: 'four' } })
    const { output } = await converse(client(), { modelId, messages: [says({ text: '2+2' })], ...thinking })
    expect(output?.message?.content?.[0]?.reasoningContent?.redactedContent).toBeInstanceOf(Uint8Array)
    const picture = { image: { format: 'png' as const, source: { bytes: new Uint8Array([137, 80, 78, 71]) } } }
    const paper = { document: { format: 'txt' as const, name: 'plan', source: { bytes: new Uint8Array([65, 66]) } } }
    for (const read of await ask({ messages: [says({ text: 'Look.' }, picture, paper)] })) {
      expect(textOf(read)).toMatch(/I see 1 image\.[^]*I read 1 document\./)
    }
    const schema = JSON.stringify({
      type: 'object',
      properties: { name: { type: 'string' } },
      required: ['name'],
      additionalProperties: false,
    })
    const textFormat = { type: 'json_schema' as const, structure: { jsonSchema: { schema, name: 'person' } } }
    for (const read of await ask({ outputConfig: { textFormat } })) {
      expect(JSON.parse(textOf(read))).toEqual({ name: expect.any(String) })
    }
  })

  test('limits, stop sequences and what a script says', async () => {
    for (const read of await ask({ inferenceConfig: { maxTokens: 5 } })) expect(read.stopReason).toBe('max_tokens')
    for (const read of await ask({ inferenceConfig: { stopSequences: ['e'] } })) {
      expect([read.stopReason, textOf(read).includes('e')]).toEqual(['stop_sequence', false])
    }
    const usage = { promptTokens: 100, completionTokens: 5, cachedTokens: 60, cacheWriteTokens: 30 }
    const [plain, streamed] = await ask({}, { reply: { text: 'No.', finishReason: 'guardrail_intervened', usage } })
    expect(plain).toMatchObject({ stopReason: 'guardrail_intervened', inputTokens: 10, outputTokens: 5 })
    expect(streamed).toEqual(plain)
  })
})

describe('who is asking', () => {
  const input = { modelId, messages: [says({ text: 'Hello.' })] }

  test('a signed request, also for an ARN', async () => {
    const signed = client({ keys: simulatedKeys })
    const arn = 'arn:aws:bedrock:us-east-1:000000000000:inference-profile/us.amazon.nova-2-lite-v1:0'
    for (const asked of [input, { ...input, modelId: arn }]) {
      expect((await converse(signed, asked)).stopReason).toBe('end_turn')
      expect(await converseStream(signed, asked)).not.toEqual([])
    }
    const path = simulator.requests().at(-1)?.path
    expect(path).toBe(`/model/${encodeURIComponent(arn)}/converse-stream`)
  })

  test.each([
    ['with another secret', { ...simulatedKeys, secretAccessKey: 'another' }, 'InvalidSignatureException'],
    ['with keys of nobody', { accessKeyId: 'AKIDNOBODY', secretAccessKey: 's' }, 'UnrecognizedClientException'],
  ])('%s: refused', async (_how, keys, name) => {
    await expect(converse(client({ keys }), input)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 403 } })
  })

  test('a body that was changed on the way, or a signature of yesterday, is refused', async () => {
    await converse(client({ keys: simulatedKeys }), input)
    const sent = simulator.requests().at(-1)
    if (sent === undefined) throw new Error('nothing was sent')
    const headers = Object.entries(sent.headers).map(([name, value]): [string, string] => [name, String(value)])
    const again = (body: unknown, more: Record<string, string> = {}) =>
      fetch(simulator.url + sent.path, {
        method: 'POST',
        headers: { ...Object.fromEntries(headers.filter(([name]) => !/^(host|content-length)$/.test(name))), ...more },
        body: JSON.stringify(body),
      })
    expect((await again(sent.body)).status).toBe(200)
    expect((await again({ ...input, modelId: undefined, system: [{ text: 'x' }] })).status).toBe(403)
    const old = await again(sent.body, { 'x-amz-date': String(sent.headers['x-amz-date']).replace(/T\d\d/, 'T99') })
    expect(await old.text()).toContain('Signature expired')
    const none = await fetch(simulator.url + sent.path, { method: 'POST', body: '{}' })
    expect(none.headers.get('x-amzn-errortype')).toMatch(/^MissingAuthenticationTokenException:http/)
  })
})

describe('what goes wrong', () => {
  const input = { modelId, messages: [says({ text: 'Hello.' })] }

  test.each([
    [400, ValidationException],
    [404, ResourceNotFoundException],
    [424, ModelErrorException],
    [429, ThrottlingException],
    [500, InternalServerException],
    [503, ServiceUnavailableException],
  ])('a reply of %i has its class', async (status, expected) => {
    await next({ faults: [{ kind: 'status', status }] })
    await expect(converse(client(), input)).rejects.toThrow(expected)
  })

  test('an exception inside a stream, before and after content', async () => {
    for (const after of [0, 3]) {
      const fault = { kind: 'error_event', after, code: 'ThrottlingException', message: 'Slow down.' } as const
      await next({ chunks: 20, faults: [fault] })
      await expect(converseStream(client(), input)).rejects.toThrow(ThrottlingException)
    }
  })

  test('a stream that is cut is cut inside a frame', async () => {
    await next({ chunks: 20, faults: [{ kind: 'cut', after: 3 }] })
    const reply = await fetch(`${simulator.url}/model/m/converse-stream`, {
      method: 'POST',
      headers: { authorization: 'Bearer k', 'content-type': 'application/json' },
      body: JSON.stringify({ messages: input.messages }),
    })
    const parts: Uint8Array[] = []
    const readAll = async () => {
      for await (const part of reply.body ?? []) parts.push(part)
    }
    await expect(readAll()).rejects.toThrow()
    const bytes = Buffer.concat(parts)
    let at = 0
    while (at + 4 <= bytes.length && at + bytes.readUInt32BE(at) <= bytes.length) at += bytes.readUInt32BE(at)
    expect(at).toBeGreaterThan(0)
    expect(at).toBeLessThan(bytes.length)
  })

  test('a model that is not there', async () => {
    await simulator.behave({ models: ['amazon.nova-lite-v1:0'] })
    await expect(converse(client(), input)).rejects.toThrow('The provided model identifier is invalid.')
  })
})
