/**
 * Every provider × feature: what becomes of it on the way through a real gateway to a simulated provider and back, and
 * that the loss table says the same. `docs/features.md` is made of what is observed here; set AIGW_WRITE_DOCS=1 to write
 * it anew.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { lossTableOf } from '../../gateway/core/dialects/index.ts'
import { type Fidelity, lossOf } from '../../gateway/core/dialects/losses.ts'
import { providers } from '../../gateway/core/providers/index.ts'
import { openStage, served, type Stage } from '../conformance/stage.ts'
import { Actor } from './actor.ts'
import { answerFeatures } from './answers.ts'
import { failureFeatures } from './failures.ts'
import { type Feature, type Observed, featureGroups } from './feature.ts'
import { fieldFeatures } from './fields.ts'
import { renderPage } from './page.ts'

const features = [...answerFeatures, ...fieldFeatures, ...failureFeatures].toSorted(
  (left, right) => featureGroups.indexOf(left.group) - featureGroups.indexOf(right.group),
)
const cells = new Map<string, Observed>()

let stage: Stage
beforeAll(async () => {
  stage = await openStage(served)
})
afterAll(async () => {
  await stage.close()
})

describe.each(served)('%s', (id) => {
  const losses = lossTableOf(providers[id], 'a-model')

  test.each(features.map((feature) => [feature.title, feature] as const))('%s', async (_title, feature) => {
    const { url } = stage.running.gateway
    const actor = new Actor({ provider: providers[id], losses, url, model: id, simulator: stage.simulator(id) })
    await actor.next()
    const observed = await feature.observe(actor)
    expect(observed.verdict).toBe(expectedOf(feature, observed, (part) => lossOf(losses, part).fidelity))
    // A loss without a reason would be a bare word in the table.
    if (observed.verdict !== 'exact') expect(observed.how).not.toBe('')
    cells.set(`${id} ${feature.title}`, observed)
  })
})

const worst: readonly Fidelity[] = ['refused', 'dropped', 'approximated']

/** What the loss table says of it. Features that no row speaks of are what they were seen to be. */
function expectedOf(
  { parts }: Feature,
  { verdict }: Observed,
  fidelityOf: (part: Feature['parts'][number]) => Fidelity,
): Observed['verdict'] {
  if (parts.length === 0) return verdict
  const found = new Set(parts.map(fidelityOf))
  return worst.find((fidelity) => found.has(fidelity)) ?? 'exact'
}

it('docs/features.md holds this table, without an empty cell', () => {
  const page = renderPage({
    ids: served,
    features,
    cell: (id, feature) => {
      const observed = cells.get(`${id} ${feature.title}`)
      if (observed === undefined) throw new Error(`nothing was observed of ${feature.title} with ${id}`)
      return observed
    },
  })
  const file = join(import.meta.dirname, '../../docs/features.md')
  if (process.env['AIGW_WRITE_DOCS'] === '1') writeFileSync(file, page)
  expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toBe(page)
})
