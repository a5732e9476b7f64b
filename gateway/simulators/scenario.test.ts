import { afterEach, describe, expect, test } from 'vitest'
import type { Fault as ScenarioFault } from '../../schemas/index.ts'
import type { Simulators } from './main.ts'
import { startSimulators } from './main.ts'
import { behaviourAt, durationMs, turningPoints, unknownTargets } from './scenario.ts'
import { wireFor } from './wires.ts'

const startedAtMs = Date.parse('2026-09-01T10:00:00Z')
const cloud = { name: 'a', deployment: 'cloud', failures: wireFor({}).failures } as const
const own = { name: 'b', deployment: 'self_hosted', failures: wireFor({ wire: 'ollama-chat' }).failures } as const

function drill(...faults: ScenarioFault[]) {
  return { name: 'drill', faults }
}

test.each([
  ['0', 0],
  ['250ms', 250],
  ['1.5s', 1_500],
  ['10m', 600_000],
  ['1h30m', 5_400_000],
  ['1d', 86_400_000],
])('%s is %d ms', (text, ms) => {
  expect(durationMs(text)).toBe(ms)
})

describe('when', () => {
  const cases: readonly [string, ScenarioFault, readonly [number, boolean][]][] = [
    [
      'without times: always',
      { target: 'a', status: 503 },
      [
        [0, true],
        [1e9, true],
      ],
    ],
    [
      'from',
      { target: 'a', status: 503, from: '1m' },
      [
        [59_999, false],
        [60_000, true],
        [1e9, true],
      ],
    ],
    [
      'for',
      { target: 'a', status: 503, for: '1m' },
      [
        [0, true],
        [59_999, true],
        [60_000, false],
      ],
    ],
    [
      'a moment',
      { target: 'a', status: 503, from: '2026-09-01T12:01:00+02:00', for: '1m' },
      [
        [59_999, false],
        [60_000, true],
        [120_000, false],
      ],
    ],
    [
      'a moment before the start',
      { target: 'a', status: 503, from: '2026-09-01T09:00Z', for: '2h' },
      [
        [0, true],
        [3_600_000, false],
      ],
    ],
  ]
  test.each(cases)('%s', (_, fault, moments) => {
    const scenario = drill(fault)
    for (const [sinceMs, active] of moments) {
      expect(behaviourAt(scenario, cloud, { startedAtMs, sinceMs }).faults).toHaveLength(active ? 1 : 0)
    }
  })

  test('turning points are the start and whatever begins or ends after it', () => {
    const scenario = drill(
      { target: 'a', status: 503, from: '10m', for: '15m' },
      { target: 'b', status: 500, from: '2026-09-01T09:00Z', for: '2h' },
      { target: 'b', outage: true, from: '10m' },
    )
    expect(turningPoints(scenario, startedAtMs)).toEqual([0, 600_000, 1_500_000, 3_600_000])
  })
})

test.each([
  ['a', true, false],
  ['b', false, true],
  ['cloud', true, false],
  ['self_hosted', false, true],
  ['*', true, true],
  ['a/large', true, false],
])('target %s', (target, hitsCloud, hitsOwn) => {
  const scenario = drill({ target, status: 503 })
  const time = { startedAtMs, sinceMs: 0 }
  expect(behaviourAt(scenario, cloud, time).faults).toHaveLength(hitsCloud ? 1 : 0)
  expect(behaviourAt(scenario, own, time).faults).toHaveLength(hitsOwn ? 1 : 0)
})

