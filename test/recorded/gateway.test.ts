/**
 * Every recorded answer in OpenAI's chat language, through a running gateway: the recording plays the provider, the
 * official client calls, and what it reads behind the gateway means what it reads without one. What leaves the gateway
 * is held against our own strict schemas and against OpenAI's; what reaches the provider, against what was sent.
 */
import type OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foldChunks } from '../../gateway/core/chat/testing/fold-chunks.ts'
import type { ChatCompletion, ChatCompletionChunk } from '../../schemas/index.ts'
import { validateChatCompletionChunk } from '../../schemas/validate-chat-completion-chunk.ts'
import { validateChatCompletion } from '../../schemas/validate-chat-completion.ts'
import type { Exchange } from './fixtures.ts'
import { bodyOf, missingFixtures, readExchanges } from './fixtures.ts'
import type { Meaning, UsageMeaning } from './meaning.ts'
import { meaningOfCompletion, meaningOfReply, meaningOfStream } from './meaning.ts'
import type { Body, Heard, Line } from './playback.ts'
import {
  assertContract,
  chatPath,
  cutInPieces,
  isContinuation,
  providerKey,
  randomOf,
  recordedProviders,
  recordingHeader,
  requestOf,
  routeModel,
  Stage,
  targetId,
  targetModel,
} from './playback.ts'

const why = missingFixtures === null ? '' : ` (skipped: ${missingFixtures})`
const exchanges = readExchanges('openai-chat')
const answered = exchanges.filter(({ response }) => response.status === 200)
const replies = answered.filter(({ stream }) => !stream)
const streams = answered.filter(({ stream }) => stream)
const byId = (some: readonly Exchange[]) => some.map((exchange) => [exchange.id, exchange] as const)

let stage: Stage
beforeAll(async () => {
  if (missingFixtures === null) stage = await Stage.open()
})
afterAll(() => stage?.close())

type PlainParams = OpenAI.ChatCompletionCreateParamsNonStreaming
type StreamParams = OpenAI.ChatCompletionCreateParamsStreaming

// A recorded request is sent as it is, with whatever the provider's own dialect of the language adds to it.
const askPlain = ({ client }: Line, body: Body) => client.chat.completions.create(body as unknown as PlainParams)
const askStream = ({ client }: Line, body: Body) => client.chat.completions.create(body as unknown as StreamParams)

// ---- what is compared ----

/** What reached the provider is what was sent, save the model's name and that usage is always asked for. */
function assertArrived(line: Line, exchange: Exchange, sent: Body): void {
  const [request, ...more] = line.arrived()
  expect(more).toEqual([])
  expect(request?.body).toEqual(arrivalOf(exchange.provider, sent))
  expect(request?.method).toBe('POST')
  expect(request?.path).toBe(chatPath(exchange.provider))
  const headers = request?.headers ?? {}
  const key = exchange.provider === 'azure-openai' ? headers['api-key'] : headers.authorization?.replace('Bearer ', '')
  expect(key).toBe(providerKey)
  expect(JSON.stringify(headers)).not.toContain('the-callers-own-key')
}

function arrivalOf(provider: string, sent: Body): Body {
  const { model: _asked, stream_options: _given, ...rest } = sent
  // Azure takes the model from the path; Mistral knows no `stream_options` and counts unasked.
  const named = provider === 'azure-openai' ? {} : { model: targetModel }
  const asks = sent['stream'] === true && provider !== 'mistral' ? { stream_options: { include_usage: true } } : {}
  return { ...rest, ...named, ...asks }
}

/** What the audit trail must say of each request: the provider's count, whether the caller asked for it or not. */
const counted = new Map<string, UsageMeaning | null>()

function assertHead(heard: Heard, exchange: Exchange, expected: { type: string; usage: UsageMeaning | null }): void {
  expect(heard.status).toBe(200)
  expect(Object.fromEntries(heard.headers)).toMatchObject({
    'content-type': expect.stringContaining(expected.type),
    'x-request-id': expect.stringMatching(/^req_/),
    'x-aigw-route': exchange.provider,
    'x-aigw-target': targetId(exchange.provider),
    'x-aigw-attempts': '1',
  })
  // What was recorded this provider took, so none of it may be left out on its way there.
  expect(heard.headers.has('x-aigw-lost')).toBe(false)
  counted.set(heard.headers.get('x-request-id') ?? '', expected.usage)
}

