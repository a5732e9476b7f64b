/**
 * Every recorded exchange in OpenAI's chat language, through the dialect: requests encode, replies and streams decode,
 * what comes out validates strictly and means what the provider said. The meaning is read from the raw bytes by
 * `meaning.ts`, which shares no code with the gateway.
 */
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { foldChunks } from '../../gateway/core/chat/testing/fold-chunks.ts'
import type { FailureClass } from '../../gateway/core/chat/failure.ts'
import type { DecodeContext, StreamStep } from '../../gateway/core/dialects/dialect.ts'
import { openaiChat } from '../../gateway/core/dialects/openai-chat/index.ts'
import { noQuirks } from '../../gateway/core/dialects/quirks.ts'
import { encoded } from '../../gateway/core/dialects/testing/encode.ts'
import type { Quirks } from '../../gateway/core/dialects/quirks.ts'
import { openServerSentEvents } from '../../gateway/core/framing/sse.ts'
import { providers } from '../../gateway/core/providers/index.ts'
import type { ChatCompletionChunk, ChatCompletionRequest } from '../../schemas/index.ts'
import { validateChatCompletionChunk } from '../../schemas/validate-chat-completion-chunk.ts'
import { validateChatCompletionRequest } from '../../schemas/validate-chat-completion-request.ts'
import { validateChatCompletion } from '../../schemas/validate-chat-completion.ts'
import type { Exchange, RecordedError } from './fixtures.ts'
import { bodyOf, errorFileNames, missingFixtures, readContract, readErrors, readExchanges } from './fixtures.ts'
import { meaningOfCompletion, meaningOfReply, meaningOfStream } from './meaning.ts'

const exchanges = readExchanges('openai-chat')
const answered = exchanges.filter((exchange) => exchange.response.status === 200)
const replies = answered.filter((exchange) => !exchange.stream)
const streams = answered.filter((exchange) => exchange.stream)
const why = missingFixtures === null ? '' : ` (skipped: ${missingFixtures})`

const byId = new Map<string, Quirks>(Object.values(providers).map((provider) => [provider.id, provider.quirks]))

function contextOf(exchange: Exchange, includeUsage: boolean): DecodeContext {
  const quirks = byId.get(exchange.provider) ?? noQuirks
  return { fallbackId: 'chatcmpl-fallback', createdSeconds: 1, model: 'fallback-model', includeUsage, quirks }
}

const contractSchemas = (() => {
  if (missingFixtures !== null) return null
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  ajv.addSchema(readContract())
  return ajv
})()

/** Throws what OpenAI's own schema says against the value. */
function assertContract(name: string, value: unknown): void {
  const validate = contractSchemas?.getSchema(`openai-contract.schema.json#/$defs/${name}`)
  if (validate === undefined) throw new Error(`the contract has no ${name}`)
  if (validate(value) !== true) throw new Error(`${name}: ${JSON.stringify(validate.errors)}`)
}

interface Streamed {
  readonly chunks: readonly ChatCompletionChunk[]
  readonly last: StreamStep
  readonly usage: ReturnType<ReturnType<typeof openaiChat.openStream>['usage']>
  /** Did anything count as content before the first chunk that shows some? */
  readonly contentAt: number
}

function decodeStream(bytes: Uint8Array, context: DecodeContext): Streamed {
  const reader = openServerSentEvents()
  const decoder = openaiChat.openStream(context)
  const chunks: ChatCompletionChunk[] = []
  let contentAt = -1
  let last: StreamStep | null = null
  const take = (step: StreamStep): boolean => {
    if (step.content && contentAt === -1) contentAt = chunks.length + step.chunks.findIndex(showsContent)
    chunks.push(...step.chunks)
    last = step
    return step.done || step.failure !== null
  }
  const frames = [...reader.push(bytes), ...reader.end()]
  const over = frames.some((frame) => take(decoder.push(frame.data, frame.event)))
  if (!over) take(decoder.end())
  if (last === null) throw new Error('no step was taken')
  return { chunks, last, usage: decoder.usage(), contentAt }
}

