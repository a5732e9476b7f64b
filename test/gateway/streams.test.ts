/** Streams under stress: callers that do not read, framing byte by byte, and what must never be seen of a failed attempt. */
import { afterEach, describe, expect, it } from 'vitest'
import type { TestGateway } from '../support/gateway.ts'
import { startTestGateway, until } from '../support/gateway.ts'
import type { RawProvider, RawRequest } from '../support/raw.ts'
import {
  callRaw,
  chatText,
  chunkEvent,
  completionText,
  plainReply,
  startRawProvider,
  streamHead,
} from '../support/raw.ts'

let answer: (request: RawRequest) => void = () => {}
let provider: RawProvider | null = null
let running: TestGateway | null = null
afterEach(async () => {
  await running?.close()
  await provider?.close()
  running = null
  provider = null
})

async function start(more: { connection?: string; target?: string } = {}): Promise<TestGateway> {
  provider = await startRawProvider((request) => answer(request))
  const { connection = '', target = '' } = more
  const manifest = `providers:
  a: {type: openai-compatible, base_url: "${provider.baseUrl}", api_key: {env: TEST_KEY}${connection}}
ai_routes:
  - name: chat
    match: {model: m}
    strategy: priority
    targets: [{provider: a, model: first${target}}, {provider: a, model: second}]
`
  running = await startTestGateway({ manifest })
  return running
}

const hello = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] }
const streamed = { ...hello, stream: true }
const finished = `${chunkEvent({}, 'stop')}data: [DONE]\n\n`

/** Undoes the chunked framing (RFC 9112, section 7.1), believing nothing. Throws where a length is wrong. */
function unframe(bytes: Buffer): { text: string; rest: Buffer } {
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString(), 16)
    if (lineEnd < 0 || Number.isNaN(size)) throw new Error(`no chunk size at ${at}`)
    const end = lineEnd + 2 + size
    if (bytes.subarray(end, end + 2).toString() !== '\r\n')
      throw new Error(`a chunk at ${at} is not as long as it says`)
    if (size === 0) return { text: Buffer.concat(parts).toString(), rest: bytes.subarray(end + 2) }
    parts.push(bytes.subarray(lineEnd + 2, end))
    at = end + 2
  }
}

function contentOf(events: string): string {
  return events
    .split('\n\n')
    .filter((event) => event.startsWith('data: {'))
    .map((event) => JSON.parse(event.slice(6)) as { choices: { delta: { content?: string } }[] })
    .map((chunk) => chunk.choices[0]?.delta.content ?? '')
    .join('')
}

/** Writes numbered pieces as fast as they are taken, until so many have gone. */
function pour({ socket }: RawRequest, pieces: number): { sent(): number } {
  let next = 0
  const padding = 'x'.repeat(1000)
  const more = (): void => {
    while (next < pieces && !socket.destroyed) {
      const piece = chunkEvent({ content: `${next} ${padding}\n` })
      next += 1
      if (!socket.write(piece)) {
        socket.once('drain', more)
        return
      }
    }
    if (next === pieces) socket.end(finished)
  }
  socket.write(streamHead + chunkEvent({ role: 'assistant', content: '' }))
  more()
  return { sent: () => next }
}

describe('a caller that does not read', () => {
  it('stops the provider instead of filling memory, and gets every piece in order once it reads again', async () => {
    const pieces = 24_000
    let poured = { sent: () => 0 }
    answer = (request) => (poured = pour(request, pieces))
    const gateway = await start()
    const caller = await callRaw(gateway.gateway.url, chatText(streamed))
    await caller.receives(/\r\n\r\n/)
    caller.socket.pause()
    let before = -1
    await until('the provider is held up', async () => {
      const still = poured.sent() === before
      before = poured.sent()
      await new Promise((resolve) => setTimeout(resolve, 150))
      return still && poured.sent() === before
    })
    expect(poured.sent()).toBeGreaterThan(100)
    expect(poured.sent()).toBeLessThan(pieces / 2)
    caller.socket.resume()
    const text = await caller.receives(/data: \[DONE\]\n\n\r\n0\r\n\r\n$/, 15_000)
    const bytes = Buffer.from(text)
    const lines = contentOf(unframe(bytes.subarray(bytes.indexOf('\r\n\r\n') + 4)).text)
      .trimEnd()
      .split('\n')
    expect(lines).toHaveLength(pieces)
    expect(lines.every((line, index) => line.startsWith(`${index} `))).toBe(true)
    caller.socket.destroy()
    const [record] = await gateway.records()
    expect(record?.finish.outcome).toBe('served')
  })

  it('may pause for longer than the idle time, which counts what the provider keeps silent', async () => {
    let provided: RawRequest | null = null
    answer = (request) => {
      provided = request
      pour(request, 16_000)
    }
    const gateway = await start({ connection: ', idle_timeout_ms: 1500' })
    const caller = await callRaw(gateway.gateway.url, chatText(streamed))
    await caller.receives(/\r\n\r\n/)
    caller.socket.pause()
    await new Promise((resolve) => setTimeout(resolve, 3000))
    caller.socket.resume()
    expect(await caller.receives(/0\r\n\r\n$/, 15_000)).toContain('data: [DONE]')
    expect(provided).not.toBeNull()
    caller.socket.destroy()
  })
})

