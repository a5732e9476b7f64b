import { describe, expect, it } from 'vitest'
import { dropped } from '../../gateway/core/dialects/losses.ts'
import { newRequest } from '../../gateway/core/engine/state.ts'
import { step } from '../../gateway/core/engine/step.ts'
import { factsOf, tableOf } from '../../gateway/core/engine/testing/tables.ts'
import { SharedState } from '../../gateway/core/routing/shared-state.ts'
import type { WhatIfReport } from '../replay/index.ts'
import { Tally } from '../replay/tally.ts'
import { fakeContext } from '../testing/context.ts'
import { renderWhatIf, renderWhatIfJson } from './replay.ts'

const { stdout } = fakeContext({ cwd: '/' }).context

/** A side on which as many requests asked for these fields, and were served. */
function sideOf(name: string, losses: readonly string[], requests: number): WhatIfReport['sides'][number] {
  const table = tableOf([
    {
      targets: [
        { name: 'picky', refuses: ['n'] },
        { name: 'b', losses },
      ],
      strategy: 'priority',
    },
  ])
  const tally = new Tally()
  for (let index = 0; index < requests; index += 1) {
    const state = newRequest({ table, shared: new SharedState(), missingSecrets: new Set() })
    const facts = factsOf({ high: 1, low: index })
    const asked = { ...facts, features: { ...facts.features, fields: ['n', 'seed', 'user'] } }
    step(state, { kind: 'arrived', facts: asked, atUs: 0, seq: 0 })
    step(state, {
      kind: 'ended',
      attempt: 0,
      class: 'ok',
      usage: null,
      status: 200,
      retryAfterMs: null,
      atUs: 9,
      seq: 1,
    })
    tally.count(state, { outputTokens: 1, seen: [], unknown: new Set() })
  }
  return { name, table, tally }
}

const report: WhatIfReport = {
  sides: [sideOf('now.yaml', [], 3), sideOf('new.yaml', ['seed', 'user'], 3)],
  moved: [],
  movedRequests: 0,
  failedExpectations: [],
}

describe('what replayed requests would lose', () => {
  it('stands side by side, by target and part', () => {
    const text = renderWhatIf(report, { scenario: null, output: stdout })
    expect(text).toMatch(/^ {2}not carried whole +0 +3$/m)
    expect(text).toMatch(
      /^not carried\n {2}b\/model: seed dropped +0 +3\n {2}b\/model: user dropped +0 +3\n {2}picky\/model: n target skipped for it +3 +3$/m,
    )
    expect(text).not.toContain('parts not recorded')
  })

  it('is left out where nothing is lost', () => {
    const table = tableOf([{ targets: [{ name: 'a' }] }])
    const side = { name: 'a.yaml', table, tally: new Tally() }
    expect(renderWhatIf({ ...report, sides: [side] }, { scenario: null, output: stdout })).not.toContain('carried')
  })

  it('says of how many nobody knows, and above which value a part is affected', () => {
    const side = sideOf('a.yaml', [], 0)
    const [target] = side.table.routes[0]?.candidates ?? []
    if (target === undefined) throw new Error('the route has no target')
    const rows = new Map([['temperature', { ...dropped('at most 1'), fidelity: 'approximated' as const, above: 1 }]])
    const capped = {
      ...target,
      encode: { ...target.encode, losses: { rows, removed: new Set<string>(), foreign: 'all' as const } },
    }
    const state = newRequest({ table: side.table, shared: new SharedState(), missingSecrets: new Set() })
    const facts = factsOf({ high: 1, low: 1 })
    state.facts = { ...facts, features: { ...facts.features, fields: ['temperature'] } }
    side.tally.losses.count(state, capped, true)
    side.tally.losses.count(state, capped, false)
    const text = renderWhatIf({ ...report, sides: [side] }, { scenario: null, output: stdout })
    expect(text).toMatch(/temperature approximated if above 1 +1$/m)
    expect(text).toMatch(/parts not recorded +1$/m)
  })

  it('is in the JSON', () => {
    const { sides } = JSON.parse(renderWhatIfJson(report)) as { sides: { losses: object }[] }
    expect(sides.map(({ losses }) => losses)).toMatchObject([
      { requests: 0, unknown: 0, parts: [{ target: 'picky/model', part: 'n', fate: 'skipped', requests: 3 }] },
      {
        requests: 3,
        parts: [
          { target: 'b/model', part: 'seed', fate: 'dropped', above: null, requests: 3 },
          { target: 'b/model', part: 'user', fate: 'dropped', above: null, requests: 3 },
          { target: 'picky/model', part: 'n', fate: 'skipped', above: null, requests: 3 },
        ],
      },
    ])
  })
})
