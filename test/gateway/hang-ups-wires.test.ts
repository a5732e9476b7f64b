/** A caller that hangs up: the provider hears of it within a second, on every wire, at every stage, in both modes. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BehaviourPatch } from '../../gateway/simulators/behaviour.ts'
import { verifySpool } from '../../gateway/spool/verify.ts'
import { openStage, type Stage } from '../conformance/stage.ts'
import { until } from '../support/gateway.ts'
import type { RawCaller } from '../support/raw.ts'
import { callRaw, chatText } from '../support/raw.ts'

/** One provider for each wire language there is. */
const wires = ['openai', 'anthropic', 'bedrock', 'ollama'] as const

let stage: Stage
beforeEach(async () => {
  stage = await openStage(wires)
})
afterEach(async () => await stage.close())

interface Stand {
  readonly what: string
  readonly stream: boolean
  readonly behaviour: BehaviourPatch
  /** What the caller has of the answer before it hangs up; absent: nothing. */
  readonly seen?: RegExp
}

const stands: readonly Stand[] = [
  { what: 'a plain answer, before anything came', stream: false, behaviour: { firstContentMs: 60_000 } },
  { what: 'a plain answer, half of which came', stream: false, behaviour: { faults: [{ kind: 'stall' }] } },
  { what: 'a stream, before anything came', stream: true, behaviour: { firstContentMs: 60_000 } },
  {
    what: 'a stream, between two pieces of it',
    stream: true,
    behaviour: { chunks: 200, tokensPerSecond: 4 },
    seen: /"content":"[^"]/,
  },
  {
    what: 'a stream, while its provider is silent',
    stream: true,
    behaviour: { chunks: 20, faults: [{ kind: 'stall', after: 3 }] },
    seen: /"content":"[^"]/,
  },
]

const ways: Readonly<Record<string, (caller: RawCaller) => void>> = {
  'closes its connection': ({ socket }) => void socket.destroy(),
  'resets it': ({ socket }) => void socket.resetAndDestroy(),
  'ends it and waits for nothing': ({ socket }) => void socket.end(() => socket.destroy()),
}

describe.each(wires)('%s', (wire) => {
  it.each(stands)('waits for $what', async ({ stream, behaviour, seen }) => {
    const simulator = stage.simulator(wire)
    const { url } = stage.running.gateway
    await simulator.behave(behaviour)
    const body = { model: wire, max_tokens: 500, stream, messages: [{ role: 'user', content: 'Hello' }] }
    for (const hangUp of Object.values(ways)) {
      const caller = await callRaw(url, chatText(body))
      await until('the provider works', () => simulator.stats().open === 1)
      if (seen !== undefined) await caller.receives(seen)
      hangUp(caller)
      await until('the provider has heard', () => simulator.stats().open === 0, 1000)
      await until('the lease is given back', () => stage.running.gateway.report().inFlight === 0, 1000)
    }
    expect(simulator.stats().connections).toBe(0)
    const records = await stage.running.records()
    expect(records.map(({ attempts, finish }) => [finish.outcome, finish.code, attempts.length])).toEqual(
      Object.keys(ways).map(() => ['abandoned', 'caller_gone', 1]),
    )
    expect(records.flatMap(({ attempts }) => attempts).every((one) => one.aborted_by === 'caller')).toBe(true)
    expect(records.every((record) => (record.attempts[0]?.first_content_us ?? null) !== null)).toBe(seen !== undefined)
    expect((await verifySpool(stage.running.spool)).faults).toEqual([])
  })
})