/** Names that came from the provider: a result finds its call by them, an operator the answer. */
function assertNames(completion: ChatCompletion, exchange: Exchange): void {
  const body = bodyOf(exchange)
  const said = (name: string) => body.includes(JSON.stringify(name))
  const calls = completion.choices.flatMap(({ message }) => message.tool_calls ?? [])
  expect(calls.map(({ id }) => id).filter((id) => !said(id))).toEqual([])
  expect([completion.id, completion.model].filter((name) => !said(name))).toEqual([])
}

/** The events as a reader would take them that knows no more than the standard. */
function eventsOf(text: string): string[] {
  expect(text.endsWith('\n\n')).toBe(true)
  return text
    .slice(0, -2)
    .split('\n\n')
    .map((event) => {
      expect(event).toMatch(/^data: [^\n\r]+$/)
      return event.slice('data: '.length)
    })
}

/** Strict chunks, usage in its place and nowhere else, then `[DONE]`. */
function assertStream(heard: Heard, usage: 'asked' | 'asked, not said' | 'not asked'): ChatCompletionChunk[] {
  const events = eventsOf(heard.text)
  expect(events.at(-1)).toBe('[DONE]')
  const chunks = events.slice(0, -1).map((event) => JSON.parse(event) as ChatCompletionChunk)
  expect(chunks.length).toBeGreaterThan(1)
  for (const chunk of chunks) {
    expect(validateChatCompletionChunk(chunk)).toMatchObject({ valid: true })
    assertContract('CreateChatCompletionStreamResponse', chunk)
    expect(Object.hasOwn(chunk, 'usage')).toBe(usage !== 'not asked')
  }
  const usages = chunks.filter((chunk) => chunk.usage !== undefined && chunk.usage !== null)
  expect(usages).toEqual(usage === 'asked' ? [chunks.at(-1)] : [])
  expect(chunks.filter(({ choices }) => choices.length === 0)).toEqual(usages)
  return chunks
}

/** Reads all the client gives; what stopped it, if something did. */
async function collect<Item>(stream: PromiseLike<AsyncIterable<Item>>) {
  const items: Item[] = []
  let error: unknown = null
  try {
    for await (const item of await stream) items.push(item)
  } catch (thrown) {
    error = thrown
  }
  return { items, error }
}

/** The client's helper keeps only the last piece of fields that OpenAI does not have, reasoning text among them. */
function withoutReasoning({ choices, usage }: Meaning): Meaning {
  return { choices: choices.map((choice) => ({ ...choice, reasoning: '' })), usage }
}

// ---- the suites ----

describe.skipIf(missingFixtures !== null)(`recordings in OpenAI's chat language${why}`, () => {
  it('are all played, each by a connection of its own type', () => {
    expect([exchanges.length, replies.length, streams.length]).toEqual([321, 232, 78])
    expect(new Set(exchanges.map(({ provider }) => provider))).toEqual(new Set(recordedProviders))
  })

  it('are cut inside characters and line ends, and lose nothing', () => {
    let insideCharacters = 0
    let insideLineEnds = 0
    for (const exchange of answered) {
      const bytes = Buffer.from(bodyOf(exchange))
      const pieces = cutInPieces(bytes, randomOf(exchange.id))
      expect(Buffer.concat(pieces).equals(bytes)).toBe(true)
      expect(pieces.length).toBeGreaterThan(1)
      if (pieces.some((piece) => isContinuation(piece[0] ?? 0))) insideCharacters += 1
      if (pieces.some((piece, index) => piece[0] === 0x0a && pieces[index - 1]?.at(-1) === 0x0d)) insideLineEnds += 1
    }
    expect(insideCharacters).toBeGreaterThan(50)
    // One was recorded with CRLF.
    expect(insideLineEnds).toBe(1)
  })

  it('arrive in pieces', async () => {
    for (const exchange of streams.slice(0, 10)) {
      const bytes = Buffer.from(bodyOf(exchange))
      const name = stage.playback.load(exchange, { kind: 'pieces' })
      const headers = { [recordingHeader]: name }
      const reply = await fetch(stage.playback.url, { method: 'POST', headers, body: '{}' })
      const reads: Uint8Array[] = []
      for await (const read of reply.body ?? []) reads.push(read as Uint8Array)
      expect(Buffer.concat(reads).equals(bytes)).toBe(true)
      expect(reads.length).toBeGreaterThan(cutInPieces(bytes, randomOf(exchange.id)).length / 2)
    }
  })

  it('come to their recorded place', () => {
    // Where each provider's chat endpoint was when it was recorded; Azure's holds names of its own.
    const recorded = exchanges.filter(({ request, provider }) => request !== null && provider !== 'azure-openai')
    expect(recorded).toHaveLength(218)
    for (const { provider, request } of recorded) expect(chatPath(provider)).toBe(request?.path)
  })
})

