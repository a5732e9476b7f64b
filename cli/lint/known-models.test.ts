import { describe, expect, it } from 'vitest'
import type { ProviderId } from '../../schemas/index.ts'
import { compileManifest } from '../../gateway/core/manifest/compile.ts'
import { readManifestValue } from '../../gateway/core/manifest/read.ts'
import type { Connection } from '../../gateway/core/routing/table.ts'
import { currentModels, findKnownModel, knownModelsOf } from './known-models.ts'

const listed: readonly ProviderId[] = ['openai', 'anthropic', 'gemini', 'mistral', 'groq', 'deepseek', 'xai']

function connect(type: ProviderId, more: object = {}): Connection {
  const ai_routes = [{ name: 'a', match: { stream: true }, targets: [{ provider: 'mine', model: 'm' }] }]
  const { manifest } = readManifestValue({ providers: { mine: { type, ...more } }, ai_routes })
  return compileManifest(manifest!).connections.get('mine')!
}

describe.each(listed)('the list of %s', (id) => {
  const { source, checked, models } = knownModelsOf(connect(id))!

  it('says where it is from and when', () => {
    expect(source).toMatch(/^https:\/\//)
    expect(checked).toMatch(/^2026-\d\d-\d\d$/)
  })

  it('has days that exist, and names without surprises', () => {
    expect(models.size).toBeGreaterThan(0)
    for (const [name, { retires }] of models) {
      expect(name).toMatch(/^[a-z0-9.-]+$/)
      if (retires !== null) expect(new Date(retires).toISOString().slice(0, 10)).toBe(retires)
    }
  })

  it('replaces nothing by something that went before it', () => {
    for (const [name, { retires, replacement }] of models) {
      const end = replacement === null ? null : (models.get(replacement)?.retires ?? null)
      if (retires === null || end === null) continue
      expect([name, end >= retires]).toEqual([name, true])
    }
  })
})

it('says nothing of the same names at other addresses, or of vendors that are not listed', () => {
  expect(findKnownModel(connect('openai'), 'gpt-4')).toMatchObject({ retires: '2026-10-23' })
  expect(findKnownModel(connect('openai', { base_url: 'https://proxy.example/v1' }), 'gpt-4')).toBeNull()
  expect(knownModelsOf(connect('together'))).toBeNull()
})

it('knows which models still answer on a day', () => {
  const known = knownModelsOf(connect('gemini'))!
  expect(currentModels(known, Date.parse('2026-11-30'))).toContain('gemini-2.5-pro')
  expect(currentModels(known, Date.parse('2026-12-01'))).not.toContain('gemini-2.5-pro')
})

it('names the replacement of a replacement that went too', () => {
  expect(findKnownModel(connect('openai'), 'o1-mini')?.replacement).toBe('gpt-5.6-terra')
  expect(findKnownModel(connect('openai'), 'gpt-5.5')?.replacement).toBeNull()
})
