/**
 * Every recorded exchange in Google's language, read twice: by the maker's own client, from a server that sends what was
 * recorded, and by our dialect. Both must have understood the same; what we emit validates strictly.
 */
import type { Candidate, GenerateContentResponse, GenerateContentResponseUsageMetadata } from '@google/genai'
import { GoogleGenAI } from '@google/genai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foldChunks } from '../../gateway/core/chat/testing/fold-chunks.ts'
import type { TokenUsage } from '../../gateway/core/chat/usage.ts'
import type { DecodeContext, StreamStep } from '../../gateway/core/dialects/dialect.ts'
import { geminiGenerateContent } from '../../gateway/core/dialects/gemini-generate-content/index.ts'
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

const exchanges = readExchanges('gemini-generate-content')
const answered = exchanges.filter((exchange) => exchange.response.status === 200)
const replies = answered.filter((exchange) => !exchange.stream)
/** Trimmed by hand: it ends without a finish reason, as a stream does that was cut. */
const unfinished = 'vertex/firebase--streaming-success-quotes-escaped'
/** Saved without the blank lines between its events, so that all of them are one; the client cannot read it either. */
const unframed = 'gemini/prism--stream-basic-text-1'
/** Its counts do not add up to its total; somebody shortened it. */
const miscounted = 'gemini/prism--generate-text-with-a-prompt-with-thinking-budget-1'
const streams = answered.filter(({ id, stream }) => stream && id !== unfinished && id !== unframed)
const why = missingFixtures === null ? '' : ` (skipped: ${missingFixtures})`

// ---- the maker's client ----

let playback: Playback
beforeAll(async () => {
  playback = await startPlayback()
})
afterAll(async () => {
  await playback.close()
})

/** The client throws when no blank line follows the last event; some recordings were saved without it. */
function completed(exchange: Exchange): Exchange {
  const { response } = exchange
  if (!exchange.stream || response.bodyText === undefined) return exchange
  return { ...exchange, response: { ...response, bodyText: `${response.bodyText}\n\n` } }
}

/** All the pieces of an answer, as the client gives them out. */
async function readByClient(exchange: Exchange): Promise<GenerateContentResponse[]> {
  const name = playback.load(completed(exchange), { kind: 'pieces' })
  const client = new GoogleGenAI({
    apiKey: 'k',
    vertexai: exchange.provider === 'vertex',
    httpOptions: { baseUrl: playback.url, headers: { [recordingHeader]: name } },
  })
  const params = { model: 'gemini-2.5-flash', contents: 'Hi' }
  if (!exchange.stream) return [await client.models.generateContent(params)]
  const pieces: GenerateContentResponse[] = []
  for await (const piece of await client.models.generateContentStream(params)) pieces.push(piece)
  return pieces
}

interface Understood {
  readonly meaning: Meaning
  /** What must come back unchanged in a tool loop. */
  readonly signatures: readonly string[]
  readonly sources: number
  readonly model: string | undefined
  readonly id: string | undefined
}

/** None of the recordings has more than one candidate. */
function understand(pieces: readonly GenerateContentResponse[]): Understood {
  const candidates = pieces.flatMap(({ candidates: some = [] }) => some)
  const parts = candidates.flatMap(({ content }) => content?.parts ?? [])
  const finish = candidates.findLast(({ finishReason }) => finishReason !== undefined)?.finishReason
  const calls = callsIn(parts)
  return {
    meaning: {
      choices: [
        {
          text: parts
            .map(({ text, thought, inlineData }) => (thought === true ? '' : (text ?? shown(inlineData))))
            .join(''),
          reasoning: parts.map(({ text = '', thought }) => (thought === true ? text : '')).join(''),
          refusal: '',
          calls,
          functionCall: null,
          finish: finishOf(finish, calls.length > 0),
        },
      ],
      usage: usageOf(pieces.map(({ usageMetadata }) => usageMetadata)),
    },
    signatures: parts.flatMap(({ thoughtSignature }) => (thoughtSignature === undefined ? [] : [thoughtSignature])),
    sources: new Set(candidates.flatMap(sourcesOf)).size,
    model: pieces.find(({ modelVersion }) => modelVersion !== undefined)?.modelVersion,
    id: pieces.find(({ responseId }) => responseId !== undefined)?.responseId,
  }
}

function shown(media: { mimeType?: string; data?: string } | undefined): string {
  return media === undefined ? '' : `![](data:${media.mimeType};base64,${media.data})`
}

type ClientPart = NonNullable<NonNullable<Candidate['content']>['parts']>[number]

