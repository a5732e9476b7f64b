import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const find = async (key: string) =>
  await findings(
    'unused-model-facts',
    manifest(
      '- {name: r, match: {model: m}, targets: [{provider: eu, model: gpt-5.5}]}',
      `providers:\n  eu: {type: openai, base_url: "https://eu.example/v1"}\nmodels:\n  ${key}: {context_window: 1}\nquotas:\n  - {name: q, scope: everyone, limits: [{requests: 1, per: day}], on_exceeded: cheaper_model, cheaper_model: openai/small}\n`,
    ),
  )

describe('unused-model-facts', () => {
  it('guesses what was meant', async () => {
    expect(await find('eu/gpt-55')).toEqual([
      '4 «eu/gpt-55» no route uses `eu/gpt-55`: its price and context window count for nothing; did you mean `eu/gpt-5.5`?',
    ])
    expect((await find('groq/llama'))[0]).toContain('write the name as in the target')
  })

  it.each(['eu/gpt-5.5', 'openai/gpt-5.5', 'openai/small'])('not: %s', async (key) => {
    expect(await find(key)).toEqual([])
  })
})