describe.skipIf(missingFixtures !== null).concurrent(`a recorded reply${why}`, () => {
  it.each(byId(replies))('%s', async (_id, exchange) => {
    const sent = requestOf(exchange)
    const before = meaningOfReply(await askPlain(stage.direct(exchange), sent))
    expect(before).toEqual(meaningOfReply(exchange.response.body))
    for (const kind of ['whole', 'pieces'] as const) {
      const line = stage.viaGateway(exchange, { kind })
      const read = await askPlain(line, sent)
      const heard = await line.heard()
      assertHead(heard, exchange, { type: 'application/json', usage: before.usage })
      const checked = validateChatCompletion(JSON.parse(heard.text))
      if (!checked.valid) throw new Error(checked.problems[0].message)
      expect(read).toEqual(checked.value)
      assertContract('CreateChatCompletionResponse', checked.value)
      expect(meaningOfCompletion(checked.value)).toEqual(before)
      assertNames(checked.value, exchange)
      assertArrived(line, exchange, sent)
    }
  })
})

/** These end in `[DONE] ` with a space after it, which the client takes for broken JSON (all marked as suspect). */
const unreadable = new Set([
  'openrouter/prism--stream-text-with-a-prompt-1',
  'openrouter/prism--stream-text-with-reasoning-1',
  'openrouter/prism--stream-text-with-tools-1',
])

describe.skipIf(missingFixtures !== null).concurrent(`a recorded stream${why}`, () => {
  it.each(byId(streams))('%s', async (_id, exchange) => {
    const sent = requestOf(exchange)
    const direct = await collect(askStream(stage.direct(exchange), sent))
    expect(direct.error === null).toBe(!unreadable.has(exchange.id))
    const before = meaningOfStream(direct.items.map((chunk) => `data: ${JSON.stringify(chunk)}`).join('\n'))
    expect(before).toEqual(meaningOfStream(bodyOf(exchange)))

    // As it was asked for when it was recorded, chunk by chunk.
    const line = stage.viaGateway(exchange, { kind: 'whole' })
    const read = await collect(askStream(line, sent))
    expect(read.error).toBeNull()
    const heard = await line.heard()
    assertHead(heard, exchange, { type: 'text/event-stream', usage: before.usage })
    const asks = Object.hasOwn(sent, 'stream_options')
    const said = before.usage === null ? 'asked, not said' : 'asked'
    const chunks = assertStream(heard, asks ? said : 'not asked')
    expect(read.items).toEqual(chunks)
    const folded = foldChunks(chunks)
    assertContract('CreateChatCompletionResponse', folded)
    expect(meaningOfCompletion(folded)).toEqual({ ...before, usage: asks ? before.usage : null })
    assertNames(folded, exchange)
    assertArrived(line, exchange, sent)

    // In small pieces, through the client's own helper, and always with usage.
    const counting = { ...sent, stream_options: { include_usage: true } }
    const pieces = stage.viaGateway(exchange, { kind: 'pieces' })
    const runner = pieces.client.chat.completions.stream(counting as unknown as StreamParams)
    const { usage, ...final } = (await runner.finalChatCompletion()) as ChatCompletion
    const heardPieces = await pieces.heard()
    assertHead(heardPieces, exchange, { type: 'text/event-stream', usage: before.usage })
    const recounted = foldChunks(assertStream(heardPieces, said))
    expect(meaningOfCompletion(recounted)).toEqual(before)
    // The helper keeps the `usage: null` of chunks when no count follows.
    const helped = usage === null || usage === undefined ? final : { ...final, usage }
    expect(withoutReasoning(meaningOfCompletion(helped))).toEqual(withoutReasoning(before))
    assertArrived(pieces, exchange, counting)
  })
})

