import { describe, expect, it } from 'vitest'
import type { FailureClass } from '../chat/failure.ts'
import { failureClasses, failureTraits } from '../chat/failure.ts'
import { SharedState } from '../routing/shared-state.ts'
import type { RoutingTable } from '../routing/table.ts'
import type { AttemptEnd, EngineCommand, EngineEvent, RequestFacts } from './events.ts'
import type { RequestState } from './state.ts'
import { newRequest } from './state.ts'
import { step } from './step.ts'
import type { RouteSpec, TargetSpec } from './testing/tables.ts'
import { factsOf, ms, second, tableOf } from './testing/tables.ts'

const ok: AttemptEnd = { class: 'ok', usage: null, status: 200, retryAfterMs: null }
const seed = { high: 1, low: 2 }

function failedAs(failure: FailureClass, more: Partial<AttemptEnd> = {}): AttemptEnd {
  return { class: failure, usage: null, status: 500, retryAfterMs: null, ...more }
}

type Unstamped = EngineEvent extends infer Event
  ? Event extends EngineEvent
    ? Omit<Event, 'atUs' | 'seq'>
    : never
  : never

/** One request, stepped by hand. */
class Stepper {
  readonly state: RequestState
  commands: readonly EngineCommand[] = []
  private seq = 0

  constructor(table: RoutingTable, options: { shared?: SharedState; missing?: readonly string[] } = {}) {
    this.state = newRequest({
      table,
      shared: options.shared ?? new SharedState(),
      missingSecrets: new Set(options.missing),
    })
  }

  feed(atUs: number, event: Unstamped): this {
    this.seq += 1
    this.commands = step(this.state, { ...event, atUs, seq: this.seq })
    return this
  }

  arrive(atUs = 0, facts: Partial<RequestFacts> = {}): this {
    return this.feed(atUs, { kind: 'arrived', facts: factsOf(seed, facts) })
  }

  /** `attempt a`, `abort 0`, `finish 502 all_targets_failed` …: commands as short text. */
  said(): string[] {
    return this.commands.map((command) => {
      switch (command.kind) {
        case 'attempt':
          return `attempt ${this.state.route?.candidates[command.candidate]?.connection.name} by ${command.firstContentByUs / ms}`
        case 'abort':
        case 'commit':
          return `${command.kind} ${command.attempt}`
        case 'finish':
          return `${command.outcome} ${command.status}${command.code === null ? '' : ` ${command.code}`}`
        default:
          return command.kind
      }
    })
  }
}

function priority(targets: readonly TargetSpec[], more: Partial<RouteSpec> = {}): RoutingTable {
  return tableOf([{ targets, strategy: 'priority', ...more }])
}

const ab = [{ name: 'a' }, { name: 'b' }]
const streaming = { features: { ...factsOf(seed).features, stream: true } }

describe('a request that is served', () => {
  it('commits and finishes with a plain answer', () => {
    const run = new Stepper(priority(ab)).arrive()
    expect(run.said()).toEqual(['attempt a by 300000'])
    expect(run.feed(50 * ms, { kind: 'ended', attempt: 0, ...ok }).said()).toEqual(['commit 0', 'served 200'])
  })

  it('commits a stream at its first content, and nothing runs after that', () => {
    const run = new Stepper(priority(ab)).arrive(0, streaming)
    expect(run.feed(10, { kind: 'firstContent', attempt: 0 }).said()).toEqual(['commit 0'])
    expect(run.feed(20, { kind: 'timer', attempt: 0 }).said()).toEqual([])
    expect(run.feed(30, { kind: 'ended', attempt: 0, ...failedAs('connection') }).said()).toEqual([
      'broken 200 stream_interrupted',
    ])
    expect(run.state.attempts).toHaveLength(1)
  })

  it('takes an answer in hand although its timer was due', () => {
    const run = new Stepper(priority([{ name: 'a', maxLatencyUs: 100 * ms }, { name: 'b' }])).arrive()
    expect(run.feed(500 * ms, { kind: 'ended', attempt: 0, ...ok }).said()).toEqual(['commit 0', 'served 200'])
  })
})

