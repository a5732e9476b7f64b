/**
 * What callers see when a provider refuses, breaks off or stops short: each recorded refusal and each recorded answer,
 * cut at a seeded random place, through a running gateway and the official client. There is always an error in OpenAI's
 * envelope, never a silent end, and never a second call.
 */
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChatCompletionChunk } from '../../schemas/index.ts'
import { validateChatCompletionChunk } from '../../schemas/validate-chat-completion-chunk.ts'
import { validateErrorResponse } from '../../schemas/validate-error-response.ts'
import type { Exchange } from './fixtures.ts'
import { bodyOf, missingFixtures, readErrors, readExchanges } from './fixtures.ts'
import { meaningOfStream } from './meaning.ts'
import type { Body, Delivery, Heard, Line } from './playback.ts'
import { assertContract, providerKey, randomOf, requestOf, Stage } from './playback.ts'

const why = missingFixtures === null ? '' : ` (skipped: ${missingFixtures})`
const exchanges = readExchanges('openai-chat')
const refusals = exchanges.filter(({ response }) => response.status !== 200)
const answered = exchanges.filter(({ response }) => response.status === 200)
const replies = answered.filter(({ stream }) => !stream)
const streams = answered.filter(({ stream }) => stream)
const byId = (some: readonly Exchange[]) => some.map((exchange) => [exchange.id, exchange] as const)

let stage: Stage
beforeAll(async () => {
  if (missingFixtures === null) stage = await Stage.open()
})
afterAll(() => stage?.close())

// ---- what is asked and what is heard ----

interface Told {
  /** What the client threw. */
  readonly error: unknown
  readonly heard: Heard
  /** What it gave before that. */
  readonly chunks: readonly unknown[]
}

/** Asks as it was recorded: for a stream, or for one plain answer. The provider is called once, whatever it says. */
async function ask(line: Line, sent: Body): Promise<Told> {
  const chunks: unknown[] = []
  let error: unknown = null
  try {
    // The recorded request, with whatever the provider's own dialect of the language adds to it.
    const params = sent as unknown as OpenAI.ChatCompletionCreateParams
    const answer = await line.client.chat.completions.create(params)
    if (Symbol.asyncIterator in answer) for await (const chunk of answer) chunks.push(chunk)
    else chunks.push(answer)
  } catch (thrown) {
    error = thrown
  }
  expect(line.arrived()).toHaveLength(1)
  return { error, heard: await line.heard(), chunks }
}

/** An error as the client types it, that came in an envelope and not from a broken connection. */
function apiErrorOf({ error }: Told): InstanceType<typeof OpenAI.APIError> {
  expect(error).toBeInstanceOf(OpenAI.APIError)
  expect(error).not.toBeInstanceOf(OpenAI.APIConnectionError)
  return error as InstanceType<typeof OpenAI.APIError>
}

function assertEnvelope(text: string): { message: string; type: string; code: string | null; param: string | null } {
  const checked = validateErrorResponse(JSON.parse(text))
  if (!checked.valid) throw new Error(checked.problems[0].message)
  assertContract('ErrorResponse', checked.value)
  expect(text).not.toContain(providerKey)
  return checked.value.error
}

/** A refusal instead of an answer. */
function assertRefused(told: Told, expected: { readonly status: number; readonly code: string | null }) {
  const { status, headers, text } = told.heard
  const error = apiErrorOf(told)
  const envelope = assertEnvelope(text)
  expect({ status, code: envelope.code }).toEqual(expected)
  expect(error).toMatchObject({ ...expected, param: envelope.param, type: envelope.type })
  expect(error.message).toContain(envelope.message)
  expect(headers.get('content-type')).toBe('application/json')
  // A client would try 429 and above again on its own; a route that is exhausted has nothing left to try.
  expect(headers.get('x-should-retry')).toBe(status >= 429 ? 'false' : null)
  expect(told.chunks).toEqual([])
  return envelope
}

// ---- refusals ----

interface Refusal {
  readonly status: number
  readonly code: string | null
  readonly param?: string
  /** A piece of the provider's words, and whether the caller gets to read it. */
  readonly words: string
  readonly told: boolean
  readonly retryAfter?: string
}

/** The operator's mistake at a lone target: the caller learns that the route failed and nothing of the key. */
function misconfigured(words: string): Refusal {
  return { status: 502, code: 'all_targets_failed', words, told: false }
}

