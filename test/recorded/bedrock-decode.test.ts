/**
 * Every exchange recorded in Bedrock's Converse, read twice: by AWS's own client, from a server that sends what was
 * recorded, and by our dialect. Both must have understood the same; what we emit validates strictly.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foldChunks } from '../../gateway/core/chat/testing/fold-chunks.ts'
import type { TokenUsage } from '../../gateway/core/chat/usage.ts'
import { bedrockConverse } from '../../gateway/core/dialects/bedrock-converse/index.ts'
import type { DecodeContext, StreamStep } from '../../gateway/core/dialects/dialect.ts'
import { noQuirks } from '../../gateway/core/dialects/quirks.ts'
import { openAwsEventStream } from '../../gateway/core/framing/aws-event-stream.ts'
import type { FrameReader } from '../../gateway/core/framing/frame-reader.ts'
import type { ChatCompletion, ChatCompletionChunk } from '../../schemas/index.ts'
import { validateChatCompletionChunk } from '../../schemas/validate-chat-completion-chunk.ts'
import { validateChatCompletion } from '../../schemas/validate-chat-completion.ts'
import type { Read } from './bedrock-meaning.ts'
import { citationsOf, meaningOf, readByClient, signedThoughts } from './bedrock-meaning.ts'
import type { Exchange } from './fixtures.ts'
import { bodyOf, bytesOf, missingFixtures, readExchanges } from './fixtures.ts'
import { meaningOfCompletion } from './meaning.ts'
import type { Playback } from './playback.ts'
import { assertContract, cutInPieces, randomOf, startPlayback } from './playback.ts'

const exchanges = readExchanges('bedrock-converse')
const answered = exchanges.filter((exchange) => exchange.response.status === 200)
const replies = answered.filter((exchange) => !exchange.stream)
const streams = answered.filter(({ stream }) => stream)
const why = missingFixtures === null ? '' : ` (skipped: ${missingFixtures})`

// ---- the maker's client ----

let playback: Playback
beforeAll(async () => {
  playback = await startPlayback()
})
afterAll(async () => {
  await playback.close()
})

// ---- our side ----

function contextOf(includeUsage: boolean): DecodeContext {
  return { fallbackId: 'chatcmpl-1', createdSeconds: 1, model: 'asked-model', includeUsage, quirks: noQuirks }
}

function thoughtsOf({ choices }: ChatCompletion): unknown[] {
  return (choices[0]?.message.reasoning_details ?? []).map(({ text, signature }) => [text, signature])
}

interface Streamed {
  readonly chunks: ChatCompletionChunk[]
  readonly last: StreamStep
  readonly usage: TokenUsage | null
}

function decodeStream(pieces: readonly Uint8Array[], context: DecodeContext): Streamed {
  const reader = openAwsEventStream()
  const decoder = bedrockConverse.openStream(context)
  const frames = [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()]
  const steps = [...frames.map((frame) => decoder.push(frame.data, frame.event)), decoder.end()]
  const last = steps.at(-1)
  if (last === undefined) throw new Error('no step')
  return { chunks: steps.flatMap((step) => step.chunks), last, usage: decoder.usage() }
}

const byId = (some: readonly Exchange[]) => some.map((exchange) => [exchange.id, exchange] as const)

describe.skipIf(missingFixtures !== null)(`recorded in Bedrock's Converse${why}`, () => {
  it('is all there', () => {
    expect([exchanges.length, replies.length, streams.length]).toEqual([70, 47, 22])
  })

  it.each(byId(replies))('reply %s', async (_id, exchange) => {
    const read = await readByClient(playback, exchange)
    const decoded = bedrockConverse.decode(bodyOf(exchange), contextOf(false))
    if ('failure' in decoded) throw new Error(decoded.failure.message)
    const { completion, usage, nativeFinishReason } = decoded
    expect(validateChatCompletion(completion)).toMatchObject({ valid: true })
    assertContract('CreateChatCompletionResponse', completion)
    expect(meaningOfCompletion(completion)).toEqual(meaningOf(read))
    expect(thoughtsOf(completion)).toEqual(signedThoughts(read))
    expect(completion.choices[0]?.message.citations ?? []).toEqual(citationsOf(read))
    expect(nativeFinishReason).toBe(read.stopReason)
    expect(usage?.outputTokens).toBe(read.usage?.outputTokens)
  })

  it.each(byId(streams))('stream %s', async (id, exchange) => {
    const read = await readByClient(playback, exchange)
    const bytes = bytesOf(exchange)
    const meant = meaningOf(read)
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
      expect(thoughtsOf(folded)).toEqual(signedThoughts(read))
      expect(usage?.inputTokens).toBe(meant.usage?.input)
    }
  })

  it('holds thoughts, calls, sources and guardrails', async () => {
    const read = await Promise.all([...replies, ...streams].map((exchange) => readByClient(playback, exchange)))
    const count = (has: (one: Read) => boolean): number => read.filter(has).length
    expect(count((one) => signedThoughts(one).length > 0)).toBeGreaterThan(2)
    expect(count((one) => citationsOf(one).length > 0)).toBeGreaterThan(2)
    expect(count(({ stopReason }) => stopReason === 'tool_use')).toBeGreaterThan(15)
    expect(count(({ stopReason }) => stopReason === 'guardrail_intervened')).toBeGreaterThan(2)
    expect(count(({ usage }) => (usage?.cacheReadInputTokens ?? 0) > 0)).toBeGreaterThan(0)
  })
})

/** `whole` where the cut fell between two frames: then only the decoder can tell. */
function endOf(reader: FrameReader): string {
  try {
    return reader.end().length === 0 ? 'whole' : 'more'
  } catch (error) {
    return String(error)
  }
}

describe.skipIf(missingFixtures !== null)(`recorded streams of Bedrock's cut short${why}`, () => {
  it.each(byId(streams))('%s', (_id, exchange) => {
    const bytes = bytesOf(exchange)
    const stop = bytes.lastIndexOf('messageStop')
    for (const cut of [1, Math.floor(stop / 3), Math.floor(stop / 2), stop]) {
      const reader = openAwsEventStream()
      const decoder = bedrockConverse.openStream(contextOf(true))
      const steps = reader.push(bytes.subarray(0, cut)).map((frame) => decoder.push(frame.data, frame.event))
      expect(endOf(reader)).toMatch(/^whole$|the stream ends in the middle of it/)
      const last = decoder.end()
      expect({ cut, class: last.failure?.class, done: steps.some((step) => step.done) }).toEqual({
        cut,
        class: 'server_error',
        done: false,
      })
    }
  })
})