describe('failover', () => {
  for (const failure of failureClasses) {
    const { failsOver } = failureTraits[failure]
    it(`${failsOver ? 'moves on' : 'comes straight back'} after ${failure}`, () => {
      const run = new Stepper(priority(ab)).arrive()
      run.feed(1000, { kind: 'ended', attempt: 0, ...failedAs(failure, { status: 422 }) })
      expect(run.said()).toEqual([failsOver ? 'attempt b by 600000' : `failed 422 ${failure}`])
    })
  }

  it('stays where the manifest does not list the class, with the status the class stands for', () => {
    const run = new Stepper(priority(ab, { failoverOn: ['timeout'] })).arrive()
    expect(run.feed(1, { kind: 'ended', attempt: 0, ...failedAs('rate_limited') }).said()).toEqual([
      'failed 429 rate_limit_exceeded',
    ])
  })

  it('tries targets in manifest order after the drawn one, then the fallback', () => {
    const targets = [
      { name: 'a', weight: 0 },
      { name: 'b', weight: 1 },
      { name: 'c', weight: 0 },
      { name: 'f', isFallback: true },
    ]
    const run = new Stepper(tableOf([{ targets }])).arrive()
    const order = [run.said()[0]]
    for (let attempt = 0; attempt < 3; attempt += 1) {
      order.push(run.feed(attempt + 1, { kind: 'ended', attempt, ...failedAs('server_error') }).said()[0])
    }
    expect(order.map((one) => one?.split(' ')[1])).toEqual(['b', 'a', 'c', 'f'])
  })

  it('ignores what an aborted attempt still says', () => {
    const run = new Stepper(priority([{ name: 'a', maxLatencyUs: 100 * ms }, { name: 'b' }])).arrive()
    run.feed(100 * ms, { kind: 'timer', attempt: 0 })
    expect(run.feed(101 * ms, { kind: 'ended', attempt: 0, ...ok }).said()).toEqual([])
    expect(run.feed(102 * ms, { kind: 'firstContent', attempt: 0 }).said()).toEqual([])
    expect(run.state.phase).toBe('attempting')
  })
})

describe('times', () => {
  it('divides the deadline among the candidates that are left', () => {
    const run = new Stepper(priority([...ab, { name: 'c' }], { deadlineUs: 90 * second })).arrive()
    expect(run.said()).toEqual(['attempt a by 30000'])
    run.feed(30 * second, { kind: 'timer', attempt: 0 })
    expect(run.said()).toEqual(['abort 0', 'attempt b by 60000'])
    run.feed(50 * second, { kind: 'ended', attempt: 1, ...failedAs('server_error') })
    expect(run.said()).toEqual(['attempt c by 90000'])
  })

  it('counts only candidates that may run when it divides', () => {
    const run = new Stepper(
      priority([...ab, { name: 'c', outsideBoundary: true }], { deadlineUs: 90 * second }),
    ).arrive()
    expect(run.said()).toEqual(['attempt a by 45000'])
  })

  it('drops the latency target where nothing admissible stands behind', () => {
    const late = { maxLatencyUs: 800 * ms }
    const run = new Stepper(
      priority(
        [
          { name: 'a', ...late },
          { name: 'b', ...late },
        ],
        { deadlineUs: 60 * second },
      ),
    ).arrive()
    expect(run.said()).toEqual(['attempt a by 800'])
    expect(run.feed(800 * ms, { kind: 'timer', attempt: 0 }).said()).toEqual(['abort 0', 'attempt b by 60000'])
  })

  it('runs the late ones once more, without the wish, when everything else has failed', () => {
    const late = { maxLatencyUs: 800 * ms }
    const run = new Stepper(priority([{ name: 'a', ...late }, { name: 'b' }], { deadlineUs: 60 * second })).arrive()
    run.feed(800 * ms, { kind: 'timer', attempt: 0 })
    run.feed(1000 * ms, { kind: 'ended', attempt: 1, ...failedAs('server_error') })
    expect(run.said()).toEqual(['attempt a by 60000'])
    expect(run.state.attempts.map((one) => one.pass)).toEqual(['first', 'first', 'late'])
    run.feed(60 * second, { kind: 'timer', attempt: 2 })
    expect(run.said()).toEqual(['abort 2', 'failed 504 all_targets_failed'])
  })

  it('keeps an attempt timeout the second time, and does not count it as merely late', () => {
    const run = new Stepper(priority([{ name: 'a', attemptTimeoutUs: second }], { deadlineUs: 60 * second })).arrive()
    expect(run.said()).toEqual(['attempt a by 1000'])
    expect(run.feed(second, { kind: 'timer', attempt: 0 }).said()).toEqual(['abort 0', 'failed 502 all_targets_failed'])
  })

  it('answers 504 when the deadline is over between attempts', () => {
    const run = new Stepper(priority(ab, { deadlineUs: second })).arrive()
    run.feed(second, { kind: 'ended', attempt: 0, ...failedAs('server_error') })
    expect(run.said()).toEqual(['failed 504 all_targets_failed'])
  })
})