function showsContent({ choices }: ChatCompletionChunk): boolean {
  return choices.some(
    ({ delta, finish_reason: finish }) =>
      finish !== null ||
      [delta.content, delta.refusal, delta.reasoning_content].some((text) => typeof text === 'string' && text !== '') ||
      delta.tool_calls !== undefined ||
      delta.function_call !== undefined,
  )
}

function assertStrictChunks(chunks: readonly ChatCompletionChunk[]): void {
  for (const chunk of chunks) {
    expect(validateChatCompletionChunk(chunk)).toMatchObject({ valid: true })
    assertContract('CreateChatCompletionStreamResponse', chunk)
  }
}

describe.skipIf(missingFixtures !== null)(`recorded in OpenAI's chat language${why}`, () => {
  it('is all there', () => {
    expect([exchanges.length, replies.length, streams.length]).toEqual([321, 232, 78])
  })

  it.each(replies.map((exchange) => [exchange.id, exchange] as const))('reply %s', (_id, exchange) => {
    const decoded = openaiChat.decode(bodyOf(exchange), contextOf(exchange, false))
    if ('failure' in decoded) throw new Error(decoded.failure.message)
    const { completion, usage } = decoded
    expect(validateChatCompletion(completion)).toMatchObject({ valid: true })
    assertContract('CreateChatCompletionResponse', completion)
    const meant = meaningOfReply(exchange.response.body)
    expect(meaningOfCompletion(completion)).toEqual(meant)
    expect(usage && { input: usage.inputTokens, output: usage.outputTokens }).toEqual(
      meant.usage && { input: meant.usage.input, output: meant.usage.output },
    )
  })

  it.each(streams.map((exchange) => [exchange.id, exchange] as const))('stream %s', (_id, exchange) => {
    const bytes = new TextEncoder().encode(bodyOf(exchange))
    const meant = meaningOfStream(bodyOf(exchange))
    for (const includeUsage of [true, false]) {
      const { chunks, last, usage, contentAt } = decodeStream(bytes, contextOf(exchange, includeUsage))
      expect(last.failure).toBeNull()
      expect(last.done).toBe(true)
      assertStrictChunks(chunks)
      const folded = foldChunks(chunks)
      assertContract('CreateChatCompletionResponse', folded)
      expect(meaningOfCompletion(folded)).toEqual({ ...meant, usage: includeUsage ? meant.usage : null })
      expect(usage?.outputTokens ?? null).toBe(meant.usage?.output ?? null)
      expect(contentAt).toBe(chunks.findIndex(showsContent))
      expect(chunks.every((chunk) => (chunk.usage !== undefined) === includeUsage)).toBe(true)
    }
  })
})

describe.skipIf(missingFixtures !== null)(`streams cut short${why}`, () => {
  it.each(streams.map((exchange) => [exchange.id, exchange] as const))('%s', (_id, exchange) => {
    const body = bodyOf(exchange)
    const finish = /"finish_reason": ?"/.exec(body)?.index ?? 0
    const cuts = [0, 1, Math.floor(finish / 2), body.lastIndexOf('data:', finish), finish]
    for (const cut of cuts) {
      const { last } = decodeStream(new TextEncoder().encode(body.slice(0, cut)), contextOf(exchange, true))
      expect({ cut, class: last.failure?.class, done: last.done }).toEqual({ cut, class: 'server_error', done: false })
    }
  })
})

/** Sent in the vendor's own form (`image_url` as a bare text), which OpenAI's API does not have. */
const inOwnForm = new Set([
  'mistral/rubyllm--vision-models-mistral-pixtral-12b-can-understand-local-images-1',
  'mistral/rubyllm--vision-models-mistral-pixtral-12b-can-understand-remote-images-without-extension-2',
])
const requests = exchanges.filter((exchange) => exchange.request !== null && !inOwnForm.has(exchange.id))

