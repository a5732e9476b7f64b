/** What must hold for every table, every behaviour of the providers and every schedule of events. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FailureClass } from '../chat/failure.ts'
import { failureClasses, failureTraits } from '../chat/failure.ts'
import { seedForIndex } from '../routing/draw.ts'
import { orderCandidates } from '../routing/order.ts'
import { SharedState } from '../routing/shared-state.ts'
import type { EngineCommand, EngineEvent } from './events.ts'
import type { RequestState } from './state.ts'
import { newRequest } from './state.ts'
import { step } from './step.ts'
import type { TargetSpec } from './testing/tables.ts'
import { factsOf, ms, second, tableOf } from './testing/tables.ts'
import type { AttemptQuestion, SimulatedAttempt } from './virtual.ts'
import { VirtualLoop } from './virtual.ts'

const runs = 400
const seeds = fc.record({ high: fc.nat(0xffffffff), low: fc.nat(0xffffffff) })

/** How a simulated provider treats its calls, by their number. */
interface Behaviour {
  readonly afterMs: number
  readonly result: 'ok' | FailureClass | 'hangs'
}

/** What a provider can do to an attempt; missing a latency target is only ever the engine's own finding. */
const providerClasses = failureClasses.filter((failure) => failure !== 'latency')

const behaviour: fc.Arbitrary<Behaviour> = fc.record({
  afterMs: fc.integer({ min: 0, max: 90_000 }),
  result: fc.oneof(fc.constant('ok' as const), fc.constantFrom(...providerClasses), fc.constant('hangs' as const)),
})

const target = fc.record(
  {
    maxLatencyUs: fc.integer({ min: 1, max: 2000 }).map((value) => value * ms),
    attemptTimeoutUs: fc.integer({ min: 1, max: 60_000 }).map((value) => value * ms),
    outsideBoundary: fc.boolean(),
    weight: fc.integer({ min: 0, max: 5 }),
  },
  { requiredKeys: ['weight'] },
)

const world = fc.record({
  targets: fc.array(target, { minLength: 1, maxLength: 4 }),
  behaviours: fc.array(fc.array(behaviour, { minLength: 1, maxLength: 4 }), { minLength: 4, maxLength: 4 }),
  deadlineMs: fc.integer({ min: 1, max: 120_000 }),
  stream: fc.boolean(),
  requests: fc.array(fc.record({ seed: seeds, gapMs: fc.nat(20_000), hangsUpMs: fc.option(fc.nat(100_000)) }), {
    minLength: 1,
    maxLength: 12,
  }),
})

type World = typeof world extends fc.Arbitrary<infer Value> ? Value : never

interface Finished {
  readonly state: RequestState
  readonly calls: readonly AttemptQuestion<number>[]
}

function play(input: World): Finished[] {
  const named: TargetSpec[] = input.targets.map((one, index) => ({ ...withoutUndefined(one), name: `t${index}` }))
  const table = tableOf([{ targets: named, deadlineUs: input.deadlineMs * ms }])
  const calls = new Map<number, AttemptQuestion<number>[]>()
  const finished: Finished[] = []
  const counts = new Map<string, number>()
  const loop = new VirtualLoop<number>({
    table,
    shared: new SharedState(),
    missingSecrets: new Set(),
    attempt: (question) => {
      const mine = calls.get(question.request.tag) ?? []
      calls.set(question.request.tag, [...mine, question])
      const name = question.target.connection.name
      const call = counts.get(name) ?? 0
      counts.set(name, call + 1)
      const script = input.behaviours[Number(name.slice(1))] ?? []
      return simulate(script[call % script.length], question.request.facts.features.stream)
    },
    finished: (state, request) => finished.push({ state, calls: calls.get(request.tag) ?? [] }),
  })
  let atMs = 0
  input.requests.forEach((request, tag) => {
    atMs += request.gapMs
    const facts = factsOf(request.seed, { features: { ...factsOf(request.seed).features, stream: input.stream } })
    const hangsUpAfterUs = request.hangsUpMs === null ? null : request.hangsUpMs * ms
    loop.arrive({ tag, facts, arrivesUs: atMs * ms, hangsUpAfterUs })
  })
  loop.drain()
  return finished
}

function withoutUndefined(one: object): Partial<TargetSpec> {
  return Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined))
}

