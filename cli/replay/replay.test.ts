import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Scenario, SpoolLine } from '../../schemas/index.ts'
import { recordOf } from '../../gateway/core/audit/record.ts'
import type { AttemptEnd } from '../../gateway/core/engine/events.ts'
import type { RouteSpec } from '../../gateway/core/engine/testing/tables.ts'
import { factsOf, ms, second, tableOf } from '../../gateway/core/engine/testing/tables.ts'
import type { SimulatedAttempt } from '../../gateway/core/engine/virtual.ts'
import { VirtualLoop } from '../../gateway/core/engine/virtual.ts'
import { seedForIndex } from '../../gateway/core/routing/draw.ts'
import { SharedState } from '../../gateway/core/routing/shared-state.ts'
import type { RoutingTable } from '../../gateway/core/routing/table.ts'
import { parseSpoolLine } from '../../gateway/spool/line.ts'
import { parseDuration } from './faults.ts'
import { CaptureError } from './lines.ts'
import { readRequests } from './input.ts'
import type { WhatIfReplayOptions } from './index.ts'
import { replayWhatIf } from './index.ts'
import { RecordedReplay } from './recorded.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'aigw-replay-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const ok: AttemptEnd = { class: 'ok', usage: null, status: 200, retryAfterMs: null }
const after = (endAfterUs: number, end: AttemptEnd = ok): SimulatedAttempt => ({
  firstContentAfterUs: null,
  endAfterUs,
  end,
})

const route: RouteSpec = {
  name: 'chat',
  strategy: 'priority',
  targets: [{ name: 'a', maxLatencyUs: 800 * ms }, { name: 'b' }],
}

/** Runs requests through a table in virtual time and writes what a gateway would have spooled. */
function recordTraffic(
  table: RoutingTable,
  count: number,
  attempt: (name: string, call: number) => SimulatedAttempt,
  features: { readonly fields?: readonly string[] } = {},
): string {
  const lines: SpoolLine[] = []
  const open = new Set<number>()
  let calls = 0
  const push = (line: Omit<SpoolLine, 'v' | 'process' | 'seq' | 'prev'>) =>
    lines.push({ v: 1, process: 'p', seq: lines.length, prev: '', ...line } as SpoolLine)
  push({ kind: 'event', record: { event: 'generation', at: '', generation: 1, manifest: {}, missing_secrets: [] } })
  const loop = new VirtualLoop<number>({
    table,
    shared: new SharedState(),
    missingSecrets: new Set(),
    attempt: ({ target }) => attempt(target.connection.name, (calls += 1)),
    finished: (state, { tag }) => {
      open.delete(tag)
      const seqs = [...open].map((one) => firstSeq.get(one) ?? 0)
      firstSeq.set(tag, state.events[0]?.seq ?? 0)
      const record = recordOf(state, {
        id: `r${tag}`,
        correlationId: null,
        arrivedAt: new Date(1_700_000_000_000 + state.arrivedUs / 1000).toISOString(),
        revision: '1',
        generation: 1,
        project: null,
        messages: [],
        finishReason: null,
        nativeFinishReason: null,
        lost: [],
        // Requests still open may have arrived at any time: nothing is known to be whole before the end.
        oldestOpenSeq: open.size === 0 ? null : Math.min(0, ...seqs),
      })
      push({ kind: 'record', record })
    },
  })
  const firstSeq = new Map<number, number>()
  for (let tag = 0; tag < count; tag += 1) {
    open.add(tag)
    const facts = factsOf(seedForIndex(1, tag))
    const asked = { ...facts, features: { ...facts.features, ...features } }
    loop.arrive({ tag, facts: asked, arrivesUs: tag * 100 * ms, hangsUpAfterUs: null })
  }
  loop.drain()
  const file = join(directory, 'spool.ndjson')
  writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'))
  return file
}