describe('when no target is left', () => {
  const cases: [string, FailureClass[], string][] = [
    ['all rate limited', ['rate_limited', 'rate_limited'], 'failed 429 rate_limit_exceeded'],
    ['rate limited and out of quota', ['rate_limited', 'quota'], 'failed 429 rate_limit_exceeded'],
    ['all too long', ['context_length', 'context_length'], 'failed 400 context_length_exceeded'],
    ['too long and inexpressible', ['context_length', 'unsupported_by_target'], 'failed 400 unsupported_by_target'],
    ['mixed', ['rate_limited', 'server_error'], 'failed 502 all_targets_failed'],
    ['misconfigured', ['misconfigured', 'misconfigured'], 'failed 502 all_targets_failed'],
  ]
  for (const [name, classes, expected] of cases) {
    it(`answers for ${name}`, () => {
      const run = new Stepper(priority(ab)).arrive()
      classes.forEach((failure, attempt) => run.feed(attempt + 1, { kind: 'ended', attempt, ...failedAs(failure) }))
      expect(run.said()).toEqual([expected])
    })
  }

  it('says the smallest time to come back', () => {
    const run = new Stepper(priority(ab)).arrive()
    run.feed(1, { kind: 'ended', attempt: 0, ...failedAs('rate_limited', { retryAfterMs: 7000 }) })
    run.feed(2, { kind: 'ended', attempt: 1, ...failedAs('rate_limited', { retryAfterMs: 3000 }) })
    expect(run.state.finish?.retryAfterMs).toBe(3000)
  })

  it('answers 503 when nothing may run at all', () => {
    const run = new Stepper(priority([{ name: 'a' }]), { missing: ['a'] }).arrive()
    expect(run.said()).toEqual(['failed 503 all_targets_failed'])
    expect(run.state.candidates[0]?.verdict).toEqual({ verdict: 'secret_missing' })
  })

  it('answers 404 without a route', () => {
    expect(new Stepper(priority(ab, { match: { models: ['other'] } })).arrive().said()).toEqual([
      'failed 404 route_not_found',
    ])
  })
})