describe.skipIf(missingFixtures !== null)(`recorded requests${why}`, () => {
  it('is all there', () => {
    expect(requests).toHaveLength(247 - inOwnForm.size)
  })

  it.each(requests.map((exchange) => [exchange.id, exchange] as const))('%s', (_id, exchange) => {
    const request = requestOf(exchange)
    const before = JSON.stringify(request)
    const quirks = byId.get(exchange.provider) ?? noQuirks
    const { body, lost } = encoded(openaiChat, deepFreeze(request), { quirks })
    expect(JSON.stringify(request)).toBe(before)
    const sent = JSON.parse(body) as Record<string, unknown>
    // Carried over from the caller's own text it means the same.
    const carried = encoded(openaiChat, request, { quirks, source: before })
    const whole = carried.body + (carried.sourceFrom === null ? '' : before.slice(carried.sourceFrom))
    expect(JSON.parse(whole)).toEqual(sent)
    // What this provider answered it took as it was, so nothing may be missing or changed but model and usage.
    const { stream_options: asked, ...rest } = sent
    const { stream_options: _given, model: _model, ...expected } = request
    expect(rest).toEqual(quirks.modelInPath === true ? expected : { ...expected, model: 'target-model' })
    expect(lost).toEqual([])
    const asks = request.stream === true && quirks.usageUnasked !== true
    expect(asked).toEqual(asks ? { include_usage: true } : undefined)
    if (exchange.provider === 'openai') assertContract('CreateChatCompletionRequest', sent)
  })
})

function requestOf(exchange: Exchange): ChatCompletionRequest {
  const result = validateChatCompletionRequest(exchange.request?.body)
  if (!result.valid) throw new Error(JSON.stringify(result.problems))
  return result.value
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}

// ---- errors ----

const recordedClasses: Readonly<Record<string, FailureClass>> = {
  'azure-openai/openllmetry--openai-chat-reasoning-2': 'misconfigured',
  'azure-openai/rubyllm--error-handling-with-azure-grok-4-1-fast-non-reasoning-raises-appropriate-auth-error-1':
    'misconfigured',
  'azure-openai/openllmetry--openai-azure-openai-embeddings-3': 'misconfigured',
  'deepseek/rubyllm--error-handling-with-deepseek-deepseek-chat-raises-appropriate-auth-error-1': 'misconfigured',
  'mistral/rubyllm--error-handling-with-mistral-mistral-small-latest-raises-appropriate-auth-error-1': 'misconfigured',
  'ollama/rubyllm--error-handling-with-ollama-cloud-gpt-oss-120b-raises-appropriate-auth-error-1': 'misconfigured',
  'openai/openllmetry--llamaindex-agents-and-tools-3': 'misconfigured',
  'openai/openllmetry--openai-vision-3': 'invalid_request',
  'openai/openllmetry--openai-vision-base64-4': 'invalid_request',
  'openai/rubyllm--error-handling-with-openai-gpt-5-nano-raises-appropriate-auth-error-1': 'misconfigured',
  'openai/vercel--reasoning-model-legacy-parameter-error': 'unsupported_by_target',
  'openrouter/rubyllm--error-handling-with-openrouter-claude-haiku-4-5-raises-appropriate-auth-error-1':
    'misconfigured',
  'perplexity/rubyllm--error-handling-with-perplexity-sonar-raises-appropriate-auth-error-1': 'misconfigured',
  'xai/rubyllm--error-handling-with-xai-grok-4-1-fast-non-reasoning-raises-appropriate-auth-error-1': 'misconfigured',
}

