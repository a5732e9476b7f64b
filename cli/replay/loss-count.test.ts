import { describe, expect, it } from 'vitest'
import { approximated, dropped } from '../../gateway/core/dialects/losses.ts'
import { newRequest } from '../../gateway/core/engine/state.ts'
import { step } from '../../gateway/core/engine/step.ts'
import { factsOf, tableOf } from '../../gateway/core/engine/testing/tables.ts'
import { SharedState } from '../../gateway/core/routing/shared-state.ts'
import type { CompiledTarget } from '../../gateway/core/routing/table.ts'
import { LossCount } from './loss-count.ts'

const rows = new Map([
  ['temperature', approximated('at most 1', { above: 1 })],
  ['reasoning_effort', approximated('a budget')],
  ['seed', dropped('no seeds')],
])
const table = tableOf([{ targets: [{ name: 'a' }] }])
const [first] = table.routes[0]?.candidates ?? []
if (first === undefined) throw new Error('the route has no target')
const encode = { ...first.encode, losses: { rows, removed: new Set(['seed']), foreign: new Set<string>() } }
const target: CompiledTarget = { ...first, encode }

function count(losses: LossCount, fields: readonly string[], known = true): void {
  const facts = factsOf({ high: 1, low: 1 })
  const state = newRequest({ table, shared: new SharedState(), missingSecrets: new Set() })
  const asked = { ...facts, features: { ...facts.features, fields } }
  step(state, { kind: 'arrived', facts: asked, atUs: 0, seq: 0 })
  losses.count(state, target, known)
}

describe('losses of replayed requests', () => {
  it('are counted by part, and a request once however many parts it loses', () => {
    const losses = new LossCount()
    count(losses, ['seed', 'reasoning_effort', 'max_tokens'])
    count(losses, ['seed'])
    count(losses, ['max_tokens'])
    expect(losses).toMatchObject({ requests: 2, unknown: 0 })
    expect(losses.parts()).toEqual([
      { target: 'a/model', part: 'seed', fate: 'dropped', above: null, requests: 2 },
      { target: 'a/model', part: 'reasoning_effort', fate: 'approximated', above: null, requests: 1 },
    ])
  })

  it('that depend on a value nobody recorded are told apart, and make no request a losing one', () => {
    const losses = new LossCount()
    count(losses, ['temperature'])
    expect(losses.requests).toBe(0)
    expect(losses.parts()).toMatchObject([{ part: 'temperature', fate: 'perhaps_approximated', above: 1 }])
  })

  it('are not guessed where nobody recorded what was asked for', () => {
    const losses = new LossCount()
    count(losses, [], false)
    expect(losses).toMatchObject({ requests: 0, unknown: 1 })
    expect(losses.parts()).toEqual([])
  })

  it('never grow with the names that callers make up, nor repeat a text', () => {
    const losses = new LossCount()
    for (let index = 0; index < 5_000; index += 1) count(losses, [`field_${index}`, `a text ${index}\n`])
    const parts = losses.parts()
    expect(parts.length).toBeLessThan(210)
    expect(parts[0]).toMatchObject({ part: 'other', fate: 'dropped' })
    expect(parts.every(({ part }) => /^\w+$/.test(part))).toBe(true)
    expect(losses.requests).toBe(5_000)
  })
})
