import { expect, it } from 'vitest'
import { Exposed } from '../../../test/support/prometheus.ts'
import { newRequest } from '../../core/engine/state.ts'
import { step } from '../../core/engine/step.ts'
import { factsOf, tableOf } from '../../core/engine/testing/tables.ts'
import { SharedState } from '../../core/routing/shared-state.ts'
import { Counts } from './counts.ts'
import type { Scrape } from './definition.ts'
import { Exposition, metrics } from './exposition.ts'

const nothing: Omit<Scrape, 'counts'> = {
  status: {
    process: 'p',
    pid: 1,
    host: 'h',
    url: '',
    revision: null,
    hash: null,
    generation: 0,
    ready: false,
    problem: null,
    inFlight: 0,
    draining: [],
    at: 0,
    version: '1',
    started_at: '',
    missing_secrets: [],
    generations: [],
    last_reload: null,
    source: null,
    targets: [],
    targets_known: 0,
    requests: { served: 0, failed: 0, broken: 0, abandoned: 0, cut: 0, refused: 0 },
    spool: null,
  },
  reloads: { accepted: 0, refused: 0, last: null, lastAcceptedAt: null },
  answering: 0,
  shedding: false,
  overload: {
    open: 0,
    heldBytes: 0,
    waitMs: 0,
    mayBeOpen: null,
    limits: { maxOpen: 1, maxOpenPerProvider: 1, maxHeldBytes: 1 },
  },
  connections: {},
  disk: null,
  process: { cpuSeconds: 0, residentBytes: 0, startedAtSeconds: 0, eventLoopActiveSeconds: 0, eventLoopIdleSeconds: 0 },
}

it('escapes what a name may hold, so that it comes out as it went in', async () => {
  const name = 'one "quoted" \\ backslash\nand another line, {braces="too"}'
  const counts = new Counts()
  const table = tableOf([{ name, targets: [{ name: 'a' }] }])
  const state = newRequest({ table, shared: new SharedState(), missingSecrets: new Set() })
  step(state, { kind: 'arrived', facts: factsOf({ high: 1, low: 1 }), atUs: 0, seq: 0 })
  step(state, { kind: 'callerGone', atUs: 5_000_000, seq: 1 })
  counts.finished(state, { cut: false, overheadUs: null })
  const exposed = new Exposed(await new Exposition().render({ ...nothing, counts }))
  expect(exposed.series('aigw_requests_total')).toMatchObject([{ labels: { aigw_route: name }, value: 1 }])
  const bucket = { aigw_route: name, le: '5.12' }
  expect(exposed.sum('gen_ai_server_request_duration_seconds_bucket', bucket)).toBe(1)
})

it('of a gateway that has seen nothing is whole, and has no number where there is nothing to count', async () => {
  const exposed = new Exposed(await new Exposition().render({ ...nothing, counts: new Counts() }))
  expect(exposed.families).toHaveLength(metrics.length)
  for (const name of ['aigw_last_reload_accepted', 'aigw_store_head', 'aigw_spool_failing', 'aigw_revision_info']) {
    expect(exposed.series(name)).toEqual([])
  }
})

it('lets others go on while it tells of a thousand routes and targets', async () => {
  const counts = new Counts()
  for (let route = 0; route < 1000; route += 1) {
    const table = tableOf([{ name: `route-${route}`, targets: [{ name: `a${route}` }] }])
    const state = newRequest({ table, shared: new SharedState(), missingSecrets: new Set() })
    step(state, { kind: 'arrived', facts: factsOf({ high: 1, low: 1 }), atUs: 0, seq: 0 })
    step(state, { kind: 'callerGone', atUs: 5_000_000, seq: 1 })
    counts.finished(state, { cut: false, overheadUs: null })
  }
  let turns = 0
  let next: NodeJS.Immediate | undefined
  const turn = (): void => {
    turns += 1
    next = setImmediate(turn)
  }
  turn()
  const text = await new Exposition().render({ ...nothing, counts })
  clearImmediate(next)
  const exposed = new Exposed(text)
  expect(exposed.sum('gen_ai_server_request_duration_seconds_count')).toBe(1000)
  // One for each metric, and those in between.
  expect(turns).toBeGreaterThan(metrics.length + 40)
})

it('is the same for two who ask at once', async () => {
  const counts = new Counts()
  counts.refused(404, 'unknown_path')
  const exposition = new Exposition()
  const [first, second] = await Promise.all([
    exposition.render({ ...nothing, counts }),
    exposition.render({ ...nothing, answering: 7, counts: new Counts() }),
  ])
  expect(new Exposed(first ?? '').sum('aigw_requests_total')).toBe(1)
  expect(new Exposed(second ?? '').series('aigw_requests_total')).toEqual([])
  expect([first, second].map((text) => new Exposed(text ?? '').sum('aigw_callers_waiting'))).toEqual([0, 7])
})

it('is of one gateway each: two in a process do not mix', async () => {
  const [one, other] = [new Counts(), new Counts()]
  one.refused(404, 'unknown_path')
  const expositions = [new Exposition(), new Exposition()] as const
  const [first, second] = await Promise.all([
    expositions[0].render({ ...nothing, counts: one }),
    expositions[1].render({ ...nothing, counts: other }),
  ])
  expect([new Exposed(first), new Exposed(second)].map((each) => each.sum('aigw_requests_total'))).toEqual([1, 0])
})

it.each([
  ['a sample without a type', 'a_total 1\n'],
  ['a label value with a bare quote', '# HELP a x\n# TYPE a gauge\na{b="c"d"} 1\n'],
  ['a series twice', '# HELP a x\n# TYPE a gauge\na{b="c"} 1\na{b="c"} 2\n'],
  [
    'a histogram that counts down',
    '# HELP a x\n# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n',
  ],
  ['a histogram without an end', '# HELP a x\n# TYPE a histogram\na_bucket{le="1"} 1\na_sum 1\na_count 1\n'],
  ['a last line without an end', '# HELP a x\n# TYPE a gauge\na 1'],
])('is read by a parser that refuses %s', (_what, text) => {
  expect(() => new Exposed(text)).toThrow()
})