function simulate(plan: Behaviour | undefined, stream: boolean): SimulatedAttempt {
  const result = plan?.result ?? 'ok'
  const afterUs = (plan?.afterMs ?? 0) * ms
  const end = { class: result === 'hangs' ? 'timeout' : result, usage: null, status: 500, retryAfterMs: null } as const
  if (result === 'hangs') return { firstContentAfterUs: null, endAfterUs: null, end }
  const firstContentAfterUs = stream && result === 'ok' ? afterUs : null
  return { firstContentAfterUs, endAfterUs: stream && result === 'ok' ? afterUs + second : afterUs, end }
}

describe('for every world', () => {
  it('each request finishes exactly once, whatever hangs', () => {
    fc.assert(
      fc.property(world, (input) => {
        const finished = play(input)
        expect(finished).toHaveLength(input.requests.length)
        for (const { state } of finished) expect(state.phase).toBe('finished')
      }),
      { numRuns: runs },
    )
  })

  it('the boundary is never left, and no attempt starts after the deadline or after the commit point', () => {
    fc.assert(
      fc.property(world, (input) => {
        for (const { state, calls } of play(input)) {
          for (const { target: called, atUs } of calls) {
            expect(called.outsideBoundary).toBe(false)
            expect(atUs).toBeLessThan(state.deadlineUs)
            if (state.committedUs !== null) expect(atUs).toBeLessThanOrEqual(state.committedUs)
          }
        }
      }),
      { numRuns: runs },
    )
  })

  it('no candidate is called more than once, save those that were only late, and those once more', () => {
    fc.assert(
      fc.property(world, (input) => {
        for (const { state } of play(input)) {
          for (const candidate of state.candidates) {
            const attempts = state.attempts.filter((one) => one.candidate === candidate)
            expect(attempts.length).toBeLessThanOrEqual(2)
            if (attempts.length === 2) expect(['latency', 'share']).toContain(attempts[0]?.limit)
          }
        }
      }),
      { numRuns: runs },
    )
  })

  it('no latency target holds where it would lose the request', () => {
    fc.assert(
      fc.property(world, (input) => {
        for (const { state } of play(input)) {
          const last = state.attempts.at(-1)
          if (state.finish?.outcome !== 'failed' || last === undefined) continue
          expect(last.class).not.toBe('latency')
        }
      }),
      { numRuns: runs },
    )
  })
})

