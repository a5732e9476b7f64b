/**
 * Every provider × feature: what becomes of it on the way through a real gateway to a simulated provider and back, and
 * that the loss table says the same. `docs/features.md` is made of what is observed here; set AIGW_WRITE_DOCS=1 to write
 * it anew.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { lossTableOf } from '../../gateway/core/dialects/index.ts'
import type { Fidelity } from '../../gateway/core/dialects/losses.ts'
import { providers } from '../../gateway/core/providers/index.ts'
import { openStage, type Stage } from '../conformance/stage.ts'
import { type ClaudeStage, openClaudeStage } from './claude-stage.ts'
import { Actor, lossFor } from './actor.ts'
import { answerFeatures } from './answers.ts'
import { embeddingsFeatures } from './embeddings.ts'
import { asked, type EmbeddingsStage, hasEmbeddings, openEmbeddingsStage, unplayed } from './embeddings-stage.ts'
import { failureFeatures } from './failures.ts'
import { type Feature, type Observed, featureGroups } from './feature.ts'
import { fieldFeatures } from './fields.ts'
import { renderPage } from './page.ts'
import { chatRows, claudeOnVertex, type Row, rowFor } from './rows.ts'

const features = [...answerFeatures, ...fieldFeatures, ...failureFeatures].toSorted(
  (left, right) => featureGroups.indexOf(left.group) - featureGroups.indexOf(right.group),
)
const cells = new Map<string, Observed>()

let stages: readonly Stage[]
let claude: ClaudeStage
let embeddings: EmbeddingsStage
beforeAll(async () => {
  stages = await openStages()
  claude = await openClaudeStage()
  embeddings = await openEmbeddingsStage()
})
afterAll(async () => {
  await Promise.all(stages.map((stage) => stage.close()))
  await claude.close()
  await embeddings.close()
})

/** One for the first model of each provider, one for the second where there is one, and so on. */
async function openStages(): Promise<Stage[]> {
  const opened: Stage[] = []
  for (let number = 0; chatRows.some(({ stage }) => stage === number); number += 1) {
    const rows = chatRows.filter((row) => row.stage === number && row !== claudeOnVertex)
    const models = Object.fromEntries(rows.map(({ id, model }) => [id, JSON.stringify(model)]))
    opened.push(
      await openStage(
        rows.map(({ id }) => id),
        models,
      ),
    )
  }
  return opened
}

function stageOf({ stage, key }: Row): Stage {
  const found = stages[stage]
  if (found === undefined) throw new Error(`there is no stage for ${key}`)
  return found
}

const worst: readonly Fidelity[] = ['refused', 'dropped', 'approximated']

/** What was seen must be what the loss table says; features that no row speaks of are what they were seen to be. */
async function observe(actor: Actor, feature: Feature): Promise<void> {
  await actor.next()
  const observed = await feature.observe(actor)
  if (feature.parts.length > 0 && actor.losses !== null) {
    const found = new Set(feature.parts.map((part) => lossFor(actor, part).fidelity))
    expect(observed.verdict).toBe(worst.find((fidelity) => found.has(fidelity)) ?? 'exact')
  }
  // A loss without a reason would be a bare word in the table.
  if (observed.verdict !== 'exact') expect(observed.how).not.toBe('')
  cells.set(`${actor.row.key} ${feature.group} ${feature.title}`, observed)
}

const named = (all: readonly Feature[]) => all.map((feature) => [feature.title, feature] as const)

describe.each(chatRows.map((row) => [row.key, row] as const))('%s', (key, row) => {
  const losses = lossTableOf(providers[row.id], row.model)
  const actor = () =>
    row === claudeOnVertex
      ? new Actor({ row, losses, url: claude.url, route: key, simulator: claude.simulator })
      : new Actor({ row, losses, url: stageOf(row).running.gateway.url, simulator: stageOf(row).simulator(row.id) })

  test.each(named(features))('%s', async (_title, feature) => {
    await observe(actor(), feature)
    expect(cells.has(`${key} ${feature.group} ${feature.title}`)).toBe(true)
  })
})

describe.each(asked)('embeddings of %s', (id) => {
  test.each(named(embeddingsFeatures))('%s', async (_title, feature) => {
    await observe(embeddings.actor(id), feature)
    const { verdict } = cellOf(rowFor(id), feature)
    expect(verdict === 'absent').toBe(!hasEmbeddings(id))
  })
})

function cellOf({ key }: Row, { group, title }: Feature): Observed {
  const observed = cells.get(`${key} ${group} ${title}`)
  if (observed === undefined) throw new Error(`nothing was observed of ${title} with ${key}`)
  return observed
}

it('docs/features.md holds this table, without an empty cell', () => {
  const page = renderPage({
    chats: { rows: chatRows, features },
    embeddings: { rows: asked.map(rowFor), features: embeddingsFeatures, unplayed },
    cell: cellOf,
  })
  const file = join(import.meta.dirname, '../../docs/features.md')
  if (process.env['AIGW_WRITE_DOCS'] === '1') writeFileSync(file, page)
  expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toBe(page)
})