function whatIf(capture: string, table: RoutingTable, more: Partial<WhatIfReplayOptions> = {}) {
  return replayWhatIf({
    capture,
    manifest: { name: 'now', table },
    against: null,
    scenario: null,
    assume: undefined,
    seed: 1,
    instances: 1,
    model: null,
    stream: false,
    progress: () => {},
    tellCutOff: () => {},
    ...more,
  })
}

/** Every generation of the file is this table: the file's own manifests are empty. */
function recorded(file: string, table: RoutingTable) {
  const replay = new RecordedReplay({ compile: () => table })
  for (const text of readFileSync(file, 'utf8').split('\n')) {
    const line = parseSpoolLine(text)
    if (line !== null) replay.take(line)
  }
  return replay.end()
}

describe('recorded mode', () => {
  const table = tableOf([route])
  // Breakers open and close on the way: the middle third of the calls of `a` fails.
  const flaky = (name: string, call: number) =>
    name === 'a' && call % 40 > 20
      ? after(5 * ms, { ...ok, class: 'server_error', status: 503 })
      : after((call % 9) * 150 * ms)

  it('finds every decision equal under the engine that made it', async () => {
    const file = recordTraffic(table, 300, flaky)
    expect(recorded(file, table)).toMatchObject({
      requests: 300,
      equal: 300,
      different: 0,
      differences: [],
    })
  })

  it('finds requests different under another manifest, and says where', async () => {
    const file = recordTraffic(table, 300, flaky)
    const other = tableOf([{ ...route, targets: [{ name: 'a', maxLatencyUs: 500 * ms }, { name: 'b' }] }])
    const report = recorded(file, other)
    expect(report.different).toBeGreaterThan(20)
    expect(report.differences[0]).toMatchObject({ what: 'attempts' })
  })

  it('does not hold against the engine what a killed process has taken with it', async () => {
    const file = recordTraffic(table, 300, flaky)
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
    const isFailure = (line: string) => line.includes('"class":"server_error"')
    // The last failure before a breaker opened was under way when the process died, so that nobody recorded it.
    const lost = lines.findIndex(
      (line, index) => isFailure(line) && lines.slice(0, index).filter(isFailure).length === 4,
    )
    const line = parseSpoolLine(lines[lost] ?? '')
    if (line?.kind !== 'record') throw new Error('no request has failed')
    const from = line.record.events[0]?.[1] ?? 0
    const rest = lines.flatMap((text, index) => {
      const other = parseSpoolLine(text)
      if (index === lost || other === null) return []
      if (other.kind !== 'record') return [text]
      // While it was under way, nothing behind it was complete.
      const open = Math.min(other.record.open_from_seq, from)
      return [JSON.stringify({ ...other, record: { ...other.record, open_from_seq: open } })]
    })
    writeFileSync(file, rest.join('\n'))
    const report = recorded(file, table)
    expect(report).toMatchObject({ requests: 299, different: 0 })
    expect(report.undecidable).toBeGreaterThan(0)
    const event = { event: 'stopped', at: '2026-01-01T00:00:00.000Z' }
    const stopped = { v: 1, process: line.process, seq: 999, prev: '0', kind: 'event', record: event }
    writeFileSync(file, [...rest, JSON.stringify(stopped)].join('\n'))
    expect(recorded(file, table)).toMatchObject({ requests: 299, different: report.undecidable, undecidable: 0 })
  })

  it('cannot decide requests whose manifest is not in the spool', async () => {
    const file = recordTraffic(table, 3, flaky)
    writeFileSync(file, readFileSync(file, 'utf8').split('\n').slice(1).join('\n'))
    expect(recorded(file, table)).toMatchObject({ requests: 3, undecidable: 3, different: 0 })
  })
})

