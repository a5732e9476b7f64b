/**
 * Every recorded exchange in Cohere's language, read twice: by the maker's own client, from a server that sends what was
 * recorded, and by our dialect. Both must have understood the same; what we emit validates strictly.
 */
import type { Cohere } from 'cohere-ai'
import { CohereClientV2 } from 'cohere-ai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foldChunks } from '../../gateway/core/chat/testing/fold-chunks.ts'
import type { TokenUsage } from '../../gateway/core/chat/usage.ts'
import { cohereChat } from '../../gateway/core/dialects/cohere-chat/index.ts'
import type { DecodeContext, StreamStep } from '../../gateway/core/dialects/dialect.ts'
import { noQuirks } from '../../gateway/core/dialects/quirks.ts'
import { openServerSentEvents } from '../../gateway/core/framing/sse.ts'
import type { ChatCompletion, ChatCompletionChunk } from '../../schemas/index.ts'
import { validateChatCompletionChunk } from '../../schemas/validate-chat-completion-chunk.ts'
import { validateChatCompletion } from '../../schemas/validate-chat-completion.ts'
import type { Exchange } from './fixtures.ts'
import { bodyOf, missingFixtures, readErrors, readExchanges } from './fixtures.ts'
import type { ChoiceMeaning, Meaning } from './meaning.ts'
import { meaningOfCompletion } from './meaning.ts'
import type { Playback } from './playback.ts'
import { assertContract, cutInPieces, randomOf, recordingHeader, startPlayback } from './playback.ts'

const exchanges = readExchanges('cohere-v2')
const answered = exchanges.filter(({ response }) => response.status === 200)
const replies = answered.filter(({ stream }) => !stream)
/** Ends with an error under status 200. */
const failed = 'cohere/lccohere--sql-agent-1'
const streams = answered.filter(({ id, stream }) => stream && id !== failed)
const why = missingFixtures === null ? '' : ` (skipped: ${missingFixtures})`

// ---- the maker's client ----

let playback: Playback
beforeAll(async () => {
  playback = await startPlayback()
})
afterAll(async () => {
  await playback.close()
})

/** What the client's types have, and the two counts that they have not yet. */
interface Read {
  readonly id: string
  readonly text: string
  readonly thoughts: readonly string[]
  readonly calls: readonly { readonly name: string; readonly given: string }[]
  readonly citations: number
  readonly finish: string
  readonly usage: Cohere.Usage | undefined
}

async function readByClient(exchange: Exchange): Promise<Read> {
  const name = playback.load(exchange, { kind: 'pieces' })
  const client = new CohereClientV2({ token: 'k', environment: playback.url })
  const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }] }
  const options = { headers: { [recordingHeader]: name }, maxRetries: 0 }
  if (exchange.stream) return fold(await client.chatStream(request, options))
  const { id, message, finishReason, usage } = await client.chat(request, options)
  const parts = message.content ?? []
  return {
    id,
    text: parts.map((part) => (part.type === 'text' ? part.text : '')).join(''),
    thoughts: [...parts.map((part) => (part.type === 'thinking' ? part.thinking : '')), message.toolPlan ?? ''],
    calls: (message.toolCalls ?? []).map((call) => ({
      name: call.function?.name ?? '',
      given: call.function?.arguments ?? '',
    })),
    citations: message.citations?.length ?? 0,
    finish: finishReason,
    usage,
  }
}

async function fold(events: AsyncIterable<Cohere.V2ChatStreamResponse>): Promise<Read> {
  const all: Cohere.V2ChatStreamResponse[] = []
  for await (const event of events) all.push(event)
  const thoughts: string[] = []
  let text = ''
  for (const event of all) {
    if (event.type !== 'content-start' && event.type !== 'content-delta') continue
    const index = event.index ?? 0
    const content = event.delta?.message?.content
    text += content?.text ?? ''
    thoughts[index] = (thoughts[index] ?? '') + (content?.thinking ?? '')
  }
  const plan = all.map((event) => (event.type === 'tool-plan-delta' ? (event.delta?.message?.toolPlan ?? '') : ''))
  const start = all.find((event) => event.type === 'message-start')
  const end = all.find((event) => event.type === 'message-end')
  return {
    id: start?.id ?? '',
    text,
    thoughts: [...thoughts, plan.join('')],
    calls: callsIn(all),
    citations: all.filter(({ type }) => type === 'citation-start').length,
    finish: end?.delta?.finishReason ?? '',
    usage: end?.delta?.usage,
  }
}

