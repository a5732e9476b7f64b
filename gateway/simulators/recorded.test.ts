/**
 * The simulators against what they imitate: whatever the live API took, they take, and what they send has the keys of
 * what it sent. Skips where the recordings are absent (`../shared/fixtures`).
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import type { ScriptedReply } from './behaviour.ts'
import type { Simulator } from './simulator.ts'
import { startSimulator } from './simulator.ts'
import type { WireName } from './wire.ts'

const fixtures = new URL('../../../shared/fixtures/exchanges/', import.meta.url)
const missing = existsSync(fixtures) ? false : 'no recordings in ../shared/fixtures'

interface Exchange {
  readonly id: string
  readonly api: string
  readonly fidelity: string
  readonly recordedAt?: string
  readonly request: { readonly path: string; readonly body: Json } | null
  readonly response: { readonly status: number; readonly body?: unknown; readonly bodyText?: string }
}

type Json = Readonly<Record<string, unknown>>

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function exchangesOf(provider: string, api: string): readonly Exchange[] {
  if (missing !== false) return []
  const folder = new URL(`${provider}/`, fixtures)
  return readdirSync(folder)
    .map((name): Exchange => JSON.parse(readFileSync(new URL(name, folder), 'utf8')))
    .filter((exchange) => exchange.api === api && exchange.fidelity !== 'suspect')
}

let simulator: Simulator | null = null
afterEach(() => simulator?.close())

const headers = {
  'content-type': 'application/json',
  'x-api-key': 'k',
  'anthropic-version': '2023-06-01',
  'anthropic-beta': 'structured-outputs-2025-11-13',
}

async function post(wire: WireName, { path, body, reply }: { path: string; body: Json; reply?: ScriptedReply }) {
  simulator = await startSimulator({ name: wire, wire, behaviour: { reply: reply ?? null } })
  const response = await fetch(simulator.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: response.status, text: await response.text() }
}

const anthropic = exchangesOf('anthropic', 'anthropic-messages')
const ollama = exchangesOf('ollama', 'ollama-chat')

describe.skipIf(missing)('what the live API took is taken', () => {
  const taken = (exchanges: readonly Exchange[]) =>
    exchanges.flatMap(({ id, request, response }) =>
      request !== null && response.status === 200 ? [{ id, body: request.body }] : [],
    )

  test('there are some', () => {
    expect(taken(anthropic).length).toBeGreaterThan(40)
    expect(taken(ollama).length).toBeGreaterThan(2)
  })

  test.each(taken(anthropic))('$id', async ({ body }) => {
    expect(await post('anthropic-messages', { path: '/v1/messages', body })).toMatchObject({ status: 200 })
  })

  test.each(taken(ollama))('$id', async ({ body }) => {
    expect(await post('ollama-chat', { path: '/api/chat', body })).toMatchObject({ status: 200 })
  })
})

/** Every key of a value with the way to it; the items of lists are told apart by their `type` only. */
function keysOf(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => keysOf(item, `${path}[${typeOf(item)}]`))
  if (!isJson(value)) return []
  return Object.entries(value).flatMap(([key, item]) => {
    // What a tool is called with is the caller's business.
    const inside = key === 'input' || key === 'arguments' ? [] : keysOf(item, `${path}.${key}`)
    return [`${path}.${key}`, ...inside]
  })
}

function typeOf(item: unknown): string {
  return isJson(item) && typeof item['type'] === 'string' ? item['type'] : ''
}

const sorted = (keys: Iterable<string>) => [...new Set(keys)].toSorted()

/** The keys of each kind of event in a stream: `content_block_delta text_delta` and so on. */
function keysOfEvents(stream: string): Readonly<Record<string, readonly string[]>> {
  const keys: Record<string, readonly string[]> = {}
  for (const line of stream.split('\n').filter((one) => one.startsWith('data: '))) {
    const event: unknown = JSON.parse(line.slice('data: '.length))
    if (!isJson(event)) continue
    const kind = [typeOf(event), typeOf(event['delta']), typeOf(event['content_block'])].filter(Boolean).join(' ')
    keys[kind] = sorted([...(keys[kind] ?? []), ...keysOf(event)])
  }
  return keys
}