const recorded: Readonly<Record<string, Refusal>> = {
  'azure-openai/openllmetry--openai-chat-reasoning-2': misconfigured('deployment for this resource'),
  'azure-openai/rubyllm--error-handling-with-azure-grok-4-1-fast-non-reasoning-raises-appropriate-auth-error-1':
    misconfigured('subscription key'),
  'deepseek/rubyllm--error-handling-with-deepseek-deepseek-chat-raises-appropriate-auth-error-1':
    misconfigured('Authentication Fails'),
  'mistral/rubyllm--error-handling-with-mistral-mistral-small-latest-raises-appropriate-auth-error-1':
    misconfigured('Invalid API Key'),
  'ollama/rubyllm--error-handling-with-ollama-cloud-gpt-oss-120b-raises-appropriate-auth-error-1':
    misconfigured('Unauthorized'),
  'openai/openllmetry--llamaindex-agents-and-tools-3': misconfigured('has been deprecated'),
  'openai/openllmetry--openai-vision-3': {
    status: 400,
    code: 'invalid_image_url',
    words: 'Error while downloading https://source.unsplash.com/8xznAGy4HcY/800x400.',
    told: true,
  },
  'openai/openllmetry--openai-vision-base64-4': {
    status: 400,
    code: 'invalid_image_format',
    words: 'You uploaded an unsupported image.',
    told: true,
  },
  'openai/vercel--reasoning-model-legacy-parameter-error': {
    status: 400,
    code: 'unsupported_parameter',
    param: 'max_tokens',
    words: "Unsupported parameter: 'max_tokens' is not supported with this model.",
    told: true,
  },
  'openrouter/rubyllm--error-handling-with-openrouter-claude-haiku-4-5-raises-appropriate-auth-error-1': misconfigured(
    'Missing Authentication header',
  ),
  'perplexity/rubyllm--error-handling-with-perplexity-sonar-raises-appropriate-auth-error-1':
    misconfigured('Invalid API key provided'),
}

async function assertRefusal(exchange: Exchange, refusal: Refusal): Promise<void> {
  expect(bodyOf(exchange)).toContain(refusal.words)
  for (const kind of ['whole', 'pieces'] as const) {
    const line = stage.viaGateway(exchange, { kind })
    const told = await ask(line, requestOf(exchange))
    const envelope = assertRefused(told, { status: refusal.status, code: refusal.code })
    expect(envelope.message.includes(refusal.words)).toBe(refusal.told)
    expect(envelope.param).toBe(refusal.param ?? null)
    expect(told.heard.headers.get('retry-after')).toBe(refusal.retryAfter ?? null)
  }
}

describe.skipIf(missingFixtures !== null).concurrent(`a recorded refusal${why}`, () => {
  it('is here with what comes of it', () => {
    expect(refusals).toHaveLength(11)
    expect(new Set(refusals.map(({ id }) => id))).toEqual(new Set(Object.keys(recorded)))
  })

  it.each(byId(refusals))('%s', async (id, exchange) => {
    const refusal = recorded[id]
    if (refusal === undefined) throw new Error('no row')
    await assertRefusal(exchange, refusal)
  })
})

// ---- refusals nobody recorded ----

const failed = (words: string): Refusal => ({ status: 502, code: 'all_targets_failed', words, told: true })
const passedBack = (status: number, code: string, words: string): Refusal => ({ status, code, words, told: true })
const limited = (words: string, retryAfter = '5'): Refusal => ({
  status: 429,
  code: 'rate_limit_exceeded',
  words,
  told: true,
  retryAfter,
})

