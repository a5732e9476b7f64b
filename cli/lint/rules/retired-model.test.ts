import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const find = async (candidate: string, nowMs?: number) =>
  await findings(
    'retired-model',
    manifest(
      `- {name: r, match: {model: m}, targets: [{provider: openai, model: gpt-5.5}], fallback: ${candidate}}`,
      top,
    ),
    nowMs === undefined ? {} : { nowMs },
  )
const top = 'providers:\n  proxied: {type: anthropic, base_url: "https://proxy.example"}\n'

describe('retired-model', () => {
  it('says since when, what instead, and who says so', async () => {
    expect(await find('anthropic/claude-3-5-haiku-20241022')).toEqual([
      '4 «anthropic/claude-3-5-haiku-20241022» `claude-3-5-haiku-20241022` was retired by Anthropic on 2026-02-19: every request to it fails; use ' +
        '`claude-haiku-4-5` (https://platform.claude.com/docs/en/about-claude/model-deprecations, read 2026-11-23)',
    ])
  })

  it('stands at the model of a target', async () => {
    const text = manifest('- {name: r, match: {model: m}, targets: [{provider: openai, model: gpt-4}]}')
    expect((await findings('retired-model', text))[0]).toMatch(/^2 «gpt-4» `gpt-4` was retired by OpenAI on 2026-10-23/)
  })

  it('begins on the day', async () => {
    const model = 'anthropic/claude-sonnet-4-5'
    expect(await find(model, Date.parse('2026-11-29T23:59:59Z'))).toEqual([])
    expect(await find(model, Date.parse('2026-11-30T00:00:00Z'))).toHaveLength(1)
  })

  it.each(['anthropic/claude-haiku-4-5', 'proxied/claude-2.1', 'vllm/claude-2.1'])('not: %s', async (candidate) => {
    expect(await find(candidate)).toEqual([])
  })
})
