/**
 * Answers recorded in Anthropic's language, through a running gateway: the recording plays the provider, OpenAI's
 * official client calls, and what it got goes back with the next question.
 */
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestGateway } from '../support/gateway.ts'
import { startTestGateway } from '../support/gateway.ts'
import type { Exchange } from './fixtures.ts'
import { missingFixtures, readExchanges } from './fixtures.ts'
import type { Playback } from './playback.ts'
import { providerKey, recordingHeader, startPlayback } from './playback.ts'

const why = missingFixtures === null ? '' : ` (skipped: ${missingFixtures})`
const exchanges = readExchanges('anthropic-messages')
const byId = (some: readonly Exchange[]) => some.map((exchange) => [exchange.id, exchange] as const)

function recording(id: string): Exchange {
  const found = exchanges.find((exchange) => exchange.id === `anthropic/${id}`)
  if (found === undefined) throw new Error(`no recording ${id}`)
  return found
}

let playback: Playback
let gateway: TestGateway
beforeAll(async () => {
  playback = await startPlayback()
  gateway = await startTestGateway({
    manifest: `providers:
  played:
    type: anthropic
    base_url: "${playback.url}"
    api_key: {env: TEST_KEY}
    forward_headers: [${recordingHeader}]
models: {played/claude-sonnet-4-0: {max_output_tokens: 9000}}
ai_routes:
  - {name: new, match: {model: new}, targets: [{provider: played, model: claude-haiku-4-5}]}
  - {name: old, match: {model: old}, targets: [{provider: played, model: claude-sonnet-4-0}]}
`,
    env: { TEST_KEY: providerKey },
  })
})
afterAll(async () => {
  await gateway.close()
  await playback.close()
})

function open(exchange: Exchange) {
  const name = playback.load(exchange, { kind: 'pieces' })
  const baseURL = `${gateway.gateway.url}/v1`
  const defaultHeaders = { [recordingHeader]: name }
  return { name, client: new OpenAI({ baseURL, apiKey: 'sk-caller', defaultHeaders, maxRetries: 0 }) }
}

const question = { role: 'user' as const, content: 'Hello.' }

async function answerOf(exchange: Exchange): Promise<OpenAI.ChatCompletion> {
  const { client } = open(exchange)
  if (!exchange.stream) return client.chat.completions.create({ model: 'new', messages: [question] })
  return client.chat.completions.stream({ model: 'new', messages: [question] }).finalChatCompletion()
}

/** The blocks of the recorded answer, as its maker's client reads them. */
async function blocksOf(exchange: Exchange): Promise<Anthropic.ContentBlock[]> {
  const defaultHeaders = { [recordingHeader]: playback.load(exchange, { kind: 'whole' }) }
  const client = new Anthropic({ apiKey: 'k', baseURL: playback.url, maxRetries: 0, defaultHeaders })
  const params = { model: 'm', max_tokens: 100, messages: [question] }
  const message = await (exchange.stream
    ? client.messages.stream(params).finalMessage()
    : client.messages.create(params))
  return message.content
}

const thinking = exchanges.filter(({ id }) => /thinking|reasoning/.test(id))

describe.skipIf(missingFixtures !== null)(`Anthropic's language through a gateway${why}`, () => {
  it('arrives where and as its maker has it', async () => {
    const { client, name } = open(recording('vercel--anthropic-text'))
    const { data, response } = await client.chat.completions
      .create({ model: 'old', messages: [{ role: 'system', content: 'Be brief.' }, question], seed: 7 })
      .withResponse()
    expect(data.choices[0]?.message.content).not.toBe('')
    expect(response.headers.get('x-aigw-lost')).toBe('seed')
    expect(playback.arrived(name)).toMatchObject([
      {
        method: 'POST',
        path: '/v1/messages',
        headers: { 'x-api-key': providerKey, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' },
        body: { model: 'claude-sonnet-4-0', max_tokens: 9000, system: [{ type: 'text', text: 'Be brief.' }] },
      },
    ])
    expect(playback.arrived(name)[0]?.headers).not.toHaveProperty('authorization')
  })

  it('has recordings of thoughts, plain and streamed', () => {
    expect(new Set(thinking.map(({ stream }) => stream))).toEqual(new Set([true, false]))
    expect(thinking.length).toBeGreaterThan(5)
  })

  it.each(byId(thinking))('signed thoughts come back as they were: %s', async (_id, exchange) => {
    const answer = (await answerOf(exchange)).choices[0]?.message
    if (answer === undefined) throw new Error('no answer')
    const { client, name } = open(recording('vercel--anthropic-text'))
    await client.chat.completions.create({ model: 'new', messages: [question, answer, question] })
    const blocks = (await blocksOf(exchange)).filter(({ type }) =>
      /^(?:text|thinking|redacted_thinking|tool_use)$/.test(type),
    )
    expect(blocks.some(({ type }) => type === 'thinking')).toBe(true)
    const [arrived] = playback.arrived(name)
    expect(arrived?.body).toMatchObject({
      messages: [{ role: 'user' }, { role: 'assistant', content: blocks.map(asSent) }, { role: 'user' }],
    })
  })

  it.each(['vercel--anthropic-json-tool-1', 'vercel--anthropic-json-tool-1-stream'])(
    'a tool of ours gives the answer: %s',
    async (id) => {
      const exchange = recording(id)
      const call = (await blocksOf(exchange)).find((block) => block.type === 'tool_use')
      if (call === undefined) throw new Error('no call')
      const schema = { name: call.name, schema: { type: 'object', properties: { recipe: { type: 'object' } } } }
      const response_format = { type: 'json_schema' as const, json_schema: schema }
      const asked = { model: 'old', messages: [question], response_format }
      const { client } = open(exchange)
      const completion = await (exchange.stream
        ? client.chat.completions.stream(asked).finalChatCompletion()
        : client.chat.completions.create(asked))
      const [choice] = completion.choices
      expect(JSON.parse(choice?.message.content ?? '')).toEqual(call.input)
      expect([choice?.finish_reason, choice?.message.tool_calls ?? []]).toEqual(['stop', []])
    },
  )

  it('calls come back in the form they were asked for in', async () => {
    const exchange = recording('vercel--anthropic-tool-no-args')
    const call = (await blocksOf(exchange)).find((block) => block.type === 'tool_use')
    const functions = [{ name: call?.name ?? '', parameters: { type: 'object', properties: {} } }]
    const { client } = open(exchange)
    const { choices } = await client.chat.completions.create({ model: 'new', messages: [question], functions })
    expect(choices[0]).toMatchObject({
      finish_reason: 'function_call',
      message: { function_call: { name: call?.name, arguments: JSON.stringify(call?.input) } },
    })
  })

  it("tells the operator's mistake apart from the caller's", async () => {
    const refused = exchanges.find(({ response }) => response.status === 401)
    if (refused === undefined) throw new Error('missing')
    const { client } = open(refused)
    const asking = client.chat.completions.create({ model: 'new', messages: [question] })
    await expect(asking).rejects.toMatchObject({ status: 502, code: 'all_targets_failed' })
  })
})

/** A block of an answer as a block of a request: what only answers have is left out. */
function asSent(block: Anthropic.ContentBlock): unknown {
  return block.type === 'text' ? { type: 'text', text: block.text } : block
}
