/** Whatever goes wrong goes wrong on every wire, each in its own way. */
import { afterEach, describe, expect, test } from 'vitest'
import type { BehaviourPatch, Fault } from './behaviour.ts'
import { failures as anthropicFailures } from './anthropic-messages/errors.ts'
import { failures as ollamaFailures } from './ollama-chat/errors.ts'
import { failures as openaiFailures } from './openai-chat/errors.ts'
import type { Simulator } from './simulator.ts'
import { startSimulator } from './simulator.ts'
import type { FailureFaults, WireName } from './wire.ts'

let simulator: Simulator | null = null
afterEach(() => simulator?.close())

interface Speaker {
  readonly wire: WireName
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** What stands once for every piece of text in a stream. */
  readonly piece: string
  /** An error in the envelope of this wire. */
  readonly error: RegExp
  /** The end of a stream that came to its end. */
  readonly end: RegExp
  readonly failures: FailureFaults
}

const speakers: readonly Speaker[] = [
  {
    wire: 'openai-chat',
    path: '/v1/chat/completions',
    headers: {},
    piece: '"delta":{"content":"',
    error: /\{"error":\{"message":"our words","type":"\w+","param":null,"code":null\}\}/,
    end: /data: \[DONE\]\n\n$/,
    failures: openaiFailures,
  },
  {
    wire: 'anthropic-messages',
    path: '/v1/messages',
    headers: { 'x-api-key': 'k', 'anthropic-version': '2023-06-01' },
    piece: '"type":"text_delta"',
    error: /\{"type":"error","error":\{"type":"\w+","message":"our words"\},"request_id":"req_\w+"\}/,
    end: /event: message_stop\ndata: \{"type":"message_stop" *\}\n\n$/,
    failures: anthropicFailures,
  },
  {
    wire: 'ollama-chat',
    path: '/api/chat',
    headers: {},
    piece: '"done":false',
    error: /\{"error":"our words"\}/,
    end: /"done":true,[^\n]*\}\n$/,
    failures: ollamaFailures,
  },
]

async function start({ wire }: Speaker, behaviour: BehaviourPatch = {}): Promise<Simulator> {
  simulator = await startSimulator({ name: wire, wire, behaviour })
  return simulator
}

function ask({ url }: Simulator, speaker: Speaker, stream: boolean, signal?: AbortSignal): Promise<Response> {
  const messages = [{ role: 'user', content: 'Hello.' }]
  return fetch(url + speaker.path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...speaker.headers },
    body: JSON.stringify({ model: 'm', max_tokens: 4_000, messages, stream }),
    ...(signal === undefined ? {} : { signal }),
  })
}

/** All that arrives before the body ends or breaks. */
async function readAll(response: Response): Promise<{ text: string; broken: boolean }> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const part of response.body ?? []) text += decoder.decode(part, { stream: true })
    return { text, broken: false }
  } catch {
    return { text, broken: true }
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 400 && !condition(); attempt += 1)
    await new Promise((resolve) => setTimeout(resolve, 5))
}

