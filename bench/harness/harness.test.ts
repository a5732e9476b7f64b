/** The harness itself: that it measures what it says. Nothing here looks at a clock's value. */
import { spawn } from 'node:child_process'
import OpenAI from 'openai'
import { afterEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { validateCaptureLine } from '../../schemas/validate-capture.ts'
import { validateRoutes } from '../../schemas/validate-routes.ts'
import { captureLine } from './capture.ts'
import { interleave } from './interleave.ts'
import { runAtRate, runFirstChunks, runPlain, runStreams, streamPrompt } from './load.ts'
import { freePort, until } from './process.ts'
import { renderTable } from './report.ts'
import { quantile, spread } from './statistics.ts'
import { modelOfRoute, renderManifest } from './subject.ts'
import type { Upstream } from './upstream.ts'
import { startUpstream } from './upstream.ts'
import { renderPlainReply, renderRequest, renderStream } from './wire.ts'

const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function start(): Promise<Upstream> {
  const upstream = await startUpstream()
  closing.push(() => upstream.close())
  return upstream
}

/** The floor as `run.ts` starts it, but not on a core of its own. */
async function startFloor(upstream: Upstream): Promise<number> {
  const port = await freePort()
  const script = new URL('../floor.ts', import.meta.url).pathname
  const args = [script, '--port', String(port), '--upstream', `http://127.0.0.1:${upstream.port}`]
  const child = spawn(process.execPath, args, { stdio: 'ignore' })
  closing.push(() => new Promise<void>((resolve) => child.once('exit', () => resolve()) && child.kill()))
  await until('the floor', () =>
    fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'null' }).then(
      () => true,
      (error: Error) => !JSON.stringify(error.cause).includes('ECONNREFUSED'),
    ),
  )
  return port
}

const plainRequest = renderRequest({ model: 'm', prompt: 'Hello.', stream: false, headers: [] })

describe('the bytes', () => {
  test('a request is HTTP, and asks for usage when it asks for a stream', async () => {
    const upstream = await start()
    const seen: string[] = []
    const stream = renderStream(1)
    upstream.handle = ({ socket, body }) => {
      seen.push(body.toString())
      socket.end(Buffer.concat([stream.head, ...stream.content, stream.tail]))
    }
    const client = new OpenAI({ apiKey: 'unused', baseURL: `http://127.0.0.1:${upstream.port}/v1`, maxRetries: 0 })
    const request = renderRequest({ model: 'm', prompt: 'Hello.', stream: true, headers: ['x-one: 1'] }).toString()
    expect(request).toMatch(/^POST \/v1\/chat\/completions HTTP\/1.1\r\n(.+\r\n)*x-one: 1\r\n\r\n\{/)
    const [, body = ''] = request.split('\r\n\r\n')
    expect(request).toContain(`content-length: ${body.length}\r\n`)
    const final = await client.chat.completions.stream(JSON.parse(body)).finalChatCompletion()
    expect(JSON.parse(seen[0] ?? '')).toMatchObject({ stream: true, stream_options: { include_usage: true } })
    expect(final.choices[0]?.message.content).toBe(' word0~')
    expect(final.usage?.total_tokens).toBe(72)
  })

  test('a plain reply is what a client reads', async () => {
    const upstream = await start()
    upstream.handle = ({ socket }) => void socket.write(renderPlainReply())
    const client = new OpenAI({ apiKey: 'unused', baseURL: `http://127.0.0.1:${upstream.port}/v1`, maxRetries: 0 })
    const reply = await client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'Hello.' }] })
    expect(reply.choices[0]?.message.content).toContain('The gateway carries every token')
  })
})

describe.each(['direct', 'through the floor'])('load, %s', (way) => {
  const portOf = async (upstream: Upstream): Promise<number> =>
    way === 'direct' ? upstream.port : startFloor(upstream)

  test('a closed loop sends exactly as many as it was told', async () => {
    const upstream = await start()
    const port = await portOf(upstream)
    let received = 0
    const counted: Upstream = {
      ...upstream,
      get handle() {
        return upstream.handle
      },
      set handle(handle: Upstream['handle']) {
        upstream.handle = (request) => {
          received += 1
          handle(request)
        }
      },
    }
    await runPlain(counted, { port, request: plainRequest, reply: renderPlainReply(), count: 100, concurrency: 8 })
    expect(received).toBe(100)
  })

  test('streams in lock step all come to their end', async () => {
    const upstream = await start()
    const port = await portOf(upstream)
    const requests = Array.from({ length: 4 }, (_, number) =>
      renderRequest({ model: 'm', prompt: streamPrompt(number), stream: true, headers: [] }),
    )
    await expect(
      runStreams(upstream, { port, requests, stream: renderStream(20), count: 12, concurrency: 4 }),
    ).resolves.toBeUndefined()
  })

  test('a fixed rate gives one latency a request', async () => {
    const upstream = await start()
    const port = await portOf(upstream)
    const load = { port, request: plainRequest, reply: renderPlainReply(), perSecond: 200, seconds: 0.25 }
    const latencies = await runAtRate(upstream, load)
    expect(latencies).toHaveLength(50)
    expect(latencies.every((latency) => latency > 0)).toBe(true)
  })

  test('first chunks are timed once a stream', async () => {
    const upstream = await start()
    const port = await portOf(upstream)
    const request = renderRequest({ model: 'm', prompt: streamPrompt(0), stream: true, headers: [] })
    const held = await runFirstChunks(upstream, {
      port,
      request,
      stream: renderStream(5),
      perSecond: 100,
      seconds: 0.2,
    })
    expect(held).toHaveLength(20)
    expect(held.every((ms) => ms > 0)).toBe(true)
  })

  test('a reply that is no 200 ends the run with its words', async () => {
    const upstream = await start()
    const port = way === 'direct' ? upstream.port : await startFloor(upstream)
    const reply = Buffer.from(
      'HTTP/1.1 503 Busy\r\ncontent-type: application/json\r\ncontent-length: 8\r\n\r\n{"no":1}',
    )
    const load = { port, request: plainRequest, reply, count: 4, concurrency: 2 }
    await expect(runPlain(upstream, load)).rejects.toThrow(/not a 200: HTTP\/1.1 503[^]*\{"no":1\}/)
  })
})

