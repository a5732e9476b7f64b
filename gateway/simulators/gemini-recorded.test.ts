/**
 * The simulator against what it imitates: whatever Google's two services took, it takes, and what it sends has no key
 * that they do not send. Skips where the recordings are absent (`../shared/fixtures`).
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import type { ScriptedReply } from './behaviour.ts'
import type { Simulator } from './simulator.ts'
import { startSimulator } from './simulator.ts'

const fixtures = new URL('../../../shared/fixtures/exchanges/', import.meta.url)
const missing = existsSync(fixtures) ? false : 'no recordings in ../shared/fixtures'

type Json = Readonly<Record<string, unknown>>
type Service = 'gemini' | 'vertex'

interface Exchange {
  readonly id: string
  readonly api: string
  readonly fidelity: string
  readonly request: { readonly path: string; readonly body: Json } | null
  readonly response: { readonly status: number; readonly body?: unknown; readonly bodyText?: string }
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function exchangesOf(service: Service): readonly Exchange[] {
  if (missing !== false) return []
  const folder = new URL(`${service}/`, fixtures)
  return readdirSync(folder)
    .map((name): Exchange => JSON.parse(readFileSync(new URL(name, folder), 'utf8')))
    .filter(({ api, fidelity }) => api === 'gemini-generate-content' && fidelity === 'recorded')
}

const recorded = { gemini: exchangesOf('gemini'), vertex: exchangesOf('vertex') }

let simulator: Simulator | null = null
afterEach(() => simulator?.close())

async function post(path: string, body: Json, reply: ScriptedReply | null = null) {
  simulator = await startSimulator({ name: 'google', wire: 'gemini-generate-content', behaviour: { reply } })
  const headers = { 'content-type': 'application/json', 'x-goog-api-key': 'k', authorization: 'Bearer t' }
  const response = await fetch(simulator.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: response.status, text: await response.text() }
}

describe.skipIf(missing)('what the live API took is taken', () => {
  const taken = [...recorded.gemini, ...recorded.vertex].flatMap(({ id, request, response }) =>
    request !== null && response.status === 200 ? [{ id, ...request }] : [],
  )

  test('there are some', () => {
    expect(taken.length).toBeGreaterThan(70)
  })

  test.each(taken)('$id', async ({ path, body }) => {
    const { status, text } = await post(path, body)
    expect(status, text).toBe(200)
  })
})

/** Every key of a value with the way to it. What a tool is called with is the caller's business. */
function keysOf(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => keysOf(item, `${path}[]`))
  if (!isJson(value)) return []
  return Object.entries(value).flatMap(([key, item]) => [
    `${path}.${key}`,
    ...(key === 'args' ? [] : keysOf(item, `${path}.${key}`)),
  ])
}

function valuesOf({ body, bodyText }: Exchange['response']): readonly unknown[] {
  if (bodyText === undefined) return [body]
  return bodyText
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line): unknown => JSON.parse(line.slice('data:'.length)))
}

const sorted = (keys: Iterable<string>) => [...new Set(keys)].toSorted()

/** What the pages say that newer models send, and no recording has. */
const newer = ['.candidates[].content.parts[].functionCall.id']
/** What only some answers have, and the simulator's never: it is asked for none of it. */
const elsewhere =
  /safetyRatings|avgLogprobs|groundingMetadata|citationMetadata|cache|toolUse|candidatesTokensDetails|finishMessage/

describe.skipIf(missing)('what is sent has the keys that the live API sends', () => {
  const tools = [{ functionDeclarations: [{ name: 'f' }] }]
  const thinkingConfig = { includeThoughts: true, thinkingLevel: 'LOW' }
  const body = { contents: [{ role: 'user', parts: [{ text: 'x' }] }], tools, generationConfig: { thinkingConfig } }
  const reply = { reasoning: 'Hm.', text: 'Well.', toolCalls: [{ name: 'f' }] }
  const pathOf = { gemini: '/v1beta', vertex: '/v1/projects/p/locations/l/publishers/google' }

  test.each(['gemini', 'vertex'] as const)('%s, at once and in pieces', async (service) => {
    const path = `${pathOf[service]}/models/gemini-3-flash-preview`
    const { text } = await post(`${path}:generateContent`, body, reply)
    await simulator?.close()
    const { text: stream } = await post(`${path}:streamGenerateContent?alt=sse`, body, reply)
    expect(stream).toContain('\r\n\r\n')
    const ours = [JSON.parse(text), ...valuesOf({ status: 200, bodyText: stream })].flatMap((value) => keysOf(value))
    const theirs = recorded[service]
      .filter(({ response }) => response.status === 200)
      .flatMap(({ response }) => valuesOf(response).flatMap((value) => keysOf(value)))
    expect(theirs.length).toBeGreaterThan(500)
    expect(sorted(ours)).toEqual(sorted([...theirs, ...newer].filter((key) => !elsewhere.test(key))))
  })

  test('the error', async () => {
    const live = recorded.gemini.find(({ response }) => response.status === 400)
    const path = `${pathOf.gemini}/models/gemini-2.5-flash:generateContent`
    simulator = await startSimulator({ name: 'google', wire: 'gemini-generate-content' })
    const headers = { 'content-type': 'application/json', 'x-goog-api-key': '' }
    const response = await fetch(simulator.url + path, { method: 'POST', headers, body: '{}' })
    const ours: unknown = await response.json()
    const theirs = new Set(keysOf(live?.response.body))
    expect(keysOf(ours).filter((key) => !theirs.has(key))).toEqual([])
    expect(ours).toMatchObject({
      error: { code: 400, message: 'API key not valid. Please pass a valid API key.', status: 'INVALID_ARGUMENT' },
    })
  })
})