/** The client hands pieces of arguments out as they come, so they are put together here. */
function callsIn(parts: readonly ClientPart[]): ChoiceMeaning['calls'] {
  const calls: { name: string; arguments: Record<string, unknown> }[] = []
  for (const { functionCall: called } of parts) {
    if (called?.name !== undefined) calls.push({ name: called.name, arguments: { ...called.args } })
    for (const { jsonPath = '', stringValue, numberValue } of called?.partialArgs ?? []) {
      const keys = jsonPath
        .replace('$.', '')
        .split(/[.[\]]+/)
        .filter((key) => key !== '')
      let place: Record<string, unknown> = calls.at(-1)?.arguments ?? {}
      for (const [index, key] of keys.slice(0, -1).entries()) {
        place[key] ??= /^\d+$/.test(keys[index + 1] ?? '') ? [] : {}
        place = place[key] as Record<string, unknown>
      }
      const last = keys.at(-1) ?? ''
      const before = place[last]
      place[last] = numberValue ?? `${typeof before === 'string' ? before : ''}${stringValue ?? ''}`
    }
  }
  return calls
}

function finishOf(reason: string | undefined, calls: boolean): ChoiceMeaning['finish'] {
  if (reason === 'MAX_TOKENS') return 'cut'
  if (reason === 'SAFETY' || reason === 'RECITATION') return 'filtered'
  return calls ? 'tools' : 'done'
}

/** The last count of each kind; the total is right in every recording, so output is what is left of it. */
function usageOf(counts: readonly (GenerateContentResponseUsageMetadata | undefined)[]): Meaning['usage'] {
  const count: GenerateContentResponseUsageMetadata = Object.assign({}, ...counts)
  if (count.promptTokenCount === undefined) return null
  const input = count.promptTokenCount + (count.toolUsePromptTokenCount ?? 0)
  return {
    input,
    output: (count.totalTokenCount ?? 0) - input,
    cached: count.cachedContentTokenCount ?? 0,
    reasoning: count.thoughtsTokenCount ?? 0,
  }
}

function sourcesOf({ citationMetadata, groundingMetadata, urlContextMetadata }: Candidate): string[] {
  const cited = [...(citationMetadata?.citations ?? []), ...rawSources(citationMetadata)]
  const all = [...cited, ...(groundingMetadata?.groundingChunks ?? []), ...(urlContextMetadata?.urlMetadata ?? [])]
  return all.map((one) => JSON.stringify(one))
}

/** The client leaves the other service's name for it as it is. */
function rawSources(metadata: object | undefined): unknown[] {
  return metadata !== undefined && 'citationSources' in metadata ? (metadata.citationSources as unknown[]) : []
}

// ---- our side ----

function contextOf(includeUsage: boolean): DecodeContext {
  return { fallbackId: 'chatcmpl-1', createdSeconds: 1, model: 'fallback-model', includeUsage, quirks: noQuirks }
}

function detailsOf({ choices }: ChatCompletion): unknown[] {
  return (choices[0]?.message.reasoning_details ?? []).map(({ data }) => data)
}

interface Streamed {
  readonly chunks: ChatCompletionChunk[]
  readonly last: StreamStep
  readonly usage: TokenUsage | null
}