/** In the order of the file: whose connection plays it, and what comes of it. Waits are the provider's, or our own. */
const constructed: readonly (readonly [string, number, Refusal])[] = [
  ['openai', 400, { ...passedBack(400, 'invalid_value', "Invalid value for 'temperature'"), param: 'temperature' }],
  ['openai', 401, misconfigured('The API key given is not valid.')],
  ['openai', 403, misconfigured('This project may not use the model.')],
  ['openai', 404, misconfigured('The model does not exist')],
  ['openai', 429, limited('Rate limit reached', '7')],
  ['openai', 429, limited('You have used up your quota', '60')],
  ['openai', 500, failed('The server had an error')],
  ['openai', 503, failed('The engine is overloaded')],
  ['azure-openai', 400, { ...passedBack(400, 'content_filter', 'The prompt was refused'), param: 'prompt' }],
  ['azure-openai', 429, limited('Requests have exceeded the call rate limit', '12')],
  ['mistral', 400, misconfigured('Invalid model: no-such-model')],
  ['mistral', 422, { ...passedBack(422, 'invalid_request', 'Field required'), param: 'messages' }],
  ['mistral', 429, limited('Rate limit exceeded')],
  ['groq', 400, failed('a tool call that does not parse')],
  ['groq', 429, limited('Rate limit reached for tokens per minute', '4')],
  ['deepseek', 402, limited('Insufficient Balance', '60')],
  ['deepseek', 503, failed('Service is too busy')],
  ['xai', 400, misconfigured('The API key given is not valid.')],
  ['openrouter', 402, limited('Insufficient credits', '60')],
  ['openrouter', 429, limited('some/model is temporarily rate-limited upstream')],
  ['openrouter', 200, failed('Upstream timed out')],
  ['perplexity', 400, passedBack(400, '400', 'Last message must have role user')],
  ['gpustack', 400, passedBack(400, 'context_length_exceeded', 'maximum context length of 4096 tokens')],
  ['gpustack', 404, misconfigured('The model does not exist.')],
  ['openai-compatible', 422, passedBack(400, 'context_length_exceeded', 'inputs tokens + max_new_tokens')],
  ['openai-compatible', 429, limited('Model is overloaded')],
  ['zhipu', 429, limited('Concurrency limit reached')],
  ['openai-compatible', 502, failed('502 Bad Gateway')],
  ['openai-compatible', 503, failed('')],
  ['openai-compatible', 429, limited('slow down')],
]

describe.skipIf(missingFixtures !== null).concurrent(`a constructed refusal${why}`, () => {
  const errors = readErrors('constructed').filter(({ api }) => api === 'openai-chat')

  it('has a row each', () => {
    expect(errors.map(({ response }) => response.status)).toEqual(constructed.map(([, status]) => status))
  })

  it.each(constructed.map(([provider, status, refusal], index) => [provider, status, refusal, index] as const))(
    '%s %i',
    async (provider, _status, refusal, index) => {
      const response = errors[index]?.response
      if (response === undefined) throw new Error('missing')
      const id = `constructed-${index}`
      const kind = { api: 'openai-chat', fidelity: 'suspect', stream: false } as const
      await assertRefusal({ id, provider, ...kind, request: null, response }, refusal)
    },
  )
})

// ---- answers cut short ----

interface Event {
  readonly start: number
  /** After the event's own text; the blank line comes then. */
  readonly end: number
  readonly text: string
}

/** The events of a recorded stream with their places in its bytes. */
function eventsOf(body: string): Event[] {
  const events: Event[] = []
  let start = 0
  for (const text of body.split(/(?:\r\n){2}|\n\n|\r\r/)) {
    const at = Buffer.byteLength(body.slice(0, start))
    if (text.trim() !== '') events.push({ start: at, end: at + Buffer.byteLength(text.trimEnd()), text })
    start += text.length
    start += /^(?:\r\n){2}|^\n\n|^\r\r/.exec(body.slice(start))?.[0].length ?? 0
  }
  return events
}