/** A target that always treats its calls the same way: then what a lost request means can be said without a clock. */
const steadyWorld = fc.record({
  targets: fc.array(
    fc.record({
      result: fc.oneof(fc.constant('ok' as const), fc.constantFrom('server_error' as const, 'connection' as const)),
      afterMs: fc.integer({ min: 0, max: 40_000 }),
      maxLatencyMs: fc.option(fc.integer({ min: 1, max: 5000 })),
      weight: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  seed: seeds,
  deadlineMs: fc.integer({ min: 1000, max: 120_000 }),
})

describe('a request is lost', () => {
  it('only if no target would have answered within what is left of the deadline after the failures before it', () => {
    fc.assert(
      fc.property(steadyWorld, (input) => {
        const specs = input.targets.map((one, index) => ({
          name: `t${index}`,
          weight: one.weight,
          ...(one.maxLatencyMs !== null && { maxLatencyUs: one.maxLatencyMs * ms }),
        }))
        const table = tableOf([{ targets: specs, deadlineUs: input.deadlineMs * ms }])
        let end: RequestState | null = null
        const loop = new VirtualLoop<null>({
          table,
          shared: new SharedState(),
          missingSecrets: new Set(),
          attempt: ({ target: called }) => simulate(input.targets[Number(called.connection.name.slice(1))], false),
          finished: (state) => {
            end = state
          },
        })
        loop.arrive({ tag: null, facts: factsOf(input.seed), arrivesUs: 0, hangsUpAfterUs: null })
        loop.drain()
        const finished = end as RequestState | null
        if (finished?.finish?.outcome !== 'failed') return
        // Each healthy target was given its time: a share of the deadline, or all that was left of it.
        for (const candidate of finished.candidates) {
          const plan = input.targets[Number(candidate.target.connection.name.slice(1))]
          if (plan?.result !== 'ok') continue
          const longestUs = Math.max(
            ...finished.attempts.filter((one) => one.candidate === candidate).map((one) => one.limitUs - one.startedUs),
            0,
          )
          const others = finished.attempts.filter((one) => one.candidate !== candidate)
          const spentUs = others.reduce((sum, one) => sum + ((one.endedUs ?? 0) - one.startedUs), 0)
          const enough = plan.afterMs * ms
          expect(longestUs < enough || spentUs + enough > finished.deadlineUs).toBe(true)
        }
      }),
      { numRuns: 1000 },
    )
  })
})

describe('any order of late, doubled and foreign events', () => {
  const foreign: fc.Arbitrary<EngineEvent> = fc.record({
    kind: fc.constantFrom(
      'firstContent' as const,
      'timer' as const,
      'callerGone' as const,
      'ended' as const,
      'reserved' as const,
    ),
    attempt: fc.nat(4),
    atUs: fc.nat(700 * second),
    seq: fc.nat(1000),
    class: fc.oneof(fc.constant('ok' as const), fc.constantFrom(...failureClasses)),
    usage: fc.constant(null),
    status: fc.constant(500),
    retryAfterMs: fc.constant(null),
  })

  it('leads to at most one finish and one commit, and to no attempt after either', () => {
    fc.assert(
      fc.property(fc.array(foreign, { maxLength: 40 }), seeds, (events, seed) => {
        const table = tableOf([{ targets: [{ name: 'a', maxLatencyUs: ms }, { name: 'b' }, { name: 'c' }] }])
        const state = newRequest({ table, shared: new SharedState(), missingSecrets: new Set() })
        const commands: EngineCommand[] = [...step(state, { kind: 'arrived', facts: factsOf(seed), atUs: 0, seq: 0 })]
        for (const event of events) commands.push(...step(state, event))
        const kinds = commands.map((command) => command.kind)
        expect(kinds.filter((kind) => kind === 'finish').length).toBeLessThanOrEqual(1)
        expect(kinds.filter((kind) => kind === 'commit').length).toBeLessThanOrEqual(1)
        const closed = kinds.findIndex((kind) => kind === 'finish' || kind === 'commit')
        if (closed >= 0) expect(kinds.slice(closed)).not.toContain('attempt')
        if (kinds.includes('finish')) expect(step(state, { kind: 'callerGone', atUs: 0, seq: 0 })).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })

  it('never hangs: while a request is open, its own timers always bring it to an end', () => {
    fc.assert(
      fc.property(fc.array(foreign, { maxLength: 20 }), seeds, (events, seed) => {
        const table = tableOf([{ targets: [{ name: 'a', maxLatencyUs: ms }, { name: 'b' }, { name: 'c' }] }])
        const state = newRequest({ table, shared: new SharedState(), missingSecrets: new Set() })
        step(state, { kind: 'arrived', facts: factsOf(seed), atUs: 0, seq: 0 })
        for (const event of events) step(state, event)
        let atUs = 0
        for (let guard = 0; guard < 20 && state.phase === 'attempting'; guard += 1) {
          const current = state.current
          if (current === null) throw new Error('attempting without an attempt')
          atUs = Math.max(atUs, current.limitUs)
          step(state, { kind: 'timer', attempt: current.attempt, atUs, seq: 0 })
        }
        expect(['finished', 'committed']).toContain(state.phase)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('the weighted draw', () => {
  const first = (weights: readonly number[], seed: { high: number; low: number }) => {
    const table = tableOf([{ targets: weights.map((weight, index) => ({ name: `t${index}`, weight })) }])
    const [route] = table.routes
    if (route === undefined) throw new Error('no route')
    return orderCandidates(route, factsOf(seed), new SharedState())[0]
  }

  it('moves only the share it must when a weight changes', () => {
    fc.assert(
      fc.property(seeds, fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })), (seed, [a, b]) => {
        const before = first([a, b, 3], seed)
        const heavier = first([a + 2, b, 3], seed)
        // A heavier target may only win requests, never push them between the others.
        if (before !== heavier) expect(heavier).toBe(0)
      }),
      { numRuns: 2000 },
    )
  })

  it('leaves everyone where they were when a target joins, save those it takes itself', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const before = first([60, 40], seed)
        const after = first([60, 40, 10], seed)
        if (before !== after) expect(after).toBe(2)
      }),
      { numRuns: 2000 },
    )
  })

  it('gives each target its share', () => {
    const counts = [0, 0]
    for (let index = 0; index < 100_000; index += 1) {
      const won = first([60, 40], seedForIndex(1, index)) ?? 0
      counts[won] = (counts[won] ?? 0) + 1
    }
    expect((counts[0] ?? 0) / 100_000).toBeCloseTo(0.6, 2)
  })
})

it('knows a trait for every class', () => {
  expect(Object.keys(failureTraits).sort()).toEqual([...failureClasses].sort())
})