describe('the floor', () => {
  test('re-serialises requests, replies and events', async () => {
    const upstream = await start()
    const port = await startFloor(upstream)
    let body = ''
    upstream.handle = (request) => {
      body = request.body.toString()
      request.socket.write(
        'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 12\r\n\r\n{ "a" : [1]}',
      )
    }
    const plain = await fetch(`http://127.0.0.1:${port}/v1/x`, { method: 'POST', body: '{ "stream" : false }' })
    expect([body, await plain.text()]).toEqual(['{"stream":false}', '{"a":[1]}'])
    const events = 'data: { "é" : 1 }\n\ndata: [DONE]\n\n'
    upstream.handle = ({ socket }) => {
      const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: '
      socket.write(`${head}${Buffer.byteLength(events)}\r\n\r\n${events}`)
    }
    const stream = await fetch(`http://127.0.0.1:${port}/v1/x`, { method: 'POST', body: '{}' })
    expect(await stream.text()).toBe('data: {"é":1}\n\ndata: [DONE]\n\n')
  })
})

describe('documents', () => {
  test.each([1, 3, 50])('a manifest of %d routes is valid, with a model for each', (routes) => {
    const manifest: unknown = parse(renderManifest(9_000, routes))
    expect(validateRoutes(manifest)).toMatchObject({ valid: true })
    const models = (manifest as { ai_routes: { match: { model: string } }[] }).ai_routes.map(
      (route) => route.match.model,
    )
    expect(models).toEqual(Array.from({ length: routes }, (_, route) => modelOfRoute(route)))
  })

  test('lines of a capture are valid and reproducible', () => {
    for (const index of [0, 1, 49, 50, 1_000_000]) {
      expect(validateCaptureLine(captureLine(index, 50))).toMatchObject({ valid: true })
      expect(captureLine(index, 50)).toEqual(captureLine(index, 50))
    }
  })
})

describe('arithmetic', () => {
  test('quantiles lie between the values', () => {
    expect(quantile([3, 1, 2], 0.5)).toBe(2)
    expect(quantile([4, 1, 2, 3], 0.5)).toBe(2.5)
    expect(quantile([5], 0.99)).toBe(5)
    expect(spread([1, 2, 3, 4, 5])).toEqual({ median: 3, low: 2, high: 4 })
  })

  const measurer = (order: string[], name: string, values: readonly number[]) => {
    let at = 0
    return async () => {
      order.push(name)
      const value = values[at] ?? 0
      at += 1
      // Negative stands for a value that something disturbed.
      return { value: Math.abs(value), disturbed: value < 0 }
    }
  }

  test('pairs are measured in turning order, and compared pair by pair', async () => {
    const order: string[] = []
    const measured = await interleave(3, measurer(order, 'a', [1, 10, 100]), measurer(order, 'b', [2, 20, 50]))
    expect(order.join('')).toBe('abbaab')
    expect(measured).toMatchObject({ a: 10, b: 20, ratio: { median: 2 }, clean: 3, measured: 3 })
  })

  test('a disturbed pair is measured again and does not count', async () => {
    const measured = await interleave(2, measurer([], 'a', [1, 1, 1]), measurer([], 'b', [2, -900, 4]))
    expect(measured).toMatchObject({ a: 1, b: 3, clean: 2, measured: 3 })
  })

  test('where all is disturbed, measuring ends and everything counts', async () => {
    const measured = await interleave(
      2,
      measurer([], 'a', [-1, -1, -1, -1, -1, -1]),
      measurer([], 'b', [2, 2, 2, 2, 2, 2]),
    )
    expect(measured).toMatchObject({ ratio: { median: 2 }, clean: 0, measured: 4 })
  })

  test('the table says what holds, what does not and what was skipped', () => {
    const table = renderTable([
      {
        case: 'one',
        unit: 'µs',
        floor: 41.2,
        gateway: 50,
        ratio: { median: 1.2, low: 1.1, high: 1.3 },
        budget: '≤ 1.5 ×',
        holds: true,
      },
      {
        case: 'two',
        unit: 'ms',
        floor: null,
        gateway: 0.4,
        ratio: null,
        budget: '≤ 0.3 ms',
        holds: false,
        note: 'late',
      },
      {
        case: 'three',
        unit: '',
        floor: null,
        gateway: null,
        ratio: null,
        budget: '',
        holds: null,
        note: 'skipped: not there',
      },
    ])
    expect(table.split('\n').slice(2)).toEqual([
      expect.stringMatching(/^one +41\.2 µs +50\.0 µs +1\.20 \(1\.10–1\.30\) +≤ 1\.5 × +yes$/),
      expect.stringMatching(/^two +0\.400 ms +≤ 0\.3 ms +NO {2}late$/),
      expect.stringMatching(/^three +skipped: not there$/),
    ])
  })
})
