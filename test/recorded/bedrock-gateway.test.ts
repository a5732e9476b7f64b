/**
 * Every exchange recorded in Bedrock's Converse, through a running gateway: the recording plays the provider, OpenAI's
 * official client calls, and what it got is held against what AWS's own client made of the same bytes.
 */
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foldChunks } from '../../gateway/core/chat/testing/fold-chunks.ts'
import type { ChatCompletion, ChatCompletionChunk } from '../../schemas/index.ts'
import type { TestGateway } from '../support/gateway.ts'
import { startTestGateway } from '../support/gateway.ts'
import { meaningOf, readByClient } from './bedrock-meaning.ts'
import type { Exchange } from './fixtures.ts'
import { bytesOf, missingFixtures, readExchanges } from './fixtures.ts'
import { meaningOfCompletion } from './meaning.ts'
import type { Delivery, Playback } from './playback.ts'
import { providerKey, recordingHeader, startPlayback } from './playback.ts'

const why = missingFixtures === null ? '' : ` (skipped: ${missingFixtures})`
const exchanges = readExchanges('bedrock-converse')
const answered = exchanges.filter(({ response }) => response.status === 200)
const streams = answered.filter(({ stream }) => stream)
const byId = (some: readonly Exchange[]) => some.map((exchange) => [exchange.id, exchange] as const)

let playback: Playback
let gateway: TestGateway
beforeAll(async () => {
  playback = await startPlayback()
  gateway = await startTestGateway({
    manifest: `providers:
  played:
    type: bedrock
    base_url: "${playback.url}"
    auth: bearer
    api_key: {env: TEST_KEY}
    forward_headers: [${recordingHeader}]
ai_routes:
  - {name: any, match: {model: any}, targets: [{provider: played, model: "us.amazon.nova-2-lite-v1:0"}]}
`,
    env: { TEST_KEY: providerKey },
  })
})
afterAll(async () => {
  await gateway.close()
  await playback.close()
})

const messages = [{ role: 'user' as const, content: 'Hello.' }]

function open(exchange: Exchange, delivery: Delivery) {
  const name = playback.load(exchange, delivery)
  const defaultHeaders = { [recordingHeader]: name }
  const baseURL = `${gateway.gateway.url}/v1`
  return { name, client: new OpenAI({ baseURL, apiKey: 'sk-caller', defaultHeaders, maxRetries: 0 }) }
}

async function answerOf(exchange: Exchange): Promise<{ completion: ChatCompletion; name: string }> {
  const { client, name } = open(exchange, { kind: 'pieces' })
  const asked = { model: 'any', messages }
  if (!exchange.stream)
    return { completion: asRead(await client.chat.completions.create(asked)) as ChatCompletion, name }
  const options = { stream: true as const, stream_options: { include_usage: true } }
  const chunks: ChatCompletionChunk[] = []
  // Folded here: the client's own folding overwrites the fields it does not know.
  for await (const chunk of await client.chat.completions.create({ ...asked, ...options })) {
    chunks.push(asRead(chunk) as ChatCompletionChunk)
  }
  return { completion: foldChunks(chunks), name }
}

/** What the client hands on is what it was sent, field by field. */
function asRead(theirs: object): unknown {
  return JSON.parse(JSON.stringify(theirs))
}

describe.skipIf(missingFixtures !== null)(`recorded in Bedrock's Converse, through the gateway${why}`, () => {
  it.each(byId(answered))('%s', async (_id, exchange) => {
    const read = await readByClient(playback, exchange)
    const { completion, name } = await answerOf(exchange)
    expect(meaningOfCompletion(completion)).toEqual(meaningOf(read))
    const [arrived] = playback.arrived(name)
    expect(arrived?.path).toBe(`/model/us.amazon.nova-2-lite-v1%3A0/converse${exchange.stream ? '-stream' : ''}`)
    expect(arrived?.headers.authorization).toBe(`Bearer ${providerKey}`)
  })

  it.each(byId(exchanges.filter(({ response }) => response.status === 403)))(
    '%s is the operator’s to mend',
    async (_id, exchange) => {
      const { client } = open(exchange, { kind: 'whole' })
      const asked = client.chat.completions.create({ model: 'any', messages })
      await expect(asked).rejects.toMatchObject({ status: 502, code: 'all_targets_failed' })
    },
  )

  it.each(
    streams
      .slice(0, 6)
      .flatMap((exchange) => (['end', 'drop'] as const).map((after) => [after, exchange.id, exchange] as const)),
  )('cut inside a frame (%s): %s', async (after, _id, exchange) => {
    const stop = bytesOf(exchange).lastIndexOf('messageStop')
    const { client } = open(exchange, { kind: 'cut', bytes: stop, after })
    const read = async () => {
      const stream = await client.chat.completions.create({ model: 'any', messages, stream: true })
      for await (const chunk of stream) expect(chunk.choices[0]?.finish_reason).toBeNull()
    }
    await expect(read()).rejects.toThrow(OpenAI.APIError)
  })
})
