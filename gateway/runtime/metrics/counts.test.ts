import { describe, expect, it } from 'vitest'
import { newRequest } from '../../core/engine/state.ts'
import { step } from '../../core/engine/step.ts'
import { factsOf, ms, second, tableOf } from '../../core/engine/testing/tables.ts'
import { SharedState } from '../../core/routing/shared-state.ts'
import type { RoutingTable } from '../../core/routing/table.ts'
import { Counts, otherName } from './counts.ts'

const seed = { high: 1, low: 2 }

/** A request for this model that is served after 100 ms by the first target. */
function serve(counts: Counts, table: RoutingTable, model: string): void {
  const state = newRequest({ table, shared: new SharedState(), missingSecrets: new Set() })
  step(state, { kind: 'arrived', facts: factsOf(seed, { model }), atUs: second, seq: 0 })
  const usage = { inputTokens: 3, outputTokens: 5, cachedTokens: 0, reasoningTokens: 0 }
  const end = { class: 'ok', usage, status: 200, retryAfterMs: null } as const
  step(state, { kind: 'ended', attempt: 0, ...end, atUs: second + 100 * ms, seq: 1 })
  counts.finished(state, { cut: false, overheadUs: 200 })
}

describe('counts', () => {
  it('keep so many series and no more, whatever the manifests of a long life are called', () => {
    const names = Array.from({ length: 1_500 }, (_, index) => `r${index}`)
    const routes = names.map((name) => ({ name, match: { models: [name] }, targets: [{ name: `p-${name}` }] }))
    const table = tableOf(routes)
    const counts = new Counts()
    for (let round = 0; round < 2; round += 1) for (const name of names) serve(counts, table, name)
    const byRoute = [...counts.routes()]
    const served = (route: string) => byRoute.find((one) => one.route === route)?.answers[0]?.duration.count
    expect(byRoute).toHaveLength(1_001)
    expect([served('r0'), served('r999'), served('r1000'), served(otherName)]).toEqual([2, 2, undefined, 1_000])
    const byTarget = [...counts.targets()]
    expect(byTarget).toHaveLength(1_001)
    expect(byTarget.at(-1)?.target).toEqual({ id: otherName, provider: otherName, model: otherName })
    expect(byTarget.at(-1)?.attempts.get('ok')?.count).toBe(1_000)
    expect(counts.totals()).toEqual({ served: 3_000, failed: 0, broken: 0, abandoned: 0, cut: 0, refused: 0 })
    const change = { change: 'breaker_opened', reason: 'timeout', untilUs: 1, atUs: 0 } as const
    for (const name of names) counts.changed({ ...change, target: name })
    const changes = new Map(counts.changes())
    expect([changes.size, changes.get(otherName)?.get('breaker_opened')]).toEqual([1_001, 500])
  })

  it('put a value that is a bound into the bucket of that bound', () => {
    const counts = new Counts()
    const table = tableOf([{ targets: [{ name: 'a' }] }])
    serve(counts, table, 'model')
    const [target] = counts.targets()
    expect(target?.inputTokens?.counts.slice(0, 3)).toEqual(new Float64Array([0, 1, 0]))
    counts.overhead.observe(0.0002)
    // 200 µs, twice: once as the overhead of the request.
    expect(counts.overhead.counts.slice(0, 3)).toEqual(new Float64Array([0, 2, 0]))
    counts.overhead.observe(99)
    expect(counts.overhead.counts.at(-1)).toBe(1)
    expect(counts.overhead.count).toBe(3)
  })
})
