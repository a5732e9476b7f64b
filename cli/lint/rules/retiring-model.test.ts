import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const find = async (candidate: string, nowMs?: number) =>
  await findings(
    'retiring-model',
    manifest(
      `- {name: r, match: {model: m}, targets: [{provider: openai, model: gpt-5.5}], fallback: ${candidate}}`,
      top,
    ),
    nowMs === undefined ? {} : { nowMs },
  )
const top = 'providers:\n  proxied: {type: anthropic, base_url: "https://proxy.example"}\n'

describe('retiring-model', () => {
  it('counts the days', async () => {
    expect(await find('openai/gpt-4o-mini')).toEqual([
      '4 «openai/gpt-4o-mini» OpenAI will retire `gpt-4o-mini` on 2027-01-14, in 52 days; try `gpt-6-luna` before that ' +
        '(https://developers.openai.com/api/docs/deprecations, read 2026-11-23)',
    ])
    expect((await find('openai/gpt-4o-mini', Date.parse('2027-01-13T12:00:00Z')))[0]).toContain('in 1 day;')
  })

  it.each([
    ['gone already', 'openai/gpt-4', undefined],
    ['gone on that day', 'openai/gpt-4o-mini', Date.parse('2027-01-14')],
    ['too far away', 'openai/gpt-4o-mini', Date.parse('2026-06-01')],
    ['nothing is announced', 'anthropic/claude-haiku-4-5', undefined],
    ['another address', 'proxied/claude-sonnet-4-5', undefined],
  ])('not: %s', async (_what, candidate, nowMs) => {
    expect(await find(candidate, nowMs)).toEqual([])
  })
})
