/** Callers that go away, at every stage there is: one record each, the provider's call ended, nothing left behind. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Simulator } from '../../gateway/simulators/simulator.ts'
import { startSimulator } from '../../gateway/simulators/simulator.ts'
import { verifySpool } from '../../gateway/spool/verify.ts'
import type { TestGateway } from '../support/gateway.ts'
import { startTestGateway, until } from '../support/gateway.ts'
import { callRaw, chatText } from '../support/raw.ts'

let a: Simulator
const problems: unknown[] = []
const note = (problem: unknown) => problems.push(problem)
beforeAll(async () => {
  a = await startSimulator({ name: 'a', seed: 1 })
  process.on('unhandledRejection', note)
  process.on('uncaughtException', note)
})
afterAll(async () => {
  process.off('unhandledRejection', note)
  process.off('uncaughtException', note)
  await a.close()
})

let running: TestGateway | null = null
afterEach(async () => {
  await running?.close()
  running = null
  await a.behave({ faults: [], firstContentMs: 0, tokensPerSecond: null, chunks: null })
  a.clearRequests()
})

async function start(): Promise<TestGateway> {
  const manifest = `providers:
  a: {type: openai-compatible, base_url: "${a.baseUrl}", api_key: {env: TEST_KEY}}
ai_routes:
  - {name: chat, match: {model: m}, targets: [{provider: a, model: x}]}
`
  running = await startTestGateway({ manifest })
  return running
}

const hello = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] }
const streamed = { ...hello, stream: true }

async function settled(gateway: TestGateway): Promise<void> {
  await until('nothing is in flight', () => gateway.gateway.report().inFlight === 0, 1000)
  await until('the provider is at rest', () => a.stats().open === 0, 1000)
}

describe('a caller that goes away', () => {
  it('before its request is whole has asked for nothing', async () => {
    const gateway = await start()
    for (const cut of [10, 60, -20, -1]) {
      const caller = await callRaw(gateway.gateway.url, chatText(hello).slice(0, cut))
      await sleep(20)
      caller.socket.resetAndDestroy()
    }
    await sleep(50)
    expect(a.stats().open).toBe(0)
    expect(await gateway.records()).toEqual([])
  })

  it.each([
    ['a plain answer', hello],
    ['a stream', streamed],
  ])('while it waits for %s: the provider is told within a second, and one record is kept', async (_what, body) => {
    const gateway = await start()
    await a.behave({ firstContentMs: 60_000 })
    const caller = await callRaw(gateway.gateway.url, chatText(body))
    await until('the provider works', () => a.stats().open === 1)
    const at = performance.now()
    caller.socket.destroy()
    await settled(gateway)
    expect(performance.now() - at).toBeLessThan(1000)
    const records = await gateway.records()
    expect(records).toMatchObject([{ finish: { outcome: 'abandoned' }, attempts: [{ aborted_by: 'caller' }] }])
  })

  it('in the same breath as it asks leaves one record and no call', async () => {
    const gateway = await start()
    await a.behave({ firstContentMs: 60_000 })
    for (let round = 0; round < 10; round += 1) {
      const caller = await callRaw(gateway.gateway.url, chatText(round % 2 === 0 ? hello : streamed))
      if (round % 3 === 0) caller.socket.resetAndDestroy()
      else caller.socket.end()
      if (round % 3 === 2) caller.socket.destroy()
    }
    await until('each that was heard has been given up or waits', () => gateway.gateway.report().inFlight <= 4)
    const records = await gateway.records()
    expect(new Set(records.map((record) => record.id)).size).toBe(records.length)
    expect(a.stats().open).toBe(0)
  })

  it('at any moment of a stream, its first and its last included, leaves exactly one record', async () => {
    const gateway = await start()
    await a.behave({ firstContentMs: 3, tokensPerSecond: 2000, chunks: 20 })
    const rounds = 60
    for (let round = 0; round < rounds; round += 1) {
      const caller = await callRaw(gateway.gateway.url, chatText(streamed))
      await sleep(round / 4)
      caller.socket.resetAndDestroy()
    }
    await settled(gateway)
    const records = await gateway.records()
    // The provider saw every request that was begun; each has one record, whatever became of it.
    expect(records.length).toBeGreaterThan(rounds / 2)
    expect(records.length).toBe(new Set(records.map((record) => record.id)).size)
    expect(records.length).toBeGreaterThanOrEqual(a.requests().length)
    const outcomes = new Set(records.map((record) => record.finish.outcome))
    expect(outcomes.has('abandoned')).toBe(true)
    expect((await verifySpool(gateway.spool)).faults).toEqual([])
  })

  it('with a second request already sent behind the first is gone from both', async () => {
    const gateway = await start()
    await a.behave({ firstContentMs: 60_000 })
    const caller = await callRaw(gateway.gateway.url, chatText(streamed) + chatText(hello) + chatText(streamed))
    await until('the provider works on all', () => a.stats().open === 3)
    caller.socket.destroy()
    await settled(gateway)
    const records = await gateway.records()
    expect(records.map((record) => record.finish.outcome)).toEqual(['abandoned', 'abandoned', 'abandoned'])
  })
})

it('none of this has thrown where nobody listens', () => {
  expect(problems).toEqual([])
})