describe('what if', () => {
  const table = tableOf([route])
  const steady = (name: string) => after(name === 'a' ? 200 * ms : 400 * ms)

  it('gives every request what it got, when nothing is changed', async () => {
    const file = recordTraffic(table, 200, steady)
    const { sides } = await whatIf(file, table)
    expect(sides[0]?.tally).toMatchObject({
      requests: 200,
      fates: { served: 200, lost: 0 },
      evidence: { record: 200, distribution: 0 },
    })
    expect(sides[0]?.tally.targets.get('a/model')).toMatchObject({ served: 200 })
  })

  it('takes an outage to the next target, and the evidence for it from an assumption', async () => {
    const file = recordTraffic(table, 200, steady)
    const scenario: Scenario = { name: 'a is down', faults: [{ target: 'a', from: '5s', for: '10s', outage: true }] }
    const assume = { b: { total_ms: 300 } }
    const { tally } = (await whatIf(file, table, { scenario, assume })).sides[0] ?? {}
    // 100 of the 200 requests fall into the ten seconds; the breaker opens after five of them.
    expect(tally?.fates).toMatchObject({ served: 200, lost: 0 })
    expect(tally?.targets.get('b/model')?.served).toBeGreaterThan(95)
    expect(tally?.targets.get('a/model')?.failures['connection']).toBeLessThan(10)
    expect(tally?.evidence.assumed).toBe(tally?.targets.get('b/model')?.served)
  })

  it('refuses to guess what nobody has seen', async () => {
    const file = recordTraffic(table, 5, steady)
    const scenario: Scenario = { name: 'a is down', faults: [{ target: 'a/model', status: 503 }] }
    await expect(whatIf(file, table, { scenario })).rejects.toThrow(/nothing was recorded of b\/model.*--assume/)
  })

  it('never takes an attempt that we broke off for an answer at that time', async () => {
    const slowA = tableOf([route])
    const file = recordTraffic(slowA, 50, (name) => after(name === 'a' ? 3 * second : 100 * ms))
    const patient = tableOf([{ ...route, targets: [{ name: 'a', maxLatencyUs: 1200 * ms }, { name: 'b' }] }])
    const { tally } = (await whatIf(file, patient)).sides[0] ?? {}
    expect(tally?.targets.get('a/model')?.served).toBe(0)
    expect(tally?.evidence.extrapolated).toBe(50)
  })

  it('counts what moves between two manifests', async () => {
    const file = recordTraffic(table, 100, steady)
    const turned = tableOf([{ ...route, targets: [{ name: 'b' }, { name: 'a' }] }])
    const report = await whatIf(file, table, {
      against: { name: 'new', table: turned },
      assume: { b: { total_ms: 50 } },
    })
    expect(report).toMatchObject({ movedRequests: 100, moved: [{ from: 'a/model', to: 'b/model', requests: 100 }] })
  })

  it('counts what requests would lose on each target, by part', async () => {
    const fields = ['seed', 'n', 'temperature', 'safe_prompt']
    const file = recordTraffic(table, 100, steady, { fields })
    const losing = tableOf([
      {
        ...route,
        targets: [
          { name: 'picky', refuses: ['n'] },
          { name: 'b', losses: ['seed', 'stop'] },
        ],
      },
    ])
    const options = { against: { name: 'new', table: losing }, assume: { b: { total_ms: 50 } } }
    const { sides } = await whatIf(file, table, options)
    const [now, then] = sides.map(({ tally: { losses } }) => {
      const { requests, unknown } = losses
      return { requests, unknown, parts: losses.parts() }
    })
    expect(now).toMatchObject({ requests: 0, unknown: 0, parts: [] })
    expect(then).toMatchObject({
      requests: 100,
      unknown: 0,
      parts: [
        { target: 'b/model', part: 'seed', fate: 'dropped', above: null, requests: 100 },
        { target: 'picky/model', part: 'n', fate: 'skipped', above: null, requests: 100 },
      ],
    })
  })

  it('checks what a scenario expects', async () => {
    const file = recordTraffic(table, 100, steady)
    const scenario: Scenario = {
      name: 'all down',
      faults: [{ target: 'cloud', class: 'server_error' }],
      expect: { lost: 0, p95_ms: 1, share: { 'a/model': { at_least: 0.5 } } },
    }
    const { failedExpectations } = await whatIf(file, table, { scenario })
    expect(failedExpectations).toEqual([
      'lost is 100, allowed is 0',
      'p95_ms cannot be told: no request was served',
      'a/model serves a share of 0, at least 0.5 was expected',
    ])
  })

  it('is the same on every run', async () => {
    const file = recordTraffic(table, 200, (_name, call) => after((call % 13) * 90 * ms))
    const scenario: Scenario = { name: 'brown-out', faults: [{ target: '*', latency_multiplier: 3, share: 0.4 }] }
    const runs = [await whatIf(file, table, { scenario }), await whatIf(file, table, { scenario })]
    expect(JSON.stringify(runs[0]?.sides[0]?.tally)).toBe(JSON.stringify(runs[1]?.sides[0]?.tally))
  })
})