function callsIn(events: readonly Cohere.V2ChatStreamResponse[]): Read['calls'] {
  const calls: { name: string; given: string }[] = []
  for (const event of events) {
    if (event.type !== 'tool-call-start' && event.type !== 'tool-call-delta') continue
    if (event.type === 'tool-call-start') {
      calls.push({ name: event.delta?.message?.toolCalls?.function?.name ?? '', given: '' })
    }
    const last = calls.at(-1)
    if (last !== undefined) last.given += event.delta?.message?.toolCalls?.function?.arguments ?? ''
  }
  return calls
}

/** Pictures and reasoning are counted under names that the client hands on as they stood on the wire. */
function extraCount(usage: Cohere.Usage | undefined, name: string): number {
  const count: unknown = Reflect.get(usage?.tokens ?? {}, name)
  return typeof count === 'number' ? count : 0
}

function meaningOf({ text, thoughts, calls, finish, usage }: Read): Meaning {
  const input = (usage?.tokens?.inputTokens ?? 0) + extraCount(usage, 'image_tokens')
  return {
    choices: [
      {
        text,
        reasoning: thoughts.filter((thought) => thought !== '').join('\n\n'),
        refusal: '',
        calls: calls.map(({ name, given }) => ({ name, arguments: parsed(given) })),
        functionCall: null,
        finish: finishOf(finish, calls.length > 0),
      },
    ],
    usage: {
      input,
      output: usage?.tokens?.outputTokens ?? 0,
      cached: usage?.cachedTokens ?? 0,
      reasoning: extraCount(usage, 'reasoning_tokens'),
    },
  }
}

function parsed(given: string): unknown {
  return given === '' || given === 'null' ? {} : JSON.parse(given)
}

function finishOf(reason: string, calls: boolean): ChoiceMeaning['finish'] {
  if (reason === 'MAX_TOKENS') return 'cut'
  return calls ? 'tools' : 'done'
}

// ---- our side ----

function contextOf(includeUsage: boolean): DecodeContext {
  return { fallbackId: 'chatcmpl-1', createdSeconds: 1, model: 'asked-model', includeUsage, quirks: noQuirks }
}

interface Streamed {
  readonly chunks: ChatCompletionChunk[]
  readonly last: StreamStep
  readonly usage: TokenUsage | null
}

function decodeStream(pieces: readonly Uint8Array[], context: DecodeContext): Streamed {
  const reader = openServerSentEvents()
  const decoder = cohereChat.openStream(context)
  const frames = [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()]
  const steps = [...frames.map((frame) => decoder.push(frame.data, frame.event)), decoder.end()]
  const last = steps.at(-1)
  if (last === undefined) throw new Error('no step')
  return { chunks: steps.flatMap((step) => step.chunks), last, usage: decoder.usage() }
}

const citationsIn = ({ choices }: ChatCompletion): number => choices[0]?.message.citations?.length ?? 0
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const byId = (some: readonly Exchange[]) => some.map((exchange) => [exchange.id, exchange] as const)