describe.skipIf(missingFixtures !== null).concurrent(`an image in a form that is not OpenAI's${why}`, () => {
  const inOwnForm = exchanges.filter(({ request }) => JSON.stringify(request).includes('"image_url":"'))

  it('was recorded twice', () => {
    expect(inOwnForm).toHaveLength(2)
  })

  it.each(byId(inOwnForm))('is refused before it reaches a provider: %s', async (_id, exchange) => {
    const line = stage.viaGateway(exchange, { kind: 'whole' })
    const asked = askPlain(line, { ...exchange.request?.body, model: routeModel(exchange.provider) })
    await expect(asked).rejects.toMatchObject({ status: 400, param: 'messages[0].content[1].image_url' })
    expect(line.arrived()).toEqual([])
  })
})

// ---- what a provider does not take ----

/** A request that holds what some provider here refuses, renames or reads otherwise. */
const call = { id: 'call_of_more_than_nine', type: 'function', function: { name: 'sky', arguments: '{"city":"Oslo"}' } }
const messages = [
  { role: 'developer', content: 'Be brief.', name: 'operator' },
  { role: 'user', content: 'What is the sky like in Oslo?', name: 'ada' },
  { role: 'assistant', content: null, refusal: null, reasoning_content: 'A tool knows.', tool_calls: [call] },
  { role: 'tool', tool_call_id: call.id, content: '{"sky":"clear"}' },
]
const schema = { type: 'object', properties: { sky: { type: 'string' } }, required: ['sky'] }
const everything: Body = {
  messages,
  tools: [{ type: 'function', function: { name: 'sky', description: 'Looks up.', parameters: schema } }],
  tool_choice: 'required',
  parallel_tool_calls: false,
  temperature: 0.3,
  top_p: 0.9,
  seed: 7,
  stop: ['END'],
  max_completion_tokens: 64,
  frequency_penalty: 0.5,
  presence_penalty: 0.25,
  logprobs: true,
  top_logprobs: 2,
  logit_bias: { '50256': -100 },
  user: 'u-1',
  store: true,
  service_tier: 'flex',
  verbosity: 'low',
  response_format: { type: 'json_schema', json_schema: { name: 'sky', schema, strict: true } },
}

const [developer, user, assistant, tool] = messages
const asSystem = [{ ...developer, role: 'system' }, user, assistant, tool]
const limited = { max_completion_tokens: undefined, max_tokens: 64 }

/** What arrives otherwise (undefined: not at all), and what the caller is told was lost. */
interface Adapted {
  readonly arrives: Body
  readonly lost: readonly string[]
  /** What it is asked instead, where it would take nothing of all this together. */
  readonly asked?: Body
}
const system: Adapted = { arrives: { messages: asSystem }, lost: [] }
const { reasoning_content: _reasoning, ...plainAssistant } = assistant ?? {}
const reasoningStaysBehind: Adapted = {
  arrives: { messages: [developer, user, plainAssistant, tool] },
  lost: ['messages[].reasoning_content'],
}
const systemAndLimit: Adapted = { arrives: { messages: asSystem, ...limited }, lost: [] }

