/**
 * Every recorded exchange in Ollama's own language, through the dialect. What an answer means is read by Ollama's own
 * client, which is fed the recorded bytes by a server; what we make of them validates strictly and means the same.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ChatResponse } from 'ollama'
import { Ollama } from 'ollama'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foldChunks } from '../../gateway/core/chat/testing/fold-chunks.ts'
import type { DecodeContext, StreamStep } from '../../gateway/core/dialects/dialect.ts'
import { ollamaChat } from '../../gateway/core/dialects/ollama-chat/index.ts'
import { noQuirks } from '../../gateway/core/dialects/quirks.ts'
import { openNdjson } from '../../gateway/core/framing/ndjson.ts'
import type { ChatCompletion } from '../../schemas/index.ts'
import { validateChatCompletionChunk } from '../../schemas/validate-chat-completion-chunk.ts'
import { validateChatCompletion } from '../../schemas/validate-chat-completion.ts'
import type { Exchange } from './fixtures.ts'
import { bodyOf, missingFixtures, readExchanges } from './fixtures.ts'
import { assertContract, cutInPieces, randomOf } from './playback.ts'

const exchanges = readExchanges('ollama-chat')
const why = missingFixtures === null ? '' : ` (skipped: ${missingFixtures})`

function contextOf(includeUsage: boolean): DecodeContext {
  return { fallbackId: 'chatcmpl-fallback', createdSeconds: 1, model: 'fallback', includeUsage, quirks: noQuirks }
}

// ---- what the answer means, by Ollama's client ----

interface Meaning {
  readonly model: string
  readonly text: string
  readonly thinking: string
  readonly calls: readonly { readonly name: string; readonly arguments: unknown }[]
  readonly reason: string
  /** Null where the prompt was not counted. */
  readonly usage: { readonly input: number; readonly output: number } | null
}

const server = createServer((request, response) => {
  const exchange = exchanges.find(({ id }) => `/${encodeURIComponent(id)}/api/chat` === request.url)
  if (exchange === undefined) return response.writeHead(404).end()
  response.writeHead(200, { 'content-type': exchange.stream ? 'application/x-ndjson' : 'application/json' })
  return response.end(bodyOf(exchange))
})
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)))
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function meaningOf({ id, stream }: Exchange): Promise<Meaning> {
  // An address with a port: the server listens on one.
  const { port } = server.address() as AddressInfo
  const client = new Ollama({ host: `http://127.0.0.1:${port}/${encodeURIComponent(id)}` })
  const question = { model: 'm', messages: [{ role: 'user', content: 'x' }] }
  const parts: ChatResponse[] = []
  if (stream) for await (const part of await client.chat({ ...question, stream: true })) parts.push(part)
  else parts.push(await client.chat({ ...question, stream: false }))
  const final = parts.at(-1)
  if (final === undefined) throw new Error('no parts')
  const { prompt_eval_count: input, eval_count: output } = final
  const calls = parts.flatMap(({ message }) => message.tool_calls ?? [])
  return {
    model: final.model,
    text: parts.map(({ message }) => message.content ?? '').join(''),
    thinking: parts.map(({ message }) => message.thinking ?? '').join(''),
    calls: calls.map(({ function: called }) => ({ name: called.name, arguments: called.arguments })),
    reason: calls.length > 0 ? 'tool_calls' : final.done_reason,
    usage: typeof input === 'number' ? { input, output } : null,
  }
}

// ---- and by us ----

function meaningOfCompletion({ model, choices, usage }: ChatCompletion): Meaning {
  expect(choices).toHaveLength(1)
  const { message, finish_reason: reason } = choices[0]!
  return {
    model,
    text: message.content ?? '',
    thinking: message.reasoning_content ?? '',
    calls: (message.tool_calls ?? []).map((call) => {
      if (call.type !== 'function') throw new Error('a custom call')
      return { name: call.function.name, arguments: JSON.parse(call.function.arguments) as unknown }
    }),
    reason,
    usage: usage === undefined ? null : { input: usage.prompt_tokens, output: usage.completion_tokens },
  }
}

function stepsOf(reads: readonly Uint8Array[], includeUsage: boolean): StreamStep[] {
  const reader = openNdjson()
  const decoder = ollamaChat.openStream(contextOf(includeUsage))
  const frames = [...reads.flatMap((read) => reader.push(read)), ...reader.end()]
  return [...frames.map((frame) => decoder.push(frame.data, frame.event)), decoder.end()]
}

describe.skipIf(missingFixtures !== null)(`recorded in Ollama's language${why}`, () => {
  it('is all there', () => {
    expect([exchanges.length, exchanges.filter(({ stream }) => stream).length]).toEqual([12, 5])
  })

  const replies = exchanges.filter(({ stream }) => !stream)
  it.each(replies.map((exchange) => [exchange.id, exchange] as const))('reply %s', async (_id, exchange) => {
    const decoded = ollamaChat.decode(bodyOf(exchange), contextOf(false))
    if ('failure' in decoded) throw new Error(decoded.failure.message)
    expect(validateChatCompletion(decoded.completion)).toMatchObject({ valid: true })
    assertContract('CreateChatCompletionResponse', decoded.completion)
    const meaning = meaningOfCompletion(decoded.completion)
    expect(meaning).toEqual(await meaningOf(exchange))
    const counted = decoded.usage
    expect(counted && { input: counted.inputTokens, output: counted.outputTokens }).toEqual(meaning.usage)
    expect(decoded.completion.created).toBeGreaterThan(Date.UTC(2024, 0, 1) / 1000)
  })

  const streams = exchanges.filter(({ stream }) => stream)
  it.each(streams.map((exchange) => [exchange.id, exchange] as const))('stream %s', async (_id, exchange) => {
    const bytes = Buffer.from(bodyOf(exchange))
    const whole = stepsOf([bytes], true)
    expect(whole.at(-1)).toMatchObject({ done: true, failure: null })
    const chunks = whole.flatMap((step) => step.chunks)
    for (const chunk of chunks) {
      expect(validateChatCompletionChunk(chunk)).toMatchObject({ valid: true })
      assertContract('CreateChatCompletionStreamResponse', chunk)
    }
    const meaning = meaningOfCompletion(foldChunks(chunks))
    expect(meaning).toEqual(await meaningOf(exchange))
    const pieces = stepsOf(cutInPieces(bytes, randomOf(exchange.id)), true)
    expect(pieces.flatMap((step) => step.chunks)).toEqual(chunks)
    const unasked = stepsOf([bytes], false).flatMap((step) => step.chunks)
    expect(unasked.length).toBe(chunks.length - (meaning.usage === null ? 0 : 1))
  })

  it.each(streams.map((exchange) => [exchange.id, exchange] as const))('cut short %s', (_id, exchange) => {
    const text = bodyOf(exchange).trimEnd()
    for (const cut of [0, 1, Math.floor(text.length / 2), text.lastIndexOf('\n'), text.length - 1]) {
      const final = stepsOf([Buffer.from(text.slice(0, cut))], true).at(-1)
      expect({ cut, class: final?.failure?.class, done: final?.done }).toEqual({
        cut,
        class: 'server_error',
        done: false,
      })
    }
  })
})
