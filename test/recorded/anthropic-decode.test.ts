/**
 * Every recorded exchange in Anthropic's language, read twice: by the maker's own client, from a server that sends what
 * was recorded, and by our dialect. Both must have understood the same; what we emit validates strictly.
 */
import Anthropic from '@anthropic-ai/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foldChunks } from '../../gateway/core/chat/testing/fold-chunks.ts'
import type { TokenUsage } from '../../gateway/core/chat/usage.ts'
import { anthropicMessages } from '../../gateway/core/dialects/anthropic-messages/index.ts'
import type { DecodeContext, StreamStep } from '../../gateway/core/dialects/dialect.ts'
import { noQuirks } from '../../gateway/core/dialects/quirks.ts'
import { openServerSentEvents } from '../../gateway/core/framing/sse.ts'
import type { ChatCompletion, ChatCompletionChunk } from '../../schemas/index.ts'
import { validateChatCompletionChunk } from '../../schemas/validate-chat-completion-chunk.ts'
import { validateChatCompletion } from '../../schemas/validate-chat-completion.ts'
import type { Exchange } from './fixtures.ts'
import { bodyOf, missingFixtures, readExchanges } from './fixtures.ts'
import type { ChoiceMeaning, Meaning } from './meaning.ts'
import { meaningOfCompletion } from './meaning.ts'
import type { Playback } from './playback.ts'
import { assertContract, cutInPieces, randomOf, recordingHeader, startPlayback } from './playback.ts'

const exchanges = readExchanges('anthropic-messages')
const answered = exchanges.filter((exchange) => exchange.response.status === 200)
const replies = answered.filter((exchange) => !exchange.stream)
/** Made by hand to show what a broken proxy does; the client reads neither. */
const twice = 'anthropic/vercel--duplicate-message-start-stream'
const spliced = 'anthropic/vercel--spliced-message-start-stream'
const streams = answered.filter(({ id, stream }) => stream && id !== twice && id !== spliced)
const why = missingFixtures === null ? '' : ` (skipped: ${missingFixtures})`

// ---- the maker's client ----

let playback: Playback
beforeAll(async () => {
  playback = await startPlayback()
})
afterAll(async () => {
  await playback.close()
})