const adapted: Readonly<Record<string, Adapted>> = {
  openai: reasoningStaysBehind,
  'azure-openai': reasoningStaysBehind,
  openrouter: { arrives: {}, lost: [] },
  xai: {
    arrives: { messages: [asSystem[0], user, { ...assistant, content: '' }, tool] },
    lost: [],
  },
  gpustack: system,
  ollama: system,
  'openai-compatible': system,
  perplexity: {
    asked: { messages: [developer, user], tools: undefined, tool_choice: undefined, parallel_tool_calls: undefined },
    arrives: { messages: asSystem.slice(0, 2), ...limited },
    lost: [],
  },
  together: systemAndLimit,
  moonshot: systemAndLimit,
  zhipu: {
    arrives: { messages: asSystem, ...limited, tool_choice: undefined },
    lost: ['tool_choice[required]'],
  },
  'qwen-dashscope': systemAndLimit,
  deepseek: {
    arrives: { messages: asSystem, ...limited, response_format: { type: 'json_object' } },
    lost: ['response_format[json_schema]'],
  },
  groq: {
    arrives: {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: user?.content },
        { role: 'assistant', content: null, tool_calls: [call] },
        tool,
      ],
      logprobs: undefined,
      top_logprobs: undefined,
      logit_bias: undefined,
    },
    lost: ['logit_bias', 'logprobs', 'messages[].name', 'messages[].reasoning_content', 'top_logprobs'],
  },
  mistral: {
    arrives: {
      ...limited,
      seed: undefined,
      random_seed: 7,
      logprobs: undefined,
      top_logprobs: undefined,
      logit_bias: undefined,
      user: undefined,
      store: undefined,
      service_tier: undefined,
      verbosity: undefined,
    },
    lost: [
      'logit_bias',
      'logprobs',
      'messages[].name',
      'messages[].reasoning_content',
      'service_tier',
      'store',
      'top_logprobs',
      'user',
      'verbosity',
    ],
  },
}

/** Mistral takes ids of nine letters and digits; the call and its result must still find each other. */
function assertShortIds(arrived: Body): void {
  const sent = arrived['messages'] as { tool_call_id?: string; tool_calls?: { id: string }[] }[]
  const id = sent[2]?.tool_calls?.[0]?.id ?? ''
  expect(id).toMatch(/^[A-Za-z0-9]{9}$/)
  expect(sent).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: user?.content },
    { role: 'assistant', content: null, tool_calls: [{ ...call, id }] },
    { ...tool, tool_call_id: id },
  ])
}

describe.skipIf(missingFixtures !== null).concurrent(`a request with everything${why}`, () => {
  it.each(recordedProviders)('reaches %s without what it cannot take, and the caller is told', async (provider) => {
    const { arrives, lost, asked } = adapted[provider] ?? { arrives: {}, lost: ['no row'] }
    const mine = exchanges.filter((exchange) => exchange.provider === provider && exchange.response.status === 200)
    // One reply and one stream, as far as both were recorded.
    const samples = [mine.find(({ stream }) => !stream), mine.find(({ stream }) => stream)].filter(Boolean)
    expect(samples.length).toBeGreaterThan(0)
    for (const exchange of samples) {
      if (exchange === undefined) continue
      const line = stage.viaGateway(exchange, { kind: 'whole' })
      const sent = { ...everything, ...asked, model: routeModel(provider), ...(exchange.stream && { stream: true }) }
      // What is played answers another request, so only its head is looked at.
      await (exchange.stream ? collect(askStream(line, sent)) : askPlain(line, sent))
      const { status, headers } = await line.heard()
      expect(status).toBe(200)
      expect((headers.get('x-aigw-lost') ?? '').split(', ').filter(Boolean).sort()).toEqual(lost)
      const [request] = line.arrived()
      const body = request?.body as Body
      if (provider === 'mistral') assertShortIds(body)
      const { messages: arrived, ...fields } = body
      const expected = JSON.parse(JSON.stringify({ ...arrivalOf(provider, sent), ...arrives })) as Body
      const { messages: expectedMessages, ...expectedFields } = expected
      expect(fields).toEqual(expectedFields)
      if (provider !== 'mistral') expect(arrived).toEqual(expectedMessages)
    }
  })
})

describe.skipIf(missingFixtures !== null)(`the audit trail${why}`, () => {
  it('has one record of each answer, with what the provider counted', async () => {
    const records = new Map((await stage.gateway.records()).map((record) => [record.id, record] as const))
    expect(counted.size).toBe(2 * replies.length + 2 * streams.length)
    for (const [id, usage] of counted) {
      const record = records.get(id)
      expect(record).toMatchObject({ finish: { outcome: 'served', status: 200 }, attempts: [{ class: 'ok' }] })
      expect(record?.usage ?? null).toEqual(usage)
    }
  })
})
