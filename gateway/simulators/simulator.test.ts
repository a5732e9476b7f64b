import { request as httpRequest } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import type { BehaviourPatch, Fault } from './behaviour.ts'
import type { Simulator, SimulatorOptions } from './simulator.ts'
import { startSimulator } from './simulator.ts'

const running: Simulator[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()))
})

async function start(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const simulator = await startSimulator({ name: 'sim', ...options })
  running.push(simulator)
  return simulator
}

interface Asked {
  readonly body?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

function ask(simulator: Simulator, asked: Asked = {}): Promise<Response> {
  return fetch(`${simulator.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...asked.headers },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello.' }], ...asked.body }),
    ...(asked.signal === undefined ? {} : { signal: asked.signal }),
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

const contentChunks = (text: string): number => text.split('"delta":{"content":"').length - 1

async function until(condition: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 400 && !condition(); attempt += 1)
    await new Promise((resolve) => setTimeout(resolve, 5))
}

describe('what is recorded', () => {
  test('method, path, headers and parsed body of each request, in order', async () => {
    const simulator = await start()
    await (await ask(simulator, { headers: { authorization: 'Bearer k' } })).text()
    await (await ask(simulator, { body: { seed: 7 } })).text()
    const [first, second] = simulator.requests()
    expect(first).toMatchObject({ number: 0, method: 'POST', path: '/v1/chat/completions', status: 200, aborted: null })
    expect(first?.headers['authorization']).toBe('Bearer k')
    expect(second?.body).toMatchObject({ model: 'm', seed: 7 })
    expect(simulator.stats()).toMatchObject({ received: 2, answered: 2, aborted: 0, open: 0 })
  })

  test('only the last `keep` requests are remembered, and the count goes on', async () => {
    const simulator = await start({ keep: 2 })
    for (let sent = 0; sent < 6; sent += 1) await (await ask(simulator)).text()
    expect(simulator.requests().map((record) => record.number)).toEqual([4, 5])
    expect(simulator.stats().received).toBe(6)
  })

  test('a caller that hangs up in the middle of a stream is seen, with what it had been sent', async () => {
    const simulator = await start({ behaviour: { tokensPerSecond: 100, chunks: 1_000 } })
    const abort = new AbortController()
    const response = await ask(simulator, { body: { stream: true }, signal: abort.signal })
    const reader = response.body?.getReader()
    await reader?.read()
    await until(() => simulator.requests()[0]?.firstContentAt !== null)
    abort.abort()
    await until(() => simulator.stats().aborted === 1)
    const [record] = simulator.requests()
    expect(record?.aborted?.chunksSent).toBeGreaterThan(0)
    expect(record?.aborted?.chunksSent).toBeLessThan(1_000)
    expect(record?.aborted?.at).toBeGreaterThan(record?.firstContentAt ?? Infinity)
    expect(record?.endedAt).toBeNull()
  })
})

describe('text', () => {
  test('is the same for the same seed and prompt, on any instance, and differs otherwise', async () => {
    const texts: string[] = []
    for (const [seed, prompt] of [
      [1, 'a'],
      [1, 'a'],
      [2, 'a'],
      [1, 'b'],
    ] as const) {
      const simulator = await start({ seed })
      texts.push(
        contentOf(await (await ask(simulator, { body: { messages: [{ role: 'user', content: prompt }] } })).json()),
      )
    }
    expect(texts[0]).toBe(texts[1])
    expect(new Set(texts).size).toBe(3)
  })

  test('has as many pieces as asked for', async () => {
    const simulator = await start({ behaviour: { chunks: 100 } })
    const { text } = await readAll(await ask(simulator, { body: { stream: true } }))
    // The role chunk opens with `role`, so only content is counted.
    expect(contentChunks(text)).toBe(100)
  })
})

function contentOf(completion: unknown): string {
  return JSON.stringify(completion).match(/"content":"([^"]*)"/)?.[1] ?? ''
}

describe('faults', () => {
  const stream = { body: { stream: true } }
  const cases: readonly {
    readonly fault: Fault
    readonly asked: Asked
    readonly status: number
    readonly broken: boolean
    readonly matches: RegExp
  }[] = [
    { fault: { kind: 'status', status: 503 }, asked: {}, status: 503, broken: false, matches: /"error":\{"message":"/ },
    { fault: { kind: 'status', status: 401 }, asked: stream, status: 401, broken: false, matches: /invalid_api_key/ },
    { fault: { kind: 'empty' }, asked: {}, status: 200, broken: false, matches: /"choices":\[\]/ },
    { fault: { kind: 'empty' }, asked: stream, status: 200, broken: false, matches: /^data: \[DONE\]\n\n$/ },
    { fault: { kind: 'unreadable' }, asked: {}, status: 200, broken: false, matches: /^<html>/ },
    { fault: { kind: 'unreadable', body: '' }, asked: stream, status: 200, broken: false, matches: /^$/ },
    { fault: { kind: 'error_event' }, asked: {}, status: 200, broken: false, matches: /^\{"error":/ },
    {
      fault: { kind: 'error_event', after: 3 },
      asked: stream,
      status: 200,
      broken: false,
      matches: /data: \{"error":.*\n\n$/,
    },
    { fault: { kind: 'cut' }, asked: {}, status: 200, broken: true, matches: /"chat.completion"/ },
    { fault: { kind: 'cut', after: 3 }, asked: stream, status: 200, broken: true, matches: /^data: / },
    { fault: { kind: 'no_done' }, asked: stream, status: 200, broken: false, matches: /"finish_reason":"stop".*\n\n$/ },
    { fault: { kind: 'comments' }, asked: stream, status: 200, broken: false, matches: /^: keep-alive\n\ndata: / },
  ]
  test.each(cases)('$fault.kind with $asked', async ({ fault, asked, status, broken, matches }) => {
    const simulator = await start({ behaviour: { faults: [fault] } })
    const response = await ask(simulator, asked)
    const read = await readAll(response)
    expect(response.status).toBe(status)
    expect(read.broken).toBe(broken)
    expect(read.text).toMatch(matches)
    if ('after' in fault) expect(contentChunks(read.text)).toBe(fault.after)
    expect(simulator.requests()[0]?.faults).toEqual([fault.kind])
    expect(simulator.stats().faults).toEqual({ [fault.kind]: 1 })
  })

  test('a 429 says when to come back', async () => {
    const simulator = await start({ behaviour: { faults: [{ kind: 'status', status: 429, retryAfterSeconds: 7 }] } })
    const response = await ask(simulator)
    expect(response.headers.get('retry-after')).toBe('7')
    expect(await response.json()).toMatchObject({ error: { code: 'rate_limit_exceeded' } })
  })

  test.each<Fault>([{ kind: 'hang' }, { kind: 'stall', after: 2 }])(
    '$kind ends only when the caller gives up',
    async (fault) => {
      const simulator = await start({ behaviour: { faults: [fault] } })
      const abort = new AbortController()
      const asking = ask(simulator, { ...stream, signal: abort.signal })
        .then(readAll)
        .catch(() => null)
      await until(() => simulator.stats().received === 1)
      await until(() => fault.kind === 'hang' || simulator.requests()[0]?.firstContentAt !== null)
      expect(simulator.stats()).toMatchObject({ open: 1, answered: 0 })
      abort.abort()
      await asking
      await until(() => simulator.stats().aborted === 1)
      expect(simulator.requests()[0]?.aborted?.chunksSent).toBe(fault.kind === 'hang' ? 0 : 2)
    },
  )

  test('reset reaches the caller as ECONNRESET', async () => {
    const simulator = await start({ behaviour: { faults: [{ kind: 'reset' }] } })
    const code = await new Promise((resolve) => {
      const sent = httpRequest(`${simulator.baseUrl}/chat/completions`, { method: 'POST' })
      sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
      sent.end('{}')
    })
    expect(code).toBe('ECONNRESET')
    expect(simulator.stats()).toMatchObject({ answered: 1, aborted: 0 })
  })

  test('connections are refused, and accepted again on the same port', async () => {
    const simulator = await start()
    await simulator.behave({ refuseConnections: true })
    await expect(ask(simulator)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
    await simulator.behave({ refuseConnections: false })
    expect((await ask(simulator)).status).toBe(200)
  })

  test('a share hits about that part of the requests, and the same ones for the same seed', async () => {
    const faults: readonly Fault[] = [{ kind: 'status', status: 500, share: 0.25 }]
    const outcomes: string[] = []
    for (const seed of [3, 3, 4]) {
      const simulator = await start({ seed, behaviour: { faults } })
      let outcome = ''
      for (let sent = 0; sent < 200; sent += 1) {
        const response = await ask(simulator)
        await response.text()
        outcome += response.ok ? '.' : 'x'
      }
      outcomes.push(outcome)
    }
    expect(outcomes[0]).toBe(outcomes[1])
    expect(outcomes[0]).not.toBe(outcomes[2])
    const hits = outcomes[0]?.split('x').length ?? 0
    expect(hits).toBeGreaterThan(30)
    expect(hits).toBeLessThan(70)
  })
})

describe('changing the behaviour', () => {
  test('next applies to the coming requests only, in order', async () => {
    const simulator = await start({
      behaviour: { next: [{ faults: [{ kind: 'status', status: 500 }] }, { reply: { text: 'scripted' } }] },
    })
    expect((await ask(simulator)).status).toBe(500)
    expect(contentOf(await (await ask(simulator)).json())).toBe('scripted')
    expect((await ask(simulator)).status).toBe(200)
  })

  test('a header applies to its own request, over everything else', async () => {
    const simulator = await start({ behaviour: { faults: [{ kind: 'status', status: 500 }] } })
    expect((await ask(simulator, { headers: { 'x-simulator': '{"faults":[]}' } })).status).toBe(200)
    expect((await ask(simulator)).status).toBe(500)
  })

  test('a header that makes no sense is answered with what is wrong with it', async () => {
    const simulator = await start()
    const response = await ask(simulator, { headers: { 'x-simulator': '{"faults":[{"kind":"explode"}]}' } })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('x-simulator.faults[0].kind must be one of status, reset')
  })

  const post = (simulator: Simulator, patch: BehaviourPatch | string, type = 'application/json') =>
    fetch(`${simulator.url}/_simulator/behaviour`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: typeof patch === 'string' ? patch : JSON.stringify(patch),
    })

  test('over HTTP: changed, read back, and refused when it makes no sense', async () => {
    const simulator = await start()
    expect(await (await post(simulator, { faults: [{ kind: 'status', status: 503 }] })).json()).toMatchObject({
      faults: [{ kind: 'status', status: 503 }],
    })
    expect((await ask(simulator)).status).toBe(503)
    expect(await (await fetch(`${simulator.url}/_simulator/requests`)).json()).toHaveLength(1)
    expect(await (await fetch(`${simulator.url}/_simulator/stats`)).json()).toMatchObject({ received: 1 })
    expect((await post(simulator, '{"speed": 1}')).status).toBe(400)
    expect((await post(simulator, 'nonsense')).status).toBe(400)
    expect((await post(simulator, { refuseConnections: true })).status).toBe(400)
    expect((await post(simulator, {}, 'text/plain')).status).toBe(415)
  })

  test('over HTTP, a port can be shut for a time only', async () => {
    const simulator = await start()
    expect((await post(simulator, { refuseConnections: 300 })).status).toBe(200)
    await until(() => simulator.stats().connections === 0)
    await expect(ask(simulator)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
    let back = false
    for (let attempt = 0; attempt < 100 && !back; attempt += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      back = await ask(simulator).then(
        (response) => response.ok,
        () => false,
      )
    }
    expect(back).toBe(true)
  })
})

describe('what OpenAI would refuse is refused', () => {
  const user = { role: 'user', content: 'Hello.' }
  const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }
  const cases: readonly [string, Readonly<Record<string, unknown>>, string][] = [
    ['no messages', { messages: [] }, 'empty array'],
    ['an unknown role', { messages: [{ role: 'robot', content: '' }] }, 'robot'],
    ['stream_options without stream', { stream_options: { include_usage: true } }, 'only allowed when'],
    [
      'a tool result nobody asked for',
      { messages: [user, { role: 'tool', tool_call_id: 'x', content: '' }] },
      'preceeding',
    ],
    [
      'a tool call without its result',
      { messages: [user, { role: 'assistant', tool_calls: [call] }, user] },
      'must be followed',
    ],
    [
      'tool arguments that are no string',
      { messages: [user, { role: 'assistant', tool_calls: [{ ...call, function: { name: 'f', arguments: {} } }] }] },
      'must be a string',
    ],
    ['tool_choice without tools', { tool_choice: 'auto' }, "'tools' are specified"],
    ['max_tokens of nothing', { max_tokens: 0 }, 'max_tokens'],
    ['a stream that is no boolean', { stream: 'yes' }, 'boolean'],
  ]
  test.each(cases)('%s', async (_, body, words) => {
    const response = await ask(await start(), { body })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain(words)
  })

  test('Azure takes the model from the path of a deployment, and the others do not', async () => {
    const body = JSON.stringify({ messages: [user] })
    const path = '/openai/deployments/our-gpt/chat/completions?api-version=2024-10-21'
    const azure = await start({ style: 'azure-openai', behaviour: { models: ['our-gpt'] } })
    const answer = await fetch(azure.url + path, { method: 'POST', body })
    expect(await answer.json()).toMatchObject({ model: 'our-gpt' })
    const fault: Fault = { kind: 'status', status: 503, model: 'our-gpt' }
    await azure.behave({ faults: [fault] })
    expect((await fetch(azure.url + path, { method: 'POST', body })).status).toBe(503)
    expect((await fetch((await start()).url + path, { method: 'POST', body })).status).toBe(400)
  })

  test('unknown paths are 404 in the envelope', async () => {
    const response = await fetch(`${(await start()).url}/v1/nothing`)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } })
  })
})