/** Number of the event that says why the model stopped: before it the answer is not whole. */
function finishAt(events: readonly Event[]): number {
  return events.findIndex(({ text }) => /"finish_reason": ?"/.test(text))
}

/** What a reader has of the answer after these events. Calls that are not whole cannot be read, so they are left out. */
function readSoFar(events: readonly { readonly text: string }[]): { text: string; reasoning: string }[] {
  const kept = events.flatMap(({ text }) => text.split(/\r\n|\n|\r/).filter((line) => line.startsWith('data:')))
  const withoutCalls = kept.map((line) => {
    const event = JSON.parse(line.slice('data:'.length)) as ChatCompletionChunk
    return `data: ${JSON.stringify(event, (key, value: unknown) => (key === 'tool_calls' ? [] : value))}`
  })
  return meaningOfStream(withoutCalls.join('\n')).choices.map(({ text, reasoning }) => ({ text, reasoning }))
}

/** How often a cut was told inside the stream, and how often before it began. */
const outcomes = { inside: 0, before: 0 }

/** The stream ends with our error event, after everything the provider had said. */
function assertBroken(told: Told, expected: { text: string; reasoning: string }[]): void {
  outcomes.inside += 1
  const events = told.heard.text.split('\n\n')
  expect(events.pop()).toBe('')
  const last = events.pop() ?? ''
  const chunks = events.map((event) => JSON.parse(event.slice('data: '.length)) as ChatCompletionChunk)
  expect(chunks.length).toBeGreaterThan(0)
  for (const chunk of chunks) {
    expect(validateChatCompletionChunk(chunk)).toMatchObject({ valid: true })
    assertContract('CreateChatCompletionStreamResponse', chunk)
  }
  expect(told.chunks).toEqual(chunks)
  expect(apiErrorOf(told).code).toBe('stream_interrupted')
  expect(assertEnvelope(last.slice('data: '.length)).code).toBe('stream_interrupted')
  expect(readSoFar(events.map((text) => ({ text })))).toEqual(expected)
}

function assertCut(told: Told, expected: { text: string; reasoning: string }[]): void {
  if (told.heard.status === 200) {
    assertBroken(told, expected)
    return
  }
  outcomes.before += 1
  assertRefused(told, { status: 502, code: 'all_targets_failed' })
  expect(expected.filter(({ text, reasoning }) => text + reasoning !== '')).toEqual([])
}

function cut(exchange: Exchange, bytes: number, after: 'end' | 'drop'): Promise<Told> {
  const delivery: Delivery = { kind: 'cut', bytes, after }
  return ask(stage.viaGateway(exchange, delivery), requestOf(exchange))
}

describe.skipIf(missingFixtures !== null).concurrent(`a recorded stream cut short${why}`, () => {
  it.each(byId(streams))('%s', async (id, exchange) => {
    const events = eventsOf(bodyOf(exchange))
    const finish = finishAt(events)
    expect(finish).toBeGreaterThan(0)
    const random = randomOf(`cut ${id}`)
    for (const after of ['end', 'drop'] as const) {
      // Between two events, and inside one.
      const between = Math.floor(random() * (finish + 1))
      assertCut(await cut(exchange, events[between]!.start, after), readSoFar(events.slice(0, between)))
      const inside = Math.floor(random() * (finish + 1))
      const { start, end } = events[inside]!
      const at = start + 1 + Math.floor(random() * (end - start - 2))
      assertCut(await cut(exchange, at, after), readSoFar(events.slice(0, inside)))
    }
  })
})

/** Four never send it; of the rest the answer is whole before it, but only the provider can say that nothing follows. */
const marked = streams.filter((exchange) => bodyOf(exchange).includes('[DONE]'))

describe.skipIf(missingFixtures !== null).concurrent(`a recorded stream without its last word${why}`, () => {
  it('is most of them', () => {
    expect(marked).toHaveLength(74)
  })

  it.each(byId(marked))('%s', async (_id, exchange) => {
    const events = eventsOf(bodyOf(exchange))
    const bytes = events.find(({ text }) => text.includes('[DONE]'))?.start ?? 0
    expect(bytes).toBeGreaterThan(0)
    // A connection that breaks has not said that the answer is over; one that is closed after a finish reason has.
    assertBroken(await cut(exchange, bytes, 'drop'), readSoFar(events.slice(0, -1)))
    const ended = await cut(exchange, bytes, 'end')
    expect(ended.error).toBeNull()
    expect(ended.heard.text.endsWith('data: [DONE]\n\n')).toBe(true)
  })
})

describe.skipIf(missingFixtures !== null).concurrent(`a recorded reply cut short${why}`, () => {
  it.each(byId(replies))('%s', async (id, exchange) => {
    const random = randomOf(`cut ${id}`)
    const bytes = 1 + Math.floor(random() * (Buffer.byteLength(bodyOf(exchange)) - 2))
    for (const after of ['end', 'drop'] as const) {
      assertRefused(await cut(exchange, bytes, after), { status: 502, code: 'all_targets_failed' })
    }
  })
})

describe.skipIf(missingFixtures !== null)(`all cuts${why}`, () => {
  it('met streams that had begun and streams that had not', () => {
    expect(outcomes.inside + outcomes.before).toBe(4 * streams.length + marked.length)
    expect(outcomes.inside).toBeGreaterThan(150)
    expect(outcomes.before).toBeGreaterThan(30)
  })
})