describe('admissibility', () => {
  const verdictOf = (target: TargetSpec, facts: Partial<RequestFacts> = {}, more: Partial<RouteSpec> = {}) =>
    new Stepper(priority([target, { name: 'z' }], more)).arrive(0, facts).state.candidates[0]?.verdict

  it('gives the values behind each verdict', () => {
    expect(verdictOf({ name: 'a', outsideBoundary: true })).toEqual({ verdict: 'outside_boundary' })
    expect(verdictOf({ name: 'a', contextWindow: 10 })).toEqual({
      verdict: 'context_too_long',
      neededTokens: 14,
      windowTokens: 10,
    })
    const price = { input: 1_000_000_000, output: 0, cached: 0 }
    expect(verdictOf({ name: 'a', maxMicroUsdPerRequest: 13_999, price })).toEqual({
      verdict: 'over_cost_cap',
      estimateMicroUsd: 14_000,
      capMicroUsd: 13_999,
    })
    const features = { ...factsOf(seed).features, fields: ['model', 'messages', 'logprobs', 'seed'] }
    const losing = { name: 'a', losses: ['logprobs'] }
    expect(verdictOf(losing, { features }, { refuseLoss: true })).toEqual({
      verdict: 'cannot_express',
      fields: ['logprobs'],
    })
    expect(verdictOf(losing, { features })).toEqual({ verdict: 'admissible' })
    // What a target cannot do without is no matter of policy.
    expect(verdictOf({ name: 'a', refuses: ['seed'] }, { features })).toEqual({
      verdict: 'cannot_express',
      fields: ['seed'],
    })
  })

  it('holds requests to the ceilings of the connection, and lets them in again', () => {
    const shared = new SharedState()
    const table = priority([{ name: 'a', ceilings: { requestsPerMinute: 2, maxConcurrent: 1 } }, { name: 'b' }])
    const first = new Stepper(table, { shared }).arrive(0)
    const second_ = new Stepper(table, { shared }).arrive(1)
    expect(second_.state.candidates[0]?.verdict).toMatchObject({
      verdict: 'ceiling_reached',
      ceiling: 'max_concurrent',
      used: 1,
      limit: 1,
    })
    first.feed(2, { kind: 'ended', attempt: 0, ...ok })
    expect(
      new Stepper(table, { shared }).arrive(3).feed(4, { kind: 'ended', attempt: 0, ...ok }).state.attempts[0]
        ?.candidate.target.id,
    ).toBe('a/model')
    const fourth = new Stepper(table, { shared }).arrive(5)
    expect(fourth.state.candidates[0]?.verdict).toMatchObject({ ceiling: 'requests_per_minute', used: 2, limit: 2 })
    expect(new Stepper(table, { shared }).arrive(61 * second).said()).toEqual(['attempt a by 361000'])
  })

  it('counts real tokens instead of the estimate once they are known', () => {
    const shared = new SharedState()
    const table = priority([{ name: 'a', ceilings: { tokensPerMinute: 100 } }, { name: 'b' }])
    const usage = { inputTokens: 50, outputTokens: 40, cachedTokens: 0, reasoningTokens: 0 }
    new Stepper(table, { shared }).arrive(0).feed(1, { kind: 'ended', attempt: 0, ...ok, usage })
    expect(new Stepper(table, { shared }).arrive(2).state.candidates[0]?.verdict).toMatchObject({
      ceiling: 'tokens_per_minute',
      used: 90,
      limit: 100,
    })
  })
})

describe('health', () => {
  const down = (shared: SharedState, table: RoutingTable, atUs: number) =>
    new Stepper(table, { shared })
      .arrive(atUs)
      .feed(atUs + 1, { kind: 'ended', attempt: 0, ...failedAs('server_error') })

  it('opens after five failures in a row, probes once after its time, doubles, and closes on success', () => {
    const shared = new SharedState()
    const table = priority(ab)
    for (let index = 0; index < 5; index += 1) down(shared, table, index * 10)
    const blocked = new Stepper(table, { shared }).arrive(100)
    expect(blocked.state.candidates[0]?.verdict).toEqual({ verdict: 'breaker_open', untilUs: 41 + 15 * second })
    const probe = new Stepper(table, { shared }).arrive(16 * second)
    expect(probe.state.attempts[0]).toMatchObject({ probe: true })
    const beside = new Stepper(table, { shared }).arrive(16 * second + 1)
    expect(beside.state.candidates[0]?.verdict).toEqual({ verdict: 'breaker_open', untilUs: null })
    probe.feed(17 * second, { kind: 'ended', attempt: 0, ...failedAs('timeout') })
    const again = new Stepper(table, { shared }).arrive(18 * second)
    expect(again.state.candidates[0]?.verdict).toEqual({ verdict: 'breaker_open', untilUs: 17 * second + 30 * second })
    const second_ = new Stepper(table, { shared }).arrive(48 * second)
    second_.feed(49 * second, { kind: 'ended', attempt: 0, ...ok })
    expect(new Stepper(table, { shared }).arrive(50 * second).said()[0]).toMatch(/^attempt a/)
  })

  it('lets another request probe when the caller of the probe hangs up', () => {
    const shared = new SharedState()
    const table = priority(ab)
    for (let index = 0; index < 5; index += 1) down(shared, table, index * 10)
    new Stepper(table, { shared }).arrive(16 * second).feed(16 * second + 5, { kind: 'callerGone' })
    expect(new Stepper(table, { shared }).arrive(17 * second).state.attempts[0]).toMatchObject({ probe: true })
  })

  it('opens at half of at least twenty in the window, and forgets what is older', () => {
    const shared = new SharedState()
    const table = priority(ab, {})
    for (let index = 0; index < 19; index += 1) {
      const run = new Stepper(table, { shared }).arrive(index * 1000)
      run.feed(index * 1000 + 1, { kind: 'ended', attempt: 0, ...(index % 2 === 0 ? failedAs('server_error') : ok) })
    }
    expect(new Stepper(table, { shared }).arrive(20_000).state.candidates[0]?.verdict).toEqual({
      verdict: 'admissible',
    })
    down(shared, table, 21_000)
    expect(new Stepper(table, { shared }).arrive(22_000).state.candidates[0]?.verdict).toMatchObject({
      verdict: 'breaker_open',
    })
  })

  it('never refuses a caller: candidates that only health rules out are tried in order', () => {
    const shared = new SharedState()
    const table = priority([{ name: 'a' }])
    for (let index = 0; index < 6; index += 1) down(shared, table, index * 10)
    const run = new Stepper(table, { shared }).arrive(100)
    expect(run.said()[0]).toMatch(/^attempt a/)
    expect(run.state.attempts[0]?.pass).toBe('forced')
  })

  it('cools down for as long as the provider says, at most a minute, five seconds when it does not', () => {
    for (const [retryAfterMs, untilMs] of [
      [null, 5000],
      [20_000, 20_000],
      [900_000, 60_000],
    ] as const) {
      const shared = new SharedState()
      const table = priority(ab)
      new Stepper(table, { shared })
        .arrive(0)
        .feed(0, { kind: 'ended', attempt: 0, ...failedAs('rate_limited', { retryAfterMs }) })
      expect(new Stepper(table, { shared }).arrive(1).state.candidates[0]?.verdict).toEqual({
        verdict: 'cooling_down',
        after: 'rate_limited',
        untilUs: untilMs * ms,
      })
    }
  })

  it('counts a missed latency target nowhere', () => {
    const shared = new SharedState()
    const table = priority([{ name: 'a', maxLatencyUs: ms }, { name: 'b' }])
    for (let index = 0; index < 50; index += 1) {
      new Stepper(table, { shared }).arrive(index * 10 * ms).feed(index * 10 * ms + ms, { kind: 'timer', attempt: 0 })
    }
    expect(new Stepper(table, { shared }).arrive(second).state.candidates[0]?.verdict).toEqual({
      verdict: 'admissible',
    })
  })
})