describe('the framing of a stream', () => {
  const words = ['Grüße, ', '日本語 ', '🙂🙃', ' \u2028 ', 'fin']
  const sayWords = ({ socket }: RawRequest) => {
    socket.write(streamHead)
    // Seven bytes at a time: characters are divided wherever they can be.
    const bytes = Buffer.from(words.map((content) => chunkEvent({ content })).join('') + finished)
    let at = 0
    const next = (): void => {
      if (at >= bytes.length) return void socket.end()
      socket.write(bytes.subarray(at, at + 7))
      at += 7
      setImmediate(next)
    }
    next()
  }

  it('counts bytes and not characters, and leaves the connection fit for the next request', async () => {
    answer = (request) => (request.number === 0 ? sayWords(request) : request.socket.write(plainReply(completionText)))
    const gateway = await start()
    const caller = await callRaw(gateway.gateway.url, chatText(streamed))
    await caller.receives(/\r\n0\r\n\r\n$/)
    caller.socket.write(chatText(hello))
    const all = Buffer.from(await caller.receives(/"fine"[^]*\}$/))
    const first = unframe(all.subarray(all.indexOf('\r\n\r\n') + 4))
    expect(contentOf(first.text)).toBe(words.join(''))
    expect(first.rest.toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    caller.socket.destroy()
  })

  it('is none for a caller of HTTP/1.0, whose stream ends with the connection', async () => {
    answer = sayWords
    const gateway = await start()
    const caller = await callRaw(gateway.gateway.url, chatText(streamed, { version: '1.0' }))
    const all = await caller.ends()
    const [head = '', body = ''] = all.split(/\r\n\r\n/)
    expect(head).not.toMatch(/transfer-encoding/i)
    expect(body).toMatch(/^data: \{/)
    expect(body.endsWith('data: [DONE]\n\n')).toBe(true)
    expect(contentOf(body)).toBe(words.join(''))
  })

  it('keeps requests apart that were sent at once over one connection, in the order they came', async () => {
    answer = (request) =>
      request.body.includes('"stream":true') ? sayWords(request) : request.socket.write(plainReply(completionText))
    const gateway = await start()
    const caller = await callRaw(gateway.gateway.url, chatText(streamed) + chatText(hello) + chatText(streamed))
    const all = Buffer.from(await caller.receives(/[^]*data: \[DONE\][^]*"fine"[^]*data: \[DONE\]\n\n\r\n0\r\n\r\n$/))
    const first = unframe(all.subarray(all.indexOf('\r\n\r\n') + 4))
    const second = first.rest.toString()
    expect(second).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*"fine"[^]*HTTP\/1\.1 200 OK\r\n/)
    const third = first.rest.subarray(first.rest.lastIndexOf('HTTP/1.1 200 OK'))
    expect(contentOf(unframe(third.subarray(third.indexOf('\r\n\r\n') + 4)).text)).toBe(words.join(''))
    caller.socket.destroy()
    expect(await gateway.records()).toHaveLength(3)
  })

  it('takes a body only after saying so to a caller that waits to be told', async () => {
    answer = (request) => request.socket.write(plainReply(completionText))
    const gateway = await start()
    const text = chatText(hello, { headers: ['expect: 100-continue'] })
    const cut = text.indexOf('\r\n\r\n') + 4
    const caller = await callRaw(gateway.gateway.url, text.slice(0, cut))
    expect(await caller.receives(/\r\n\r\n$/)).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    caller.socket.write(text.slice(cut))
    await caller.receives(/HTTP\/1\.1 200 OK\r\n[^]*"fine"/)
    caller.socket.destroy()
  })
})

describe('before the commit point', () => {
  it('nothing of a failed attempt is ever seen: its opening chunks go down with it', async () => {
    answer = ({ socket, number }) => {
      if (number > 0) return void socket.end(streamHead + chunkEvent({ role: 'assistant', content: 'fine' }) + finished)
      socket.write(streamHead + chunkEvent({ role: 'assistant', content: '' }))
      setTimeout(() => socket.end('data: {"error":{"message":"overloaded","code":503}}\n\n'), 20)
    }
    const gateway = await start()
    const reply = await fetch(`${gateway.gateway.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify(streamed),
    })
    const text = await reply.text()
    expect(reply.headers.get('x-aigw-attempts')).toBe('2')
    expect(text.match(/"role":"assistant"/g)).toHaveLength(1)
    expect(contentOf(text)).toBe('fine')
  })

  it('a stream without end and without content is given up, however long it may take', async () => {
    answer = (request) => {
      const { socket, number } = request
      if (number > 0) return void socket.end(streamHead + chunkEvent({ role: 'assistant', content: 'fine' }) + finished)
      const logprobs = { content: [{ token: 'x'.repeat(100), logprob: -1, bytes: null, top_logprobs: [] }] }
      const choices = [{ index: 0, delta: {}, logprobs, finish_reason: null }]
      const silent = `data: ${JSON.stringify({ choices })}\n\n`.repeat(100)
      socket.write(streamHead)
      const more = (): void => {
        while (!socket.destroyed && socket.write(silent));
        if (!socket.destroyed) socket.once('drain', more)
      }
      more()
    }
    const gateway = await start()
    const reply = await fetch(`${gateway.gateway.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify(streamed),
    })
    expect(contentOf(await reply.text())).toBe('fine')
    const [record] = await gateway.records()
    expect(record?.attempts.map((one) => one.class)).toEqual(['server_error', 'ok'])
  })
})