function decodeStream(pieces: readonly Uint8Array[], context: DecodeContext): Streamed {
  const reader = openServerSentEvents()
  const decoder = geminiGenerateContent.openStream(context)
  const frames = [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()]
  const steps = [...frames.map((frame) => decoder.push(frame.data, frame.event)), decoder.end()]
  const last = steps.at(-1)
  if (last === undefined) throw new Error('no step')
  return { chunks: steps.flatMap((step) => step.chunks), last, usage: decoder.usage() }
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const byId = (some: readonly Exchange[]) => some.map((exchange) => [exchange.id, exchange] as const)

describe.skipIf(missingFixtures !== null)(`recorded in Google's language${why}`, () => {
  it('is all there', () => {
    expect([exchanges.length, replies.length, streams.length]).toEqual([154, 92, 58])
  })

  it.each(byId(replies))('reply %s', async (name, exchange) => {
    const { meaning, signatures, sources, model, id } = understand(await readByClient(exchange))
    if (name === miscounted && meaning.usage !== null) Object.assign(meaning.usage, { output: 492 + 1209 })
    const decoded = geminiGenerateContent.decode(bodyOf(exchange), contextOf(false))
    if ('failure' in decoded) throw new Error(decoded.failure.message)
    const { completion, usage } = decoded
    expect(validateChatCompletion(completion)).toMatchObject({ valid: true })
    assertContract('CreateChatCompletionResponse', completion)
    expect(meaningOfCompletion(completion)).toEqual(meaning)
    expect(detailsOf(completion)).toEqual(signatures)
    expect(completion.choices[0]?.message.citations ?? []).toHaveLength(sources)
    expect([completion.id, completion.model]).toEqual([id ?? 'chatcmpl-1', model ?? 'fallback-model'])
    expect(usage?.outputTokens).toBe(meaning.usage?.output)
  })

  it.each(byId(streams))('stream %s', async (name, exchange) => {
    const { meaning, signatures, sources, model } = understand(await readByClient(exchange))
    const bytes = Buffer.from(bodyOf(exchange))
    for (const includeUsage of [true, false]) {
      const { chunks, last, usage } = decodeStream(cutInPieces(bytes, randomOf(name)), contextOf(includeUsage))
      expect(last).toMatchObject({ failure: null, done: true })
      expect(decodeStream([bytes], contextOf(includeUsage)).chunks).toEqual(chunks)
      for (const chunk of chunks) {
        expect(validateChatCompletionChunk(chunk)).toMatchObject({ valid: true })
        assertContract('CreateChatCompletionStreamResponse', chunk)
      }
      const folded = foldChunks(chunks)
      expect(meaningOfCompletion(folded)).toEqual({ ...meaning, usage: includeUsage ? meaning.usage : null })
      expect(detailsOf(folded)).toEqual(signatures)
      expect(folded.choices[0]?.message.citations ?? []).toHaveLength(sources)
      expect(folded.model).toBe(model ?? 'fallback-model')
      expect(usage?.inputTokens).toBe(meaning.usage?.input)
    }
  })

  it('a stream without a finish reason is one that was cut', () => {
    const exchange = answered.find(({ id }) => id === unfinished)
    if (exchange === undefined) throw new Error('missing')
    const { last, chunks } = decodeStream([bytesOf(bodyOf(exchange))], contextOf(true))
    expect(last.failure).toMatchObject({ class: 'server_error', status: 200 })
    expect(chunks.length).toBeGreaterThan(1)
  })

  it('events that have run together are no answer', () => {
    const exchange = answered.find(({ id }) => id === unframed)
    if (exchange === undefined) throw new Error('missing')
    const { last } = decodeStream([bytesOf(bodyOf(exchange))], contextOf(true))
    expect(last.failure).toMatchObject({ class: 'server_error' })
  })

  it('sources of pages have their place in the text', () => {
    const annotations = replies.flatMap((exchange) => {
      const decoded = geminiGenerateContent.decode(bodyOf(exchange), contextOf(false))
      if ('failure' in decoded) throw new Error(decoded.failure.message)
      const { content, annotations: some = [] } = decoded.completion.choices[0]?.message ?? { content: null }
      return some.map(({ url_citation: { start_index: start, end_index: end } }) => (content ?? '').slice(start, end))
    })
    const told = new Set(
      replies.flatMap(({ response }) => {
        const segments = JSON.stringify(response.body).matchAll(/"segment":\s*\{[^}]*?"text":\s*"((?:[^"\\]|\\.)*)"/g)
        return [...segments].map(([, text]) => JSON.parse(`"${text}"`) as string)
      }),
    )
    expect(annotations.length).toBeGreaterThan(20)
    // Two recordings were shortened by hand, so that a few of their segments are in no text any more.
    const found = annotations.filter((text) => told.has(text))
    expect(found.length / annotations.length).toBeGreaterThan(0.8)
  })

  it('holds thoughts, calls, sources, and counts of every kind', async () => {
    const all = (await Promise.all([...replies, ...streams].map(readByClient))).map(understand)
    const count = (has: (one: Understood) => boolean): number => all.filter(has).length
    expect(count(({ signatures }) => signatures.length > 0)).toBeGreaterThan(30)
    expect(count(({ sources }) => sources > 0)).toBeGreaterThan(15)
    expect(count(({ meaning }) => meaning.choices[0]?.finish === 'tools')).toBeGreaterThan(30)
    expect(count(({ meaning }) => (meaning.choices[0]?.reasoning ?? '') !== '')).toBeGreaterThan(8)
    expect(count(({ meaning }) => (meaning.usage?.cached ?? 0) > 0)).toBeGreaterThan(1)
    expect(count(({ meaning }) => (meaning.usage?.reasoning ?? 0) > 0)).toBeGreaterThan(40)
  })
})

describe.skipIf(missingFixtures !== null)(`recorded streams of Google's cut short${why}`, () => {
  // Where every event has a finish reason, nothing tells a whole stream from one that was cut between two of them.
  const once = streams.filter((exchange) => bodyOf(exchange).split('"finishReason"').length === 2)

  it('are most of them', () => {
    expect(once.length).toBeGreaterThan(55)
  })

  it.each(byId(once))('%s', (_id, exchange) => {
    const body = bodyOf(exchange)
    const end = body.indexOf('"finishReason"')
    for (const cut of [0, 1, Math.floor(end / 2), body.lastIndexOf('data:', end), end]) {
      const { last } = decodeStream([bytesOf(body.slice(0, cut))], contextOf(true))
      expect({ cut, class: last.failure?.class, done: last.done }).toEqual({ cut, class: 'server_error', done: false })
    }
  })
})
