/**
 * Answers recorded in Google's language, through a running gateway: the recording plays the provider, OpenAI's official
 * client calls, and what it got goes back with the next question.
 */
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestGateway } from '../support/gateway.ts'
import { startTestGateway } from '../support/gateway.ts'
import type { Exchange } from './fixtures.ts'
import { bodyOf, missingFixtures, readExchanges } from './fixtures.ts'
import type { Playback } from './playback.ts'
import { providerKey, recordingHeader, startPlayback } from './playback.ts'

const why = missingFixtures === null ? '' : ` (skipped: ${missingFixtures})`
const exchanges = readExchanges('gemini-generate-content')
const byId = (some: readonly Exchange[]) => some.map((exchange) => [exchange.id, exchange] as const)

function recording(id: string): Exchange {
  const found = exchanges.find((exchange) => exchange.id === id)
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
    type: gemini
    base_url: "${playback.url}"
    api_key: {env: TEST_KEY}
    forward_headers: [${recordingHeader}]
ai_routes:
  - {name: new, match: {model: new}, targets: [{provider: played, model: gemini-3-flash-preview}]}
  - {name: old, match: {model: old}, targets: [{provider: played, model: gemini-2.5-flash}]}
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
const text = 'gemini/vercel--google-text'

async function answerOf(exchange: Exchange, model: string): Promise<OpenAI.ChatCompletion> {
  const { client } = open(exchange)
  if (!exchange.stream) return client.chat.completions.create({ model, messages: [question] })
  return client.chat.completions.stream({ model, messages: [question] }).finalChatCompletion()
}

/** The parts of a recorded answer that call something, read without a line of ours. */
function callsOf(exchange: Exchange): { functionCall: { name: string; args?: object }; thoughtSignature?: string }[] {
  const body = bodyOf(exchange)
  const events = exchange.stream ? body.split(/\r?\n/).filter((line) => line.startsWith('data:')) : [`data:${body}`]
  return events.flatMap((line) => {
    const { candidates } = JSON.parse(line.slice('data:'.length)) as {
      candidates: { content: { parts?: ReturnType<typeof callsOf> } }[]
    }
    return candidates.flatMap(({ content }) => content.parts ?? []).filter((part) => 'functionCall' in part)
  })
}

/** Answers with signed calls whose arguments came whole. */
const signed = exchanges.filter(({ id, response }) => {
  const body = bodyOf({ response })
  return (
    /thoughtSignature/.test(body) && /functionCall/.test(body) && !/willContinue/.test(body) && !id.includes('suspect')
  )
})

describe.skipIf(missingFixtures !== null)(`Google's language through a gateway${why}`, () => {
  it('arrives where and as its maker has it', async () => {
    const { client, name } = open(recording(text))
    const { data, response } = await client.chat.completions
      .create({ model: 'old', messages: [{ role: 'system', content: 'Be brief.' }, question], seed: 7, user: 'u' })
      .withResponse()
    expect(data.choices[0]?.message.content).not.toBe('')
    expect(response.headers.get('x-aigw-lost')).toBe('user')
    expect(playback.arrived(name)).toMatchObject([
      {
        method: 'POST',
        path: '/v1beta/models/gemini-2.5-flash:generateContent',
        headers: { 'x-goog-api-key': providerKey, 'content-type': 'application/json' },
        body: {
          contents: [{ role: 'user', parts: [{ text: 'Hello.' }] }],
          systemInstruction: { parts: [{ text: 'Be brief.' }] },
          generationConfig: { seed: 7 },
        },
      },
    ])
    expect(playback.arrived(name)[0]?.headers).not.toHaveProperty('authorization')
  })

  it('is streamed at a path of its own', async () => {
    const { client, name } = open(recording('gemini/vercel--google-text-stream'))
    await client.chat.completions.stream({ model: 'new', messages: [question] }).finalChatCompletion()
    expect(playback.arrived(name)).toMatchObject([
      { path: '/v1beta/models/gemini-3-flash-preview:streamGenerateContent?alt=sse' },
    ])
  })

  it('has recordings of signed calls, plain and streamed', () => {
    expect(new Set(signed.map(({ stream }) => stream))).toEqual(new Set([true, false]))
    expect(signed.length).toBeGreaterThan(20)
  })

  it.each(byId(signed))('signatures come back on the calls they came with: %s', async (_id, exchange) => {
    const answer = (await answerOf(exchange, 'new')).choices[0]?.message
    if (answer?.tool_calls === undefined) throw new Error('no calls')
    const { client, name } = open(recording(text))
    const results = answer.tool_calls.map(({ id }) => ({ role: 'tool' as const, tool_call_id: id, content: 'done' }))
    await client.chat.completions.create({ model: 'new', messages: [question, answer, ...results.toReversed()] })
    const calls = callsOf(exchange)
    const [arrived] = playback.arrived(name)
    if (arrived === undefined) throw new Error('nothing arrived')
    const { contents } = arrived.body as { contents: { role: string; parts: Record<string, unknown>[] }[] }
    const sent = contents.filter(({ role }) => role === 'model').flatMap(({ parts }) => parts)
    const sentCalls = sent.filter((part) => 'functionCall' in part)
    expect(sentCalls.map(({ thoughtSignature }) => thoughtSignature)).toEqual(
      calls.map(({ thoughtSignature }) => thoughtSignature),
    )
    expect(sentCalls).toMatchObject(
      calls.map(({ functionCall: { name: called, args = {} } }) => ({ functionCall: { name: called, args } })),
    )
    expect(contents.at(-1)?.parts).toMatchObject(
      calls.map(({ functionCall }) => ({
        functionResponse: { name: functionCall.name, response: { output: 'done' } },
      })),
    )
  })

  it('calls come back in the form they were asked for in', async () => {
    const exchange = recording('gemini/vercel--google-tool-call')
    const [call] = callsOf(exchange)
    const functions = [{ name: call?.functionCall.name ?? '', parameters: { type: 'object', properties: {} } }]
    const { client } = open(exchange)
    const { choices } = await client.chat.completions.create({ model: 'old', messages: [question], functions })
    expect(choices[0]).toMatchObject({
      finish_reason: 'function_call',
      message: {
        function_call: { name: call?.functionCall.name, arguments: JSON.stringify(call?.functionCall.args) },
      },
    })
  })

  it("tells the operator's mistake apart from the caller's, and a limit from both", async () => {
    const refused = exchanges.find(({ response }) => response.status === 400)
    const limited = exchanges.find(({ response }) => response.status === 429)
    if (refused === undefined || limited === undefined) throw new Error('missing')
    const ask = (exchange: Exchange) =>
      open(exchange).client.chat.completions.create({ model: 'new', messages: [question] })
    await expect(ask(refused)).rejects.toMatchObject({ status: 502, code: 'all_targets_failed' })
    await expect(ask(limited)).rejects.toMatchObject({ status: 429 })
  })
})
