/**
 * The test that carries the project: what replay decides is what the gateway decided, request by request, under every
 * kind of trouble and over reloads; and a changed rule of the engine is found out.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RecordedReport } from '../../cli/replay/recorded.ts'
import { replayRecorded } from '../../cli/replay/index.ts'
import { failureClasses } from '../../gateway/core/chat/failure.ts'
import { verifySpool } from '../../gateway/spool/verify.ts'
import type { RequestRecord } from '../../schemas/index.ts'
import type { TestGateway } from '../support/gateway.ts'
import { startTestGateway } from '../support/gateway.ts'
import { MutantCopy } from './mutants.ts'
import { mutations } from './mutations.ts'
import type { Heard } from './traffic.ts'
import { drive } from './traffic.ts'
import type { World } from './world.ts'
import { manifestOf, startWorld } from './world.ts'

const traffic = { requests: 3600, callers: 28 }

let world: World
let gateway: TestGateway
let heard: Heard
let records: RequestRecord[]
let report: RecordedReport

beforeAll(async () => {
  world = await startWorld()
  gateway = await startTestGateway({ manifest: manifestOf(world, 0) })
  heard = await drive(gateway, world, traffic)
  records = await gateway.records()
  report = await replayRecorded(gateway.spool)
}, 120_000)

afterAll(async () => {
  await gateway.close()
  await Promise.all(Object.values(world).map((simulator) => simulator.close()))
})

/** How often each value occurs. */
function countOf(values: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

it('records every request once, and nothing is missing from the spool', async () => {
  expect(heard.answers + heard.errors + heard.broken + heard.hungUp).toBe(traffic.requests)
  // A caller that hangs up before its request has arrived is one the gateway never heard of.
  expect(records.length).toBeGreaterThanOrEqual(traffic.requests - heard.hungUp)
  expect(records.length).toBeGreaterThan(3000)
  expect(new Set(records.map((record) => record.id)).size).toBe(records.length)
  expect((await verifySpool(gateway.spool)).faults).toEqual([])
})

it('meets every kind of trouble there is', () => {
  const attempts = records.flatMap((record) => record.attempts)
  const has = (counts: Map<string, number>, names: readonly string[]) =>
    expect([...counts.keys()]).toEqual(expect.arrayContaining([...names]))
  // What only a dialect can find is left out: content_filtered and unsupported_by_target need a provider that says so.
  const classes = failureClasses.filter((one) => one !== 'content_filtered' && one !== 'unsupported_by_target')
  has(countOf(attempts.map((one) => String(one.class))), ['ok', ...classes])
  has(countOf(attempts.map((one) => one.pass)), ['first', 'late', 'forced'])
  has(countOf(attempts.map((one) => one.limit)), ['latency', 'attempt_timeout', 'share', 'deadline'])
  has(countOf(attempts.map((one) => String(one.aborted_by))), ['null', 'engine', 'caller'])
  has(countOf(attempts.map((one) => String(one.probe))), ['true'])
  has(countOf(records.map((record) => record.finish.outcome)), ['served', 'broken', 'failed', 'abandoned'])
  has(countOf(records.map((record) => String(record.finish.status))), [
    '200',
    '400',
    '404',
    '429',
    '499',
    '502',
    '503',
    '504',
  ])
  const verdicts = records.flatMap((record) => record.candidates.map((candidate) => String(candidate.verdict)))
  has(countOf(verdicts), [
    'admissible',
    'breaker_open',
    'cooling_down',
    'ceiling_reached',
    'over_cost_cap',
    'context_too_long',
    'cannot_express',
    'unsupported_operation',
    'too_many_inputs',
    'secret_missing',
  ])
  has(countOf(records.map((record) => String(record.operation))), ['chat', 'embeddings'])
  expect(new Set(records.map((record) => record.generation)).size).toBeGreaterThan(10)
})

it('decides everything again as it was decided: order, verdict, reason, target, finish', () => {
  expect(report).toEqual({
    requests: records.length,
    equal: records.length,
    missing: 0,
    different: 0,
    undecidable: 0,
    differences: [],
  })
})

describe('a changed rule shows', () => {
  let copies: MutantCopy[] = []
  beforeAll(() => {
    copies = [new MutantCopy(), new MutantCopy()]
  })
  afterAll(() => {
    for (const copy of copies) copy.remove()
  })

  it('and the unchanged engine, copied, shows nothing', async () => {
    expect(await copies[0]?.replay(null, gateway.spool)).toEqual({
      requests: records.length,
      equal: records.length,
      different: 0,
    })
  })

  it(`for each of ${mutations.length} rules`, async () => {
    const unseen: string[] = []
    let next = 0
    const worker = async (copy: MutantCopy) => {
      for (let mutation = mutations[next]; mutation !== undefined; mutation = mutations[next]) {
        next += 1
        if ((await copy.replay(mutation, gateway.spool)).different === 0) unseen.push(mutation.rule)
      }
    }
    await Promise.all(copies.map(worker))
    expect(unseen).toEqual([])
  }, 180_000)
})
