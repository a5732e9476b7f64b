/** The call by which each provider is checked, against the simulator that plays it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { ConnectionCheck } from '../../gateway/core/providers/check-outcome.ts'
import { checkConnections } from '../../gateway/runtime/check/check.ts'
import type { ProviderId, RoutesManifest } from '../../schemas/index.ts'
import { openStage, served, type Stage } from '../conformance/stage.ts'

/** Their calls are of a kind that no simulator answers. */
const unanswered: ReadonlySet<ProviderId> = new Set(['azure-openai', 'openrouter', 'vertex'])
const checked = served.filter((id) => !unanswered.has(id))
const model = 'gemini-3.1-pro'

let stage: Stage
let checks: readonly ConnectionCheck[]
beforeAll(async () => {
  stage = await openStage(checked, Object.fromEntries(checked.map((id) => [id, model])))
  for (const id of checked) await stage.simulator(id).behave({ models: [id === 'ollama' ? `${model}:latest` : model] })
  // The stage wrote it itself.
  const manifest = parse(readFileSync(join(stage.running.folder, 'routes.yaml'), 'utf8')) as RoutesManifest
  const environment = { TEST_KEY: 'sk-provider-key-0123456789' }
  checks = await checkConnections({ manifest, environment, names: null, timeoutMs: 10_000, version: '0' })
})
afterAll(async () => {
  await stage.close()
})

test.each(checked)('%s is found to be well', (id) => {
  const found = checks.find(({ connection }) => connection === id)
  expect(found).toMatchObject({ outcome: 'ok', type: id, status: 200, models: [{ model, found: true }] })
  expect(stage.simulator(id).requests().length).toBe(1)
})