describe.each(speakers)('$wire', (speaker) => {
  const pieces = (text: string) => text.split(speaker.piece).length - 1
  const message = 'our words'

  test.each([false, true])('healthy (stream: %s)', async (stream) => {
    const { text, broken } = await readAll(await ask(await start(speaker, { chunks: 20 }), speaker, stream))
    expect(broken).toBe(false)
    if (!stream) return expect(JSON.parse(text)).toMatchObject({ model: 'm' })
    expect(pieces(text)).toBe(20)
    expect(text).toMatch(speaker.end)
  })

  test.each([false, true])('status, with when to come back (stream: %s)', async (stream) => {
    const faults: readonly Fault[] = [{ kind: 'status', status: 529, message, retryAfterSeconds: 7 }]
    const response = await ask(await start(speaker, { faults }), speaker, stream)
    expect(response.status).toBe(529)
    expect(response.headers.get('retry-after')).toBe('7')
    expect(await response.text()).toMatch(speaker.error)
  })

  test.each([0, 3])('an error event after %d pieces ends the stream', async (after) => {
    const faults: readonly Fault[] = [{ kind: 'error_event', after, message }]
    const response = await ask(await start(speaker, { faults }), speaker, true)
    const { text } = await readAll(response)
    expect(response.status).toBe(200)
    expect(pieces(text)).toBe(after)
    expect(text.trimEnd()).toMatch(new RegExp(`${speaker.error.source}$`))
  })

  test('an error inside a plain 200', async () => {
    const response = await ask(await start(speaker, { faults: [{ kind: 'error_event', message }] }), speaker, false)
    expect(response.status).toBe(200)
    expect(await response.text()).toMatch(speaker.error)
  })

  test.each([0, 3])('a cut after %d pieces', async (after) => {
    const { text, broken } = await readAll(
      await ask(await start(speaker, { faults: [{ kind: 'cut', after }] }), speaker, true),
    )
    expect(broken).toBe(true)
    expect(pieces(text)).toBe(after)
  })

  test('a plain answer is cut in the middle', async () => {
    const { text, broken } = await readAll(
      await ask(await start(speaker, { faults: [{ kind: 'cut' }] }), speaker, false),
    )
    expect(broken).toBe(true)
    expect(() => JSON.parse(text)).toThrow()
  })

  test('garbage stands in the stream, which goes on', async () => {
    const faults: readonly Fault[] = [{ kind: 'garbage', after: 2 }]
    const { text } = await readAll(await ask(await start(speaker, { faults, chunks: 20 }), speaker, true))
    const payloads = text.split('\n').filter((line) => line.includes('{'))
    const unreadable = payloads.filter((line) => !isJson(line.replace(/^data: /, '')))
    expect(unreadable).toHaveLength(1)
    expect(text).toMatch(speaker.end)
    const plain = await ask(await start(speaker, { faults }), speaker, false)
    expect(plain.headers.get('content-type')).toContain('application/json')
    expect(isJson(await plain.text())).toBe(false)
  })

  test.each([false, true])('another body than was asked for, or none (stream: %s)', async (stream) => {
    const unreadable = await ask(await start(speaker, { faults: [{ kind: 'unreadable' }] }), speaker, stream)
    expect(unreadable.headers.get('content-type')).toBe('text/html')
    expect(await unreadable.text()).toMatch(/^<html>/)
    await simulator?.behave({ faults: [{ kind: 'empty' }] })
    const empty = simulator === null ? null : await ask(simulator, speaker, stream)
    expect(empty?.status).toBe(200)
    const text = (await empty?.text()) ?? ''
    expect(text).not.toContain(speaker.piece.replace('"done":false', '"done":true'))
    expect(text).not.toMatch(/"(stop|finish|done)_reason":"/)
  })

  test('a stream without its last frame', async () => {
    const { text, broken } = await readAll(
      await ask(await start(speaker, { faults: [{ kind: 'no_done' }] }), speaker, true),
    )
    expect(broken).toBe(false)
    expect(pieces(text)).toBeGreaterThan(0)
    expect(text).not.toMatch(speaker.end)
  })

  test.each<Fault>([{ kind: 'hang' }, { kind: 'stall', after: 2 }])(
    '$kind ends when the caller gives up',
    async (fault) => {
      const running = await start(speaker, { faults: [fault] })
      const abort = new AbortController()
      const asking = ask(running, speaker, true, abort.signal)
        .then(readAll)
        .catch(() => null)
      await until(() => running.stats().received === 1)
      await until(() => fault.kind === 'hang' || running.requests()[0]?.firstContentAt !== null)
      expect(running.stats()).toMatchObject({ open: 1, answered: 0 })
      abort.abort()
      await asking
      await until(() => running.stats().aborted === 1)
      expect(running.requests()[0]?.aborted?.chunksSent).toBe(fault.kind === 'hang' ? 0 : 2)
    },
  )

  test('a reset breaks the connection', async () => {
    const running = await start(speaker, { faults: [{ kind: 'reset' }] })
    await expect(ask(running, speaker, true)).rejects.toThrow()
    expect(running.stats()).toMatchObject({ answered: 1, aborted: 0 })
  })

  test.skipIf(speaker.wire === 'ollama-chat')('what opens a stream comes before its content is due', async () => {
    const running = await start(speaker, { firstContentMs: 600_000 })
    const abort = new AbortController()
    const response = await ask(running, speaker, true, abort.signal)
    const first = await response.body?.getReader().read()
    const opening = new TextDecoder().decode(first?.value)
    expect(opening).toContain('data: {')
    expect(pieces(opening)).toBe(0)
    abort.abort()
    await until(() => running.stats().aborted === 1)
    expect(running.requests()[0]).toMatchObject({ status: 200, firstContentAt: null, aborted: { chunksSent: 0 } })
  })

  test('a model that is not there, and one that is', async () => {
    const running = await start(speaker, { models: ['other'] })
    expect((await ask(running, speaker, true)).status).toBe(404)
    await running.behave({ models: ['other', 'm'] })
    expect((await ask(running, speaker, false)).status).toBe(200)
  })

  test.each(Object.entries(speaker.failures))('a drill can ask for %s', async (name, fault) => {
    const running = await start(speaker, { faults: [fault] })
    if (fault.kind === 'slow') return expect(name).toBe('latency')
    if (fault.kind === 'hang') return expect(name).toBe('timeout')
    if (fault.kind === 'reset') return await expect(ask(running, speaker, false)).rejects.toThrow()
    const response = await ask(running, speaker, false)
    expect(response.status).toBe(fault.kind === 'status' ? fault.status : 0)
    expect(await response.json()).toHaveProperty('error')
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

test('a style is of OpenAI’s wire', async () => {
  await expect(startSimulator({ name: 'x', wire: 'ollama-chat', style: 'groq' })).rejects.toThrow('has none')
})