describe('public traces', () => {
  const read = async (name: string, text: string, model: string | null = 'm') => {
    const file = join(directory, name)
    writeFileSync(file, text)
    const requests = []
    for await (const one of readRequests({ path: file, model, seed: 7, stream: true, tellCutOff: () => {} }))
      requests.push(one)
    return requests
  }

  it('reads arrivals and token counts of the Azure form, to the microsecond', async () => {
    const requests = await read(
      't.csv',
      'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,4808,10\n2023-11-16 18:17:04.0319600,110,27\n',
    )
    expect(requests.map((one) => [one.facts.estimate.inputTokens, one.outputTokens])).toEqual([
      [4808, 10],
      [110, 27],
    ])
    expect((requests[1]?.arrivedUs ?? 0) - (requests[0]?.arrivedUs ?? 0)).toBe(52_000)
    expect(requests[0]?.facts.seed).toEqual(seedForIndex(7, 0))
  })

  it('reads the Mooncake form', async () => {
    const requests = await read(
      't.jsonl',
      '{"timestamp": 27482, "input_length": 6955, "output_length": 52, "hash_ids": [1]}\n',
    )
    expect(requests[0]).toMatchObject({ arrivedUs: 27_482_000, outputTokens: 52, facts: { model: 'm' } })
  })

  it('are sorted by arrival within a minute, and refused beyond', async () => {
    const at = (...seconds: number[]) =>
      seconds.map((one) => JSON.stringify({ timestamp: one * 1000, input_length: one, output_length: 1 })).join('\n')
    const requests = await read('t.jsonl', at(10, 40, 5, 50, 30))
    expect(requests.map((one) => one.arrivedUs / second)).toEqual([5, 10, 30, 40, 50])
    await expect(read('t.jsonl', at(10, 100, 5))).rejects.toThrow(/95 s too late/)
  })

  it('says what is wrong, and where', async () => {
    await expect(read('t.csv', 'A,B\n')).rejects.toThrow(/t\.csv:1: expected the columns/)
    await expect(read('t.jsonl', '{"timestamp":1,"input_length":1,"output_length":1}\n{"x":\n')).rejects.toThrow(
      /t\.jsonl:2: not a line of JSON/,
    )
    await expect(read('t.jsonl', '{"timestamp":1,"input_length":1,"output_length":1}\n', null)).rejects.toThrow(
      CaptureError,
    )
  })

  it('counts a request as undecidable where a route asks for what was not recorded', async () => {
    const file = join(directory, 't.jsonl')
    writeFileSync(file, '{"timestamp": 1, "input_length": 1, "output_length": 1}\n')
    const table = tableOf([{ ...route, match: { has: ['tools'] } }])
    const { tally } = (await whatIf(file, table, { model: 'm', assume: { '*': { total_ms: 1 } } })).sides[0] ?? {}
    expect(tally).toMatchObject({ undecidable: 1, requests: 0 })
  })
})

describe('durations', () => {
  it('are read with their units', () => {
    expect(['250ms', '10s', '15m', '1h30m'].map(parseDuration)).toEqual([
      250_000, 10_000_000, 900_000_000, 5_400_000_000,
    ])
    expect(() => parseDuration('10')).toThrow(/not a duration/)
  })
})
