/**
 * Answers recorded in Ollama's own language, through a running gateway: the recording plays the provider, OpenAI's
 * official client calls. What it reads is compared with what Ollama's client makes of the same bytes.
 */
import { Ollama } from 'ollama'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestGateway } from '../support/gateway.ts'
import { startTestGateway } from '../support/gateway.ts'
import type { Exchange } from './fixtures.ts'
import { missingFixtures, readErrors, readExchanges } from './fixtures.ts'
import type { Delivery, Playback } from './playback.ts'
import { recordingHeader, startPlayback } from './playback.ts'

const why = missingFixtures === null ? '' : ` (skipped: ${missingFixtures})`
const exchanges = readExchanges('ollama-chat')
const byId = (some: readonly Exchange[]) => some.map((exchange) => [exchange.id, exchange] as const)

let playback: Playback
let gateway: TestGateway
beforeAll(async () => {
  playback = await startPlayback()
  gateway = await startTestGateway({
    manifest: `providers:
  local: {type: ollama, base_url: "${playback.url}", forward_headers: [${recordingHeader}]}
models: {local/llama: {context_window: 8192}}
ai_routes:
  - {name: chat, match: {model: m}, targets: [{provider: local, model: llama, parameters: {keep_alive: 5m}}]}
`,
  })
})
afterAll(async () => {
  await gateway.close()
  await playback.close()
})

const question = { messages: [{ role: 'user' as const, content: 'Hello.' }] }

function clientOf(exchange: Exchange, delivery: Delivery) {
  const name = playback.load(exchange, delivery)
  const defaultHeaders = { [recordingHeader]: name }
  const baseURL = `${gateway.gateway.url}/v1`
  return { name, client: new OpenAI({ baseURL, apiKey: 'sk-caller', defaultHeaders, maxRetries: 0 }) }
}

async function byOllama(exchange: Exchange) {
  const name = playback.load(exchange, { kind: 'whole' })
  const client = new Ollama({ host: playback.url, headers: { [recordingHeader]: name } })
  let text = ''
  const calls: unknown[] = []
  const take = ({ message }: { message: { content?: string; tool_calls?: { function: unknown }[] } }) => {
    text += message.content ?? ''
    for (const call of message.tool_calls ?? []) calls.push(call.function)
  }
  if (exchange.stream) {
    for await (const part of await client.chat({ model: 'llama', ...question, stream: true })) take(part)
  } else take(await client.chat({ model: 'llama', ...question, stream: false }))
  return { text, calls: calls.map((call) => ({ ...(call as object), index: undefined })) }
}

function byOpenAi({ choices }: OpenAI.ChatCompletion) {
  const calls = choices[0]?.message.tool_calls ?? []
  return {
    text: choices[0]?.message.content ?? '',
    calls: calls.map((call) => {
      if (call.type !== 'function') throw new Error('a custom call')
      return { name: call.function.name, arguments: JSON.parse(call.function.arguments) as unknown, index: undefined }
    }),
  }
}

describe.skipIf(missingFixtures !== null)(`Ollama's language through a gateway${why}`, () => {
  const replies = exchanges.filter(({ stream }) => !stream)
  it.each(byId(replies))('reply %s', async (_id, exchange) => {
    const { client, name } = clientOf(exchange, { kind: 'whole' })
    const completion = await client.chat.completions.create({ model: 'm', ...question, max_tokens: 50 })
    expect(byOpenAi(completion)).toEqual(await byOllama(exchange))
    expect(playback.arrived(name)).toMatchObject([
      {
        method: 'POST',
        path: '/api/chat',
        body: { model: 'llama', ...question, stream: false, truncate: false, keep_alive: '5m' },
      },
    ])
    const [arrived] = playback.arrived(name)
    expect(arrived?.body).toHaveProperty('options', { num_predict: 50, num_ctx: 8192 })
  })

  const streams = exchanges.filter(({ stream }) => stream)
  it.each(byId(streams))('stream %s', async (_id, exchange) => {
    const { client } = clientOf(exchange, { kind: 'pieces' })
    const stream = client.chat.completions.stream({ model: 'm', ...question, stream_options: { include_usage: true } })
    const completion = await stream.finalChatCompletion()
    expect(byOpenAi(completion)).toEqual(await byOllama(exchange))
    expect(completion.choices[0]?.finish_reason).toMatch(/^(stop|tool_calls)$/)
  })

  it.each(byId(streams))('a broken stream is an error: %s', async (_id, exchange) => {
    const { bodyText = '' } = exchange.response
    const bytes = Buffer.byteLength(bodyText.trimEnd()) - 5
    for (const after of ['end', 'drop'] as const) {
      const { client } = clientOf(exchange, { kind: 'cut', bytes, after })
      const stream = await client.chat.completions.create({ model: 'm', ...question, stream: true })
      const reading = async () => {
        for await (const chunk of stream) expect(chunk.choices[0]?.finish_reason ?? null).toBeNull()
      }
      await expect(reading()).rejects.toThrow(OpenAI.APIError)
    }
  })

  const errors = readErrors('constructed').filter(({ api }) => api === 'ollama-chat')
  it.each([
    [404, 502, 'misconfigured'],
    [400, 400, 'does not support tools'],
  ])('a refusal with %i is told as %i', async (given, status, words) => {
    const error = errors.find(({ response }) => response.status === given)
    if (error === undefined) throw new Error('no such error')
    const { client } = clientOf(
      { ...error, id: `error-${given}`, provider: 'ollama', fidelity: 'suspect', stream: false, request: null },
      { kind: 'whole' },
    )
    for (const stream of [false, true]) {
      const calling = client.chat.completions.create({ model: 'm', ...question, stream })
      await expect(calling).rejects.toMatchObject({ status })
      await expect(calling).rejects.toThrow(words)
    }
  })
})