describe.skipIf(missing)('what is sent has the keys that the live API sends', () => {
  /** Recorded in 2026 with claude-haiku-4-5; what is older has fewer keys. */
  const recent = anthropic.filter(({ recordedAt = '' }) => recordedAt.startsWith('2026-08'))
  const tools = [{ name: 'f', input_schema: { type: 'object', properties: { a: { type: 'string' } } } }]
  const thinking = { type: 'enabled', budget_tokens: 1_024 }
  const body = { model: 'claude-haiku-4-5', max_tokens: 4_000, messages: [{ role: 'user', content: 'x' }], tools }
  const reply = { reasoning: 'Hm.', text: 'Well.', toolCalls: [{ name: 'f' }] }

  test('events', async () => {
    const { text } = await post('anthropic-messages', {
      path: '/v1/messages',
      body: { ...body, thinking, stream: true },
      reply,
    })
    const ours = keysOfEvents(text)
    const streams = recent.flatMap(({ response }) => (response.bodyText === undefined ? [] : [response.bodyText]))
    expect(streams.length).toBeGreaterThan(5)
    const theirs: Record<string, readonly string[]> = {}
    for (const stream of streams) {
      for (const [kind, keys] of Object.entries(keysOfEvents(stream))) {
        theirs[kind] = sorted([...(theirs[kind] ?? []), ...keys])
      }
    }
    expect(ours).toEqual(theirs)
  })

  test('messages, and their blocks', async () => {
    const path = '/v1/messages'
    const { text } = await post('anthropic-messages', { path, body: { ...body, thinking }, reply })
    const ours = new Set(keysOf(JSON.parse(text)))
    const messages = recent.filter(({ response }) => response.status === 200 && isJson(response.body))
    expect(messages.length).toBeGreaterThan(10)
    const theirs = new Set(messages.flatMap(({ response }) => keysOf(response.body)))
    expect(sorted(ours)).toEqual(sorted(theirs))
  })

  test('the error', async () => {
    const recorded = anthropic.find(({ response }) => response.status === 401)
    simulator = await startSimulator({ name: 'a', wire: 'anthropic-messages' })
    await simulator.behave({ faults: [{ kind: 'status', status: 401 }] })
    const response = await fetch(`${simulator.url}/v1/messages`, { method: 'POST', headers, body: '{}' })
    const ours: unknown = await response.json()
    expect(keysOf(ours)).toEqual(keysOf(recorded?.response.body))
    expect(ours).toMatchObject({ error: { type: 'authentication_error', message: 'invalid x-api-key' } })
  })

  /** What newer servers send and no recording has: ids of calls, and an index on the first one too. */
  const newer = ['.message.tool_calls[].id', '.message.tool_calls[].function.index']

  test('lines of Ollama', async () => {
    const asked = {
      model: 'm',
      messages: [{ role: 'user', content: 'x' }],
      think: true,
      tools: [{ type: 'function', function: { name: 'f' } }],
    }
    const path = '/api/chat'
    const { text: streamed } = await post('ollama-chat', { path, body: asked, reply })
    await simulator?.close()
    const { text: plain } = await post('ollama-chat', { path, body: { ...asked, stream: false }, reply })
    const linesOf = (text: string) =>
      text
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line))
    const ours = new Set([...linesOf(streamed), JSON.parse(plain)].flatMap((value) => keysOf(value)))
    const theirs = new Set(
      ollama.flatMap(({ response }) =>
        response.bodyText === undefined
          ? keysOf(response.body)
          : linesOf(response.bodyText).flatMap((line) => keysOf(line)),
      ),
    )
    expect(sorted(ours)).toEqual(sorted([...theirs, ...newer]))
  })
})