describe('the caller', () => {
  it('ends everything by hanging up, before and after the commit point', () => {
    const before = new Stepper(priority(ab)).arrive()
    expect(before.feed(5, { kind: 'callerGone' }).said()).toEqual(['abort 0', 'abandoned 499 caller_gone'])
    const after = new Stepper(priority(ab)).arrive(0, streaming).feed(1, { kind: 'firstContent', attempt: 0 })
    expect(after.feed(5, { kind: 'callerGone' }).said()).toEqual(['abort 0', 'abandoned 499 caller_gone'])
    expect(after.feed(6, { kind: 'callerGone' }).said()).toEqual([])
  })
})

describe('quota and classification', () => {
  it('reserves before the first attempt, settles at the end, and refuses', () => {
    const table = tableOf([{ targets: ab, strategy: 'priority' }], { reserves: true })
    const run = new Stepper(table).arrive()
    expect(run.said()).toEqual(['reserve'])
    expect(run.feed(1, { kind: 'reserved' }).said()[0]).toMatch(/^attempt a/)
    const usage = { inputTokens: 1, outputTokens: 2, cachedTokens: 0, reasoningTokens: 0 }
    expect(run.feed(2, { kind: 'ended', attempt: 0, ...ok, usage }).said()).toEqual([
      'commit 0',
      'settle',
      'served 200',
    ])
    const refused = new Stepper(table).arrive().feed(1, { kind: 'refused', retryAfterMs: 9 })
    expect(refused.said()).toEqual(['failed 429 quota_exceeded'])
  })

  it('asks for a class only where a semantic route could take the request', () => {
    const table = tableOf([
      { name: 'code', targets: [{ name: 'a' }], semantic: true },
      { name: 'rest', targets: [{ name: 'b' }] },
    ])
    const run = new Stepper(table).arrive()
    expect(run.said()).toEqual(['classify'])
    expect(run.feed(1, { kind: 'classified', route: 'code' }).said()[0]).toMatch(/^attempt a/)
    expect(new Stepper(table).arrive().feed(1, { kind: 'classified', route: null }).said()[0]).toMatch(/^attempt b/)
  })
})
