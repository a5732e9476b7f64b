import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const find = async (models: string) =>
  await findings(
    'redundant-pattern',
    manifest(`- {name: r, match: {model: ${models}}, targets: [{provider: openai, model: m}]}`),
  )

describe('redundant-pattern', () => {
  it('stands at the pattern that adds nothing', async () => {
    expect(await find("['gpt-*', gpt-5.5]")).toEqual([
      '2 «gpt-5.5» `gpt-5.5` adds nothing to route `r`: `gpt-*` in the same list matches it; take `gpt-5.5` out of the list',
    ])
  })

  it.each([
    ["[gpt-5.5, 'gpt-*', 'gpt-5*']", 2],
    ['[a, b, a]', 1],
    ["['a**', 'a*']", 1],
    ["['a*', 'a?*']", 1],
  ])('%s', async (models, amount) => {
    expect(await find(models)).toHaveLength(amount)
  })

  it.each(["['a*', 'b*']", "'a*'", '[a, b]', "['a?', 'a']", "['*-mini', 'gpt-*']"])('not: %s', async (models) => {
    expect(await find(models)).toEqual([])
  })
})