describe.skipIf(missingFixtures !== null)(`recorded in Cohere's language${why}`, () => {
  it('is all there', () => {
    expect([exchanges.length, replies.length, streams.length]).toEqual([69, 47, 20])
  })

  it.each(byId(replies))('reply %s', async (_id, exchange) => {
    const read = await readByClient(exchange)
    const decoded = cohereChat.decode(bodyOf(exchange), contextOf(false))
    if ('failure' in decoded) throw new Error(decoded.failure.message)
    const { completion, usage, nativeFinishReason } = decoded
    expect(validateChatCompletion(completion)).toMatchObject({ valid: true })
    assertContract('CreateChatCompletionResponse', completion)
    expect(meaningOfCompletion(completion)).toEqual(meaningOf(read))
    expect([completion.id, citationsIn(completion), nativeFinishReason]).toEqual([read.id, read.citations, read.finish])
    expect(usage?.outputTokens).toBe(read.usage?.tokens?.outputTokens)
  })

  it.each(byId(streams))('stream %s', async (id, exchange) => {
    const read = await readByClient(exchange)
    const bytes = Buffer.from(bodyOf(exchange))
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
      expect([folded.id, citationsIn(folded)]).toEqual([read.id, read.citations])
      expect(usage?.inputTokens).toBe(meant.usage?.input)
    }
  })

  it('a stream that ends with an error under status 200 is a failure with its words', () => {
    const exchange = answered.find(({ id }) => id === failed)
    if (exchange === undefined) throw new Error('missing')
    const { chunks, last } = decodeStream([bytesOf(bodyOf(exchange))], contextOf(true))
    expect(chunks.length).toBeGreaterThan(10)
    expect(last).toMatchObject({
      done: false,
      failure: { class: 'server_error', status: 200, code: 'INVALID_TOOL_GENERATION' },
    })
    expect(last.failure?.message).toContain('invalid tool generation')
  })

  it('holds plans, thoughts, calls, sources, pictures and cached prompts', async () => {
    const all = await Promise.all([...replies, ...streams].map(readByClient))
    const count = (has: (read: Read) => boolean): number => all.filter(has).length
    expect(count(({ calls, thoughts }) => calls.length > 0 && thoughts.at(-1) !== '')).toBeGreaterThan(15)
    expect(count(({ thoughts }) => thoughts.slice(0, -1).some((thought) => thought !== ''))).toBeGreaterThan(2)
    expect(count(({ citations }) => citations > 0)).toBeGreaterThan(5)
    expect(count(({ usage }) => extraCount(usage, 'image_tokens') > 0)).toBeGreaterThan(3)
    expect(count(({ usage }) => (usage?.cachedTokens ?? 0) > 0)).toBeGreaterThan(30)
  })
})

describe.skipIf(missingFixtures !== null)(`recorded streams of Cohere's cut short${why}`, () => {
  it.each(byId(streams))('%s', (_id, exchange) => {
    const body = bodyOf(exchange)
    const end = body.indexOf('"finish_reason":"')
    for (const cut of [0, 1, Math.floor(end / 2), body.lastIndexOf('event:', end), end]) {
      const { last } = decodeStream([bytesOf(body.slice(0, cut))], contextOf(true))
      expect({ cut, class: last.failure?.class, done: last.done }).toEqual({ cut, class: 'server_error', done: false })
    }
  })
})

describe.skipIf(missingFixtures !== null)(`refusals in Cohere's language${why}`, () => {
  const inLanguage = (name: string) =>
    readErrors(name)
      .filter(({ api }) => api === 'cohere-v2')
      .map((error) => {
        const { status, headers = {} } = error.response
        return cohereChat.decodeError({ status, headers, body: bodyOf(error) })
      })

  it('were recorded', () => {
    expect(inLanguage('cohere')).toMatchObject([{ class: 'misconfigured', status: 401, code: null }])
    // Even the stars that stand for a key are gone.
    expect(inLanguage('cohere')[0]?.message).toMatch(/^Incorrect API key provided: /)
  })

  it('were constructed', () => {
    expect(inLanguage('constructed').map(({ status, class: failureClass }) => [status, failureClass])).toEqual([
      [400, 'invalid_request'],
      [401, 'misconfigured'],
      [404, 'misconfigured'],
      [429, 'rate_limited'],
      [500, 'server_error'],
    ])
  })
})
