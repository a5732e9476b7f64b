import { describe, expect, it } from 'vitest'
import { findings, lint, manifest } from '../testing/lint.ts'

const find = async (candidate: string, nowMs?: number) =>
  await findings(
    'unknown-model',
    manifest(
      `- {name: r, match: {model: m}, targets: [{provider: openai, model: gpt-5.5}], fallback: ${candidate}}`,
      top,
    ),
    nowMs === undefined ? {} : { nowMs },
  )
const top = 'providers:\n  proxied: {type: anthropic, base_url: "https://proxy.example"}\n'

describe('unknown-model', () => {
  it('guesses what was meant, among those that still answer', async () => {
    expect(await find('anthropic/claude-haiku-4.5')).toEqual([
      '4 «anthropic/claude-haiku-4.5» Anthropic had no model `claude-haiku-4.5` when this list was made (2026-11-23); did you mean ' +
        '`claude-haiku-4-5`?',
    ])
    expect((await find('openai/davinci-xl'))[0]).toContain('check its spelling; if it came out later, all is well')
  })

  it('is a note and no more', async () => {
    const { diagnostics } = await lint(
      manifest('- {name: r, match: {model: m}, targets: [{provider: openai, model: gpt-99}]}'),
    )
    expect(diagnostics.find(({ code }) => code === 'unknown-model')?.severity).toBe('info')
  })

  it.each([
    'anthropic/claude-haiku-4-5',
    'openai/gpt-4',
    'openai/ft:gpt-4o-mini:acme::abc',
    'proxied/claude-x',
    'mistral/mistral-next',
    'vllm/anything',
  ])('not: %s', async (candidate) => {
    expect(await find(candidate)).toEqual([])
  })
})