/** In the order of the file: who, status, class, wait, and a piece of the message that must be kept. */
const constructedClasses: readonly (readonly [string, number, FailureClass, number | null, string])[] = [
  ['openai', 400, 'invalid_request', null, "Invalid value for 'temperature'"],
  ['openai', 401, 'misconfigured', null, 'The API key given is not valid.'],
  ['openai', 403, 'misconfigured', null, 'This project may not use the model.'],
  ['openai', 404, 'misconfigured', null, 'The model does not exist'],
  ['openai', 429, 'rate_limited', 7_000, 'Rate limit reached'],
  ['openai', 429, 'quota', null, 'You have used up your quota.'],
  ['openai', 500, 'server_error', null, 'The server had an error.'],
  ['openai', 503, 'server_error', null, 'The engine is overloaded.'],
  ['azure-openai', 400, 'content_filtered', null, 'The prompt was refused'],
  ['azure-openai', 429, 'rate_limited', 12_000, 'Requests have exceeded the call rate limit'],
  ['mistral', 400, 'misconfigured', null, 'Invalid model: no-such-model'],
  ['mistral', 422, 'invalid_request', null, 'Field required: messages'],
  ['mistral', 429, 'rate_limited', null, 'Rate limit exceeded'],
  ['groq', 400, 'server_error', null, 'a tool call that does not parse'],
  ['groq', 429, 'rate_limited', 4_000, 'Rate limit reached for tokens per minute.'],
  ['deepseek', 402, 'quota', null, 'Insufficient Balance'],
  ['deepseek', 503, 'server_error', null, 'Service is too busy.'],
  ['xai', 400, 'misconfigured', null, 'The API key given is not valid.'],
  ['openrouter', 402, 'quota', null, 'Insufficient credits'],
  ['openrouter', 429, 'rate_limited', null, 'some/model is temporarily rate-limited upstream.'],
  ['openrouter', 200, 'server_error', null, 'Upstream timed out'],
  ['perplexity', 400, 'invalid_request', null, 'Last message must have role user'],
  ['vllm', 400, 'context_length', null, 'maximum context length of 4096 tokens'],
  ['vllm', 404, 'misconfigured', null, 'The model does not exist.'],
  ['tgi', 422, 'context_length', null, 'inputs tokens + max_new_tokens must be <= 4096'],
  ['tgi', 429, 'rate_limited', null, 'Model is overloaded'],
  ['zhipu', 429, 'rate_limited', null, 'Concurrency limit reached.'],
  ['openai-compatible', 502, 'server_error', null, '502 Bad Gateway'],
  ['openai-compatible', 503, 'server_error', null, 'said nothing'],
  ['openai-compatible', 429, 'rate_limited', null, 'slow down'],
]

function failureOf(error: RecordedError) {
  const { status, headers = {} } = error.response
  if (status !== 200) return openaiChat.decodeError({ status, headers, body: bodyOf(error) })
  const context = { fallbackId: 'x', createdSeconds: 1, model: 'm', includeUsage: false, quirks: noQuirks }
  const decoded = openaiChat.decode(bodyOf(error), context)
  if (!('failure' in decoded)) throw new Error('an error was taken for an answer')
  return decoded.failure
}

describe.skipIf(missingFixtures !== null)(`recorded errors${why}`, () => {
  const speakers = new Set(['openai-chat', 'openai-responses', 'openai-embeddings'])
  const recorded = errorFileNames()
    .filter((name) => name !== 'constructed')
    .flatMap((name) => readErrors(name))
    .filter((error) => speakers.has(error.api))

  it('is all classified here', () => {
    expect(new Set(recorded.map((error) => error.case))).toEqual(new Set(Object.keys(recordedClasses)))
  })

  it.each(recorded.map((error) => [error.case ?? '', error] as const))('%s', (id, error) => {
    const failure = failureOf(error)
    expect(failure.class).toBe(recordedClasses[id])
    expect(failure.status).toBe(error.response.status)
    expect(failure.message.length).toBeGreaterThan(5)
    expect(failure.retryAfterMs).toBeNull()
  })

  const constructed = readErrors('constructed').filter((error) => error.api === 'openai-chat')

  it('has a row for every constructed error', () => {
    expect(constructed.map((error) => [error.provider, error.response.status])).toEqual(
      constructedClasses.map(([provider, status]) => [provider, status]),
    )
  })

  it.each(constructedClasses.map((row, index) => [...row, index] as const))(
    '%s %i is %s',
    (_provider, status, failureClass, wait, words, index) => {
      const error = constructed[index]
      if (error === undefined) throw new Error('missing')
      const failure = failureOf(error)
      expect(failure).toMatchObject({ class: failureClass, status, retryAfterMs: wait })
      expect(failure.message).toContain(words)
    },
  )
})