test.each<[ScenarioFault, object]>([
  [{ target: 'a', status: 529 }, { faults: [{ kind: 'status', status: 529 }] }],
  [{ target: 'a', class: 'timeout', share: 0.5 }, { faults: [{ kind: 'hang', share: 0.5 }] }],
  [{ target: 'a', latency_multiplier: 5 }, { faults: [{ kind: 'slow', factor: 5 }] }],
  [{ target: 'a/large', latency_ms: 2_000 }, { faults: [{ kind: 'slow', extraMs: 2_000, model: 'large' }] }],
  [
    { target: 'a', rate_limited: { retry_after_ms: 1_500 } },
    { faults: [{ kind: 'status', status: 429, retryAfterSeconds: 2 }] },
  ],
  [{ target: 'a', cut_after_chunks: 40 }, { faults: [{ kind: 'cut', after: 40 }] }],
  [
    { target: 'a', outage: true },
    { faults: [], refuseConnections: true },
  ],
  [
    { target: 'a', outage: true, share: 0.1 },
    { faults: [{ kind: 'reset', share: 0.1 }], refuseConnections: false },
  ],
])('%j', (fault, expected) => {
  expect(behaviourAt(drill(fault), cloud, { startedAtMs, sinceMs: 0 })).toMatchObject(expected)
})

test('a target that nothing answers to is named', () => {
  expect(unknownTargets(drill({ target: 'c', status: 503 }, { target: 'cloud', status: 503 }), [cloud])).toEqual(['c'])
})

describe('startSimulators', () => {
  let simulators: Simulators | null = null
  afterEach(() => simulators?.close())

  const ask = (url: string, body: object = {}) =>
    fetch(`${url}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 1, ...body }),
    })

  test('each provider has a listener, and the drill runs by the clock', async () => {
    const lines: string[] = []
    simulators = await startSimulators({
      log: (line) => lines.push(line),
      providers: ['openai', 'vllm'],
      scenario: drill({ target: 'cloud', status: 503, for: '300ms' }, { target: 'nobody', status: 500 }),
    })
    const [first, second] = simulators.providers
    expect([first?.name, second?.name]).toEqual(['openai', 'vllm'])
    expect((await ask(first?.baseUrl ?? '')).status).toBe(503)
    expect((await ask(second?.baseUrl ?? '')).status).toBe(200)
    for (let attempt = 0; attempt < 400 && !lines.some((line) => line.endsWith('healthy')); attempt += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect((await ask(first?.baseUrl ?? '')).status).toBe(200)
    expect(lines).toContain('drill: nothing simulated is called nobody')
    expect(lines).toContain('drill, 0 s: openai: status 503')
  })

  test('a fault of one model leaves the others alone', async () => {
    const scenario = drill({ target: 'openai/large', status: 503 })
    simulators = await startSimulators({ log: () => {}, providers: ['openai'], scenario })
    const url = simulators.providers[0]?.baseUrl ?? ''
    expect((await ask(url, { model: 'large' })).status).toBe(503)
    expect((await ask(url)).status).toBe(200)
  })

  test('a class of failure is told in each provider’s own language', async () => {
    const scenario = drill({ target: '*', class: 'context_length' })
    simulators = await startSimulators({ log: () => {}, providers: ['openai', 'anthropic', 'ollama'], scenario })
    const told: Record<string, string> = {}
    for (const { name, url } of simulators.providers) {
      const path = { openai: '/v1/chat/completions', anthropic: '/v1/messages', ollama: '/api/chat' }[name] ?? ''
      const response = await fetch(url + path, { method: 'POST', body: '{}' })
      expect(response.status).toBe(400)
      told[name] = await response.text()
    }
    expect(told).toEqual({
      openai: expect.stringContaining('"code":"context_length_exceeded"'),
      anthropic: expect.stringContaining('"invalid_request_error","message":"prompt is too long'),
      ollama: '{"error":"the input length exceeds the context length"}',
    })
  })

  test('a port that is taken is an error, and nothing is left open', async () => {
    simulators = await startSimulators({ log: () => {}, providers: ['openai'] })
    const port = simulators.providers[0]?.port ?? 0
    await expect(startSimulators({ log: () => {}, port, providers: ['openai'] })).rejects.toThrow('EADDRINUSE')
  })
})