async function readByClient(exchange: Exchange): Promise<Anthropic.Message> {
  const name = playback.load(exchange, { kind: 'pieces' })
  const client = new Anthropic({
    apiKey: 'k',
    baseURL: playback.url,
    maxRetries: 0,
    logLevel: 'off',
    defaultHeaders: { [recordingHeader]: name },
  })
  const params = { model: 'm', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Hi' }] }
  return exchange.stream ? client.messages.stream(params).finalMessage() : client.messages.create(params)
}

function meaningOfMessage(message: Anthropic.Message): Meaning {
  const texts: string[] = []
  const thoughts: string[] = []
  const calls: ChoiceMeaning['calls'][number][] = []
  for (const block of message.content) {
    if (block.type === 'text') texts.push(block.text)
    if (block.type === 'thinking' && block.thinking !== '') thoughts.push(block.thinking)
    if (block.type === 'tool_use') calls.push({ name: block.name, arguments: block.input })
  }
  const { usage, stop_details: details } = message
  return {
    choices: [
      {
        text: texts.join(''),
        reasoning: thoughts.join('\n\n'),
        refusal: details?.explanation ?? '',
        calls,
        functionCall: null,
        finish: finishOf(message.stop_reason, calls.length > 0),
      },
    ],
    usage: {
      input: usage.input_tokens + (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0),
      output: usage.output_tokens,
      cached: usage.cache_read_input_tokens ?? 0,
      reasoning: usage.output_tokens_details?.thinking_tokens ?? 0,
    },
  }
}

function finishOf(reason: string | null, calls: boolean): ChoiceMeaning['finish'] {
  if (reason === 'max_tokens' || reason === 'model_context_window_exceeded') return 'cut'
  if (reason === 'refusal') return 'filtered'
  return calls ? 'tools' : 'done'
}

/** What must come back unchanged in a tool loop. */
function signedThoughts(message: Anthropic.Message): unknown[] {
  return message.content.flatMap((block): unknown[] => {
    if (block.type === 'redacted_thinking') return [block.data]
    return block.type === 'thinking' && block.signature !== '' ? [[block.thinking, block.signature]] : []
  })
}

function citationsOf(message: Anthropic.Message): unknown[] {
  return message.content.flatMap((block) => (block.type === 'text' ? (block.citations ?? []) : []))
}

// ---- our side ----

function contextOf(includeUsage: boolean): DecodeContext {
  return { fallbackId: 'chatcmpl-1', createdSeconds: 1, model: 'fallback-model', includeUsage, quirks: noQuirks }
}

function thoughtsOf({ choices }: ChatCompletion): unknown[] {
  return (choices[0]?.message.reasoning_details ?? []).map(({ type, data, text, signature }) =>
    type === 'reasoning.encrypted' ? data : [text, signature],
  )
}

interface Streamed {
  readonly chunks: ChatCompletionChunk[]
  readonly last: StreamStep
  readonly usage: TokenUsage | null
}

function decodeStream(pieces: readonly Uint8Array[], context: DecodeContext): Streamed {
  const reader = openServerSentEvents()
  const decoder = anthropicMessages.openStream(context)
  const frames = [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()]
  const steps = [...frames.map((frame) => decoder.push(frame.data, frame.event)), decoder.end()]
  const last = steps.at(-1)
  if (last === undefined) throw new Error('no step')
  return { chunks: steps.flatMap((step) => step.chunks), last, usage: decoder.usage() }
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const byId = (some: readonly Exchange[]) => some.map((exchange) => [exchange.id, exchange] as const)

describe.skipIf(missingFixtures !== null)(`recorded in Anthropic's language${why}`, () => {
  it('is all there', () => {
    expect([exchanges.length, replies.length, streams.length]).toEqual([84, 55, 26])
  })

  it.each(byId(replies))('reply %s', async (_id, exchange) => {
    const message = await readByClient(exchange)
    const decoded = anthropicMessages.decode(bodyOf(exchange), contextOf(false))
    if ('failure' in decoded) throw new Error(decoded.failure.message)
    const { completion, usage, nativeFinishReason } = decoded
    expect(validateChatCompletion(completion)).toMatchObject({ valid: true })
    assertContract('CreateChatCompletionResponse', completion)
    expect(meaningOfCompletion(completion)).toEqual(meaningOfMessage(message))
    expect(thoughtsOf(completion)).toEqual(signedThoughts(message))
    expect(completion.choices[0]?.message.citations ?? []).toEqual(citationsOf(message))
    expect([completion.id, completion.model, nativeFinishReason]).toEqual([
      message.id,
      message.model,
      message.stop_reason,
    ])
    expect(usage?.outputTokens).toBe(message.usage.output_tokens)
  })

  it.each(byId(streams))('stream %s', async (id, exchange) => {
    const message = await readByClient(exchange)
    const bytes = Buffer.from(bodyOf(exchange))
    const meant = meaningOfMessage(message)
    for (const includeUsage of [true, false]) {
      const { chunks, last, usage } = decodeStream(cutInPieces(bytes, randomOf(id)), contextOf(includeUsage))
      expect(last).toMatchObject({ failure: null, done: true })
      expect(decodeStream([bytes], contextOf(includeUsage)).chunks).toEqual(chunks)
      for (const chunk of chunks) {
        expect(validateChatCompletionChunk(chunk)).toMatchObject({ valid: true })
        assertContract('CreateChatCompletionStreamResponse', chunk)
      }
      const folded = foldChunks(chunks)
      expect(meaningOfCompletion(folded)).toEqual({ ...meant, usage: includeUsage ? meant.usage : null })
      expect(thoughtsOf(folded)).toEqual(signedThoughts(message))
      expect(folded.choices[0]?.message.citations ?? []).toEqual(citationsOf(message))
      expect([folded.id, folded.model]).toEqual([message.id, message.model])
      expect(usage?.inputTokens).toBe(meant.usage?.input)
    }
  })

  it('a stream that begins twice is one answer, unless it begins another', () => {
    const read = (id: string): Streamed => {
      const exchange = answered.find((one) => one.id === id)
      if (exchange === undefined) throw new Error('missing')
      return decodeStream([bytesOf(bodyOf(exchange))], contextOf(true))
    }
    const { chunks, last } = read(twice)
    expect(last).toMatchObject({ failure: null, done: true })
    expect(foldChunks(chunks)).toMatchObject({ id: 'msg_dup', usage: { prompt_tokens: 17, completion_tokens: 227 } })
    expect(read(spliced).last.failure).toMatchObject({ class: 'server_error', status: 200 })
  })

  it('holds thoughts, calls, sources and refusals', async () => {
    const messages = await Promise.all([...replies, ...streams].map(readByClient))
    const count = (has: (message: Anthropic.Message) => boolean): number => messages.filter(has).length
    expect(count((message) => signedThoughts(message).length > 0)).toBeGreaterThan(6)
    expect(count((message) => citationsOf(message).length > 0)).toBeGreaterThan(2)
    expect(count((message) => message.stop_reason === 'tool_use')).toBeGreaterThan(20)
    expect(count((message) => message.stop_reason === 'refusal')).toBe(3)
    expect(count((message) => (message.usage.cache_read_input_tokens ?? 0) > 0)).toBeGreaterThan(0)
  })
})

describe.skipIf(missingFixtures !== null)(`recorded streams of Anthropic's cut short${why}`, () => {
  it.each(byId(streams))('%s', (_id, exchange) => {
    const body = bodyOf(exchange)
    const end = body.indexOf('"stop_reason":"')
    const cuts = [0, 1, Math.floor(end / 2), body.lastIndexOf('event:', end), end]
    for (const cut of cuts) {
      const { last } = decodeStream([bytesOf(body.slice(0, cut))], contextOf(true))
      expect({ cut, class: last.failure?.class, done: last.done }).toEqual({ cut, class: 'server_error', done: false })
    }
  })
})
